package watch_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/watch"
)

func TestWatcher_HandsOverWhatHasSettled(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "x")
		b.watch()
		b.wantProgress(watch.Progress{Walks: 1, Waiting: 1})
		b.passTo(settle - time.Millisecond)
		b.wantTaken()
		if b.w.Progress().Idle() {
			t.Error("idle while a file settles")
		}
		b.passTo(settle)
		b.wantTaken("his a.xml")
		b.wantProgress(watch.Progress{Walks: 1})
		if !b.w.Progress().Idle() {
			t.Error("not idle when all is done")
		}
	})
}

func TestWatcher_IsNotIdleBeforeTheFirstWalk(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		if watch.New(b.opt, b.sink).Progress().Idle() {
			t.Error("idle")
		}
	})
}

func TestWatcher_AFileThatGrowsSettlesAnew(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "1")
		b.watch()
		for i := range 5 {
			b.pass(2 * time.Second)
			b.write("a.xml", fmt.Sprintf("%0*d", i+2, 1))
		}
		// Looks at 3, 6 and 9 s found it changed; the one at 12 s finds the content of 10 s.
		b.passTo(15*time.Second - time.Millisecond)
		b.wantTaken()
		b.passTo(15 * time.Second)
		b.wantTaken("his a.xml")
	})
}

func TestWatcher_AFileReplacedBySameSizeSettlesAnew(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "old")
		b.date("a.xml", 1000)
		b.watch()
		b.passTo(2 * time.Second)
		b.write("b.xml", "new")
		b.date("b.xml", 999) // copied with its own time, before the other's
		if err := os.Rename(b.path("b.xml"), b.path("a.xml")); err != nil {
			t.Fatal(err)
		}
		b.passTo(2*settle - time.Millisecond)
		b.wantTaken()
		b.passTo(2 * settle)
		b.wantTaken("his a.xml")
	})
}

func TestWatcher_AChangedFileIsTakenInAgain(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "x")
		b.watch()
		b.pass(settle)
		b.write("a.xml", "corrected")
		b.passTo(interval + 2*settle)
		b.wantTaken("his a.xml", "his a.xml")
	})
}

func TestWatcher_AFileThatGoesWhileWaitingIsForgotten(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "x")
		b.write("b.xml", "x")
		b.watch()
		b.pass(time.Second)
		if err := os.Remove(b.path("a.xml")); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(b.path("b.xml"), b.path("c.xml")); err != nil {
			t.Fatal(err)
		}
		b.passTo(settle)
		b.wantProgress(watch.Progress{Walks: 1})
		b.passTo(interval + 2*settle)
		b.wantTaken("his c.xml")
	})
}

func TestWatcher_EmptyFilesWaitApart(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "")
		b.watch()
		b.wantProgress(watch.Progress{Walks: 1, Empty: 1})
		if !b.w.Progress().Idle() {
			t.Error("an empty file keeps it from being idle")
		}
		b.passTo(10*interval + time.Second)
		b.wantTaken()
		b.write("a.xml", "x")
		b.pass(interval + settle)
		b.wantTaken("his a.xml")
	})
}

func TestWatcher_AFileEmptiedWhileWaitingDoesNotSettle(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "x")
		b.watch()
		b.pass(time.Second)
		b.write("a.xml", "")
		b.passTo(interval + settle)
		b.wantTaken()
		b.wantProgress(watch.Progress{Walks: 2, Empty: 1})
	})
}

func TestWatcher_OlderFilesComeFirst(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		for name, date := range map[string]int64{"z.xml": 100, "b/y.xml": 200, "b.xml": 200,
			"b/x.xml": 200, "b/w.xml": 200, "a.xml": 300} {
			b.write(name, "x")
			b.date(name, date)
		}
		b.watch()
		b.pass(settle)
		b.wantTaken("his z.xml", "his b.xml", "his b/w.xml", "his b/x.xml", "his b/y.xml", "his a.xml")
	})
}

func TestWatcher_PauseStopsTheWalk(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		for i, name := range []string{"a.xml", "b.xml", "c.xml"} {
			b.write(name, "x")
			b.date(name, int64(i+1))
		}
		b.sink.answers["b.xml"] = []error{fmt.Errorf("queue is full: %w", watch.ErrPause)}
		b.watch()
		b.passTo(settle + pauseGap - time.Millisecond)
		b.wantTaken("his a.xml")
		b.wantProgress(watch.Progress{Walks: 1, Waiting: 2, Paused: true})
		if diff := cmp.Diff(map[string]int{"a.xml": 1, "b.xml": 1}, b.sink.offers); diff != "" {
			t.Errorf("offers while paused: %s", diff)
		}
		b.passTo(settle + pauseGap)
		b.wantTaken("his a.xml", "his b.xml", "his c.xml")
		b.wantProgress(watch.Progress{Walks: 1})
	})
}

func TestWatcher_PauseEndsWhenTheFileIsGone(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "x")
		b.sink.answers["a.xml"] = []error{watch.ErrPause}
		b.watch()
		b.pass(settle)
		b.wantProgress(watch.Progress{Walks: 1, Waiting: 1, Paused: true})
		if err := os.Remove(b.path("a.xml")); err != nil {
			t.Fatal(err)
		}
		b.pass(pauseGap)
		b.wantProgress(watch.Progress{Walks: 1})
	})
}

func TestWatcher_AFileThatWasNotTakenInIsOfferedAgain(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "x")
		b.write("b.xml", "x")
		failure := errors.New("disk trouble")
		b.sink.answers["a.xml"] = []error{failure, failure}
		b.watch()
		b.passTo(settle)
		b.wantTaken("his b.xml")
		b.wantProgress(watch.Progress{Walks: 1, Waiting: 1, Failing: 1, Failure: "disk trouble"})
		b.passTo(settle + interval - time.Millisecond)
		if n := b.sink.offers["a.xml"]; n != 1 {
			t.Errorf("offered %d times within an interval", n)
		}
		b.passTo(settle + 2*interval)
		b.wantTaken("his b.xml", "his a.xml")
		if n := b.sink.offers["a.xml"]; n != 3 {
			t.Errorf("offered %d times", n)
		}
		if n := strings.Count(b.log.String(), "files wait"); n != 1 {
			t.Errorf("logged %d times:\n%s", n, b.log.String())
		}
	})
}

func TestWatcher_AFileThatWasNotTakenInAndGoesIsForgotten(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "x")
		b.sink.answers["a.xml"] = []error{errors.New("disk trouble")}
		b.watch()
		b.pass(settle)
		if err := os.Remove(b.path("a.xml")); err != nil {
			t.Fatal(err)
		}
		b.passTo(interval)
		b.wantProgress(watch.Progress{Walks: 2})
	})
}

func TestWatcher_KnownFilesAreNotHandedOver(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "x")
		b.date("a.xml", 1000)
		known := watch.File{Feed: "his", Path: b.path("a.xml"), Size: 1, ModTime: time.Unix(1000, 0).UTC()}
		b.sink.known[known] = true
		b.watch()
		b.wantProgress(watch.Progress{Walks: 1})
		b.passTo(interval + settle)
		b.wantTaken()
		if b.sink.knownAsk != 2 {
			t.Errorf("asked %d times in two walks", b.sink.knownAsk)
		}
	})
}

func TestWatcher_LooksAreAtLeast50MillisecondsApart(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.opt.Feeds = []watch.Feed{
			{Name: "a", Patterns: []string{b.dir + "/a.xml"}, Settle: settle},
			{Name: "b", Patterns: []string{b.dir + "/b.xml"}, Settle: settle + 10*time.Millisecond},
		}
		b.write("a.xml", "x")
		b.write("b.xml", "x")
		b.watch()
		b.passTo(interval)
		b.wantTaken("a a.xml", "b b.xml")
		if diff := cmp.Diff([]time.Duration{settle, settle + 50*time.Millisecond}, b.sink.at); diff != "" {
			t.Error(diff)
		}
	})
}
