package export

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"tramsync/sync/wire"
)

// hoSo is one HOSO on its way to a record.
type hoSo struct {
	number           int
	head, body, tail []byte // around it, it, behind it: as in the file, in UTF-8
	layout           *layout
	encoding         string
	settings         Settings

	parts    []string // of the body, between the documents
	docs     []wire.Document
	tables   []wire.Table
	around   wire.Table
	findings []wire.Finding
}

// record reads the HOSO. One without any table gives nil: it holds nothing.
func (h *hoSo) record() (*Record, error) {
	h.around = wire.Table{Name: "HOSO", Rows: []wire.TableRow{{Element: "HOSO"}}}
	if err := h.split(); err != nil {
		return nil, err
	}
	if len(h.docs) == 0 {
		return nil, nil
	}
	for i := range h.docs {
		t, err := wire.ParseTable(h.docs[i].Type, h.docs[i].Bytes())
		if err != nil {
			return nil, located(err, FormatError{HoSo: h.number, Document: h.docs[i].Type})
		}
		h.tables = append(h.tables, t)
	}
	v := &wire.Visit{Sender: h.layout.sender, Signed: h.layout.signed, Documents: h.docs,
		Standard: standardOf(h.tables), MaLK: firstValue(h.tables, "MA_LK")}
	v.Envelope = wire.Envelope{Encoding: h.encoding, Parts: h.parts, Extract: len(h.layout.hoso) > 1}
	v.Envelope.Parts[0] = string(h.head) + v.Envelope.Parts[0]
	v.Envelope.Parts[len(h.parts)-1] += string(h.tail)
	facility := cmpOr(firstValue(h.tables, "MA_CSKCB"), v.Sender, h.settings.Station)
	rec := &Record{Kind: wire.KindVisit, Facility: facility, Visit: v, Origin: wire.Origin{HoSo: h.number},
		Findings: append(h.findings, h.layout.countFinding()...)}
	rec.Key = visitKey(rec, facility)
	rec.Tables = append(slices.Clip(h.tables), h.around, h.layout.around)
	rec.original = slices.Concat(h.head, h.body, h.tail)
	return rec, nil
}

// visitKey is facility and MA_LK (unique within a facility only). Without an MA_LK the content stands in, or visits would overwrite each other.
func visitKey(r *Record, facility string) []string {
	if r.Visit.MaLK != "" {
		return []string{facility, r.Visit.MaLK}
	}
	data := wire.Data{Visit: r.Visit}
	return []string{facility, fmt.Sprintf("~%x", data.ContentHash())}
}

func cmpOr(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// firstValue is a field's first value, looked for in XML1 first, then in the order of the documents.
func firstValue(tables []wire.Table, name string) string {
	find := func(t *wire.Table) string {
		for i := range t.Rows {
			if v := strings.TrimSpace(t.Rows[i].Value(name)); v != "" {
				return v
			}
		}
		return ""
	}
	for i := range tables {
		if tables[i].Name == "XML1" {
			if v := find(&tables[i]); v != "" {
				return v
			}
		}
	}
	for i := range tables {
		if v := find(&tables[i]); v != "" {
			return v
		}
	}
	return ""
}

// standardOf tells the decision by XML1's fields: QĐ 4210 calls the diagnosis MA_BENH, QĐ 130 MA_BENH_CHINH, and QĐ 4750 added NHOM_MAU to that. QĐ 3176 has 4750's fields.
func standardOf(tables []wire.Table) string {
	has := map[string]bool{}
	for i := range tables {
		if tables[i].Name != "XML1" {
			continue
		}
		for _, r := range tables[i].Records() {
			for _, f := range r.Fields {
				has[f.Name] = true
			}
		}
	}
	switch {
	case has["NHOM_MAU"]:
		return "4750"
	case has["MA_BENH_CHINH"]:
		return "130"
	case has["MA_BENH"] || has["TEN_BENH"]:
		return "4210"
	default:
		return ""
	}
}

// split takes the HOSO's text apart into documents and the parts between them.
func (h *hoSo) split() error {
	clean := blank(slices.Clone(h.body))
	dec := wire.NewXMLReader(strings.NewReader(string(clean)))
	var f fileHoSo
	var name string
	cut := int64(0)
	for {
		at := dec.InputOffset()
		tok, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			h.parts = append(h.parts, string(h.body[cut:]))
			return f.complete(h.number)
		}
		if err != nil {
			return located(wire.XMLFault(dec, err), FormatError{HoSo: h.number})
		}
		switch t := tok.(type) {
		case xml.StartElement:
			name = t.Name.Local
			if err := f.open(name, dec.InputOffset(), h.number); err != nil {
				return err
			}
		case xml.EndElement:
			if f.close(t.Name.Local, at) {
				doc, err := f.document(h.body, h.number)
				if err != nil {
					return err
				}
				if doc != nil {
					h.parts, h.docs = append(h.parts, string(h.body[cut:f.from])), append(h.docs, *doc)
					cut = f.to
				}
				f = fileHoSo{}
			}
			name = ""
		case xml.CharData:
			h.text(&f, name, string(t))
		case xml.Comment:
			if f.depth == 0 {
				h.keep("#comment", string(t))
			}
		}
	}
}

func (h *hoSo) text(f *fileHoSo, name, text string) {
	switch {
	case f.depth > 0:
		f.text.WriteString(text)
	case name == "LOAIHOSO":
		f.typ += text
	case strings.TrimSpace(text) != "":
		h.keep(name, text)
	}
}

// keep remembers what stands in the HOSO outside its documents, for screening.
func (h *hoSo) keep(name, value string) {
	row := &h.around.Rows[0]
	row.Fields = append(row.Fields, wire.Field{Name: name, Value: value})
}

// fileHoSo is one FILEHOSO while it is read.
type fileHoSo struct {
	typ      string
	from, to int64 // range of NOIDUNGFILE's content
	depth    int   // inside NOIDUNGFILE: 1, inside elements in it more
	inline   bool
	text     strings.Builder
}

func (f *fileHoSo) open(name string, after int64, number int) error {
	switch {
	case f.depth > 0:
		f.depth++
		f.inline = true
	case name == "NOIDUNGFILE" || name == "FILEHOSO":
		// A second content, or one outside a FILEHOSO, would be kept around the documents without having been screened.
		if err := f.complete(number); err != nil {
			return err
		}
		if name == "NOIDUNGFILE" {
			f.depth, f.from = 1, after
		}
	}
	return nil
}

// complete is an error while a content waits for the end of its FILEHOSO.
func (f *fileHoSo) complete(number int) error {
	if f.from == 0 {
		return nil
	}
	return &FormatError{Code: "filehoso", HoSo: number, Document: f.typ, Field: "NOIDUNGFILE"}
}

// close reports the end of the FILEHOSO.
func (f *fileHoSo) close(name string, at int64) bool {
	if f.depth > 0 {
		if f.depth--; f.depth == 0 {
			f.to = at
		}
		return false
	}
	return name == "FILEHOSO"
}

// document makes a document of the FILEHOSO, or nil when its content is empty: some exporters write every table for everybody.
func (f *fileHoSo) document(body []byte, number int) (*wire.Document, error) {
	typ := strings.ToUpper(strings.Join(strings.Fields(f.typ), ""))
	if f.to < f.from {
		f.to = f.from // <NOIDUNGFILE/>
	}
	raw := string(body[f.from:f.to])
	trimmed := strings.TrimSpace(raw)
	if trimmed == "" {
		return nil, nil
	}
	if f.inline {
		lead := raw[:strings.Index(raw, trimmed)]
		doc := wire.NewDocument(typ, []byte(trimmed), &wire.Form{Inline: true, Lead: lead, Trail: raw[len(lead)+len(trimmed):]})
		return &doc, nil
	}
	text := f.text.String()
	if strings.HasPrefix(strings.TrimSpace(text), "<") { // XML in CDATA or escaped
		doc := wire.NewDocument(typ, []byte(text), &wire.Form{Raw: raw})
		return &doc, nil
	}
	doc, err := wire.UnwrapBase64(typ, raw, text)
	if err != nil {
		return nil, &FormatError{Code: "base64", HoSo: number, Document: typ, Field: "NOIDUNGFILE"}
	}
	return &doc, nil
}
