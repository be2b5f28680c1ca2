package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
	"tramsync/warehouse/store"
)

// filled is a warehouse's folder with these events in it, all of one agent of station 99001.
func filled(t *testing.T, events ...[]byte) string {
	t.Helper()
	dir := t.TempDir()
	st, err := makeStore(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	token := wire.Token{Station: "99001"}
	if err := st.AddToken(t.Context(), token, time.Hour); err != nil {
		t.Fatal(err)
	}
	agent, err := st.Enrol(t.Context(), store.Claim{Token: token, Station: "99001"}, func() (store.Agent, error) {
		return store.Agent{ID: "a-1", Station: "99001", Certificate: []byte("x")}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var list []*wire.Event
	for _, raw := range events {
		e := new(wire.Event)
		if err := json.Unmarshal(raw, e); err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	results, err := st.Ingest(t.Context(), agent, list)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if r.Status != wire.Stored {
			t.Fatalf("%+v", r)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestRecords_OfWhatIsRetracted(t *testing.T) {
	file, first := export(t, "NGUYỄN VĂN THỬ")
	id1, sent1 := event(t, "HIS", wire.KindVisit, first, 1)
	id2, sent2 := event(t, "HIS", wire.KindVisit, wire.Retraction(first.Key, "99001"), 2)
	dir := filled(t, sent1, sent2)
	if got := mustRun(t, "records", "--data", dir, "--json"); got != "" {
		t.Errorf("listed all the same: %s", got)
	}
	if got := mustRun(t, "records", "--data", dir); strings.Count(got, "\n") != 1 {
		t.Errorf("more than a header: %s", got)
	}
	t.Run("--all has every revision and retraction", func(t *testing.T) {
		type line struct {
			ID                 string
			Revision           int
			Current, Retracted bool
			Data               struct{ Retracted bool }
		}
		var got []line
		for text := range strings.Lines(mustRun(t, "records", "--data", dir, "--json", "--all")) {
			var l line
			if err := json.Unmarshal([]byte(text), &l); err != nil {
				t.Fatal(err)
			}
			got = append(got, l)
		}
		want := []line{{ID: id1, Revision: 1}, {ID: id2, Revision: 2, Current: true, Retracted: true}}
		want[1].Data.Retracted = true
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		lines := strings.Split(mustRun(t, "records", "--data", dir, "--all"), "\n")
		if strings.Contains(lines[1], "retracted") || !strings.HasSuffix(lines[2], "99001/V1  (retracted)") {
			t.Errorf("for people: %q", lines)
		}
	})
	t.Run("it has no original, what it takes back has", func(t *testing.T) {
		if got := mustRun(t, "original", "--data", dir, id1); got != file {
			t.Errorf("got %q, want %q", got, file)
		}
		code, out, errs := command(t, "original", "--data", dir, id2)
		if code != exitFailed || out != "" || !strings.Contains(errs, "is a retraction") {
			t.Errorf("exit %d, %q, %q", code, out, errs)
		}
	})
}

func TestOriginal_OfWhatWasTrimmed(t *testing.T) {
	_, data := export(t, "NGUYỄN VĂN THỬ")
	data.CutOut(0, [][2]int64{{10, 40}})
	id, sent := event(t, "HIS", wire.KindVisit, data, 1)
	code, out, errs := command(t, "original", "--data", filled(t, sent), id)
	if code != exitFailed || out != "" || !strings.Contains(errs, "were cut out of it at the station") {
		t.Errorf("exit %d, %q, %q", code, out, errs)
	}
}

func TestOriginal_OfAFolderWithoutAWarehouse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	if code, out, errs := command(t, "original", "--data", dir, "0"); code != exitFailed || out != "" ||
		!strings.Contains(errs, "no warehouse") {
		t.Errorf("exit %d, %q, %q", code, out, errs)
	}
}
