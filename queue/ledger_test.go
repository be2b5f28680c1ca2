package queue_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/queue"
)

// changed is f with something else.
func changed(f queue.File, change func(*queue.File)) queue.File {
	change(&f)
	return f
}

func TestKnown(t *testing.T) {
	q := open(t, options(t.TempDir()))
	taken, rejected, noted := export("taken.xml"), export("rejected.xml"), export("noted.xml")
	mustAppend(t, q, "taken.xml", item("a", "1"))
	if err := q.Reject(rejected, "line 3: xml-truncated"); err != nil {
		t.Fatal(err)
	}
	if err := q.Note(noted); err != nil {
		t.Fatal(err)
	}
	size := func(f *queue.File) { f.Size++ }
	at := func(f *queue.File) { f.ModTime = f.ModTime.Add(time.Nanosecond) }
	path := func(f *queue.File) { f.Path += "x" }
	reader := func(f *queue.File) { f.Reader = "reader 2" }
	zone := func(f *queue.File) { f.ModTime = f.ModTime.In(time.FixedZone("ICT", 7*3600)) }
	tests := []struct {
		name string
		f    queue.File
		want bool
	}{
		{"a file that was taken in", taken, true},
		{"a taken file after the reader changed: it isn't read again", changed(taken, reader), true},
		{"the same moment in another time zone", changed(taken, zone), true},
		{"a taken file with another size", changed(taken, size), false},
		{"a taken file with another time", changed(taken, at), false},
		{"the same under another path", changed(taken, path), false},
		{"a rejected file", rejected, true},
		{"a rejected file after the reader changed: it is read again", changed(rejected, reader), false},
		{"a rejected file with another time", changed(rejected, at), false},
		{"a replay that was noted", noted, true},
		{"a file that never was", export("other.xml"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := q.Known(tt.f); err != nil || got != tt.want {
				t.Errorf("Known is %v, %v", got, err)
			}
		})
	}
}

func TestReplay(t *testing.T) {
	q := open(t, options(t.TempDir()))
	taken, rejected := export("taken.xml"), export("rejected.xml")
	mustAppend(t, q, "taken.xml", item("a", "1"))
	if err := q.Reject(rejected, "line 3: xml-truncated"); err != nil {
		t.Fatal(err)
	}
	elsewhere := func(f *queue.File) { f.Path = "/xuat/cu/copy.xml" }
	tests := []struct {
		name string
		f    queue.File
		want bool
	}{
		{"a copy under another name", changed(taken, elsewhere), true},
		{"an older copy", changed(taken, func(f *queue.File) { f.ModTime = f.ModTime.Add(-time.Hour) }), true},
		{"the same content exported again later",
			changed(taken, func(f *queue.File) { f.ModTime = f.ModTime.Add(1) }), false},
		{"in another feed", changed(taken, func(f *queue.File) { f.Feed = "v20" }), false},
		{"with another reader: an old file is not new to a new program",
			changed(taken, func(f *queue.File) { f.Path, f.Reader = "/xuat/cu/copy.xml", "reader 2" }), true},
		{"other content", changed(taken, func(f *queue.File) { f.SHA256[31]++ }), false},
		{"content that was rejected", changed(rejected, elsewhere), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := q.Replay(tt.f); err != nil || got != tt.want {
				t.Errorf("Replay is %v, %v", got, err)
			}
		})
	}
}

func TestReplay_the_newest_time_of_a_content_counts(t *testing.T) {
	q := open(t, options(t.TempDir()))
	f := export("a.xml")
	later := changed(f, func(f *queue.File) { f.Path, f.ModTime = "/xuat/b.xml", f.ModTime.Add(2*time.Hour) })
	between := changed(f, func(f *queue.File) { f.Path, f.ModTime = "/xuat/c.xml", f.ModTime.Add(time.Hour) })
	for _, noted := range []queue.File{f, later, f} { // the older one again must not turn the time back
		if err := q.Note(noted); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := q.Replay(between); err != nil || !got {
		t.Errorf("Replay is %v, %v", got, err)
	}
}

func TestReplay_a_file_changed_back_is_news_even_with_its_old_time(t *testing.T) {
	q := open(t, options(t.TempDir()))
	first := export("a.xml")
	second := changed(first, func(f *queue.File) { f.SHA256[0]++; f.ModTime = f.ModTime.Add(time.Hour) })
	for _, f := range []queue.File{first, second} {
		if _, err := q.Append(f, add(nil)); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := q.Replay(first); err != nil || got {
		t.Errorf("at its own path: Replay is %v, %v", got, err)
	}
	copied := changed(first, func(f *queue.File) { f.Path = "/xuat/b.xml" })
	if got, err := q.Replay(copied); err != nil || !got {
		t.Errorf("under another name: Replay is %v, %v", got, err)
	}
}

func TestFiles(t *testing.T) {
	opt := options(t.TempDir())
	q := open(t, opt)
	mustAppend(t, q, "a.xml", items(3, "a")...)
	mustAppend(t, q, "empty.xml")
	mustAppend(t, q, "b.xml", items(2, "b")...)
	if err := q.Reject(export("bad.xml"), "line 3: xml-truncated"); err != nil {
		t.Fatal(err)
	}
	list := func(state queue.State) map[string]queue.Entry {
		got := map[string]queue.Entry{}
		if err := q.Files(func(e queue.Entry) bool { got[e.Path] = e; return true }, state); err != nil {
			t.Fatal(err)
		}
		return got
	}
	entry := func(name string, state queue.State) queue.Entry {
		f := export(name)
		return queue.Entry{Feed: f.Feed, Path: f.Path, Size: f.Size, ModTime: f.ModTime, SHA256: hexOf(f.SHA256[:]),
			Reader: f.Reader, Time: opt.Now(), State: state}
	}
	a, b, bad := entry("a.xml", queue.Taken), entry("b.xml", queue.Taken), entry("bad.xml", queue.Rejected)
	empty := entry("empty.xml", queue.Taken)
	a.Read, a.First, a.Last = 3, 1, 3
	b.Read, b.First, b.Last = 2, 4, 5
	bad.Fault = "line 3: xml-truncated"
	if diff := cmp.Diff(map[string]queue.Entry{a.Path: a, b.Path: b, empty.Path: empty}, list(queue.Taken)); diff != "" {
		t.Errorf("taken: %s", diff)
	}
	if diff := cmp.Diff(map[string]queue.Entry{bad.Path: bad}, list(queue.Rejected)); diff != "" {
		t.Errorf("rejected: %s", diff)
	}
	mustAppend(t, q, "bad.xml", item("c", "1"))
	if got := list(queue.Rejected); len(got) != 0 {
		t.Errorf("a file that could be read in the end is still listed as rejected: %v", got)
	}
	seen := 0
	if err := q.Files(func(queue.Entry) bool { seen++; return false }); err != nil || seen != 1 {
		t.Errorf("after the first was enough: %d entries, %v", seen, err)
	}
}

func TestState_String(t *testing.T) {
	for state, want := range map[queue.State]string{queue.Taken: "taken", queue.Copied: "copied",
		queue.Rejected: "rejected"} {
		if got := state.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		var back queue.State
		if err := back.UnmarshalText([]byte(want)); err != nil || back != state {
			t.Errorf("%s is read as %s, %v", want, back, err)
		}
	}
	if err := new(queue.State).UnmarshalText([]byte("lost")); err == nil {
		t.Error("an unknown name is read as a state")
	}
}

func TestFileID_stands_for_a_path_in_one_queue_only(t *testing.T) {
	a, b := open(t, options(t.TempDir())), open(t, options(t.TempDir()))
	id := a.FileID("/xuat/NGUYEN VAN AN.xml")
	if len(id) != 16 || a.FileID("/xuat/NGUYEN VAN AN.xml") != id {
		t.Errorf("id %q, then %q", id, a.FileID("/xuat/NGUYEN VAN AN.xml"))
	}
	if a.FileID("/xuat/NGUYEN VAN AM.xml") == id || b.FileID("/xuat/NGUYEN VAN AN.xml") == id {
		t.Error("another path or another queue has the same id")
	}
}
