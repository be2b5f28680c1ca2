package queue

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.etcd.io/bbolt"
)

// How long the ledger and the counters remember.
const (
	// KeepGone is how long a file that is gone from its folder stays on the list. After that it is known by its content
	// only, for ever: 61 bytes a file, 13 MB for ten years of 60 files a day.
	KeepGone = 90 * 24 * time.Hour
	// KeepDays is how long counters are kept by day; before that they are summed.
	KeepDays = 400 * 24 * time.Hour

	olderDays = "0000-00-00" // the day that stands for all older ones
)

// Swept says what a sweep found.
type Swept struct {
	Gone   int // files that aren't in their folders any more, since now
	Pruned int // files taken off the list
}

// Sweep looks for files of the ledger that are gone from their folders and takes those off the list that have been for
// KeepGone. What they held stays known: when one comes back, from a backup say, it is no news. Rejected files stay
// until somebody dismisses them. gone is called without a transaction and may take its time.
func (q *Queue) Sweep(ctx context.Context, gone func(path string) bool) (Swept, error) {
	var s Swept
	var page []swept
	var failed error
	flush := func() bool {
		failed = q.db.Update(func(tx *bbolt.Tx) error { return q.settleSwept(tx, page, &s) })
		page = page[:0]
		return failed == nil
	}
	err := inPages(q, bucketFiles, func(k, v []byte) (swept, bool) {
		if len(v) <= 1+tagSize {
			return swept{}, false
		}
		e, err := q.entry(k, v)
		return swept{key: bytes.Clone(k), value: bytes.Clone(v), entry: e}, err == nil
	}, func(f swept) bool {
		f.gone = gone(f.entry.Path)
		if f.gone != f.entry.Gone.IsZero() && !f.due(q.now()) { // as it was before
			return ctx.Err() == nil
		}
		page = append(page, f)
		return (len(page) < pageSize || flush()) && ctx.Err() == nil
	})
	if err = errors.Join(err, failed); err == nil && flush() {
		failed = q.db.Update(q.foldDays)
	}
	if err = errors.Join(err, failed); err != nil {
		return s, fmt.Errorf("sweep ledger: %w", err)
	}
	return s, ctx.Err()
}

// swept is an entry that a sweep may change.
type swept struct {
	key, value []byte
	entry      Entry
	gone       bool
}

// due reports whether an entry has been gone for long enough. A clock that was set back only makes it later.
func (f *swept) due(now time.Time) bool {
	return f.gone && f.entry.State != Rejected && !f.entry.Gone.IsZero() && now.Sub(f.entry.Gone) >= KeepGone
}

func (q *Queue) settleSwept(tx *bbolt.Tx, page []swept, s *Swept) error {
	files, now := tx.Bucket(bucketFiles), q.now()
	for _, f := range page {
		if !bytes.Equal(files.Get(f.key), f.value) {
			continue // dealt with anew meanwhile
		}
		if f.due(now) {
			s.Pruned++
			if err := files.Delete(f.key); err != nil {
				return err
			}
			continue
		}
		f.entry.Gone = time.Time{}
		if f.gone {
			s.Gone++
			f.entry.Gone = now
		}
		plain, err := json.Marshal(f.entry)
		if err != nil {
			return err
		}
		value := append(bytes.Clone(f.value[:1+tagSize]), q.seal.seal(bucketFiles, f.key, plain)...)
		if err := files.Put(f.key, value); err != nil {
			return err
		}
	}
	return nil
}

// foldDays sums the counters of days that are long past.
func (q *Queue) foldDays(tx *bbolt.Tx) error {
	days := tx.Bucket(bucketDays)
	first := []byte(q.now().Add(-KeepDays).Format(time.DateOnly))
	sum := map[string]uint64{}
	var old [][]byte
	c := days.Cursor()
	for k, v := c.First(); k != nil && bytes.Compare(k, first) < 0; k, v = c.Next() {
		if day, name, ok := strings.Cut(string(k), "|"); ok && day != olderDays && len(v) == 8 {
			sum[name] += binary.BigEndian.Uint64(v)
			old = append(old, bytes.Clone(k))
		}
	}
	for _, k := range old {
		if err := days.Delete(k); err != nil {
			return err
		}
	}
	for name, n := range sum {
		if err := addNumber(days, []byte(olderDays+"|"+name), int64(n)); err != nil {
			return err
		}
	}
	return nil
}

// Dismiss takes a rejected file off the list, for good when it is gone from its folder: one that still lies there is
// read, and rejected, again. It reports whether there was one.
func (q *Queue) Dismiss(path string) (bool, error) {
	found := false
	err := q.db.Update(func(tx *bbolt.Tx) error {
		files, key := tx.Bucket(bucketFiles), q.seal.hash("path", path)
		v := files.Get(key)
		if found = len(v) > 0 && State(v[0]) == Rejected; !found {
			return nil
		}
		return files.Delete(key)
	})
	if err != nil {
		return false, fmt.Errorf("dismiss file: %w", err)
	}
	return found, nil
}
