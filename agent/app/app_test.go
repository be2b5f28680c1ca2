package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tramsync/agent/app"
	"tramsync/agent/status"
	"tramsync/config"
	"tramsync/sync/client"
	"tramsync/sync/screen"
	"tramsync/sync/wire"
	"tramsync/testdata/gen"
	"tramsync/warehouse/ca"
	"tramsync/warehouse/server"
	"tramsync/warehouse/store"
)

// pc is a station's PC with an agent in this process.
type pc struct {
	his  string
	opt  app.Options
	logs *safeBuffer
}

// safeBuffer is a log that several goroutines write.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func newPC(t testing.TB, url string) *pc {
	t.Helper()
	dir := t.TempDir()
	p := &pc{his: filepath.Join(dir, "his"), logs: &safeBuffer{}}
	if err := os.Mkdir(p.his, 0o755); err != nil {
		t.Fatal(err)
	}
	conf := &config.Config{
		Schema: 1, Station: config.Station{Codes: []string{"99001"}}, DataDir: filepath.Join(dir, "data"),
		Warehouse: config.Warehouse{URL: url, Profile: "tramsync"}, Limits: config.Limits{Queue: 1 << 30},
		Feeds: []config.Feed{{Name: "his", System: "HIS", Kind: "visit", Format: "giamdinhhs", Encoding: "auto",
			Settle: 50 * time.Millisecond, Paths: []string{p.his + "/*.xml"}}},
	}
	p.opt = app.Options{Config: conf, Version: "test", Now: time.Now, Log: slog.New(slog.NewTextHandler(p.logs, nil))}
	return p
}

func (p *pc) drop(t *testing.T, name string, visits ...gen.Visit) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(p.his, name), gen.File(gen.Envelope{}, visits...), 0o644); err != nil {
		t.Fatal(err)
	}
}

// run starts the agent and gives a function that stops it and returns Run's error.
func (p *pc) run(t testing.TB) (*app.App, func() error) {
	t.Helper()
	a, err := app.Open(p.opt)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	stop := sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { _ = stop() })
	return a, stop
}

func await(t testing.TB, a *app.App, what string, ok func(status.Snapshot) bool) status.Snapshot {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 6000 {
		s, err := a.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		if ok(s) {
			return s
		}
		<-tick.C
	}
	t.Fatalf("%s: not within two minutes", what)
	return status.Snapshot{}
}

// warehouse is a real one in this process.
type warehouse struct {
	url   string
	store *store.Store
	ca    *ca.Authority
}

func newWarehouse(t *testing.T) *warehouse {
	t.Helper()
	dir := t.TempDir()
	st, err := store.Open(t.Context(), store.Config{Path: filepath.Join(dir, "w.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	authority, err := ca.Open(dir, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	rules, err := screen.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	srv, err := server.New(server.Config{Agents: st, Records: st, Screener: rules, CA: authority,
		Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- srv.Run(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return &warehouse{url: "https://" + l.Addr().String(), store: st, ca: authority}
}

func (w *warehouse) enrol(t *testing.T, p *pc) {
	t.Helper()
	token := wire.NewToken("99001", w.ca.Certificate())
	if err := w.store.AddToken(t.Context(), token, time.Hour); err != nil {
		t.Fatal(err)
	}
	_, err := client.Enrol(t.Context(), client.EnrolOptions{URL: w.url, Token: token, Station: "99001", Agent: "test",
		Dir: app.IdentityDir(p.opt.Config.DataDir), Log: p.opt.Log, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *warehouse) count(t *testing.T) int {
	t.Helper()
	n := 0
	for _, err := range w.store.Records(t.Context(), store.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

func TestApp_collects_before_it_is_enrolled_and_delivers_afterwards(t *testing.T) {
	w := newWarehouse(t)
	p := newPC(t, w.url)
	p.drop(t, "a.xml", gen.New(1).Visit(1), gen.New(1).Visit(2))
	a, _ := p.run(t)
	s := await(t, a, "collected", func(s status.Snapshot) bool { return s.Queue.Pending == 2 })
	if s.Warehouse.Enrolled || s.Warehouse.LastError != "" {
		t.Errorf("before enrolment: %+v", s.Warehouse)
	}
	w.enrol(t, p)
	await(t, a, "delivered", func(s status.Snapshot) bool { return s.Queue.Pending == 0 && s.Warehouse.Online })
	if n := w.count(t); n != 2 {
		t.Errorf("%d records stored, want 2", n)
	}
}

// TestApp_lets_files_wait_while_the_queue_is_full: G1, nothing is dropped and nothing is refused.
func TestApp_lets_files_wait_while_the_queue_is_full(t *testing.T) {
	w := newWarehouse(t)
	p := newPC(t, w.url)
	p.opt.Config.Limits.Queue = 15_000 // some visits
	const files = 20
	for n := range files {
		p.drop(t, fmt.Sprintf("%02d.xml", n), gen.New(1).Visit(n))
	}
	a, stop := p.run(t)
	s := await(t, a, "paused", func(s status.Snapshot) bool { return s.Intake.Paused && s.Intake.Waiting > 0 })
	if s.Queue.Bytes > 15_000 || s.Queue.Pending == 0 || s.Queue.Pending == files || len(s.Rejected) > 0 {
		t.Errorf("full: %+v, rejected %v", s.Queue, s.Rejected)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	w.enrol(t, p)
	a, _ = p.run(t)
	await(t, a, "delivered", func(s status.Snapshot) bool { return s.Total.Files == files && s.Queue.Pending == 0 })
	if n := w.count(t); n != files {
		t.Errorf("%d records stored, want %d", n, files)
	}
}

func TestApp_once_returns_when_everything_is_delivered(t *testing.T) {
	w := newWarehouse(t)
	p := newPC(t, w.url)
	w.enrol(t, p)
	p.opt.Once = true
	p.drop(t, "a.xml", gen.New(1).Visit(1))
	for range 2 { // the second time there is nothing to do
		a, err := app.Open(p.opt)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := w.count(t); n != 1 {
		t.Errorf("%d records stored, want 1", n)
	}
}

func TestApp_once_needs_an_enrolment(t *testing.T) {
	p := newPC(t, "https://127.0.0.1:1")
	p.opt.Once = true
	a, err := app.Open(p.opt)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Run(t.Context()); !errors.Is(err, client.ErrNotEnrolled) {
		t.Errorf("error %v, want ErrNotEnrolled", err)
	}
}

func TestApp_stops_at_any_moment_within_seconds(t *testing.T) {
	p := newPC(t, "https://127.0.0.1:1")
	p.drop(t, "a.xml", gen.New(1).Visit(1))
	for i := range 5 {
		a, stop := p.run(t)
		if i > 2 {
			await(t, a, "collected", func(s status.Snapshot) bool { return s.Queue.Pending == 1 })
		}
		done := make(chan error, 1)
		go func() { done <- stop() }()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-t.Context().Done():
			t.Fatal("Run doesn't end")
		}
	}
}

func TestApp_tells_how_files_are_found(t *testing.T) {
	p := newPC(t, "https://127.0.0.1:1")
	a, _ := p.run(t)
	in := await(t, a, "walked", func(s status.Snapshot) bool { return !s.Intake.LastWalk.IsZero() }).Intake
	if in.WalkSeconds <= 0 || in.NextWalk.Sub(in.LastWalk) < 29*time.Second || in.Hints != (status.Hints{}) {
		t.Errorf("got %+v", in)
	}
}
