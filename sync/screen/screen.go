package screen

import (
	"cmp"
	"slices"

	"tramsync/sync/wire"
)

// Place is a field of a record: indices into the tables, their rows and the rows' fields.
type Place struct{ Table, Row, Field int }

func (p Place) compare(o Place) int {
	return cmp.Or(cmp.Compare(p.Table, o.Table), cmp.Compare(p.Row, o.Row), cmp.Compare(p.Field, o.Field))
}

// Extent says how much goes with a field that matched.
type Extent int

// The extents.
const (
	FieldAlone Extent = iota
	WholeRecord
	WholeNode
)

// Cut is what to leave out of a record that is otherwise taken in.
type Cut struct {
	Place
	Extent Extent
	Nodes  []string // WholeNode: the elements of which the nearest one around the field goes; none: the one it stands in
}

func (c Cut) compare(o Cut) int {
	return cmp.Or(c.Place.compare(o.Place), cmp.Compare(c.Extent, o.Extent), slices.Compare(c.Nodes, o.Nodes))
}

// Verdict is what the rules say of one record.
type Verdict struct {
	// Drop is the id of the first rule that withholds the whole record, or "".
	Drop string
	// Cut is what to leave out of a record that is otherwise taken in, in document order, and CutBy the rules that say
	// so, in their order.
	Cut   []Cut
	CutBy []string
}

// File says whether a file must not even be opened, by its kind and the names in its path and its feed's, and gives the
// rule's id or "".
func (r *Rules) File(kind string, names ...string) string {
	var f folder
	var words [][]string
	for i := range r.rules {
		ru := &r.rules[i]
		if ru.action != dropFile {
			continue
		}
		if len(ru.kinds) > 0 && slices.Contains(ru.kinds, kind) {
			return ru.id
		}
		if len(ru.path.list) == 0 {
			continue
		}
		if words == nil {
			for _, name := range names {
				words = append(words, f.words(name))
			}
		}
		if slices.ContainsFunc(words, ru.path.match) {
			return ru.id
		}
	}
	return ""
}

// Record judges one record, given as tables. kind is the feed's kind (visit, tiem_chung …).
func (r *Rules) Record(kind string, tables []wire.Table) Verdict { return r.judge(kind, tables, nil) }

// Row judges a row of a list, with what stands around it in its file. A value that is a JSON object or array, or holds
// a document, is looked into, and cut as a whole. What can't be cut out withholds the row: what stands around it, and
// the row itself where that is the record to leave out. What nobody can look into isn't judged: see Packed.
func (r *Rules) Row(kind string, row map[string]string, around []wire.Field) (drop string, cut, cutBy []string) {
	list := readRow(kind, row)
	v := r.judge(kind, append(list.tables[:], surroundingTables(kind, around)...), list.objects)
	for _, c := range v.Cut {
		column, own := list.columnOf(c.Place)
		if column == "" || c.Extent == WholeRecord || c.Extent == WholeNode && own {
			return v.CutBy[0], nil, nil
		}
		cut = append(cut, column)
	}
	slices.Sort(cut)
	return v.Drop, slices.Compact(cut), v.CutBy
}
