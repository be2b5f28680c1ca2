package screen_test

import (
	"slices"
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
	f.Add("hssk_831", "HSSK831", "<D><DSYEUTO><LOAI>3</LOAI></DSYEUTO><HOSOKHAMCHUABENH><B c='x'><MABENH>B20</MABENH></B>"+
		"</HOSOKHAMCHUABENH></D>")
	f.Add("kham_suc_khoe", "KSK_XML11", "<W><R><TEN_CHI_SO>THC</TEN_CHI_SO></R></W>")
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
		visit := &wire.Visit{Documents: []wire.Document{wire.NewDocument(name, []byte(doc), nil)}}
		checkRanges(t, &v, visit, tables)
		e := event(wire.Data{Visit: visit}, "HIS", kind)
		if excluded, err := rules.Excluded(e); err == nil && !excluded && v.Drop+strings.Join(v.CutBy, "") != "" {
			t.Fatalf("the warehouse takes in what the station doesn't: %+v", v)
		}
		// A field with a word that is never taken in must not get lost among whatever else there is.
		bad := wire.TableRow{Element: "R", Fields: []wire.Field{{Name: "A", Value: "(heroin)"}}}
		parsed.Rows = append(parsed.Rows, bad)
		if v := rules.Record(kind, []wire.Table{parsed}); v.Drop == "" && len(v.CutBy) == 0 {
			t.Fatalf("taken in: %+v", v)
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

// checkRanges wants each cut to be in its document, and to hold the field.
func checkRanges(t *testing.T, v *screen.Verdict, visit *wire.Visit, tables []wire.Table) {
	t.Helper()
	ranges, ok := v.Ranges(visit, tables)
	if !ok {
		return
	}
	size := int64(len(wire.CleanXML(visit.Documents[0].Bytes())))
	for _, r := range ranges[0] {
		if r[0] < 0 || r[1] > size || r[0] >= r[1] {
			t.Fatalf("range %d of %d bytes", r, size)
		}
	}
	for _, c := range v.Cut {
		f := &tables[c.Table].Rows[c.Row].Fields[c.Field]
		if f.End > 0 && !slices.ContainsFunc(ranges[0], func(r [2]int64) bool { return r[0] <= f.Start && f.End <= r[1] }) {
			t.Fatalf("a field at %d-%d is in none of %d", f.Start, f.End, ranges[0])
		}
	}
}

func BenchmarkRecord(b *testing.B) {
	tables := generated(b, gen.New(1).Visit(7))
	for name, rules := range map[string]*screen.Rules{
		"rules compiled in":               builtin(b),
		"as many older ones beside those": withBuiltin(b, olderBuiltin()),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if v := rules.Record("visit", tables); v.Drop != "" {
					b.Fatal(v)
				}
			}
		})
	}
}
