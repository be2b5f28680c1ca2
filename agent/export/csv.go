package export

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"tramsync/sync/wire"
)

// csvFile is a list being read.
type csvFile struct {
	r       *csv.Reader
	left    *budget
	mapping *mapping
	header  []string
}

// decodeCSV reads rows under a header line. The separator is the one of ; , and tab that the header has most of.
func decodeCSV(src Source, s Settings, each func(*Record) error) error {
	in, err := openCSV(src, s.Encoding)
	if err != nil {
		return err
	}
	c := csvFile{left: &budget{in: in}, mapping: newMapping(s)}
	c.left.grant(maxRow)
	buf := bufio.NewReaderSize(c.left, readAhead)
	first, err := buf.Peek(buf.Size())
	if err != nil && err != io.EOF {
		return readFault(err)
	}
	c.r = csv.NewReader(buf)
	c.r.Comma = separator(first)
	c.r.FieldsPerRecord, c.r.ReuseRecord = -1, true
	if err := c.readHeader(); err != nil {
		return err
	}
	for {
		rec, err := c.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if rec == nil {
			continue
		}
		if err := each(rec); err != nil {
			return err
		}
	}
}

func (c *csvFile) readHeader() error {
	names, err := c.r.Read()
	if errors.Is(err, io.EOF) {
		return &FormatError{Code: "header"}
	}
	if err != nil {
		return c.fault(err)
	}
	line, _ := c.r.FieldPos(0)
	if slices.ContainsFunc(names, func(n string) bool { return !utf8.ValidString(n) }) {
		return &FormatError{Code: "encoding", Line: line}
	}
	c.header = c.mapping.header(names)
	if k := c.mapping.missingKey(c.header); k != "" {
		return &FormatError{Code: "column", Field: k, Line: line}
	}
	return nil
}

// next makes a record of the next line; one without any value, or with a running number alone, gives none.
func (c *csvFile) next() (*Record, error) {
	c.left.grant(maxRow)
	values, err := c.r.Read()
	if errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	if err != nil {
		return nil, c.fault(err)
	}
	line, _ := c.r.FieldPos(0)
	row := make(map[string]string, len(c.header))
	size, filled := 0, false
	for i, v := range values {
		if !utf8.ValidString(v) {
			return nil, &FormatError{Code: "encoding", Line: line}
		}
		if size += len(v); size > maxRow {
			return nil, &FormatError{Code: "row-size", Line: line}
		}
		full := strings.TrimSpace(v) != ""
		switch {
		case i < len(c.header):
			put(row, c.header[i], v)
			filled = filled || full && c.header[i] != ""
		case full:
			return nil, &FormatError{Code: "row-long", Line: line}
		}
	}
	if !filled {
		return nil, nil
	}
	rec := c.mapping.record(row, wire.Origin{Line: line})
	if len(values) < len(c.header) {
		rec.Findings = append(rec.Findings, wire.Finding{Code: "row-short", At: "row"})
	}
	return rec, nil
}

// fault says where the reader stopped, without csv's own words, which are English about programs.
func (c *csvFile) fault(err error) error {
	var pe *csv.ParseError
	switch {
	case errors.As(err, &pe):
		return &FormatError{Code: "quote", Line: pe.StartLine, Offset: c.r.InputOffset()}
	case errors.Is(err, errBudget):
		return &FormatError{Code: "row-size", Offset: c.r.InputOffset()}
	default:
		return readFault(err)
	}
}

// openCSV gives the file as UTF-8 without a byte order mark. A mark says more than the configuration, which may be
// about other files of the folder.
func openCSV(src Source, encoding string) (io.Reader, error) {
	t, err := openText(src)
	if err != nil {
		return nil, err
	}
	if encoding == "utf-16" && t.encoding == "" {
		return nil, &FormatError{Code: "encoding"}
	}
	in, mark, err := t.reader()
	if err != nil || mark > 0 || t.encoding != "" {
		return in, err
	}
	if encoding == "auto" || encoding == "" {
		valid, err := isUTF8(in)
		if err != nil {
			return nil, readFault(err)
		}
		if in, _, err = t.reader(); err != nil || valid {
			return in, err
		}
		encoding = "windows-1258"
	}
	if encoding == "windows-1258" {
		return transform.NewReader(in, transform.Chain(charmap.Windows1258.NewDecoder(), norm.NFC)), nil
	}
	return in, nil
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

func separator(head []byte) rune {
	if i := bytes.IndexByte(head, '\n'); i >= 0 {
		head = head[:i]
	}
	best, most := ';', 0
	for _, sep := range ";,\t" {
		if n := bytes.Count(head, []byte(string(sep))); n > most {
			best, most = sep, n
		}
	}
	return best
}
