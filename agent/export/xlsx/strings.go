package xlsx

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// Limits of the shared strings, the one thing that is held whole.
const (
	maxStrings     = 64 << 20 // bytes
	maxStringCount = 4 << 20
)

// table is the shared strings, one behind the other: half the memory of a slice of strings.
type table struct {
	text []byte
	ends []uint32
}

// at gives string i.
func (t *table) at(i int) (string, bool) {
	if i < 0 || i >= len(t.ends) {
		return "", false
	}
	from := uint32(0)
	if i > 0 {
		from = t.ends[i-1]
	}
	return string(t.text[from:t.ends[i]]), true
}

func (w *Workbook) readStrings(name string) error {
	p, err := w.archive.xml(name)
	if err != nil {
		return err
	}
	defer p.close()
	for {
		p.grant(MaxRowBytes)
		tok, err := p.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if t, ok := tok.(xml.StartElement); !ok || t.Name.Local != "si" {
			continue
		}
		s, err := p.richText()
		if err != nil {
			return err
		}
		if len(w.strings.text)+len(s) > maxStrings || len(w.strings.ends) == maxStringCount {
			return fault(Limit)
		}
		w.strings.text = append(w.strings.text, s...)
		w.strings.ends = append(w.strings.ends, uint32(len(w.strings.text)))
	}
}

// richText joins the runs of a string whose start tag was read. How it is pronounced (rPh) is left out.
func (p *part) richText() (string, error) {
	var b strings.Builder
	for depth := len(p.open); len(p.open) >= depth; {
		tok, err := p.next()
		if err != nil {
			return "", orDamaged(err)
		}
		t, ok := tok.(xml.CharData)
		if !ok || !p.within("t") || p.within("rPh", "t") {
			continue
		}
		if b.Len()+len(t) > MaxRowBytes {
			return "", fault(RowSize)
		}
		b.Write(t)
	}
	return unescape(b.String()), nil
}

// orDamaged makes an end where none may be a fault.
func orDamaged(err error) error {
	if errors.Is(err, io.EOF) {
		return fault(Damaged)
	}
	return err
}

// unescape undoes _xHHHH_, as which characters that XML can't hold are written (ST_Xstring, ECMA-376 part 1,
// 22.9.2.19).
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		at := strings.Index(s, "_x")
		if at < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:at])
		s = s[at:]
		if len(s) >= 7 && s[6] == '_' {
			if n, err := strconv.ParseUint(s[2:6], 16, 16); err == nil && (n < 0xD800 || n > 0xDFFF) {
				b.WriteRune(rune(n))
				s = s[7:]
				continue
			}
		}
		b.WriteString(s[:2])
		s = s[2:]
	}
}
