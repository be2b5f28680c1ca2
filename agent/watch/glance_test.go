package watch_test

import (
	"io/fs"
	"os"
	"testing"
	"time"

	"tramsync/agent/watch"
)

// large is a folder whose walks take as long as given, as with a hundred thousand old exports in it. Its hints are
// silent, and its modification time is one that the next change will differ from.
func (b *bench) large(took time.Duration) {
	b.t.Helper()
	b.write("old.xml", "x")
	b.date("old.xml", 1000)
	b.date(".", 1000)
	old := watch.File{Feed: "his", Path: b.path("old.xml"), Size: 1, ModTime: time.Unix(1000, 0).UTC()}
	b.sink.known[old] = true
	b.sink.slow = took
	b.watch()
	b.pass(took)
	b.sink.slow = 0
	b.wantProgress(watch.Progress{Walks: 1, WalkTime: took})
}

func TestWatcher_WalksTakeAtMostATwoHundredthOfTheTimeWhileNothingHappens(t *testing.T) {
	tests := []struct {
		name  string
		took  time.Duration
		walks int // in an hour
	}{
		{"a short walk comes each interval", 100 * time.Millisecond, 120},
		{"one of 1 s each 200 s", time.Second, 18},
		{"one of a minute each 16 min all the same", time.Minute, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			run(t, func(t *testing.T, b *bench) {
				b.large(tt.took)
				b.sink.slow = tt.took
				b.passTo(time.Hour)
				if n := b.w.Progress().Walks; n != tt.walks {
					t.Errorf("%d walks of %v in an hour, want %d", n, tt.took, tt.walks)
				}
			})
		})
	}
}

func TestWatcher_AGlanceFindsWhatComesBetweenRareWalks(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.large(time.Second)
		b.passTo(100 * time.Second)
		b.write("new.xml", "x")
		b.passTo(time.Second + 4*interval + settle - time.Millisecond)
		b.wantTaken()
		b.passTo(time.Second + 4*interval + settle)
		b.wantTaken("his new.xml")
		b.wantProgress(watch.Progress{Walks: 2, FoundByWalkOnly: 1})
	})
}

// A folder's modification time tells nothing of that: the walk is the truth.
func TestWatcher_AFileWrittenInPlaceIsFoundByTheNextWalk(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.large(time.Second)
		b.pass(time.Second)
		f, err := os.OpenFile(b.path("old.xml"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString("more"); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		b.passTo(200*time.Second - time.Millisecond)
		b.wantProgress(watch.Progress{Walks: 1, WalkTime: time.Second})
		b.passTo(200*time.Second + settle)
		b.wantTaken("his old.xml")
	})
}

func TestWatcher_AGlanceSeesThatAFolderGoesAndComesBack(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.opt.Feeds[0].Patterns = append(b.opt.Feeds[0].Patterns, b.path("share")+"/*.xml")
		b.write("share/a.xml", "x")
		b.date("share/a.xml", 1000)
		b.date("share", 1000)
		known := watch.File{Feed: "his", Path: b.path("share/a.xml"), Size: 1, ModTime: time.Unix(1000, 0).UTC()}
		b.sink.known[known] = true
		b.opt.Feeds[0].Patterns = b.opt.Feeds[0].Patterns[1:]
		b.sink.slow = time.Second
		b.watch()
		b.pass(time.Second)
		if err := os.Rename(b.path("share"), b.path("away")); err != nil {
			t.Fatal(err)
		}
		b.pass(interval)
		b.wantProgress(watch.Progress{Walks: 2, Faults: []watch.FolderFault{
			{Feed: "his", Folder: b.path("share"), Err: fs.ErrNotExist}}})
		b.write("share/b.xml", "x")
		b.pass(interval + settle + 2*time.Second)
		b.wantTaken("his share/b.xml")
	})
}
