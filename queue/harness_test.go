package queue_test

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"tramsync/queue"
)

const station = "99001"

// clock is a PC's clock that a test sets.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 2, 7, 30, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	c.mu.Unlock()
}

func options(dir string) queue.Options {
	return queue.Options{Dir: dir, Stream: station, Now: newClock().Now, LockWait: time.Second}
}

// open opens a queue that must be without fault when the test ends.
func open(t *testing.T, opt queue.Options) *queue.Queue {
	t.Helper()
	q := openDamaged(t, opt)
	t.Cleanup(func() { // runs before the Close of openDamaged
		r, err := q.Verify(t.Context())
		if err == nil && !r.Clean() {
			t.Errorf("verify finds %q", r.Faults)
		}
	})
	return q
}

// openDamaged opens a queue that may have damaged values. Its file must still be one, with counters that are right.
func openDamaged(t *testing.T, opt queue.Options) *queue.Queue {
	t.Helper()
	q, err := queue.Open(opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := q.Close(); err != nil {
			t.Error(err)
		}
		recount(t, opt.Dir)
	})
	return q
}

// recount checks the file without the package's own help.
func recount(t *testing.T, dir string) {
	t.Helper()
	edit(t, dir, func(tx *bbolt.Tx) {
		for fault := range tx.Check() {
			t.Errorf("bbolt: %v", fault)
		}
		got := map[string]uint64{}
		err := tx.Bucket([]byte("outbox")).ForEach(func(_, v []byte) error {
			got["pending"]++
			got["pending bytes"] += uint64(len(v))
			return nil
		})
		err = errors.Join(err, tx.Bucket([]byte("dead")).ForEach(func(_, _ []byte) error { got["dead"]++; return nil }))
		if err != nil {
			t.Error(err)
		}
		meta := func(name string) (n uint64) {
			if v := tx.Bucket([]byte("meta")).Get([]byte(name)); v != nil {
				n = binary.BigEndian.Uint64(v)
			}
			return n
		}
		for _, name := range []string{"pending", "pending bytes", "dead"} {
			if meta(name) != got[name] {
				t.Errorf("the file says %s = %d, recount %d", name, meta(name), got[name])
			}
		}
		if sum := got["pending"] + got["dead"] + meta("settled"); sum != meta("last sequence") {
			t.Errorf("%d numbers given out, %d records accounted for", meta("last sequence"), sum)
		}
	})
}

// edit changes a closed queue's file behind its back.
func edit(t *testing.T, dir string, change func(*bbolt.Tx)) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, "queue.db"), 0o600, &bbolt.Options{Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { change(tx); return nil })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

func seqKey(seq uint64) []byte { return binary.BigEndian.AppendUint64(nil, seq) }

// export is a file as intake would report it.
func export(name string) queue.File {
	return queue.File{Feed: "his", Path: "/xuat/" + name, Size: int64(len(name)), SHA256: sha256.Sum256([]byte(name)),
		ModTime: time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC), Reader: "reader 1"}
}

// item is a record of key whose content is text.
func item(key, text string) queue.Item {
	content := sha256.Sum256([]byte(text))
	return queue.Item{ID: fmt.Sprintf("%x", sha256.Sum256([]byte(key+"\x00"+text))), Key: key, Content: content,
		Payload: []byte(text)}
}

// items are n records with keys of their own.
func items(n int, prefix string) []queue.Item {
	list := make([]queue.Item, n)
	for i := range list {
		list[i] = item(fmt.Sprintf("%s/%d", prefix, i), fmt.Sprintf("{%q:%d}", prefix, i))
	}
	return list
}

// retraction is a record that takes back those of the same key.
func retraction(it queue.Item) queue.Item {
	return item(it.Key, "retracted")
}

func add(list []queue.Item) func(*queue.Batch) error {
	return func(b *queue.Batch) error {
		for _, it := range list {
			if err := b.Add(it); err != nil {
				return err
			}
		}
		return nil
	}
}

func mustAppend(t *testing.T, q *queue.Queue, name string, list ...queue.Item) queue.Receipt {
	t.Helper()
	r, err := q.Append(export(name), add(list))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustLease(t *testing.T, q *queue.Queue, most, bytes int) []queue.Leased {
	t.Helper()
	list, err := q.Lease(most, bytes)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func mustSettle(t *testing.T, q *queue.Queue, fate queue.Fate, seqs ...uint64) {
	t.Helper()
	var list []queue.Outcome
	for _, seq := range seqs {
		list = append(list, queue.Outcome{Sequence: seq, Fate: fate, Code: "invalid", Reason: "no reason"})
	}
	if err := q.Settle(list); err != nil {
		t.Fatal(err)
	}
}

func mustStats(t *testing.T, q *queue.Queue) queue.Stats {
	t.Helper()
	s, err := q.Stats()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustCounts(t *testing.T, q *queue.Queue, since string) map[string]int {
	t.Helper()
	c, err := q.Counts(since)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// outbox is what waits in it: sequence to id, "" for what is damaged.
func outbox(t *testing.T, q *queue.Queue) map[uint64]string {
	t.Helper()
	got := map[uint64]string{}
	if err := q.Outbox(func(w queue.Waiting) bool { got[w.Sequence] = w.ID; return true }); err != nil {
		t.Fatal(err)
	}
	return got
}

// letters are the dead letters by sequence.
func letters(t *testing.T, q *queue.Queue) map[uint64]queue.Letter {
	t.Helper()
	got := map[uint64]queue.Letter{}
	if err := q.DeadLetters(func(l queue.Letter) bool { got[l.Sequence] = l; return true }); err != nil {
		t.Fatal(err)
	}
	return got
}

func sequences(list []queue.Leased) []uint64 {
	var out []uint64
	for _, l := range list {
		out = append(out, l.Sequence)
	}
	return out
}
