package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"tramsync/sync/wire"
)

// row is one line of the table rows.
type row struct {
	visit  string
	table  string
	number int
	fields string // JSON object
}

// rowsOf reads an event's documents, or its row, as table rows. Its errors hold nothing of the record.
func rowsOf(e *wire.Event) ([]row, error) {
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
			return nil, fmt.Errorf("a document is not readable XML: %w", fault)
		}
		return nil, errors.New("a document is not readable XML")
	}
	return visitRows(e, tables)
}

func visitRows(e *wire.Event, tables []wire.Table) ([]row, error) {
	var list []row
	visit := cmp.Or(e.Data.MaLK, e.Subject)
	numbers := make(map[string]int) // a visit can have two documents of one type
	for i := range tables {
		t := &tables[i]
		records := t.Records()
		for j := range records {
			values := fieldsOf(&records[j])
			if len(values) == 0 {
				continue // only attributes or comments
			}
			fields, err := fieldsJSON(values)
			if err != nil {
				return nil, err
			}
			numbers[t.Name]++
			list = append(list, row{visit: visit, table: t.Name, number: numbers[t.Name], fields: fields})
		}
	}
	return list, nil
}

// fieldsOf is a row's elements by name; of several with one name the later get #2, #3 …, which no element can be
// called. It takes time in proportion to their number: a document of 4 MiB can have a million of one name.
func fieldsOf(r *wire.TableRow) map[string]string {
	values := make(map[string]string, len(r.Fields))
	times := make(map[string]int, len(r.Fields))
	for i := range r.Fields {
		f := &r.Fields[i]
		if f.End == 0 { // an attribute or a comment
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
