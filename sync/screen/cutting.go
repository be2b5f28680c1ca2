package screen

import (
	"fmt"
	"maps"
	"slices"

	"tramsync/sync/wire"
)

// Ranges says which bytes of a visit's documents go by its verdict: ranges of wire.CleanXML(document), by the
// document's number. tables are those judged, the documents' first. ok is false when something can't be cut out, and
// the record must be withheld: what stands around the documents, attributes and comments, text that isn't XML, and what
// no element of the rule's encloses.
func (v *Verdict) Ranges(visit *wire.Visit, tables []wire.Table) (ranges map[int][][2]int64, ok bool) {
	ranges = make(map[int][][2]int64)
	around := map[string]*search{} // by document and names: each is gone through once
	for _, c := range v.Cut {
		if c.Table >= len(visit.Documents) {
			return nil, false
		}
		row := &tables[c.Table].Rows[c.Row]
		f := &row.Fields[c.Field]
		switch {
		case c.Extent == FieldAlone && f.End > 0:
			ranges[c.Table] = append(ranges[c.Table], [2]int64{f.Start, f.End})
		case c.Extent == FieldAlone, row.End == 0:
			return nil, false
		case c.Extent == WholeNode && len(c.Nodes) == 0:
			ranges[c.Table] = append(ranges[c.Table], [2]int64{row.Start, row.End})
		default:
			c.lookAround(around, row)
		}
	}
	for _, s := range around {
		list, ok := s.ranges(visit.Documents[s.document].Bytes())
		if !ok {
			return nil, false
		}
		ranges[s.document] = append(ranges[s.document], list...)
	}
	return ranges, true
}

// search looks for elements around places in a document.
type search struct {
	document int
	names    []string
	places   map[int64]*wire.TableRow // by offset
	row      bool                     // where no such element is, the row's own goes
}

func (c *Cut) lookAround(around map[string]*search, row *wire.TableRow) {
	names := c.Nodes
	if c.Extent == WholeRecord {
		names = recordElements()
	}
	id := fmt.Sprint(c.Table, names)
	s := around[id]
	if s == nil {
		s = &search{document: c.Table, names: names, places: map[int64]*wire.TableRow{}, row: c.Extent == WholeRecord}
		around[id] = s
	}
	at := row.Start // of an attribute or comment of the element, or of a leaf in it
	if f := &row.Fields[c.Field]; f.End > 0 {
		at = f.Start
	}
	s.places[at] = row
}

func (s *search) ranges(document []byte) (list [][2]int64, ok bool) {
	found := wire.Enclosing(document, s.names, slices.Collect(maps.Keys(s.places)))
	for at, row := range s.places {
		r, ok := found[at]
		switch {
		case !ok && !s.row:
			return nil, false
		case !ok:
			r = [2]int64{row.Start, row.End}
		}
		list = append(list, r)
	}
	return list, true
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
