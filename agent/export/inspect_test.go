package export_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/export"
	"tramsync/testdata/gen"
	"tramsync/testdata/zoo"
)

type shapes = map[export.Shape]int

func inspect(t *testing.T, file string, s export.Settings) export.Inspection {
	t.Helper()
	got, err := export.Inspect(t.Context(), strings.NewReader(file), s)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Names come in the file's order, and whatever the feed would call them doesn't matter.
func TestInspect_columns(t *testing.T) {
	want := []export.InspectedColumn{
		{Name: "Mã đối tượng", Filled: 2, Shapes: shapes{export.ShapeText: 2}},
		{Name: "CCCD", Filled: 1, Shapes: shapes{export.ShapeDigits12: 1}},
		{Name: "Ngày", Filled: 2, Shapes: shapes{export.ShapeDate: 1, export.ShapeText: 1}},
		{Name: "A", Shapes: shapes{}},
		{Name: "A#2", Filled: 1, Shapes: shapes{export.ShapeNumber: 1}},
	}
	s := export.Settings{Kind: "tiem_chung", Key: []string{"MA"},
		Columns: []export.Column{{Name: "MA", From: []string{"Mã đối tượng"}}}}
	for _, c := range []struct{ name, file, format, encoding, records string }{
		{"a list", "STT;Mã đối tượng;CCCD;Ngày;A;A\n1;DT1;001199000001;31/12/1999;;-1,5\n2;DT2; ;31/02/1999;\n",
			export.CSV, "utf-8", ""},
		{"objects", `{"x":[{"y":1}],"r":{"rows":[{"Mã đối tượng":"DT1","CCCD":"001199000001","Ngày":"31/12/1999","A":"",` +
			`"A":-1.5},{"Mã đối tượng":"DT2","Ngày":"31/02/1999"}]}}`, export.JSON, "utf-8", "r.rows"},
		{"elements in UTF-16", utf16le("<DS>" + strings.NewReplacer("Mã đối tượng", "Mãđốitượng").Replace(
			"<R><Mã đối tượng>DT1</Mã đối tượng><CCCD>001199000001</CCCD><Ngày>31/12/1999</Ngày><A/><A>1</A></R>"+
				"<R><Mã đối tượng>DT2</Mã đối tượng><Ngày>31/02/1999</Ngày></R></DS>")), export.XML, "utf-16", "R"},
	} {
		t.Run(c.name, func(t *testing.T) {
			columns := append([]export.InspectedColumn(nil), want...)
			if c.format == export.XML {
				columns[0].Name = "Mãđốitượng"
			}
			want := export.Inspection{Format: c.format, Encoding: c.encoding, Records: c.records, Rows: 2, Columns: columns}
			if diff := cmp.Diff(want, inspect(t, c.file, s)); diff != "" {
				t.Errorf("Inspect (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInspect_places(t *testing.T) {
	for _, c := range []struct{ name, file, format, records string }{
		{"data", `{"code":"200","data":[{"A":1}]}`, export.JSON, ""},
		{"the longer of two lists", `{"a":{"b":[{"A":2},{"A":1}]},"c":[{"A":1}],"d":["x","y","z"]}`, export.JSON, "a.b"},
		{"lines", `{"A":1}` + "\n" + `{"A":2}`, export.JSON, ""},
		{"an object alone", `{"A":1,"C":["x"]}`, export.JSON, ""},
		{"an array", `[{"A":1}]`, export.JSON, ""},
		{"an element that is alone", `<DS><N/><R><A>1</A><B>2</B></R></DS>`, export.XML, "R"},
		{"elements of a name that means others too", `<DS><R><A>1</A></R><R><A>2</A></R><K><R/></K></DS>`, export.XML,
			"/DS/R"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := inspect(t, c.file, export.Settings{})
			if got.Format != c.format || got.Records != c.records || len(got.Columns) == 0 || got.Columns[0].Name != "A" {
				t.Errorf("Inspect = %+v", got)
			}
			list := mustDecode(t, c.file, export.Settings{Format: c.format, Records: got.Records, Kind: "x",
				Columns: []export.Column{{Name: "A"}}})
			if len(list) != got.Rows {
				t.Errorf("%d records with what it found, %d without", len(list), got.Rows)
			}
		})
	}
	named := inspect(t, `{"a":[{"A":1},{"A":2}],"b":[{"B":1}]}`, export.Settings{Records: "b"})
	if named.Records != "b" || named.Rows != 1 || named.Columns[0].Name != "B" {
		t.Errorf("with the path given: %+v", named)
	}
}

func TestInspect_of_other_formats_gives_no_columns(t *testing.T) {
	for file, want := range map[string]export.Inspection{
		zoo.Visits(zoo.HoSo(zoo.Doc("XML1", zoo.Summary("L1")))): {Format: export.GiamDinhHS, Encoding: "utf-8"},
		"<HOSOSUCKHOE/>": {Format: export.HSSK831, Encoding: "utf-8"},
		`{"resourceType":"Bundle","x":"` + "\xc3\"}": {Format: export.Document, Encoding: "windows-1258"},
	} {
		if diff := cmp.Diff(want, inspect(t, file, export.Settings{})); diff != "" {
			t.Errorf("Inspect (-want +got):\n%s", diff)
		}
	}
}

func TestInspect_looks_at_200_rows(t *testing.T) {
	file := strings.Repeat("ế", 40_000) + "\n" + strings.Repeat("x\n", 200) + "1\n"
	got := inspect(t, file, export.Settings{Format: export.CSV})
	if diff := cmp.Diff(shapes{export.ShapeText: 200}, got.Columns[0].Shapes); diff != "" || got.Rows != 200 {
		t.Errorf("%d rows, shapes (-want +got):\n%s", got.Rows, diff)
	}
	if got.Encoding != "utf-8" {
		t.Errorf("a character across the end of what is looked at makes it %s", got.Encoding)
	}
	s := export.Settings{Format: export.CSV, Encoding: "windows-1258"}
	if got := inspect(t, "H\xf2 T\xcaN\nx\n", s); got.Encoding != "windows-1258" || got.Rows != 1 {
		t.Errorf("Inspect = %+v", got)
	}
}

func TestInspect_samples(t *testing.T) {
	src := gen.New(1)
	for name, file := range map[string]string{
		"csv":  string(gen.VaccinationCSV(src.Vaccinations(0, 10)...)),
		"json": string(gen.NutritionJSON(src.Nutrition(0, 10)...)),
	} {
		got := inspect(t, file, export.Settings{})
		if got.Format != name || got.Rows != 10 || len(got.Columns) < 9 {
			t.Errorf("Inspect = %+v", got)
		}
	}
}

func TestInspect_faults(t *testing.T) {
	for file, code := range map[string]string{
		"":                                    "empty",
		"%PDF-1.4":                            "binary",
		`{"error":"invalid_token"}`:           "no-rows",
		`{"STATUS":404,"DATA":0,"ERROR":"x"}`: "no-rows",
		`{"a":[{"x":1}],"b":` + "\"":          "json-truncated",
		`{"a":` + strings.Repeat(`{"a":`, 70): "json-limit",
		"<DS><R><A>1</A></R>":                 "xml-truncated",
		"MA;\"NGAY\n":                         "quote",
	} {
		_, err := export.Inspect(t.Context(), strings.NewReader(file), export.Settings{})
		var fe *export.FormatError
		if !errors.As(err, &fe) || fe.Code != code {
			t.Errorf("%q: %v, want %s", file, err, code)
		}
	}
}

func TestInspect_shapes(t *testing.T) {
	for shape, values := range map[export.Shape][]string{
		export.ShapeDigits12: {"001199000001", "079012011530", "912345678901"},
		export.ShapeDate: {"01/09/2026", "1/9/2026", "2026-09-01", "20260901", "202609010730", "01/09/2026 07:30",
			"19991231235959"},
		export.ShapeDigits9: {"123456789", "0912345678", "12345678901"},
		export.ShapeNumber:  {"0", "1.50", "-3", "12,5", "20261301", "12345678"},
		export.ShapeICD:     {"J00", "J00.1", "B200", "J00;I10.9", "A15†, K77*", "E11 I10"},
		export.ShapeText:    {"NGUYỄN", "J0", "JJ00", "1.2.3", "01/09/26", "00/09/2026", "1800-01-01", "-", "j00", ";"},
	} {
		for _, v := range values {
			got := inspect(t, fmt.Sprintf(`[{"A":%q}]`, " "+v+" "), export.Settings{})
			if diff := cmp.Diff(shapes{shape: 1}, got.Columns[0].Shapes); diff != "" {
				t.Errorf("%q (-want +got):\n%s", v, diff)
			}
		}
	}
}
