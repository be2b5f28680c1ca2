package export

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"tramsync/sync/wire"
)

const (
	maxDepth    = 64
	maxElements = 50_000_000
	maxName     = 256 // bytes of an element's name: paths are made of 64 of them
)

// xmlVisitor is told what an XML text consists of. Text is text between tags, or what else holds words, under a name
// like #comment.
type xmlVisitor interface {
	open(t *wire.XMLToken) error
	close(t *wire.XMLToken) error
	text(name, value string) error
}

// xmlWalk goes over an XML text once, holding a token at a time, and says where it is.
type xmlWalk struct {
	in       *wire.XMLScanner
	longTag  string    // code of the fault that a tag over the limit is
	longText string    // or a text between the records
	stack    []element // that are open where the token begins
	elements int
	at       int64 // where the token begins
	line     int
	hoSo     int // number of the HOSO or HOSOSUCKHOE that the walk is in, else 0
	row      int // or of the row
}

type element struct {
	name  xml.Name
	after int64 // end of its start tag
}

// newXMLWalk makes a walk that refuses tokens of more than limit bytes, with faults of the codes longTag and longText:
// an unclosed quotation mark can't draw a whole file into memory.
func newXMLWalk(t text, limit int, longTag, longText string) *xmlWalk {
	clean := &cleanReader{r: io.NewSectionReader(t, 0, t.size)}
	return &xmlWalk{in: wire.NewXMLScanner(clean, limit), longTag: longTag, longText: longText}
}

// run proves the text to be well formed to its end.
func (w *xmlWalk) run(v xmlVisitor) error {
	for {
		w.at, w.line = w.in.Offset(), w.in.Line()
		t, err := w.in.Next()
		switch {
		case errors.Is(err, io.EOF) && len(w.stack) == 0 && w.elements > 0:
			return nil
		case errors.Is(err, io.EOF):
			return w.fault(wire.SyntaxTruncated)
		case err != nil:
			return w.unread(err)
		}
		if err := w.token(t, v); err != nil {
			return err
		}
	}
}

func (w *xmlWalk) token(t *wire.XMLToken, v xmlVisitor) error {
	n := len(w.stack)
	switch t.Kind {
	case wire.XMLStart:
		w.elements++
		switch {
		case n >= maxDepth || w.elements > maxElements || len(t.Name.Local) > maxName:
			return w.fault(wire.SyntaxLimit)
		case n == 0 && w.elements > 1:
			return w.fault(wire.SyntaxNesting)
		}
		if err := v.open(t); err != nil {
			return err
		}
		w.stack = append(w.stack, element{name: t.Name, after: t.End})
	case wire.XMLEnd:
		if n == 0 || w.stack[n-1].name != t.Name {
			return w.fault(wire.SyntaxNesting)
		}
		if err := v.close(t); err != nil {
			return err
		}
		w.stack = w.stack[:n-1]
	case wire.XMLText:
		if n == 0 && strings.TrimSpace(t.Text) != "" {
			return w.fault(wire.SyntaxMalformed)
		}
		return v.text("", t.Text)
	default:
		return v.text(aside(t))
	}
	return nil
}

// field is a note of what stands around records. It lets go of the text that its strings are parts of.
func field(name, value string) wire.Field {
	return wire.Field{Name: strings.Clone(name), Value: strings.Clone(value)}
}

// inside is the name of the element that the token stands in, or "".
func (w *xmlWalk) inside() string {
	if n := len(w.stack); n > 0 {
		return w.stack[n-1].name.Local
	}
	return ""
}

// aside names what is neither element nor text: comments, processing instructions, document types.
func aside(t *wire.XMLToken) (name, value string) {
	switch t.Kind {
	case wire.XMLComment:
		return "#comment", t.Text
	case wire.XMLInstruction:
		if t.Name.Local != "xml" {
			return "#instruction", t.Name.Local + " " + t.Text
		}
	case wire.XMLDirective:
		return "#directive", t.Text
	}
	return "", ""
}

// attributes are an element's, but for the names of namespaces.
func attributes(t *wire.XMLToken) []xml.Attr {
	return slices.DeleteFunc(t.Attr, func(a xml.Attr) bool { return a.Name.Local == "xmlns" || a.Name.Space == "xmlns" })
}

// fault is a fault of the token that was read, or of what it ends.
func (w *xmlWalk) fault(code string) *FormatError {
	return &FormatError{Code: code, HoSo: w.hoSo, Row: w.row, Line: w.in.Line(), Offset: w.in.Offset()}
}

// unread is the fault that an error of the scanner is.
func (w *xmlWalk) unread(err error) error {
	_, isSyntax := asSyntax(err)
	switch {
	case isSyntax:
		return located(err, FormatError{HoSo: w.hoSo, Row: w.row})
	case errors.Is(err, wire.ErrLongText) && w.hoSo == 0 && w.row == 0:
		return w.fault(w.longText)
	case errors.Is(err, wire.ErrLongToken):
		return w.fault(w.longTag)
	}
	return readFault(err)
}
