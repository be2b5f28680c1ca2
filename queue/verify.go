package queue

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
)

// Report is the result of Verify.
type Report struct {
	Pending int      `json:"pending"`
	Dead    int      `json:"dead"`
	Files   int      `json:"files"`
	Faults  []string `json:"faults,omitempty"` // at most maxFaults; hold nothing of any record
}

// Clean reports whether nothing was wrong.
func (r Report) Clean() bool { return len(r.Faults) == 0 }

const maxFaults = 100

func (r *Report) fault(format string, args ...any) {
	if len(r.Faults) < maxFaults {
		r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
	}
}

// Verify checks everything that can be checked: the file's pages (bbolt's own check), that every sealed value opens in
// its place, and that the counters agree with a recount. It changes nothing; readers go on meanwhile, writers wait.
func (q *Queue) Verify(ctx context.Context) (Report, error) {
	var r Report
	err := q.readAlone(func(tx *bbolt.Tx) error {
		for fault := range tx.Check() {
			r.fault("file structure: %v", fault)
		}
		if err := q.verifyRecords(ctx, tx, &r); err != nil {
			return err
		}
		if err := q.verifyFiles(ctx, tx, &r); err != nil {
			return err
		}
		meta := tx.Bucket(bucketMeta)
		for _, c := range []struct {
			name []byte
			got  int
		}{{metaCount, r.Pending}, {metaDead, r.Dead}} {
			if n := number(meta, c.name); n != uint64(c.got) {
				r.fault("counter %q says %d, recount %d", c.name, n, c.got)
			}
		}
		if last, sum := number(meta, metaLast), uint64(r.Pending+r.Dead)+number(meta, metaGone); last != sum {
			r.fault("%d sequence numbers were given out but %d records are accounted for", last, sum)
		}
		return nil
	})
	if err != nil {
		return r, fmt.Errorf("verify queue: %w", err)
	}
	return r, nil
}

// readAlone is View with writers kept out: bbolt's check reads the list of free pages that writers change.
func (q *Queue) readAlone(look func(*bbolt.Tx) error) error {
	tx, err := q.db.Begin(true)
	if err != nil {
		return err
	}
	return errors.Join(look(tx), tx.Rollback())
}

func (q *Queue) verifyRecords(ctx context.Context, tx *bbolt.Tx, r *Report) error {
	last, size := number(tx.Bucket(bucketMeta), metaLast), uint64(0)
	c := tx.Bucket(bucketOutbox).Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		r.Pending++
		size += uint64(len(v))
		if _, err := q.read(bucketOutbox, k, v); err != nil {
			r.fault("record %d in the outbox doesn't open", binary.BigEndian.Uint64(k))
		}
		if seq := binary.BigEndian.Uint64(k); seq > last {
			r.fault("record %d is above the last number given, %d", seq, last)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if n := number(tx.Bucket(bucketMeta), metaBytes); n != size {
		r.fault("counter %q says %d, recount %d", metaBytes, n, size)
	}
	c = tx.Bucket(bucketDead).Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		r.Dead++
		if _, _, err := q.exhume(k, v); err != nil {
			r.fault("dead letter %d doesn't open", binary.BigEndian.Uint64(k))
		}
		if tx.Bucket(bucketOutbox).Get(k) != nil {
			r.fault("record %d is in the outbox and among the dead letters", binary.BigEndian.Uint64(k))
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

func (q *Queue) verifyFiles(ctx context.Context, tx *bbolt.Tx, r *Report) error {
	last := number(tx.Bucket(bucketMeta), metaLast)
	c := tx.Bucket(bucketFiles).Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		r.Files++
		if len(v) <= 1+tagSize {
			r.fault("ledger entry %d is cut short", r.Files)
			continue
		}
		e, err := q.entry(k, v)
		switch {
		case err != nil:
			r.fault("ledger entry %d doesn't open", r.Files)
		case e.State != State(v[0]) || e.Last > last:
			r.fault("ledger entry %d disagrees with itself or the outbox", r.Files)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}
