package xlsx_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/export/xlsx"
)

func TestRows_fills_merged_cells_downwards(t *testing.T) {
	cell := func(at, v string) string { return `<c r="` + at + `" t="str"><v>` + v + `</v></c>` }
	rows := `<row r="2">` + cell("A2", "a") + cell("C2", "c") + `</row><row r="3">` + cell("B3", "b") + `</row>` +
		`<row r="5">` + cell("A5", "own") + `</row><row r="6"/>`
	merged := `</sheetData><mergeCells><mergeCell ref="A2:B5"/><mergeCell ref="C2:D2"/><mergeCell ref="C1:C3"/>` +
		`<mergeCell ref="D3:D6"/><mergeCell ref="E3"/></mergeCells><sheetData>`
	got := map[int][]xlsx.Cell{}
	for row, err := range open(t, book(t, rows+merged, "")).Rows(0) {
		if err != nil {
			t.Fatal(err)
		}
		got[row.Number] = append([]xlsx.Cell{}, row.Cells...)
	}
	want := map[int][]xlsx.Cell{
		2: {{Text: "a"}, {}, {Text: "c"}},     // C1:C3 began in a row that isn't there, so it has no value
		3: {{Text: "a", Top: 2}, {Text: "b"}}, // across, only the first column is filled
		5: {{Text: "own"}},                    // what stands under a region stays
		6: {},                                 // and nothing is filled behind its end
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	for _, ref := range []string{"", "A", "1:2", "A0:A2", "A2:XFE3", "A1:A1048577", "A1:A99999999999999999999",
		"B1:A2", "a1:a2"} {
		file := book(t, `</sheetData><mergeCells><mergeCell ref="`+ref+`"/></mergeCells><sheetData>`, "")
		wantCode(t, "region "+ref, readFile(file), xlsx.Damaged)
	}
}
