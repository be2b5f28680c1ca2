package queue_test

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/queue"
)

func hexOf(b []byte) string { return hex.EncodeToString(b) }

func TestCounts_Q8_rules_leave_counts_by_day(t *testing.T) {
	c := newClock()
	opt := options(t.TempDir())
	opt.Now = c.Now
	q := open(t, opt)
	take := func(name string, n int) {
		r, err := q.Append(export(name), func(b *queue.Batch) error {
			for range n {
				b.Withhold("hiv")
			}
			b.Trim("drug")
			it := item(name, "1")
			it.Findings = slices.Repeat([]string{"date-invalid"}, n)
			return errors.Join(b.Add(it), b.Add(it)) // the second time nothing has changed
		})
		if err != nil || r.Withheld["hiv"] != n || r.Trimmed["drug"] != 1 {
			t.Fatalf("receipt %v, %v", r, err)
		}
	}
	take("1.xml", 3)
	c.forward(24 * time.Hour)
	take("2.xml", 4)
	if err := q.Note(export("3.xml")); err != nil {
		t.Fatal(err)
	}
	if err := q.Reject(export("4.xml"), "fault"); err != nil {
		t.Fatal(err)
	}
	second := map[string]int{queue.CountFiles: 2, queue.CountQueued: 1, queue.CountUnchanged: 1,
		queue.CountReplayed: 1, queue.CountRejected: 1,
		queue.PrefixWithheld + "hiv": 4, queue.PrefixTrimmed + "drug": 1, queue.PrefixFinding + "his/date-invalid": 4}
	both := map[string]int{queue.CountFiles: 3, queue.CountQueued: 2, queue.CountUnchanged: 2,
		queue.CountReplayed: 1, queue.CountRejected: 1,
		queue.PrefixWithheld + "hiv": 7, queue.PrefixTrimmed + "drug": 2, queue.PrefixFinding + "his/date-invalid": 7}
	for since, want := range map[string]map[string]int{"": both, "2026-03-02": both, "2026-03-03": second,
		"2026-03-04": {}} {
		if diff := cmp.Diff(want, mustCounts(t, q, since)); diff != "" {
			t.Errorf("since %q: %s", since, diff)
		}
	}
}

func TestStats(t *testing.T) {
	c := newClock()
	opt := options(t.TempDir())
	opt.Now = c.Now
	q := open(t, opt)
	begin := c.Now()
	empty := mustStats(t, q)
	if empty.FileBytes <= 0 {
		t.Errorf("file of %d bytes", empty.FileBytes)
	}
	empty.FileBytes = 0
	if diff := cmp.Diff(queue.Stats{}, empty); diff != "" {
		t.Errorf("of a new queue: %s", diff)
	}
	mustAppend(t, q, "1.xml", items(2, "a")...)
	c.forward(time.Hour)
	mustAppend(t, q, "2.xml", items(3, "b")...)
	mustLease(t, q, 1, 1<<20) // what is leased still waits
	s := mustStats(t, q)
	if s.Pending != 5 || s.Last != 5 || !s.Oldest.Equal(begin) || !s.LastDelivery.IsZero() || s.PendingBytes < 5*80 {
		t.Errorf("five queued: %+v", s)
	}
	mustSettle(t, q, queue.Dead, 1)
	mustSettle(t, q, queue.Erase, 2)
	if s := mustStats(t, q); !s.LastDelivery.IsZero() || s.Dead != 1 || s.Pending != 3 || !s.Oldest.Equal(c.Now()) {
		t.Errorf("nothing delivered: %+v", s)
	}
	c.forward(time.Hour)
	mustSettle(t, q, queue.Duplicate, 3)
	if s := mustStats(t, q); !s.LastDelivery.Equal(c.Now()) || s.Pending != 2 {
		t.Errorf("one delivered: %+v", s)
	}
	mustSettle(t, q, queue.Stored, 4, 5)
	if s := mustStats(t, q); s.Pending != 0 || s.PendingBytes != 0 || !s.Oldest.IsZero() || s.Last != 5 {
		t.Errorf("drained: %+v", s)
	}
}

func TestOutbox_lists_oldest_first_until_told_to_stop(t *testing.T) {
	opt := options(t.TempDir())
	q := open(t, opt)
	list := items(3, "a")
	mustAppend(t, q, "1.xml", list...)
	var got []queue.Waiting
	if err := q.Outbox(func(w queue.Waiting) bool {
		if w.Bytes < 80 {
			t.Errorf("%d sealed bytes", w.Bytes)
		}
		w.Bytes = 0
		got = append(got, w)
		return len(got) < 2
	}); err != nil {
		t.Fatal(err)
	}
	want := []queue.Waiting{{Sequence: 1, ID: list[0].ID, Queued: opt.Now()},
		{Sequence: 2, ID: list[1].ID, Queued: opt.Now()}}
	for i := range got {
		got[i].Queued = got[i].Queued.UTC()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A person may hold a list up (queue ls | less): writers must go on, also when the file has to grow.
func TestOutbox_a_slow_reader_holds_nobody_up(t *testing.T) {
	q := open(t, options(t.TempDir()))
	mustAppend(t, q, "a.xml", items(200, "a")...)
	size := mustStats(t, q).FileBytes
	seen, grown := []uint64{}, false
	err := q.Outbox(func(w queue.Waiting) bool {
		if seen = append(seen, w.Sequence); len(seen) == 70 {
			big := item("big", "1")
			big.Payload = make([]byte, 4<<20) // doesn't fit into what is mapped of the file
			rand.Read(big.Payload)
			if _, err := q.Append(export("b.xml"), add([]queue.Item{big})); err != nil {
				t.Error(err)
			}
			grown = mustStats(t, q).FileBytes > size
		}
		return true
	})
	if err != nil || !grown {
		t.Errorf("error %v, the file grew: %v", err, grown)
	}
	for i, seq := range seen {
		if seq != uint64(i+1) {
			t.Fatalf("record %d came at place %d", seq, i+1)
		}
	}
	if len(seen) < 200 {
		t.Errorf("%d records listed", len(seen))
	}
}
