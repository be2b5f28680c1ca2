package export

import (
	"fmt"
	"slices"

	"tramsync/sync/wire"
)

// Record is one visit or row as read.
type Record struct {
	Kind     string
	Key      []string
	Facility string
	Visit    *wire.Visit       // of a HIS export, else nil
	Row      map[string]string // of another, else nil
	// Tables are for screening, which must see everything. Of a visit: its documents read as rows, one for one, then
	// what stands around them (tables HOSO and FILE) and documents whose type isn't what it says once more under their
	// true name. Of a row: the objects nested in it.
	Tables   []wire.Table
	Findings []wire.Finding
	Origin   wire.Origin // HoSo, Line or Index

	original []byte // a visit's export as it stands
	printAt  int    // which part of Key, from 1, is a fingerprint of the content; 0: none
}

// CutRow takes columns out of a row that must not be kept.
func (r *Record) CutRow(names []string) {
	for _, name := range names {
		delete(r.Row, name)
	}
	r.print()
}

// CutVisit takes fields out of one document of a visit that must not be kept, by their ranges in any order (wire.Field),
// and reads the document anew. The visit's original can't be had afterwards.
func (r *Record) CutVisit(document int, ranges [][2]int64) error {
	// An element may hold another that is to be cut too: the outer one first, or it would stay.
	slices.SortFunc(ranges, func(a, b [2]int64) int {
		return slices.Compare([]int64{a[0], b[1]}, []int64{b[0], a[1]})
	})
	r.Visit.CutOut(document, ranges)
	d := &r.Visit.Documents[document]
	t, err := wire.ParseTable(d.Type, d.Bytes())
	if err != nil {
		return located(err, FormatError{HoSo: r.Origin.HoSo, Document: documentName(d.Type, document+1)})
	}
	r.Tables[document] = t
	r.print()
	return nil
}

// Seal makes sure that the visit gives back its original byte for byte. To be called once, after everything that must
// not be kept has been cut out; a trimmed visit gives back nothing.
func (r *Record) Seal() {
	if r.Visit != nil && !r.Visit.Envelope.Trimmed {
		r.Visit.Seal(r.original)
	}
	r.original = nil
}

// print sets the fingerprint in the key: after a cut too, or it would tell by trial what was cut.
func (r *Record) print() {
	if r.printAt > 0 {
		r.Key[r.printAt-1] = r.fingerprint()
	}
}

// addPrint makes a fingerprint the key's next part.
func (r *Record) addPrint() {
	r.Key = append(r.Key, r.fingerprint())
	r.printAt = len(r.Key)
}

func (r *Record) fingerprint() string {
	data := wire.Data{Visit: r.Visit, Row: r.Row}
	hash := data.ContentHash()
	return fmt.Sprintf("~%x", hash[:16])
}
