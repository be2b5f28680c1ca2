package export

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"tramsync/agent/export/xlsx"
)

// csvFile is a list as text.
type csvFile struct {
	encodedText
	comma rune
}

// decodeCSV reads rows under a header line.
func decodeCSV(src Source, s Settings, each func(*Record) error) error {
	t, err := openEncoded(src, s.Encoding)
	if err != nil {
		return err
	}
	in, err := t.reader()
	if err != nil {
		return err
	}
	start, err := bufio.NewReaderSize(in, readAhead).Peek(readAhead)
	if err != nil && !errors.Is(err, io.EOF) {
		return readFault(err)
	}
	m := newMapping(s)
	c := csvFile{encodedText: t, comma: m.separator(start)}
	return decodeTables([]table{{lines: c.lines, strict: true}}, m, each)
}

// lines reads the file from its beginning.
func (c csvFile) lines(yield func(line, error) bool) {
	in, err := c.reader()
	if err != nil {
		yield(line{}, err)
		return
	}
	left := &budget{in: in}
	left.grant(maxRow)
	r := csv.NewReader(bufio.NewReaderSize(left, readAhead))
	r.Comma = c.comma
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	var ln line
	for {
		left.grant(maxRow)
		values, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err == nil {
			ln.number, _ = r.FieldPos(0)
			ln.cells, err = textCells(ln.cells[:0], values, ln.number)
		} else {
			err = csvFault(r, err)
		}
		if !yield(ln, err) || err != nil {
			return
		}
	}
}

func textCells(cells []xlsx.Cell, values []string, number int) ([]xlsx.Cell, error) {
	size := 0
	for _, v := range values {
		if !utf8.ValidString(v) {
			return nil, &FormatError{Code: "encoding", Line: number}
		}
		if size += len(v); size > maxRow {
			return nil, &FormatError{Code: "row-size", Line: number}
		}
		cells = append(cells, xlsx.Cell{Text: v})
	}
	return cells, nil
}

// csvFault says where the reader stopped, without csv's own words, which are English about programs.
func csvFault(r *csv.Reader, err error) error {
	var pe *csv.ParseError
	switch {
	case errors.As(err, &pe):
		return &FormatError{Code: "quote", Line: pe.StartLine, Offset: r.InputOffset()}
	case errors.Is(err, errBudget):
		return &FormatError{Code: "row-size", Offset: r.InputOffset()}
	default:
		return readFault(err)
	}
}

// separator is the one of ; , and tab that gives the most of the feed's columns in one of the first lines; when that
// says nothing, the one that the first line with any of them has most of. Excel's own sep= line decides it.
func (m *mapping) separator(start []byte) rune {
	if rest, ok := bytes.CutPrefix(start, []byte("sep=")); ok && bytes.ContainsAny(rest[:min(1, len(rest))], ";,\t") {
		return rune(rest[0])
	}
	best, known, most := ';', 0, 0
	for n := 0; n < maxAbove && len(start) > 0; n++ {
		var ln []byte
		ln, start, _ = bytes.Cut(start, []byte("\n"))
		first := most == 0
		for _, sep := range ";,\t" {
			cells := strings.Split(string(ln), string(sep))
			k := m.known(header{columns: m.canonical(unquoted(cells))})
			if k > known || k == known && first && len(cells)-1 > most {
				best, known, most = sep, k, max(most, len(cells)-1)
			}
		}
	}
	return best
}

func unquoted(cells []string) []string {
	for i, c := range cells {
		cells[i] = strings.Trim(strings.TrimSpace(c), `"`)
	}
	return cells
}

// encodedText is a file as UTF-8, whatever it was in.
type encodedText struct {
	text
	decoder func() transform.Transformer // nil: it is UTF-8
}

// openEncoded finds out a text's encoding. A byte order mark says more than the configuration, which may be about other
// files of the folder.
func openEncoded(src Source, encoding string) (encodedText, error) {
	t, err := openText(src)
	if err != nil {
		return encodedText{}, err
	}
	out := encodedText{text: t}
	if encoding == "utf-16" && t.encoding == "" {
		return out, &FormatError{Code: "encoding"}
	}
	in, mark, err := t.reader()
	if err != nil || mark > 0 || t.encoding != "" {
		return out, err
	}
	if encoding == "auto" || encoding == "" {
		valid, err := isUTF8(in)
		if err != nil {
			return out, readFault(err)
		}
		if !valid {
			encoding = "windows-1258"
		}
	}
	switch encoding {
	case "windows-1258":
		out.decoder = func() transform.Transformer {
			return transform.Chain(charmap.Windows1258.NewDecoder(), norm.NFC)
		}
	case "tcvn3":
		out.decoder = func() transform.Transformer { return transform.Chain(tcvn3{}, norm.NFC) }
	}
	return out, nil
}

// reader reads the text from its beginning.
func (t encodedText) reader() (io.Reader, error) {
	in, _, err := t.text.reader()
	if err == nil && t.decoder != nil {
		in = transform.NewReader(in, t.decoder())
	}
	return in, err
}

func isUTF8(in io.Reader) (bool, error) {
	buf := bufio.NewReader(in)
	for {
		r, n, err := buf.ReadRune()
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		if r == utf8.RuneError && n == 1 {
			return false, nil
		}
	}
}
