package watch_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"tramsync/agent/watch"
)

func TestWatcher_AHintBringsAWalk(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.watch()
		b.pass(time.Second)
		b.write("a.xml", "x")
		b.hints.hint()
		b.pass(settle)
		b.wantTaken("his a.xml")
		b.wantProgress(watch.Progress{Walks: 2})
	})
}

func TestWatcher_HintsAreCoalesced(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.watch()
		b.pass(time.Second)
		for range 1000 {
			b.hints.hint()
			b.pass(time.Millisecond)
		}
		if n := b.w.Progress().Walks; n < 4 || n > 6 { // one at the start, then one each 250 ms
			t.Errorf("%d walks in a second of hints", n)
		}
	})
}

func TestWatcher_WalksOnHintsTakeATenthOfTheTimeAtMost(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.opt.Interval = time.Hour
		b.write("a.xml", "x")
		b.sink.slow = time.Second // as with 10,000 files on an old disk
		b.watch()
		for range 600 {
			b.hints.hint()
			b.pass(100 * time.Millisecond)
		}
		if n := b.w.Progress().Walks; n < 5 || n > 7 {
			t.Errorf("%d walks of 1 s in a minute", n)
		}
	})
}

func TestWatcher_AHintThatComesDuringIntakeIsNotForgotten(t *testing.T) {
	for range 20 { // hint and walk are due together: either can come first
		run(t, func(t *testing.T, b *bench) {
			b.write("a.xml", "x")
			b.sink.onTakeIn = func() {
				b.sink.onTakeIn = nil
				b.write("b.xml", "x")
				b.hints.hint()
				<-time.After(interval)
			}
			b.watch()
			b.passTo(2*interval - time.Second)
			b.wantTaken("his a.xml", "his b.xml")
			if n := b.w.Progress().FoundByWalkOnly; n != 0 {
				t.Errorf("%d files count as not announced", n)
			}
		})
	}
}

func TestWatcher_FoldersAreWatchedBeforeTheyAreRead(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("sub/a.xml", "x")
		b.hints.onAdd = func(folder string) {
			if folder == b.path("sub") {
				b.write("sub/late.xml", "x") // as if it came between
			}
		}
		b.watch()
		b.wantProgress(watch.Progress{Walks: 1, Waiting: 2})
	})
}

func TestWatcher_ASourceThatClosesIsStartedAgain(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.watch()
		b.pass(time.Second)
		b.write("a.xml", "x")
		b.hints.reason = errors.New("overflow")
		close(b.hints.changes)
		b.pass(0)
		b.wantProgress(watch.Progress{Walks: 2, Waiting: 1, HintFailures: 1})
		if b.hints.starts != 2 || b.hints.stops != 1 || b.hints.added[b.dir] != 1 {
			t.Errorf("%d starts, %d stops, added %v", b.hints.starts, b.hints.stops, b.hints.added)
		}
		if !strings.Contains(b.log.String(), "failures=1 err=overflow") {
			t.Errorf("log: %s", b.log.String())
		}
		b.pass(settle)
		b.wantTaken("his a.xml")
		b.write("b.xml", "x")
		b.hints.hint() // the new source's
		b.pass(settle)
		b.wantTaken("his a.xml", "his b.xml")
	})
}

func TestWatcher_ASourceThatDiesDuringAWalkIsNotMissed(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.watch()
		b.passTo(interval - time.Millisecond)
		b.hints.onAdd = func(string) {
			b.hints.onAdd = nil
			close(b.hints.changes)
		}
		b.passTo(interval + time.Second)
		b.wantProgress(watch.Progress{Walks: 3, HintFailures: 1})
		if b.hints.starts != 2 {
			t.Errorf("%d starts", b.hints.starts)
		}
	})
}

func TestWatcher_AFolderThatCannotBeWatchedEndsTheSource(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "x")
		b.hints.addErr = errors.New("no space")
		b.watch()
		b.wantProgress(watch.Progress{Walks: 1, Waiting: 1, HintFailures: 1, Unwatched: 1})
		b.pass(250 * time.Millisecond) // at once again, and once more in vain
		b.wantProgress(watch.Progress{Walks: 2, Waiting: 1, HintFailures: 2, Unwatched: 1})
		b.hints.addErr = nil
		b.passTo(2 * interval)
		b.wantTaken("his a.xml")
		if p := b.w.Progress(); p.HintFailures != 2 || p.Unwatched != 0 {
			t.Errorf("not mended: %+v", p)
		}
		if b.hints.starts != b.hints.stops+1 {
			t.Errorf("%d starts, %d stops", b.hints.starts, b.hints.stops)
		}
	})
}

func TestWatcher_AFolderThatIsRemovedIsNotTheSourcesFault(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("sub/a.xml", "x")
		b.hints.onAdd = func(folder string) {
			if folder == b.path("sub") {
				b.hints.addErr = fs.ErrNotExist
				if err := os.RemoveAll(folder); err != nil {
					t.Error(err)
				}
			}
		}
		b.watch()
		b.wantProgress(watch.Progress{Walks: 1})
	})
}

func TestWatcher_ASourceThatCannotStartIsTriedLessAndLess(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "x")
		b.hints.startErr = errors.New("too many open files")
		b.watch()
		b.passTo(time.Minute)
		b.wantTaken("his a.xml") // walks go on
		early := b.hints.starts
		b.passTo(time.Hour)
		if early < 3 || early > 5 {
			t.Errorf("%d starts in the first minute", early)
		}
		if n := b.hints.starts - early; n < 11 || n > 20 { // each 5 min in the end
			t.Errorf("%d starts in the rest of an hour", n)
		}
		if n := b.w.Progress().HintFailures; n != b.hints.starts {
			t.Errorf("%d failures counted of %d", n, b.hints.starts)
		}
	})
}

func TestWatcher_ASourceThatWorkedForLongIsStartedAtOnce(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.watch()
		for i := range 5 {
			b.pass(10 * time.Minute)
			close(b.hints.changes)
			b.pass(250 * time.Millisecond)
			if b.hints.starts != i+2 {
				t.Fatalf("%d starts after %d failures", b.hints.starts, i+1)
			}
		}
	})
}

func TestWatcher_ASilentSourceIsDropped(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.watch()
		for i := range 3 {
			b.write(fmt.Sprintf("%d.xml", i), "x")
			b.pass(interval + time.Second)
		}
		if p := b.w.Progress(); p.FoundByWalkOnly != 3 || p.HintFailures != 1 {
			t.Errorf("got %+v", p)
		}
		if !strings.Contains(b.log.String(), "files arrive without a hint") {
			t.Errorf("log: %s", b.log.String())
		}
		if b.hints.starts != 2 {
			t.Errorf("%d starts", b.hints.starts)
		}
	})
}

func TestWatcher_AHintNowAndThenShowsThatTheSourceIsAlive(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.watch()
		for i := range 9 {
			b.write(fmt.Sprintf("%d.xml", i), "x")
			if i%3 == 2 {
				b.hints.hint()
			}
			b.pass(interval + time.Second)
		}
		b.wantProgress(watch.Progress{Walks: 13, FoundByWalkOnly: 6})
	})
}

func TestWatcher_WatchesABoundedNumberOfFolders(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		for i := range 300 {
			b.write(fmt.Sprintf("%d/a.xml", i), "x")
		}
		b.watch()
		b.wantProgress(watch.Progress{Walks: 1, Waiting: 300, Unwatched: 301 - 256})
		if len(b.hints.added) != 256 {
			t.Errorf("%d folders watched", len(b.hints.added))
		}
		for i := range 200 {
			if err := os.RemoveAll(b.path(fmt.Sprintf("%d", i))); err != nil {
				t.Fatal(err)
			}
		}
		b.passTo(2*interval + time.Second) // the places of removed folders are used again
		b.wantProgress(watch.Progress{Walks: 3})
		for i := 200; i < 300; i++ {
			if b.hints.added[b.path(fmt.Sprintf("%d", i))] == 0 {
				t.Errorf("folder %d is not watched", i)
			}
		}
	})
}

func TestWatcher_UnwatchedFoldersDoNotMakeTheSourceLookDead(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		for i := range 300 {
			b.write(fmt.Sprintf("%d/a.txt", i), "x")
		}
		b.watch()
		for i := range 5 {
			b.write(fmt.Sprintf("%d/a.xml", i), "x")
			b.pass(interval + time.Second)
		}
		b.wantProgress(watch.Progress{Walks: 6, FoundByWalkOnly: 5, Unwatched: 301 - 256})
	})
}
