package screen

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"tramsync/sync/wire"
)

// members are the fields that a row's value stands for: what is in it when it is a JSON object or array, as the list of
// drugs in a prescription, each under its own name; else the value itself. What has no name of its own gets that of
// what it stands in.
func members(name, value string) []wire.Field {
	itself := []wire.Field{{Name: name, Value: value}}
	value = strings.TrimSpace(value)
	if value == "" || (value[0] != '{' && value[0] != '[') {
		return itself
	}
	dec := json.NewDecoder(strings.NewReader(value))
	dec.UseNumber()
	m := memberReader{open: []level{{name: name}}}
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) && len(m.open) == 1 {
			return m.fields
		}
		if err != nil { // only looked like JSON, as "[2 viên/ngày]" does
			return itself
		}
		m.token(tok)
	}
}

// level is an object or array that is open.
type level struct {
	name   string // of the next value
	object bool
	named  bool // object: the name was read, the value wasn't
}

type memberReader struct {
	open   []level
	fields []wire.Field
}

func (m *memberReader) token(tok json.Token) {
	top := &m.open[len(m.open)-1]
	if tok == json.Delim('}') || tok == json.Delim(']') {
		m.open = m.open[:len(m.open)-1]
		return
	}
	if top.object && !top.named {
		top.name, top.named = tok.(string), true
		return
	}
	top.named = false
	switch t := tok.(type) {
	case json.Delim:
		m.open = append(m.open, level{name: top.name, object: t == '{'})
	case nil:
	default:
		m.fields = append(m.fields, wire.Field{Name: top.name, Value: fmt.Sprint(t)})
	}
}
