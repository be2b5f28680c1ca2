package watch_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"tramsync/agent/watch"
)

// The kernel keeps max_queued_events for a reader that is slower than the world, and then tells only that it lost some.
func TestWatcher_TheSystemsOverflowBringsAWalk(t *testing.T) {
	raw, err := os.ReadFile("/proc/sys/fs/inotify/max_queued_events")
	if err != nil {
		t.Skip(err)
	}
	limit, err := strconv.Atoi(string(bytes.TrimSpace(raw)))
	if err != nil || limit > 1<<20 {
		t.Skipf("this system keeps %s events", raw)
	}
	t.Run("at once", func(t *testing.T) {
		p := overflow(t, limit, false, time.Hour)
		if p.Overflows != 1 || p.HintFailures != 1 || p.Walks < 2 || p.FoundByWalkOnly != 0 {
			t.Errorf("got %+v", p)
		}
	})
	t.Run("the control: unless it is told, only the next walk finds the file", func(t *testing.T) {
		p := overflow(t, limit, true, time.Second)
		if p.Overflows != 0 || p.FoundByWalkOnly != 1 {
			t.Errorf("got %+v", p)
		}
	})
}

// overflow runs a watcher that misses a file's event because the system's buffer is full, until it has the file.
func overflow(t *testing.T, limit int, mute bool, every time.Duration) watch.Progress {
	t.Helper()
	dir := t.TempDir()
	write := func(name string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("first.xml")
	a, b := write("a.txt"), write("b.txt")
	sink := make(signalSink)
	source := &watch.StalledSource{Go: make(chan struct{}), Mute: mute}
	w, end := runWith(t, watch.Options{Interval: every, Hints: source,
		Feeds: []watch.Feed{{Name: "f", Patterns: []string{dir + "/*.xml"}, Settle: 10 * time.Millisecond}}}, sink)
	defer end()
	receive(t, sink)               // found by the first walk: the folder is watched from here on
	for i := range limit + 1<<14 { // fsnotify itself takes some thousand
		if err := os.Chmod([]string{a, b}[i%2], 0o600); err != nil { // is no hint
			t.Fatal(err)
		}
	}
	write("lost.xml")
	close(source.Go)
	if got := receive(t, sink); got != "lost.xml" {
		t.Errorf("got %s", got)
	}
	return w.Progress()
}
