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
	// Cut are the fields to cut out of a record that is otherwise taken in, in document order, and CutBy the rules that say so, in their order.
	Cut   []Place
	CutBy []string
}

// File says whether a file must not even be opened, by its kind and the names in its path, and gives the rule's id or "".
func (r *Rules) File(kind, path string) string {
	var words []word
	for i := range r.rules {
		ru := &r.rules[i]
		if ru.action != dropFile {
			continue
		}
		if len(ru.kinds) > 0 && slices.Contains(ru.kinds, kind) {
			return ru.id
		}
		if len(ru.path) > 0 {
			if words == nil {
				words = splitWords(path)
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
	fields := r.flatten(tables)
	for i := range r.rules {
		ru := &r.rules[i]
		if ru.action == dropFile || !ru.appliesTo(kind) {
			continue
		}
		if ru.action == cut {
			v.cut(i, ru, fields)
			continue
		}
		if r.drops(i, tables, fields) {
			return Verdict{Drop: ru.id}
		}
	}
	slices.SortFunc(v.Cut, func(a, b Place) int {
		return slices.Compare([]int{a.Table, a.Row, a.Field}, []int{b.Table, b.Row, b.Field})
	})
	v.Cut = slices.Compact(v.Cut)
	return v
}

// Row judges a row of an export that isn't XML.
func (r *Rules) Row(kind string, row map[string]string) (drop string, cut []string, cutBy []string) {
	table := rowTable(kind, row)
	v := r.Record(kind, []wire.Table{table})
	for _, p := range v.Cut {
		cut = append(cut, table.Rows[0].Fields[p.Field].Name)
	}
	return v.Drop, cut, v.CutBy
}

func rowTable(kind string, row map[string]string) wire.Table {
	fields := make([]wire.Field, 0, len(row))
	for _, name := range slices.Sorted(maps.Keys(row)) {
		fields = append(fields, wire.Field{Name: name, Value: row[name]})
	}
	return wire.Table{Name: kind, Rows: []wire.TableRow{{Element: "row", Fields: fields}}}
}

// Excluded judges a record as it arrives at the warehouse: true when any rule would have kept it, or a field of it, at the station. Documents that can't be read are an
// error: they can't be judged.
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

// field is a field made ready for many rules: its text is folded once, when first asked for.
type field struct {
	place Place
	mask  uint64 // bit i: rule i looks at it
	value string
	words []word
	codes []string
	split bool
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
			for k := range row.Fields {
				f := &row.Fields[k]
				if strings.TrimSpace(f.Value) == "" {
					continue
				}
				out = append(out, field{place: Place{i, j, k}, mask: r.mask(tables[i].Name, f.Name), value: f.Value})
			}
		}
	}
	return out
}

// mask says which rules look at a field.
func (r *Rules) mask(table, name string) uint64 {
	key := table + "." + name
	if m, ok := r.masks.Load(key); ok {
		return m.(uint64)
	}
	folded := foldName(table) + "." + foldName(name)
	var m uint64
	for i := range r.rules {
		if r.rules[i].fields == nil || r.rules[i].fields.MatchString(folded) {
			m |= 1 << i
		}
	}
	if r.maskCount.Add(1) <= maxMasks {
		r.masks.Store(key, m)
	}
	return m
}

func (f *field) fold() {
	if !f.split {
		f.words, f.codes, f.split = splitWords(f.value), splitICD(f.value), true
	}
}

// drops reports whether rule i, whose action is drop, matches.
func (r *Rules) drops(i int, tables []wire.Table, fields []field) bool {
	ru := &r.rules[i]
	switch {
	case ru.table != "":
		return slices.ContainsFunc(tables, func(t wire.Table) bool { return t.Name == ru.table && len(t.Records()) > 0 })
	case len(ru.all) > 0:
		for _, ps := range ru.all {
			if !anyField(i, fields, func(f *field) bool { return ps.match(f.words) }) {
				return false
			}
		}
		return true
	}
	return anyField(i, fields, ru.matches)
}

// anyField reports whether test holds for a field that rule i looks at.
func anyField(i int, fields []field, test func(*field) bool) bool {
	for k := range fields {
		if f := &fields[k]; f.mask&(1<<i) != 0 {
			f.fold()
			if test(f) {
				return true
			}
		}
	}
	return false
}

func (v *Verdict) cut(i int, ru *rule, fields []field) {
	before := len(v.Cut)
	anyField(i, fields, func(f *field) bool {
		if ru.matches(f) {
			v.Cut = append(v.Cut, f.place)
		}
		return false
	})
	if len(v.Cut) > before && !slices.Contains(v.CutBy, ru.id) {
		v.CutBy = append(v.CutBy, ru.id)
	}
}

// matches judges one field that has text in it.
func (ru *rule) matches(f *field) bool {
	switch {
	case len(ru.icd) > 0:
		return anyICD(ru.icd, f.codes)
	case len(ru.text) > 0:
		return ru.text.match(f.words)
	case ru.equals != "":
		return strings.TrimSpace(f.value) == ru.equals
	default:
		return ru.filled
	}
}
