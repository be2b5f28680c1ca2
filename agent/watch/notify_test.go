package watch_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"

	"tramsync/agent/watch"
)

// signalSink tells the test about each file that is taken in.
type signalSink chan string

func (s signalSink) Known(watch.File) bool { return false }

func (s signalSink) TakeIn(ctx context.Context, f watch.File) error {
	select {
	case s <- filepath.Base(f.Path):
		return os.Remove(f.Path) // so that it need not be known
	case <-ctx.Done():
		return ctx.Err()
	}
}

// runReal runs a watcher with real notifications and returns how to end it.
func runReal(t *testing.T, dir string, every time.Duration, sink watch.Sink) (*watch.Watcher, func()) {
	t.Helper()
	return runWith(t, watch.Options{Interval: every,
		Feeds: []watch.Feed{{Name: "f", Patterns: []string{dir + "/**/*.xml"}, Settle: 100 * time.Millisecond}}}, sink)
}

func runWith(t *testing.T, opt watch.Options, sink watch.Sink) (*watch.Watcher, func()) {
	t.Helper()
	w := watch.New(opt, sink)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	return w, func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
}

func TestWatcher_RealNotificationsFindFilesWithoutWaitingForAWalk(t *testing.T) {
	dir := t.TempDir()
	sink := make(signalSink)
	first := filepath.Join(dir, "first.xml")
	if err := os.WriteFile(first, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, end := runReal(t, dir, time.Hour, sink)
	if got := receive(t, sink); got != "first.xml" {
		t.Fatalf("got %s", got)
	}
	if err := os.Mkdir(filepath.Join(dir, "new"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "new", "second.xml"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := receive(t, sink); got != "second.xml" {
		t.Errorf("got %s", got)
	}
	end()
	wantNoGoroutine(t, "fsnotify")
}

func TestWatcher_FiftyThousandFilesAtOnceAreAllFound(t *testing.T) {
	files := 50_000
	if runtime.GOOS == "windows" {
		files = 1_000 // NTFS has no more than 1,023 links to a file
	}
	dir, first := t.TempDir(), filepath.Join(t.TempDir(), "first")
	if err := os.WriteFile(first, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	sink := make(signalSink)
	w, end := runReal(t, dir, time.Hour, sink) // found by hints alone
	defer end()
	go func() {
		for i := range files {
			sub := filepath.Join(dir, fmt.Sprintf("%02d", i%20))
			err := os.MkdirAll(sub, 0o700)
			if err == nil {
				err = os.Link(first, filepath.Join(sub, fmt.Sprintf("%05d.xml", i))) // quicker than to make one
			}
			if err != nil {
				t.Error(err)
				return
			}
		}
	}()
	seen := make(map[string]bool, files)
	for range files {
		name := receive(t, sink)
		if seen[name] {
			t.Errorf("%s came twice", name)
		}
		seen[name] = true
	}
	t.Logf("%+v", w.Progress())
}

func receive(t *testing.T, sink signalSink) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	select {
	case name := <-sink:
		return name
	case <-ctx.Done():
		t.Fatal("no file within 5 min")
		return ""
	}
}

// wantNoGoroutine waits until no goroutine is in a package any more: the last steps of one that has told that it is
// done can take a moment.
func wantNoGoroutine(t *testing.T, pkg string) {
	t.Helper()
	buf := make([]byte, 1<<20)
	for range 10_000 {
		stacks := string(buf[:runtime.Stack(buf, true)])
		if !strings.Contains(stacks, "/"+pkg+".") {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("goroutines are left:\n%s", buf[:runtime.Stack(buf, true)])
}

func TestNotifySource(t *testing.T) {
	s := watch.NewNotifySource()
	for round := range 2 { // it can be started again
		dir := t.TempDir()
		changes, err := s.Start()
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Add(dir); err != nil {
			t.Fatal(err)
		}
		if err := s.Add(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("round %d: a missing folder: %v", round, err)
		}
		if err := os.WriteFile(filepath.Join(dir, "a.xml"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, ok := <-changes; !ok {
			t.Errorf("round %d: closed", round)
		}
		if err := s.Stop(); err != nil {
			t.Errorf("round %d: stop: %v", round, err)
		}
		for range changes { // what was left, then closed
		}
	}
}

func TestNotifySource_Drain(t *testing.T) {
	changed := fsnotify.Event{Name: "a", Op: fsnotify.Create}
	type channels struct {
		events  chan fsnotify.Event
		errs    chan error
		changes chan struct{}
	}
	tests := []struct {
		name    string
		feed    func(c channels)
		changes int
		want    error
	}{
		{"an overflow ends it, later events are thrown away", func(c channels) {
			c.errs <- fsnotify.ErrEventOverflow
			c.events <- changed
			c.errs <- errors.New("second")
		}, 0, watch.ErrOverflow},
		{"many events are one change", func(c channels) {
			for range 100 {
				c.events <- changed
			}
		}, 1, nil},
		{"what adds no content is no change", func(c channels) {
			for _, op := range []fsnotify.Op{fsnotify.Chmod, fsnotify.Remove, fsnotify.Rename} {
				c.events <- fsnotify.Event{Name: "a", Op: op}
			}
		}, 0, nil},
		{"writing is a change", func(c channels) {
			c.events <- fsnotify.Event{Name: "a", Op: fsnotify.Write | fsnotify.Chmod}
		}, 1, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := channels{make(chan fsnotify.Event), make(chan error), make(chan struct{}, 1)}
			go func() {
				tt.feed(c)
				close(c.events)
				close(c.errs)
			}()
			if err := watch.Drain(c.events, c.errs, c.changes); !errors.Is(err, tt.want) {
				t.Errorf("reason: %v", err)
			}
			got := 0
			for range c.changes {
				got++
			}
			if got != tt.changes {
				t.Errorf("%d changes, want %d", got, tt.changes)
			}
		})
	}
}
