package export

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strings"

	"tramsync/sync/wire"
)

// bareFile is a file that is one table without an envelope.
type bareFile struct {
	src      Source
	text     text
	table    string
	signed   bool
	settings Settings
}

// decode gives one record for each MA_LK in the file. XML1 is a visit of one table. Another table is a record of its
// own kind, or a visit's tables in several files would overwrite each other.
func (b *bareFile) decode(each func(*Record) error) error {
	content, err := readRange(b.text, 0, b.text.size)
	if err != nil {
		return err
	}
	parsed, err := wire.ParseTable(b.table, content)
	if err != nil {
		return located(err, FormatError{Document: b.table})
	}
	clean := wire.CleanXML(content)
	visits := visitsOf(&parsed)
	for i, rows := range visits {
		one := content
		if len(visits) > 1 {
			one = extract(clean, rows)
		}
		rec, err := b.record(one, len(visits) > 1)
		if err != nil {
			return err
		}
		rec.Origin.HoSo = i + 1
		if err := each(rec); err != nil {
			return err
		}
	}
	return nil
}

func (b *bareFile) record(content []byte, several bool) (*Record, error) {
	parsed, err := wire.ParseTable(b.table, content)
	if err != nil {
		return nil, located(err, FormatError{Document: b.table})
	}
	doc := wire.NewDocument(b.table, content, &wire.Form{Inline: true})
	rec := &Record{Kind: wire.KindTable, Tables: []wire.Table{parsed}}
	rec.Visit = &wire.Visit{Signed: b.signed, Documents: []wire.Document{doc},
		Envelope: wire.Envelope{Encoding: b.text.encoding, Parts: []string{"", ""}, Extract: several}}
	rec.identify(b.settings)
	if b.table == "XML1" {
		rec.Kind = wire.KindVisit
	} else {
		rec.Key = append(rec.Key, b.table)
	}
	rec.Tables = append(rec.Tables, misnamed(rec.Tables)...)
	if several {
		rec.original, err = b.text.encode(content)
	} else {
		rec.original, err = readRange(b.src, 0, b.src.Size())
	}
	return rec, err
}

// visitsOf groups a table's records by MA_LK, in their order. A table without any, but with something else in it, is
// one visit; an empty wrapper is none.
func visitsOf(t *wire.Table) [][]wire.TableRow {
	var out [][]wire.TableRow
	at := map[string]int{}
	name := wire.RecordElement(t.Name)
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.Element != name {
			continue
		}
		lk := strings.TrimSpace(r.Value("MA_LK"))
		k, ok := at[lk]
		if !ok {
			k = len(out)
			at[lk] = k
			out = append(out, nil)
		}
		out[k] = append(out[k], *r)
	}
	holds := func(r wire.TableRow) bool {
		return slices.ContainsFunc(r.Fields, func(f wire.Field) bool { return f.End > 0 })
	}
	if len(out) == 0 && slices.ContainsFunc(t.Rows, holds) {
		out = append(out, t.Rows)
	}
	return out
}

// extract is the table with some of its records alone: what stands beside them may be about another's visit.
func extract(clean []byte, rows []wire.TableRow) []byte {
	open, closing := wrappers(clean, rows[0].Start)
	out := open
	for _, r := range rows {
		out = append(out, clean[r.Start:r.End]...)
	}
	return append(out, closing...)
}

// wrappers gives the start and end tags of the elements that are open at an offset of a text that is known to parse.
func wrappers(clean []byte, offset int64) (open, closing []byte) {
	type tag struct {
		name       xml.Name
		start, end int64
	}
	var stack []tag
	dec := wire.NewXMLReader(bytes.NewReader(clean))
	for dec.InputOffset() < offset {
		at := dec.InputOffset()
		tok, err := dec.RawToken()
		if err != nil {
			break
		}
		switch t := tok.(type) {
		case xml.StartElement:
			stack = append(stack, tag{name: t.Name, start: at, end: dec.InputOffset()})
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		}
	}
	for _, t := range stack {
		open = append(open, clean[t.start:t.end]...)
	}
	for _, t := range slices.Backward(stack) {
		closing = append(closing, "</"...)
		if t.name.Space != "" {
			closing = append(closing, t.name.Space+":"...)
		}
		closing = append(closing, t.name.Local+">"...)
	}
	return open, closing
}
