package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"tramsync/sync/wire"
)

// jsonFile is a JSON document being read.
type jsonFile struct {
	text    text
	base    int64 // of the reader's offsets in the text
	dec     *json.Decoder
	left    *budget
	mapping *mapping
	each    func(*Record) error
	index   int
	found   bool
}

// decodeJSON reads an array of objects: the whole document, its member "data", or the member that the feed names.
// Numbers stay as they are written.
func decodeJSON(src Source, s Settings, each func(*Record) error) error {
	t, err := openText(src)
	if err != nil {
		return err
	}
	in, base, err := t.reader()
	if err != nil {
		return err
	}
	j := &jsonFile{text: t, base: base, left: &budget{in: in}, mapping: newMapping(s), each: each}
	j.dec = json.NewDecoder(j.left)
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
	if _, err := j.token(); !errors.Is(err, io.EOF) {
		return j.fault(err)
	}
	return nil
}

// token is the next token.
func (j *jsonFile) token() (json.Token, error) {
	j.left.grant(maxRow)
	return j.dec.Token()
}

// find walks to the list of rows. auto: the document itself, or its member data.
func (j *jsonFile) find(path []string, auto bool) error {
	tok, err := j.token()
	if err != nil {
		return j.fault(err)
	}
	switch {
	case tok == json.Delim('[') && len(path) == 0:
		j.found = true
		return j.rows()
	case tok != json.Delim('{'):
		return j.skipOpen(tok)
	case auto:
		path = []string{"data"}
	}
	for j.dec.More() {
		name, err := j.token()
		if err != nil {
			return j.fault(err)
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

func (j *jsonFile) skip() error {
	tok, err := j.token()
	if err != nil {
		return j.fault(err)
	}
	return j.skipOpen(tok)
}

// skipOpen goes past a value whose first token was read.
func (j *jsonFile) skipOpen(tok json.Token) error {
	for depth := change(tok); depth > 0; {
		next, err := j.token()
		if err != nil {
			return j.fault(err)
		}
		depth += change(next)
	}
	return nil
}

// change says by how much a token changes the depth.
func change(tok json.Token) int {
	switch tok {
	case json.Delim('['), json.Delim('{'):
		return 1
	case json.Delim(']'), json.Delim('}'):
		return -1
	}
	return 0
}

func (j *jsonFile) end() error {
	if _, err := j.token(); err != nil {
		return j.fault(err)
	}
	return nil
}

func (j *jsonFile) rows() error {
	for j.dec.More() {
		j.index++
		var raw json.RawMessage
		j.left.grant(maxRow)
		if err := j.dec.Decode(&raw); err != nil {
			return j.fault(err)
		}
		if len(raw) > maxRow {
			return j.rowFault(raw, "row-size")
		}
		if !utf8.Valid(raw) {
			return j.rowFault(raw, "encoding")
		}
		rec, err := j.record(raw)
		if err != nil {
			return err
		}
		if rec == nil {
			continue
		}
		if err := j.each(rec); err != nil {
			return err
		}
	}
	err := j.end()
	j.index = 0
	return err
}

// record reads one object in the order of its members: strings as they are, other values as they are written, null as
// nothing. An object without members, or with a running number alone, gives none.
func (j *jsonFile) record(raw json.RawMessage) (*Record, error) {
	names, values, ok := members(raw)
	if !ok {
		return nil, j.rowFault(raw, "row-object")
	}
	if len(names) == 0 {
		return nil, nil
	}
	header := j.mapping.header(names)
	if !j.mapping.hasKey(header) {
		err := j.rowFault(raw, "column")
		err.Field = j.mapping.settings.Key[0]
		return nil, err
	}
	row := make(map[string]string, len(names))
	for i, name := range header {
		put(row, name, scalar(values[i]))
	}
	if len(row) == 0 {
		return nil, nil
	}
	return j.mapping.record(row, wire.Origin{Index: j.index}), nil
}

// members takes an object apart.
func members(raw json.RawMessage) (names []string, values []json.RawMessage, ok bool) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if tok, err := dec.Token(); err != nil || tok != json.Delim('{') {
		return nil, nil, false
	}
	for dec.More() {
		tok, err := dec.Token()
		name, isName := tok.(string)
		var value json.RawMessage
		if err != nil || !isName || dec.Decode(&value) != nil || len(value) == 0 {
			return nil, nil, false
		}
		names, values = append(names, name), append(values, value)
	}
	return names, values, true
}

func scalar(value json.RawMessage) string {
	var s string
	switch {
	case bytes.Equal(value, []byte("null")):
		return ""
	case value[0] == '"' && json.Unmarshal(value, &s) == nil:
		return s
	}
	var b bytes.Buffer
	if json.Compact(&b, value) != nil {
		return string(value)
	}
	return b.String()
}

// rowFault is about the row just read.
func (j *jsonFile) rowFault(raw json.RawMessage, code string) *FormatError {
	at := j.base + j.dec.InputOffset() - int64(len(raw))
	return &FormatError{Code: code, Row: j.index, Line: countLines(j.text, at), Offset: at}
}

// fault names the place; a cut-off document gets its own words. The decoder's own offsets count from the value's
// beginning or not, hence the second look.
func (j *jsonFile) fault(err error) error {
	at := j.base + j.dec.InputOffset()
	out := &FormatError{Code: "json-malformed", Row: j.index}
	var se *json.SyntaxError
	switch {
	case err == nil: // something behind the end
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		out.Code, at = "json-truncated", j.text.size
	case errors.Is(err, errBudget):
		out.Code = "row-size"
	case errors.As(err, &se):
		var raw json.RawMessage
		rest := io.NewSectionReader(j.text, at, min(j.text.size-at, maxRow))
		if errors.As(json.NewDecoder(rest).Decode(&raw), &se) {
			at += se.Offset
		}
	default:
		return readFault(err)
	}
	out.Line, out.Offset = countLines(j.text, at), at
	return out
}
