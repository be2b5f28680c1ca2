package check_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/check"
	"tramsync/sync/wire"
)

// FuzzChecker puts any value into one field of a clean visit and into all of another, and into a row: nothing may
// panic, and what is found is known, bounded and the same again.
func FuzzChecker(f *testing.F) {
	for _, seed := range []string{"", ";", "199900000000", "20261120110059", "2026-09-31", "000199000001", "I10;E11.9†",
		"GD4999900000001;", "000000/BĐ-CCHN", "893", "\xff\x00", "9999999999999999999999", "+", "Đ"} {
		f.Add("NGAY_SINH", seed)
		f.Add("THONGTINCHUNG", seed)
	}
	f.Add("MAXA_CU_TRU", "28757")
	f.Add("MATINH_CU_TRU", "83")
	f.Fuzz(func(t *testing.T, name, value string) {
		c := newChecker()
		one := cleanTables()
		one[0].Rows[0].Fields = append(one[0].Rows[0].Fields, wire.Field{Name: name, Value: value})
		v, all, wide := fill(value)
		wide[name] = value
		dates := append(dateColumns(), name)
		for _, find := range []func() []wire.Finding{
			func() []wire.Finding { return c.Visit(wire.KindVisit, v, one, value) },
			func() []wire.Finding { return c.Visit(wire.KindVisit, v, all, value) },
			func() []wire.Finding { return c.Visit("kham_suc_khoe", v, renamed(all, "KSK_XML2", name), value) },
			func() []wire.Finding { return c.Visit("hssk_831", v, renamed(all, "HSSK831", name), value) },
			func() []wire.Finding { return c.Row("gksklx", wide, nil) },
			func() []wire.Finding { return c.Row("tiem_chung", wide, nil) },
			func() []wire.Finding { return c.Row("tiem_chung", wide, dates) },
		} {
			found := find()
			if len(found) > check.MaxFindings+1 {
				t.Errorf("%d findings", len(found))
			}
			for _, x := range found {
				if _, ok := check.Lookup(x.Code); !ok || x.At == "" {
					t.Errorf("finding %+v has no rule or no place", x)
				}
			}
			if diff := cmp.Diff(found, find()); diff != "" {
				t.Errorf("not the same again:\n%s", diff)
			}
		}
	})
}

// renamed are tables under another name, their rows under another element.
func renamed(tables []wire.Table, name, element string) []wire.Table {
	out := slices.Clone(tables)
	for i := range out {
		out[i].Name, out[i].Rows = name, slices.Clone(out[i].Rows)
		for j := range out[i].Rows {
			out[i].Rows[j].Element = element
		}
	}
	return out
}
