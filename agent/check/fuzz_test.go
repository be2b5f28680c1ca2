package check_test

import (
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
	}
	f.Fuzz(func(t *testing.T, name, value string) {
		c := newChecker()
		one := cleanTables()
		one[0].Rows[0].Fields = append(one[0].Rows[0].Fields, wire.Field{Name: name, Value: value})
		v, all, wide := fill(value)
		wide[name] = value
		dates := append(dateColumns(), name)
		for _, find := range []func() []wire.Finding{
			func() []wire.Finding { return c.Visit(v, one, value) },
			func() []wire.Finding { return c.Visit(v, all, value) },
			func() []wire.Finding { return c.Row(wide, nil) },
			func() []wire.Finding { return c.Row(wide, dates) },
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
