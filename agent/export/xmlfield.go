package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// xmlOpen is an element of a row that is open.
type xmlOpen struct {
	name   string
	text   []byte
	fields []xmlField
	parent bool
	count  map[string]int // of its children by name
}

// xmlField is what stands in an element: a leaf by its name, @attribute, NAME@attribute of a leaf, #text between
// children, #comment. An element with others in it, or with attributes alone, is an object of JSON, as screening looks
// into it.
type xmlField struct {
	name, value string
	object      bool
}

// add puts a child that was read into the element.
func (e *xmlOpen) add(child *xmlOpen) {
	if e.count == nil {
		e.count = map[string]int{}
	}
	e.parent = true
	e.count[child.name]++
	if child.parent || len(child.fields) > 0 && strings.TrimSpace(string(child.text)) == "" {
		e.fields = append(e.fields, xmlField{name: child.name, value: child.object(), object: true})
		return
	}
	e.fields = append(e.fields, xmlField{name: child.name, value: string(child.text)})
	name := child.name
	if k := e.count[name]; k > 1 {
		name = fmt.Sprintf("%s#%d", name, k)
	}
	for _, f := range child.fields {
		e.fields = append(e.fields, xmlField{name: name + f.name, value: f.value})
	}
}

// all are the element's fields, and the text between them.
func (e *xmlOpen) all() []xmlField {
	if strings.TrimSpace(string(e.text)) == "" {
		return e.fields
	}
	return append(e.fields, xmlField{name: "#text", value: string(e.text)})
}

// object is the element as JSON. Fields of one name are an array, which stands where the first of them does.
func (e *xmlOpen) object() string {
	fields := e.all()
	same := map[string][]xmlField{}
	for _, f := range fields {
		same[f.name] = append(same[f.name], f)
	}
	var b bytes.Buffer
	open := byte('{')
	for _, f := range fields {
		list := same[f.name]
		if len(list) == 0 {
			continue // was in an array
		}
		delete(same, f.name)
		b.WriteByte(open)
		open = ','
		quote(&b, f.name)
		b.WriteByte(':')
		writeValues(&b, list)
	}
	if open == '{' {
		b.WriteByte(open)
	}
	b.WriteByte('}')
	return b.String()
}

func writeValues(b *bytes.Buffer, list []xmlField) {
	if len(list) > 1 {
		b.WriteByte('[')
	}
	for i, f := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		if f.object {
			b.WriteString(f.value)
		} else {
			quote(b, f.value)
		}
	}
	if len(list) > 1 {
		b.WriteByte(']')
	}
}

// quote writes a string of JSON without the marks that only web pages need.
func quote(b *bytes.Buffer, s string) {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a Buffer takes everything
	b.Truncate(b.Len() - 1)
}
