package export_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tramsync/agent/export"
	"tramsync/testdata/zoo"
)

func FuzzDecode_giamdinhhs(f *testing.F) {
	s := his()
	s.Roots = []string{"BenhVien"}
	fuzz(f, s)
}

func FuzzDecode_csv(f *testing.F) { fuzz(f, vaccinations()) }

// FuzzDecode_xlsx reads workbooks, and pages of HTML as well: the first bytes tell.
func FuzzDecode_xlsx(f *testing.F) {
	s := vaccinations()
	s.Format = export.XLSX
	f.Add([]byte(excel(f, map[string]string{"S": "Báo cáo\n" + twoRows + "Cộng;2\n"}, "A1:C1", "A3:A4")))
	fuzz(f, s)
}

// FuzzDecode_html reads pages alone, from the list's table on, so that none is lost on other formats.
func FuzzDecode_html(f *testing.F) {
	s := vaccinations()
	s.Format = export.XLSX
	for _, c := range zoo.Cases() {
		if c.Settings.Format != s.Format || len(c.File) > 1<<14 {
			continue
		}
		if _, after, ok := strings.Cut(c.File, "<table"); ok {
			f.Add("<table" + after)
		}
	}
	guard := zoo.Guard(f)
	f.Fuzz(func(t *testing.T, page string) {
		defer guard()()
		list, err := decode(t, "<table><tr><td>MA<td>NGAY<tr>"+page, s)
		var fe *export.FormatError
		if err != nil && !errors.As(err, &fe) {
			t.Fatalf("Decode = %v, want a FormatError", err)
		}
		for _, r := range list {
			travelled(t, r)
		}
	})
}

func FuzzDecode_json(f *testing.F) {
	fuzz(f, export.Settings{Station: "99001", System: "V20", Kind: "suy_dinh_duong", Format: export.JSON,
		Key: []string{"MA", "LAN"}})
}

func FuzzDecode_xml(f *testing.F) {
	fuzz(f, export.Settings{Station: "99001", System: "V20", Kind: "tiem_chung", Format: export.XML,
		Key: []string{"MA"}, Columns: []export.Column{{Name: "MA", From: []string{"Mã đối tượng"}},
			{Name: "NGAY", Type: export.Date}}})
}

func FuzzDecode_auto(f *testing.F) {
	fuzz(f, export.Settings{Station: "99001", System: "V20", Kind: "tiem_chung", Format: export.Auto,
		Roots: []string{"BenhVien"}, Columns: []export.Column{{Name: "MA"}, {Name: "NGAY", Type: export.Date}}})
}

// FuzzInspect wants: no panic, a FormatError or columns with counts that fit, and what it found to be read so.
func FuzzInspect(f *testing.F) {
	addSeeds(f, export.Auto)
	guard := zoo.Guard(f)
	f.Fuzz(func(t *testing.T, file []byte) {
		defer guard()()
		got, err := export.Inspect(t.Context(), bytes.NewReader(file), export.Settings{})
		var fe *export.FormatError
		if err != nil && !errors.As(err, &fe) {
			t.Fatalf("Inspect = %v, want a FormatError", err)
		}
		if err != nil {
			return
		}
		names := map[string]bool{}
		for _, c := range got.Columns {
			sum := 0
			for _, n := range c.Shapes {
				sum += n
			}
			if names[c.Name] || c.Name == "" || sum != c.Filled || c.Filled > got.Rows {
				t.Errorf("column %q of %d rows: %+v", c.Name, got.Rows, c)
			}
			names[c.Name] = true
		}
		if got.Rows == 0 || got.Rows == 200 {
			return
		}
		s := export.Settings{Kind: "x", Format: got.Format, Records: got.Records}
		for name := range names {
			s.Columns = append(s.Columns, export.Column{Name: name})
		}
		n := 0
		err = export.Decode(t.Context(), bytes.NewReader(file), s, func(*export.Record) error { n++; return nil })
		if err != nil || n != got.Rows {
			t.Errorf("%d rows inspected, %d read, %v", got.Rows, n, err)
		}
	})
}

// fuzz wants: no panic, a FormatError or records, records that a receiver takes, and of a visit its file again.
func fuzz(f *testing.F, s export.Settings) {
	addSeeds(f, s.Format)
	guard := zoo.Guard(f)
	f.Fuzz(func(t *testing.T, file []byte) {
		defer guard()()
		var list []*export.Record
		err := export.Decode(t.Context(), bytes.NewReader(file), s, func(r *export.Record) error {
			r.Seal()
			list = append(list, r)
			return nil
		})
		var fe *export.FormatError
		if err != nil {
			if !errors.As(err, &fe) {
				t.Fatalf("Decode = %v, want a FormatError", err)
			}
			return
		}
		for _, r := range list {
			back := travelled(t, r)
			if r.Visit == nil {
				continue
			}
			if len(r.Tables) < len(r.Visit.Documents) {
				t.Errorf("%d tables of %d documents", len(r.Tables), len(r.Visit.Documents))
			}
			checkOriginal(t, string(file), s, back)
		}
	})
}

// addSeeds adds the zoo's files of a format, of Auto all, and the samples.
func addSeeds(f *testing.F, format string) {
	for _, c := range zoo.Cases() {
		if (format == export.Auto || c.Settings.Format == format) && len(c.File) < 1<<14 {
			f.Add([]byte(c.File))
		}
	}
	names, err := filepath.Glob(samples + "*.*")
	if err != nil || len(names) < 10 {
		f.Fatalf("%d samples, %v", len(names), err)
	}
	for _, name := range names {
		if b, err := os.ReadFile(name); err == nil && len(b) < 1<<15 {
			f.Add(b)
		}
	}
}
