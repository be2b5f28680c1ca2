package xlsx_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"tramsync/agent/export/xlsx"
)

// TestRows_agrees_with_excelize writes random workbooks and reads them with both.
func TestRows_agrees_with_excelize(t *testing.T) {
	for seed := range uint64(40) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			f := random(t, rand.New(rand.NewPCG(seed, 1)))
			book := open(t, written(t, f))
			for i, sheet := range book.Sheets() {
				want, err := f.GetRows(sheet.Name)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(trimmed(want), trimmed(texts(t, book, i))); diff != "" {
					t.Errorf("%s (-excelize +ours):\n%s", sheet.Name, diff)
				}
			}
		})
	}
}

func random(t *testing.T, r *rand.Rand) *excelize.File {
	t.Helper()
	f := excelize.NewFile()
	day, moment := "yyyy-mm-dd", "yyyy-mm-dd\\Thh:mm:ss"
	styles := make([]int, 2)
	for i, code := range []*string{&day, &moment} {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: code})
		if err != nil {
			t.Fatal(err)
		}
		styles[i] = id
	}
	for s := range 1 + r.IntN(3) {
		sheet := fmt.Sprintf("Trang %d", s+1)
		if _, err := f.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for row := 1; row < 40; row += 1 + r.IntN(3) {
			for column := 1; column < 12; column += 1 + r.IntN(3) {
				at, err := excelize.CoordinatesToCellName(column, row)
				if err != nil {
					t.Fatal(err)
				}
				if err := put(f, r, styles, sheet, at); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return f
}

// put sets a cell to something random.
func put(f *excelize.File, r *rand.Rand, styles []int, sheet, at string) error {
	days := 1 + r.IntN(60_000)
	switch r.IntN(10) {
	case 0:
		return f.SetCellValue(sheet, at, r.Int64N(1_000_000_000_000))
	case 1:
		return f.SetCellValue(sheet, at, float64(r.IntN(100_000))/1000)
	case 2:
		return f.SetCellBool(sheet, at, r.IntN(2) == 0)
	case 3:
		return f.SetCellRichText(sheet, at, []excelize.RichTextRun{{Text: "Nguyễn "}, {Text: "Thị",
			Font: &excelize.Font{Bold: true}}, {Text: " Mẫu\n2"}})
	case 4:
		if days == 60 { // which excelize takes for 1900-02-28
			days++
		}
		return dated(f, sheet, at, styles[0], float64(days))
	case 5:
		if days < 62 {
			days = 62
		}
		return dated(f, sheet, at, styles[1], float64(days)+float64(1+r.IntN(86_399))/86_400)
	case 6:
		return f.SetCellStr(sheet, at, " <khoảng> & \"trắng\" _x000D_ ")
	case 7:
		return f.SetCellFormula(sheet, at, "1+1")
	case 8:
		return f.SetCellValue(sheet, at, r.NormFloat64()*1000)
	}
	return f.SetCellStr(sheet, at, fmt.Sprintf("00%d", r.IntN(1e9)))
}

func dated(f *excelize.File, sheet, at string, style int, serial float64) error {
	if err := f.SetCellValue(sheet, at, serial); err != nil {
		return err
	}
	return f.SetCellStyle(sheet, at, at, style)
}

func written(t testing.TB, f *excelize.File) []byte {
	t.Helper()
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(t testing.TB, file []byte) *xlsx.Workbook {
	t.Helper()
	book, err := xlsx.Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return book
}

// texts are a sheet's cells by row, empty rows included.
func texts(t testing.TB, book *xlsx.Workbook, sheet int) [][]string {
	t.Helper()
	var out [][]string
	for row, err := range book.Rows(sheet) {
		if err != nil {
			t.Fatalf("Rows: %v", err)
		}
		for len(out) < row.Number {
			out = append(out, nil)
		}
		for _, c := range row.Cells {
			out[row.Number-1] = append(out[row.Number-1], c.Text)
		}
	}
	return out
}

// trimmed leaves out what is empty at the ends.
func trimmed(rows [][]string) [][]string {
	var out [][]string
	for _, row := range rows {
		for len(row) > 0 && row[len(row)-1] == "" {
			row = row[:len(row)-1]
		}
		out = append(out, append([]string{}, row...))
	}
	for len(out) > 0 && len(out[len(out)-1]) == 0 {
		out = out[:len(out)-1]
	}
	return out
}
