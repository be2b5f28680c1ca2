package queue_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"tramsync/queue"
)

// TestConcurrent_use lets appenders, deliverers and readers at one queue. Every record must be handed to exactly one
// deliverer, but for those that were released.
func TestConcurrent_use(t *testing.T) {
	const files, perFile = 40, 5
	q := open(t, options(t.TempDir()))
	var appenders, deliverers, readers sync.WaitGroup
	for worker := range 2 {
		appenders.Go(func() {
			for i := range files / 2 {
				name := fmt.Sprintf("%d-%d", worker, i)
				if _, err := q.Append(export(name), add(items(perFile, name))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	stop := make(chan struct{})
	readers.Go(func() { readUntil(t, q, stop) })
	var mu sync.Mutex
	settled := map[string]int{}
	appended := make(chan struct{})
	for worker := range 2 {
		deliverers.Go(func() {
			for round := 0; ; round++ {
				done := isClosed(appended) // before the Lease: what it doesn't find then, nobody adds
				list, err := q.Lease(7, 1<<20)
				if err != nil {
					t.Error(err)
					return
				}
				if len(list) == 0 && done {
					return
				}
				if (round+worker)%3 == 0 {
					q.Release(list)
					continue
				}
				mu.Lock()
				for _, l := range list {
					settled[l.ID]++
				}
				mu.Unlock()
				settle(t, q, list)
			}
		})
	}
	appenders.Wait()
	close(appended)
	deliverers.Wait()
	close(stop)
	readers.Wait()
	for id, n := range settled {
		if n != 1 {
			t.Errorf("record %s was handed out %d times", id, n)
		}
	}
	s := mustStats(t, q)
	if len(settled) != files*perFile || s.Pending != 0 || s.Last != files*perFile {
		t.Errorf("%d of %d records were handed out; %+v", len(settled), files*perFile, s)
	}
}

// settle delivers one half and rejects the other.
func settle(t *testing.T, q *queue.Queue, list []queue.Leased) {
	var out []queue.Outcome
	for _, l := range list {
		fate := queue.Stored
		if l.Sequence%2 == 0 {
			fate = queue.Dead
		}
		out = append(out, queue.Outcome{Sequence: l.Sequence, Fate: fate})
	}
	if err := q.Settle(out); err != nil {
		t.Error(err)
	}
}

// readUntil uses all that reads.
func readUntil(t *testing.T, q *queue.Queue, stop <-chan struct{}) {
	for !isClosed(stop) {
		_, statsErr := q.Stats()
		_, countsErr := q.Counts("")
		_, knownErr := q.Known(export("0-0"))
		err := errors.Join(statsErr, countsErr, knownErr,
			q.Outbox(func(queue.Waiting) bool { return true }),
			q.DeadLetters(func(queue.Letter) bool { return true }),
			q.Files(func(queue.Entry) bool { return true }))
		if err != nil {
			t.Error(err)
		}
		if r, err := q.Verify(t.Context()); err != nil || !r.Clean() {
			t.Errorf("verify: %v, %q", err, r.Faults)
		}
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
