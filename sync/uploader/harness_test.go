package uploader_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tramsync/queue"
	"tramsync/sync/client"
	"tramsync/sync/uploader"
	"tramsync/sync/wire"
)

// event is what the tests read of a record on the wire.
type event struct {
	wire.Stamp
	ID string `json:"id"`
}

// post is one attempt at a batch.
type post struct {
	at     time.Time
	body   []byte // as it travelled
	size   int    // decoded
	events []event
}

func (p post) ids() []string {
	var ids []string
	for _, e := range p.events {
		ids = append(ids, e.ID)
	}
	return ids
}

// warehouse is a Transport that takes in whatever it gets, once, unless a test makes it do something else.
type warehouse struct {
	mu     sync.Mutex // held during react and stamp too
	codec  *wire.Codec
	react  func(p post) (wire.Answer, error) // nil: accept
	stamp  func() (wire.StampAnswer, error)  // nil: nothing is known of the agent
	posts  []post
	asked  int
	stored map[string]wire.Stamp // by id: the first stamp it came with
	order  []string
}

func newWarehouse(t *testing.T) *warehouse {
	t.Helper()
	codec, err := wire.NewCodec(wire.MaxBatchBytes)
	if err != nil {
		t.Fatal(err)
	}
	return &warehouse{codec: codec, stored: map[string]wire.Stamp{}}
}

// Post reads the batch as the real warehouse does.
func (w *warehouse) Post(ctx context.Context, body []byte) (wire.Answer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if ctx.Err() != nil {
		return wire.Answer{}, &client.Error{Kind: client.Transient, Err: ctx.Err()}
	}
	plain, err := w.codec.Decompress(body)
	if err != nil {
		return wire.Answer{}, refused(400)
	}
	list, err := wire.SplitBatch(plain)
	if err != nil {
		return wire.Answer{}, refused(400)
	}
	p := post{at: time.Now(), body: bytes.Clone(body), size: len(plain)}
	for _, raw := range list {
		var e event
		if err := json.Unmarshal(raw, &e); err != nil {
			return wire.Answer{}, refused(400)
		}
		p.events = append(p.events, e)
	}
	w.posts = append(w.posts, p)
	if w.react != nil {
		return w.react(p)
	}
	return w.accept(p.events), nil
}

// Stamp answers what the test says.
func (w *warehouse) Stamp(context.Context) (wire.StampAnswer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	if w.stamp != nil {
		return w.stamp()
	}
	return wire.StampAnswer{Station: "99001"}, nil
}

// accept stores events and answers for each.
func (w *warehouse) accept(events []event) wire.Answer {
	var a wire.Answer
	for _, e := range events {
		status := wire.Duplicate
		if _, known := w.stored[e.ID]; !known {
			status, w.stored[e.ID] = wire.Stored, e.Stamp
			w.order = append(w.order, e.ID)
		}
		a.Results = append(a.Results, wire.Result{ID: e.ID, Status: status})
	}
	return a
}

// change alters the warehouse while it may be in use.
func (w *warehouse) change(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

// seen are the posts so far.
func (w *warehouse) seen() []post {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]post(nil), w.posts...)
}

func refused(status int) *client.Error {
	return &client.Error{Kind: client.Refused, Status: status, Warehouse: true, Code: "invalid", Message: "no good"}
}

// rig is an uploader at work.
type rig struct {
	t   *testing.T
	dir string
	q   *queue.Queue
	w   *warehouse
	u   *uploader.Uploader
	log *logBook

	cancel context.CancelFunc
	done   chan error
}

// bubble runs a test in virtual time with an uploader that isn't started yet.
func bubble(t *testing.T, f func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{t: t, dir: t.TempDir(), w: newWarehouse(t), log: &logBook{}}
		r.open()
		t.Cleanup(r.close)
		f(t, r)
	})
}

func (r *rig) open() {
	r.t.Helper()
	q, err := queue.Open(queue.Options{Dir: r.dir, Stream: "99001", Now: time.Now})
	if err != nil {
		r.t.Fatal(err)
	}
	r.q = q
}

// close stops everything and checks the queue.
func (r *rig) close() {
	r.stop()
	report, err := r.q.Verify(context.Background())
	if err == nil && !report.Clean() {
		r.t.Errorf("the queue has faults: %q", report.Faults)
	}
	if err := r.q.Close(); err != nil {
		r.t.Error(err)
	}
}

// start runs a new uploader.
func (r *rig) start() {
	r.t.Helper()
	u, err := uploader.New(uploader.Options{Queue: r.q, Transport: r.w, Log: slog.New(r.log)})
	if err != nil {
		r.t.Fatal(err)
	}
	var ctx context.Context
	ctx, r.cancel = context.WithCancel(context.Background())
	done := make(chan error, 1)
	r.u, r.done = u, done
	go func() { done <- u.Run(ctx) }()
}

// stop ends it; it must end at once and without an error.
func (r *rig) stop() {
	r.t.Helper()
	if r.done == nil {
		return
	}
	begin := time.Now()
	r.cancel()
	if err := <-r.done; err != nil {
		r.t.Errorf("Run ended with %v", err)
	}
	if took := time.Since(begin); took != 0 {
		r.t.Errorf("it took %v to stop", took)
	}
	r.done = nil
}

// pass lets time go by, then everything that is due happen.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// add appends a file of records with the given names; a record's id is that of its name.
func (r *rig) add(names ...string) {
	r.t.Helper()
	key := strings.Join(names, " ")
	f := queue.File{Feed: "his", Path: fmt.Sprint(key, time.Now().UnixNano()), ModTime: time.Now(), SHA256: sum(key)}
	_, err := r.q.Append(f, func(b *queue.Batch) error {
		for _, name := range names {
			if err := b.Add(queue.Item{ID: id(name), Key: name, Content: sum(name), Payload: payload(name)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

func sum(name string) [32]byte { return sha256.Sum256([]byte(name)) }
func id(name string) string    { return fmt.Sprintf("%x", sum(name)) }

func payload(name string) []byte { return fmt.Appendf(nil, `{"id":%q,"name":%q}`, id(name), name) }

// many are n names.
func many(prefix string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("%s%03d", prefix, i)
	}
	return list
}

func ids(names []string) []string {
	var list []string
	for _, name := range names {
		list = append(list, id(name))
	}
	return list
}

// waiting are the ids in the outbox, in order.
func (r *rig) waiting() []string {
	r.t.Helper()
	var list []string
	if err := r.q.Outbox(func(w queue.Waiting) bool { list = append(list, w.ID); return true }); err != nil {
		r.t.Fatal(err)
	}
	return list
}

// dead are the dead letters by id.
func (r *rig) dead() map[string]queue.Letter {
	r.t.Helper()
	got := map[string]queue.Letter{}
	if err := r.q.DeadLetters(func(l queue.Letter) bool { got[l.ID] = l; return true }); err != nil {
		r.t.Fatal(err)
	}
	return got
}

func (r *rig) counts() map[string]int {
	r.t.Helper()
	c, err := r.q.Counts("")
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

// entry is one line of the log.
type entry struct {
	at      time.Time
	level   slog.Level
	message string
	attrs   string
}

// logBook is a slog.Handler that keeps what is said.
type logBook struct {
	mu      sync.Mutex
	entries []entry
}

func (*logBook) Enabled(context.Context, slog.Level) bool { return true }
func (b *logBook) WithAttrs([]slog.Attr) slog.Handler     { return b }
func (b *logBook) WithGroup(string) slog.Handler          { return b }
func (b *logBook) Handle(_ context.Context, r slog.Record) error {
	e := entry{at: time.Now(), level: r.Level, message: r.Message}
	r.Attrs(func(a slog.Attr) bool { e.attrs += a.String() + " "; return true })
	b.mu.Lock()
	b.entries = append(b.entries, e)
	b.mu.Unlock()
	return nil
}

// at are the entries of one level.
func (b *logBook) at(level slog.Level) []entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []entry
	for _, e := range b.entries {
		if e.level == level {
			list = append(list, e)
		}
	}
	return list
}
