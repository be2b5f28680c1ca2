package main_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tramsync/agent/status"
	"tramsync/testdata/gen"
)

// expected visits and rows by subject.
func expectVisits(want map[string]string, visits ...gen.Visit) {
	for _, v := range visits {
		var b strings.Builder
		for _, d := range v.Docs {
			b.WriteString(d.Type + "\n" + d.Content + "\n")
		}
		want["99001/"+v.MaLK] = b.String()
	}
}

// subject joins a row's key as the wire does: dates as yyyy-mm-dd, "/" escaped.
func subject(key []string) string {
	parts := make([]string, len(key))
	for i, k := range key {
		if t, err := time.Parse("02/01/2006", k); err == nil {
			k = t.Format(time.DateOnly)
		}
		parts[i] = strings.NewReplacer("%", "%25", "/", "%2F").Replace(k)
	}
	return strings.Join(parts, "/")
}

// exports are 300 visits in 120 files and three V20 files, with what must be stored of them.
func (s *station) exports(want map[string]string) []func() {
	src := gen.New(99)
	var drops []func()
	for file, n := 0, 0; file < 120; file++ {
		size := 2 + file%2 // 60 × 2 + 60 × 3 = 300
		var list []gen.Visit
		for range size {
			list = append(list, src.Visit(n))
			n++
		}
		expectVisits(want, list...)
		e := gen.Envelope{
			Wrap: []int{0, 64, 76}[file%3], CRLF: file%2 == 0, BOM: file%5 == 0,
			Signed: file%7 == 0, UTF16: file%11 == 0,
		}
		drops = append(drops, func() { s.drop(s.his, fmt.Sprintf("xuat_%03d.xml", file), gen.File(e, list...)) })
	}
	for _, r := range src.Vaccinations(0, 60) {
		want[subject(r.Key())] = "row"
	}
	for _, r := range src.Nutrition(0, 40) {
		want[subject(r.Key())] = "row"
	}
	return append(drops,
		func() { s.drop(s.v20, "tiemchung_1.csv", gen.VaccinationCSV(src.Vaccinations(0, 30)...)) },
		func() { s.drop(s.v20, "tiemchung_2.csv", gen.VaccinationCSV(src.Vaccinations(30, 60)...)) },
		func() { s.drop(s.v20, "suydinhduong_1.json", gen.NutritionJSON(src.Nutrition(0, 40)...)) })
}

// TestAgent_killed_100_times: G1, G2, G3, G4, G5. The warehouse is down at first; the agent is killed at random
// moments before, during and after the upload.
func TestAgent_killed_100_times(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	s := newStation(t)
	s.warehouse.kill()
	want := map[string]string{}
	drops := s.exports(want)
	for kill := range 100 {
		for range 2 + rng.IntN(3) { // all files are there after some 40 kills
			if len(drops) > 0 {
				drops[0]()
				drops = drops[1:]
			}
		}
		if kill == 35 {
			s.startWarehouse()
		}
		if kill > 40 && kill%9 == 0 { // the other end dies too
			s.warehouse.kill()
			s.startWarehouse()
		}
		a := s.startAgent()
		alive := time.NewTimer(time.Duration(20+rng.IntN(600)) * time.Millisecond)
		select {
		case <-alive.C:
		case <-a.done:
			t.Fatalf("kill %d: the agent ended by itself:\n%s", kill, tail(s.logs.String()))
		}
		a.kill()
	}
	s.once()
	for _, fault := range expect(s.records(), want) {
		t.Error(fault)
	}
	if n := len(s.records("--all")); n != len(want) {
		t.Errorf("%d revisions stored, want %d", n, len(want))
	}
	if r := s.agent("queue", "verify"); r.code != 0 {
		t.Errorf("queue verify: %s%s", r.out, r.err)
	}
	snap := s.status()
	if snap.Total.Queued != len(want) || snap.Queue.Dead != 0 || len(snap.Rejected) != 0 {
		t.Errorf("queued %d (want %d), dead %d, rejected %v",
			snap.Total.Queued, len(want), snap.Queue.Dead, snap.Rejected)
	}
}

func tail(s string) string { return s[max(0, len(s)-2000):] }

// TestExpect_notices is the control of the oracle that the tests of loss and duplication share.
func TestExpect_notices(t *testing.T) {
	want := map[string]string{}
	src := gen.New(1)
	expectVisits(want, src.Visit(0), src.Visit(1))
	record := func(v gen.Visit, revision int) stored {
		r := stored{Subject: "99001/" + v.MaLK, Revision: revision}
		for _, d := range v.Docs {
			r.Data.Documents = append(r.Data.Documents, struct{ Type, Content string }{d.Type, d.Content})
		}
		return r
	}
	a, b := record(src.Visit(0), 1), record(src.Visit(1), 1)
	for name, c := range map[string]struct {
		got  []stored
		want string
	}{
		"nothing wrong":   {[]stored{a, b}, ""},
		"a lost record":   {[]stored{a}, "lost"},
		"a duplicate":     {[]stored{a, b, b}, "twice"},
		"a stranger":      {[]stored{a, b, record(src.Visit(2), 1)}, "nobody"},
		"another content": {[]stored{a, record(src.Visit(1).Changed(), 1)}, "other content"},
		"a revision":      {[]stored{a, record(src.Visit(1), 2)}, "revision 2"},
	} {
		t.Run(name, func(t *testing.T) {
			faults := strings.Join(expect(c.got, want), "; ")
			if (c.want == "") != (faults == "") || !strings.Contains(faults, c.want) {
				t.Errorf("faults: %q, want %q", faults, c.want)
			}
		})
	}
}

// TestOutage_then_recovery: what arrives while the warehouse is away is delivered by the same running agent when it
// is back.
func TestOutage_then_recovery(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	s.warehouse.kill()
	want := map[string]string{}
	for _, drop := range s.exports(want)[:20] {
		drop()
	}
	s.startAgent()
	queued := s.await("collected", func(n status.Snapshot) bool { return n.Total.Files == 20 && n.Intake.Waiting == 0 })
	if queued.Queue.Pending != 50 || queued.Warehouse.Online {
		t.Errorf("during the outage: %d pending, online %v", queued.Queue.Pending, queued.Warehouse.Online)
	}
	s.startWarehouse()
	s.await("delivered", func(n status.Snapshot) bool { return n.Queue.Pending == 0 && n.Warehouse.Online })
	if n := len(s.records()); n != 50 {
		t.Errorf("%d records stored, want 50", n)
	}
}
