package screen

import (
	"fmt"

	"tramsync/sync/wire"
)

// Ranges says which bytes of a visit's documents go by its verdict: ranges of wire.CleanXML(document), by the
// document's number. tables are those judged, the documents' first. ok is false when something can't be cut out, and the
// record must be withheld: what stands around the documents, attributes and comments, text that isn't XML, and what no
// element of the rule's encloses.
func (v *Verdict) Ranges(visit *wire.Visit, tables []wire.Table) (ranges map[int][][2]int64, ok bool) {
	ranges = make(map[int][][2]int64)
	for _, c := range v.Cut {
		if c.Table >= len(visit.Documents) {
			return nil, false
		}
		r, ok := c.rangeIn(&visit.Documents[c.Table], &tables[c.Table])
		if !ok {
			return nil, false
		}
		ranges[c.Table] = append(ranges[c.Table], r)
	}
	return ranges, true
}

func (c *Cut) rangeIn(d *wire.Document, t *wire.Table) (r [2]int64, ok bool) {
	row := &t.Rows[c.Row]
	f := &row.Fields[c.Field]
	at, whole := f.Start, [2]int64{row.Start, row.End}
	if f.End == 0 { // an attribute or comment of the element, or of a leaf in it
		at = row.Start
	}
	var names []string
	switch {
	case c.Extent == FieldAlone:
		return [2]int64{f.Start, f.End}, f.End > 0
	case row.End == 0:
		return r, false
	case c.Extent == WholeRecord:
		names = recordElements()
	case len(c.Nodes) == 0:
		return whole, true
	default:
		names = c.Nodes
	}
	start, end, found := wire.Enclosing(d.Bytes(), names, at)
	if !found && c.Extent == WholeRecord {
		return whole, true
	}
	return [2]int64{start, end}, found
}

// recordElements are those of all tables: a record may stand in a document of another table's name. Of tables we don't
// know every element with fields in it is a record.
func recordElements() []string {
	var names []string
	for n := range 16 {
		names = append(names, wire.RecordElement(fmt.Sprint("XML", n)))
	}
	return names
}
