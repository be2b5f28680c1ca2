package watch_test

import (
	"bytes"
	"errors"
	"io/fs"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"tramsync/agent/watch"
)

func TestWatcher_AMissingFolderIsAFaultUntilItIsThere(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		missing := b.path("later")
		b.opt.Feeds[0].Patterns = []string{missing + "/*.xml"}
		b.watch()
		b.wantProgress(watch.Progress{Walks: 1, Faults: []watch.FolderFault{
			{Feed: "his", Folder: missing, Err: fs.ErrNotExist}}})
		b.write("later/a.xml", "x")
		b.passTo(interval + settle)
		b.wantTaken("his later/a.xml")
		b.wantProgress(watch.Progress{Walks: 2, FoundByWalkOnly: 1})
		b.passTo(3 * interval)
		if n := strings.Count(b.log.String(), "folder cannot be read"); n != 1 {
			t.Errorf("logged %d times:\n%s", n, b.log.String())
		}
		if n := strings.Count(b.log.String(), "folder can be read again"); n != 1 {
			t.Errorf("recovery logged %d times:\n%s", n, b.log.String())
		}
	})
}

func TestWatcher_ABaseThatIsAFileIsAFault(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("base", "x")
		b.opt.Feeds[0].Patterns = []string{b.path("base") + "/*.xml"}
		b.watch()
		b.wantProgress(watch.Progress{Walks: 1, Faults: []watch.FolderFault{
			{Feed: "his", Folder: b.path("base"), Err: syscall.ENOTDIR}}})
	})
}

func TestWatcher_ABrokenPatternIsAFault(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "x")
		b.opt.Feeds[0].Patterns = append(b.opt.Feeds[0].Patterns, "/srv/[a.xml")
		b.watch()
		b.pass(settle)
		b.wantTaken("his a.xml")
		b.wantProgress(watch.Progress{Walks: 1, Faults: []watch.FolderFault{
			{Feed: "his", Folder: "/srv/[a.xml", Err: doublestar.ErrBadPattern}}})
	})
}

func TestWatcher_AFileInANewFolderIsFoundWithoutHint(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.watch()
		b.pass(time.Second)
		b.write("2026/11/a.xml", "x")
		b.passTo(interval + settle)
		b.wantTaken("his 2026/11/a.xml")
		b.wantProgress(watch.Progress{Walks: 2, FoundByWalkOnly: 1})
	})
}

func TestWatcher_PassesOverWhatIsNotAnExport(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.opt.Feeds[0].Patterns = []string{b.dir + "/**/*"}
		for _, name := range []string{"~$a.xml", "a.tmp", "A.TMP", "b.part", "c.crdownload", ".~lock.a.xml#", ".hidden",
			".git/a.xml", "$RECYCLE.BIN/a.xml", "System Volume Information/a"} {
			b.write(name, "x")
		}
		b.write("real.tmp.xml", "x")
		b.symlink(b.path("real.tmp.xml"), "link.xml")
		b.symlink(b.dir, "loop")
		b.watch()
		b.passTo(interval + settle)
		b.wantTaken("his real.tmp.xml")
	})
}

func TestWatcher_FollowsTheConfiguredFolderIfItIsALink(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("real/a.xml", "x")
		if !b.symlink(b.path("real"), "link") {
			t.Skip("this system makes no links to folders")
		}
		b.opt.Feeds[0].Patterns = []string{b.path("link") + "/*.xml"}
		b.watch()
		b.pass(settle)
		b.wantTaken("his link/a.xml")
	})
}

func TestWatcher_GoesOnlyAsDeepAsPatternsReach(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.opt.Feeds = []watch.Feed{
			{Name: "flat", Patterns: []string{b.dir + "/*.xml"}, Settle: settle},
			{Name: "one", Patterns: []string{b.dir + "/*/{x,y}.xml"}, Settle: settle},
		}
		b.write("a.xml", "x")
		b.write("b/x.xml", "x")
		b.write("b/z.xml", "x")
		b.write("b/c/x.xml", "x")
		b.watch()
		b.pass(settle)
		b.wantTaken("flat a.xml", "one b/x.xml")
		if _, added := b.hints.added[b.path("b/c")]; added || len(b.hints.added) != 2 {
			t.Errorf("watched folders: %v", b.hints.added)
		}
	})
}

func TestWatcher_AFileGoesToTheFirstFeedOnly(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.opt.Feeds = []watch.Feed{
			{Name: "narrow", Patterns: []string{b.dir + "/sub/n*.xml"}, Settle: settle},
			{Name: "wide", Patterns: []string{b.dir + "/**/*.xml", b.dir + "/**"}, Settle: settle},
		}
		b.write("sub/n.xml", "x")
		b.write("sub/m.xml", "x")
		b.write("sub/empty.xml", "")
		b.date("sub/n.xml", 1)
		b.watch()
		b.wantProgress(watch.Progress{Walks: 1, Waiting: 2, Empty: 1}) // reached from two roots, counted once
		b.passTo(interval + settle)
		b.wantTaken("narrow sub/n.xml", "wide sub/m.xml")
	})
}

func TestWatcher_AFolderIsReadAgainForAPatternThatGoesDeeper(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.opt.Feeds = []watch.Feed{
			{Name: "shallow", Patterns: []string{b.dir + "/*/*.xml"}, Settle: settle},
			{Name: "deep", Patterns: []string{b.dir + "/sub/**/*.csv"}, Settle: settle},
		}
		b.write("sub/a.xml", "x")
		b.date("sub/a.xml", 1)
		b.write("sub/c/b.csv", "x")
		b.watch()
		b.wantProgress(watch.Progress{Walks: 1, Waiting: 2})
		b.pass(settle)
		b.wantTaken("shallow sub/a.xml", "deep sub/c/b.csv")
	})
}

func TestWatcher_AFolderWithinAnotherIsReadOnce(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.opt.Feeds = []watch.Feed{
			{Name: "wide", Patterns: []string{b.dir + "/**/*.xml"}, Settle: settle},
			{Name: "narrow", Patterns: []string{b.dir + "/sub/*.csv"}, Settle: settle},
		}
		b.write("sub/a.csv", "x")
		b.watch()
		if b.sink.knownAsk != 1 {
			t.Errorf("asked %d times about one file in one walk", b.sink.knownAsk)
		}
		b.pass(settle)
		b.wantTaken("narrow sub/a.csv")
	})
}

func TestWatcher_NamesStayInside(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("NGUYEN-VAN-THU/NGUYEN-VAN-THU.xml", "x")
		b.opt.Feeds[0].Patterns = append(b.opt.Feeds[0].Patterns, b.path("none")+"/*.xml")
		b.sink.answers["NGUYEN-VAN-THU/NGUYEN-VAN-THU.xml"] = []error{&fs.PathError{Op: "read",
			Path: b.path("NGUYEN-VAN-THU"), Err: errors.New("trouble")}}
		b.hints.addErr = &fs.PathError{Op: "watch", Path: b.path("NGUYEN-VAN-THU"), Err: syscall.ENOSPC}
		b.watch()
		b.passTo(3 * interval)
		b.wantTaken("his NGUYEN-VAN-THU/NGUYEN-VAN-THU.xml")
		for _, line := range []string{`msg="files wait: they could not be opened or taken in" feed=his files=1`,
			"folder cannot be read", "hints were lost"} {
			if !strings.Contains(b.log.String(), line) {
				t.Errorf("the log lacks %q:\n%s", line, b.log.String())
			}
		}
		if strings.Contains(b.log.String(), "NGUYEN") {
			t.Errorf("a name is in the log:\n%s", b.log.String())
		}
	})
}

func TestFile_LogValueHidesThePath(t *testing.T) {
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("m", "file", watch.File{Feed: "his", Path: "/NGUYEN", Size: 7})
	if s := out.String(); strings.Contains(s, "NGUYEN") || !strings.Contains(s, "file.feed=his file.size=7") {
		t.Errorf("got %s", s)
	}
}
