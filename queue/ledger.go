package queue

import (
	"crypto/hmac"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"go.etcd.io/bbolt"
)

// State of an export file in the ledger.
type State byte

// The states.
const (
	Taken    State = 'T' // read to the end; its records are queued, or nothing in it was new
	Copied   State = 'C' // holds what was taken in before, from another file or this one
	Rejected State = 'R' // can't be read; Fault says why. Read again when it changes
)

// String is the state's name.
func (s State) String() string {
	switch s {
	case Rejected:
		return "rejected"
	case Copied:
		return "copied"
	default:
		return "taken"
	}
}

// MarshalText writes the state's name.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a state's name.
func (s *State) UnmarshalText(b []byte) error {
	for _, known := range []State{Taken, Copied, Rejected} {
		if known.String() == string(b) {
			*s = known
			return nil
		}
	}
	return errors.New("read state of a file: unknown name")
}

// Entry is what the ledger knows of one export file. How much of it was withheld is deliberately not in it: beside a
// file's name that would say something about a patient. So what was withheld counts as read like all else.
type Entry struct {
	Feed    string    `json:"feed"`
	Path    string    `json:"path"` // may hold a patient's name: shown at the station only
	Size    int64     `json:"size"`
	ModTime time.Time `json:"mod_time"`
	SHA256  string    `json:"sha256"`
	Reader  string    `json:"reader"`
	Time    time.Time `json:"time"` // when it was dealt with
	State   State     `json:"state"`
	Read    int       `json:"read"` // visits and rows in it
	// Findings in what was queued from it.
	Findings int       `json:"findings,omitempty"`
	First    uint64    `json:"first,omitempty"` // sequence numbers of what was queued from it
	Last     uint64    `json:"last,omitempty"`
	Fault    string    `json:"fault,omitempty"` // place and reason; holds nothing of the content
	Gone     time.Time `json:"gone,omitzero"`   // since when Sweep hasn't found it in its folder
}

const tagSize = 16

// tag of a file: the same path with the same size and time, and for rejected files the same reader.
func (q *Queue) tag(state State, f File) []byte {
	parts := []string{"tag", f.Path, strconv.FormatInt(f.Size, 10), strconv.FormatInt(f.ModTime.UnixNano(), 10)}
	if state == Rejected {
		parts = append(parts, f.Reader)
	}
	return q.seal.hash(parts...)
}

// Known reports whether the ledger has the file as it stands now: same path, size and time, and for a rejected one
// the same reader. It opens no sealed value, so that a walk over 200,000 known files stays cheap.
func (q *Queue) Known(f File) (bool, error) {
	known := false
	err := q.db.View(func(tx *bbolt.Tx) error {
		v := tx.Bucket(bucketFiles).Get(q.seal.hash("path", f.Path))
		known = len(v) > 1+tagSize && hmac.Equal(v[1:1+tagSize], q.tag(State(v[0]), f))
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("look up file: %w", err)
	}
	return known, nil
}

// Replay reports whether the file's content was taken in before, for its feed, from a file that was not older: a copy,
// a renamed, a moved or a restored file, however long ago. Its records must not be taken for news, since a newer export
// may have come between. A file whose own path last held something else is news, whatever its time says: it was changed
// back.
func (q *Queue) Replay(f File) (bool, error) {
	replay := false
	err := q.db.View(func(tx *bbolt.Tx) error {
		key := q.seal.hash("path", f.Path)
		if v := tx.Bucket(bucketFiles).Get(key); len(v) > 1+tagSize && State(v[0]) != Rejected {
			e, err := q.entry(key, v)
			if err == nil && e.SHA256 != fmt.Sprintf("%x", f.SHA256) {
				return nil
			}
		}
		v := tx.Bucket(bucketContents).Get(q.contentKey(f))
		replay = len(v) == 8 && int64(binary.BigEndian.Uint64(v)) >= f.ModTime.UnixNano()
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("look up content: %w", err)
	}
	return replay, nil
}

func (q *Queue) contentKey(f File) []byte {
	return q.seal.hash("file", f.Feed, string(f.SHA256[:]))
}

// Note enters a file that gave no records of its own, because it is a replay.
func (q *Queue) Note(f File) error {
	err := q.db.Update(func(tx *bbolt.Tx) error {
		if err := q.count(tx, map[string]int{CountFiles: 1, CountReplayed: 1}); err != nil {
			return err
		}
		return q.writeEntry(tx, f, Entry{State: Copied})
	})
	if err != nil {
		return fmt.Errorf("note file: %w", err)
	}
	return nil
}

// Reject enters a file that can't be read. fault must hold nothing of its content.
func (q *Queue) Reject(f File, fault string) error {
	err := q.db.Update(func(tx *bbolt.Tx) error {
		if err := q.count(tx, map[string]int{CountRejected: 1}); err != nil {
			return err
		}
		return q.writeEntry(tx, f, Entry{State: Rejected, Fault: fault})
	})
	if err != nil {
		return fmt.Errorf("note rejected file: %w", err)
	}
	return nil
}

func (q *Queue) writeEntry(tx *bbolt.Tx, f File, e Entry) error {
	e.Feed, e.Path, e.Size, e.ModTime, e.Reader = f.Feed, f.Path, f.Size, f.ModTime, f.Reader
	e.SHA256, e.Time = fmt.Sprintf("%x", f.SHA256), q.now()
	plain, err := json.Marshal(e)
	if err != nil {
		return err
	}
	key := q.seal.hash("path", f.Path)
	value := append([]byte{byte(e.State)}, q.tag(e.State, f)...)
	if err := tx.Bucket(bucketFiles).Put(key, append(value, q.seal.seal(bucketFiles, key, plain)...)); err != nil {
		return err
	}
	if e.State == Rejected {
		return nil
	}
	contents, ck := tx.Bucket(bucketContents), q.contentKey(f)
	if v := contents.Get(ck); len(v) == 8 && int64(binary.BigEndian.Uint64(v)) >= f.ModTime.UnixNano() {
		return nil
	}
	return contents.Put(ck, binary.BigEndian.AppendUint64(nil, uint64(f.ModTime.UnixNano())))
}

// Files calls each for every ledger entry in one of the given states, or all, in no order that means anything, until
// it returns false. It holds no transaction meanwhile. Entries that don't open are skipped; Verify counts them.
func (q *Queue) Files(each func(Entry) bool, states ...State) error {
	err := inPages(q, bucketFiles, func(k, v []byte) (Entry, bool) {
		if len(v) <= 1+tagSize || len(states) > 0 && !slices.Contains(states, State(v[0])) {
			return Entry{}, false
		}
		e, err := q.entry(k, v)
		return e, err == nil
	}, each)
	if err != nil {
		return fmt.Errorf("read ledger: %w", err)
	}
	return nil
}

func (q *Queue) entry(key, value []byte) (Entry, error) {
	plain, err := q.seal.open(bucketFiles, key, value[1+tagSize:])
	if err != nil {
		return Entry{}, err
	}
	var e Entry
	if err := json.Unmarshal(plain, &e); err != nil {
		return Entry{}, fmt.Errorf("read ledger entry: %w", err)
	}
	return e, nil
}
