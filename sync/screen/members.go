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
// what it stands in. objects says which object each is a member of: those before are numbered up to count, 0 is the
// row.
func members(name, value string, count int) (fields []wire.Field, objects []int, total int) {
	itself := []wire.Field{{Name: name, Value: value}}
	value = strings.TrimSpace(value)
	if value == "" || (value[0] != '{' && value[0] != '[') {
		return itself, []int{0}, count
	}
	dec := json.NewDecoder(strings.NewReader(value))
	dec.UseNumber()
	m := memberReader{open: []level{{name: name}}, count: count}
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) && len(m.open) == 1 {
			return m.fields, m.objects, m.count
		}
		if err != nil { // only looked like JSON, as "[2 viên/ngày]" does
			return itself, []int{0}, count
		}
		m.token(tok)
	}
}

// level is an object or array that is open.
type level struct {
	name   string // of the next value
	number int    // of the innermost object
	object bool
	named  bool // object: the name was read, the value wasn't
}

type memberReader struct {
	open    []level
	count   int // of objects
	fields  []wire.Field
	objects []int
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
		inner := level{name: top.name, number: top.number, object: t == '{'}
		if inner.object {
			m.count++
			inner.number = m.count
		}
		m.open = append(m.open, inner)
	case nil:
	default:
		m.fields = append(m.fields, wire.Field{Name: top.name, Value: fmt.Sprint(t)})
		m.objects = append(m.objects, top.number)
	}
}
