package check_test

import (
	"testing"

	"tramsync/agent/check"
	"tramsync/sync/wire"
	"tramsync/testdata/gen"
)

// BenchmarkChecker_Visit_generated is of 200 invented visits as a station's HIS writes them, all their fields filled.
func BenchmarkChecker_Visit_generated(b *testing.B) {
	c := check.New(check.Settings{Facilities: []string{"99001"}, Now: clock})
	visits := generated(b, 200)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if v := visits[i%len(visits)]; c.Visit(wire.KindVisit, v.visit, v.tables, "99001") != nil {
			b.Fatal("the visit isn't clean")
		}
		i++
	}
}

type generatedVisit struct {
	visit  *wire.Visit
	tables []wire.Table
}

// generated are invented visits of all the tables that the generator knows.
func generated(t testing.TB, count int) []generatedVisit {
	t.Helper()
	source := gen.New(1)
	var list []generatedVisit
	for i := range count {
		made := source.Visit(i)
		v := &wire.Visit{MaLK: made.MaLK, Standard: string(made.Standard)}
		for _, d := range made.Docs {
			v.Documents = append(v.Documents, wire.Document{Type: d.Type, Content: string(d.Content)})
		}
		tables, err := v.Tables()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, generatedVisit{v, tables})
	}
	return list
}
