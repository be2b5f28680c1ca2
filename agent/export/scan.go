package export

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"tramsync/sync/wire"
)

const (
	rootGiamDinh = "GIAMDINHHS"
	rootCheckUp  = "KHAMSUCKHOE"
)

// layout is what a first look over a file finds: where each HOSO stands, and what stands around them.
type layout struct {
	root   string
	family family
	hoso   [][2]int64 // ranges of the HOSO elements, or of the FILEHOSO that stand side by side without one
	head   int64      // a visit keeps the text before head and from tail on. With several HOSO that leaves out
	tail   int64      // what stands beside them: it may be another's
	sender string     // THONGTINDONVI/MACSKCB
	count  string     // SOLUONGHOSO
	signed bool       // CHUKYDONVI holds something
	around wire.Table // what stands in head and tail
}

// family is what kind of file a root element begins.
type family uint8

const (
	bareTable family = iota
	giamDinh
	checkUp
	renamed // GIAMDINHHS under a name of the feed's settings
)

func (s family) enveloped() bool { return s != bareTable }

// loose: FILEHOSO may stand side by side without a HOSO around them, as one visit.
func (s family) loose() bool { return s == checkUp || s == renamed }

// familyOf tells a root element, or reports that none of ours has that name.
func familyOf(root string, roots []string) (family, bool) {
	switch {
	case root == rootGiamDinh:
		return giamDinh, true
	case root == rootCheckUp:
		return checkUp, true
	case slices.ContainsFunc(roots, func(name string) bool { return strings.EqualFold(name, root) }):
		return renamed, true
	}
	return bareTable, wire.TableOf(root) != ""
}

const (
	maxDepth    = 64
	maxElements = 50_000_000
	maxNotes    = 64 << 10 // bytes of one text around the HOSO
	maxNoted    = 1000     // such texts
)

// scanner walks over a file once.
type scanner struct {
	layout
	roots     []string
	in        *wire.XMLScanner
	size      int64
	stack     []element
	path      string // elements that the HOSO stand in
	parent    int    // depth of the innermost of these
	depth     int    // of the current HOSO, else 0
	start     int64  // of it
	signature int    // depth of CHUKYDONVI while inside, else 0
	elements  int
	text      strings.Builder // seen since the last tag, outside HOSO
	notes     []note
	kept      int  // notes before the last HOSO's end
	loose     bool // FILEHOSO without a HOSO around them are the file's one visit
}

type element struct {
	name  xml.Name
	after int64 // end of its start tag
}

// note is a text around the HOSO and where it stands. A fault of it counts only where it would be kept.
type note struct {
	field wire.Field
	at    int64
	fault string
}

func scan(t text, roots []string) (*layout, error) {
	clean := &cleanReader{r: io.NewSectionReader(t, 0, t.size)}
	sc := &scanner{roots: roots, in: wire.NewXMLScanner(clean, maxHoSo), size: t.size}
	for {
		tok, err := sc.in.Next()
		switch {
		case errors.Is(err, io.EOF) && len(sc.stack) == 0 && sc.root != "":
			return sc.finish()
		case errors.Is(err, io.EOF):
			return nil, sc.fault(wire.SyntaxTruncated)
		case err != nil:
			return nil, sc.syntax(err)
		}
		if err := sc.token(tok); err != nil {
			return nil, err
		}
	}
}

func (sc *scanner) token(t *wire.XMLToken) error {
	switch t.Kind {
	case wire.XMLStart:
		return sc.open(t)
	case wire.XMLEnd:
		return sc.close(t)
	case wire.XMLText:
		switch {
		case len(sc.stack) == 0 && strings.TrimSpace(t.Text) != "":
			return sc.fault(wire.SyntaxMalformed)
		case sc.depth == 0 && sc.family.enveloped():
			if sc.text.WriteString(t.Text); sc.text.Len() > maxNotes {
				return sc.fault("envelope")
			}
		}
	default:
		if name, value := aside(t); sc.depth == 0 {
			return sc.note(name, value, t.Start)
		}
	}
	return nil
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

func (sc *scanner) open(t *wire.XMLToken) error {
	name := t.Name.Local
	if sc.elements++; len(sc.stack) >= maxDepth || sc.elements > maxElements {
		return sc.fault(wire.SyntaxLimit)
	}
	if len(sc.stack) == 0 {
		if sc.root != "" {
			return sc.fault(wire.SyntaxNesting)
		}
		if err := sc.openRoot(name); err != nil {
			return err
		}
	}
	if err := sc.flush(t.Start); err != nil {
		return err
	}
	if err := sc.enter(name, t.Start); err != nil {
		return err
	}
	for _, a := range t.Attr {
		if sc.depth == 0 && a.Name.Local != "xmlns" && a.Name.Space != "xmlns" {
			if err := sc.note(name+"@"+a.Name.Local, a.Value, t.Start); err != nil {
				return err
			}
		}
	}
	sc.stack = append(sc.stack, element{name: t.Name, after: t.End})
	return nil
}

func (sc *scanner) openRoot(name string) error {
	known := false
	sc.root = name
	sc.family, known = familyOf(name, sc.roots)
	switch {
	case !known:
		return sc.fault("root")
	case !sc.family.enveloped() && sc.size > maxInMemory:
		return sc.fault("too-large")
	}
	return nil
}

// enter keeps account of where the scanner is: in a HOSO, in the signature or around both.
func (sc *scanner) enter(name string, at int64) error {
	switch {
	case sc.depth > 0: // split looks at it
	case sc.family.enveloped() && name == "HOSO":
		return sc.openHoSo(at)
	case sc.family.loose() && name == "FILEHOSO":
		return sc.openLoose(at)
	case sc.family.enveloped() && (name == "FILEHOSO" || name == "NOIDUNGFILE"):
		return sc.fault("filehoso")
	case sc.signature > 0:
		sc.signed = true
	case name == "CHUKYDONVI":
		sc.signature = len(sc.stack) + 1
	}
	return nil
}

// openHoSo insists that all HOSO stand in elements of the same names, or head, body and tail of one would be no XML.
func (sc *scanner) openHoSo(at int64) error {
	var path strings.Builder
	for _, e := range sc.stack {
		path.WriteString("/" + e.name.Space + ":" + e.name.Local)
	}
	switch {
	case sc.signature > 0 || len(sc.stack) == 0:
		return sc.fault("hoso")
	case len(sc.hoso) == 0:
		sc.path, sc.parent, sc.head = path.String(), len(sc.stack), sc.stack[len(sc.stack)-1].after
	case path.String() != sc.path:
		return sc.fault("hoso")
	default:
		sc.notes = sc.notes[:sc.kept] // what stood between two HOSO is kept by neither
	}
	sc.start, sc.depth = at, len(sc.stack)+1
	return nil
}

// openLoose makes the FILEHOSO that stand side by side in one element one visit, with what is between them.
func (sc *scanner) openLoose(at int64) error {
	depth := len(sc.stack)
	switch {
	case sc.signature > 0 || depth == 0:
		return sc.fault("filehoso")
	case len(sc.hoso) == 0:
		sc.loose, sc.parent = true, depth
	case !sc.loose || sc.tail != 0 || depth != sc.parent:
		return sc.fault("filehoso")
	default:
		at, sc.hoso = sc.hoso[0][0], nil
	}
	sc.start, sc.depth = at, depth+1
	return nil
}

func (sc *scanner) close(t *wire.XMLToken) error {
	n := len(sc.stack)
	if n == 0 || sc.stack[n-1].name != t.Name {
		return sc.fault(wire.SyntaxNesting)
	}
	if err := sc.flush(t.Start); err != nil {
		return err
	}
	sc.stack = sc.stack[:n-1]
	switch n {
	case sc.depth:
		return sc.closeHoSo(t.End)
	case sc.signature:
		sc.signature = 0
	case sc.parent:
		if len(sc.hoso) > 0 && sc.tail == 0 {
			sc.tail = t.Start
		}
	}
	return nil
}

func (sc *scanner) closeHoSo(end int64) error {
	if end-sc.start > maxHoSo {
		return sc.fault("too-large")
	}
	sc.hoso = append(sc.hoso, [2]int64{sc.start, end})
	sc.depth, sc.tail, sc.kept = 0, 0, len(sc.notes)
	return nil
}

// flush deals with the text before a tag that stands at an offset.
func (sc *scanner) flush(at int64) error {
	value := strings.TrimSpace(sc.text.String())
	if sc.text.Reset(); value == "" || len(sc.stack) == 0 {
		return nil
	}
	name := sc.stack[len(sc.stack)-1].name.Local
	switch {
	case sc.signature > 0:
		sc.signed = true
		if isBinary(value) {
			return nil
		}
	case name == "MACSKCB" && sc.sender == "":
		sc.sender = value
	case name == "SOLUONGHOSO":
		sc.count = value
	}
	return sc.note(name, value, at-1)
}

// isBinary tells a signature's numbers and certificates, in which any word may come up by chance.
func isBinary(value string) bool {
	packed := strings.Join(strings.Fields(value), "")
	if len(packed) < minPacked || len(packed)%4 != 0 {
		return false
	}
	content, err := base64.StdEncoding.DecodeString(packed)
	return err == nil && !utf8.Valid(content)
}

// note remembers what stands around the HOSO, for screening. A bare table is screened as a document instead.
func (sc *scanner) note(name, value string, at int64) error {
	if strings.TrimSpace(value) == "" || sc.root != "" && !sc.family.enveloped() {
		return nil
	}
	n := note{field: wire.Field{Name: name, Value: value}, at: at}
	switch {
	case len(sc.notes) >= maxNoted+sc.kept:
		return sc.fault("envelope")
	case len(value) > maxNotes:
		n = note{at: at, fault: "envelope"}
	case isDocument(value):
		n = note{at: at, fault: "filehoso"}
	}
	sc.notes = append(sc.notes, n)
	return nil
}

// isDocument tells XML, plain or in base64, where no document is looked for: as a text it wouldn't be screened well.
func isDocument(value string) bool {
	value = strings.TrimSpace(value)
	if content, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(value), "")); err == nil {
		value = strings.TrimSpace(string(wire.CleanXML(content)))
	}
	return strings.HasPrefix(value, "<") && strings.Contains(value, ">") && utf8.ValidString(value)
}

// finish sums up.
func (sc *scanner) finish() (*layout, error) {
	lay := &sc.layout
	switch len(lay.hoso) {
	case 0:
		lay.head, lay.tail = sc.size, sc.size
	case 1:
		lay.head, lay.tail = lay.hoso[0][0], lay.hoso[0][1]
	}
	row := wire.TableRow{Element: "file"}
	for _, n := range sc.notes {
		switch {
		case n.at >= lay.head && n.at < lay.tail: // beside several HOSO
		case n.fault != "":
			return nil, &FormatError{Code: n.fault, Offset: n.at}
		default:
			row.Fields = append(row.Fields, n.field)
		}
	}
	lay.around = wire.Table{Name: "FILE", Rows: []wire.TableRow{row}}
	return lay, nil
}

func (sc *scanner) fault(code string) error {
	return &FormatError{Code: code, HoSo: sc.number(), Line: sc.in.Line(), Offset: sc.in.Offset()}
}

func (sc *scanner) syntax(err error) error {
	if se, ok := asSyntax(err); ok {
		return &FormatError{Code: se.Code, HoSo: sc.number(), Line: se.Line, Offset: se.Offset}
	}
	if errors.Is(err, wire.ErrLongToken) {
		return sc.fault("too-large")
	}
	return readFault(err)
}

func asSyntax(err error) (*wire.SyntaxError, bool) {
	var se *wire.SyntaxError
	ok := errors.As(err, &se)
	return se, ok
}

func (sc *scanner) number() int {
	if sc.depth > 0 {
		return len(sc.hoso) + 1
	}
	return 0
}
