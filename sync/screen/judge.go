package screen

import (
	"math/bits"
	"slices"
	"strings"

	"tramsync/sync/wire"
)

// field is a field that has text in it, with the rules that look at it. Its text is folded and its codes are found
// when first asked for.
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
	// objects says, for a list's row, which of its records a field belongs to: by row and field, 0 is the row itself. nil:
	// each row of a table is a record.
	objects [][]int
	fields  []field
	folder  folder
	active  uint64     // rules that can still change the verdict
	seen    [][]bool   // by rule: which of its all_text stood somewhere
	drop    int        // the first rule that withholds the whole record, or len(rules)
	cuts    []matching // of the others
}

// matching is a field that a rule matches.
type matching struct{ rule, field int }

func (r *Rules) judge(kind string, tables []wire.Table, objects [][]int) Verdict {
	j := judgement{rules: r, tables: tables, objects: objects, drop: len(r.rules)}
	for i := range r.rules {
		if ru := &r.rules[i]; ru.action != dropFile && ru.appliesTo(kind) {
			j.active |= 1 << i
		}
	}
	j.flatten()
	j.folder.list = make([]string, 0, 2*len(j.fields))
	for k := range j.fields {
		f := &j.fields[k]
		for m := f.mask & j.active; m != 0; m &= m - 1 {
			if i := bits.TrailingZeros64(m); j.matches(i, f) {
				j.hit(i, k)
			}
		}
	}
	return j.verdict()
}

// flatten lists the fields with text in them.
func (j *judgement) flatten() {
	n := 0
	for i := range j.tables {
		for k := range j.tables[i].Rows {
			n += len(j.tables[i].Rows[k].Fields)
		}
	}
	j.fields = make([]field, 0, n)
	var unknown []int
	m := &j.rules.masks
	m.mu.RLock()
	for i := range j.tables {
		t := &j.tables[i]
		for k := range t.Rows {
			row := &t.Rows[k]
			names := m.known[recordName{t.Name, row.Element}]
			for l := range row.Fields {
				f := &row.Fields[l]
				if strings.TrimSpace(f.Value) == "" {
					continue
				}
				mask, ok := names[f.Name]
				if !ok {
					unknown = append(unknown, len(j.fields))
				}
				j.fields = append(j.fields, field{place: Place{i, k, l}, mask: mask, value: f.Value})
			}
		}
	}
	m.mu.RUnlock()
	for _, n := range unknown {
		p := j.fields[n].place
		t := &j.tables[p.Table]
		row := &t.Rows[p.Row]
		j.fields[n].mask = j.rules.mask(recordName{t.Name, row.Element}, row.Fields[p.Field].Name)
	}
}

// matches judges one field.
func (j *judgement) matches(i int, f *field) bool {
	ru := &j.rules.rules[i]
	ok := false
	switch {
	case len(ru.icd) > 0:
		if !f.coded {
			f.codes, f.coded = appendCodes(nil, f.value), true
		}
		ok = anyICD(ru.icd, f.codes)
	case len(ru.text.list) > 0:
		ok = ru.text.match(j.words(f))
	case len(ru.all) > 0:
		ok = j.completes(i, f)
	case ru.equals != "":
		ok = strings.TrimSpace(f.value) == ru.equals
	case ru.table != "":
		// Elements alone make a record: exporters write empty wrappers for everybody, which may have attributes and
		// comments (xsi:nil="true").
		p := f.place
		ok = j.tables[p.Table].Rows[p.Row].Fields[p.Field].End > 0
	default: // filled, or where alone
		ok = true
	}
	return ok && (len(ru.where) == 0 || j.holds(ru, f))
}

func (j *judgement) words(f *field) []string {
	if !f.folded {
		f.words, f.folded = j.folder.words(f.value), true
	}
	return f.words
}

// completes notes which of rule i's phrases stand in the field, and reports whether each has stood somewhere by now.
func (j *judgement) completes(i int, f *field) bool {
	if j.seen == nil {
		j.seen = make([][]bool, len(j.rules.rules))
	}
	all := j.rules.rules[i].all
	if j.seen[i] == nil {
		j.seen[i] = make([]bool, len(all))
	}
	for n, ps := range all {
		j.seen[i][n] = j.seen[i][n] || ps.match(j.words(f))
	}
	return !slices.Contains(j.seen[i], false)
}

// holds reports whether the record that a field stands in has all values of the rule's where.
func (j *judgement) holds(ru *rule, f *field) bool {
	t := &j.tables[f.place.Table]
	record := j.object(f.place)
	for i := range ru.where {
		w := &ru.where[i]
		if !slices.ContainsFunc(j.fields, func(g field) bool {
			if g.place.Table != f.place.Table || j.object(g.place) != record ||
				strings.TrimSpace(g.value) != w.value {
				return false
			}
			row := &t.Rows[g.place.Row]
			return w.field.match(foldName(t.Name), foldName(row.Element), foldName(row.Fields[g.place.Field].Name))
		}) {
			return false
		}
	}
	return true
}

// object is the record within its table that a field belongs to.
func (j *judgement) object(p Place) int {
	if j.objects == nil {
		return p.Row
	}
	if p.Table > 0 { // what stands around a row
		return -1
	}
	return j.objects[p.Row][p.Field]
}

// hit takes account of rule i matching field k. A rule behind one that withholds everything changes nothing any more.
func (j *judgement) hit(i, k int) {
	if j.rules.rules[i].action != dropVisit {
		j.cuts = append(j.cuts, matching{rule: i, field: k})
		return
	}
	j.drop = min(j.drop, i)
	j.active &= 1<<i - 1
}

func (j *judgement) verdict() Verdict {
	var v Verdict
	rules := j.rules.rules
	if j.drop < len(rules) {
		return Verdict{Drop: rules[j.drop].id}
	}
	slices.SortStableFunc(j.cuts, func(a, b matching) int { return a.rule - b.rule })
	for _, c := range j.cuts {
		ru := &rules[c.rule]
		if !slices.Contains(v.CutBy, ru.id) {
			v.CutBy = append(v.CutBy, ru.id)
		}
		cut := Cut{Place: j.fields[c.field].place, Extent: ru.extent(), Nodes: ru.nodes}
		if !slices.ContainsFunc(v.Cut, cut.same) {
			v.Cut = append(v.Cut, cut)
		}
	}
	slices.SortStableFunc(v.Cut, func(a, b Cut) int { return a.Place.compare(b.Place) })
	return v
}
