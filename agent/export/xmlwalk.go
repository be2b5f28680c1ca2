package export

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"tramsync/sync/wire"
)

// xmlVisitor is told what an XML text consists of. Text is text between tags, or what else holds words, under a name
// like #comment.
type xmlVisitor interface {
	open(t xml.StartElement) error
	close() error
	text(name, value string) error
}

const maxName = 256 // bytes of an element's name: paths are made of 64 of them

// xmlWalk goes over an XML text of rows once, holding a token at a time.
type xmlWalk struct {
	dec      *xml.Decoder
	in       *cleanReader
	left     *budget
	stack    []xml.Name
	roots    int
	elements int
	row      int   // number of the row that the walk is in, else 0
	at       int64 // where the token begins
	line     int
}

// walkXML proves the text to be well formed to its end.
func walkXML(t text, visitor func(*xmlWalk) xmlVisitor) error {
	left := &budget{in: io.NewSectionReader(t, 0, t.size)}
	in := &cleanReader{r: left}
	w := &xmlWalk{dec: wire.NewXMLReader(in), in: in, left: left}
	v := visitor(w)
	for {
		w.left.grant(maxRow)
		w.at = w.dec.InputOffset()
		w.line, _ = w.dec.InputPos()
		tok, err := w.dec.RawToken()
		if errors.Is(err, io.EOF) && len(w.stack) == 0 && w.roots > 0 {
			return nil
		}
		if err != nil {
			return w.syntax(err)
		}
		if err := w.token(tok, v); err != nil {
			return err
		}
	}
}

func (w *xmlWalk) token(tok xml.Token, v xmlVisitor) error {
	switch t := tok.(type) {
	case xml.StartElement:
		w.elements++
		if len(w.stack) >= maxDepth || w.elements > maxElements || len(t.Name.Local) > maxName {
			return w.fault(wire.SyntaxLimit)
		}
		if len(w.stack) == 0 {
			if w.roots++; w.roots > 1 {
				return w.fault(wire.SyntaxNesting)
			}
		}
		w.stack = append(w.stack, t.Name)
		return v.open(t)
	case xml.EndElement:
		n := len(w.stack)
		if n == 0 || w.stack[n-1] != t.Name {
			return w.fault(wire.SyntaxNesting)
		}
		if err := v.close(); err != nil {
			return err
		}
		w.stack = w.stack[:n-1]
		return nil
	case xml.CharData:
		if len(w.stack) == 0 && strings.TrimSpace(string(t)) != "" {
			return w.fault(wire.SyntaxMalformed)
		}
		return v.text("", string(t))
	default:
		name, value := besideElements(tok)
		return v.text(name, value)
	}
}

func besideElements(tok xml.Token) (name, value string) {
	switch t := tok.(type) {
	case xml.Comment:
		return "#comment", string(t)
	case xml.ProcInst:
		if t.Target != "xml" {
			return "#instruction", t.Target + " " + string(t.Inst)
		}
	case xml.Directive:
		return "#directive", string(t)
	}
	return "", ""
}

// attributes are an element's, but for the names of namespaces.
func attributes(t xml.StartElement) []xml.Attr {
	out := t.Attr[:0:0]
	for _, a := range t.Attr {
		if a.Name.Local != "xmlns" && a.Name.Space != "xmlns" {
			out = append(out, a)
		}
	}
	return out
}

func (w *xmlWalk) fault(code string) error {
	line, _ := w.dec.InputPos()
	return &FormatError{Code: code, Row: w.row, Line: line, Offset: w.dec.InputOffset()}
}

func (w *xmlWalk) syntax(err error) error {
	if se, ok := asSyntax(wire.XMLFault(w.dec, err)); ok {
		return &FormatError{Code: se.Code, Row: w.row, Line: se.Line, Offset: se.Offset}
	}
	switch {
	case errors.Is(w.in.err, errBudget):
		return w.fault("row-size")
	case w.in.err != nil && !errors.Is(w.in.err, io.EOF):
		return readFault(w.in.err)
	}
	return w.fault(wire.SyntaxMalformed)
}
