package queue_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/queue"
)

func TestLease_Q5_by_sequence_and_never_twice(t *testing.T) {
	q := open(t, options(t.TempDir()))
	mustAppend(t, q, "1.xml", items(300, "a")...) // more than one byte of sequence: big-endian order
	var got []uint64
	for range 4 {
		got = append(got, sequences(mustLease(t, q, 100, 1<<20))...)
	}
	want := make([]uint64, 300)
	for i := range want {
		want[i] = uint64(i + 1)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLease_limits(t *testing.T) {
	q := open(t, options(t.TempDir()))
	for _, text := range []string{noise(100), noise(200), noise(300), noise(50)} {
		mustAppend(t, q, text, item(text, text))
	}
	tests := []struct {
		name        string
		most, bytes int
		want        []uint64
	}{
		{"none when none is asked for", 0, 1000, nil},
		{"as many as asked", 2, 1000, []uint64{1, 2}},
		{"all when there are fewer", 9, 1000, []uint64{1, 2, 3, 4}},
		{"up to the bytes exactly", 9, 600, []uint64{1, 2, 3}},
		{"not a byte more", 9, 599, []uint64{1, 2}},
		{"but one always", 9, 1, []uint64{1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list := mustLease(t, q, tt.most, tt.bytes)
			if diff := cmp.Diff(tt.want, sequences(list)); diff != "" {
				t.Error(diff)
			}
			q.Release(list)
		})
	}
}

func TestRelease_makes_records_due_again_and_says_so(t *testing.T) {
	q := open(t, options(t.TempDir()))
	mustAppend(t, q, "1.xml", items(3, "a")...)
	list := mustLease(t, q, 3, 1<<20)
	<-q.Changed()
	q.Release(list[1:2])
	<-q.Changed()
	if diff := cmp.Diff([]uint64{2}, sequences(mustLease(t, q, 3, 1<<20))); diff != "" {
		t.Error(diff)
	}
	q.Release(nil)
	select {
	case <-q.Changed():
		t.Error("releasing nothing was news")
	default:
	}
}

func TestLease_Q5_a_restart_forgets_leases(t *testing.T) {
	opt := options(t.TempDir())
	q, err := queue.Open(opt)
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, q, "1.xml", items(3, "a")...)
	mustLease(t, q, 3, 1<<20)
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]uint64{1, 2, 3}, sequences(mustLease(t, open(t, opt), 9, 1<<20))); diff != "" {
		t.Error(diff)
	}
}

func TestSettle_Q3_the_four_fates(t *testing.T) {
	tests := []struct {
		name   string
		fate   queue.Fate
		counts map[string]int
		dead   int
	}{
		{"stored", queue.Stored, map[string]int{queue.CountStored: 1}, 0},
		{"duplicate", queue.Duplicate, map[string]int{queue.CountDuplicate: 1}, 0},
		{"erased", queue.Erase, map[string]int{queue.CountErased: 1}, 0},
		{"dead", queue.Dead, map[string]int{queue.CountDead: 1}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			q := open(t, options(t.TempDir()))
			mustAppend(t, q, "1.xml", items(3, "a")...)
			mustLease(t, q, 3, 1<<20)
			tt.counts[queue.CountFiles], tt.counts[queue.CountQueued] = 1, 3
			for range 2 { // the second time changes nothing
				mustSettle(t, q, tt.fate, 2, 2, 77)
				if diff := cmp.Diff(tt.counts, mustCounts(t, q, "")); diff != "" {
					t.Error(diff)
				}
				if diff := cmp.Diff(map[uint64]string{1: items(3, "a")[0].ID, 3: items(3, "a")[2].ID}, outbox(t, q)); diff != "" {
					t.Errorf("left in the outbox: %s", diff)
				}
				if s := mustStats(t, q); s.Pending != 2 || s.Dead != tt.dead || len(letters(t, q)) != tt.dead {
					t.Errorf("stats %+v, %d dead letters", s, len(letters(t, q)))
				}
			}
			if got := mustLease(t, q, 9, 1<<20); len(got) != 0 {
				t.Errorf("the other leases ended: %v", sequences(got))
			}
		})
	}
}

func TestSettle_of_nothing_and_of_an_unknown_fate(t *testing.T) {
	q := open(t, options(t.TempDir()))
	mustAppend(t, q, "1.xml", items(2, "a")...)
	if err := q.Settle(nil); err != nil {
		t.Error(err)
	}
	before := look(t, q, export("1.xml"))
	err := q.Settle([]queue.Outcome{{Sequence: 1, Fate: queue.Stored}, {Sequence: 2, Fate: 9}})
	if err == nil {
		t.Error("a fate that doesn't exist was accepted")
	}
	if diff := cmp.Diff(before, look(t, q, export("1.xml"))); diff != "" {
		t.Errorf("Q3: a failed Settle did a part: %s", diff)
	}
}

func TestSettle_Q4_numbers_go_on_after_the_queue_was_drained(t *testing.T) {
	opt := options(t.TempDir())
	q, err := queue.Open(opt)
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, q, "1.xml", items(3, "a")...)
	mustSettle(t, q, queue.Stored, 1, 2, 3)
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	q = open(t, opt)
	mustAppend(t, q, "2.xml", items(2, "b")...)
	if diff := cmp.Diff([]uint64{4, 5}, sequences(mustLease(t, q, 9, 1<<20))); diff != "" {
		t.Error(diff)
	}
}

func TestChanged_tells_of_appended_records_only(t *testing.T) {
	q := open(t, options(t.TempDir()))
	quiet := func(what string) {
		t.Helper()
		select {
		case <-q.Changed():
			t.Errorf("%s was news", what)
		default:
		}
	}
	quiet("opening")
	mustAppend(t, q, "empty.xml")
	quiet("a file without records")
	mustAppend(t, q, "1.xml", item("a", "1"))
	mustAppend(t, q, "2.xml", item("b", "1"))
	<-q.Changed()
	quiet("the second of two that nobody looked at between")
}
