package queue

import "time"

// Pack, Unpack and UnpackLetter are the layouts inside the seals, for fuzzing.
func (q *Queue) Pack(id []byte, at time.Time, payload []byte) []byte {
	return q.pack(record{id: id, time: at, payload: payload})
}

func (q *Queue) Unpack(plain []byte) (id []byte, payload []byte, err error) {
	r, err := q.unpack(plain)
	return r.id, r.payload, err
}

func (q *Queue) UnpackLetter(plain []byte) (Letter, []byte, error) { return q.unpackLetter(plain) }

// OpenSeal opens a sealed value of the outbox.
func (q *Queue) OpenSeal(place, sealed []byte) ([]byte, error) {
	return q.seal.open(bucketOutbox, place, sealed)
}

// NoSync tells whether a shortcut of bbolt is on.
func (q *Queue) NoSync() bool { return q.db.NoSync || q.db.NoGrowSync || q.db.NoFreelistSync }
