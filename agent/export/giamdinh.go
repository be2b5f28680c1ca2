package export

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"tramsync/sync/wire"
)

const rootGiamDinh = "GIAMDINHHS"

// layout is what a first look over a GIAMDINHHS file finds: where each HOSO stands, and what stands around them.
type layout struct {
	hoso   [][2]int64 // ranges of the HOSO elements
	sender string     // THONGTINDONVI/MACSKCB
	count  string     // SOLUONGHOSO
	signed bool       // CHUKYDONVI holds something
	around wire.Table // leaf elements and comments outside the HOSO and the signature
	root   string
}

// decodeGiamDinh reads a file in two passes: the first proves that it is whole and finds the HOSO, the second reads them one by one. What stands behind the last HOSO (the
// signature) belongs to each of them.
func decodeGiamDinh(src Source, s Settings, each func(*Record) error) error {
	t, err := openText(src)
	if err != nil {
		return err
	}
	lay, err := scan(t)
	if err != nil {
		return err
	}
	if lay.root != rootGiamDinh {
		if table := tableOfRoot(lay.root); table != "" {
			return decodeBare(src, t, table, s, each)
		}
		return &FormatError{Code: "root"}
	}
	return decodeHoSos(src, t, lay, s, each)
}

func decodeHoSos(src Source, t text, lay *layout, s Settings, each func(*Record) error) error {
	n := len(lay.hoso)
	if n == 0 {
		return nil
	}
	first, last := lay.hoso[0], lay.hoso[n-1]
	if first[0]+t.size-last[1] > maxEnvelope {
		return &FormatError{Code: "envelope"}
	}
	head, err := readRange(t, 0, first[0])
	if err != nil {
		return err
	}
	tail, err := readRange(t, last[1], t.size)
	if err != nil {
		return err
	}
	for i, r := range lay.hoso {
		body, err := readRange(t, r[0], r[1])
		if err != nil {
			return err
		}
		h := hoSo{number: i + 1, head: head, body: body, tail: tail, layout: lay, encoding: t.encoding, settings: s}
		rec, err := h.record()
		if err != nil {
			return err
		}
		if rec == nil {
			continue
		}
		if n == 1 {
			if rec.original, err = readRange(src, 0, src.Size()); err != nil {
				return err
			}
		}
		if err := each(rec); err != nil {
			return err
		}
	}
	return nil
}

// scanner walks over a file once.
type scanner struct {
	layout
	dec       *xml.Decoder
	stack     []string
	start     int64 // of the current HOSO
	inHoSo    bool
	signature int // depth of CHUKYDONVI while inside, else 0
	elements  int
	text      strings.Builder // of the innermost element outside HOSO and signature
}

const (
	maxDepth    = 64
	maxElements = 50_000_000
	maxNotes    = 64 << 10 // bytes of text kept from around the HOSO
)

func scan(t text) (*layout, error) {
	sc := &scanner{dec: wire.NewXMLReader(&cleanReader{r: io.NewSectionReader(t, 0, t.size)})}
	sc.around = wire.Table{Name: "FILE", Rows: []wire.TableRow{{Element: "file"}}}
	for {
		at := sc.dec.InputOffset()
		tok, err := sc.dec.RawToken()
		if errors.Is(err, io.EOF) {
			if len(sc.stack) > 0 || sc.root == "" {
				return nil, sc.syntax(io.ErrUnexpectedEOF)
			}
			return &sc.layout, nil
		}
		if err != nil {
			return nil, sc.syntax(err)
		}
		if err := sc.token(tok, at); err != nil {
			return nil, err
		}
	}
}

func (sc *scanner) token(tok xml.Token, at int64) error {
	switch t := tok.(type) {
	case xml.StartElement:
		return sc.open(t, at)
	case xml.EndElement:
		return sc.close(t.Name.Local)
	case xml.CharData:
		switch {
		case sc.inHoSo:
		case sc.signature > 0:
			sc.signed = sc.signed || strings.TrimSpace(string(t)) != ""
		default:
			sc.text.Write(t)
		}
	case xml.Comment:
		if !sc.inHoSo && sc.signature == 0 {
			return sc.note("#comment", string(t))
		}
	}
	return nil
}

func (sc *scanner) open(t xml.StartElement, at int64) error {
	name := t.Name.Local
	if sc.elements++; len(sc.stack) >= maxDepth || sc.elements > maxElements {
		return sc.fault(wire.SyntaxLimit)
	}
	if len(sc.stack) == 0 {
		if sc.root != "" {
			return sc.fault(wire.SyntaxNesting)
		}
		sc.root = name
	}
	switch {
	case sc.signature > 0:
		sc.signed = true
	case sc.inHoSo:
	case name == "HOSO":
		sc.inHoSo, sc.start = true, at
	case name == "CHUKYDONVI":
		sc.signature = len(sc.stack) + 1
	case name == "FILEHOSO" && sc.root == rootGiamDinh:
		return sc.fault("filehoso")
	}
	sc.stack = append(sc.stack, name)
	sc.text.Reset()
	return nil
}

func (sc *scanner) close(name string) error {
	n := len(sc.stack)
	if n == 0 || sc.stack[n-1] != name {
		return sc.fault(wire.SyntaxNesting)
	}
	sc.stack = sc.stack[:n-1]
	switch {
	case sc.inHoSo && name == "HOSO":
		sc.inHoSo = false
		sc.hoso = append(sc.hoso, [2]int64{sc.start, sc.dec.InputOffset()})
		if sc.dec.InputOffset()-sc.start > maxHoSo {
			return &FormatError{Code: "too-large", HoSo: len(sc.hoso)}
		}
	case sc.inHoSo:
	case sc.signature > 0:
		if len(sc.stack) < sc.signature {
			sc.signature = 0
		}
	default:
		return sc.leaf(name)
	}
	return nil
}

// leaf keeps the text of an element outside the HOSO.
func (sc *scanner) leaf(name string) error {
	value := strings.TrimSpace(sc.text.String())
	sc.text.Reset()
	switch {
	case value == "":
		return nil
	case name == "MACSKCB" && sc.sender == "":
		sc.sender = value
	case name == "SOLUONGHOSO":
		sc.count = value
	}
	return sc.note(name, value)
}

func (sc *scanner) note(name, value string) error {
	row := &sc.around.Rows[0]
	if len(row.Fields) > 1000 || len(value) > maxNotes {
		if sc.root == rootGiamDinh {
			return sc.fault("envelope")
		}
		return nil
	}
	row.Fields = append(row.Fields, wire.Field{Name: name, Value: value})
	return nil
}

func (sc *scanner) fault(code string) error {
	line, _ := sc.dec.InputPos()
	return &FormatError{Code: code, HoSo: sc.number(), Line: line, Offset: sc.dec.InputOffset()}
}

func (sc *scanner) syntax(err error) error {
	return located(wire.XMLFault(sc.dec, err), FormatError{HoSo: sc.number()})
}

func (sc *scanner) number() int {
	if sc.inHoSo {
		return len(sc.hoso) + 1
	}
	return 0
}

// located turns a syntax error into a FormatError at a place; other errors stay as they are.
func located(err error, at FormatError) error {
	var se *wire.SyntaxError
	if !errors.As(err, &se) {
		return err
	}
	at.Line, at.Offset, at.Code = se.Line, se.Offset, se.Code
	return &at
}

// countFinding compares SOLUONGHOSO with the truth: a finding, not a failure.
func (l *layout) countFinding() []wire.Finding {
	if l.count == "" {
		return nil
	}
	if n, err := strconv.Atoi(l.count); err == nil && n == len(l.hoso) {
		return nil
	}
	return []wire.Finding{{Code: "hoso-count", At: "SOLUONGHOSO"}}
}

// cleanReader blanks the control characters that XML forbids, and byte order marks, keeping every offset.
type cleanReader struct {
	r    io.Reader
	held []byte // the beginning of what may become a byte order mark
	out  []byte
	err  error
	buf  [32 << 10]byte
}

func (c *cleanReader) Read(p []byte) (int, error) {
	for len(c.out) == 0 {
		if c.err != nil {
			return 0, c.err
		}
		n := copy(c.buf[:], c.held)
		c.held = c.held[:0]
		var m int
		m, c.err = c.r.Read(c.buf[n:])
		chunk := c.buf[:n+m]
		if c.err == nil {
			keep := heldBack(chunk)
			c.held = append(c.held, chunk[len(chunk)-keep:]...)
			chunk = chunk[:len(chunk)-keep]
		}
		c.out = blank(chunk)
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

// heldBack says how many bytes at the end of b might begin a byte order mark.
func heldBack(b []byte) int {
	switch n := len(b); {
	case n >= 2 && b[n-2] == 0xEF && b[n-1] == 0xBB:
		return 2
	case n >= 1 && b[n-1] == 0xEF:
		return 1
	}
	return 0
}

func blank(b []byte) []byte {
	for i, ch := range b {
		switch {
		case ch < 0x20 && ch != '\t' && ch != '\n' && ch != '\r':
			b[i] = ' '
		case ch == 0xEF && i+2 < len(b) && b[i+1] == 0xBB && b[i+2] == 0xBF:
			b[i], b[i+1], b[i+2] = ' ', ' ', ' '
		}
	}
	return b
}
