package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"tramsync/sync/wire"
)

// jsonFile is a JSON document being read, or several of them one behind the other.
type jsonFile struct {
	text    text
	base    int64 // of the reader's offsets in the text
	dec     *json.Decoder
	left    *budget
	mapping *mapping
	each    func(*Record) error
	path    []string // to the list of rows
	looking bool     // the first of two walks, which notes what stands around the rows and gives none
	around  []wire.Field
	lists   int // of rows, found so far
	count   int // rows so far
	index   int // the row being read, else 0
}

// decodeJSON reads an array of objects: the whole document, its member "data", or the member that the feed names; or
// objects one behind the other, of which each is a row, or holds such an array. Numbers stay as they are written.
func decodeJSON(src Source, s Settings, each func(*Record) error) error {
	t, err := openText(src)
	if err != nil {
		return err
	}
	j := &jsonFile{text: t, mapping: newMapping(s), each: each, path: []string{"data"}}
	if s.Records != "" {
		j.path = strings.Split(s.Records, ".")
	}
	shape, _, err := j.shape()
	if err != nil {
		return err
	}
	read := j.walk
	switch {
	case shape == jsonRows:
		read = j.lines
	case shape == jsonArray && s.Records == "":
		j.path = nil
	}
	for _, j.looking = range []bool{true, false} {
		j.mapping.surveyed = !j.looking
		if err := read(); err != nil {
			return err
		}
	}
	return nil
}

func (j *jsonFile) start() error {
	in, base, err := j.text.reader()
	if err != nil {
		return err
	}
	j.base, j.left = base, &budget{in: in}
	j.dec = json.NewDecoder(j.left)
	j.dec.UseNumber()
	j.lists, j.count, j.index = 0, 0, 0
	return nil
}

// token is the next token.
func (j *jsonFile) token() (json.Token, error) {
	j.left.grant(maxRow)
	return j.dec.Token()
}

// more reports whether an array, an object or the text goes on.
func (j *jsonFile) more() bool {
	j.left.grant(maxRow)
	return j.dec.More()
}

// walk goes through the whole text. Every document in it must have its list.
func (j *jsonFile) walk() error {
	if err := j.start(); err != nil {
		return err
	}
	for first := true; ; first = false {
		tok, err := j.token()
		if errors.Is(err, io.EOF) && !first {
			return nil
		}
		if err != nil || !first && (len(j.path) == 0 || tok != json.Delim('{')) {
			return j.fault(err)
		}
		lists := j.lists
		if err := j.value(tok, jsonPlace{path: j.path, onPath: true}); err != nil {
			return err
		}
		if j.lists == lists {
			return &FormatError{Code: "no-rows"}
		}
	}
}

// jsonPlace is where in a document the walk is.
type jsonPlace struct {
	name   string   // of the member
	path   []string // from here to the list
	onPath bool
	depth  int
}

func (p jsonPlace) member(name string) jsonPlace {
	out := jsonPlace{name: name, depth: p.depth + 1}
	// Interfaces that shout their names say DATA.
	if p.onPath && len(p.path) > 0 && (name == p.path[0] || p.path[0] == "data" && strings.EqualFold(name, "data")) {
		out.onPath, out.path = true, p.path[1:]
	}
	return out
}

// value goes through a value whose first token was read: to the rows where they are, and past all else.
func (j *jsonFile) value(tok json.Token, at jsonPlace) error {
	if at.depth > maxDepth {
		return j.placeFault("json-limit")
	}
	switch {
	case tok == json.Delim('[') && at.onPath && len(at.path) == 0:
		j.lists++
		if err := j.rows(); err != nil {
			return err
		}
	case tok == json.Delim('['):
		for j.more() {
			if err := j.next(jsonPlace{name: at.name, depth: at.depth + 1}); err != nil {
				return err
			}
		}
	case tok == json.Delim('{'):
		for j.more() {
			name, err := j.token()
			if err != nil {
				return j.fault(err)
			}
			if err := j.next(at.member(fmt.Sprint(name))); err != nil {
				return err
			}
		}
	default:
		return j.note(at.name, tok)
	}
	if _, err := j.token(); err != nil {
		return j.fault(err)
	}
	return nil
}

func (j *jsonFile) next(at jsonPlace) error {
	tok, err := j.token()
	if err != nil {
		return j.fault(err)
	}
	return j.value(tok, at)
}

// note remembers what stands around the rows, for screening.
func (j *jsonFile) note(name string, value json.Token) error {
	if !j.looking || value == nil {
		return nil
	}
	if len(j.around) >= maxNoted {
		return j.placeFault("outside")
	}
	j.around = append(j.around, wire.Field{Name: name, Value: fmt.Sprint(value)})
	return nil
}

// rows reads up to the end of an array.
func (j *jsonFile) rows() error {
	for j.more() {
		j.count++
		j.index = j.count
		var raw json.RawMessage
		j.left.grant(maxRow)
		if err := j.dec.Decode(&raw); err != nil {
			return j.fault(err)
		}
		rec, err := j.record(raw)
		if err != nil {
			return err
		}
		if rec == nil || j.looking {
			continue
		}
		rec.Around = j.around
		if err := j.each(rec); err != nil {
			return err
		}
	}
	j.index = 0
	return nil
}

// lines reads rows that stand one behind the other.
func (j *jsonFile) lines() error {
	if err := j.start(); err != nil {
		return err
	}
	if err := j.rows(); err != nil {
		return err
	}
	if _, err := j.token(); !errors.Is(err, io.EOF) {
		return j.fault(err)
	}
	return nil
}

// placeFault is about the place that was reached.
func (j *jsonFile) placeFault(code string) error {
	at := j.base + j.dec.InputOffset()
	return &FormatError{Code: code, Line: countLines(j.text, at), Offset: at}
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

// jsonShape is how a file's rows stand in it.
type jsonShape int

const (
	jsonInside jsonShape = iota // in a list that is a member
	jsonArray
	jsonRows // each document is a row
)

// shape looks at the first document, and gives it unless it is longer than a row can be.
func (j *jsonFile) shape() (jsonShape, json.RawMessage, error) {
	in, base, err := j.text.reader()
	if err != nil {
		return jsonInside, nil, err
	}
	left := &budget{in: in}
	left.grant(maxRow)
	dec := json.NewDecoder(left)
	var first json.RawMessage
	var se *json.SyntaxError
	err = dec.Decode(&first)
	switch {
	case errors.As(err, &se), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, errBudget):
		first, err = readRange(j.text, base, min(base+maxLook, j.text.size))
		if bytes.HasPrefix(bytes.TrimLeft(first, " \t\r\n"), []byte("[")) {
			return jsonArray, nil, err
		}
		return jsonInside, nil, err
	case err != nil:
		return jsonInside, nil, readFault(err)
	case first[0] == '[':
		return jsonArray, nil, nil
	}
	if more, err := dec.Token(); j.mapping.isRow(first, err == nil && more == json.Delim('{')) {
		return jsonRows, first, nil
	}
	return jsonInside, first, nil
}
