package export

import (
	"cmp"
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
	p, err := scanHealth(t)
	if err != nil || len(p.records) == 0 {
		return err
	}
	file, err := newPlacedFile(src, t, p, s)
	if err != nil {
		return err
	}
	f := healthFile{placedFile: file}
	if err := f.readAround(); err != nil {
		return err
	}
	return f.decode(f.record, each)
}

// healthFile is a file of health records whose places are known.
type healthFile struct {
	*placedFile
	around wire.Table // what stands around the records
	sender string     // HEADER/SENDER_CODE
}

// readAround reads what stands around the records: with an empty one in the middle it is XML too.
func (f *healthFile) readAround() error {
	var err error
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

// record makes a record of one HOSOSUCKHOE, nil of an empty one. That alone is its document: HEADER numbers and dates
// each message anew, which must not make the same record another one.
func (f *healthFile) record(number int, body []byte) (*Record, error) {
	t, err := wire.ParseTable(wire.DocHealthRecord, body)
	if err != nil {
		return nil, located(err, FormatError{HoSo: number, Document: wire.DocHealthRecord})
	}
	if len(t.Rows) == 0 {
		return nil, nil
	}
	rec := &Record{Kind: wire.KindHealthRecord, Facility: cmp.Or(f.sender, f.settings.Station),
		Tables: []wire.Table{t, f.around}, Origin: wire.Origin{HoSo: number}}
	rec.Visit = &wire.Visit{Standard: "831", Sender: f.sender, Signed: f.signed,
		Documents: []wire.Document{wire.NewDocument(wire.DocHealthRecord, body, &wire.Form{Inline: true})},
		Envelope: wire.Envelope{Encoding: f.text.encoding, Parts: []string{string(f.head), string(f.tail)},
			Extract: f.several()}}
	rec.Key = []string{rec.Facility}
	if id := healthID(&t); id != nil {
		rec.Key = append(rec.Key, id...)
	} else {
		rec.addPrint()
	}
	rec.original, err = f.original(body)
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

// healthScanner walks over DATA, with HEADER, BODY/HOSOSUCKHOE and SECURITY in it, once. A HOSOSUCKHOE may be the root.
type healthScanner struct {
	placesWalk
	beside  bool // something else stands in BODY
	unknown bool // something else stands in DATA
}

// scanHealth finds the records. A file without one has nothing to take in, unless it holds something else.
func scanHealth(t text) (places, error) {
	sc := &healthScanner{placesWalk: newPlacesWalk(t)}
	if err := sc.run(sc); err != nil {
		return places{}, err
	}
	switch n := len(sc.records); {
	case n == 0 && (sc.beside || sc.unknown):
		return places{}, &FormatError{Code: "no-hssk"}
	case n > 1 && sc.beside:
		return places{}, &FormatError{Code: "hssk"}
	}
	return sc.found(), nil
}

func (sc *healthScanner) open(t *wire.XMLToken) error {
	level, name := len(sc.stack), t.Name.Local
	switch {
	case level == 0 && name != "DATA" && name != rootHealth:
		return sc.fault("hssk-root")
	case name == rootHealth:
		return sc.openRecord(t.Start)
	case sc.depth > 0, level == 0:
	case sc.signature > 0:
		sc.signed = true
	case name == "SIGNATURE" && sc.part() == "SECURITY":
		sc.signature = level + 1
	default:
		sc.stray(name)
	}
	return nil
}

// openRecord insists that all records stand in one BODY, or they couldn't be told from what is around them.
func (sc *healthScanner) openRecord(at int64) error {
	level := len(sc.stack)
	if sc.depth > 0 || level > 2 || level == 2 && sc.part() != "BODY" ||
		len(sc.records) > 0 && (level != 2 || sc.parent != 2 || sc.tail > 0) {
		return sc.fault("hssk")
	}
	sc.begin(at)
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

func (sc *healthScanner) text(name, value string) error {
	switch {
	case sc.depth > 0 || name != "" || strings.TrimSpace(value) == "":
	case sc.signature > 0:
		sc.signed = true
	default:
		sc.stray("")
	}
	return nil
}
