package watch_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows"

	"tramsync/agent/watch"
)

// hold opens a file as a program does that shares it with nobody, and returns how to let go of it.
func hold(t *testing.T, path string) func() {
	t.Helper()
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		t.Fatal(err)
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, nil, windows.OPEN_EXISTING, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := windows.CloseHandle(h); err != nil {
			t.Error(err)
		}
	}
}

func TestWatcher_AFileHeldByAnotherProgramWaits(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "x")
		b.write("b.xml", "x")
		release := hold(t, b.path("a.xml"))
		b.watch()
		b.passTo(2*settle + time.Second) // tried after the settle time, and once more after another
		b.wantTaken("his b.xml")
		p := b.w.Progress()
		if p.Waiting != 1 || p.Failing != 1 || !strings.HasPrefix(p.Failure, "open export: ") || p.Paused {
			t.Errorf("got %+v", p)
		}
		release()
		b.passTo(2*settle + interval - time.Millisecond)
		b.wantTaken("his b.xml")
		b.passTo(2*settle + interval)
		b.wantTaken("his b.xml", "his a.xml")
		b.wantProgress(watch.Progress{Walks: 2})
	})
}

// Names that Windows takes for others unless they are given to it as they stand.
func TestWatcher_NamesThatOnlyALinuxServerCanMakeAreTakenIn(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.opt.Feeds[0].Patterns = []string{b.dir + "/**/*"}
		b.write("a.xml", "another file")
		b.date("a.xml", 1)
		for i, name := range []string{"a.xml.", "a.xml ", "nul.xml", "COM1"} {
			path := `\\?\` + b.path(name)
			at := time.Unix(int64(i+2), 0)
			if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(path, at, at); err != nil {
				t.Fatal(err)
			}
		}
		b.watch()
		b.pass(settle)
		b.wantTaken("his a.xml", "his a.xml.", "his a.xml ", "his nul.xml", "his COM1")
		f, err := watch.Open(b.path("a.xml."))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if info, err := f.Stat(); err != nil || info.Size() != 1 {
			t.Errorf("it is another file: %v, %v", info.Size(), err)
		}
	})
}

func TestWatcher_JunctionsAreNotFollowed(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("real/a.xml", "x")
		out, err := exec.Command("cmd", "/c", "mklink", "/J", b.path("loop"), b.dir).CombinedOutput()
		info, statErr := os.Lstat(b.path("loop"))
		if err != nil || statErr != nil || info.Mode().IsDir() {
			t.Skipf("this system makes no junctions: %v %s", err, out)
		}
		b.watch()
		b.passTo(interval + settle)
		b.wantTaken("his real/a.xml")
	})
}
