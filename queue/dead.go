package queue

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// Letter is a dead letter: a record that the warehouse refused for good.
type Letter struct {
	Sequence uint64    `json:"sequence"`
	ID       string    `json:"id"`
	Code     string    `json:"code"`
	Reason   string    `json:"reason"`
	Died     time.Time `json:"died"`
	Payload  []byte    `json:"-"`
}

// deadHead stands before the record's own bytes in a dead letter's value, with its length before it.
type deadHead struct {
	Code   string `json:"code"`
	Reason string `json:"reason"`
	Died   int64  `json:"died"`
}

// bury moves a record to the dead letters.
func (q *Queue) bury(tx *bbolt.Tx, o Outcome, place, sealed []byte) error {
	plain, err := q.seal.open(bucketOutbox, place, sealed)
	if err != nil {
		return &DamageError{Bucket: string(bucketOutbox), Sequence: o.Sequence}
	}
	head, err := json.Marshal(deadHead{Code: o.Code, Reason: o.Reason, Died: q.now().Unix()})
	if err != nil {
		return err
	}
	value := binary.BigEndian.AppendUint32(nil, uint32(len(head)))
	value = append(append(value, head...), plain...)
	if err := tx.Bucket(bucketDead).Put(place, q.seal.seal(bucketDead, place, value)); err != nil {
		return err
	}
	return addNumber(tx.Bucket(bucketMeta), metaDead, 1)
}

// exhume opens a dead letter and gives the record's plain bytes too.
func (q *Queue) exhume(place, sealed []byte) (Letter, []byte, error) {
	damage := &DamageError{Bucket: string(bucketDead), Sequence: binary.BigEndian.Uint64(place)}
	plain, err := q.seal.open(bucketDead, place, sealed)
	if err != nil {
		return Letter{}, nil, damage
	}
	l, body, err := q.unpackLetter(plain)
	if err != nil {
		return Letter{}, nil, damage
	}
	l.Sequence = damage.Sequence
	return l, body, nil
}

// unpackLetter takes a dead letter's plain bytes apart; the second result is the record's own, packed.
func (q *Queue) unpackLetter(plain []byte) (Letter, []byte, error) {
	if len(plain) < 4 {
		return Letter{}, nil, errSeal
	}
	n := int64(binary.BigEndian.Uint32(plain))
	var head deadHead
	if n > int64(len(plain)-4) || json.Unmarshal(plain[4:4+n], &head) != nil {
		return Letter{}, nil, errSeal
	}
	body := plain[4+n:]
	r, err := q.unpack(body)
	if err != nil {
		return Letter{}, nil, err
	}
	return Letter{ID: hex.EncodeToString(r.id), Code: head.Code, Reason: head.Reason,
		Died: time.Unix(head.Died, 0), Payload: r.payload}, body, nil
}

// DeadLetters calls each for every dead letter, oldest first, until it returns false, and holds no transaction
// meanwhile. Damaged ones are skipped; Verify counts them.
func (q *Queue) DeadLetters(each func(Letter) bool) error {
	err := inPages(q, bucketDead, func(k, v []byte) (Letter, bool) {
		l, _, err := q.exhume(k, v)
		return l, err == nil
	}, each)
	if err != nil {
		return fmt.Errorf("read dead letters: %w", err)
	}
	return nil
}

// Requeue puts the dead letters with the given id, or all with "", back into the outbox under their old sequence
// numbers (Q4): a newer revision that was delivered meanwhile stays the newer one. It says how many; none for an id
// is ErrNotFound.
func (q *Queue) Requeue(id string) (int, error) {
	n := 0
	err := q.db.Update(func(tx *bbolt.Tx) error {
		var keys [][]byte
		c := tx.Bucket(bucketDead).Cursor()
		for k, v := c.First(); k != nil; k, v = c.Next() {
			if l, _, err := q.exhume(k, v); err == nil && (id == "" || l.ID == id) {
				keys = append(keys, append([]byte(nil), k...))
			}
		}
		n = len(keys)
		for _, k := range keys {
			if err := q.revive(tx, k); err != nil {
				return err
			}
		}
		return q.count(tx, map[string]int{CountRequeued: n})
	})
	if err != nil {
		return 0, fmt.Errorf("requeue dead letters: %w", err)
	}
	if n == 0 && id != "" {
		return 0, ErrNotFound
	}
	q.signal()
	return n, nil
}

func (q *Queue) revive(tx *bbolt.Tx, place []byte) error {
	dead, meta := tx.Bucket(bucketDead), tx.Bucket(bucketMeta)
	_, body, err := q.exhume(place, dead.Get(place))
	if err != nil {
		return err
	}
	sealed := q.seal.seal(bucketOutbox, place, body)
	if err := tx.Bucket(bucketOutbox).Put(place, sealed); err != nil {
		return err
	}
	if err := dead.Delete(place); err != nil {
		return err
	}
	if err := addNumber(meta, metaDead, -1); err != nil {
		return err
	}
	if err := addNumber(meta, metaCount, 1); err != nil {
		return err
	}
	return addNumber(meta, metaBytes, int64(len(sealed)))
}
