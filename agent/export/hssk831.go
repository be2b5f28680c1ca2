package export

import (
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"tramsync/sync/wire"
)

// decodeHSSK831 reads health records of QĐ 831/QĐ-BYT 2017 in two passes, as HIS files are read: the first proves that
// the file is whole and finds the HOSOSUCKHOE, the second reads them one by one.
func decodeHSSK831(src Source, s Settings, each func(*Record) error) error {
	t, err := openText(src)
	if err != nil {
		return err
	}
	lay, err := scanHealth(t)
	if err != nil || len(lay.records) == 0 {
		return err
	}
	f := healthFile{src: src, text: t, layout: lay, settings: s}
	if err := f.readAround(); err != nil {
		return err
	}
	for i, r := range lay.records {
		rec, err := f.record(i+1, r)
		if err != nil {
			return err
		}
		if len(rec.Tables[0].Rows) == 0 {
			continue // an empty element
		}
		if err := each(rec); err != nil {
			return err
		}
	}
	return nil
}

// healthFile is a file of health records whose layout is known.
type healthFile struct {
	src        Source
	text       text
	layout     *healthLayout
	settings   Settings
	head, tail []byte     // what each record keeps of the file around its HOSOSUCKHOE
	around     wire.Table // what stands in them
	sender     string     // HEADER/SENDER_CODE
}

// readAround reads what stands around the records: with an empty one in the middle it is XML too.
func (f *healthFile) readAround() error {
	lay := f.layout
	if lay.head+f.text.size-lay.tail > maxEnvelope {
		return &FormatError{Code: "envelope"}
	}
	var err error
	if f.head, err = readRange(f.text, 0, lay.head); err != nil {
		return err
	}
	if f.tail, err = readRange(f.text, lay.tail, f.text.size); err != nil {
		return err
	}
	f.around, err = wire.ParseTable("FILE", slices.Concat(f.head, []byte("<"+rootHealth+"/>"), f.tail))
	if err != nil {
		return located(err, FormatError{})
	}
	for i := range f.around.Rows {
		r := &f.around.Rows[i]
		if r.Element == "HEADER" {
			f.sender = cmp.Or(f.sender, strings.TrimSpace(r.Value("SENDER_CODE")))
		}
		// A signature's numbers: any word may come up in them by chance.
		r.Fields = slices.DeleteFunc(r.Fields, func(fd wire.Field) bool { return isBinary(fd.Value) })
	}
	return nil
}

// record makes a record of one HOSOSUCKHOE. That alone is its document: HEADER numbers and dates each message anew,
// which must not make the same record another one.
func (f *healthFile) record(number int, place [2]int64) (*Record, error) {
	body, err := readRange(f.text, place[0], place[1])
	if err != nil {
		return nil, err
	}
	t, err := wire.ParseTable(wire.DocHealthRecord, body)
	if err != nil {
		return nil, located(err, FormatError{HoSo: number, Document: wire.DocHealthRecord})
	}
	several := len(f.layout.records) > 1
	rec := &Record{Kind: wire.KindHealthRecord, Facility: cmp.Or(f.sender, f.settings.Station),
		Tables: []wire.Table{t, f.around}, Origin: wire.Origin{HoSo: number}}
	rec.Visit = &wire.Visit{Standard: "831", Sender: f.sender, Signed: f.layout.signed,
		Documents: []wire.Document{wire.NewDocument(wire.DocHealthRecord, body, &wire.Form{Inline: true})},
		Envelope: wire.Envelope{Encoding: f.text.encoding, Parts: []string{string(f.head), string(f.tail)},
			Extract: several}}
	rec.Key = []string{rec.Facility}
	if id := healthID(&t); id != nil {
		rec.Key = append(rec.Key, id...)
	} else {
		rec.addPrint()
	}
	var original []byte
	if several {
		original, err = f.text.encode(slices.Concat(f.head, body, f.tail))
	} else {
		original, err = readRange(f.src, 0, f.src.Size())
	}
	rec.original = [][]byte{original}
	return rec, err
}

// healthID is what a person's record is known by: MADINHDANH, else, with its name, the number that changes least of
// those that are one person's alone. A card's number changes with what its holder is entitled to, an old identity
// card's when it is renewed, and MA_NHANKHAU is the software's own. VNEID is an account that not everybody has, and a
// household's number is several people's. The numbers of relatives, who have elements of the same names, don't count.
func healthID(t *wire.Table) []string {
	for i := range t.Rows {
		if t.Rows[i].Element != "THONGTINCHUNG" {
			continue
		}
		for _, name := range []string{"MADINHDANH", "MABHXH", "SOCMND", "MATHE", "MA_NHANKHAU"} {
			value := strings.TrimSpace(t.Rows[i].Value(name))
			switch {
			case !strings.ContainsAny(value, "123456789"): // nothing, or 000000000000 to fill the field
			case name == "MADINHDANH":
				return []string{value}
			default:
				return []string{name, value}
			}
		}
	}
	return nil
}

const rootHealth = "HOSOSUCKHOE"

// healthLayout is what a first look over a file of QĐ 831 finds.
type healthLayout struct {
	records [][2]int64 // ranges of the HOSOSUCKHOE
	head    int64      // a record keeps the text before head and from tail on. With several that leaves out the
	tail    int64      // comments and space beside them: they may be about another
	signed  bool       // SECURITY/SIGNATURE holds something
}

// healthScanner walks over DATA, with HEADER, BODY/HOSOSUCKHOE and SECURITY in it, once. A HOSOSUCKHOE may be the root.
type healthScanner struct {
	healthLayout
	dec       *xml.Decoder
	in        *cleanReader
	left      *budget
	stack     []element
	rooted    bool
	parent    int   // depth of the element that the records stand in
	depth     int   // of the current record, else 0
	start     int64 // of it
	signature int   // depth of SIGNATURE while inside, else 0
	elements  int
	beside    bool // something else stands in BODY
	unknown   bool // something else stands in DATA
}

func scanHealth(t text) (*healthLayout, error) {
	left := &budget{in: io.NewSectionReader(t, 0, t.size)}
	in := &cleanReader{r: left}
	sc := &healthScanner{dec: wire.NewXMLReader(in), in: in, left: left}
	for {
		left.grant(maxHoSo)
		at := sc.dec.InputOffset()
		tok, err := sc.dec.RawToken()
		if errors.Is(err, io.EOF) && len(sc.stack) == 0 && sc.rooted {
			return sc.finish()
		}
		if err != nil {
			return nil, sc.syntax(err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			err = sc.open(t.Name, at)
		case xml.EndElement:
			err = sc.close(t.Name, at)
		case xml.CharData:
			err = sc.text(t)
		}
		if err != nil {
			return nil, err
		}
	}
}

func (sc *healthScanner) open(name xml.Name, at int64) error {
	level := len(sc.stack)
	sc.elements++
	switch {
	case level >= maxDepth || sc.elements > maxElements:
		return sc.fault(wire.SyntaxLimit)
	case level == 0 && sc.rooted:
		return sc.fault(wire.SyntaxNesting)
	case level == 0 && name.Local != "DATA" && name.Local != rootHealth:
		return sc.fault("hssk-root")
	case name.Local == rootHealth:
		if err := sc.openRecord(at); err != nil {
			return err
		}
	case sc.depth > 0, level == 0:
	case sc.signature > 0:
		sc.signed = true
	case name.Local == "SIGNATURE" && sc.part() == "SECURITY":
		sc.signature = level + 1
	default:
		sc.stray(name.Local)
	}
	sc.rooted = true
	sc.stack = append(sc.stack, element{name: name, after: sc.dec.InputOffset()})
	return nil
}

// openRecord insists that all records stand in one BODY, or they couldn't be told from what is around them.
func (sc *healthScanner) openRecord(at int64) error {
	level := len(sc.stack)
	if sc.depth > 0 || level > 2 || level == 2 && sc.part() != "BODY" {
		return sc.fault("hssk")
	}
	if len(sc.records) == 0 {
		sc.parent = level
		if level > 0 {
			sc.head = sc.stack[level-1].after
		}
	} else if level != 2 || sc.parent != 2 || sc.tail > 0 {
		return sc.fault("hssk")
	}
	sc.start, sc.depth = at, level+1
	return nil
}

// part is the element of DATA that the scanner is in.
func (sc *healthScanner) part() string {
	if len(sc.stack) < 2 {
		return ""
	}
	return sc.stack[1].name.Local
}

// stray notes what isn't a record and doesn't stand in one.
func (sc *healthScanner) stray(name string) {
	switch {
	case len(sc.stack) > 1:
		sc.beside = sc.beside || sc.part() == "BODY"
	case name != "HEADER" && name != "BODY" && name != "SECURITY":
		sc.unknown = true
	}
}

func (sc *healthScanner) text(text []byte) error {
	switch {
	case sc.depth > 0 || strings.TrimSpace(string(text)) == "":
	case len(sc.stack) == 0:
		return sc.fault(wire.SyntaxMalformed)
	case sc.signature > 0:
		sc.signed = true
	default:
		sc.stray("")
	}
	return nil
}

func (sc *healthScanner) close(name xml.Name, at int64) error {
	n := len(sc.stack)
	if n == 0 || sc.stack[n-1].name != name {
		return sc.fault(wire.SyntaxNesting)
	}
	sc.stack = sc.stack[:n-1]
	switch n {
	case sc.depth:
		end := sc.dec.InputOffset()
		if end-sc.start > maxHoSo {
			return sc.fault("too-large")
		}
		sc.records = append(sc.records, [2]int64{sc.start, end})
		sc.depth = 0
	case sc.signature:
		sc.signature = 0
	case sc.parent:
		if len(sc.records) > 0 && sc.tail == 0 {
			sc.tail = at
		}
	}
	return nil
}

// finish sums up. A file without a record has nothing to take in, unless it holds something else.
func (sc *healthScanner) finish() (*healthLayout, error) {
	lay := &sc.healthLayout
	switch n := len(lay.records); {
	case n == 0 && (sc.beside || sc.unknown):
		return nil, &FormatError{Code: "no-hssk"}
	case n == 1:
		lay.head, lay.tail = lay.records[0][0], lay.records[0][1]
	case n > 1 && sc.beside:
		return nil, &FormatError{Code: "hssk"}
	}
	return lay, nil
}

func (sc *healthScanner) fault(code string) error {
	line, _ := sc.dec.InputPos()
	return &FormatError{Code: code, HoSo: sc.number(), Line: line, Offset: sc.dec.InputOffset()}
}

func (sc *healthScanner) syntax(err error) error {
	if se, ok := asSyntax(wire.XMLFault(sc.dec, err)); ok {
		return &FormatError{Code: se.Code, HoSo: sc.number(), Line: se.Line, Offset: se.Offset}
	}
	switch {
	case errors.Is(sc.in.err, errBudget):
		return sc.fault("too-large")
	case sc.in.err != nil && !errors.Is(sc.in.err, io.EOF):
		return readFault(sc.in.err)
	}
	return sc.fault(wire.SyntaxMalformed)
}

func (sc *healthScanner) number() int {
	if sc.depth > 0 {
		return len(sc.records) + 1
	}
	return 0
}
