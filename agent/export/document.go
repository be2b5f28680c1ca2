package export

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"regexp"
	"strings"

	"tramsync/sync/wire"
)

// decodeDocument takes a file as it is, as one record: HL7 CDA, FHIR, and whatever else a feed says is a document. Only
// what it is known by is looked for in it. All of it must be readable, since it is screened.
func decodeDocument(src Source, s Settings, each func(*Record) error) error {
	t, err := openText(src)
	if err != nil {
		return err
	}
	if t.size > wire.MaxRecordBytes {
		return &FormatError{Code: "record-size"}
	}
	content, err := readRange(t, 0, t.size)
	if err != nil {
		return err
	}
	readable, err := wire.DocumentText(content)
	if err != nil {
		return located(err, FormatError{})
	}
	if len(bytes.TrimSpace(readable)) == 0 {
		return &FormatError{Code: "empty"}
	}
	p := papersOf(readable)
	table, err := wire.ParseTable(p.typ, content)
	if err != nil {
		return located(err, FormatError{})
	}
	rec := &Record{Kind: cmp.Or(s.Kind, p.kind), Facility: cmp.Or(p.facility, s.Station), Tables: []wire.Table{table}}
	rec.Visit = &wire.Visit{Standard: p.standard,
		Documents: []wire.Document{wire.NewDocument(p.typ, content, &wire.Form{Inline: true})},
		Envelope:  wire.Envelope{Encoding: t.encoding, Parts: []string{"", ""}}}
	rec.Key = append([]string{rec.Facility}, p.id...)
	if len(p.id) == 0 {
		rec.addPrint()
	}
	original, err := readRange(src, 0, src.Size())
	if err != nil {
		return err
	}
	rec.original = [][]byte{original}
	return each(rec)
}

// papers are what a document says of itself.
type papers struct {
	typ, kind, standard string
	facility            string   // of five digits, or ""
	id                  []string // none: the content stands in
}

func papersOf(text []byte) papers {
	text = bytes.TrimSpace(text)
	if text[0] == '{' {
		if b := fhirJSON(text); b.ResourceType != "" {
			return fhirPapers(&b, b.organizations())
		}
	}
	root, dec := rootOf(text)
	switch {
	case root.Name == xml.Name{Space: "urn:hl7-org:v3", Local: "ClinicalDocument"}:
		var c cdaHead
		_ = dec.DecodeElement(&c, &root) // wire.ParseTable finds faults; whatever stands before one is filled in
		return papers{typ: wire.DocCDA, kind: wire.KindCDA, standard: "cda", id: c.id(),
			facility: oneFacility(c.Custodian)}
	case root.Name.Space == "http://hl7.org/fhir":
		var x fhirXML
		_ = dec.DecodeElement(&x, &root)
		return x.papers(root.Name.Local)
	}
	return papers{typ: wire.DocOther, kind: wire.KindDocument}
}

// tags gives encoding/xml a text's tags, to fill structs with their attributes: all that is looked for stands in these.
type tags struct{ in *wire.XMLScanner }

// Token passes over what is no tag.
func (r tags) Token() (xml.Token, error) {
	for {
		t, err := r.in.Next()
		switch {
		case err != nil:
			return nil, err
		case t.Kind == wire.XMLStart:
			return xml.StartElement{Name: t.Name, Attr: t.Attr}, nil
		case t.Kind == wire.XMLEnd:
			return xml.EndElement{Name: t.Name}, nil
		}
	}
}

// rootOf gives the first element of an XML text, and the reader behind its start tag.
func rootOf(text []byte) (xml.StartElement, *xml.Decoder) {
	dec := xml.NewTokenDecoder(tags{wire.ScanXML(string(text))})
	for {
		tok, err := dec.Token()
		if err != nil {
			return xml.StartElement{}, dec
		}
		if root, ok := tok.(xml.StartElement); ok {
			return root, dec
		}
	}
}

// instance is an identifier: root and extension of HL7 version 3 (data type II), system and value of FHIR.
type instance struct {
	System string `xml:"root,attr" json:"system"`
	Value  string `xml:"extension,attr" json:"value"`
}

func (i instance) key() []string {
	var out []string
	for _, part := range []string{i.System, i.Value} {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

var facilityForm = regexp.MustCompile(`^[0-9]{5}$`)

// oneFacility is the facility's code that the identifiers have among them, if they agree on one.
func oneFacility(list []instance) string {
	out := ""
	for _, i := range list {
		v := strings.TrimSpace(i.Value)
		if !facilityForm.MatchString(v) {
			continue
		}
		if out != "" && out != v {
			return ""
		}
		out = v
	}
	return out
}

// cdaHead is what is looked for in the header of a CDA document.
type cdaHead struct {
	ID        instance   `xml:"id"`
	SetID     instance   `xml:"setId"`
	Custodian []instance `xml:"custodian>assignedCustodian>representedCustodianOrganization>id"`
}

// id prefers setId, which all versions of a document share.
func (c *cdaHead) id() []string {
	if key := c.SetID.key(); len(key) > 0 {
		return key
	}
	return c.ID.key()
}
