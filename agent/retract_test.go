package main_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/testdata/gen"
	"tramsync/testdata/zoo"
)

// TestExcluded_later_is_retracted: a visit and a row that were sent leave the warehouse's current records when their
// next export holds what must never be taken in, nothing anywhere says why, and they come back when it doesn't.
func TestExcluded_later_is_retracted(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	src := gen.New(9)
	first, other := src.Visit(1), src.Visit(2)
	secret := "ghi chú " + zoo.Canary
	excluded := first.Withheld("B20")
	excluded.Docs[0].Content = strings.Replace(excluded.Docs[0].Content, "</MA_LK>",
		"</MA_LK><GHI_CHU>"+secret+"</GHI_CHU>", 1)
	row := "Mã đối tượng;Vắc xin;Mũi số;Ngày tiêm;Ghi chú\nTC-RETRACT;BCG;1;01/09/2026;"

	s.drop(s.his, "a.xml", gen.File(gen.Envelope{}, first, other))
	s.drop(s.v20, "tiemchung_a.csv", []byte(row+"khỏe\n"))
	s.once()
	s.stored(t, "the first time", 3, 3)

	// The warehouse is away, and the agent is killed with the retractions in its queue.
	s.warehouse.kill()
	s.drop(s.his, "b.xml", gen.File(gen.Envelope{}, excluded, other))
	s.drop(s.v20, "tiemchung_b.csv", []byte(row+secret+" HIV (+)\n"))
	a := s.startAgent()
	s.await("retracted", func(n snapshot) bool { return n.Queue.Pending == 2 && n.Total.Retracted == 2 })
	a.kill()
	s.startWarehouse()
	s.once()
	s.retractedNow(t, secret, first, other)

	s.drop(s.his, "c.xml", gen.File(gen.Envelope{Date: "20261203"}, excluded, other))
	s.once()
	s.stored(t, "excluded once more", 1, 5)

	s.drop(s.his, "d.xml", gen.File(gen.Envelope{Date: "20261204"}, first, other))
	s.drop(s.v20, "tiemchung_d.csv", []byte(row+"khỏe\n "))
	s.once()
	s.stored(t, "allowed again", 3, 7)
	s.current(t, first, 3)
}

// retractedNow checks that of three records one is listed, and that there is no trace of why.
func (s *station) retractedNow(t *testing.T, secret string, first, other gen.Visit) {
	t.Helper()
	s.stored(t, "excluded", 1, 5)
	s.current(t, other, 1)
	var got []string
	for _, r := range s.records("--all") {
		if r.Current && r.Subject != "99001/"+other.MaLK {
			got = append(got, r.Type+" "+r.Subject)
			if !r.Data.Retracted || r.Data.Documents != nil || r.Data.Row != nil {
				t.Errorf("%s: the current revision is %+v", r.Subject, r.Data)
			}
			if out := s.centre("original", r.ID); out.code != 1 || !strings.Contains(out.err, "is a retraction") {
				t.Errorf("its original: %+v", out)
			}
		}
	}
	want := []string{"vn.tramsync.his.visit 99001/" + first.MaLK,
		"vn.tramsync.v20.tiem_chung TC-RETRACT/BCG/1/2026-09-01"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("retracted (-want +got):\n%s", diff)
	}
	places := map[string][]byte{"agent's log": []byte(s.logs.String()),
		"records": []byte(s.must(s.centre("records", "--json", "--all")))}
	readFolder(t, places, s.central)
	readFolder(t, places, filepath.Dir(s.central)+"/central.log")
	found := hunt(t, []string{"HIV-ICD", "withheld"}, places) // rules are counted at the station only
	readFolder(t, places, s.data)
	if found = append(found, hunt(t, []string{secret, zoo.Canary, "B20.0", "HIV (+)"}, places)...); len(found) > 0 {
		t.Errorf("traces of why:\n%s", strings.Join(found, "\n"))
	}
	if found := hunt(t, first.Identifiers(), places); len(found) == 0 {
		t.Error("the search doesn't find what was allowed either")
	}
}
