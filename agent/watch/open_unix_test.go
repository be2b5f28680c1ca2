//go:build unix

package watch_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"tramsync/agent/watch"
)

func TestOpen_RefusesWhatIsNoRegularFile(t *testing.T) {
	dir := t.TempDir()
	target, link, pipe := filepath.Join(dir, "a.xml"), filepath.Join(dir, "link.xml"), filepath.Join(dir, "pipe.xml")
	if err := os.WriteFile(target, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{link, pipe, "/dev/null"} {
		if _, err := watch.Open(path); !errors.Is(err, watch.ErrNotRegular) { // and does not wait for a writer
			t.Errorf("%s: got %v", filepath.Base(path), err)
		}
	}
}

func TestWatcher_PassesOverPipes(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		if err := syscall.Mkfifo(b.path("pipe.xml"), 0o600); err != nil {
			t.Fatal(err)
		}
		b.watch()
		b.wantProgress(watch.Progress{Walks: 1})
	})
}

func TestWatcher_AFileThatBecomesSomethingElseIsForgotten(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "x")
		b.watch()
		if err := os.Remove(b.path("a.xml")); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(b.path("a.xml"), 0o600); err != nil {
			t.Fatal(err)
		}
		b.pass(settle)
		b.wantTaken()
		b.wantProgress(watch.Progress{Walks: 1})
	})
}
