package queue_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/queue"
)

// view is all that a failed Append could change.
type view struct {
	Stats  queue.Stats
	Counts map[string]int
	Outbox map[uint64]string
	Known  bool
}

func look(t *testing.T, q *queue.Queue, f queue.File) view {
	t.Helper()
	known, err := q.Known(f)
	if err != nil {
		t.Fatal(err)
	}
	v := view{Stats: mustStats(t, q), Counts: mustCounts(t, q, ""), Outbox: outbox(t, q), Known: known}
	v.Stats.FileBytes = 0 // pages may be taken from the file and given back
	return v
}

func TestAppend_Q1_a_file_that_fails_leaves_all_as_it_was(t *testing.T) {
	errBad := errors.New("the export ends in the middle")
	tests := []struct {
		name string
		fill func(*queue.Batch) error
		want error
	}{
		{"when fill gives an error after some records", func(b *queue.Batch) error {
			return errors.Join(add(items(3, "x"))(b), errBad)
		}, errBad},
		{"when the queue becomes full on the way", add([]queue.Item{item("a", "fits"), item("b", noise(4096))}),
			queue.ErrFull},
		{"when an id is no hash", add([]queue.Item{item("a", "1"), {ID: "short", Key: "k"}}), nil},
		{"when fill hides the error of an Add", func(b *queue.Batch) error {
			_ = b.Add(queue.Item{ID: "short", Key: "k"})
			_ = b.Add(item("a", "after the fault"))
			return nil
		}, nil},
		{"when fill hides that the queue is full", func(b *queue.Batch) error {
			_ = b.Add(item("b", noise(4096)))
			return nil
		}, queue.ErrFull},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opt := options(t.TempDir())
			opt.MaxBytes = 3000
			q := open(t, opt)
			mustAppend(t, q, "before.xml", items(2, "before")...)
			<-q.Changed()
			f := export("bad.xml")
			before := look(t, q, f)
			r, err := q.Append(f, func(b *queue.Batch) error {
				b.Withhold("hiv")
				return tt.fill(b)
			})
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if diff := cmp.Diff(queue.Receipt{}, r); diff != "" {
				t.Errorf("a receipt was given all the same: %s", diff)
			}
			if diff := cmp.Diff(before, look(t, q, f)); diff != "" {
				t.Errorf("something changed: %s", diff)
			}
			select {
			case <-q.Changed():
				t.Error("news was signalled")
			default:
			}
			if r := mustAppend(t, q, "after.xml", item("b", "2"), item("k", "3"), item("a", "1")); r.Queued != 3 {
				t.Errorf("afterwards %d of 3 records were queued: the failed file is remembered", r.Queued)
			}
			if diff := cmp.Diff([]uint64{1, 2, 3, 4, 5}, sequences(mustLease(t, q, 10, 1<<20))); diff != "" {
				t.Errorf("Q4: sequence numbers have a gap: %s", diff)
			}
		})
	}
}

func TestAppend_Q1_a_panic_in_fill_leaves_all_as_it_was(t *testing.T) {
	q := open(t, options(t.TempDir()))
	f := export("bad.xml")
	before := look(t, q, f)
	func() {
		defer func() {
			if r := recover(); r != "decoder" {
				t.Errorf("recovered %v", r)
			}
		}()
		_, _ = q.Append(f, func(b *queue.Batch) error {
			if err := b.Add(item("a", "1")); err != nil {
				t.Error(err)
			}
			panic("decoder")
		})
	}()
	if diff := cmp.Diff(before, look(t, q, f)); diff != "" {
		t.Errorf("something changed: %s", diff)
	}
	mustAppend(t, q, "good.xml", item("a", "1")) // and the queue isn't locked
	if diff := cmp.Diff([]uint64{1}, sequences(mustLease(t, q, 10, 1<<20))); diff != "" {
		t.Error(diff)
	}
}

func TestAppend_a_file_larger_than_the_limit_is_let_into_an_empty_queue_only(t *testing.T) {
	opt := options(t.TempDir())
	opt.MaxBytes = 1000
	q := open(t, opt)
	big := []queue.Item{item("a", noise(900)), item("b", noise(900))}
	mustAppend(t, q, "small.xml", item("s", "small"))
	if _, err := q.Append(export("big.xml"), add(big)); !errors.Is(err, queue.ErrFull) {
		t.Fatalf("with a record in it: %v", err)
	}
	mustSettle(t, q, queue.Stored, 1)
	if r := mustAppend(t, q, "big.xml", big...); r.Queued != 2 {
		t.Fatalf("queued %d", r.Queued)
	}
	if _, err := q.Append(export("next.xml"), add([]queue.Item{item("c", "1")})); !errors.Is(err, queue.ErrFull) {
		t.Errorf("over the limit: %v", err)
	}
}

func TestAppend_the_limit_is_kept_to_the_byte(t *testing.T) {
	free := open(t, options(t.TempDir()))
	mustAppend(t, free, "1.xml", item("a", "same length 1"))
	size := mustStats(t, free).PendingBytes
	opt := options(t.TempDir())
	opt.MaxBytes = 2 * size
	q := open(t, opt)
	mustAppend(t, q, "1.xml", item("a", "same length 1"))
	mustAppend(t, q, "2.xml", item("b", "same length 2"))
	if _, err := q.Append(export("3.xml"), add([]queue.Item{item("c", "same length 3")})); !errors.Is(err, queue.ErrFull) {
		t.Errorf("a third record: %v", err)
	}
	if got := mustStats(t, q).PendingBytes; got != opt.MaxBytes {
		t.Errorf("%d bytes are held, the limit is %d", got, opt.MaxBytes)
	}
}

func TestAppend_Q7_only_what_changed_is_queued(t *testing.T) {
	q := open(t, options(t.TempDir()))
	steps := []struct {
		name string
		list []queue.Item
		want queue.Receipt
	}{
		{"the first time all", []queue.Item{item("a", "1"), item("b", "1")}, queue.Receipt{Queued: 2}},
		{"unchanged rows of the next snapshot not", []queue.Item{item("a", "1"), item("b", "2")},
			queue.Receipt{Queued: 1, Unchanged: 1}},
		{"a row that changed back", []queue.Item{item("b", "1")}, queue.Receipt{Queued: 1}},
		{"a row twice in one file once", []queue.Item{item("c", "1"), item("c", "1")},
			queue.Receipt{Queued: 1, Unchanged: 1}},
		{"a row with two contents in one file twice", []queue.Item{item("c", "2"), item("c", "3")}, queue.Receipt{Queued: 2}},
	}
	for i, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			s.want.Withheld, s.want.Trimmed = map[string]int{}, map[string]int{}
			if diff := cmp.Diff(s.want, mustAppend(t, q, string(rune('a'+i)), s.list...)); diff != "" {
				t.Error(diff)
			}
		})
	}
	var texts []string
	for _, l := range mustLease(t, q, 100, 1<<20) {
		texts = append(texts, string(l.Payload))
	}
	if diff := cmp.Diff([]string{"1", "1", "2", "1", "1", "2", "3"}, texts); diff != "" {
		t.Errorf("payloads in order: %s", diff)
	}
}

func TestAppend_payloads_come_back_as_they_were(t *testing.T) {
	q := open(t, options(t.TempDir()))
	want := []string{"", "x", noise(100_000), string(make([]byte, 1<<20)), "Nguyễn Thị Bưởi"}
	for i, text := range want {
		it := item(string(rune('a'+i)), text)
		mustAppend(t, q, it.Key, it)
		clear(it.Payload) // Append keeps nothing of it
	}
	for i, l := range mustLease(t, q, 100, 1<<30) {
		if string(l.Payload) != want[i] || l.ID != item(string(rune('a'+i)), want[i]).ID {
			t.Errorf("record %d: %d bytes of payload, want %d; id %s", i, len(l.Payload), len(want[i]), l.ID)
		}
		if at := time.Date(2026, 3, 2, 7, 30, 0, 0, time.UTC); !l.Queued.Equal(at) {
			t.Errorf("queued at %v", l.Queued)
		}
	}
}

func TestAppend_Q2_syncs_before_it_returns(t *testing.T) {
	dir := t.TempDir()
	q := open(t, options(dir))
	if q.NoSync() {
		t.Fatal("a safety of bbolt is off")
	}
	mustAppend(t, q, "1.xml", items(20, "x")...)
	mustSettle(t, q, queue.Stored, 3)
	mustSettle(t, q, queue.Dead, 4)
	// What a crash would leave, now: the file as other processes see it, opened by itself.
	copied := t.TempDir()
	for _, name := range []string{"queue.db", "queue.key"} {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(copied, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	crashed := open(t, options(copied))
	if diff := cmp.Diff(outbox(t, q), outbox(t, crashed)); diff != "" {
		t.Error(diff)
	}
	if len(outbox(t, crashed)) != 18 || len(letters(t, crashed)) != 1 {
		t.Errorf("%d records, %d dead letters", len(outbox(t, crashed)), len(letters(t, crashed)))
	}
}

// noise is text that doesn't compress, n bytes long.
func noise(n int) string {
	out := make([]byte, 0, n+64)
	for i := 0; len(out) < n; i++ {
		sum := sha256.Sum256(fmt.Append(nil, i))
		out = append(out, sum[:]...)
	}
	return string(out[:n])
}

func TestAppend_compresses_only_what_becomes_smaller(t *testing.T) {
	const overhead = 32 + 8 + 1 + 45 // id, time, form, seal
	for _, tt := range []struct {
		name, payload string
		most          int
	}{
		{"text", strings.Repeat("<MA_LK>L1</MA_LK>", 1000), 1000},
		{"noise", noise(4096), 4096 + overhead},
		{"nothing", "", overhead},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := open(t, options(t.TempDir()))
			it := item("k", tt.payload)
			mustAppend(t, q, "a.xml", it)
			if n := mustStats(t, q).PendingBytes; n > int64(tt.most) {
				t.Errorf("%d bytes take %d in the queue, more than %d", len(tt.payload), n, tt.most)
			}
			if diff := cmp.Diff(map[uint64]string{1: it.ID}, outbox(t, q)); diff != "" {
				t.Errorf("outbox (-want +got):\n%s", diff)
			}
		})
	}
}
