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
	Visit    *wire.Visit       // of a HIS export, a health record or a document, else nil
	Row      map[string]string // of another, else nil
	// Tables are a visit's documents read as rows, one for one, and then, since screening must see everything, what
	// stands around the documents (tables HOSO and FILE).
	Tables []wire.Table
	// Around is what stands around a row in its file: titles above its list, its sheet's name, the lines in it that are
	// no rows, cells whose column's name lacks the title above it. It may say of everybody in the list what no row
	// says: for screening alone. It isn't part of the record and can't be cut out of it.
	Around   []wire.Field
	Findings []wire.Finding
	Origin   wire.Origin // HoSo, Line or Index

	original [][]byte // a visit's export as it stands, in pieces
	printAt  int      // which part of Key, from 1, is a fingerprint of the content; 0: none
}

// CutRow takes columns out of a row that must not be kept, with what was found about them.
func (r *Record) CutRow(names []string) {
	for _, name := range names {
		delete(r.Row, name)
		r.Findings = slices.DeleteFunc(r.Findings, func(f wire.Finding) bool { return f.At == "row."+name })
	}
	r.print()
}

// CutVisit takes fields out of one document of a visit that must not be kept, by their ranges (wire.Field), and reads
// the document anew. The visit's original can't be had afterwards.
func (r *Record) CutVisit(document int, ranges [][2]int64) error {
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
		r.Visit.Seal(r.original...)
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
