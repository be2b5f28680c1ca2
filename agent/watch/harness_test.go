package watch_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/watch"
)

const (
	settle   = 3 * time.Second
	interval = 30 * time.Second
	pauseGap = 2 * time.Second
)

// fence orders what a test does before what the watcher does later: the bubble's clock alone does not. What the
// watcher did is ordered before the test by synctest.Wait.
type fence struct{ crossed atomic.Int64 }

func (f *fence) cross() { f.crossed.Add(1) }

// fakeSink remembers what it took in and when. Its fields are used while the watcher waits.
type fakeSink struct {
	*fence
	dir      string // names are reported relative to it
	known    map[watch.File]bool
	taken    []string
	at       []time.Duration // since the start
	offers   map[string]int
	answers  map[string][]error // by name, one for each offer; then nil
	knownAsk int
	start    time.Time
	slow     time.Duration // how long Known takes
	onTakeIn func()
}

func (s *fakeSink) Known(f watch.File) bool {
	s.cross()
	s.knownAsk++
	if s.slow > 0 {
		<-time.After(s.slow)
	}
	f.ModTime = f.ModTime.UTC()
	return s.known[f]
}

func (s *fakeSink) TakeIn(_ context.Context, f watch.File) error {
	s.cross()
	name, err := filepath.Rel(s.dir, f.Path)
	name = filepath.ToSlash(name)
	if err != nil {
		return err
	}
	s.offers[name]++
	if s.onTakeIn != nil {
		s.onTakeIn()
	}
	if answers := s.answers[name]; len(answers) > 0 {
		s.answers[name] = answers[1:]
		if answers[0] != nil {
			return answers[0]
		}
	}
	s.taken = append(s.taken, f.Feed+" "+name)
	s.at = append(s.at, time.Since(s.start))
	f.ModTime = f.ModTime.UTC()
	s.known[f] = true
	return nil
}

// fakeHints is a source of hints that does as the test wants.
type fakeHints struct {
	*fence
	changes          chan struct{}
	added            map[string]int
	starts, stops    int
	startErr, addErr error
	reason           error
	onAdd            func(folder string)
}

func (h *fakeHints) Start() (<-chan struct{}, error) {
	h.cross()
	h.starts++
	h.added = make(map[string]int)
	if h.startErr != nil {
		return nil, h.startErr
	}
	h.changes = make(chan struct{}, 1)
	return h.changes, nil
}

func (h *fakeHints) Add(folder string) error {
	h.cross()
	h.added[folder]++
	if h.onAdd != nil {
		h.onAdd(folder)
	}
	return h.addErr
}

func (h *fakeHints) Stop() error {
	h.cross()
	h.stops++
	return h.reason
}

// hint announces a change.
func (h *fakeHints) hint() {
	select {
	case h.changes <- struct{}{}:
	default:
	}
}

// bench is a watcher over one folder with the feed "his" of all its *.xml, in a synctest bubble.
type bench struct {
	t     *testing.T
	dir   string
	sink  *fakeSink
	hints *fakeHints
	log   bytes.Buffer
	opt   watch.Options
	w     *watch.Watcher
}

// run makes a bench in a bubble and calls f with it; the watcher runs from b.watch until the end.
func run(t *testing.T, f func(t *testing.T, b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		b := &bench{t: t, dir: dir, hints: &fakeHints{fence: &fence{}}}
		b.sink = &fakeSink{fence: b.hints.fence, dir: dir, known: map[watch.File]bool{}, offers: map[string]int{},
			answers: map[string][]error{}}
		b.opt = watch.Options{
			Feeds:    []watch.Feed{{Name: "his", Patterns: []string{dir + "/**/*.xml"}, Settle: settle}},
			Interval: interval,
			Log:      slog.New(slog.NewTextHandler(&b.log, nil)),
			Hints:    b.hints,
		}
		f(t, b)
	})
}

// watch starts the watcher and waits until it has done its first walk.
func (b *bench) watch() {
	b.t.Helper()
	b.sink.start = time.Now()
	b.w = watch.New(b.opt, b.sink)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.w.Run(ctx) }()
	b.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			b.t.Errorf("Run: %v", err)
		}
	})
	synctest.Wait()
}

// pass lets time go by.
func (b *bench) pass(d time.Duration) {
	b.hints.cross()
	<-time.After(d)
	synctest.Wait()
}

// passTo lets time go by until d after the start.
func (b *bench) passTo(d time.Duration) { b.pass(d - time.Since(b.sink.start)) }

func (b *bench) path(name string) string { return filepath.Join(b.dir, filepath.FromSlash(name)) }

// write makes or replaces a file.
func (b *bench) write(name, content string) {
	b.t.Helper()
	if err := os.MkdirAll(filepath.Dir(b.path(name)), 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(b.path(name), []byte(content), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// symlink reports whether a link was made: Windows lets only some do that, and Wine makes none to folders.
func (b *bench) symlink(target, name string) bool {
	b.t.Helper()
	err := os.Symlink(target, b.path(name))
	if err == nil {
		_, err = os.Stat(b.path(name))
	}
	if err != nil && runtime.GOOS != "windows" {
		b.t.Fatal(err)
	}
	return err == nil
}

// date sets a file's modification time to a number of seconds.
func (b *bench) date(name string, seconds int64) {
	b.t.Helper()
	if err := os.Chtimes(b.path(name), time.Unix(seconds, 0), time.Unix(seconds, 0)); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) wantTaken(want ...string) {
	b.t.Helper()
	if diff := cmp.Diff(want, b.sink.taken); diff != "" {
		b.t.Errorf("at %v taken (-want +got):\n%s", time.Since(b.sink.start), diff)
	}
}

// wantProgress compares what people see, without the time.
func (b *bench) wantProgress(want watch.Progress) {
	b.t.Helper()
	got := b.w.Progress()
	if got.Walks > 0 && got.LastWalk.IsZero() {
		b.t.Error("LastWalk is not set")
	}
	got.LastWalk, got.NextWalk = time.Time{}, time.Time{}
	same := cmp.Comparer(func(x, y error) bool { return errors.Is(x, y) || errors.Is(y, x) })
	if diff := cmp.Diff(want, got, same); diff != "" {
		b.t.Errorf("at %v progress (-want +got):\n%s", time.Since(b.sink.start), diff)
	}
}
