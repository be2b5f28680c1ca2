package export

import (
	"strings"
	"unicode/utf8"

	"tramsync/sync/wire"
)

// xmlRows reads elements of one name as rows.
type xmlRows struct {
	*xmlWalk
	mapping *mapping
	each    func(*Record) error
	name    string // of the element, or its path from the root when it begins with /
	looking bool   // the first of two walks, which notes what stands around the rows and gives none
	around  []wire.Field
	outside strings.Builder // text since the last tag, outside rows
	count   int             // rows so far
	within  []xmlOpen       // elements of the row that the walk is in
	start   int64           // of the row in the text
	first   int             // its line
}

// decodeXML reads rows by a feed's mapping. What stands around them goes with each for screening, so a first walk
// looks for it.
func decodeXML(src Source, s Settings, each func(*Record) error) error {
	t, err := openText(src)
	if err != nil {
		return err
	}
	r := &xmlRows{mapping: newMapping(s), each: each, name: s.Records}
	if r.name == "" {
		if r.name, err = findRecords(t, r.mapping); err != nil || r.name == "" {
			return err
		}
	}
	for _, r.looking = range []bool{true, false} {
		r.count, r.mapping.surveyed = 0, !r.looking
		r.xmlWalk = newXMLWalk(t, maxRow, "row-size", "outside")
		if err := r.run(r); err != nil {
			return err
		}
		if r.count == 0 && len(r.around) > 0 {
			return &FormatError{Code: "no-rows"}
		}
	}
	return nil
}

func (r *xmlRows) open(t *wire.XMLToken) error {
	n := len(r.within)
	if n == 0 {
		if err := r.flush(); err != nil {
			return err
		}
	}
	if n == 0 && !r.isRow(t.Name.Local) {
		for _, a := range attributes(t) {
			if err := r.note(t.Name.Local+"@"+a.Name.Local, a.Value); err != nil {
				return err
			}
		}
		return nil
	}
	if n == 0 {
		r.count++
		r.row, r.start, r.first = r.count, t.Start, r.line
	}
	e := xmlOpen{name: t.Name.Local}
	for _, a := range attributes(t) {
		e.fields = append(e.fields, xmlField{name: "@" + a.Name.Local, value: a.Value})
	}
	r.within = append(r.within, e)
	return nil
}

// isRow asks it of the element that opens.
func (r *xmlRows) isRow(name string) bool {
	if !strings.HasPrefix(r.name, "/") {
		return strings.EqualFold(name, r.name)
	}
	path, ok := strings.CutSuffix(r.name, "/"+name)
	for i := len(r.stack) - 1; i >= 0 && ok; i-- {
		path, ok = strings.CutSuffix(path, "/"+r.stack[i].name.Local)
	}
	return ok && path == ""
}

func (r *xmlRows) text(name, value string) error {
	if n := len(r.within); n > 0 {
		return r.textWithin(&r.within[n-1], name, value)
	}
	if name != "" {
		return r.note(name, value)
	}
	if r.outside.WriteString(value); r.outside.Len() > maxNotes {
		return r.fault("outside")
	}
	return nil
}

func (r *xmlRows) textWithin(e *xmlOpen, name, value string) error {
	if r.at-r.start > maxRow {
		return r.rowFault("row-size")
	}
	if name == "" {
		e.text = append(e.text, value...)
		return nil
	}
	if strings.TrimSpace(value) == "" {
		return nil
	}
	if r.looking && !utf8.ValidString(value) { // a comment: the XML reader looks at all else
		return r.rowFault(wire.SyntaxUTF8)
	}
	e.fields = append(e.fields, xmlField{name: name, value: value})
	return nil
}

func (r *xmlRows) close(t *wire.XMLToken) error {
	n := len(r.within)
	if n == 0 {
		return r.flush()
	}
	top := &r.within[n-1]
	if t.Start-r.start > maxRow {
		return r.rowFault("row-size")
	}
	r.within = r.within[:n-1]
	if n > 1 {
		r.within[n-2].add(top)
		return nil
	}
	err := r.finish(top.all())
	r.row = 0
	return err
}

// finish makes a record of the row; one without any value, or with a running number alone, gives none.
func (r *xmlRows) finish(fields []xmlField) error {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	header := r.mapping.header(names)
	row := make(map[string]string, len(header))
	filled := false
	for i, name := range header {
		put(row, name, fields[i].value)
		filled = filled || name != "" && strings.TrimSpace(fields[i].value) != ""
	}
	if !filled {
		return nil
	}
	if !r.mapping.hasKey(header) {
		err := r.rowFault("column")
		err.Field = r.mapping.settings.Key[0]
		return err
	}
	rec := r.mapping.record(row, wire.Origin{Index: r.count, Line: r.first})
	if r.looking {
		return nil
	}
	rec.Around = r.around
	return r.each(rec)
}

// flush deals with the text before a tag outside the rows.
func (r *xmlRows) flush() error {
	value := r.outside.String()
	r.outside.Reset()
	return r.note(r.inside(), value)
}

// note remembers what stands around the rows.
func (r *xmlRows) note(name, value string) error {
	switch {
	case !r.looking || strings.TrimSpace(value) == "":
		return nil
	case !utf8.ValidString(value):
		return r.fault(wire.SyntaxUTF8)
	case len(r.around) >= maxNoted || len(value) > maxNotes:
		return r.fault("outside")
	}
	r.around = append(r.around, field(name, value))
	return nil
}

func (r *xmlRows) rowFault(code string) *FormatError {
	return &FormatError{Code: code, Row: r.count, Line: r.first, Offset: r.start}
}
