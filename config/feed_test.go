package config_test

import (
	"fmt"
	"strings"
	"testing"
)

// rows is a valid CSV feed to change.
const rows = `schema: 1
station: {code: "99001"}
warehouse: {url: "https://kho.tinh.example"}
feeds:
- name: v20
  system: V20
  kind: tiem_chung
  format: csv
  paths: [/srv/v20/*.csv]
  key: [A, B]
  columns:
    A: [a]
    B: {from: [b], type: date}
  facility: A
`

func TestParse_Feed(t *testing.T) {
	const item = "feeds: [{name: his, system: HIS, format: giamdinhhs, paths: [/srv/his/*.xml]}]"
	testChanges(t, short, []change{
		{"no feeds are refused", item, "feeds: []", []string{"line 4: feeds: must have 1 to 32 items, has 0"}},
		{"33 feeds are refused", item, "feeds: [" + strings.Repeat("{},", 33) + "]",
			[]string{"line 4: feeds: must have 1 to 32 items, has 33"}},
		{"capitals in a name are refused", "name: his", "name: His",
			[]string{"line 4: feeds[0].name: must be 1 to 40 of a-z, 0-9 and -"}},
		{"a name of 41 is refused", "name: his", "name: " + strings.Repeat("h", 41),
			[]string{"line 4: feeds[0].name: must be 1 to 40 of a-z, 0-9 and -"}},
		{"another system is refused", "HIS", "LIS", []string{"line 4: feeds[0].system: must be one of: HIS, V20"}},
		{"another format is refused", "giamdinhhs", "xlsx",
			[]string{"line 4: feeds[0].format: must be one of: giamdinhhs, csv, json"}},
		{"the insurer's format has its own kind", "system: HIS", "system: HIS, kind: kham",
			[]string{"line 4: feeds[0].kind: must be visit for format giamdinhhs (remove it)"}},
		{"the insurer's format may name it", "system: HIS", "system: HIS, kind: visit", nil},
		{"rows of a HIS have a kind", "format: giamdinhhs", "format: csv",
			[]string{"line 4: feeds[0].kind: is missing"}},
		{"rows are no visits", "format: giamdinhhs", "format: csv, kind: visit", []string{
			"line 4: feeds[0].kind: is what records of format giamdinhhs are called (name the rows otherwise)"}},
		{"the insurer's format is not V20's", "system: HIS", "system: V20, kind: visit",
			[]string{"line 4: feeds[0].format: is not a format of V20 (csv or json)"}},
		{"the insurer's format takes nothing of rows", "system: HIS",
			"system: HIS, key: [A], columns: {A: [a]}, records: x, facility: A, encoding: utf-8", []string{
				"line 4: feeds[0].key: has no meaning for format giamdinhhs (remove it)",
				"line 4: feeds[0].columns: has no meaning for format giamdinhhs (remove it)",
				"line 4: feeds[0].records: has no meaning for format giamdinhhs (remove it)",
				"line 4: feeds[0].facility: has no meaning for format giamdinhhs (remove it)",
				"line 4: feeds[0].encoding: must be auto for format giamdinhhs (only csv does not show its encoding)",
			}},
		{"two feeds of one name are refused", item,
			item[:len(item)-1] + ", {name: his, system: HIS, kind: a, format: csv, paths: [/srv/b/*.csv]}]",
			[]string{"line 4: feeds[1].name: is the name of another feed (see feeds[0].name)"}},
		{"one pattern in two feeds is refused", item,
			item[:len(item)-1] + ", {name: b, system: HIS, kind: a, format: csv, paths: [/srv/his/*.xml]}]",
			[]string{"line 4: feeds[1].paths[0]: is listed before (see feeds[0].paths[0])"}},
		{"one pattern twice in a feed is refused", "/srv/his/*.xml", "/srv/his/*.xml, /srv/his/*.xml",
			[]string{"line 4: feeds[0].paths[1]: is listed before (see feeds[0].paths[0])"}},
		{"a path must be text", "/srv/his/*.xml", "7", []string{"line 4: feeds[0].paths[0]: must be text " +
			"(put it in quotes: without them leading zeros get lost)"}},
		{"the agent's own folder is refused", "/srv/his/*.xml", "/var/lib/tramsync/in/*.xml",
			[]string{"line 4: feeds[0].paths[0]: reaches into the agent's own folder, data_dir " +
				"(keep exports and data_dir apart)"}},
		{"a folder above it is refused when searched in depth", "/srv/his/*.xml", "/var/lib/**/*.xml",
			[]string{"line 4: feeds[0].paths[0]: reaches into the agent's own folder, data_dir " +
				"(keep exports and data_dir apart)"}},
		{"a folder above it is accepted when not searched in depth", "/srv/his/*.xml", "/var/lib/*.xml", nil},
		{"a folder whose name begins alike is accepted", "/srv/his/*.xml", "/var/lib/tramsync2/**/*.xml", nil},
	})
}

func TestParse_Settle(t *testing.T) {
	const old = "format: csv"
	set := func(v string) string { return old + "\n  settle: " + v }
	const bounds = "line 9: feeds[0].settle: must be from 100ms to 10m"
	testChanges(t, rows, []change{
		{"the shortest is accepted", old, set("100ms"), nil},
		{"the longest is accepted", old, set("10m"), nil},
		{"shorter is refused", old, set("99ms"), []string{bounds}},
		{"longer is refused", old, set("10m1ms"), []string{bounds}},
		{"negative is refused", old, set("-3s"), []string{bounds}},
		{"a number is refused", old, set("3"), []string{"line 9: feeds[0].settle: must be text " +
			"(put it in quotes: without them leading zeros get lost)"}},
	})
}

func TestParse_RowFeed(t *testing.T) {
	var many strings.Builder
	for i := range 201 {
		fmt.Fprintf(&many, "    C%d: {}\n", i)
	}
	const canonical = "must be 1 to 60 of A-Z, 0-9 and _"
	testChanges(t, rows, []change{
		{"V20 must name its kind", "  kind: tiem_chung\n", "", []string{"line 5: feeds[0].kind: is missing"}},
		{"a kind with - is refused", "tiem_chung", "tiem-chung",
			[]string{"line 7: feeds[0].kind: must be 1 to 40 of a-z, 0-9 and _"}},
		{"an empty key is accepted", "[A, B]", "[]", nil},
		{"no columns are accepted", "  columns:\n    A: [a]\n    B: {from: [b], type: date}\n", "", nil},
		{"a key column twice is refused", "[A, B]", "[A, A]",
			[]string{"line 10: feeds[0].key[1]: occurs twice in this list"}},
		{"a key column in small letters is refused", "[A, B]", "[a, B]",
			[]string{"line 10: feeds[0].key[0]: " + canonical}},
		{"17 key columns are refused", "[A, B]", "[" + strings.Repeat("A,", 17) + "]",
			[]string{"line 10: feeds[0].key: must have 0 to 16 items, has 17"}},
		{"a key column must be mapped", "[A, B]", "[A, C]",
			[]string{"line 10: feeds[0].key: names C, which is not in columns (add it to columns)"}},
		{"the facility's column must be mapped", "facility: A", "facility: C",
			[]string{"line 14: feeds[0].facility: is not in columns (add it to columns)"}},
		{"a facility in small letters is refused", "facility: A", "facility: a",
			[]string{"line 14: feeds[0].facility: " + canonical}},
		{"a column's name in Vietnamese is refused", "    B: {", "    NGÀY: {", []string{
			"line 10: feeds[0].key: names B, which is not in columns (add it to columns)",
			`line 13: feeds[0].columns."NGÀY": as a column's name ` + canonical,
		}},
		{"another type is refused", "type: date", "type: number",
			[]string{"line 13: feeds[0].columns.B.type: must be one of: text, date"}},
		{"an unknown field of a column is refused", "type: date", "formats: [x]",
			[]string{"line 13: feeds[0].columns.B.formats: is not a known field (known here: from, type)"}},
		{"a column of text is refused", "A: [a]", "A: a",
			[]string{"line 12: feeds[0].columns.A: must be a mapping of fields"}},
		{"no headers are refused", "[a]", "[]",
			[]string{"line 12: feeds[0].columns.A: must have 1 to 32 items, has 0"}},
		{"an empty header is refused", "[a]", `[""]`,
			[]string{"line 12: feeds[0].columns.A[0]: is empty (give it a value or remove it)"}},
		{"one header for two columns is refused", "from: [b]", "from: [a]",
			[]string{"line 13: feeds[0].columns.B.from[0]: is a header that is taken (see feeds[0].columns.A[0])"}},
		{"nor by a column's own name", "A: [a]", "A: [B]\n    C: {}\n    D: [C]", []string{
			"line 14: feeds[0].columns.D[0]: is a header that is taken (see feeds[0].columns.C)"}},
		{"201 columns are refused", "    A: [a]\n    B: {from: [b], type: date}\n", many.String(),
			[]string{"line 12: feeds[0].columns: must have at most 200 columns, has 201"}},
		{"records are for JSON", "facility: A", "records: data",
			[]string{"line 14: feeds[0].records: has no meaning for format csv (remove it)"}},
		{"JSON shows its encoding itself", "format: csv", "format: json\n  encoding: windows-1258",
			[]string{"line 9: feeds[0].encoding: must be auto for format json (only csv does not show its encoding)"}},
		{"auto may be written out", "format: csv", "format: json\n  encoding: auto", nil},
		{"a path to records is accepted", "format: csv", "format: json\n  records: $values.kết_quả", nil},
		{"an empty member is refused", "format: csv", "format: json\n  records: a..b",
			[]string{"line 9: feeds[0].records: must be 1 to 8 member names joined by dots, like result.items"}},
	})
}
