package export_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"tramsync/agent/export"
	"tramsync/sync/wire"
	"tramsync/testdata/gen"
)

func vaccinations() export.Settings {
	return export.Settings{Station: "99001", System: "V20", Kind: "tiem_chung", Format: export.CSV,
		Key: []string{"MA", "NGAY"}, Columns: []export.Column{{Name: "MA", From: []string{"Mã đối tượng"}},
			{Name: "NGAY", From: []string{"Ngày tiêm"}, Type: export.Date}}}
}

// excel writes a workbook of the given sheets, each of lines of cells divided by ;.
func excel(t testing.TB, sheets map[string]string, merged ...string) string {
	t.Helper()
	f := excelize.NewFile()
	for name, rows := range sheets {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, ln := range strings.Split(strings.TrimSuffix(rows, "\n"), "\n") {
			for k, text := range strings.Split(ln, ";") {
				at, err := excelize.CoordinatesToCellName(k+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if err := f.SetCellStr(name, at, text); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, ref := range merged {
			from, to, _ := strings.Cut(ref, ":")
			if err := f.MergeCell(name, from, to); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// around gives what stands around each record, for screening.
func around(list []*export.Record) [][]string {
	var out [][]string
	for _, r := range list {
		var fields []string
		for _, f := range r.Around {
			fields = append(fields, f.Name+"="+f.Value)
		}
		out = append(out, fields)
	}
	return out
}

const twoRows = "Mã đối tượng;Ngày tiêm;Kết quả\nA;01/09/2026;x\nB;01/09/2026;\n"

func TestDecode_shows_screening_what_stands_around_a_list(t *testing.T) {
	xlsx := vaccinations()
	xlsx.Format = export.XLSX
	groups := "MA;NGAY;Xét nghiệm;;\n;;KQ;Lô;Kết quả\nA;x;+;y;-\nB;x;;;\n"
	known := xlsx
	known.Columns = append(slices.Clone(known.Columns), export.Column{Name: "KQ"})
	page := "<h1>Danh sách HIV</h1><table><tr><td>Trạm<td>x</table><table><caption>Tháng 9</caption><tr><td>MA<td>NGAY" +
		"<tr><td>A<td>x</table>"
	for _, c := range []struct {
		name, file string
		settings   export.Settings
		want       [][]string
	}{
		{"titles", "Trạm;Y tế\n;Danh sách HIV\n" + twoRows, vaccinations(),
			slices.Repeat([][]string{{"TITLE=Trạm", "TITLE=Y tế", "TITLE=Danh sách HIV"}}, 2)},
		{"headings and signatures, once each", "x;" + strings.ReplaceAll(twoRows, "\n", "\nHIV;;\n") +
			"Người lập;;\n;;Trần Mẫu;Y\n", vaccinations(), slices.Repeat([][]string{{"TITLE=HIV", "TITLE=Người lập",
			"TITLE=Trần Mẫu", "TITLE=Y"}}, 2)},
		{"not a row without a key", twoRows + ";;HIV\n", vaccinations(), [][]string{nil, nil, nil}},
		{"a sheet's name, not another's", excel(t, map[string]string{"Bệnh nhân HIV": "Tháng 9\n" + twoRows, "Mã": "x;y"}),
			xlsx, slices.Repeat([][]string{{"SHEET=Bệnh nhân HIV", "TITLE=Tháng 9"}}, 2)},
		{"a group's title over a column that the feed knows", excel(t, map[string]string{"S": groups}, "A1:A2", "B1:B2",
			"C1:E1"), known, [][]string{{"SHEET=S", "Xét nghiệm KQ=+"}, {"SHEET=S"}}},
		{"a page's words, and tables before the list", page, xlsx, [][]string{{"TITLE=Danh sách HIV", "TITLE=Trạm",
			"TITLE=x", "TITLE=Tháng 9"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, around(mustDecode(t, c.file, c.settings))); diff != "" {
				t.Errorf("around (-want +got):\n%s", diff)
			}
		})
	}
}

// Rows of one key that change places must not become news.
func TestDecode_ids_of_rows_of_one_key(t *testing.T) {
	ids := func(rows ...string) []string {
		var out []string
		for _, r := range mustDecode(t, "Mã đối tượng;Ngày tiêm;Lô\n"+strings.Join(rows, ""), vaccinations()) {
			out = append(out, event(r).ID)
		}
		slices.Sort(out)
		return out
	}
	a, b, c := "A;01/09/2026;x\n", "A;01/09/2026;y\n", "C;01/09/2026;x\n"
	first := ids(a, b, c)
	for _, rows := range [][]string{{b, a, c}, {c, b, a}, {b, c, a}} {
		if diff := cmp.Diff(first, ids(rows...)); diff != "" {
			t.Errorf("ids in another order (-want +got):\n%s", diff)
		}
	}
	if len(slices.Compact(first)) != 3 {
		t.Errorf("%d different ids of 3 rows", len(slices.Compact(first)))
	}
	if diff := cmp.Diff(ids(a, c), slices.Compact(ids(a, a, c))); diff != "" {
		t.Errorf("a row that stands there twice (-want +got):\n%s", diff)
	}
}

// The same list has the same ids whatever it is written as.
func TestDecode_ids_of_a_list_in_every_format(t *testing.T) {
	s := vaccinations()
	want := slices.Collect(idsOf(t, twoRows, s))
	s.Format = export.XLSX
	page := "<table><tr><td>" + strings.NewReplacer(";", "<td>", "\n", "<tr><td>").Replace(strings.TrimSpace(twoRows)) +
		"</table>"
	book := excel(t, map[string]string{"T9": "\n" + twoRows})
	for name, file := range map[string]string{"workbook": book, "page": page} {
		if diff := cmp.Diff(want, slices.Collect(idsOf(t, file, s))); diff != "" {
			t.Errorf("ids of a %s (-want +got):\n%s", name, diff)
		}
	}
}

func idsOf(t *testing.T, file string, s export.Settings) func(func(string) bool) {
	list := mustDecode(t, file, s)
	return func(yield func(string) bool) {
		for _, r := range list {
			if !yield(event(r).ID) {
				return
			}
		}
	}
}

func TestDecode_origins_of_sheets(t *testing.T) {
	s := vaccinations()
	s.Format = export.XLSX
	var got []wire.Origin
	for _, r := range mustDecode(t, excel(t, map[string]string{"T9": "\n\n" + twoRows}), s) {
		got = append(got, r.Origin)
	}
	if diff := cmp.Diff([]wire.Origin{{Sheet: "T9", Line: 4}, {Sheet: "T9", Line: 5}}, got); diff != "" {
		t.Errorf("origins (-want +got):\n%s", diff)
	}
}

func TestDecode_names_the_lines_it_skipped(t *testing.T) {
	for name, c := range map[string]struct{ rows, want string }{
		"one":  {"Cộng;;\n", "lines[3]"},
		"runs": {"Cộng;;\nCộng;;\nB;x;\nCộng;;\n;;\nCộng;;\n", "lines[3-4,6,8]"},
		"only twenty": {strings.Repeat("Cộng;;\nB;x;\n", 30),
			"lines[3,5,7,9,11,13,15,17,19,21,23,25,27,29,31,33,35,37,39,41,…]"},
	} {
		list := mustDecode(t, "Mã đối tượng;Ngày tiêm;Lô\nA;x;\n"+c.rows, vaccinations())
		want := wire.Finding{Code: "lines-skipped", At: c.want}
		for i, r := range list {
			if slices.Contains(r.Findings, want) != (i == len(list)-1) {
				t.Errorf("%s: record %d has %v", name, i+1, r.Findings)
			}
		}
	}
}

func TestDecode_refuses_more_text_than_screening_can_look_at(t *testing.T) {
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "Tổng cộng thôn có mười người %d;;\n", i)
	}
	_, err := decode(t, twoRows+b.String(), vaccinations())
	wantFault(t, err, export.FormatError{Code: "list-notes"})
}

// A list of a first import must not fill an old PC's memory.
func TestDecode_of_large_lists_holds_little(t *testing.T) {
	if testing.Short() {
		t.Skip("writes a workbook of 10,000 rows")
	}
	text := string(gen.VaccinationCSV(gen.New(1).Vaccinations(0, 10_000)...))
	text = strings.TrimSuffix(strings.ReplaceAll(text[len("\ufeff"):], "\r\n", "\n"), "\n")
	csv := export.Settings{Format: export.CSV, Key: []string{"Mã đối tượng", "Mũi số"}}
	xlsx := csv
	xlsx.Format = export.XLSX
	rows := strings.NewReplacer(";", "</td><td>", "\n", "</td></tr><tr><td>").Replace(text)
	page := "<table><tr><td>" + rows + "</table>"
	for _, c := range []struct {
		name, file string
		settings   export.Settings
	}{{"csv", text, csv}, {"workbook", excel(t, map[string]string{"S": strings.ReplaceAll(text, "\"", "")}), xlsx},
		{"page", page, xlsx}} {
		records, peak, base := 0, uint64(0), heap()
		err := export.Decode(t.Context(), bytes.NewReader([]byte(c.file)), c.settings, func(*export.Record) error {
			if records++; records%2500 == 0 {
				peak = max(peak, heap())
			}
			return nil
		})
		if err != nil || records != 10_000 {
			t.Errorf("%s: %d records, %v", c.name, records, err)
		}
		if grown := int64(peak) - int64(base); grown > 4<<20 {
			t.Errorf("%s of %d bytes: %d bytes in memory", c.name, len(c.file), grown)
		}
	}
}
