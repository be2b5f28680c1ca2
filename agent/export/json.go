package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"tramsync/sync/wire"
)

func readFault(err error) error { return fmt.Errorf("read export: %w", err) }

// decodeJSON reads an array of objects: the whole document, its member "data", or the member that the feed names. Numbers stay as they are written.
func decodeJSON(src Source, s Settings, each func(*Record) error) error {
	t, err := openText(src)
	if err != nil {
		return err
	}
	buf := bufio.NewReader(io.NewSectionReader(t, 0, t.size))
	if mark, err := buf.Peek(3); err == nil && string(mark) == "\ufeff" {
		if _, err := buf.Discard(3); err != nil {
			return readFault(err)
		}
	}
	j := &jsonReader{src: t, dec: json.NewDecoder(buf), mapping: newMapping(s), each: each}
	j.dec.UseNumber()
	var path []string
	if s.Records != "" {
		path = strings.Split(s.Records, ".")
	}
	if err := j.find(path, s.Records == ""); err != nil {
		return err
	}
	if !j.found {
		return &FormatError{Code: "no-rows"}
	}
	if _, err := j.dec.Token(); !errors.Is(err, io.EOF) {
		return j.fault(err, "json-malformed")
	}
	return nil
}

type jsonReader struct {
	src     io.ReaderAt
	dec     *json.Decoder
	mapping *mapping
	each    func(*Record) error
	index   int
	found   bool
}

// find walks to the list of rows. auto: the document itself, or its member data.
func (j *jsonReader) find(path []string, auto bool) error {
	tok, err := j.dec.Token()
	if err != nil {
		return j.fault(err, "json-malformed")
	}
	switch {
	case tok == json.Delim('[') && len(path) == 0:
		j.found = true
		return j.rows()
	case tok != json.Delim('{'):
		return j.skipOpen(tok)
	case auto && len(path) == 0:
		path = []string{"data"}
	}
	for j.dec.More() {
		name, err := j.dec.Token()
		if err != nil {
			return j.fault(err, "json-malformed")
		}
		if len(path) > 0 && name == path[0] && !j.found {
			err = j.find(path[1:], false)
		} else {
			err = j.skip()
		}
		if err != nil {
			return err
		}
	}
	return j.end()
}

// skipOpen goes past a value whose first token was read.
func (j *jsonReader) skipOpen(tok json.Token) error {
	if _, ok := tok.(json.Delim); !ok {
		return nil
	}
	for depth := 1; depth > 0; {
		tok, err := j.dec.Token()
		if err != nil {
			return j.fault(err, "json-malformed")
		}
		switch tok {
		case json.Delim('['), json.Delim('{'):
			depth++
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
	}
	return nil
}

func (j *jsonReader) skip() error {
	tok, err := j.dec.Token()
	if err != nil {
		return j.fault(err, "json-malformed")
	}
	return j.skipOpen(tok)
}

func (j *jsonReader) end() error {
	if _, err := j.dec.Token(); err != nil {
		return j.fault(err, "json-malformed")
	}
	return nil
}

func (j *jsonReader) rows() error {
	for j.dec.More() {
		j.index++
		start := j.dec.InputOffset()
		var raw json.RawMessage
		if err := j.dec.Decode(&raw); err != nil {
			return j.fault(err, "json-malformed")
		}
		if len(raw) > maxRow {
			return j.rowFault(start, "row-size")
		}
		if !utf8.Valid(raw) {
			return j.rowFault(start, "encoding")
		}
		row, err := j.row(raw)
		if err != nil {
			return err
		}
		if len(row) == 0 {
			continue
		}
		if err := j.each(j.mapping.record(row, wire.Origin{Index: j.index})); err != nil {
			return err
		}
	}
	return j.end()
}

// row reads one object in the order of its members: strings as they are, other values as they are written, null as nothing.
func (j *jsonReader) row(raw json.RawMessage) (map[string]string, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if tok, err := dec.Token(); err != nil || tok != json.Delim('{') {
		return nil, j.rowFault(j.dec.InputOffset(), "row-object")
	}
	var names []string
	var values []string
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, readFault(err)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, readFault(err)
		}
		names, values = append(names, name.(string)), append(values, scalar(value))
	}
	header := j.mapping.header(names)
	if err := j.mapping.missingKey(header, true); err != nil {
		return nil, err
	}
	row := make(map[string]string, len(names))
	for i, name := range header {
		if name != "" {
			row[name] = values[i]
		}
	}
	return row, nil
}

func scalar(value json.RawMessage) string {
	var s string
	switch {
	case bytes.Equal(value, []byte("null")):
		return ""
	case len(value) > 0 && value[0] == '"' && json.Unmarshal(value, &s) == nil:
		return s
	}
	var b bytes.Buffer
	if json.Compact(&b, value) != nil {
		return string(value)
	}
	return b.String()
}

func (j *jsonReader) rowFault(start int64, code string) error {
	return &FormatError{Code: code, Row: j.index, Line: j.line(start), Offset: start}
}

// fault names the place; a cut-off document gets its own words.
func (j *jsonReader) fault(err error, code string) error {
	at := j.dec.InputOffset()
	var se *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		code = "json-truncated"
	case errors.As(err, &se):
		at = se.Offset
	case err != nil && !errors.As(err, &se):
		var te *json.UnmarshalTypeError
		if !errors.As(err, &te) {
			return readFault(err)
		}
	}
	return &FormatError{Code: code, Line: j.line(at), Offset: at}
}

// line counts the lines before an offset; only done for an error.
func (j *jsonReader) line(offset int64) int {
	n := 1
	r := bufio.NewReader(io.NewSectionReader(j.src, 0, offset))
	for {
		b, err := r.ReadByte()
		if err != nil {
			return n
		}
		if b == '\n' {
			n++
		}
	}
}
