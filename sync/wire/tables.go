package wire

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Table is one document read as rows.
type Table struct {
	Name string // XML1 … XML15, HSSK831, CDA, FHIR, or what LOAIHOSO says
	Rows []TableRow
}

// TableRow is one record of a table: an element with fields. Wrappers around records are ignored, as exporters
// write two, one or none.
type TableRow struct {
	Element string
	Fields  []Field
	// Start and End are the element's range in CleanXML(document).
	Start, End int64
}

// Field is a leaf element of a record, or what else can hold text: an attribute (name Element@attribute), a comment
// (#comment), a processing instruction (#instruction), a directive (#directive), running text (#text) or a member of a
// JSON object.
type Field struct {
	Name, Value string
	Start, End  int64 // the element's range in CleanXML(document); 0, 0 for what isn't one, or stands deeper inside
}

// Value is the text of the first field called name, or "".
func (r *TableRow) Value(name string) string {
	for i := range r.Fields {
		if r.Fields[i].Name == name {
			return r.Fields[i].Value
		}
	}
	return ""
}

// RecordElement is the name of a table's record element (QĐ 4750/QĐ-BYT and QĐ 4210/QĐ-BYT, appendices), or "" for
// tables we don't know.
func RecordElement(table string) string {
	switch table {
	case "XML0":
		return "TRANG_THAI_KCB"
	case "XML1":
		return "TONG_HOP"
	case "XML2":
		return "CHI_TIET_THUOC"
	case "XML3":
		return "CHI_TIET_DVKT"
	case "XML4":
		return "CHI_TIET_CLS"
	case "XML5":
		return "CHI_TIET_DIEN_BIEN_BENH"
	case "XML6":
		return "HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS"
	case "XML7":
		return "CHI_TIEU_DU_LIEU_GIAY_RA_VIEN"
	case "XML8":
		return "CHI_TIEU_DU_LIEU_TOM_TAT_HO_SO_BENH_AN"
	case "XML9":
		return "DU_LIEU_GIAY_CHUNG_SINH"
	case "XML10":
		return "CHI_TIEU_DU_LIEU_GIAY_NGHI_DUONG_THAI"
	case "XML11":
		return "CHI_TIEU_DU_LIEU_GIAY_CHUNG_NHAN_NGHI_VIEC_HUONG_BAO_HIEM_XA_HOI"
	case "XML12":
		return "GIAM_DINH_Y_KHOA"
	case "XML13":
		return "CHI_TIEU_GIAYCHUYENTUYEN"
	case "XML14":
		return "CHI_TIEU_GIAYHEN_KHAMLAI"
	case "XML15":
		return "CHITIET_DIEUTRI_BENHLAO"
	default:
		return ""
	}
}

// Records are the rows whose element is the table's record element; of a table without one, or where no row has
// that name, all rows.
func (t *Table) Records() []TableRow {
	name := RecordElement(t.Name)
	var list []TableRow
	for i := range t.Rows {
		if t.Rows[i].Element == name {
			list = append(list, t.Rows[i])
		}
	}
	if len(list) == 0 {
		return t.Rows
	}
	return list
}

// Tables reads all documents of the visit. An error is about the first that can't be read and names it.
func (v *Visit) Tables() ([]Table, error) {
	tables := make([]Table, 0, len(v.Documents))
	for i := range v.Documents {
		t, err := ParseTable(v.Documents[i].Type, v.Documents[i].Bytes())
		if err != nil {
			return nil, fmt.Errorf("document %d (%s): %w", i+1, v.Documents[i].Type, err)
		}
		tables = append(tables, t)
	}
	return tables, nil
}

// ParseTable reads a document as rows. A row is an element that has a leaf child with text in it, an attribute or a
// comment: an empty wrapper, as some exporters write for every table and everybody, gives none. A document that is none
// of QĐ 4750's tables may also be JSON, HTML or plain text, and hold other documents: all of it is in the rows (see
// parseOther). Errors are SyntaxErrors.
func ParseTable(name string, document []byte) (Table, error) {
	if RecordElement(name) == "" {
		return parseOther(name, document)
	}
	return parseXML(name, CleanXML(document))
}

// parseXML reads a text that CleanXML has made.
func parseXML(name string, text []byte) (Table, error) {
	if i := ValidUTF8(text); i >= 0 {
		return Table{}, syntaxAt(text, int64(i), SyntaxUTF8)
	}
	p := tableParser{table: Table{Name: name}}
	p.in = ScanXML(string(text))
	if err := p.run(); err != nil {
		return Table{}, err
	}
	return p.table, nil
}

type openElement struct {
	name     xml.Name
	start    int64
	text     string // what stands in it
	more     []byte // that, when it comes in several pieces
	children bool
	fields   []Field
	filled   bool // a field has text
}

type tableParser struct {
	table Table
	in    *XMLScanner
	stack []openElement
	count int
	roots int
	width int // fields of the last row: the next will have as many
}

const maxWidth = 64 // room made for a row beforehand, as much as XML1 needs

func (p *tableParser) run() error {
	for {
		t, err := p.in.Next()
		switch {
		case errors.Is(err, io.EOF) && len(p.stack) == 0 && p.roots > 0:
			return nil
		case errors.Is(err, io.EOF):
			return p.fault(SyntaxTruncated)
		case err != nil:
			return err
		}
		if err := p.token(t); err != nil {
			return err
		}
	}
}

func (p *tableParser) token(t *XMLToken) error {
	switch t.Kind {
	case XMLStart:
		return p.open(t)
	case XMLEnd:
		return p.close(t)
	case XMLText:
		if n := len(p.stack); n > 0 {
			p.stack[n-1].add(t.Text)
		} else if strings.TrimSpace(t.Text) != "" {
			return p.fault(SyntaxMalformed)
		}
	case XMLComment:
		p.note(Field{Name: "#comment", Value: t.Text})
	case XMLDirective:
		p.note(Field{Name: "#directive", Value: t.Text})
	case XMLInstruction:
		if t.Name.Local != "xml" {
			p.note(Field{Name: "#instruction", Value: t.Text})
		}
	}
	return nil
}

// add puts text behind what there is.
func (e *openElement) add(text string) {
	switch {
	case e.text == "" && len(e.more) == 0:
		e.text = text
	case len(e.more) == 0:
		e.more = append(append(e.more, e.text...), text...)
	default:
		e.more = append(e.more, text...)
	}
}

// value is all of it.
func (e *openElement) value() string {
	if len(e.more) == 0 {
		return e.text
	}
	return string(e.more)
}

func (p *tableParser) open(t *XMLToken) error {
	if p.count++; p.count > maxElements || len(p.stack) >= maxDepth {
		return p.fault(SyntaxLimit)
	}
	if len(p.stack) == 0 {
		if p.roots++; p.roots > 1 {
			return p.fault(SyntaxNesting)
		}
	} else {
		p.stack[len(p.stack)-1].children = true
	}
	p.push(t.Name, t.Start)
	for _, a := range t.Attr {
		if a.Name.Local == "xmlns" || a.Name.Space == "xmlns" {
			continue
		}
		p.note(Field{Name: t.Name.Local + "@" + a.Name.Local, Value: a.Value})
	}
	return nil
}

// push puts an element on the stack, with the room for text that an element before it had there.
func (p *tableParser) push(name xml.Name, at int64) {
	n := len(p.stack)
	if n == cap(p.stack) {
		p.stack = append(p.stack, openElement{})
	}
	p.stack = p.stack[:n+1]
	p.stack[n] = openElement{name: name, start: at, more: p.stack[n].more[:0]}
}

// note adds what isn't an element to the innermost open one, or, outside all, to a row of its own.
func (p *tableParser) note(f Field) {
	if strings.TrimSpace(f.Value) == "" {
		return
	}
	if n := len(p.stack); n > 0 {
		p.stack[n-1].fields = append(p.stack[n-1].fields, f)
		p.stack[n-1].filled = true
		return
	}
	p.table.Rows = append(p.table.Rows, TableRow{Element: "", Fields: []Field{f}})
}

func (p *tableParser) close(t *XMLToken) error {
	n := len(p.stack)
	if n == 0 || p.stack[n-1].name != t.Name {
		return p.fault(SyntaxNesting)
	}
	e := &p.stack[n-1]
	end := t.End
	name, text := e.name.Local, e.value()
	filled := strings.TrimSpace(text) != ""
	if e.children || n == 1 {
		if filled {
			e.fields, e.filled = append(e.fields, Field{Name: name, Value: text, Start: e.start, End: end}), true
		}
		if e.filled {
			p.table.Rows = append(p.table.Rows, TableRow{Element: name, Fields: e.fields, Start: e.start, End: end})
			p.width = min(len(e.fields), maxWidth)
		}
	} else {
		parent := &p.stack[n-2]
		if parent.fields == nil {
			parent.fields = make([]Field, 0, p.width)
		}
		parent.fields = append(append(parent.fields, e.fields...),
			Field{Name: name, Value: text, Start: e.start, End: end})
		parent.filled = parent.filled || e.filled || filled
	}
	p.stack = p.stack[:n-1]
	return nil
}

func (p *tableParser) fault(code string) error {
	return &SyntaxError{Offset: p.in.Offset(), Line: p.in.Line(), Code: code}
}
