package export

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"tramsync/sync/wire"
)

// Inspection says what a file never seen before looks like. It holds names of columns and counts, never a value.
type Inspection struct {
	Format   string            `json:"format"`             // that reads it
	Encoding string            `json:"encoding,omitempty"` // utf-8, utf-16 or, as a guess, windows-1258; "" of binaries
	Records  string            `json:"records,omitempty"`  // as Settings.Records; "" where the decoder finds them
	Sheet    string            `json:"sheet,omitempty"`    // of the first row
	Rows     int               `json:"rows,omitempty"`     // looked at, 200 at most
	Columns  []InspectedColumn `json:"columns,omitempty"`  // of formats whose records are rows
}

// InspectedColumn is one column of a file.
type InspectedColumn struct {
	Name   string        `json:"name"`   // as the file has it
	Filled int           `json:"filled"` // rows with a value
	Shapes map[Shape]int `json:"shapes"` // of these values
}

const maxInspected = 200

var errEnough = errors.New("enough rows were looked at")

// Inspect looks at the first rows of a file as the file itself would have it: of s the kind, key, columns and facility
// don't count, and an empty Format is Auto. Columns come in the file's order. What stands behind these rows may still
// be a fault. A file that can't be read is a *FormatError; other errors are those of src and of ctx.
func Inspect(ctx context.Context, src Source, s Settings) (Inspection, error) {
	s.Kind, s.Key, s.Columns, s.Facility = "row", nil, nil, ""
	s.Format = cmp.Or(s.Format, Auto)
	if src.Size() == 0 {
		return Inspection{}, &FormatError{Code: "empty"}
	}
	src = stoppable{Source: src, ctx: ctx}
	out := Inspection{}
	var err error
	if out.Format, err = Detect(src, s); err != nil {
		return Inspection{}, err
	}
	if out.Encoding, err = encodingOf(src); err != nil {
		return Inspection{}, err
	}
	if s.Format = out.Format; !isRows(s.Format) {
		return out, nil
	}
	if err := s.locate(src); err != nil {
		return Inspection{}, err
	}
	out.Records, s.met = s.Records, &met{columns: map[string]*InspectedColumn{}}
	err = Decode(ctx, src, s, func(r *Record) error {
		out.Sheet = cmp.Or(out.Sheet, r.Origin.Sheet)
		for _, name := range slices.Sorted(maps.Keys(r.Row)) {
			s.met.value(name, r.Row[name])
		}
		if out.Rows++; out.Rows == maxInspected {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return Inspection{}, err
	}
	out.Columns = s.met.list()
	return out, nil
}

// encodingOf goes by the file's beginning.
func encodingOf(src Source) (string, error) {
	head, err := beginning(src)
	if err != nil {
		return "", err
	}
	last := head[max(len(head)-utf8.UTFMax, 0):]
	for len(last) > 0 && len(head) == maxLook && !utf8.Valid(last) { // half a character at the end of what was looked at
		head, last = head[:len(head)-1], last[:len(last)-1]
	}
	switch {
	case binaryName(head) != unnamed:
		return "", nil
	case wire.SniffUTF16(head) != "":
		return "utf-16", nil
	case utf8.Valid(head):
		return "utf-8", nil
	}
	return "windows-1258", nil
}

// met are the columns that an inspection came across. A nil one takes no notice.
type met struct {
	names   []string // in the file's order
	columns map[string]*InspectedColumn
}

// header notes the columns of a header, or of one row.
func (m *met) header(names []string) {
	if m == nil {
		return
	}
	for _, name := range names {
		if name != "" && m.columns[name] == nil {
			m.names = append(m.names, name)
			m.columns[name] = &InspectedColumn{Name: name, Shapes: map[Shape]int{}}
		}
	}
}

func (m *met) value(name, value string) {
	if value = strings.TrimSpace(value); value == "" {
		return
	}
	m.header([]string{name})
	c := m.columns[name]
	c.Filled++
	c.Shapes[shapeOf(value)]++
}

func (m *met) list() []InspectedColumn {
	var out []InspectedColumn
	for _, name := range m.names {
		out = append(out, *m.columns[name])
	}
	return out
}

// locate finds what the rows of a file never seen before are: a list that is neither the document nor its data, an
// element that doesn't repeat, an object alone.
func (s *Settings) locate(src Source) error {
	if s.Records != "" || s.Format != JSON && s.Format != XML {
		return nil
	}
	t, err := openText(src)
	if err != nil {
		return err
	}
	m := newMapping(*s)
	if s.Format == XML {
		m.lone = true
		s.Records, err = findRecords(t, m)
		return err
	}
	j := &jsonFile{text: t, mapping: m}
	shape, object, err := j.shape()
	if err != nil || shape != jsonInside {
		return err
	}
	f := listFinder{j: j}
	if err := f.document(); err != nil {
		return err
	}
	if s.Records = f.path; strings.EqualFold(f.path, "data") {
		s.Records = "" // found without
	}
	if f.path == "" {
		s.Columns = lone(object)
	}
	return nil
}

// lone names a column of an object that is no error message, so that it counts as a row.
func lone(object json.RawMessage) []Column {
	names, _, _ := members(object)
	isError := func(name string) bool { return strings.Contains(foldColumn(name), "error") }
	if len(names) == 0 || slices.ContainsFunc(names, isError) {
		return nil
	}
	return []Column{{Name: names[0]}}
}

// listFinder looks for the longest list of objects in a document.
type listFinder struct {
	j    *jsonFile
	path string
	most int
}

func (f *listFinder) document() error {
	if err := f.j.start(); err != nil {
		return err
	}
	tok, err := f.j.token()
	if err != nil || tok != json.Delim('{') {
		return f.j.fault(err)
	}
	return f.object(nil)
}

func (f *listFinder) object(path []string) error {
	if len(path) > maxDepth {
		return f.j.placeFault("json-limit")
	}
	for f.j.more() {
		name, err := f.j.token()
		if err != nil {
			return f.j.fault(err)
		}
		tok, err := f.j.token()
		if err != nil {
			return f.j.fault(err)
		}
		member := append(slices.Clip(path), fmt.Sprint(name))
		switch tok {
		case json.Delim('{'):
			err = f.object(member)
		case json.Delim('['):
			err = f.array(member)
		}
		if err != nil {
			return err
		}
	}
	return f.end()
}

func (f *listFinder) array(path []string) error {
	n := 0
	for f.j.more() {
		var raw json.RawMessage
		f.j.left.grant(maxRow)
		if err := f.j.dec.Decode(&raw); err != nil {
			return f.j.fault(err)
		}
		if raw[0] == '{' {
			n++
		}
	}
	if n > f.most {
		f.path, f.most = strings.Join(path, "."), n
	}
	return f.end()
}

func (f *listFinder) end() error {
	if _, err := f.j.token(); err != nil {
		return f.j.fault(err)
	}
	return nil
}
