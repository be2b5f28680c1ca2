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
  kind: so_rieng
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
		{"the insurer's format has its own kind", "system: HIS", "system: HIS, kind: kham",
			[]string{"line 4: feeds[0].kind: must be visit for format giamdinhhs (remove it)"}},
		{"the insurer's format may name it", "system: HIS", "system: HIS, kind: visit", nil},
		{"rows of a HIS have a kind", "format: giamdinhhs", "format: csv",
			[]string{"line 4: feeds[0].kind: is missing"}},
		{"rows are no visits", "format: giamdinhhs", "format: csv, kind: visit", []string{
			"line 4: feeds[0].kind: is what records of format giamdinhhs are called (name the rows otherwise)"}},
		{"the insurer's format is not V20's", "system: HIS", "system: V20, kind: visit",
			[]string{"line 4: feeds[0].format: is not a format of V20 (auto, csv, xlsx, json or xml)"}},
		{"the insurer's format takes nothing of rows", "system: HIS",
			"system: HIS, key: [A], columns: {A: [a]}, records: x, facility: A, encoding: utf-8", []string{
				"line 4: feeds[0].key: has no meaning for format giamdinhhs (remove it)",
				"line 4: feeds[0].columns: has no meaning for format giamdinhhs (remove it)",
				"line 4: feeds[0].facility: has no meaning for format giamdinhhs (remove it)",
				"line 4: feeds[0].records: has no meaning for format giamdinhhs (remove it)",
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
		{"V20 must name its kind", "  kind: so_rieng\n", "", []string{"line 5: feeds[0].kind: is missing"}},
		{"a kind with - is refused", "so_rieng", "tiem-chung",
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
			[]string{"line 13: feeds[0].columns.B.type: must be one of: text, date, cccd"}},
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
			[]string{"line 9: feeds[0].records: must be 1 to 8 member names joined by dots, like result.items, " +
				"or elements with slashes, like /LIST/ROW"}},
		{"a path of elements is accepted", "format: csv", "format: xml\n  records: /DANH_SACH/ns:DOI_TUONG", nil},
	})
}

func TestParse_Format(t *testing.T) {
	testChanges(t, short, []change{
		{"another format is refused", "giamdinhhs", "pdf", []string{"line 4: feeds[0].format: must be one of: " +
			"auto, giamdinhhs, hssk831, csv, xlsx, json, xml, document"}},
		{"an empty format is refused", "giamdinhhs", `""`,
			[]string{"line 4: feeds[0].format: is empty (give it a value or remove it)"}},
		{"health records have their own kind", "format: giamdinhhs", "format: hssk831, kind: suc_khoe",
			[]string{"line 4: feeds[0].kind: must be hssk_831 for format hssk831 (remove it)"}},
		{"rows are no health records", "format: giamdinhhs", "format: xml, kind: hssk_831", []string{
			"line 4: feeds[0].kind: is what records of format hssk831 are called (name the rows otherwise)"}},
		{"what must never be taken in is refused", "format: giamdinhhs", "kind: hiv",
			[]string{"line 4: feeds[0].kind: is never taken in (remove the feed)"}},
		{"a feed of mixed files needs neither format nor kind", ", format: giamdinhhs", "", nil},
		{"without a format it needs a system", "system: HIS, format: giamdinhhs, ", "",
			[]string{"line 4: feeds[0].system: is missing"}},
		{"with a format of its own it needs none", "system: HIS, ", "", nil},
		{"nor do health records", "system: HIS, format: giamdinhhs", "format: hssk831", nil},
		{"documents may have a kind", "format: giamdinhhs", "format: document, kind: benh_an", nil},
		{"documents take nothing of rows", "format: giamdinhhs", "format: document, key: [A]",
			[]string{"line 4: feeds[0].key: has no meaning for format document (remove it)"}},
		{"roots are for giamdinhhs", "system: HIS", "system: HIS, roots: [BenhVien, HồSơ]", nil},
		{"a root is an element's name", "system: HIS", "system: HIS, roots: ['<a>']",
			[]string{"line 4: feeds[0].roots[0]: must be an element's name"}},
	})
}

func TestParse_RowFeed_by_format(t *testing.T) {
	testChanges(t, rows, []change{
		{"an element of records is accepted", "format: csv", "format: xml\n  records: DOI_TUONG", nil},
		{"tcvn3 is accepted", "format: csv", "format: csv\n  encoding: tcvn3", nil},
		{"a sheet's name is accepted", "format: csv", "format: xlsx\n  sheet: Tháng 11", nil},
		{"an expression for sheets is accepted", "format: csv", "format: xlsx\n  sheet: /^T[0-9]+$/", nil},
		{"a bad expression is refused", "format: csv", "format: xlsx\n  sheet: /(/", []string{
			"line 9: feeds[0].sheet: is not a regular expression (without slashes it is a sheet's name)"}},
		{"a sheet is for workbooks", "format: csv", "format: csv\n  sheet: a",
			[]string{"line 9: feeds[0].sheet: has no meaning for format csv (remove it)"}},
		{"the header's line is accepted", "format: csv", "format: csv\n  header: 5", nil},
		{"line 0 is refused", "format: csv", "format: csv\n  header: 0",
			[]string{"line 9: feeds[0].header: must be the number of a line, 1 to 50"}},
		{"line 51 is refused", "format: csv", "format: csv\n  header: 51",
			[]string{"line 9: feeds[0].header: must be the number of a line, 1 to 50"}},
		{"a word is refused", "format: csv", "format: csv\n  header: auto",
			[]string{"line 9: feeds[0].header: must be the number of a line, 1 to 50"}},
		{"a list is refused", "format: csv", "format: csv\n  header: [1]",
			[]string{"line 9: feeds[0].header: must be a number"}},
		{"mixed files take everything", "format: csv",
			"format: auto\n  header: 2\n  sheet: a\n  records: data\n  roots: [BenhVien]\n  encoding: tcvn3", nil},
	})
}
