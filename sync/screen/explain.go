package screen

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Explanation says in words what a rule does, in Vietnamese and English.
type Explanation struct {
	ID     string
	About  []Subject
	VI, EN string
	Reason string // as the rule set has it, in Vietnamese; may be empty
	Why    string // the same in English
}

// Explain explains every rule of the document, in its order. Those of Beside are not among them.
func (r *Rules) Explain() []Explanation {
	out := make([]Explanation, len(r.own))
	for i := range r.own {
		ru := &r.own[i]
		vi, en := ru.words()
		out[i] = Explanation{ID: ru.id, About: ru.about, VI: vi, EN: en, Reason: ru.source.Reason, Why: ru.source.Why}
	}
	return out
}

// FieldGroup is a named list of fields, which explanations refer to as $NAME.
type FieldGroup struct {
	Name   string
	Fields []string
}

// FieldGroups are those that the document's rules look at, by name.
func (r *Rules) FieldGroups() []FieldGroup {
	var out []FieldGroup
	for _, name := range slices.Sorted(maps.Keys(r.groups)) {
		if slices.ContainsFunc(r.own, func(ru rule) bool { return slices.Contains(ru.source.Fields, "$"+name) }) {
			out = append(out, FieldGroup{Name: name, Fields: slices.Clone(r.groups[name])})
		}
	}
	return out
}

func (r *rule) words() (vi, en string) {
	t := &r.source
	vi, en = r.actionWords()
	add := func(list []string, viForm, enForm string) {
		if len(list) > 0 {
			vi += fmt.Sprintf(viForm, strings.Join(list, ", "))
			en += fmt.Sprintf(enForm, strings.Join(list, ", "))
		}
	}
	one := func(s string) []string {
		if s == "" {
			return nil
		}
		return []string{s}
	}
	add(quoted(t.Path), " khi đường dẫn có chữ %s", " if its path has the word %s")
	add(one(t.Table), " khi bảng %s có bản ghi", " if table %s has a record")
	add(t.ICD, " khi có mã ICD-10 %s", " if there is an ICD-10 code of %s")
	add(quoted(t.Text), " khi có chữ %s", " if there are the words %s")
	add(quoted(t.AllText), " khi có đủ các chữ %s", " if there are all the words %s")
	add(quoted(one(t.Equals)), " khi giá trị là %s", " if the value is %s")
	if t.Filled {
		vi, en = vi+" khi không trống", en+" if not empty"
	}
	add(t.Fields, "; xét trường %s", "; looks at the fields %s")
	var where []string
	for _, f := range slices.Sorted(maps.Keys(t.Where)) {
		where = append(where, f+" = “"+t.Where[f]+"”")
	}
	add(where, "; khi cùng bản ghi có %s", "; where the same record has %s")
	add(t.Kinds, "; chỉ với loại dữ liệu %s", "; for the kinds %s only")
	add(t.NotKinds, "; trừ loại dữ liệu %s", "; not for the kinds %s")
	return vi, en
}

func (r *rule) actionWords() (vi, en string) {
	switch r.action {
	case dropFile:
		return "không mở tệp", "doesn't open the file"
	case dropRecord:
		return "bỏ riêng bản ghi hoặc dòng", "leaves out the record or row alone"
	case dropFields:
		return "bỏ riêng trường", "leaves out the field alone"
	case dropNodes:
		if len(r.nodes) == 0 {
			return "bỏ phần tử chứa trường", "leaves out the element the field stands in"
		}
		list := strings.Join(r.nodes, ", ")
		return "bỏ phần tử gần nhất trong " + list + ", không có thì bỏ cả hồ sơ",
			"leaves out the nearest element of " + list + ", or the whole record"
	default:
		return "bỏ cả hồ sơ", "leaves out the whole record"
	}
}

func quoted(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = "“" + s + "”"
	}
	return out
}
