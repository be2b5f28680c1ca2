package screen_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/screen"
)

func TestEveryBuiltinRuleIsExplained(t *testing.T) {
	rules := builtin(t)
	list := rules.Explain()
	subjects := map[screen.Subject]int{}
	for _, e := range list {
		if e.VI == "" || e.EN == "" || e.Reason == "" || e.Why == "" || len(e.About) == 0 {
			t.Errorf("%+v", e)
		}
		for _, s := range e.About {
			subjects[s]++
		}
		if strings.Contains(e.VI+e.EN, "%!") {
			t.Errorf("%s: %s / %s", e.ID, e.VI, e.EN)
		}
	}
	if len(list) < 30 || len(subjects) != 3 {
		t.Errorf("%d rules, subjects %v", len(list), subjects)
	}
	if groups := rules.FieldGroups(); len(groups) != 6 || groups[0].Name != "code_fields" || len(groups[0].Fields) < 30 {
		t.Errorf("groups %+v", groups)
	}
}

func TestExplanationsSayEverything(t *testing.T) {
	rules, err := screen.Parse([]byte(`
schema: 1
version: 2027-01-01.1
groups: {g: ["*.R"], codes: [B20, B21]}
rules:
  - {id: A, text: [x, y], fields: ["*.P", $g], kinds: [k], where: {"*.Q": "1"}, action: drop_record}
  - {id: B, icd: [$codes], not_kinds: [k, l], action: drop_nodes, node: [N, O]}
  - {id: C, table: XML6, ly_do: r, why: w}
  - {id: D, path: [x], action: drop_file}
  - {id: E, all_text: [x, y]}
  - {id: F, equals: "1", fields: ["*.P"], action: drop_fields}
  - {id: G, filled: true, fields: ["*.P"], action: drop_fields}
  - {id: H, where: {"*.Q": "1", "*.P": "2"}, action: drop_nodes}
`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range rules.Explain() {
		got = append(got, e.ID+" "+e.VI, e.EN)
	}
	want := []string{
		"A bỏ riêng bản ghi hoặc dòng khi có chữ “x”, “y”; xét trường *.P, $g; khi cùng bản ghi có *.Q = “1”; " +
			"chỉ với loại dữ liệu k",
		"leaves out the record or row alone if there are the words “x”, “y”; looks at the fields *.P, $g; " +
			"where the same record has *.Q = “1”; for the kinds k only",
		"B bỏ phần tử gần nhất trong N, O, không có thì bỏ cả hồ sơ khi có mã ICD-10 B20, B21; trừ loại dữ liệu k, l",
		"leaves out the nearest element of N, O, or the whole record if there is an ICD-10 code of B20, B21; " +
			"not for the kinds k, l",
		"C bỏ cả hồ sơ khi bảng XML6 có bản ghi", "leaves out the whole record if table XML6 has a record",
		"D không mở tệp khi đường dẫn có chữ “x”", "doesn't open the file if its path has the word “x”",
		"E bỏ cả hồ sơ khi có đủ các chữ “x”, “y”", "leaves out the whole record if there are all the words “x”, “y”",
		"F bỏ riêng trường khi giá trị là “1”; xét trường *.P",
		"leaves out the field alone if the value is “1”; looks at the fields *.P",
		"G bỏ riêng trường khi không trống; xét trường *.P",
		"leaves out the field alone if not empty; looks at the fields *.P",
		"H bỏ phần tử chứa trường; khi cùng bản ghi có *.P = “2”, *.Q = “1”",
		"leaves out the element the field stands in; where the same record has *.P = “2”, *.Q = “1”",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
