package config_test

import (
	"strings"
	"testing"
)

func TestParse_FormOfTheDocument(t *testing.T) {
	const notYAML = " (look for a missing quote, bracket, colon or indentation)"
	tests := []struct {
		name, doc string
		want      []string
	}{
		{"nothing is an empty document", "", []string{"is empty (begin with schema: 1)"}},
		{"a comment is an empty document", "# xin chào\n", []string{"is empty (begin with schema: 1)"}},
		{"a separator alone is empty", "---\n", []string{"line 2: is empty (give it a value or remove it)"}},
		{"text is not a mapping", "xin chào\n", []string{"line 1: must be a mapping of fields"}},
		{"UTF-16 is refused", "s\x00c\x00h\x00",
			[]string{"line 1: has a control character (save the file as plain text)"}},
		{"windows-1258 is refused with its line", "# a\n# Tr\xe2m\n",
			[]string{"line 2: is not UTF-8 (save the file as UTF-8)"}},
		{"a syntax error has its line", "schema: 1\nfeeds: [\n",
			[]string{"line 3: is not YAML: did not find expected node content" + notYAML}},
		{"a Windows path in double quotes is a syntax error", "schema: 1\ndata_dir: \"D:\\Vi\"\n",
			[]string{"line 2: is not YAML: found unknown escape character" + notYAML}},
		{"an unquoted * is an alias", "schema: 1\ndata_dir: *.xml\n",
			[]string{"line 2: aliases are not accepted (put text that begins with * into quotes)"}},
		{"a second document is refused", short + "---\nschema: 1\n",
			[]string{"line 5: a second document begins here (a configuration is one document; remove the line ---)"}},
		{"a broken second document is refused", short + "---\n[\n",
			[]string{"line 7: is not YAML: did not find expected node content" + notYAML}},
		{"a duplicate key names the first", short + "schema: 1\n",
			[]string{"line 5: schema: occurs twice, first on line 1"}},
		{"an anchor is refused", strings.Replace(short, "HIS", "&h HIS", 1),
			[]string{"line 4: feeds[0].system: anchors are not accepted " +
				"(remove the & and write values out where they are used)"}},
		{"an anchor on a key is refused", "&a " + short,
			[]string{"line 1: schema: anchors are not accepted (remove the & and its name)"}},
		{"merge keys and aliases are refused", strings.Replace(short, "system: HIS", "system: &h HIS, <<: *h", 1),
			[]string{
				"line 4: feeds[0].system: anchors are not accepted " +
					"(remove the & and write values out where they are used)",
				`line 4: feeds[0]."<<": merge keys are not accepted (write the values out)`,
				`line 4: feeds[0]."<<": aliases are not accepted (write the value out)`,
			}},
		{"a key that is a list is refused", short + "? [a]\n: 1\n",
			[]string{"line 5: has a key that is not text"}},
		{"deep nesting is refused once", short + "x: " + strings.Repeat("[", 50) + strings.Repeat("]", 50) + "\n",
			[]string{
				"line 5: x[0][0][0][0][0][0][0][0][0][0]: is nested too deeply",
				"line 5: x: is not a known field (known here: schema, station, data_dir, warehouse, exclusion, feeds, " +
					"limits)",
			}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseLinux(t, tt.doc)
			wantFaults(t, err, tt.want...)
		})
	}
}

func TestParse_NestingDoesNotExhaustTheStack(t *testing.T) {
	for _, bracket := range []string{"[", "{", "- ", "? "} {
		if _, err := parseLinux(t, strings.Repeat(bracket, 100_000)); err == nil {
			t.Errorf("%q without end is accepted", bracket)
		}
	}
}

func TestParse_AliasesAreNotExpanded(t *testing.T) {
	var doc strings.Builder
	doc.WriteString("a0: &a0 [x]\n")
	for i := range 30 { // 10^30 items if expanded
		n := string(rune('b' + i))
		doc.WriteString(n + ": &" + n + " [" + strings.TrimSuffix(strings.Repeat("*a0, ", 10), ", ") + "]\n")
	}
	if _, err := parseLinux(t, doc.String()); err == nil {
		t.Error("accepted")
	}
}
