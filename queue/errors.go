package queue

import (
	"errors"
	"fmt"
)

// What callers tell apart.
var (
	// ErrLocked: another process has the queue open.
	ErrLocked = errors.New("the queue is in use by another tramsync (is the service running?)")
	// ErrFull: the configured size is reached. Files wait where they are; delivery makes room.
	ErrFull = errors.New("the queue is full: files wait until the warehouse has taken some records")
	// ErrKeyMissing: the queue's key isn't there though the queue is. Nothing was changed.
	ErrKeyMissing = errors.New("the queue's key file is missing")
	// ErrWrongKey: the key there is another queue's. Nothing was changed.
	ErrWrongKey = errors.New("the queue was sealed with another key or for another station code: " +
		"put back its queue.key, or the former code as the first of station.codes")
	// ErrSchema: a newer version of the program wrote the queue. Nothing was changed.
	ErrSchema = errors.New("the queue was written by a newer version of tramsync: install that version again")
	// ErrNotFound: no record of that id among the dead letters.
	ErrNotFound = errors.New("no such dead letter")

	errSeal = errors.New("a sealed value doesn't open")
)

// DamageError says that a value doesn't open: altered by the disk or by somebody. It stays where it is, is never sent
// and is counted.
type DamageError struct {
	Bucket   string
	Sequence uint64
}

// Error names the place.
func (e *DamageError) Error() string {
	return fmt.Sprintf("damaged value in %s, number %d", e.Bucket, e.Sequence)
}
