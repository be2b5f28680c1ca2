package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// isJSON tells JSON objects and arrays from text in brackets ("[2 viên/ngày]").
func isJSON(text []byte) bool {
	text = bytes.TrimLeft(text, whiteSpace)
	if len(text) < 2 {
		return false
	}
	switch next := bytes.TrimLeft(text[1:], whiteSpace); {
	case len(next) == 0:
		return false
	case text[0] == '{':
		return next[0] == '"' || next[0] == '}'
	case text[0] == '[':
		return next[0] == '"' || next[0] == '{' || next[0] == '['
	default:
		return false
	}
}

// jsonRows reads one JSON value, or several one after another, as rows: an object with values in it is a row, called as
// the member that it is the value of, and so are the values of an array. Numbers stay as they are written; null is
// nothing.
func jsonRows(text []byte) ([]TableRow, error) {
	p := jsonParser{dec: json.NewDecoder(bytes.NewReader(text)), open: []jsonLevel{{}}}
	p.dec.UseNumber()
	for {
		tok, err := p.dec.Token()
		if errors.Is(err, io.EOF) && len(p.open) == 1 {
			p.end()
			return p.rows, nil
		}
		if err == nil {
			err = p.token(tok)
		}
		if err != nil {
			return nil, p.fault(text, err)
		}
	}
}

// jsonLevel is an object or array that is open; the lowest is what stands around the value.
type jsonLevel struct {
	element string // what it is the value of
	name    string // of the next value
	object  bool
	named   bool // object: the name was read, the value wasn't
	fields  []Field
}

type jsonParser struct {
	dec   *json.Decoder
	open  []jsonLevel
	rows  []TableRow
	count int
}

var errJSONLimit = errors.New("too many or too deeply nested values")

func (p *jsonParser) token(tok json.Token) error {
	if p.count++; p.count > maxElements {
		return errJSONLimit
	}
	if tok == json.Delim('}') || tok == json.Delim(']') {
		p.end()
		return nil
	}
	top := &p.open[len(p.open)-1]
	if top.object && !top.named {
		top.name, _ = tok.(string)
		top.named = true
		return nil
	}
	top.named = false
	switch t := tok.(type) {
	case json.Delim:
		if len(p.open) > maxDepth {
			return errJSONLimit
		}
		p.open = append(p.open, jsonLevel{element: top.name, name: top.name, object: t == '{'})
	case nil:
	default:
		top.fields = append(top.fields, Field{Name: top.name, Value: fmt.Sprint(t)})
	}
	return nil
}

// end makes a row of the innermost level.
func (p *jsonParser) end() {
	n := len(p.open) - 1
	if l := p.open[n]; len(l.fields) > 0 {
		p.rows = append(p.rows, TableRow{Element: l.element, Fields: l.fields})
	}
	p.open = p.open[:n]
}

// fault is about the place that was reached, in words that hold nothing of the text.
func (p *jsonParser) fault(text []byte, err error) error {
	code := SyntaxJSON
	switch {
	case errors.Is(err, errJSONLimit):
		code = SyntaxLimit
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		code = SyntaxJSONTruncated
	}
	return syntaxAt(text, min(p.dec.InputOffset(), int64(len(text))), code)
}
