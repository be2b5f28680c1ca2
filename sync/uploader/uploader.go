package uploader

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"sync"
	"time"

	"tramsync/queue"
	"tramsync/sync/client"
	"tramsync/sync/wire"
)

// Transport delivers to the warehouse; *client.Client does. Errors are *client.Error or the context's.
type Transport interface {
	Post(ctx context.Context, body []byte) (wire.Answer, error)
	Stamp(ctx context.Context) (wire.StampAnswer, error)
}

// Options of an Uploader; all are required.
type Options struct {
	Queue     *queue.Queue
	Transport Transport
	Log       *slog.Logger
}

// State is what the uploader is doing, for status.
type State struct {
	Online      bool      // the last exchange worked
	LastSuccess time.Time // of an exchange with the warehouse; zero: none since the start
	LastError   string    // of the last failed one; "" after a success
	ErrorKind   string
	Failures    int // in a row
	NextTry     time.Time
	Sent        int // records settled since the start
}

// Uploader drains one queue.
type Uploader struct {
	queue *queue.Queue
	to    Transport
	log   *slog.Logger
	codec *wire.Codec
	epoch int32

	mu     sync.Mutex // guards the fields below
	state  State
	warned time.Time // when the present trouble was last logged
}

// New makes an Uploader.
func New(o Options) (*Uploader, error) {
	codec, err := wire.NewCodec(wire.MaxBatchBytes)
	if err != nil {
		return nil, err
	}
	return &Uploader{queue: o.Queue, to: o.Transport, log: o.Log, codec: codec}, nil
}

// State is a snapshot.
func (u *Uploader) State() State {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.state
}

// Run delivers until ctx ends; nil then. Only a queue that can't be read or written is an error.
func (u *Uploader) Run(ctx context.Context) error {
	err := u.run(ctx)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (u *Uploader) run(ctx context.Context) error {
	for {
		list, err := u.queue.Lease(wire.MaxBatchRecords, wire.MaxBatchBytes-wire.MaxBatchRecords*stampBytes)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			select {
			case <-ctx.Done():
				return nil
			case <-u.queue.Changed():
			}
			continue
		}
		err = u.begin(ctx)
		if err == nil {
			err = u.deliver(ctx, list)
		}
		u.queue.Release(list)
		if err != nil {
			return err
		}
	}
}

// stampBytes is what stamping adds to a record at most, with its comma.
const stampBytes = 64

// begin agrees on the epoch, once.
func (u *Uploader) begin(ctx context.Context) error {
	if u.epoch > 0 {
		return nil
	}
	var theirs wire.StampAnswer
	err := u.insist(ctx, nil, func() (err error) {
		theirs, err = u.to.Stamp(ctx)
		if err == nil && (theirs.Epoch < 0 || theirs.Epoch == math.MaxInt32) {
			err = &client.Error{Kind: client.Foreign, Status: http.StatusOK,
				Message: "no agent can have the epoch that the answer names"}
		}
		return err
	})
	if err != nil {
		return err
	}
	u.succeeded()
	ours, err := u.queue.Epoch()
	if err != nil {
		return err
	}
	epoch, err := u.agree(ours, theirs)
	if err != nil {
		return err
	}
	if epoch != ours {
		if err := u.queue.SetEpoch(epoch); err != nil {
			return err
		}
		u.log.Info("epoch agreed with the warehouse", "epoch", epoch, "before", ours)
	}
	u.epoch = epoch
	return nil
}

// agree finds the epoch in which this queue's numbers are newer than all the warehouse has of this agent: its own when
// it remembers having sent those, else the one after.
func (u *Uploader) agree(ours int32, theirs wire.StampAnswer) (int32, error) {
	switch {
	case theirs.Epoch == 0:
		return max(ours, 1), nil
	case ours > theirs.Epoch:
		return ours, nil
	case ours < theirs.Epoch:
		return theirs.Epoch + 1, nil
	}
	known, err := u.queue.Remembers(uint64(theirs.Sequence), theirs.ID)
	if err != nil || known {
		return ours, err
	}
	return theirs.Epoch + 1, nil
}

// splits reports whether an error is one that sending less mends, where waiting can't. Of refusals only those that are
// about the body: a path or method that the warehouse doesn't know says nothing against any record.
func splits(err error) bool {
	var ce *client.Error
	if !errors.As(err, &ce) {
		return false
	}
	return ce.Kind == client.TooLarge || ce.Kind == client.Refused &&
		(ce.Status == http.StatusBadRequest || ce.Status == http.StatusUnprocessableEntity)
}

// insist repeats a call until it succeeds, ctx ends, or the error is a final one (nil: none is).
func (u *Uploader) insist(ctx context.Context, final func(error) bool, call func() error) error {
	for {
		err := call()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case final != nil && final(err):
			return err
		}
		if err := u.pause(ctx, err); err != nil {
			return err
		}
	}
}

// pause notes a failure and waits as long as it asks for.
func (u *Uploader) pause(ctx context.Context, why error) error {
	n := u.State().Failures + 1
	d := wait(why, n)
	u.failed(why, n, d)
	return sleep(ctx, d)
}

// deliver sends records until each has its answer, splitting them where that helps.
func (u *Uploader) deliver(ctx context.Context, list []queue.Leased) error {
	list, body, err := u.encode(list)
	if err != nil || len(list) == 0 {
		return err
	}
	var answer wire.Answer
	err = u.insist(ctx, splits, func() (err error) {
		answer, err = u.to.Post(ctx, body)
		return err
	})
	var ce *client.Error
	if splits(err) && errors.As(err, &ce) {
		return u.split(ctx, list, ce)
	}
	if err != nil {
		return err
	}
	named, err := u.settle(list, answer)
	if err != nil {
		return fmt.Errorf("keep the warehouse's answer: %w", err)
	}
	if named == 0 {
		return u.pause(ctx, &client.Error{Kind: client.Foreign, Status: http.StatusOK,
			Message: "the answer names none of the records sent"})
	}
	u.succeeded()
	return nil
}

// split halves a batch that can't be delivered as one; a record that is alone becomes a dead letter, if the warehouse
// itself refused it.
func (u *Uploader) split(ctx context.Context, list []queue.Leased, why *client.Error) error {
	if len(list) > 1 {
		u.log.Debug("batch is split", "records", len(list), "err", why.Error())
		half := len(list) / 2
		if err := u.deliver(ctx, list[:half]); err != nil {
			return err
		}
		return u.deliver(ctx, list[half:])
	}
	if !why.Warehouse {
		return u.pause(ctx, why)
	}
	u.succeeded()
	code := why.Code
	if code == "" {
		code = wire.CodeInvalid
	}
	return u.bury(list[0], code, why.Message)
}

// bury makes a record a dead letter.
func (u *Uploader) bury(l queue.Leased, code, reason string) error {
	u.log.Warn("record refused, kept as a dead letter", "sequence", l.Sequence, "code", code)
	return u.queue.Settle([]queue.Outcome{{Sequence: l.Sequence, Fate: queue.Dead, Code: code, Reason: reason}})
}

// encode stamps and compresses a batch; the body is what every attempt sends. It also gives the records that are in it:
// one that can't be stamped must not hold up the others for ever.
func (u *Uploader) encode(list []queue.Leased) ([]queue.Leased, []byte, error) {
	size := 2
	for _, l := range list {
		size += len(l.Payload) + stampBytes
	}
	body := append(make([]byte, 0, size), '[')
	var fit []queue.Leased
	for _, l := range list {
		before := body
		if len(fit) > 0 {
			body = append(body, ',')
		}
		var err error
		body, err = wire.AppendStamped(body, l.Payload, wire.Stamp{Epoch: u.epoch, Sequence: wire.Sequence(l.Sequence)})
		if err != nil {
			body = before
			if err := u.bury(l, wire.CodeInvalid, "the record is not a JSON object"); err != nil {
				return nil, nil, err
			}
			continue
		}
		fit = append(fit, l)
	}
	return fit, u.codec.Compress(append(body, ']')), nil
}

// settle carries out an answer and says how many of the records it named.
func (u *Uploader) settle(list []queue.Leased, answer wire.Answer) (int, error) {
	byID := make(map[string][]uint64, len(list))
	for _, l := range list {
		byID[l.ID] = append(byID[l.ID], l.Sequence)
	}
	var outcomes []queue.Outcome
	for _, r := range answer.Results {
		seqs := byID[r.ID]
		if len(seqs) == 0 {
			continue // not one of ours, or named before
		}
		o, ok := outcome(r)
		if !ok {
			continue
		}
		o.Sequence, byID[r.ID] = seqs[0], seqs[1:] // an id twice in a batch is answered twice, in order
		outcomes = append(outcomes, o)
	}
	if err := u.queue.Settle(outcomes); err != nil {
		return 0, err
	}
	u.mu.Lock()
	u.state.Sent += len(outcomes)
	u.mu.Unlock()
	return len(outcomes), nil
}

// outcome of one result; false for a status that this version doesn't know: the record is kept.
func outcome(r wire.Result) (queue.Outcome, bool) {
	switch {
	case r.Status == wire.Stored:
		return queue.Outcome{Fate: queue.Stored}, true
	case r.Status == wire.Duplicate:
		return queue.Outcome{Fate: queue.Duplicate}, true
	case r.Status == wire.Rejected && r.Code == wire.CodeExcluded:
		return queue.Outcome{Fate: queue.Erase}, true
	case r.Status == wire.Rejected:
		return queue.Outcome{Fate: queue.Dead, Code: r.Code, Reason: r.Message}, true
	default:
		return queue.Outcome{}, false
	}
}

const warnEvery = 5 * time.Minute

// failed notes a failure; the log gets the first of a row and then one in five minutes.
func (u *Uploader) failed(err error, n int, next time.Duration) {
	var ce *client.Error
	kind := ""
	if errors.As(err, &ce) {
		kind = ce.Kind.String()
	}
	now := time.Now()
	u.mu.Lock()
	u.state.Online, u.state.LastError, u.state.ErrorKind, u.state.Failures = false, err.Error(), kind, n
	u.state.NextTry = now.Add(next)
	warn := u.warned.IsZero() || now.Sub(u.warned) >= warnEvery
	if warn {
		u.warned = now
	}
	u.mu.Unlock()
	if warn {
		u.log.Warn("delivery to the warehouse fails; records wait in the queue", "kind", kind, "attempt", n,
			"next_try", next.Round(time.Millisecond), "err", err)
	}
}

func (u *Uploader) succeeded() {
	u.mu.Lock()
	was := u.state
	u.state.Online, u.state.LastSuccess = true, time.Now()
	u.state.LastError, u.state.ErrorKind, u.state.Failures, u.state.NextTry = "", "", 0, time.Time{}
	u.warned = time.Time{}
	u.mu.Unlock()
	if was.Failures > 0 {
		u.log.Info("delivery to the warehouse works again", "failed", was.Failures)
	}
}
