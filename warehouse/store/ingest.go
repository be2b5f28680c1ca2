package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tramsync/sync/wire"
)

// maxSubject bounds a key in bytes: longer ones fit no PostgreSQL index.
const maxSubject = 1024

// Ingest keeps a batch of one agent in one transaction and answers each event in order. Events must have passed
// Event.Validate, be of the agent's station and bear a stamp of at least 1, 1 and at most math.MaxInt64 as
// sequence. An event that can't be kept is answered as rejected and spoils no other; an error means that nothing of
// the batch was kept.
func (s *Store) Ingest(ctx context.Context, a Agent, events []*wire.Event) ([]wire.Result, error) {
	results, err := s.ingest(ctx, a, events)
	if err != nil {
		return nil, fmt.Errorf("ingest %d events: %w", len(events), err)
	}
	return results, nil
}

func (s *Store) ingest(ctx context.Context, a Agent, events []*wire.Event) ([]wire.Result, error) {
	list := make([]arrival, len(events))
	for i := range events {
		list[i] = newArrival(events[i])
	}
	var codec *wire.Codec
	select {
	case codec = <-s.codec:
		defer func() { s.codec <- codec }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	results := make([]wire.Result, len(events))
	err := s.write(ctx, func(t *tx) (err error) {
		in := ingest{tx: t, codec: codec, agent: a, received: formTime(s.now())}
		for i := range list {
			if results[i], err = in.take(ctx, &list[i]); err != nil {
				return err
			}
		}
		return in.raise(ctx, list)
	})
	return results, err
}

// arrival is an event made ready before the transaction begins.
type arrival struct {
	*wire.Event
	stamp wire.Stamp
	json  []byte // without the stamp, which belongs to the revision
	rows  []row
	fault error // why it can't be kept
}

// newArrival writes the event anew: members that the sender added and nobody has validated, screened or hashed are
// not kept.
func newArrival(e *wire.Event) arrival {
	a := arrival{Event: e, stamp: wire.Stamp{Epoch: e.Epoch, Sequence: e.Sequence}}
	plain := *e
	plain.Epoch, plain.Sequence = 0, 0
	a.json, a.fault = plain.Marshal()
	switch {
	case a.fault != nil:
	case len(e.Subject) > maxSubject:
		a.fault = fmt.Errorf("the subject is longer than %d bytes", maxSubject)
	case strings.ContainsRune(e.Subject+e.Data.Facility, 0):
		a.fault = errors.New("the subject or facility contains a zero byte")
	default:
		a.rows, a.fault = rowsOf(e)
	}
	return a
}

// ingest is one batch inside its transaction.
type ingest struct {
	*tx
	codec    *wire.Codec
	agent    Agent
	received string
}

// place is what the store holds when an event comes in.
type place struct {
	known     bool   // the content
	current   string // id of the current revision; "": none
	revisions int
	last      wire.Stamp // newest of this agent for the key
}

func (in *ingest) take(ctx context.Context, a *arrival) (wire.Result, error) {
	e := a.Event
	if a.fault != nil {
		return wire.Result{ID: e.ID, Status: wire.Rejected, Code: wire.CodeUnstorable, Message: a.fault.Error()}, nil
	}
	p, err := in.look(ctx, a)
	if err != nil {
		return wire.Result{}, err
	}
	newer := a.stamp.After(p.last)
	leads := newer && p.current != e.ID
	result := wire.Result{ID: e.ID, Status: wire.Stored}
	if !p.known {
		err = in.insertRecord(ctx, a)
	}
	switch {
	case err != nil:
	case !p.known || leads:
		err = in.insertRevision(ctx, a, p.revisions+1)
	default:
		result.Status = wire.Duplicate
	}
	if err == nil && leads {
		err = in.lead(ctx, a, p.revisions+1)
	}
	if err == nil && newer {
		err = in.exec(ctx, `INSERT INTO last_sent (station, type, subject, agent, epoch, sequence)
			VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET epoch = excluded.epoch, sequence = excluded.sequence`,
			in.agent.Station, e.Type, e.Subject, in.agent.ID, a.stamp.Epoch, int64(a.stamp.Sequence))
	}
	return result, err
}

func (in *ingest) look(ctx context.Context, a *arrival) (place, error) {
	e, station := a.Event, in.agent.Station
	var p place
	var one int
	var err error
	if p.known, err = in.scan(ctx, `SELECT 1 FROM records WHERE station = ? AND id = ?`,
		[]any{station, e.ID}, &one); err != nil {
		return p, err
	}
	if _, err = in.scan(ctx, `SELECT id FROM current WHERE station = ? AND type = ? AND subject = ?`,
		[]any{station, e.Type, e.Subject}, &p.current); err != nil {
		return p, err
	}
	if _, err = in.scan(ctx, `SELECT coalesce(max(revision), 0) FROM revisions
		WHERE station = ? AND type = ? AND subject = ?`,
		[]any{station, e.Type, e.Subject}, &p.revisions); err != nil {
		return p, err
	}
	_, err = in.scan(ctx, `SELECT epoch, sequence FROM last_sent
		WHERE station = ? AND type = ? AND subject = ? AND agent = ?`,
		[]any{station, e.Type, e.Subject, in.agent.ID}, &p.last.Epoch, &p.last.Sequence)
	return p, err
}

func (in *ingest) insertRecord(ctx context.Context, a *arrival) error {
	e := a.Event
	return in.exec(ctx, `INSERT INTO records (station, id, type, subject, facility, first_received, event, retracted)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		in.agent.Station, e.ID, e.Type, e.Subject, e.Data.Facility, in.received, in.codec.Compress(a.json),
		e.Data.Retracted)
}

func (in *ingest) insertRevision(ctx context.Context, a *arrival, number int) error {
	e := a.Event
	return in.exec(ctx, `INSERT INTO revisions (station, type, subject, revision, id, agent, epoch, sequence, received)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		in.agent.Station, e.Type, e.Subject, number, e.ID, in.agent.ID,
		a.stamp.Epoch, int64(a.stamp.Sequence), in.received)
}

// lead makes a revision the current one and its tables the key's rows.
func (in *ingest) lead(ctx context.Context, a *arrival, number int) error {
	e, station := a.Event, in.agent.Station
	if err := in.exec(ctx, `INSERT INTO current (station, type, subject, id, revision, agent, epoch, sequence)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET id = excluded.id, revision = excluded.revision, agent = excluded.agent,
			epoch = excluded.epoch, sequence = excluded.sequence`,
		station, e.Type, e.Subject, e.ID, number, in.agent.ID, a.stamp.Epoch, int64(a.stamp.Sequence)); err != nil {
		return err
	}
	if err := in.exec(ctx, `DELETE FROM rows WHERE station = ? AND type = ? AND subject = ?`,
		station, e.Type, e.Subject); err != nil {
		return err
	}
	for _, r := range a.rows {
		if err := in.exec(ctx, `INSERT INTO rows
			(station, facility, type, subject, visit, table_name, row_number, fields)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			station, e.Data.Facility, e.Type, e.Subject, r.visit, r.table, r.number, r.fields); err != nil {
			return err
		}
	}
	return nil
}

// raise remembers the batch's newest stamp, and whose it is, as the agent's when it is newer than that.
func (in *ingest) raise(ctx context.Context, list []arrival) error {
	var newest wire.Stamp
	var id string
	for i := range list {
		if list[i].stamp.After(newest) {
			newest, id = list[i].stamp, list[i].Event.ID
		}
	}
	return in.exec(ctx, `UPDATE agents SET epoch = ?1, sequence = ?2, newest_id = ?3
		WHERE station = ?4 AND id = ?5 AND (epoch, sequence) < (?1, ?2)`,
		newest.Epoch, int64(newest.Sequence), id, in.agent.Station, in.agent.ID)
}
