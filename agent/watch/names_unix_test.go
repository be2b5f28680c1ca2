//go:build unix

package watch_test

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/watch"
)

// Names that only a Linux share can hold.
func TestWatcher_NamesThatWindowsWouldRefuseAreTakenIn(t *testing.T) {
	names := []string{"a\nb.xml", "a\tb.xml", `a"b.xml`, `a\b.xml`, "a:b.xml", "a*?.xml", "a|b<c>.xml", "\xff\xfe.xml",
		"\xe1\xbb.xml", "CON.xml", "nul.xml", "a.xml.xml ", "a.", strings.Repeat("ệ", 83) + "ab.xml"}
	if n := len(names[len(names)-1]); n != 255 {
		t.Fatalf("the longest name has %d bytes", n)
	}
	run(t, func(t *testing.T, b *bench) {
		b.opt.Feeds[0].Patterns = []string{b.dir + "/**/*"}
		var want []string
		for _, name := range names {
			if err := os.WriteFile(b.dir+"/"+name, []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
			want = append(want, "his "+name)
		}
		b.watch()
		b.pass(settle)
		slices.Sort(want)
		slices.Sort(b.sink.taken)
		if diff := cmp.Diff(want, b.sink.taken); diff != "" {
			t.Errorf("taken (-want +got):\n%s", diff)
		}
	})
}

func TestWatcher_PassesOverSocketsAndDevices(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		l, err := net.Listen("unix", b.path("s.xml"))
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		err = syscall.Mknod(b.path("null.xml"), syscall.S_IFCHR|0o600, 1<<8|3)
		if err != nil {
			t.Logf("without a device: %v", err) // only root may make one
		}
		if _, err := watch.Open(b.path("s.xml")); err == nil {
			t.Error("a socket was opened")
		}
		b.watch()
		b.wantProgress(watch.Progress{Walks: 1})
	})
}

// A link that is put in the place of a file that waits could lead out of the configured folders.
func TestWatcher_AFileThatBecomesALinkIsForgotten(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		secret := filepath.Join(t.TempDir(), "secret.xml")
		if err := os.WriteFile(secret, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		b.write("a.xml", "x")
		b.watch()
		if err := os.Remove(b.path("a.xml")); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(secret, b.path("a.xml")); err != nil {
			t.Fatal(err)
		}
		b.pass(settle + interval)
		b.wantTaken()
		b.wantProgress(watch.Progress{Walks: 2})
	})
}
