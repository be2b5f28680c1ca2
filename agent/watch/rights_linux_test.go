package watch_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"tramsync/agent/watch"
)

// watchUnprivileged is watch without root's right to read everything, where the tests run as root.
func (b *bench) watchUnprivileged() {
	b.t.Helper()
	if err := os.Chmod(filepath.Dir(b.dir), 0o755); err != nil { // t.TempDir's parent is root's alone
		b.t.Fatal(err)
	}
	b.sink.start = time.Now()
	b.w = watch.New(b.opt, b.sink)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine, and its rights with it
		if os.Geteuid() == 0 {
			if err := syscall.Setfsuid(65534); err != nil {
				b.t.Error(err)
			}
		}
		done <- b.w.Run(ctx)
	}()
	b.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			b.t.Errorf("Run: %v", err)
		}
	})
	synctest.Wait()
}

func (b *bench) chmod(name string, mode os.FileMode) {
	b.t.Helper()
	path := b.path(name)
	if err := os.Chmod(path, mode); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = os.Chmod(path, 0o700) }) // or who isn't root can't remove the test's folder
}

func TestWatcher_AFileThatDoesNotOpenWaits(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "x")
		b.write("b.xml", "x")
		b.chmod("a.xml", 0)
		b.watchUnprivileged()
		b.passTo(2*settle + time.Second) // tried after the settle time, and once more after another
		b.wantTaken("his b.xml")
		b.wantProgress(watch.Progress{Walks: 1, Waiting: 1, Failing: 1, Failure: "open export: permission denied"})
		b.chmod("a.xml", 0o644)
		b.passTo(2*settle + interval - time.Millisecond) // then only once an interval
		b.wantTaken("his b.xml")
		b.passTo(2*settle + interval)
		b.wantTaken("his b.xml", "his a.xml")
	})
}

func TestWatcher_AnUnreadableFolderIsAFaultWhileTheRestGoesOn(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "x")
		b.write("NGUYEN/b.xml", "x")
		b.write("open/c.xml", "x")
		b.chmod("NGUYEN", 0)
		b.opt.Feeds = append(b.opt.Feeds,
			watch.Feed{Name: "inner", Patterns: []string{b.path("NGUYEN") + "/*.csv"}, Settle: settle})
		b.watchUnprivileged()
		b.pass(settle)
		if n := len(b.sink.taken); n != 2 {
			t.Errorf("taken: %v", b.sink.taken)
		}
		b.wantProgress(watch.Progress{Walks: 1, Faults: []watch.FolderFault{
			{Feed: "his", Folder: b.dir, Inside: 1, Err: fs.ErrPermission},
			{Feed: "inner", Folder: b.path("NGUYEN"), Err: fs.ErrPermission},
		}})
		b.chmod("NGUYEN", 0o755)
		b.passTo(interval + settle)
		if n := len(b.sink.taken); n != 3 {
			t.Errorf("taken: %v", b.sink.taken)
		}
		if faults := b.w.Progress().Faults; len(faults) != 0 {
			t.Errorf("faults: %v", faults)
		}
	})
}

// A folder that can be listed and not entered shows names of files and nothing else.
func TestWatcher_AFolderThatCannotBeEnteredIsAFault(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("sub/a.xml", "x")
		b.chmod("sub", 0o444)
		b.watchUnprivileged()
		b.wantProgress(watch.Progress{Walks: 1, Faults: []watch.FolderFault{
			{Feed: "his", Folder: b.dir, Inside: 1, Err: fs.ErrPermission}}})
	})
}
