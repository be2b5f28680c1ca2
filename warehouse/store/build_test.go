package store_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"iter"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tramsync/sync/wire"
	"tramsync/warehouse/store"
)

// ticking is a clock that goes on by one second each time it is read.
func ticking() func() time.Time {
	var reads atomic.Int64
	return func() time.Time {
		return time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC).Add(time.Duration(reads.Add(1)) * time.Second)
	}
}

func openStore(t *testing.T, path string, now func() time.Time) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), store.Config{Path: path, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

func newPath(t *testing.T) string { return filepath.Join(t.TempDir(), "warehouse.db") }

func newToken(station string, secret byte) wire.Token {
	return wire.Token{Station: station, Secret: [16]byte{secret}}
}

var agentCount atomic.Int64

// enrol makes an agent of a station with a token of its own.
func enrol(t *testing.T, db database, station string) store.Agent {
	t.Helper()
	n := agentCount.Add(1)
	token := wire.Token{Station: station, Secret: [16]byte(fmt.Appendf(nil, "%016d", n))}
	if err := db.AddToken(t.Context(), token, time.Hour); err != nil {
		t.Fatal(err)
	}
	claim := store.Claim{Token: token, Station: station, Key: sha256.Sum256(token.Secret[:])}
	agent, err := db.Enrol(t.Context(), claim, func() (store.Agent, error) { return newAgent(station, n), nil })
	if err != nil {
		t.Fatal(err)
	}
	return agent
}

func newAgent(station string, n int64) store.Agent {
	return store.Agent{ID: fmt.Sprintf("a-%d", n), Station: station, Fingerprint: fmt.Sprintf("f%d", n),
		Certificate: []byte("certificate"), NotAfter: time.Date(2027, 1, 31, 8, 0, 0, 0, time.UTC)}
}

func ingest(t *testing.T, db database, a store.Agent, events ...*wire.Event) []wire.Result {
	t.Helper()
	results, err := db.Ingest(t.Context(), a, events)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != len(events) {
		t.Fatalf("%d results for %d events", len(results), len(events))
	}
	for i, r := range results {
		if r.ID != events[i].ID {
			t.Errorf("result %d is about another event", i)
		}
	}
	return results
}

// xml1 is the table XML1 of a patient of that name.
func xml1(name string) string {
	return "<TONG_HOP><MA_LK>V1</MA_LK><HO_TEN>" + name + "</HO_TEN></TONG_HOP>"
}

// visit is one of that content; - is its retraction.
func visit(t *testing.T, content string, stamp wire.Stamp) *wire.Event {
	t.Helper()
	if content == "-" {
		return incoming(t, wire.NewEvent("99001", "his", "HIS", wire.KindVisit, time.Unix(0, 0),
			wire.Retraction([]string{"99001", "V1"}, "99001")), stamp)
	}
	return newVisit(t, "99001/V1", xml1(content), stamp)
}

func newVisit(t *testing.T, key, document string, stamp wire.Stamp) *wire.Event {
	t.Helper()
	return incoming(t, wire.NewEvent("99001", "his", "HIS", wire.KindVisit, time.Unix(0, 0),
		visitData(strings.Split(key, "/"), document)), stamp)
}

func foreignVisit(t *testing.T, station string, stamp wire.Stamp) *wire.Event {
	t.Helper()
	return incoming(t, wire.NewEvent(station, "his", "HIS", wire.KindVisit, time.Unix(0, 0),
		visitData([]string{station, "V1"}, xml1("A"))), stamp)
}

func visitData(key []string, documents ...string) wire.Data {
	v := &wire.Visit{MaLK: "V1", Standard: "4750"}
	for i, d := range documents {
		v.Documents = append(v.Documents, wire.NewDocument(fmt.Sprintf("XML%d", i+1), []byte(d), nil))
	}
	return wire.Data{Key: key, Facility: "99001", Visit: v}
}

func newRow(t *testing.T, name string, stamp wire.Stamp) *wire.Event {
	t.Helper()
	return incoming(t, wire.NewEvent("99001", "v20", "V20", "tiem_chung", time.Unix(0, 0), wire.Data{
		Key: []string{"TC1", "BCG"}, Facility: "99001", Row: map[string]string{"HO_TEN": name, "VAC_XIN": "<BCG>"},
	}), stamp)
}

// incoming is an event as it comes off the wire.
func incoming(t *testing.T, e wire.Event, stamp wire.Stamp) *wire.Event {
	t.Helper()
	plain, err := e.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	stamped, err := wire.StampJSON(plain, stamp)
	if err != nil {
		t.Fatal(err)
	}
	var got wire.Event
	if err := json.Unmarshal(stamped, &got); err != nil {
		t.Fatal(err)
	}
	if err := got.Validate(); err != nil {
		t.Fatal(err)
	}
	return &got
}

func marshal(t *testing.T, e *wire.Event) []byte {
	t.Helper()
	out, err := e.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func read(t *testing.T, db database, f store.Filter) iter.Seq[store.Record] {
	t.Helper()
	return func(yield func(store.Record) bool) {
		for r, err := range db.Records(t.Context(), f) {
			if err != nil {
				t.Fatal(err)
			}
			if !yield(r) {
				return
			}
		}
	}
}

var nameForm = regexp.MustCompile(`(?:<HO_TEN>|"HO_TEN":")([^<"]*)`)

func contentOf(t *testing.T, r store.Record) string {
	t.Helper()
	if r.Retracted {
		return "-"
	}
	m := nameForm.FindSubmatch(r.Event)
	if m == nil {
		t.Fatalf("no name in %s", r.Event)
	}
	return string(m[1])
}

// history is all revisions as "revision:content", the current ones with a star.
func history(t *testing.T, db database) string {
	t.Helper()
	var list []string
	for r := range read(t, db, store.Filter{All: true}) {
		text := fmt.Sprintf("%d:%s", r.Revision, contentOf(t, r))
		if r.Current {
			text += "*"
		}
		list = append(list, text)
	}
	return strings.Join(list, " ")
}
