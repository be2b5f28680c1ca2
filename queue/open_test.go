package queue_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"tramsync/queue"
)

// closedQueue is a queue with some records that nobody has open.
func closedQueue(t *testing.T) queue.Options {
	t.Helper()
	opt := options(t.TempDir())
	q, err := queue.Open(opt)
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, q, "1.xml", items(5, "a")...)
	mustSettle(t, q, queue.Stored, 1)
	mustSettle(t, q, queue.Dead, 2)
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	return opt
}

// contents are all files of a folder.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	got := map[string][]byte{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if got[e.Name()], err = os.ReadFile(filepath.Join(dir, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return got
}

func writeKey(t *testing.T, dir string, key []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "queue.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOpen_refuses_and_changes_no_byte(t *testing.T) {
	var damage *queue.DamageError
	setSchema := func(n uint64) func(*testing.T, *queue.Options) {
		return func(t *testing.T, opt *queue.Options) {
			edit(t, opt.Dir, func(tx *bbolt.Tx) {
				if err := tx.Bucket([]byte("meta")).Put([]byte("schema"), binary.BigEndian.AppendUint64(nil, n)); err != nil {
					t.Error(err)
				}
			})
		}
	}
	dropBucket := func(name string) func(*testing.T, *queue.Options) {
		return func(t *testing.T, opt *queue.Options) {
			edit(t, opt.Dir, func(tx *bbolt.Tx) {
				if err := tx.DeleteBucket([]byte(name)); err != nil {
					t.Error(err)
				}
			})
		}
	}
	tests := []struct {
		name   string
		change func(*testing.T, *queue.Options)
		want   func(error) bool
	}{
		{"a queue without its key", func(t *testing.T, opt *queue.Options) {
			if err := os.Remove(filepath.Join(opt.Dir, "queue.key")); err != nil {
				t.Fatal(err)
			}
		}, is(queue.ErrKeyMissing)},
		{"an empty key", func(t *testing.T, opt *queue.Options) { writeKey(t, opt.Dir, nil) }, is(queue.ErrKeyMissing)},
		{"a key that is cut short", func(t *testing.T, opt *queue.Options) { writeKey(t, opt.Dir, make([]byte, 31)) },
			is(queue.ErrKeyMissing)},
		{"a key that is too long", func(t *testing.T, opt *queue.Options) { writeKey(t, opt.Dir, make([]byte, 33)) },
			is(queue.ErrKeyMissing)},
		{"another queue's key", func(t *testing.T, opt *queue.Options) { writeKey(t, opt.Dir, make([]byte, 32)) },
			is(queue.ErrWrongKey)},
		{"another station", func(_ *testing.T, opt *queue.Options) { opt.Stream = "99002" }, is(queue.ErrWrongKey)},
		{"a newer schema", setSchema(2), is(queue.ErrSchema)},
		{"a schema that never was", setSchema(0), func(err error) bool { return errors.As(err, &damage) }},
		{"no meta bucket", dropBucket("meta"), func(err error) bool { return errors.As(err, &damage) }},
		{"no dead letters", dropBucket("dead"), func(err error) bool { return errors.As(err, &damage) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opt := closedQueue(t)
			tt.change(t, &opt)
			before := contents(t, opt.Dir)
			for range 2 {
				if q, err := queue.Open(opt); !tt.want(err) {
					t.Errorf("opened %v, error %v", q != nil, err)
				}
			}
			if diff := cmp.Diff(before, contents(t, opt.Dir)); diff != "" {
				t.Error("the files were changed")
			}
		})
	}
}

func is(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }

func TestOpen_a_key_alone_is_kept_for_the_new_queue(t *testing.T) {
	opt := options(t.TempDir())
	key := bytes.Repeat([]byte{7}, queue.KeySize)
	writeKey(t, opt.Dir, key)
	q := open(t, opt)
	mustAppend(t, q, "1.xml", item("a", "1"))
	if got := contents(t, opt.Dir)["queue.key"]; !bytes.Equal(got, key) {
		t.Errorf("the key was replaced by one of %d bytes", len(got))
	}
}

func TestOpen_makes_files_for_the_owner_only_and_leaves_no_others(t *testing.T) {
	opt := options(filepath.Join(t.TempDir(), "data", "queue"))
	open(t, opt)
	for name, want := range map[string]os.FileMode{".": 0o700 | os.ModeDir, "queue.db": 0o600, "queue.key": 0o600} {
		info, err := os.Stat(filepath.Join(opt.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode(); os.PathSeparator == '/' && got != want {
			t.Errorf("%s has mode %v", name, got)
		}
	}
	if got := contents(t, opt.Dir); len(got) != 2 {
		t.Errorf("the folder holds %d files", len(got))
	}
}

func TestOpen_a_torn_creation_before_is_no_obstacle(t *testing.T) {
	opt := options(t.TempDir())
	for _, name := range []string{"queue.db.tmp", "queue.db.ABCDEFGH.tmp", "queue.key.tmp"} {
		if err := os.WriteFile(filepath.Join(opt.Dir, name), []byte(noise(5000)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mustAppend(t, open(t, opt), "1.xml", item("a", "1"))
}

func TestOpen_the_second_is_told_quickly(t *testing.T) {
	opt := options(t.TempDir())
	open(t, opt)
	opt.LockWait = 300 * time.Millisecond
	begin := time.Now()
	if _, err := queue.Open(opt); !errors.Is(err, queue.ErrLocked) {
		t.Errorf("error %v", err)
	}
	if took := time.Since(begin); took < opt.LockWait/2 || took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestOpen_several_at_once_make_one_queue(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows opens no file while a second name of it is being removed: the slower ones say so and end")
	}
	for range 20 {
		opt := options(t.TempDir())
		opt.LockWait = 20 * time.Second
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				q, err := queue.Open(opt)
				if err != nil {
					t.Error(err)
					return
				}
				name := string(rune('a' + i))
				if _, err := q.Append(export(name), add(items(1, name))); err != nil {
					t.Error(err)
				}
				if err := q.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		q, err := queue.Open(opt)
		if err != nil {
			t.Fatal(err)
		}
		if got := mustStats(t, q).Pending; got != 4 {
			t.Errorf("%d of 4 records", got)
		}
		if err := q.Close(); err != nil {
			t.Fatal(err)
		}
		if got := contents(t, opt.Dir); len(got) != 2 {
			t.Errorf("the folder holds %d files", len(got))
		}
	}
}

func TestEpoch_lives_in_the_queue(t *testing.T) {
	opt := options(t.TempDir())
	q, err := queue.Open(opt)
	if err != nil {
		t.Fatal(err)
	}
	if e, err := q.Epoch(); e != 0 || err != nil {
		t.Errorf("epoch %d, %v of a new queue", e, err)
	}
	if err := errors.Join(q.SetEpoch(1<<31-1), q.Close()); err != nil {
		t.Fatal(err)
	}
	if e, err := open(t, opt).Epoch(); e != 1<<31-1 || err != nil {
		t.Errorf("epoch %d, %v after a restart", e, err)
	}
}

func TestRemembers(t *testing.T) {
	q := open(t, options(t.TempDir()))
	list := items(6, "a")
	mustAppend(t, q, "1.xml", list...)
	mustSettle(t, q, queue.Stored, 2)
	mustSettle(t, q, queue.Dead, 4)
	mustSettle(t, q, queue.Erase, 5)
	tests := []struct {
		name string
		seq  uint64
		id   string
		want bool
	}{
		{"what was delivered", 2, list[1].ID, true},
		{"what is older than something delivered", 1, "", true},
		{"what waits for an answer that was lost", 3, list[2].ID, true},
		{"a number that now is another record", 3, list[5].ID, false},
		{"a number without an id", 3, "", false},
		{"a dead letter", 4, list[3].ID, true},
		{"a dead letter's number for another record", 4, list[2].ID, false},
		{"a number that this queue never gave", 7, list[0].ID, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := q.Remembers(tt.seq, tt.id); err != nil || got != tt.want {
				t.Errorf("Remembers is %v, %v", got, err)
			}
		})
	}
}

func TestClosed_queue_gives_errors(t *testing.T) {
	q, err := queue.Open(options(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, q, "1.xml", item("a", "1"))
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	one := []queue.Outcome{{Sequence: 1, Fate: queue.Stored}}
	for name, call := range map[string]func() error{
		"Append":      func() error { _, err := q.Append(export("2.xml"), add(items(1, "b"))); return err },
		"Lease":       func() error { _, err := q.Lease(1, 1); return err },
		"Settle":      func() error { return q.Settle(one) },
		"Requeue":     func() error { _, err := q.Requeue(""); return err },
		"Known":       func() error { _, err := q.Known(export("1.xml")); return err },
		"Replay":      func() error { _, err := q.Replay(export("1.xml")); return err },
		"Note":        func() error { return q.Note(export("1.xml")) },
		"Reject":      func() error { return q.Reject(export("1.xml"), "fault") },
		"Files":       func() error { return q.Files(func(queue.Entry) bool { return true }) },
		"DeadLetters": func() error { return q.DeadLetters(func(queue.Letter) bool { return true }) },
		"Outbox":      func() error { return q.Outbox(func(queue.Waiting) bool { return true }) },
		"Stats":       func() error { _, err := q.Stats(); return err },
		"Counts":      func() error { _, err := q.Counts(""); return err },
		"Epoch":       func() error { _, err := q.Epoch(); return err },
		"SetEpoch":    func() error { return q.SetEpoch(1) },
		"Remembers":   func() error { _, err := q.Remembers(1, ""); return err },
		"Verify":      func() error { _, err := q.Verify(t.Context()); return err },
	} {
		if err := call(); err == nil {
			t.Errorf("%s of a closed queue gave no error", name)
		}
	}
}

func TestOpen_says_what_to_do_with_a_damaged_file(t *testing.T) {
	opt := closedQueue(t)
	if err := os.WriteFile(filepath.Join(opt.Dir, "queue.db"), make([]byte, 64<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	before := contents(t, opt.Dir)
	if _, err := queue.Open(opt); err == nil || !strings.Contains(err.Error(), "moving it aside") {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(before, contents(t, opt.Dir)); diff != "" {
		t.Error("the files were changed")
	}
}
