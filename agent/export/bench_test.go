package export_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"tramsync/agent/export"
	"tramsync/testdata/gen"
	"tramsync/testdata/zoo"
)

func BenchmarkDecode(b *testing.B) {
	src := gen.New(1)
	rows := export.Settings{Station: "99001", Kind: "x", Key: []string{"Mã đối tượng", "Mũi số"}}
	list, object := rows, rows
	list.Format = export.CSV
	object.Format, object.Key = export.JSON, []string{"MA_DOI_TUONG"}
	sheet := list
	sheet.Format = export.XLSX
	vaccinated := gen.VaccinationCSV(src.Vaccinations(0, 5000)...)
	text := strings.NewReplacer("\ufeff", "", "\"", "", "; nhắc", " nhắc").Replace(string(vaccinated))
	people := make([]string, 2000)
	for i := range people {
		people[i] = zoo.Person(fmt.Sprintf("<MADINHDANH>%012d</MADINHDANH>", i+1))
	}
	tree := rows
	var elements strings.Builder
	tree.Format, tree.Key = export.XML, []string{"MA"}
	for i := range 5000 {
		fmt.Fprintf(&elements, "<BN>\n<MA>%d</MA><TEN>Nguyễn Văn Thử</TEN><NOI A=\"1\">Thôn 3 &amp; 4</NOI></BN>\n", i)
	}
	book := excel(b, map[string]string{"S": text})
	for _, c := range []struct {
		name     string
		file     []byte
		settings export.Settings
		records  int
	}{
		{"500 visits in a file", month(500), his(), 500},
		{"1 visit", gen.File(gen.Envelope{}, src.Visit(0)), his(), 1},
		{"1 visit inline", gen.File(gen.Envelope{Inline: true}, src.Visit(0)), his(), 1},
		{"5000 rows of csv", vaccinated, list, 5000},
		{"5000 rows of xlsx", []byte(book), sheet, 5000},
		{"5000 rows of json", gen.NutritionJSON(src.Nutrition(0, 5000)...), object, 5000},
		{"5000 rows of xml", []byte("<DS>" + elements.String() + "</DS>"), tree, 5000},
		{"2000 health records", []byte(zoo.Health(people...)), health831(), 2000},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.file)))
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				err := export.Decode(b.Context(), bytes.NewReader(c.file), c.settings, func(r *export.Record) error {
					r.Seal()
					n++
					return nil
				})
				if err != nil || n != c.records {
					b.Fatalf("%d records, %v", n, err)
				}
			}
			b.ReportMetric(float64(c.records)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
