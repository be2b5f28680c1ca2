package screen

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tramsync/sync/wire"
)

// Place is a field of a record: indices into the tables, their rows and the rows' fields.
type Place struct{ Table, Row, Field int }

// Verdict is what the rules say of one record.
type Verdict struct {
	// Drop is the id of the first rule that withholds the whole record, or "".
	Drop string
	// Cut are the fields to cut out of a record that is otherwise taken in, in document order, and CutBy the rules
	// that say so, in their order.
	Cut   []Place
	CutBy []string
}

// File says whether a file must not even be opened, by its kind and the names in its path, and gives the rule's id
// or "".
func (r *Rules) File(kind, path string) string {
	var words []string
	for i := range r.rules {
		ru := &r.rules[i]
		if ru.action != dropFile {
			continue
		}
		if len(ru.kinds) > 0 && slices.Contains(ru.kinds, kind) {
			return ru.id
		}
		if len(ru.path.list) > 0 {
			if words == nil {
				words = new(folder).words(path)
			}
			if ru.path.match(words) {
				return ru.id
			}
		}
	}
	return ""
}

// Record judges one record, given as tables. kind is the feed's kind (visit, tiem_chung …).
func (r *Rules) Record(kind string, tables []wire.Table) Verdict {
	var v Verdict
	j := judgement{rules: r, tables: tables, fields: r.flatten(tables)}
	j.folder.list = make([]string, 0, 2*len(j.fields))
	for i := range r.rules {
		ru := &r.rules[i]
		if ru.action == dropFile || !ru.appliesTo(kind) {
			continue
		}
		if ru.action == cut {
			j.cut(i, &v)
			continue
		}
		if j.drops(i) {
			return Verdict{Drop: ru.id}
		}
	}
	slices.SortFunc(v.Cut, func(a, b Place) int {
		return slices.Compare([]int{a.Table, a.Row, a.Field}, []int{b.Table, b.Row, b.Field})
	})
	v.Cut = slices.Compact(v.Cut)
	return v
}

// Row judges a row of an export that isn't XML. A value that is a JSON object or array is looked into, and cut as a
// whole.
func (r *Rules) Row(kind string, row map[string]string) (drop string, cut []string, cutBy []string) {
	table := rowTable(kind, row)
	v := r.Record(kind, []wire.Table{table})
	for _, p := range v.Cut {
		cut = append(cut, table.Rows[p.Row].Element)
	}
	return v.Drop, slices.Compact(cut), v.CutBy
}

// rowTable gives each column a row of the table, so that a rule that looks at a column looks at its members too.
func rowTable(kind string, row map[string]string) wire.Table {
	t := wire.Table{Name: kind, Rows: make([]wire.TableRow, 0, len(row))}
	for _, column := range slices.Sorted(maps.Keys(row)) {
		t.Rows = append(t.Rows, wire.TableRow{Element: column, Fields: members(column, row[column])})
	}
	return t
}

// Excluded judges a record as it arrives at the warehouse: true when any rule would have kept it, or a field of it,
// at the station. Documents that can't be read are an error: they can't be judged.
func (r *Rules) Excluded(e *wire.Event) (bool, error) {
	_, kind, err := wire.ParseType(e.Type)
	if err != nil {
		return false, err
	}
	tables := []wire.Table{rowTable(kind, e.Data.Row)}
	if e.Data.Visit != nil {
		if tables, err = e.Data.Visit.Tables(); err != nil {
			return false, fmt.Errorf("screen %s: %w", kind, err)
		}
	}
	v := r.Record(kind, tables)
	return v.Drop != "" || len(v.Cut) > 0 || r.File(kind, "") != "", nil
}

// field is a field with the rules that look at it, its text folded and its codes found when first asked for.
type field struct {
	place  Place
	mask   uint64 // bit i: rule i looks at it
	value  string
	words  []string
	codes  []string
	folded bool
	coded  bool
}

// judgement is one record while it is judged.
type judgement struct {
	rules  *Rules
	tables []wire.Table
	fields []field
	folder folder
}

func (r *Rules) flatten(tables []wire.Table) []field {
	n := 0
	for i := range tables {
		for j := range tables[i].Rows {
			n += len(tables[i].Rows[j].Fields)
		}
	}
	out := make([]field, 0, n)
	for i := range tables {
		for j := range tables[i].Rows {
			row := &tables[i].Rows[j]
			around := r.mask(tables[i].Name, row.Element)
			for k := range row.Fields {
				f := &row.Fields[k]
				if strings.TrimSpace(f.Value) == "" {
					continue
				}
				mask := around | r.mask(tables[i].Name, f.Name)
				out = append(out, field{place: Place{i, j, k}, mask: mask, value: f.Value})
			}
		}
	}
	return out
}

func (j *judgement) words(f *field) []string {
	if !f.folded {
		f.words, f.folded = j.folder.words(f.value), true
	}
	return f.words
}

func (f *field) icd() []string {
	if !f.coded {
		f.codes, f.coded = appendCodes(nil, f.value), true
	}
	return f.codes
}

// drops reports whether rule i, whose action is drop, matches.
func (j *judgement) drops(i int) bool {
	ru := &j.rules.rules[i]
	switch {
	case ru.table != "":
		return slices.ContainsFunc(j.tables, ru.inTable)
	case len(ru.all) > 0:
		for _, ps := range ru.all {
			if !j.any(i, func(f *field) bool { return ps.match(j.words(f)) }) {
				return false
			}
		}
		return true
	}
	return j.any(i, func(f *field) bool { return j.matches(ru, f) })
}

// inTable reports whether t has a record of the rule's table, by either of their names. Elements alone count: exporters
// write empty wrappers for everybody, which may have attributes and comments (xsi:nil="true").
func (ru *rule) inTable(t wire.Table) bool {
	for i := range t.Rows {
		if t.Name != ru.table && t.Rows[i].Element != wire.RecordElement(ru.table) {
			continue
		}
		if slices.ContainsFunc(t.Rows[i].Fields, func(f wire.Field) bool {
			return f.End > 0 && strings.TrimSpace(f.Value) != ""
		}) {
			return true
		}
	}
	return false
}

// any reports whether test holds for a field that rule i looks at.
func (j *judgement) any(i int, test func(*field) bool) bool {
	for k := range j.fields {
		if f := &j.fields[k]; f.mask&(1<<i) != 0 && test(f) {
			return true
		}
	}
	return false
}

func (j *judgement) cut(i int, v *Verdict) {
	ru := &j.rules.rules[i]
	before := len(v.Cut)
	j.any(i, func(f *field) bool {
		if j.matches(ru, f) {
			v.Cut = append(v.Cut, f.place)
		}
		return false
	})
	if len(v.Cut) > before && !slices.Contains(v.CutBy, ru.id) {
		v.CutBy = append(v.CutBy, ru.id)
	}
}

// matches judges one field that has text in it.
func (j *judgement) matches(ru *rule, f *field) bool {
	switch {
	case len(ru.icd) > 0:
		return anyICD(ru.icd, f.icd())
	case len(ru.text.list) > 0:
		return ru.text.match(j.words(f))
	case ru.equals != "":
		return strings.TrimSpace(f.value) == ru.equals
	default:
		return ru.filled
	}
}
