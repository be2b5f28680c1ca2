package export

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"tramsync/sync/wire"
)

// hoSo is one HOSO on its way to a record.
type hoSo struct {
	number int
	prefix string // of the documents' types
	start  int64  // in the file
	raw    []byte // as in the file, in UTF-8
	body   string // the same
	clean  string // as XML allows it

	parts  []string // of the body, between the documents
	docs   []wire.Document
	others []wire.Field // what stands in it outside the documents, for screening
	files  int          // FILEHOSO read
	opened bool
}

func newHoSo(number int, start int64, raw []byte) *hoSo {
	h := &hoSo{number: number, start: start, raw: raw, body: string(raw)}
	h.clean = h.body
	if !isClean(raw) {
		h.clean = string(clean(slices.Clone(raw)))
	}
	return h
}

// split takes the HOSO's text apart into documents and the parts between them.
func (h *hoSo) split() error {
	in := wire.ScanXML(h.clean)
	var f fileHoSo
	var name string
	cut := int64(0)
	for {
		t, err := in.Next()
		if errors.Is(err, io.EOF) {
			h.parts = append(h.parts, h.body[cut:])
			return h.complete(&f)
		}
		if err != nil {
			return &FormatError{Code: wire.SyntaxMalformed, HoSo: h.number, Offset: h.start + in.Offset()}
		}
		switch t.Kind {
		case wire.XMLStart:
			name = t.Name.Local
			if err := h.open(&f, t); err != nil {
				return err
			}
		case wire.XMLEnd:
			name = ""
			if !f.close(t) {
				continue
			}
			doc, err := h.document(&f)
			if err != nil {
				return err
			}
			if doc != nil {
				h.parts, h.docs = append(h.parts, h.body[cut:f.from]), append(h.docs, *doc)
				cut = f.to
			}
			f = fileHoSo{}
		case wire.XMLText:
			if err := h.text(&f, name, t.Text); err != nil {
				return err
			}
		default:
			if err := h.keep(aside(t)); err != nil {
				return err
			}
		}
	}
}

func (h *hoSo) open(f *fileHoSo, t *wire.XMLToken) error {
	name := t.Name.Local
	nested := name == "FILEHOSO" || name == "NOIDUNGFILE"
	switch {
	case f.depth > 0:
		if nested {
			return h.fault(f, "filehoso")
		}
		f.depth++
		f.inline = true
		return nil
	case name == "HOSO" && h.opened:
		return h.fault(f, "hoso")
	case nested:
		// A second content, or one outside a FILEHOSO, would be kept around the documents without having been screened.
		if err := h.complete(f); err != nil {
			return err
		}
		if name == "NOIDUNGFILE" {
			f.depth, f.from = 1, t.End
		}
	}
	h.opened = true
	for _, a := range attributes(t) {
		if err := h.keep(name+"@"+a.Name.Local, a.Value); err != nil {
			return err
		}
	}
	return nil
}

func (h *hoSo) text(f *fileHoSo, name, text string) error {
	if f.depth > 0 {
		f.texts = append(f.texts, text)
		return nil
	}
	if name == "LOAIHOSO" {
		f.typ += text
	}
	return h.keep(name, text)
}

// keep remembers what stands in the HOSO outside its documents. A document in hiding there is a fault.
func (h *hoSo) keep(name, value string) error {
	if strings.TrimSpace(value) == "" {
		return nil
	}
	if isDocument(value) {
		return &FormatError{Code: "filehoso", HoSo: h.number}
	}
	h.others = append(h.others, wire.Field{Name: name, Value: value})
	return nil
}

func (h *hoSo) around() wire.Table {
	return wire.Table{Name: "HOSO", Rows: []wire.TableRow{{Element: "HOSO", Fields: h.others}}}
}

// emptyFault is about a HOSO without documents: nothing to take in, unless something stands in it in another way.
func (h *hoSo) emptyFault() error {
	for _, f := range h.others {
		if f.Name != "LOAIHOSO" && !strings.ContainsAny(f.Name, "@#") { // attributes and asides alone are nothing
			return &FormatError{Code: "filehoso", HoSo: h.number}
		}
	}
	return nil
}

func (h *hoSo) fault(f *fileHoSo, code string) error {
	name := documentName(h.prefix+f.name(), h.files+1)
	return &FormatError{Code: code, HoSo: h.number, Document: name, Field: "NOIDUNGFILE"}
}

// complete is an error while a content waits for the end of its FILEHOSO.
func (h *hoSo) complete(f *fileHoSo) error {
	if f.from == 0 {
		return nil
	}
	return h.fault(f, "filehoso")
}

// documentName names a document without quoting the file, where only a table's name is sure to say nothing of a person.
func documentName(typ string, number int) string {
	if wire.RecordElement(strings.TrimPrefix(typ, wire.CheckUpPrefix)) != "" {
		return typ
	}
	return fmt.Sprintf("FILEHOSO %d", number)
}

// document makes a document of the FILEHOSO, or nil when its content is empty: some exporters write every table for
// everybody.
func (h *hoSo) document(f *fileHoSo) (*wire.Document, error) {
	h.files++
	f.to = max(f.to, f.from) // <NOIDUNGFILE/> ends before it begins
	raw, typ, text := h.body[f.from:f.to], h.prefix+f.name(), strings.Join(f.texts, "")
	trimmed := strings.TrimSpace(raw)
	var doc wire.Document
	switch {
	case trimmed == "" || !f.inline && strings.TrimSpace(text) == "":
		return nil, nil
	case !utf8.ValidString(raw):
		return nil, &FormatError{Code: wire.SyntaxUTF8, HoSo: h.number, Document: documentName(typ, h.files),
			Field: "NOIDUNGFILE"}
	case f.inline:
		lead := raw[:strings.Index(raw, trimmed)]
		doc = wire.NewDocument(typ, []byte(trimmed),
			&wire.Form{Inline: true, Lead: lead, Trail: raw[len(lead)+len(trimmed):]})
	case strings.HasPrefix(strings.TrimSpace(text), "<"): // XML in CDATA or escaped
		doc = wire.NewDocument(typ, []byte(text), &wire.Form{Raw: raw})
	default:
		if !strings.ContainsAny(raw, "<&") {
			text = h.clean[f.from:f.to] // with its line ends, which the XML reader makes alike
		}
		var err error
		if doc, err = wire.UnwrapBase64(typ, raw, text); err != nil {
			return nil, &FormatError{Code: "base64", HoSo: h.number, Document: documentName(typ, h.files),
				Field: "NOIDUNGFILE"}
		}
	}
	return &doc, nil
}

// fileHoSo is one FILEHOSO while it is read.
type fileHoSo struct {
	typ      string
	from, to int64 // range of NOIDUNGFILE's content
	depth    int   // inside NOIDUNGFILE: 1, inside elements in it more
	inline   bool
	texts    []string
}

// name is LOAIHOSO without white space, in upper case: exporters write "XMl13" and " XML 2 ".
func (f *fileHoSo) name() string { return strings.ToUpper(strings.Join(strings.Fields(f.typ), "")) }

// close reports the end of the FILEHOSO.
func (f *fileHoSo) close(t *wire.XMLToken) bool {
	if f.depth > 0 {
		if f.depth--; f.depth == 0 {
			f.to = t.Start
		}
		return false
	}
	return t.Name.Local == "FILEHOSO"
}
