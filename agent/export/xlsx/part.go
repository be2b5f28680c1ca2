package xlsx

import (
	"encoding/xml"
	"errors"
	"io"
)

const (
	maxDepth = 64
	readRoom = 64 << 10 // what the readers may have read ahead
)

// part is one XML part while it is read. Elements are told by their local names: strict and transitional workbooks
// differ in namespaces only.
type part struct {
	src  *source
	rc   io.ReadCloser
	dec  *xml.Decoder
	left int64 // bytes that may still be read before something complete comes
	open []string
}

func (a *archive) xml(name string) (*part, error) {
	rc, err := a.open(name)
	if err != nil {
		return nil, err
	}
	p := &part{src: a.src, rc: rc}
	p.dec = xml.NewDecoder(p)
	return p, nil
}

// Read unpacks as much as is granted.
func (p *part) Read(b []byte) (int, error) {
	if p.left <= 0 {
		return 0, errLimit
	}
	n, err := p.rc.Read(b)
	p.left -= int64(n)
	return n, err
}

// grant allows for n bytes from here on.
func (p *part) grant(n int64) { p.left = n + readRoom }

func (p *part) close() { p.rc.Close() } //nolint:errcheck // nothing was written

// next gives the next start or end tag or text; io.EOF at the end of a whole document.
func (p *part) next() (xml.Token, error) {
	tok, err := p.dec.RawToken()
	if errors.Is(err, io.EOF) && len(p.open) == 0 && p.src.err == nil {
		return nil, io.EOF
	}
	if err != nil {
		return nil, p.src.judge(err, Damaged)
	}
	switch t := tok.(type) {
	case xml.StartElement:
		if len(p.open) == maxDepth {
			return nil, fault(Limit)
		}
		p.open = append(p.open, t.Name.Local)
	case xml.EndElement:
		if len(p.open) == 0 || p.open[len(p.open)-1] != t.Name.Local {
			return nil, fault(Damaged)
		}
		p.open = p.open[:len(p.open)-1]
	}
	return tok, nil
}

// within reports whether the innermost elements that are open have these names.
func (p *part) within(names ...string) bool {
	if len(p.open) < len(names) {
		return false
	}
	for i, name := range names {
		if p.open[len(p.open)-len(names)+i] != name {
			return false
		}
	}
	return true
}

// attr is the value of an attribute without a prefix, or "".
func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}
