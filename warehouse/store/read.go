package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"time"

	"tramsync/sync/wire"
)

// Filter says which records to read. The zero Filter is all current revisions but retractions.
type Filter struct {
	Station string // "": all
	All     bool   // every revision and retraction, not only the current ones
}

// Record is one revision of a record.
type Record struct {
	Station   string
	ID        string
	Type      string
	Subject   string
	Revision  int
	Received  time.Time // this revision
	Current   bool
	Retracted bool   // it takes back the revisions before it
	Event     []byte // the event's JSON, with this revision's stamp
}

// Records reads records by station, type, subject and revision, one at a time. An error ends the sequence.
func (s *Store) Records(ctx context.Context, f Filter) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		if err := s.each(ctx, f, func(r Record) bool { return yield(r, nil) }); err != nil {
			yield(Record{}, fmt.Errorf("read records: %w", err))
		}
	}
}

func (s *Store) each(ctx context.Context, f Filter, yield func(Record) bool) error {
	codec, err := wire.NewCodec(wire.MaxBatchBytes)
	if err != nil {
		return err
	}
	rows, err := s.reader.QueryContext(ctx, `
		SELECT station, id, type, subject, revision, received, current, retracted, epoch, sequence, event FROM history
		WHERE (?1 = '' OR station = ?1) AND (?2 OR current AND NOT retracted)
		ORDER BY station, type, subject, revision`, f.Station, f.All)
	if err != nil {
		return err
	}
	defer rows.Close() // its error is also that of rows.Err
	for rows.Next() {
		r, err := scanRecord(rows, codec)
		if err != nil {
			return err
		}
		if !yield(r) {
			return nil
		}
	}
	return rows.Err()
}

func scanRecord(rows *sql.Rows, codec *wire.Codec) (Record, error) {
	var r Record
	var received string
	var event sql.RawBytes
	var stamp wire.Stamp
	err := rows.Scan(&r.Station, &r.ID, &r.Type, &r.Subject, &r.Revision, &received, &r.Current, &r.Retracted,
		&stamp.Epoch, (*uint64)(&stamp.Sequence), &event)
	if err != nil {
		return Record{}, err
	}
	if r.Received, err = readTime(received); err != nil {
		return Record{}, err
	}
	plain, err := codec.Decompress(event)
	if err != nil {
		return Record{}, err
	}
	r.Event, err = wire.StampJSON(plain, stamp)
	return r, err
}

// Event is a record's JSON without a stamp, and when its content first came; ErrNotFound when no station has such an
// id.
func (s *Store) Event(ctx context.Context, id string) (event []byte, received time.Time, err error) {
	var packed []byte
	var text string
	err = s.reader.QueryRowContext(ctx, `SELECT r.event, r.first_received FROM stations s
		JOIN records r ON r.station = s.station AND r.id = ?`, id).Scan(&packed, &text)
	if err != nil {
		return nil, received, fmt.Errorf("read event: %w", orNotFound(err))
	}
	codec, err := wire.NewCodec(wire.MaxBatchBytes)
	if err == nil {
		event, err = codec.Decompress(packed)
	}
	if err == nil {
		received, err = readTime(text)
	}
	if err != nil {
		return nil, received, fmt.Errorf("read event: %w", err)
	}
	return event, received, nil
}
