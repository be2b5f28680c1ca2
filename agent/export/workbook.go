package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"tramsync/agent/export/xlsx"
	"tramsync/sync/wire"
)

// decodeXLSX reads what Excel opens: workbooks, and pages of HTML that are called .xls.
func decodeXLSX(src Source, s Settings, each func(*Record) error) error {
	magic, err := readRange(src, 0, min(2, src.Size()))
	if err != nil {
		return err
	}
	if string(magic) == "PK" || string(magic) == "\xd0\xcf" {
		return decodeWorkbook(src, s, each)
	}
	t, err := openEncoded(src, s.Encoding)
	if err != nil {
		return err
	}
	start, err := t.start()
	if err != nil {
		return err
	}
	if !strings.HasPrefix(start, "<") {
		return &FormatError{Code: xlsx.NotZip}
	}
	return decodeHTML(t, start, s, each)
}

func decodeWorkbook(src Source, s Settings, each func(*Record) error) error {
	book, err := xlsx.Open(src, src.Size())
	if err != nil {
		return workbookFault(err)
	}
	tables, err := sheetsOf(book, s.Sheet)
	if err != nil {
		return err
	}
	return decodeTables(tables, newMapping(s), each)
}

// start is the beginning of a text, without white space before it.
func (t encodedText) start() (string, error) {
	in, err := t.reader()
	if err != nil {
		return "", err
	}
	head, err := bufio.NewReaderSize(in, 4096).Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", readFault(err)
	}
	return strings.TrimLeft(string(head), "\ufeff \t\r\n"), nil
}

// sheetsOf are the sheets to read: those that the feed names, else all that are shown. What is hidden is mostly lists
// to choose from.
func sheetsOf(book *xlsx.Workbook, wanted string) ([]table, error) {
	match := func(xlsx.Sheet) bool { return true }
	if expr, ok := strings.CutPrefix(wanted, "/"); ok && len(expr) > 1 && strings.HasSuffix(expr, "/") {
		re, err := regexp.Compile(strings.TrimSuffix(expr, "/"))
		if err != nil {
			return nil, fmt.Errorf("read sheets: the feed's expression: %w", err)
		}
		match = func(s xlsx.Sheet) bool { return re.MatchString(s.Name) }
	} else if wanted != "" {
		wanted = strings.TrimSpace(wanted)
		match = func(s xlsx.Sheet) bool { return strings.EqualFold(strings.TrimSpace(s.Name), wanted) }
	}
	var out []table
	for i, sheet := range book.Sheets() {
		if !match(sheet) {
			continue
		}
		out = append(out, table{number: i + 1, sheet: sheet.Name, date1904: book.Date1904,
			titles: []wire.Field{{Name: "SHEET", Value: sheet.Name}}, hidden: sheet.Hidden && wanted == "",
			lines: func(yield func(line, error) bool) {
				for row, err := range book.Rows(i) {
					if err != nil {
						err = workbookFault(err)
					}
					if !yield(line{number: row.Number, cells: row.Cells}, err) {
						return
					}
				}
			}})
	}
	if len(out) == 0 {
		return nil, &FormatError{Code: "sheet"}
	}
	return out, nil
}

// workbookFault makes a fault of the file of a workbook's; a disk's errors stay.
func workbookFault(err error) error {
	var e *xlsx.Error
	if !errors.As(err, &e) {
		return readFault(err)
	}
	out := &FormatError{Code: e.Code, Line: e.Row}
	out.Document = place("sheet", e.Sheet)
	return out
}
