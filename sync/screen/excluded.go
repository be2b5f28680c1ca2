package screen

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tramsync/sync/wire"
)

// Excluded judges a record as it arrives at the warehouse: true when any rule would have kept it, or a part of it, at
// the station. Everything the record carries is looked at: documents or row, what stands around them in the file, the
// file whole, and what the record says of itself. What can't be read is an error: it can't be judged.
func (r *Rules) Excluded(e *wire.Event) (bool, error) {
	_, kind, err := wire.ParseType(e.Type)
	if err != nil {
		return false, err
	}
	_, feed, err := wire.ParseSource(e.Source)
	if err != nil {
		return false, err
	}
	if r.File(kind, feed) != "" {
		return true, nil
	}
	d := &e.Data
	said := wire.Table{Name: "RECORD", Rows: []wire.TableRow{{Element: "record", Fields: statements(d)}}}
	if d.Visit == nil {
		drop, _, by := r.Row(kind, d.Row, said.Rows[0].Fields)
		return drop != "" || len(by) > 0, nil
	}
	tables, err := d.Visit.Tables()
	if err != nil {
		return false, fmt.Errorf("screen %s: %w", kind, err)
	}
	around, err := surroundings(d.Visit)
	if err != nil {
		return false, fmt.Errorf("screen %s: %w", kind, err)
	}
	v := r.Record(kind, slices.Concat(tables, around, []wire.Table{said}))
	return v.Drop != "" || len(v.Cut) > 0, nil
}

// statements are what a record says of itself beside its content.
func statements(d *wire.Data) []wire.Field {
	var out []wire.Field
	add := func(name, value string) { out = append(out, wire.Field{Name: name, Value: value}) }
	for _, k := range d.Key {
		add("key", k)
	}
	add("facility", d.Facility)
	add("file", d.Origin.File)
	add("sha256", d.Origin.SHA256)
	add("#text", d.Origin.Sheet)
	for _, f := range d.Findings {
		add("finding", f.Code)
		add("finding", f.At)
	}
	if v := d.Visit; v != nil {
		add("ma_lk", v.MaLK)
		add("standard", v.Standard)
		add("sender", v.Sender)
		add("encoding", v.Envelope.Encoding)
		for i := range v.Documents {
			add("type", v.Documents[i].Type)
		}
	}
	return out
}

// surroundings are what a visit keeps of its file around the documents, or in place of them, as tables.
func surroundings(v *wire.Visit) ([]wire.Table, error) {
	s := surrounding{visit: v}
	texts := []string{strings.Join(v.Envelope.Parts, "")} // the file without its documents
	for i := range v.Documents {
		if f := v.Documents[i].Form; f != nil {
			texts = append(texts, f.Lead+f.Trail)
			if f.Raw != "" {
				texts = append(texts, "<NOIDUNGFILE>"+f.Raw+"</NOIDUNGFILE>")
			}
		}
	}
	for _, text := range texts {
		s.text([]byte(text))
	}
	if w := v.Envelope.Whole; w != nil && !s.isDocument(w) {
		s.text(w)
	}
	return s.tables, s.err
}

type surrounding struct {
	visit  *wire.Visit
	tables []wire.Table
	err    error
}

// text adds a stretch of the file: XML, or else words.
func (s *surrounding) text(raw []byte) {
	clean := wire.CleanXML(raw)
	if len(bytes.TrimSpace(clean)) == 0 {
		return
	}
	// Bytes that are no UTF-8 end a word, as they do when a station reads them.
	clean = bytes.ToValidUTF8(clean, []byte("\ufffd"))
	table, err := wire.ParseTable("FILE", clean)
	if err != nil {
		table = wire.Table{Name: "FILE", Rows: []wire.TableRow{{Element: "#text",
			Fields: []wire.Field{{Name: "#text", Value: string(clean)}}}}}
	}
	for i := range table.Rows {
		row := &table.Rows[i]
		row.Fields = slices.DeleteFunc(row.Fields, func(f wire.Field) bool {
			packed := s.packed(clean, &f)
			if !packed && f.Name == "NOIDUNGFILE" && strings.TrimSpace(f.Value) != "" {
				s.err = errors.New("the original holds a document that isn't one of the record's and can't be read")
			}
			return packed
		})
	}
	s.tables = append(s.tables, table)
}

// packed deals with a value that isn't to be judged as words: a document, plain or in base64, and the numbers of a
// signature, in which any word may come up by chance. Documents that aren't the visit's own are judged like them.
func (s *surrounding) packed(text []byte, f *wire.Field) bool {
	content, packed := unpack(f.Value)
	if s.isDocument(content) {
		return true
	}
	clean := bytes.TrimSpace(wire.CleanXML(content))
	if packed && !utf8.Valid(clean) {
		_, _, signature := wire.Enclosing(text, []string{"CHUKYDONVI", "SIGNATURE"}, f.Start)
		return f.End > 0 && signature
	}
	if !bytes.HasPrefix(clean, []byte("<")) {
		return false
	}
	table, err := wire.ParseTable("DOCUMENT", clean)
	if err != nil {
		return false
	}
	s.tables = append(s.tables, table)
	return true
}

// unpack undoes base64, if value is that.
func unpack(value string) (content []byte, packed bool) {
	const shortest = 24 // of what is worth the name of a document or signature
	joined := strings.Join(strings.Fields(value), "")
	if len(joined) >= shortest {
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding} {
			if content, err := encoding.DecodeString(joined); err == nil {
				return content, true
			}
		}
	}
	return []byte(value), false
}

// isDocument reports whether content is one of the visit's documents, which are judged on their own.
func (s *surrounding) isDocument(content []byte) bool {
	clean := bytes.TrimSpace(wire.CleanXML(content))
	for i := range s.visit.Documents {
		own := s.visit.Documents[i].Bytes()
		if bytes.Equal(content, own) || bytes.Equal(clean, bytes.TrimSpace(wire.CleanXML(own))) {
			return true
		}
	}
	return false
}
