package queue

import (
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"go.etcd.io/bbolt"
)

// Names of the daily counters. Those that begin with a Prefix go on with a rule's id or a finding's code.
const (
	CountFiles     = "files"     // taken in or noted
	CountReplayed  = "replayed"  // files whose content was known
	CountRejected  = "rejected"  // files that can't be read
	CountQueued    = "queued"    // records, retractions among them
	CountUnchanged = "unchanged" // records not queued because nothing changed
	CountRetracted = "retracted" // queued earlier, now excluded
	CountStored    = "stored"
	CountDuplicate = "duplicate" // the warehouse had them already
	CountDead      = "dead"
	CountRequeued  = "requeued"
	CountErased    = "erased" // the warehouse's screening found what ours didn't
	PrefixWithheld = "withheld."
	PrefixTrimmed  = "trimmed."
	PrefixFinding  = "finding." // goes on with a feed's name, a slash and a code
)

// findingName is the counter of a finding in a feed. Nothing else is counted by feed: withheld records least of all.
func findingName(feed, code string) string { return PrefixFinding + feed + "/" + code }

// count adds to today's counters.
func (q *Queue) count(tx *bbolt.Tx, counts map[string]int) error {
	days := tx.Bucket(bucketDays)
	day := q.now().Format(time.DateOnly)
	for name, n := range counts {
		if err := addNumber(days, []byte(day+"|"+name), int64(n)); err != nil {
			return err
		}
	}
	return nil
}

// Counts are the daily counters since the given day (yyyy-mm-dd, "" for all), summed by name.
func (q *Queue) Counts(since string) (map[string]int, error) {
	sum := map[string]int{}
	err := q.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket(bucketDays).Cursor()
		for k, v := c.Seek([]byte(since)); k != nil; k, v = c.Next() {
			if _, name, ok := strings.Cut(string(k), "|"); ok && len(v) == 8 {
				sum[name] += int(binary.BigEndian.Uint64(v))
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read counters: %w", err)
	}
	return sum, nil
}

// Day is one day's counters.
type Day struct {
	Day    string // yyyy-mm-dd, by the PC's clock
	Counts map[string]int
}

// Days are the daily counters since the given day, oldest first. Days on which nothing was counted are left out.
func (q *Queue) Days(since string) ([]Day, error) {
	var list []Day
	err := q.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket(bucketDays).Cursor()
		for k, v := c.Seek([]byte(since)); k != nil; k, v = c.Next() {
			day, name, ok := strings.Cut(string(k), "|")
			if !ok || len(v) != 8 || day == olderDays {
				continue
			}
			if len(list) == 0 || list[len(list)-1].Day != day {
				list = append(list, Day{Day: day, Counts: map[string]int{}})
			}
			list[len(list)-1].Counts[name] = int(binary.BigEndian.Uint64(v))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read counters: %w", err)
	}
	return list, nil
}

// Stats is the queue at a glance.
type Stats struct {
	Pending      int       // records in the outbox, leased ones included
	PendingBytes int64     // sealed
	Oldest       time.Time // when the oldest of them was queued; zero when there is none
	Dead         int
	Damaged      int       // records in the outbox that don't open, as far as leases met them
	Last         uint64    // newest sequence number
	LastDelivery time.Time // when a record last reached the warehouse; zero: never
	FileBytes    int64     // of the bbolt file
}

// Stats reads a few numbers; its cost doesn't depend on the backlog.
func (q *Queue) Stats() (Stats, error) {
	var s Stats
	err := q.db.View(func(tx *bbolt.Tx) error {
		meta := tx.Bucket(bucketMeta)
		s = Stats{Pending: int(number(meta, metaCount)), PendingBytes: int64(number(meta, metaBytes)),
			Dead: int(number(meta, metaDead)), Last: number(meta, metaLast), FileBytes: tx.Size()}
		if t := number(meta, metaDelivery); t > 0 {
			s.LastDelivery = time.Unix(int64(t), 0)
		}
		c := tx.Bucket(bucketOutbox).Cursor()
		for k, v := c.First(); k != nil && s.Oldest.IsZero(); k, v = c.Next() {
			if r, err := q.read(bucketOutbox, k, v); err == nil { // not damaged
				s.Oldest = r.time
			}
		}
		return nil
	})
	if err != nil {
		return Stats{}, fmt.Errorf("read queue state: %w", err)
	}
	q.mu.Lock()
	s.Damaged = len(q.damaged)
	q.mu.Unlock()
	return s, nil
}

// Waiting is a record in the outbox, for lists.
type Waiting struct {
	Sequence uint64    `json:"sequence"`
	ID       string    `json:"id"`
	Queued   time.Time `json:"queued"`
	Bytes    int       `json:"bytes"` // sealed
	Damaged  bool      `json:"damaged,omitempty"`
}

// Outbox calls each for every record in the outbox, oldest first, until it returns false. It holds no transaction
// meanwhile, so that each may take its time; records that come or go while it runs may be in it or not.
func (q *Queue) Outbox(each func(Waiting) bool) error {
	err := inPages(q, bucketOutbox, func(k, v []byte) (Waiting, bool) {
		w := Waiting{Sequence: binary.BigEndian.Uint64(k), Bytes: len(v)}
		r, err := q.read(bucketOutbox, k, v)
		if err != nil {
			w.Damaged = true
		} else {
			w.ID, w.Queued = fmt.Sprintf("%x", r.id), r.time
		}
		return w, true
	}, each)
	if err != nil {
		return fmt.Errorf("list outbox: %w", err)
	}
	return nil
}

// pageSize is how many values one transaction of a list reads. Dead letters come with their payload, which may have
// some MiB.
const pageSize = 64

// inPages calls each for what open makes of a bucket's values, in order, reading a page in a transaction of its own: a
// read transaction that waits for a person (queue ls | less) would stop writers as soon as the file has to grow.
func inPages[T any](q *Queue, bucket []byte, open func(k, v []byte) (T, bool), each func(T) bool) error {
	var next []byte // where the next page begins; nil: at the beginning
	for {
		var page []T
		more := false
		err := q.db.View(func(tx *bbolt.Tx) error {
			c := tx.Bucket(bucket).Cursor()
			k, v := c.Seek(next)
			for n := 0; k != nil; k, v = c.Next() {
				if n++; n > pageSize {
					next, more = append([]byte(nil), k...), true
					return nil
				}
				if item, ok := open(k, v); ok {
					page = append(page, item)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, item := range page {
			if !each(item) {
				return nil
			}
		}
		if !more {
			return nil
		}
	}
}
