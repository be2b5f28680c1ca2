package queue_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/queue"
)

// folder is an export folder: what lies in it, by path.
type folder map[string]queue.File

func (d folder) gone(path string) bool { _, ok := d[path]; return !ok }

func sweep(t *testing.T, q *queue.Queue, d folder, want queue.Swept) {
	t.Helper()
	got, err := q.Sweep(t.Context(), d.gone)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("swept (-want +got):\n%s%v", diff, err)
	}
}

func paths(t *testing.T, q *queue.Queue) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	if err := q.Files(func(e queue.Entry) bool { out[e.Path] = !e.Gone.IsZero(); return true }); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSweep_takes_files_off_the_list_that_have_long_been_gone(t *testing.T) {
	c, opt := newClock(), options(t.TempDir())
	opt.Now = c.Now
	q := open(t, opt)
	d := folder{}
	for _, name := range []string{"stays.xml", "goes.xml", "comes back.xml"} {
		mustAppend(t, q, name, item(name, "1"))
		d[export(name).Path] = export(name)
	}
	if err := q.Reject(export("bad.xml"), "fault"); err != nil {
		t.Fatal(err)
	}
	sweep(t, q, folder{"/xuat/stays.xml": {}}, queue.Swept{Gone: 3})
	sweep(t, q, folder{"/xuat/stays.xml": {}}, queue.Swept{})
	c.forward(queue.KeepGone - time.Second)
	sweep(t, q, folder{"/xuat/stays.xml": {}, "/xuat/comes back.xml": {}}, queue.Swept{})
	want := map[string]bool{"/xuat/stays.xml": false, "/xuat/goes.xml": true, "/xuat/comes back.xml": false,
		"/xuat/bad.xml": true}
	if diff := cmp.Diff(want, paths(t, q)); diff != "" {
		t.Errorf("listed, and gone, before its time (-want +got):\n%s", diff)
	}
	c.forward(time.Second)
	sweep(t, q, folder{"/xuat/stays.xml": {}, "/xuat/comes back.xml": {}}, queue.Swept{Pruned: 1})
	delete(want, "/xuat/goes.xml")
	if diff := cmp.Diff(want, paths(t, q)); diff != "" {
		t.Errorf("listed, and gone, in the end (-want +got):\n%s", diff)
	}
	back := export("goes.xml")
	back.Reader = "the program after next"
	if known, err := q.Known(back); err != nil || known {
		t.Errorf("Known is %v, %v: the list was not pruned", known, err)
	}
	if replay, err := q.Replay(back); err != nil || !replay {
		t.Errorf("Replay is %v, %v: an old file looks new", replay, err)
	}
	if known, err := q.Known(export("stays.xml")); err != nil || !known {
		t.Errorf("Known is %v, %v: a sweep changed how a file is known", known, err)
	}
}

func TestSweep_leaves_what_is_dealt_with_meanwhile(t *testing.T) {
	c, opt := newClock(), options(t.TempDir())
	opt.Now = c.Now
	q := open(t, opt)
	mustAppend(t, q, "a.xml", item("a", "1"))
	sweep(t, q, folder{}, queue.Swept{Gone: 1})
	c.forward(queue.KeepGone)
	_, err := q.Sweep(t.Context(), func(string) bool {
		again := export("a.xml")
		again.ModTime = again.ModTime.Add(time.Hour)
		if _, err := q.Append(again, add(nil)); err != nil {
			t.Error(err)
		}
		return true
	})
	if got := paths(t, q); err != nil || len(got) != 1 {
		t.Errorf("listed %v, %v: the entry of a file that came back was pruned", got, err)
	}
}

// A station's folder goes through random histories; whatever happens to files and list, the newest content that was
// ever exported under a key is the last that was queued.
func TestSweep_never_makes_an_old_file_look_new(t *testing.T) {
	for seed := range uint64(40) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		c, opt := newClock(), options(t.TempDir())
		opt.Now = c.Now
		q, d := open(t, opt), folder{}
		var backup []queue.File
		versions, last := 0, ""
		for range 60 {
			switch rnd.IntN(5) {
			case 0, 1: // the HIS exports a newer version
				versions++
				f := export(fmt.Sprintf("v%d.xml", versions))
				f.ModTime = f.ModTime.Add(time.Duration(versions) * time.Hour)
				d[f.Path], backup = f, append(backup, f)
			case 2: // a file is moved away
				for path := range d {
					delete(d, path)
					break
				}
			case 3: // an old one comes back from a backup, under this name or another
				if len(backup) > 0 {
					f := backup[rnd.IntN(len(backup))]
					f.Reader = fmt.Sprint("reader ", rnd.IntN(3))
					f.Path += []string{"", ".bak"}[rnd.IntN(2)]
					d[f.Path] = f
				}
			case 4:
				c.forward(time.Duration(rnd.IntN(100*24)) * time.Hour)
				if _, err := q.Sweep(t.Context(), d.gone); err != nil {
					t.Fatal(err)
				}
			}
			last = takeIn(t, q, d, last)
		}
		if want := fmt.Sprintf("/xuat/v%d.xml", versions); last != want && versions > 0 {
			t.Errorf("seed %d: the last version queued is %s, not %s", seed, last, want)
		}
	}
}

// takeIn does with a folder what intake does, and gives the path of what was queued last.
func takeIn(t *testing.T, q *queue.Queue, d folder, last string) string {
	t.Helper()
	for _, f := range d {
		known, err := q.Known(f)
		if err != nil || known {
			continue
		}
		replay, err := q.Replay(f)
		if err != nil {
			t.Fatal(err)
		}
		if replay {
			if err := q.Note(f); err != nil {
				t.Fatal(err)
			}
			continue
		}
		r, err := q.Append(f, add([]queue.Item{item("visit", string(f.SHA256[:]))}))
		if err != nil {
			t.Fatal(err)
		}
		if r.Queued > 0 {
			last = f.Path
		}
	}
	return last
}

func TestSweep_sums_counters_of_long_ago(t *testing.T) {
	c, opt := newClock(), options(t.TempDir())
	opt.Now = c.Now
	q := open(t, opt)
	first := c.Now().Format(time.DateOnly)
	for i := range 3 {
		mustAppend(t, q, fmt.Sprint(i, ".xml"), items(2, fmt.Sprint(i))...)
		c.forward(24 * time.Hour)
	}
	before := mustCounts(t, q, "")
	c.forward(queue.KeepDays - 2*24*time.Hour)
	for range 2 {
		if _, err := q.Sweep(t.Context(), func(string) bool { return false }); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(before, mustCounts(t, q, "")); diff != "" {
		t.Errorf("totals changed (-before +after):\n%s", diff)
	}
	days, err := q.Days("")
	if err != nil || len(days) != 2 || days[0].Day == first || days[1].Counts[queue.CountQueued] != 2 {
		t.Errorf("days %v, %v", days, err)
	}
}

func TestDismiss(t *testing.T) {
	q := open(t, options(t.TempDir()))
	mustAppend(t, q, "good.xml", item("a", "1"))
	bad := export("bad.xml")
	if err := q.Reject(bad, "fault"); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		path string
		want bool
	}{{"/xuat/other.xml", false}, {"/xuat/good.xml", false}, {bad.Path, true}, {bad.Path, false}} {
		if got, err := q.Dismiss(tt.path); err != nil || got != tt.want {
			t.Errorf("Dismiss(%s) is %v, %v", tt.path, got, err)
		}
	}
	if diff := cmp.Diff(map[string]bool{"/xuat/good.xml": false}, paths(t, q)); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	if known, err := q.Known(bad); err != nil || known {
		t.Errorf("Known is %v, %v: a dismissed file that lies there still wouldn't be read again", known, err)
	}
}
