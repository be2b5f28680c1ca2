package queue

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// Leased is a record handed out for delivery.
type Leased struct {
	Sequence uint64
	ID       string
	Queued   time.Time
	Payload  []byte
}

// Lease hands out the oldest records that aren't leased, in order of sequence: at most max of them and, after the
// first, at most maxBytes of payload. They stay in the outbox until settled; Release or a restart makes them due
// again (Q5). Damaged records are skipped, kept and counted (Stats.Damaged).
func (q *Queue) Lease(max, maxBytes int) ([]Leased, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var out []Leased
	size := 0
	err := q.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket(bucketOutbox).Cursor()
		for k, v := c.First(); k != nil && len(out) < max; k, v = c.Next() {
			seq := binary.BigEndian.Uint64(k)
			if q.held(seq) {
				continue
			}
			r, err := q.read(bucketOutbox, k, v)
			if err != nil {
				q.damaged[seq] = struct{}{}
				continue
			}
			if size += len(r.payload); len(out) > 0 && size > maxBytes {
				return nil
			}
			out = append(out, Leased{Sequence: seq, ID: hex.EncodeToString(r.id), Queued: r.time, Payload: r.payload})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("lease records: %w", err)
	}
	for _, l := range out {
		q.leased[l.Sequence] = struct{}{}
	}
	return out, nil
}

// held reports whether seq is out on lease or known to be damaged; q.mu must be held.
func (q *Queue) held(seq uint64) bool {
	if _, ok := q.leased[seq]; ok {
		return true
	}
	_, ok := q.damaged[seq]
	return ok
}

// read opens and unpacks one value; the result holds no memory of the transaction.
func (q *Queue) read(bucket, key, value []byte) (record, error) {
	plain, err := q.seal.open(bucket, key, value)
	if err != nil {
		return record{}, err
	}
	return q.unpack(plain)
}

// Release ends leases without settling: the records are due again.
func (q *Queue) Release(list []Leased) {
	q.mu.Lock()
	for _, l := range list {
		delete(q.leased, l.Sequence)
	}
	q.mu.Unlock()
	if len(list) > 0 {
		q.signal()
	}
}

// Fate says how a leased record leaves the outbox.
type Fate int

// The ways out.
const (
	Stored    Fate = iota + 1 // the warehouse has committed it
	Duplicate                 // the warehouse had it already
	Dead                      // refused for good: to the dead letters, with the reason
	Erase                     // must not be kept anywhere: gone, counted
)

// Outcome is one record's fate.
type Outcome struct {
	Sequence uint64
	Fate     Fate
	Code     string // of Dead: stable, for programs
	Reason   string // of Dead: for people; holds nothing of the record
}

// Settle ends leases for good, all outcomes in one transaction (Q3). Outcomes of records that aren't in the outbox any
// more change nothing. A record that was damaged meanwhile can't become a dead letter: it stays where it is, counted as
// damaged, and the other outcomes hold.
func (q *Queue) Settle(outcomes []Outcome) error {
	if len(outcomes) == 0 {
		return nil
	}
	var damaged []uint64
	err := q.db.Update(func(tx *bbolt.Tx) error {
		counts := map[string]int{}
		for _, o := range outcomes {
			err := q.settle(tx, o, counts)
			var de *DamageError
			if errors.As(err, &de) {
				damaged = append(damaged, o.Sequence)
			} else if err != nil {
				return err
			}
		}
		return q.count(tx, counts)
	})
	if err != nil {
		return fmt.Errorf("settle records: %w", err)
	}
	q.mu.Lock()
	for _, o := range outcomes {
		delete(q.leased, o.Sequence)
		delete(q.damaged, o.Sequence)
	}
	for _, seq := range damaged {
		q.damaged[seq] = struct{}{}
	}
	q.mu.Unlock()
	q.signal()
	return nil
}

// settle carries out one outcome. A DamageError means that nothing of it was done.
func (q *Queue) settle(tx *bbolt.Tx, o Outcome, counts map[string]int) error {
	outbox, place := tx.Bucket(bucketOutbox), seqKey(o.Sequence)
	value := outbox.Get(place)
	if value == nil {
		return nil
	}
	size := int64(len(value))
	name, err := q.depart(tx, o, place, value)
	if err != nil {
		return err
	}
	counts[name]++
	if err := outbox.Delete(place); err != nil {
		return err
	}
	meta := tx.Bucket(bucketMeta)
	if err := addNumber(meta, metaBytes, -size); err != nil {
		return err
	}
	return addNumber(meta, metaCount, -1)
}

// depart notes where a record goes that leaves the outbox, and names the counter for it.
func (q *Queue) depart(tx *bbolt.Tx, o Outcome, place, value []byte) (string, error) {
	meta := tx.Bucket(bucketMeta)
	switch o.Fate {
	case Stored:
		return CountStored, q.delivered(meta, o.Sequence)
	case Duplicate:
		return CountDuplicate, q.delivered(meta, o.Sequence)
	case Erase:
		return CountErased, addNumber(meta, metaGone, 1)
	case Dead:
		return CountDead, q.bury(tx, o, place, value)
	default:
		return "", fmt.Errorf("unknown fate %d", o.Fate)
	}
}

func (q *Queue) delivered(meta *bbolt.Bucket, seq uint64) error {
	if err := addNumber(meta, metaGone, 1); err != nil {
		return err
	}
	if err := putNumber(meta, metaDelivery, uint64(q.now().Unix())); err != nil {
		return err
	}
	if seq <= number(meta, metaTop) {
		return nil
	}
	return putNumber(meta, metaTop, seq)
}
