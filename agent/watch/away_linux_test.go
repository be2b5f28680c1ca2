package watch_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"tramsync/agent/watch"
)

// plugIn mounts a drive with one file on a folder.
func (b *bench) plugIn(folder, file string) {
	b.t.Helper()
	if err := syscall.Mount("tmpfs", b.path(folder), "tmpfs", 0, "size=1m"); err != nil {
		b.t.Skipf("nothing can be mounted here: %v", err)
	}
	b.t.Cleanup(func() { _ = syscall.Unmount(b.path(folder), syscall.MNT_DETACH) }) // if it still is
	b.write(folder+"/"+file, "x")
	b.date(folder+"/"+file, 1000)
}

func (b *bench) unplug(folder string) {
	b.t.Helper()
	if err := syscall.Unmount(b.path(folder), syscall.MNT_DETACH); err != nil {
		b.t.Fatal(err)
	}
}

func TestWatcher_ADriveThatGoesAndComesBackIsWalkedAndWatchedAgain(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("usb/hidden by the drive.xml", "")
		b.date("usb", 1000)
		b.plugIn("usb", "a.xml")
		b.watch()
		b.passTo(settle)
		b.wantTaken("his usb/a.xml")
		b.unplug("usb")
		b.passTo(interval)
		b.wantProgress(watch.Progress{Walks: 2, Empty: 1}) // the folder below it
		b.plugIn("usb", "a.xml")
		b.date("usb/a.xml", 2000) // another export
		b.write("usb/b.xml", "x")
		b.passTo(2*interval + settle)
		b.wantTaken("his usb/a.xml", "his usb/a.xml", "his usb/b.xml")
		if n := b.hints.added[b.path("usb")]; n != 3 {
			t.Errorf("the folder was watched %d times in 3 walks", n)
		}
	})
}

func TestWatcher_ADriveThatComesBetweenRareWalksIsSeenAtAGlance(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("usb/hidden by the drive.txt", "")
		b.date("usb", 1000)
		b.large(time.Second)
		b.plugIn("usb", "a.xml")
		b.passTo(time.Second + interval + settle)
		b.wantTaken("his usb/a.xml")
	})
}

// Linux forgets a folder that is removed and tells nothing of a new one in its place. (Windows lets a folder that is
// watched go only when the watching has ended, which fsnotify does as soon as it hears of it; Wine does not tell it.)
func TestWatcher_AFolderMadeAnewIsFoundAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "export")
	sink := make(signalSink)
	_, end := runReal(t, dir, 200*time.Millisecond, sink)
	defer end()
	for _, name := range []string{"1.xml", "2.xml", "3.xml"} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := receive(t, sink); got != name {
			t.Errorf("got %s", got)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
}
