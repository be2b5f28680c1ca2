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

	"tramsync/sync/wire"
)

// decodeCSV reads rows under a header line. The separator is the one of ; , and tab that the header has most of.
func decodeCSV(src Source, s Settings, each func(*Record) error) error {
	in, err := openCSV(src, s.Encoding)
	if err != nil {
		return err
	}
	buf := bufio.NewReaderSize(in, 64<<10)
	first, err := buf.Peek(buf.Size())
	if err != nil && err != io.EOF {
		return readFault(err)
	}
	cr := csv.NewReader(buf)
	cr.Comma = separator(first)
	cr.FieldsPerRecord, cr.ReuseRecord = -1, true
	names, err := cr.Read()
	if err != nil {
		return csvFault(cr, err)
	}
	m := newMapping(s)
	header := m.header(names)
	if err := m.missingKey(header, false); err != nil {
		return err
	}
	for {
		values, err := cr.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return csvFault(cr, err)
		}
		line, _ := cr.FieldPos(0)
		rec, err := csvRecord(m, header, values, line)
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

// csvRecord makes a record of one line; a line without any value gives none.
func csvRecord(m *mapping, header, values []string, line int) (*Record, error) {
	row := make(map[string]string, len(header))
	size, filled := 0, false
	for i, v := range values {
		if !utf8.ValidString(v) {
			return nil, &FormatError{Code: "encoding", Line: line}
		}
		if size += len(v); size > maxRow {
			return nil, &FormatError{Code: "row-size", Line: line}
		}
		filled = filled || strings.TrimSpace(v) != ""
		switch {
		case i >= len(header):
			if v != "" {
				return nil, &FormatError{Code: "row-long", Line: line}
			}
		case header[i] != "":
			row[header[i]] = v
		}
	}
	if !filled {
		return nil, nil
	}
	rec := m.record(row, wire.Origin{Line: line})
	if len(values) < len(header) {
		rec.Findings = append(rec.Findings, wire.Finding{Code: "row-short", At: "row"})
	}
	return rec, nil
}

// openCSV gives the file as UTF-8 without a byte order mark.
func openCSV(src Source, encoding string) (io.Reader, error) {
	t, err := openText(src)
	if err != nil {
		return nil, err
	}
	if encoding == "utf-16" && t.encoding == "" {
		return nil, &FormatError{Code: "encoding"}
	}
	in := io.Reader(io.NewSectionReader(t, 0, t.size))
	if encoding == "auto" || encoding == "" {
		valid, err := isUTF8(in)
		if err != nil {
			return nil, readFault(err)
		}
		in = io.NewSectionReader(t, 0, t.size)
		if !valid {
			encoding = "windows-1258"
		}
	}
	if encoding == "windows-1258" && t.encoding == "" {
		return transform.NewReader(in, transform.Chain(charmap.Windows1258.NewDecoder(), norm.NFC)), nil
	}
	buf := bufio.NewReader(in)
	if mark, err := buf.Peek(3); err == nil && string(mark) == "\ufeff" {
		if _, err := buf.Discard(3); err != nil {
			return nil, readFault(err)
		}
	}
	return buf, nil
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

// csvFault says where the reader stopped, without csv's own words, which are English about programs.
func csvFault(cr *csv.Reader, err error) error {
	var pe *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return &FormatError{Code: "header"}
	case errors.As(err, &pe):
		return &FormatError{Code: "quote", Line: pe.Line, Offset: cr.InputOffset()}
	default:
		return readFault(err)
	}
}
