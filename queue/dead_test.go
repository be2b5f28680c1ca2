package queue_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/queue"
)

func TestDeadLetters_keep_the_record_and_the_reason(t *testing.T) {
	opt := options(t.TempDir())
	q := open(t, opt)
	list := items(3, "a")
	mustAppend(t, q, "1.xml", list...)
	err := q.Settle([]queue.Outcome{{Sequence: 3, Fate: queue.Dead, Code: "invalid", Reason: "ngày sai"},
		{Sequence: 1, Fate: queue.Dead}})
	if err != nil {
		t.Fatal(err)
	}
	var got []queue.Letter
	if err := q.DeadLetters(func(l queue.Letter) bool {
		l.Died = l.Died.UTC()
		got = append(got, l)
		return true
	}); err != nil {
		t.Fatal(err)
	}
	want := []queue.Letter{
		{Sequence: 1, ID: list[0].ID, Died: opt.Now(), Payload: list[0].Payload},
		{Sequence: 3, ID: list[2].ID, Died: opt.Now(), Code: "invalid", Reason: "ngày sai", Payload: list[2].Payload},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	n := 0
	if err := q.DeadLetters(func(queue.Letter) bool { n++; return false }); err != nil || n != 1 {
		t.Errorf("after the first was enough: %d letters, %v", n, err)
	}
}

func TestRequeue_Q4_keeps_numbers(t *testing.T) {
	tests := []struct {
		name string
		id   string
		want map[uint64]string // in the outbox afterwards, beside 5
		n    int
	}{
		{"one", items(4, "a")[1].ID, map[uint64]string{2: items(4, "a")[1].ID}, 1},
		{"all", "", map[uint64]string{2: items(4, "a")[1].ID, 3: items(4, "a")[2].ID}, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := open(t, options(t.TempDir()))
			mustAppend(t, q, "1.xml", items(4, "a")...)
			mustAppend(t, q, "2.xml", item("later", "1"))
			mustSettle(t, q, queue.Stored, 1, 4)
			mustSettle(t, q, queue.Dead, 2, 3)
			for len(q.Changed()) > 0 {
				<-q.Changed()
			}
			if n, err := q.Requeue(tt.id); err != nil || n != tt.n {
				t.Fatalf("requeued %d, %v", n, err)
			}
			<-q.Changed()
			tt.want[5] = item("later", "1").ID
			if diff := cmp.Diff(tt.want, outbox(t, q)); diff != "" {
				t.Error(diff)
			}
			if got := mustLease(t, q, 1, 1<<20); got[0].Sequence != 2 || string(got[0].Payload) != `{"a":1}` {
				t.Errorf("first due is %d: %s", got[0].Sequence, got[0].Payload)
			}
			if s := mustStats(t, q); s.Dead != 2-tt.n || s.Last != 5 {
				t.Errorf("stats %+v", s)
			}
			if got := mustCounts(t, q, "")[queue.CountRequeued]; got != tt.n {
				t.Errorf("counted %d", got)
			}
		})
	}
}

func TestRequeue_of_what_is_not_there(t *testing.T) {
	q := open(t, options(t.TempDir()))
	mustAppend(t, q, "1.xml", items(2, "a")...)
	mustSettle(t, q, queue.Dead, 1)
	before := look(t, q, export("1.xml"))
	if n, err := q.Requeue(items(2, "a")[1].ID); !errors.Is(err, queue.ErrNotFound) || n != 0 {
		t.Errorf("of a record that isn't dead: %d, %v", n, err)
	}
	if diff := cmp.Diff(before, look(t, q, export("1.xml"))); diff != "" {
		t.Error(diff)
	}
	mustSettle(t, q, queue.Stored, 2)
	if n, err := q.Requeue(""); err != nil || n != 1 {
		t.Errorf("all: %d, %v", n, err)
	}
	if n, err := q.Requeue(""); err != nil || n != 0 {
		t.Errorf("all of none: %d, %v", n, err)
	}
}

func TestRequeue_a_record_may_die_and_be_delivered_in_the_end(t *testing.T) {
	q := open(t, options(t.TempDir()))
	mustAppend(t, q, "1.xml", item("a", "1"))
	for range 3 {
		mustSettle(t, q, queue.Dead, 1)
		if n, err := q.Requeue(""); err != nil || n != 1 {
			t.Fatalf("requeued %d, %v", n, err)
		}
	}
	mustSettle(t, q, queue.Stored, 1)
	if s := mustStats(t, q); s.Pending != 0 || s.Dead != 0 {
		t.Errorf("stats %+v", s)
	}
}
