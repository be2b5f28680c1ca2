package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tramsync/sync/wire"
)

// row is one line of the table rows.
type row struct {
	visit  string
	table  string
	number int
	fields string // JSON object
}

// rowsOf reads an event's documents, or its row, as table rows; a retraction has none. Its errors hold nothing of the
// record.
func rowsOf(e *wire.Event) ([]row, error) {
	if e.Data.Retracted {
		return nil, nil
	}
	if e.Data.Visit == nil {
		_, kind, err := wire.ParseType(e.Type)
		if err != nil {
			return nil, err
		}
		fields, err := fieldsJSON(e.Data.Row)
		if err != nil {
			return nil, err
		}
		return []row{{visit: e.Subject, table: kind, number: 1, fields: fields}}, nil
	}
	tables, err := e.Data.Tables()
	if err != nil {
		// Only the place in the document: the error's text before it quotes LOAIHOSO, which can say anything.
		var fault *wire.SyntaxError
		if errors.As(err, &fault) {
			return nil, fmt.Errorf("a document is not readable: %w", fault)
		}
		return nil, errors.New("a document is not readable")
	}
	w := rowWriter{visit: cmp.Or(e.Data.MaLK, e.Subject), numbers: make(map[string]int)}
	for i := range tables {
		if err := w.document(&tables[i]); err != nil {
			return nil, err
		}
	}
	return w.list, nil
}

// rowWriter collects the rows of one visit's documents.
type rowWriter struct {
	visit   string
	numbers map[string]int // rows by table: a visit can have two documents of one type
	list    []row
}

// document writes a table of QĐ 4750 under its name, and the rows of any other document as a tree.
func (w *rowWriter) document(t *wire.Table) error {
	if wire.RecordElement(t.Name) == "" {
		return w.tree(t)
	}
	records := t.Records()
	for i := range records {
		values := fieldsOf(&records[i], func(f *wire.Field) bool { return f.End > 0 }) // no attributes, no comments
		if _, err := w.add(t.Name, values); err != nil {
			return err
		}
	}
	return nil
}

// tree writes the rows of a document that is no table, in the document's order: each under a table of its element,
// TYPE.ELEMENT, with the row that it stands in as #in, TABLE#NUMBER. Attributes are fields too, since in HL7 CDA and
// FHIR they say everything, and elements without text aren't.
func (w *rowWriter) tree(t *wire.Table) error {
	type open struct {
		end  int64
		name string
	}
	var around []open // the rows that the next may stand in, the innermost last
	rows := slices.SortedStableFunc(slices.Values(t.Rows), func(a, b wire.TableRow) int {
		return cmp.Compare(a.Start, b.Start)
	})
	for i := range rows {
		r := &rows[i]
		values := fieldsOf(r, func(f *wire.Field) bool {
			return strings.TrimSpace(f.Value) != "" && !isAside(f.Name)
		})
		for len(around) > 0 && around[len(around)-1].end <= r.Start {
			around = around[:len(around)-1]
		}
		if n := len(around); n > 0 && len(values) > 0 {
			values["#in"] = around[n-1].name
		}
		name := t.Name
		if r.Element != "" && r.Element[0] != '#' { // text without elements
			name += "." + r.Element
		}
		number, err := w.add(name, values)
		if err != nil {
			return err
		}
		if number > 0 && r.End > 0 {
			around = append(around, open{end: r.End, name: name + "#" + strconv.Itoa(number)})
		}
	}
	return nil
}

// isAside tells what stands in an XML document beside its content.
func isAside(name string) bool {
	return name == "#comment" || name == "#instruction" || name == "#directive"
}

// add appends a row and gives its number in its table; 0: it has no fields and is left out.
func (w *rowWriter) add(table string, values map[string]string) (int, error) {
	if len(values) == 0 {
		return 0, nil
	}
	fields, err := fieldsJSON(values)
	if err != nil {
		return 0, err
	}
	w.numbers[table]++
	w.list = append(w.list, row{visit: w.visit, table: table, number: w.numbers[table], fields: fields})
	return w.numbers[table], nil
}

// fieldsOf is a row's wanted fields by name; of several with one name the later get #2, #3 …, which no element can be
// called. It takes time in proportion to their number: a document of 4 MiB can have a million of one name.
func fieldsOf(r *wire.TableRow, want func(*wire.Field) bool) map[string]string {
	values := make(map[string]string, len(r.Fields))
	times := make(map[string]int, len(r.Fields))
	for i := range r.Fields {
		f := &r.Fields[i]
		if !want(f) {
			continue
		}
		name := f.Name
		if times[name]++; times[name] > 1 {
			name += "#" + strconv.Itoa(times[name])
		}
		values[name] = f.Value
	}
	return values
}

// fieldsJSON writes fields as an object in the order of their names, < and > as they are.
func fieldsJSON(fields map[string]string) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(fields); err != nil {
		return "", fmt.Errorf("write fields: %w", err)
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}
