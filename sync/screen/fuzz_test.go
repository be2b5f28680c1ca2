package screen_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/screen"
	"tramsync/sync/wire"
	"tramsync/testdata/gen"
)

func FuzzRecord(f *testing.F) {
	rules := builtin(f)
	for n := range 4 {
		for _, d := range gen.New(1).Visit(n).Docs {
			f.Add("visit", d.Type, d.Content)
		}
	}
	f.Add("thai_san", "XML15", "<W><A><KQ_HIV>HIV</KQ_HIV></A><!--mại dâm--></W>")
	f.Add("x", "XML6", "<W a='B20'>nghi\u0300e\u0323\u0302n ma t\u200búy</W>")
	f.Fuzz(func(t *testing.T, kind, name, doc string) {
		parsed, err := wire.ParseTable(name, []byte(doc))
		if err != nil {
			return
		}
		tables := []wire.Table{parsed}
		v := rules.Record(kind, tables)
		checkVerdict(t, v, tables)
		// A field with a word that is never taken in must not get lost among whatever else there is.
		bad := wire.TableRow{Element: "R", Fields: []wire.Field{{Name: "A", Value: "(heroin)"}}}
		parsed.Rows = append(parsed.Rows, bad)
		if v := rules.Record(kind, []wire.Table{parsed}); v.Drop == "" {
			t.Fatalf("not dropped: %+v", v)
		}
		row := map[string]string{name: doc, "A": doc}
		drop, cut, by := rules.Row(kind, row, nil)
		if (drop != "" && len(cut) > 0) || (len(cut) > 0) != (len(by) > 0) {
			t.Fatalf("row: %q, %q, %q", drop, cut, by)
		}
		for _, c := range cut {
			if _, ok := row[c]; !ok {
				t.Fatalf("column %q is cut but isn't there", c)
			}
		}
	})
}

func checkVerdict(t *testing.T, v screen.Verdict, tables []wire.Table) {
	t.Helper()
	if v.Drop != "" && len(v.Cut)+len(v.CutBy) > 0 || (len(v.Cut) > 0) != (len(v.CutBy) > 0) {
		t.Fatalf("verdict %+v", v)
	}
	for i, p := range v.Cut {
		if strings.TrimSpace(tables[p.Table].Rows[p.Row].Fields[p.Field].Value) == "" {
			t.Fatalf("an empty field is cut: %+v", p)
		}
		if i > 0 && cmp.Equal(p, v.Cut[i-1]) {
			t.Fatalf("cut twice: %+v", p)
		}
	}
}

func BenchmarkRecord(b *testing.B) {
	rules, tables := builtin(b), generated(b, gen.New(1).Visit(7))
	b.ReportAllocs()
	for b.Loop() {
		if v := rules.Record("visit", tables); v.Drop != "" {
			b.Fatal(v)
		}
	}
}
