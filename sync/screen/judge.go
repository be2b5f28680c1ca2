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
	mask   mask // rules that look at it
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
	active  mask                // rules that can still change the verdict
	seen    [][]bool            // by rule: which of its all_text stood somewhere
	records []map[[2]int]uint64 // by rule: which of its where each record has, a bit for each
	drop    int                 // the first rule that withholds the whole record, or len(rules)
	cuts    []matching          // of the others
}

// matching is a field that a rule matches.
type matching struct{ rule, field int }

func (r *Rules) judge(kind string, tables []wire.Table, objects [][]int) Verdict {
	j := judgement{rules: r, tables: tables, objects: objects, drop: len(r.rules)}
	for i := range r.rules {
		if ru := &r.rules[i]; ru.action != dropFile && ru.appliesTo(kind) {
			j.active.add(i)
		}
	}
	j.flatten()
	j.folder.list = make([]string, 0, 2*len(j.fields))
	for k := range j.fields {
		f := &j.fields[k]
		for w := range f.mask {
			for m := f.mask[w] & j.active[w]; m != 0; m &= m - 1 {
				if i := w*64 + bits.TrailingZeros64(m); j.matches(i, f) {
					j.hit(i, k)
				}
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
				looking, ok := names[f.Name]
				if !ok {
					unknown = append(unknown, len(j.fields))
				}
				j.fields = append(j.fields, field{place: Place{i, k, l}, mask: looking, value: f.Value})
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
		ok = !strings.ContainsAny(j.tables[p.Table].Rows[p.Row].Fields[p.Field].Name, "@#")
	default: // filled, or where alone
		ok = true
	}
	return ok && (len(ru.where) == 0 || j.holds(i, f))
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

// holds reports whether the record that a field stands in has all values of rule i's where.
func (j *judgement) holds(i int, f *field) bool {
	if j.records == nil {
		j.records = make([]map[[2]int]uint64, len(j.rules.rules))
	}
	where := j.rules.rules[i].where
	if j.records[i] == nil {
		j.records[i] = j.having(where)
	}
	return j.records[i][j.object(f.place)] == 1<<len(where)-1
}

// having says which of the conditions each record meets.
func (j *judgement) having(where []condition) map[[2]int]uint64 {
	out := map[[2]int]uint64{}
	for k := range j.fields {
		f := &j.fields[k]
		for n := range where {
			if strings.TrimSpace(f.value) != where[n].value {
				continue
			}
			t := &j.tables[f.place.Table]
			row := &t.Rows[f.place.Row]
			names := foldNames(recordName{t.Name, row.Element}, row.Fields[f.place.Field].Name)
			if where[n].field.match(&names) {
				out[j.object(f.place)] |= 1 << n
			}
		}
	}
	return out
}

// object is the record that a field belongs to: its table and number there.
func (j *judgement) object(p Place) [2]int {
	switch {
	case j.objects == nil:
		return [2]int{p.Table, p.Row}
	case p.Table > 0: // a document's row, or what stands around
		return [2]int{p.Table, p.Row}
	default:
		return [2]int{0, j.objects[p.Row][p.Field]}
	}
}

// hit takes account of rule i matching field k. A rule behind one that withholds everything changes nothing any more.
func (j *judgement) hit(i, k int) {
	if j.rules.rules[i].action != dropVisit {
		j.cuts = append(j.cuts, matching{rule: i, field: k})
		return
	}
	j.drop = min(j.drop, i)
	j.active.before(i)
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
		v.Cut = append(v.Cut, Cut{Place: j.fields[c.field].place, Extent: ru.extent(), Nodes: ru.nodes})
	}
	slices.SortStableFunc(v.Cut, Cut.compare)
	v.Cut = slices.CompactFunc(v.Cut, func(a, b Cut) bool { return a.compare(b) == 0 })
	return v
}
