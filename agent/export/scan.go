package export

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"tramsync/sync/wire"
)

const (
	rootGiamDinh = "GIAMDINHHS"
	rootCheckUp  = "KHAMSUCKHOE"
)

// layout is what a first look over a file finds: where each HOSO stands, or the FILEHOSO that stand side by side
// without one, and what stands around them.
type layout struct {
	places
	envelope
}

type envelope struct {
	root   string
	family family
	sender string     // THONGTINDONVI/MACSKCB
	count  string     // SOLUONGHOSO
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
	maxNotes = 64 << 10 // bytes of one text around the HOSO
	maxNoted = 1000     // such texts
)

// scanner walks over a file once.
type scanner struct {
	placesWalk
	envelope
	roots []string
	size  int64           // of the text
	path  string          // elements that the HOSO stand in
	words strings.Builder // seen since the last tag, outside HOSO
	notes []note
	kept  int  // notes before the last HOSO's end
	loose bool // FILEHOSO without a HOSO around them are the file's one visit
}

// note is a text around the HOSO and where it stands. A fault of it counts only where it would be kept.
type note struct {
	field wire.Field
	at    int64
	fault string
}

func scan(t text, roots []string) (*layout, error) {
	sc := &scanner{placesWalk: newPlacesWalk(t), roots: roots, size: t.size}
	if err := sc.run(sc); err != nil {
		return nil, err
	}
	return sc.finish()
}

func (sc *scanner) text(name, value string) error {
	switch {
	case sc.depth > 0: // split looks at it
	case name != "":
		return sc.note(name, value, sc.at)
	case sc.family.enveloped():
		if sc.words.WriteString(value); sc.words.Len() > maxNotes {
			return sc.fault("envelope")
		}
	}
	return nil
}

func (sc *scanner) open(t *wire.XMLToken) error {
	name := t.Name.Local
	if len(sc.stack) == 0 {
		if err := sc.openRoot(name); err != nil {
			return err
		}
	}
	if err := sc.flush(t.Start); err != nil {
		return err
	}
	if err := sc.enter(name, t.Start); err != nil || sc.depth > 0 {
		return err
	}
	for _, a := range attributes(t) {
		if err := sc.note(name+"@"+a.Name.Local, a.Value, t.Start); err != nil {
			return err
		}
	}
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
	case len(sc.records) == 0:
		sc.path = path.String()
	case path.String() != sc.path:
		return sc.fault("hoso")
	default:
		sc.notes = sc.notes[:sc.kept] // what stood between two HOSO is kept by neither
	}
	sc.begin(at)
	return nil
}

// openLoose makes the FILEHOSO that stand side by side in one element one visit, with what is between them.
func (sc *scanner) openLoose(at int64) error {
	depth := len(sc.stack)
	switch {
	case sc.signature > 0 || depth == 0:
		return sc.fault("filehoso")
	case len(sc.records) == 0:
		sc.loose = true
	case !sc.loose || sc.tail != 0 || depth != sc.parent:
		return sc.fault("filehoso")
	default:
		at, sc.records = sc.records[0][0], nil
	}
	sc.begin(at)
	return nil
}

func (sc *scanner) close(t *wire.XMLToken) error {
	if err := sc.flush(t.Start); err != nil {
		return err
	}
	if len(sc.stack) == sc.depth {
		sc.kept = len(sc.notes)
	}
	return sc.placesWalk.close(t)
}

// flush deals with the text before a tag that stands at an offset.
func (sc *scanner) flush(at int64) error {
	value := strings.TrimSpace(sc.words.String())
	if sc.words.Reset(); value == "" || len(sc.stack) == 0 {
		return nil
	}
	name := sc.inside()
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
	n := note{at: at}
	switch {
	case len(sc.notes) >= maxNoted+sc.kept:
		return sc.fault("envelope")
	case len(value) > maxNotes:
		n.fault = "envelope"
	case isDocument(value):
		n.fault = "filehoso"
	default:
		n.field = field(name, value)
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
	lay := &layout{places: sc.found(), envelope: sc.envelope}
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
