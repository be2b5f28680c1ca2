package screen

import (
	"bytes"
	"cmp"
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
		if drop != "" || len(by) > 0 {
			return true, nil
		}
		if packed := Packed(d.Row); len(packed) > 0 {
			return false, fmt.Errorf("screen %s: nobody can look into %d of the columns", kind, len(packed))
		}
		return false, nil
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
	var s surrounding
	texts := []string{strings.Join(v.Envelope.Parts, "")} // the file without its documents
	for i := range v.Documents {
		d := &v.Documents[i]
		s.own = append(s.own, bytes.TrimSpace(wire.CleanXML(d.Bytes())))
		if d.Form == nil {
			continue
		}
		texts = append(texts, d.Form.Lead+d.Form.Trail)
		if d.Form.Raw != "" {
			texts = append(texts, "<NOIDUNGFILE>"+d.Form.Raw+"</NOIDUNGFILE>")
		}
	}
	for _, text := range texts {
		s.text([]byte(text))
	}
	if w := v.Envelope.Whole; w != nil && !s.isDocument(clean(w)) {
		s.text(w)
	}
	return s.tables, s.err
}

func clean(text []byte) []byte { return bytes.TrimSpace(wire.CleanXML(text)) }

type surrounding struct {
	own    [][]byte // the visit's documents, clean, which are judged on their own
	tables []wire.Table
	err    error
}

func (s *surrounding) isDocument(content []byte) bool {
	return slices.ContainsFunc(s.own, func(own []byte) bool { return bytes.Equal(content, own) })
}

// text adds a stretch of the file: XML, or else words.
func (s *surrounding) text(raw []byte) {
	// Bytes that are no UTF-8 end a word, as they do when a station reads them.
	text := bytes.ToValidUTF8(wire.CleanXML(raw), []byte("\ufffd"))
	if len(bytes.TrimSpace(text)) == 0 {
		return
	}
	table, err := s.read(raw, text)
	if err != nil {
		s.err = cmp.Or(s.err, err)
		return
	}
	numbers := signatures(text, &table)
	for i := range table.Rows {
		row := &table.Rows[i]
		row.Fields = slices.DeleteFunc(row.Fields, func(f wire.Field) bool {
			if _, ok := numbers[f.Start]; ok && f.End > 0 || s.packed(f.Value) {
				return true
			}
			if f.Name == "NOIDUNGFILE" && strings.TrimSpace(f.Value) != "" {
				s.err = errors.New("the original holds a document that isn't one of the record's and can't be read")
			}
			return false
		})
	}
	s.tables = append(s.tables, table)
}

// read reads text, which raw was made into. What isn't well-formed XML is read as words, and base64 among them.
func (s *surrounding) read(raw, text []byte) (wire.Table, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("<")) {
		if _, err := wire.DocumentText(raw); err != nil { // text no longer shows that raw was none
			return wire.Table{}, err
		}
	}
	table, err := wire.ParseTable("FILE", text)
	var fault *wire.SyntaxError
	if errors.As(err, &fault) && fault.Code != wire.SyntaxUnscreenable {
		return wire.ParseTable("FILE", slices.Concat([]byte("text: "), text)) // no markup, since it begins like none
	}
	return table, err
}

// signatures are the places of a signature's numbers and certificates, in which any word may come up by chance.
func signatures(text []byte, t *wire.Table) map[int64][2]int64 {
	var offsets []int64
	for i := range t.Rows {
		for k := range t.Rows[i].Fields {
			f := &t.Rows[i].Fields[k]
			if content, packed := unpack(f.Value); packed && f.End > 0 && !utf8.Valid(content) {
				offsets = append(offsets, f.Start)
			}
		}
	}
	if len(offsets) == 0 {
		return nil
	}
	return wire.Enclosing(text, []string{"CHUKYDONVI", "SIGNATURE"}, offsets)
}

// packed deals with a value that is a document, plain or in base64. One that isn't the visit's own is judged like them.
func (s *surrounding) packed(value string) bool {
	content, _ := unpack(value)
	if s.isDocument(content) {
		return true
	}
	if !bytes.HasPrefix(content, []byte("<")) {
		return false
	}
	table, err := wire.ParseTable("DOCUMENT", content)
	if err != nil {
		return false
	}
	s.tables = append(s.tables, table)
	return true
}

// unpack undoes base64, if value is that, and cleans what comes out.
func unpack(value string) (content []byte, packed bool) {
	const shortest = 24 // of what is worth the name of a document or signature
	joined := strings.Join(strings.Fields(value), "")
	if len(joined) >= shortest {
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding} {
			if content, err := encoding.DecodeString(joined); err == nil {
				return clean(content), true
			}
		}
	}
	return clean([]byte(value)), false
}
