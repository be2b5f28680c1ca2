package intake_test

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/intake"
	"tramsync/queue"
	"tramsync/testdata/gen"
)

// edit changes bytes of a file in place.
func edit(t testing.TB, path, content string, at int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte(content), at); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// whileChanged changes a file between its opening and its reading, or between its two readings.
type whileChanged struct {
	name   string
	large  bool
	opened func(t *testing.T, path string)
	read   func(t *testing.T, path string)
}

func changes() []whileChanged {
	grow := func(t *testing.T, path string) {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		edit(t, path, " ", info.Size())
	}
	shrink := func(t *testing.T, path string) {
		if err := os.Truncate(path, 100); err != nil {
			t.Fatal(err)
		}
	}
	touch := func(t *testing.T, path string) {
		if err := os.Chtimes(path, clock(), clock()); err != nil {
			t.Fatal(err)
		}
	}
	return []whileChanged{
		{name: "it grows before it is read", opened: grow},
		{name: "it shrinks before it is read", opened: shrink},
		{name: "it is touched before it is read", opened: touch},
		{name: "a large one grows before it is read", large: true, opened: grow},
		{name: "a large one grows", large: true, read: grow},
		{name: "a large one shrinks", large: true, read: shrink},
		{name: "a large one gets other content, still sound", large: true, read: func(t *testing.T, path string) {
			edit(t, path, "2", 300)
		}},
		{name: "a large one becomes bad", large: true,
			read: func(t *testing.T, path string) { edit(t, path, "<<<<", 1000) }},
	}
}

func TestTakeIn_of_a_file_that_changes_meanwhile(t *testing.T) {
	for _, c := range changes() {
		t.Run(c.name, func(t *testing.T) {
			s := newStation(t, nil)
			content := visits(gen.Envelope{}, 0, 1)
			if c.large {
				content = large()
			}
			f := s.write("his", "a.xml", content)
			calm, done := s.settings, false
			once := func(change func(*testing.T, string)) {
				if change != nil && !done {
					done = true
					change(t, f.Path)
				}
			}
			s.with(func(set *intake.Settings) {
				set.Open = func(path string) (*os.File, error) {
					file, err := os.Open(path)
					once(c.opened)
					return file, err
				}
				set.Now = func() time.Time { once(c.read); return clock() }
			})
			if err := s.in.TakeIn(t.Context(), f); !errors.Is(err, intake.ErrChanged) {
				t.Errorf("TakeIn = %v, want ErrChanged", err)
			}
			if n := len(s.pending()); n > 0 || s.in.Known(f) || len(s.rejected()) > 0 || len(s.counts("")) > 0 {
				t.Errorf("%d records are kept, counters %v", n, s.counts(""))
			}
			s.settings = calm
			s.with(nil)
			if got := s.take(s.write("his", "a.xml", visits(gen.Envelope{}, 0, 1))); len(got) != 2 {
				t.Errorf("settled, it gives %d records", len(got))
			}
		})
	}
}

// large is a file over the size that is copied into memory, and so is read in place: two visits far apart.
func large() string {
	file := visits(gen.Envelope{}, 0, 1)
	gap := strings.Repeat("<!--"+strings.Repeat("x", 1<<20)+"-->", 9)
	return strings.Replace(file, "</HOSO>", "</HOSO>"+gap, 1)
}

func TestTakeIn_waits_while_the_queue_is_full(t *testing.T) {
	s := newStation(t, nil)
	if err := s.q.Close(); err != nil {
		t.Fatal(err)
	}
	s.open(4 << 10)
	s.with(nil)
	first := s.take(s.write("his", "a.xml", visits(gen.Envelope{}, 0)))
	f := s.write("his", "b.xml", visits(gen.Envelope{}, 1, 2, 3))
	before := s.counts("")
	if err := s.in.TakeIn(t.Context(), f); !errors.Is(err, queue.ErrFull) {
		t.Fatalf("TakeIn = %v, want ErrFull", err)
	}
	if diff := cmp.Diff(before, s.counts("")); diff != "" || s.in.Known(f) || len(s.pending()) != len(first) {
		t.Errorf("%d records, counters (-want +got):\n%s", len(s.pending()), diff)
	}
	s.deliver()
	if got := s.take(f); len(got) != 3 {
		t.Errorf("%d records once there is room", len(got))
	}
}

// state of everything in a folder: names, times, contents.
func state(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		out[path] = info.Mode().String() + info.ModTime().String()
		if !d.IsDir() {
			b, err := os.ReadFile(path)
			sum := sha256.Sum256(b)
			out[path] += string(sum[:])
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTakeIn_only_reads(t *testing.T) {
	s := newStation(t, nil)
	list := []intake.File{s.write("his", "a.xml", visits(gen.Envelope{}, 0)), s.write("csv", "b.csv", vaccinations),
		s.write("json", "c.json", children), s.write("his", "bad.xml", "<x>"), s.write("his", "large.xml", large())}
	for _, f := range list {
		if err := os.Chmod(f.Path, 0o444); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(s.exports, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.Chmod(s.exports, 0o755); err != nil {
			t.Error(err)
		}
	})
	before := state(t, s.exports)
	for _, f := range list {
		if _, err := s.in.Preview(t.Context(), f); err != nil {
			t.Error(err)
		}
		s.take(f)
	}
	if diff := cmp.Diff(before, state(t, s.exports)); diff != "" {
		t.Errorf("the folder (-before +after):\n%s", diff)
	}
	if n := len(s.pending()); n != 1+2+2+1 { // the large file holds the visit of the first too
		t.Errorf("%d records", n)
	}
}
