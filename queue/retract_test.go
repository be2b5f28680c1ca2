package queue_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"tramsync/queue"
)

// change is one step of a file: a record is added or taken back.
type change struct {
	retract bool
	item    queue.Item
}

func adds(key, text string) change { return change{item: item(key, text)} }

func retracts(key string) change { return change{retract: true, item: retraction(item(key, ""))} }

func apply(list ...change) func(*queue.Batch) error {
	return func(b *queue.Batch) error {
		for _, c := range list {
			if c.retract {
				b.Retract(c.item)
			} else if err := b.Add(c.item); err != nil {
				return err
			}
		}
		return nil
	}
}

func mustApply(t *testing.T, q *queue.Queue, name string, list ...change) queue.Receipt {
	t.Helper()
	r, err := q.Append(export(name), apply(list...))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// payloads of what waits, in order.
func payloads(t *testing.T, q *queue.Queue) []string {
	t.Helper()
	var out []string
	list := mustLease(t, q, 100, 1<<20)
	for _, l := range list {
		out = append(out, string(l.Payload))
	}
	q.Release(list)
	return out
}

func TestRetract_Q10_only_what_was_queued_is_taken_back_and_once(t *testing.T) {
	q := open(t, options(t.TempDir()))
	steps := []struct {
		name string
		list []change
		want queue.Receipt
	}{
		{"what never was queued isn't", []change{retracts("a")}, queue.Receipt{}},
		{"its first record is news", []change{adds("a", "1"), adds("b", "1")}, queue.Receipt{Queued: 2}},
		{"it is taken back, another isn't", []change{retracts("a")}, queue.Receipt{Queued: 1, Retracted: 1}},
		{"the next exports with it say nothing", []change{retracts("a"), retracts("a")}, queue.Receipt{}},
		{"allowed again it is news, with the content it had", []change{adds("a", "1"), adds("b", "1")},
			queue.Receipt{Queued: 1, Unchanged: 1}},
		{"and can be taken back again", []change{retracts("a")}, queue.Receipt{Queued: 1, Retracted: 1}},
		{"in a file that has it twice the later counts: taken back", []change{adds("c", "1"), retracts("c")},
			queue.Receipt{Queued: 2, Retracted: 1}},
		{"or as it was", []change{retracts("b"), retracts("b"), adds("b", "1")}, queue.Receipt{Unchanged: 1}},
		{"or changed", []change{retracts("b"), adds("b", "2")}, queue.Receipt{Queued: 1}},
		{"or taken back all the same", []change{retracts("b"), adds("b", "3"), retracts("b")},
			queue.Receipt{Queued: 2, Retracted: 1}},
		{"or unknown until then", []change{retracts("e"), adds("e", "1")}, queue.Receipt{Queued: 1}},
	}
	for i, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			s.want.Withheld, s.want.Trimmed = map[string]int{}, map[string]int{}
			if diff := cmp.Diff(s.want, mustApply(t, q, string(rune('a'+i)), s.list...)); diff != "" {
				t.Error(diff)
			}
		})
	}
	want := []string{"1", "1", "retracted", "1", "retracted", "1", "retracted", "2", "3", "retracted", "1"}
	if diff := cmp.Diff(want, payloads(t, q)); diff != "" {
		t.Errorf("payloads in order: %s", diff)
	}
	counts := mustCounts(t, q, "")
	if counts[queue.CountQueued] != 11 || counts[queue.CountRetracted] != 4 {
		t.Errorf("counters %v", counts)
	}
}

func TestRetract_Q1_a_file_that_fails_takes_nothing_back(t *testing.T) {
	errBad := errors.New("the export ends in the middle")
	tests := []struct {
		name string
		fill func(*queue.Batch) error
		want error
	}{
		{"when the file is bad behind it", func(b *queue.Batch) error {
			return errors.Join(apply(retracts("a"))(b), errBad)
		}, errBad},
		{"when there is no room for it", func(b *queue.Batch) error {
			gone := retracts("a")
			gone.item.Payload = []byte(noise(4096))
			b.Retract(gone.item)
			return nil
		}, queue.ErrFull},
		{"when something before it failed", func(b *queue.Batch) error {
			_ = b.Add(item("b", noise(4096)))
			b.Retract(retracts("a").item)
			return nil
		}, queue.ErrFull},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opt := options(t.TempDir())
			opt.MaxBytes = 3000
			q := open(t, opt)
			mustApply(t, q, "before.xml", adds("a", "1"))
			f := export("bad.xml")
			before := look(t, q, f)
			r, err := q.Append(f, tt.fill)
			if !errors.Is(err, tt.want) || r.Retracted != 0 {
				t.Errorf("receipt %v, error %v, want %v", r, err, tt.want)
			}
			if diff := cmp.Diff(before, look(t, q, f)); diff != "" {
				t.Errorf("something changed: %s", diff)
			}
			if r := mustApply(t, q, "after.xml", retracts("a")); r.Retracted != 1 {
				t.Error("afterwards it isn't taken back: the key is forgotten already")
			}
		})
	}
	t.Run("when its id is no hash", func(t *testing.T) {
		q := open(t, options(t.TempDir()))
		mustApply(t, q, "before.xml", adds("a", "1"))
		if _, err := q.Append(export("bad.xml"), apply(change{true, queue.Item{ID: "short", Key: "a"}})); err == nil {
			t.Error("queued")
		}
	})
}

func TestRetract_Q10_leaves_no_trace_once_delivered(t *testing.T) {
	never, once := options(t.TempDir()), options(t.TempDir())
	for _, opt := range []queue.Options{never, once} {
		q := open(t, opt)
		mustApply(t, q, "first.xml", adds("other", "1"))
		if opt.Dir == once.Dir {
			mustApply(t, q, "second.xml", adds("a", "1"))
			mustApply(t, q, "third.xml", retracts("a"))
			mustSettle(t, q, queue.Stored, 2, 3)
		}
		if err := q.Close(); err != nil {
			t.Fatal(err)
		}
	}
	count := func(opt queue.Options, bucket string) (n int) {
		edit(t, opt.Dir, func(tx *bbolt.Tx) { n = tx.Bucket([]byte(bucket)).Stats().KeyN })
		return n
	}
	for _, bucket := range []string{"seen", "outbox", "dead"} {
		if got, want := count(once, bucket), count(never, bucket); got != want || bucket != "dead" && want != 1 {
			t.Errorf("bucket %s has %d entries; where nothing was taken back %d", bucket, got, want)
		}
	}
}

// A refused record that is sent again keeps its old number: it doesn't undo the retraction that came meanwhile.
func TestRetract_Q4_goes_after_everything_of_its_key(t *testing.T) {
	opt := options(t.TempDir())
	q := open(t, opt)
	mustApply(t, q, "1.xml", adds("a", "refused"))
	mustSettle(t, q, queue.Dead, 1)
	mustApply(t, q, "2.xml", adds("a", "waits"))
	mustApply(t, q, "3.xml", retracts("a"))
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	q = open(t, opt) // after a crash
	if _, err := q.Requeue(""); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"refused", "waits", "retracted"}, payloads(t, q)); diff != "" {
		t.Error(diff)
	}
	if r := mustApply(t, q, "4.xml", retracts("a")); r.Retracted != 0 {
		t.Error("after the restart it is taken back once more")
	}
}
