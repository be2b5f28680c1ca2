package wire_test

import (
	"testing"

	"tramsync/sync/wire"
	"tramsync/testdata/gen"
)

// generated is a typical visit.
func generated(n int) *wire.Visit {
	v := &wire.Visit{}
	for _, d := range gen.New(1).Visit(n).Docs {
		v.Documents = append(v.Documents, wire.NewDocument(d.Type, []byte(d.Content), nil))
	}
	return v
}

func BenchmarkParseTable(b *testing.B) {
	doc := generated(7).Documents[0]
	content := doc.Bytes()
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := wire.ParseTable(doc.Type, content); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVisitTables(b *testing.B) {
	v, size := generated(7), 0
	for i := range v.Documents {
		size += len(v.Documents[i].Content)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Tables(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNewEvent(b *testing.B) {
	data := wire.Data{Key: []string{"99001", "V1"}, Visit: generated(7)}
	b.ReportAllocs()
	for b.Loop() {
		wire.NewEvent("99001", "his", "HIS", wire.KindVisit, read, data)
	}
}
