package screen_test

import (
	"fmt"
	"strings"
	"testing"

	"tramsync/sync/screen"
)

func TestTheBuiltinRulesHaveAVersion(t *testing.T) {
	if got := builtin(t).Version(); got != "2026-11-22.4" {
		t.Errorf("Version = %q", got)
	}
}

type refused struct{ name, rule, want string }

func TestParseRefusesActionsAndConditionsThatDontFit(t *testing.T) {
	refuse(t, []refused{
		{"fields by table", `{id: A, table: XML6, action: drop_fields}`, "table goes with"},
		{"nodes by table", `{id: A, table: XML6, action: drop_nodes}`, "table goes with"},
		{"cutting by words of several fields", `{id: A, all_text: [x, y], action: drop_fields}`, "all_text goes with"},
		{"records by words of several fields", `{id: A, all_text: [x, y], action: drop_record}`, "all_text goes with"},
		{"an action of old", `{id: A, text: [x], action: drop}`, "action must"},
		{"a node beside another action", `{id: A, text: [x], node: [B], action: drop_visit}`, "node goes with"},
		{"a node that is no name", `{id: A, text: [x], node: ["A B"], action: drop_nodes}`, "name elements"},
		{"an empty node", `{id: A, text: [x], node: [""], action: drop_nodes}`, "name elements"},
		{"where without a value", `{id: A, where: {"*.X": ""}, action: drop_nodes}`, "with something"},
		{"where that never does", `{id: A, where: {"*.X": "1 "}, action: drop_nodes}`, "white space"},
		{"where without a field", `{id: A, where: {X: "1"}, action: drop_nodes}`, "TABLE.FIELD"},
		{"where beside a table", `{id: A, where: {"*.X": "1"}, table: XML6}`, "single fields"},
		{"where beside words of several fields", `{id: A, where: {"*.X": "1"}, all_text: [x, y]}`, "single fields"},
		{"where alone with fields", `{id: A, where: {"*.X": "1"}, fields: ["*.Y"]}`, "names its fields"},
		{"where with drop_file", `{id: A, kinds: [b], where: {"*.X": "1"}, action: drop_file}`, "drop_file"},
		{"an unknown subject", `{id: A, about: [alcohol], text: [x]}`, "about must"},
		{"a reason too long", `{id: A, why: ` + strings.Repeat("a", 301) + `, text: [x]}`, "300 characters"},
		{"a reason too long in Vietnamese", `{id: A, ly_do: ` + strings.Repeat("ế", 301) + `, text: [x]}`, "300 char"},
	})
}

func TestParseRefusesRules(t *testing.T) {
	refuse(t, []refused{
		{"an unknown member", `{id: A, text: [x], word: [y], action: drop_visit}`, "word"},
		{"no condition", `{id: A, action: drop_visit}`, "exactly one"},
		{"an empty condition", `{id: A, text: [], action: drop_visit}`, "exactly one"},
		{"two conditions", `{id: A, text: [x], icd: [B20], action: drop_visit}`, "exactly one"},
		{"filled beside equals", `{id: A, filled: true, equals: "1", fields: ["*.X"], action: drop_visit}`, "exactly one"},
		{"a path beside a condition", `{id: A, text: [x], path: [y], action: drop_visit}`, "drop_file only"},
		{"a word as ICD code", `{id: A, icd: [HIV], action: drop_visit}`, "ICD-10"},
		{"a small letter in an ICD code", `{id: A, icd: [b20], action: drop_visit}`, "ICD-10"},
		{"two letters in an ICD code", `{id: A, icd: [B2O], action: drop_visit}`, "ICD-10"},
		{"a range of three", `{id: A, icd: [B20-B22-B24], action: drop_visit}`, "ICD-10"},
		{"an open range", `{id: A, icd: [B20-], action: drop_visit}`, "ICD-10"},
		{"a range backwards", `{id: A, icd: [B24-B20], action: drop_visit}`, "range"},
		{"a range of two lengths", `{id: A, icd: [B20-B24.9], action: drop_visit}`, "range"},
		{"an unknown action", `{id: A, text: [x], action: mask}`, "action"},
		{"a path without action", `{id: A, path: [x]}`, "drop_file only"},
		{"no id", `{text: [x], action: drop_visit}`, "id must"},
		{"an id in small letters", `{id: a, text: [x], action: drop_visit}`, "id must"},
		{"an id too long", `{id: ` + strings.Repeat("A", 21) + `, text: [x], action: drop_visit}`, "id must"},
		{"an unknown group", `{id: A, text: [$words]}`, "no group"},
		{"fields that only leave out", `{id: A, text: [x], fields: ["!*.X"]}`, "only leave"},
		{"equals without fields", `{id: A, equals: "1", action: drop_visit}`, "need fields"},
		{"filled without fields", `{id: A, filled: true, action: drop_fields}`, "need fields"},
		{"equals that never does", `{id: A, equals: " 1", fields: ["*.X"], action: drop_visit}`, "white space"},
		{"a table in small letters", `{id: A, table: xml6, action: drop_visit}`, "XML0 to XML15"},
		{"an unknown table", `{id: A, table: XML16, action: drop_visit}`, "XML0 to XML15"},
		{"a table with fields", `{id: A, table: XML6, fields: ["*.X"], action: drop_visit}`, "without fields"},
		{"a field without table", `{id: A, text: [x], fields: [MA_BENH], action: drop_visit}`, "TABLE.FIELD"},
		{"a field with marks", `{id: A, text: [x], fields: ["*.Mã bệnh"], action: drop_visit}`, "TABLE.FIELD"},
		{"a field of four names", `{id: A, text: [x], fields: [XML1.A.B.C], action: drop_visit}`, "TABLE.FIELD"},
		{"a phrase without letters", `{id: A, text: [x, "39"], action: drop_visit}`, "not a phrase"},
		{"an empty phrase", `{id: A, all_text: [x, ""], action: drop_visit}`, "not a phrase"},
		{"a path without letters", `{id: A, path: ["—"], action: drop_file}`, "not a phrase"},
		{"a star inside", `{id: A, text: ["me*don"], action: drop_visit}`, "not a phrase"},
		{"a star behind a word with marks", `{id: A, text: ["nghiện*"], action: drop_visit}`, "marks"},
		{"a file rule without kinds and path", `{id: A, action: drop_file}`, "drop_file"},
		{"a file rule with a condition", `{id: A, kinds: [hiv], text: [x], action: drop_file}`, "drop_file"},
		{"a file rule with other kinds", `{id: A, path: [x], not_kinds: [hiv], action: drop_file}`, "drop_file"},
		{"a file rule with fields", `{id: A, path: [x], fields: ["*.X"], action: drop_file}`, "drop_file"},
		{"a file rule of a kind and a path", `{id: A, path: [x], kinds: [b], action: drop_file}`, "either"},
		{"a kind in capitals", `{id: A, kinds: [HIV], action: drop_file}`, "kinds must"},
		{"another kind in capitals", `{id: A, not_kinds: [HIV], text: [x], action: drop_visit}`, "kinds must"},
		{"a member twice", `{id: A, id: B, text: [x], action: drop_visit}`, "already"},
		{"a list for a word", `{id: A, text: [x], action: [drop]}`, "action"},
	})
}

func refuse(t *testing.T, tests []refused) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rules, err := screen.Parse([]byte("schema: 1\nversion: 2027-01-01.1\nrules:\n  - " + tt.rule))
			if err == nil || rules != nil {
				t.Fatal("the rule is taken")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want one about %q", err, tt.want)
			}
		})
	}
}

const head = "schema: 1\nversion: 2027-01-01.1\nrules:\n"

const goodRule = "  - {id: A, text: [x], action: drop_visit}\n"

func TestParseRefusesDocuments(t *testing.T) {
	for name, doc := range map[string]string{
		"nothing":             "",
		"a scalar":            "x",
		"no rules":            "schema: 1\nversion: 2027-01-01.1\n",
		"an empty list":       "schema: 1\nversion: 2027-01-01.1\nrules: []\n",
		"no schema":           "version: 2027-01-01.1\nrules:\n" + goodRule,
		"another schema":      "schema: 2\nversion: 2027-01-01.1\nrules:\n" + goodRule,
		"no version":          "schema: 1\nrules:\n" + goodRule,
		"a version of old":    "schema: 1\nversion: 2026-11\nrules:\n" + goodRule,
		"a group nobody uses": "schema: 1\nversion: 2027-01-01.1\ngroups: {a: [b]}\nrules:\n" + goodRule,
		"an empty group": "schema: 1\nversion: 2027-01-01.1\ngroups: {a: []}\nrules:\n" +
			"  - {id: A, text: [x, $a], action: drop_visit}\n",
		"a megabyte":            head + goodRule + strings.Repeat("#\n", 1<<19),
		"an unknown member":     head + goodRule + "rule: 1\n",
		"65 rules":              head + strings.Repeat(goodRule, 65),
		"a second document":     head + goodRule + "---\n" + head + goodRule,
		"a bad second document": head + goodRule + "---\n{",
		"half a document":       head + "  - {id: A, text: [x",
		"an unknown anchor":     head + "  - {id: A, icd: *none, action: drop_visit}\n",
	} {
		t.Run(name, func(t *testing.T) {
			if rules, err := screen.Parse([]byte(doc)); err == nil || rules != nil {
				t.Error("the document is taken")
			}
		})
	}
}

func TestParseTakes64Rules(t *testing.T) {
	var list []string
	for i := range 64 {
		list = append(list, fmt.Sprintf("{id: R%d, text: [word%c], fields: [\"*.F%d\"], action: drop_visit}", i, 'a'+i%26, i))
	}
	rules := parse(t, list...)
	if got := verdict(t, rules, "x", "F63=wordl"); got != "drop R63" {
		t.Errorf("the last rule: %q", got)
	}
	if got := verdict(t, rules, "x", "F62=wordl"); got != "" {
		t.Errorf("the last rule's word in another field: %q", got)
	}
}

func TestTheFirstRuleThatDropsIsNamed(t *testing.T) {
	rules := parse(t, `{id: C, text: [x], action: drop_fields}`, `{id: B, text: [y], action: drop_visit}`,
		`{id: A, text: [y], action: drop_visit}`)
	for s, want := range map[string]string{"x y": "drop B", "x": "cut C: F", "z": ""} {
		if got := verdict(t, rules, "k", "F="+s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestRulesKeepToTheirKinds(t *testing.T) {
	rules := parse(t, `{id: A, kinds: [one, two], text: [x], action: drop_visit}`,
		`{id: B, not_kinds: [one, three], text: [x], action: drop_visit}`)
	for kind, want := range map[string]string{"one": "drop A", "two": "drop A", "three": "", "four": "drop B"} {
		if got := verdict(t, rules, kind, "F=x"); got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("schema: 1\nversion: 2027-01-01.1\nrules:\n" + goodRule))
	f.Add([]byte(screen.BuiltinDocument()))
	f.Add([]byte(head + "  - {id: A, icd: [B20-B24], fields: [\"*.*\"], action: drop_fields}"))
	f.Add([]byte(head + "  - {id: A, where: {\"*.A.B\": \"1\"}, action: drop_nodes, node: [W]}"))
	f.Fuzz(func(t *testing.T, doc []byte) {
		rules, err := screen.Parse(doc)
		if (err == nil) == (rules == nil) {
			t.Fatalf("rules %v and error %v", rules, err)
		}
		if err != nil {
			return
		}
		if rules.Version() == "" {
			t.Fatal("no version")
		}
		rules.Record("visit", cells(t, "XML1.MA_BENH=B20", "XML1.A=nghiện ma túy", "XML6.B=1"))
		rules.File("hiv", "/srv/hiv/x.xml")
	})
}
