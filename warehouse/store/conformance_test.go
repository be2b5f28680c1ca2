package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
	"tramsync/warehouse/store"
)

// database is what every store does, whatever it is built on.
type database interface {
	Ingest(context.Context, store.Agent, []*wire.Event) ([]wire.Result, error)
	NewestStamp(context.Context, store.Agent) (wire.StampAnswer, error)
	Records(context.Context, store.Filter) iter.Seq2[store.Record, error]
	Event(context.Context, string) ([]byte, time.Time, error)
	AddToken(context.Context, wire.Token, time.Duration) error
	Enrol(context.Context, store.Claim, func() (store.Agent, error)) (store.Agent, error)
	Agent(context.Context, string) (store.Agent, error)
	Revoke(context.Context, string) error
}

// factory makes an empty database that lives as long as its test.
type factory func(t *testing.T, now func() time.Time) database

// conform is the suite that every database passes.
func conform(t *testing.T, open factory) {
	t.Helper()
	t.Run("revisions", func(t *testing.T) { conformRevisions(t, open) })
	t.Run("any order and number of deliveries ends the same", func(t *testing.T) { conformAnyOrder(t, open) })
	t.Run("a record that can't be kept spoils no other", func(t *testing.T) { conformRejects(t, open) })
	t.Run("reading", func(t *testing.T) { conformReading(t, open) })
	t.Run("each revision has the stamp it came with, also when a content came twice", func(t *testing.T) {
		conformStamps(t, open)
	})
	t.Run("the newest stamp counts everything an agent sent", func(t *testing.T) { conformStamp(t, open) })
	t.Run("a cancelled batch leaves nothing", func(t *testing.T) { conformCancelled(t, open) })
	t.Run("tokens", func(t *testing.T) { conformTokens(t, open) })
	t.Run("allow list", func(t *testing.T) { conformAllowList(t, open) })
}

// Steps are "agent content epoch.sequence wanted-status"; the history "revision:content", the current one with a star.
// The content - is a retraction.
var revisionCases = []struct {
	name, steps, history string
}{
	{"a new record is stored", "a A 1.1 stored", "1:A*"},
	{"a replay changes nothing", "a A 1.1 stored, a A 1.1 duplicate", "1:A*"},
	{"a correction becomes current", "a A 1.1 stored, a B 1.2 stored", "1:A 2:B*"},
	{"a correction taken back is three revisions of two records",
		"a A 1.1 stored, a B 1.2 stored, a A 1.3 stored", "1:A 2:B 3:A*"},
	{"a replay of everything after that changes nothing",
		"a A 1.1 stored, a B 1.2 stored, a A 1.3 stored, a A 1.1 duplicate, a B 1.2 duplicate, a A 1.3 duplicate",
		"1:A 2:B 3:A*"},
	{"an old record that comes late is only history", "a B 1.2 stored, a A 1.1 stored", "1:B* 2:A"},
	{"an older record is late even after the current one came again",
		"a A 1.1 stored, a A 1.5 duplicate, a B 1.3 stored", "1:A* 2:B"},
	{"a newer one isn't", "a A 1.1 stored, a A 1.5 duplicate, a B 1.6 stored", "1:A 2:B*"},
	{"a new epoch is newer whatever its sequence",
		"a A 1.9 stored, a B 2.1 stored, a A 1.10 duplicate", "1:A 2:B*"},
	{"a second agent's copy is a duplicate", "a A 1.1 stored, b A 1.1 duplicate", "1:A*"},
	{"a second agent's correction becomes current and the first's replay doesn't undo it",
		"a A 1.1 stored, b B 1.1 stored, a A 1.1 duplicate", "1:A 2:B*"},
	{"the first agent can correct it back", "a A 1.1 stored, b B 1.1 stored, a A 1.2 stored", "1:A 2:B 3:A*"},
	{"two agents that send the same changes leave each once",
		"a A 1.1 stored, b A 1.1 duplicate, a B 1.2 stored, b A 1.1 duplicate, b B 1.2 duplicate", "1:A 2:B*"},
	{"a replay of a duplicate doesn't displace another agent's correction",
		"a A 1.1 stored, a A 1.5 duplicate, b B 1.1 stored, a A 1.5 duplicate", "1:A 2:B*"},
	{"a late record doesn't displace another agent's correction of its successor",
		"a A 1.1 stored, a B 1.5 stored, b C 1.1 stored, a D 1.3 stored", "1:A 2:B 3:C* 4:D"},
	{"a retraction is a revision of its own", "a A 1.1 stored, a - 1.2 stored", "1:A 2:-*"},
	{"a retraction that comes again is a duplicate",
		"a A 1.1 stored, a - 1.2 stored, a - 1.2 duplicate, a - 1.3 duplicate", "1:A 2:-*"},
	{"what was retracted comes back with the content it had", "a A 1.1 stored, a - 1.2 stored, a A 1.3 stored",
		"1:A 2:- 3:A*"},
	{"and is retracted again", "a A 1.1 stored, a - 1.2 stored, a A 1.3 stored, a - 1.4 stored", "1:A 2:- 3:A 4:-*"},
	{"a replay of the retraction doesn't take back what came after it",
		"a A 1.1 stored, a - 1.2 stored, a B 1.3 stored, a - 1.2 duplicate", "1:A 2:- 3:B*"},
	{"what was retracted before it came is only history", "a - 1.2 stored, a A 1.1 stored", "1:-* 2:A"},
	{"a late retraction is only history", "a A 1.5 stored, a - 1.2 stored", "1:A* 2:-"},
	{"a second agent's retraction counts, its copy after it doesn't",
		"a A 1.1 stored, b A 1.1 duplicate, b - 1.2 stored, b A 1.1 duplicate, a A 1.1 duplicate", "1:A 2:-*"},
}

func conformRevisions(t *testing.T, open factory) {
	for _, tt := range revisionCases {
		for _, whole := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, batches of several: %t", tt.name, whole), func(t *testing.T) {
				db := open(t, ticking())
				agents := map[string]store.Agent{"a": enrol(t, db, "99001"), "b": enrol(t, db, "99001")}
				for _, steps := range batches(t, tt.steps, whole) {
					var want, got []wire.Status
					var events []*wire.Event
					for _, s := range steps {
						events, want = append(events, visit(t, s.content, s.stamp)), append(want, s.want)
					}
					for _, r := range ingest(t, db, agents[steps[0].agent], events...) {
						got = append(got, r.Status)
					}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("answers (-want +got):\n%s", diff)
					}
				}
				if got := history(t, db); got != tt.history {
					t.Errorf("history %q, want %q", got, tt.history)
				}
				checkListed(t, db, tt.history)
			})
		}
	}
}

// checkListed wants the current revision of a history listed, unless it is a retraction.
func checkListed(t *testing.T, db database, history string) {
	t.Helper()
	var want, got []string
	for revision := range strings.FieldsSeq(history) {
		if is, ok := strings.CutSuffix(revision, "*"); ok && !strings.HasSuffix(is, ":-") {
			want = append(want, is)
		}
	}
	for r := range read(t, db, store.Filter{}) {
		got = append(got, fmt.Sprintf("%d:%s", r.Revision, contentOf(t, r)))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
}

type step struct {
	agent, content string
	stamp          wire.Stamp
	want           wire.Status
}

// batches reads steps, each a batch of its own or, whole, joined with its neighbours of the same agent.
func batches(t *testing.T, text string, whole bool) [][]step {
	t.Helper()
	var list [][]step
	for part := range strings.SplitSeq(text, ", ") {
		var s step
		if _, err := fmt.Sscanf(part, "%s %s %d.%d %s", &s.agent, &s.content,
			&s.stamp.Epoch, (*uint64)(&s.stamp.Sequence), &s.want); err != nil {
			t.Fatal(err)
		}
		if n := len(list); whole && n > 0 && list[n-1][0].agent == s.agent {
			list[n-1] = append(list[n-1], s)
			continue
		}
		list = append(list, []step{s})
	}
	return list
}

func conformAnyOrder(t *testing.T, open factory) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	for range 8 {
		db := open(t, ticking())
		agent := enrol(t, db, "99001")
		contents := map[string]bool{}
		var sent []*wire.Event
		var newest string
		for seq := range wire.Sequence(12) {
			newest = []string{"A", "B", "C", "-"}[rnd.IntN(4)]
			contents[newest] = true
			sent = append(sent, visit(t, newest, wire.Stamp{Epoch: 1, Sequence: seq + 1}))
		}
		sent = append(sent, sent...)
		rnd.Shuffle(len(sent), func(i, j int) { sent[i], sent[j] = sent[j], sent[i] })
		ingest(t, db, agent, sent[:9]...)
		stored := 0
		for _, r := range ingest(t, db, agent, sent...) {
			if r.Status == wire.Rejected {
				t.Fatalf("rejected: %s", r.Message)
			}
		}
		records := map[string]bool{}
		for r := range read(t, db, store.Filter{All: true}) {
			records[r.ID] = true
			stored++
		}
		if len(records) != len(contents) || stored < len(contents) {
			t.Errorf("%d records, %d revisions of %d contents", len(records), stored, len(contents))
		}
		got := "-"
		for r := range read(t, db, store.Filter{}) {
			got = contentOf(t, r)
		}
		if got != newest {
			t.Errorf("current content %s, want %s, the newest sent", got, newest)
		}
		for _, r := range ingest(t, db, agent, sent...) {
			if r.Status != wire.Duplicate {
				t.Errorf("the second delivery of everything: %s", r.Status)
			}
		}
	}
}

func conformRejects(t *testing.T, open factory) {
	db := open(t, ticking())
	agent := enrol(t, db, "99001")
	broken := newVisit(t, "99001/V2", "<THO><MA_LK>V2</MA_LK>", wire.Stamp{Epoch: 1, Sequence: 2})
	var fault *wire.SyntaxError
	if _, err := broken.Data.Tables(); !errors.As(err, &fault) {
		t.Fatal(err)
	}
	long := newVisit(t, strings.Repeat("9", 1025), xml1("A"), wire.Stamp{Epoch: 1, Sequence: 3})
	zero := newVisit(t, "99001/V\x00", xml1("A"), wire.Stamp{Epoch: 1, Sequence: 4})
	got := ingest(t, db, agent, visit(t, "A", wire.Stamp{Epoch: 1, Sequence: 1}), broken, long, zero,
		newRow(t, "Lê Thị Mẫu", wire.Stamp{Epoch: 1, Sequence: 5}))
	want := []wire.Result{
		{ID: got[0].ID, Status: wire.Stored},
		{ID: broken.ID, Status: wire.Rejected, Code: wire.CodeUnstorable,
			Message: "a document is not readable: " + fault.Error()},
		{ID: long.ID, Status: wire.Rejected, Code: wire.CodeUnstorable,
			Message: "the subject is longer than 1024 bytes"},
		{ID: zero.ID, Status: wire.Rejected, Code: wire.CodeUnstorable,
			Message: "the subject or facility contains a zero byte"},
		{ID: got[4].ID, Status: wire.Stored},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if got := history(t, db); got != "1:A* 1:Lê Thị Mẫu*" {
		t.Errorf("history %q", got)
	}
}

func conformStamps(t *testing.T, open factory) {
	db := open(t, ticking())
	one := enrol(t, db, "99001")
	for i, content := range []string{"A", "B", "A", "B"} {
		ingest(t, db, one, visit(t, content, wire.Stamp{Epoch: 1, Sequence: wire.Sequence(i + 1)}))
	}
	var got []wire.Sequence
	for r := range read(t, db, store.Filter{Station: "99001", All: true}) {
		var e wire.Event
		if err := json.Unmarshal(r.Event, &e); err != nil {
			t.Fatal(err)
		}
		got = append(got, e.Sequence)
	}
	if diff := cmp.Diff([]wire.Sequence{1, 2, 3, 4}, got); diff != "" {
		t.Error(diff)
	}
}

func conformReading(t *testing.T, open factory) {
	now := ticking()
	db := open(t, now)
	one, two := enrol(t, db, "99001"), enrol(t, db, "99002")
	sent := visit(t, "A", wire.Stamp{Epoch: 1, Sequence: 1})
	ingest(t, db, one, sent)
	ingest(t, db, two, foreignVisit(t, "99002", wire.Stamp{Epoch: 7, Sequence: 1}))

	t.Run("an event comes back as it was sent, without its stamp", func(t *testing.T) {
		got, received, err := db.Event(t.Context(), sent.ID)
		plain := *sent
		plain.Epoch, plain.Sequence = 0, 0
		if err != nil || !bytes.Equal(got, marshal(t, &plain)) {
			t.Errorf("got %s, %v", got, err)
		}
		for r := range read(t, db, store.Filter{Station: "99001"}) {
			if !received.Equal(r.Received) {
				t.Errorf("received %v, want %v", received, r.Received)
			}
		}
	})
	t.Run("an unknown id is not found", func(t *testing.T) {
		if _, _, err := db.Event(t.Context(), "0"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a station's records are only its own", func(t *testing.T) {
		var got []store.Record
		for r := range read(t, db, store.Filter{Station: "99001"}) {
			got = append(got, r)
		}
		want := []store.Record{{Station: "99001", ID: sent.ID, Type: "vn.tramsync.his.visit", Subject: "99001/V1",
			Revision: 1, Received: got[0].Received, Current: true, Event: marshal(t, sent)}}
		if diff := cmp.Diff(want, got); diff != "" || got[0].Received.IsZero() {
			t.Errorf("records (-want +got):\n%s", diff)
		}
	})
	t.Run("reading can stop early", func(t *testing.T) {
		for range read(t, db, store.Filter{}) {
			break
		}
		if got := history(t, db); got != "1:A* 1:A*" {
			t.Errorf("history %q", got)
		}
	})
	t.Run("a cancelled reader gets an error", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for _, err := range db.Records(ctx, store.Filter{}) {
			if err == nil {
				t.Error("a record")
			}
		}
	})
}

func conformStamp(t *testing.T, open factory) {
	db := open(t, ticking())
	agent, other := enrol(t, db, "99001"), enrol(t, db, "99001")
	check := func(a store.Agent, stamp wire.Stamp, id string) {
		t.Helper()
		want := wire.StampAnswer{Stamp: stamp, ID: id, Station: "99001"}
		if got, err := db.NewestStamp(t.Context(), a); err != nil || got != want {
			t.Errorf("stamp %+v, %v, want %+v", got, err, want)
		}
	}
	a, b := visit(t, "A", wire.Stamp{Epoch: 1, Sequence: 9}), visit(t, "B", wire.Stamp{Epoch: 2, Sequence: 7})
	check(agent, wire.Stamp{}, "")
	ingest(t, db, agent, b, a)
	check(agent, wire.Stamp{Epoch: 2, Sequence: 7}, b.ID)
	ingest(t, db, agent, visit(t, "A", wire.Stamp{Epoch: 2, Sequence: 8}))
	check(agent, wire.Stamp{Epoch: 2, Sequence: 8}, a.ID)
	ingest(t, db, agent, visit(t, "A", wire.Stamp{Epoch: 2, Sequence: 9})) // a duplicate
	check(agent, wire.Stamp{Epoch: 2, Sequence: 9}, a.ID)
	ingest(t, db, agent, visit(t, "C", wire.Stamp{Epoch: 1, Sequence: 1<<63 - 1}))
	check(agent, wire.Stamp{Epoch: 2, Sequence: 9}, a.ID)
	check(other, wire.Stamp{}, "")
	nobody := store.Agent{Station: "99001", ID: "a-none"}
	if _, err := db.NewestStamp(t.Context(), nobody); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown agent's stamp: %v", err)
	}
}

func conformCancelled(t *testing.T, open factory) {
	db := open(t, ticking())
	agent := enrol(t, db, "99001")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := db.Ingest(ctx, agent, []*wire.Event{visit(t, "A", wire.Stamp{Epoch: 1, Sequence: 1})})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if got := history(t, db); got != "" {
		t.Errorf("history %q", got)
	}
	if got, err := db.NewestStamp(t.Context(), agent); err != nil || got.Stamp != (wire.Stamp{}) {
		t.Errorf("stamp %+v, %v", got, err)
	}
}
