package intake_test

import (
	"fmt"
	"testing"

	"tramsync/agent/intake"
	"tramsync/testdata/gen"
)

func BenchmarkTakeIn(b *testing.B) {
	b.Run("files of 1 visit", func(b *testing.B) { takeIn(b, 1) })
	b.Run("files of 100 visits", func(b *testing.B) { takeIn(b, 100) })
}

func takeIn(b *testing.B, perFile int) {
	s := newStation(b, nil)
	src, next := gen.New(1), 0
	file := func() intake.File {
		var list []gen.Visit
		for range perFile {
			list = append(list, src.Visit(next%gen.Max))
			next++
		}
		return s.write("his", fmt.Sprint(next, ".xml"), string(gen.File(gen.Envelope{}, list...)))
	}
	for b.Loop() {
		b.StopTimer()
		f := file()
		b.SetBytes(f.Size)
		b.StartTimer()
		if err := s.in.TakeIn(b.Context(), f); err != nil {
			b.Fatal(err)
		}
	}
	if n := s.counts("")["queued"]; n != next {
		b.Errorf("%d of %d visits are queued", n, next)
	}
	b.ReportMetric(float64(next)/b.Elapsed().Seconds(), "visits/s")
}
