package queue_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"

	"tramsync/queue"
)

// value changes what stands at seq in a bucket.
func value(t *testing.T, tx *bbolt.Tx, bucket string, seq uint64, change func([]byte) []byte) {
	b := tx.Bucket([]byte(bucket))
	if err := b.Put(seqKey(seq), change(bytes.Clone(b.Get(seqKey(seq))))); err != nil {
		t.Error(err)
	}
}

// faults are what Verify finds.
func faults(t *testing.T, q *queue.Queue) string {
	t.Helper()
	r, err := q.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r.Clean() != (len(r.Faults) == 0) {
		t.Error("Clean disagrees with the faults")
	}
	return strings.Join(r.Faults, "\n")
}

func TestQ6_a_damaged_record_is_never_handed_out_and_the_others_go_on(t *testing.T) {
	flip := func(at int) func([]byte) []byte {
		return func(v []byte) []byte {
			v[(at+len(v))%len(v)] ^= 0x20
			return v
		}
	}
	tests := []struct {
		name   string
		change func([]byte) []byte
	}{
		{"in the format", flip(0)}, {"in the key id", flip(2)}, {"in the nonce", flip(6)},
		{"at the beginning of the text", flip(29)}, {"in its middle", flip(60)}, {"in the tag", flip(-1)},
		{"cut short", func(v []byte) []byte { return v[:len(v)-1] }},
		{"cut to nothing", func([]byte) []byte { return []byte{} }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opt := closedQueue(t) // 2 is dead, 3, 4 and 5 wait
			size := 0
			edit(t, opt.Dir, func(tx *bbolt.Tx) {
				value(t, tx, "outbox", 3, func(v []byte) []byte { size -= len(v); return v })
				value(t, tx, "outbox", 3, tt.change)
				value(t, tx, "outbox", 3, func(v []byte) []byte { size += len(v); return v })
			})
			adjust(t, opt.Dir, "pending bytes", size)
			q := openDamaged(t, opt)
			if diff := cmp.Diff([]uint64{4, 5}, sequences(mustLease(t, q, 9, 1<<20))); diff != "" {
				t.Error(diff)
			}
			want := map[uint64]string{3: "", 4: items(5, "a")[3].ID, 5: items(5, "a")[4].ID}
			if diff := cmp.Diff(want, outbox(t, q)); diff != "" {
				t.Error(diff)
			}
			if s := mustStats(t, q); s.Damaged != 1 || s.Pending != 3 || s.Oldest.IsZero() {
				t.Errorf("stats %+v", s)
			}
			if got, want := faults(t, q), "record 3 in the outbox doesn't open"; got != want {
				t.Errorf("Verify finds %q", got)
			}
			mustSettle(t, q, queue.Stored, 4, 5)
			if got := mustLease(t, q, 9, 1<<20); len(got) != 0 {
				t.Errorf("handed out in the end: %v", sequences(got))
			}
		})
	}
}

// adjust makes a counter of a closed queue agree with a change that a test made.
func adjust(t *testing.T, dir, counter string, delta int) {
	t.Helper()
	edit(t, dir, func(tx *bbolt.Tx) {
		meta := tx.Bucket([]byte("meta"))
		v := meta.Get([]byte(counter))
		if err := meta.Put([]byte(counter), seqKey(numberOf(v)+uint64(delta))); err != nil {
			t.Error(err)
		}
	})
}

func numberOf(v []byte) (n uint64) {
	for _, c := range v {
		n = n<<8 | uint64(c)
	}
	return n
}

func TestQ6_a_moved_value_does_not_open(t *testing.T) {
	opt := closedQueue(t)
	edit(t, opt.Dir, func(tx *bbolt.Tx) {
		b := tx.Bucket([]byte("outbox"))
		three, four := bytes.Clone(b.Get(seqKey(3))), bytes.Clone(b.Get(seqKey(4)))
		if err := errors.Join(b.Put(seqKey(3), four), b.Put(seqKey(4), three)); err != nil {
			t.Error(err)
		}
	})
	q := openDamaged(t, opt)
	if diff := cmp.Diff([]uint64{5}, sequences(mustLease(t, q, 9, 1<<20))); diff != "" {
		t.Error(diff)
	}
	want := "record 3 in the outbox doesn't open\nrecord 4 in the outbox doesn't open"
	if got := faults(t, q); got != want {
		t.Errorf("Verify finds %q", got)
	}
}

func TestQ6_a_value_moved_to_another_bucket_does_not_open(t *testing.T) {
	opt := closedQueue(t)
	edit(t, opt.Dir, func(tx *bbolt.Tx) {
		value(t, tx, "dead", 2, func([]byte) []byte { return bytes.Clone(tx.Bucket([]byte("outbox")).Get(seqKey(3))) })
	})
	q := openDamaged(t, opt)
	if got := letters(t, q); len(got) != 0 {
		t.Errorf("read as a dead letter: %v", got)
	}
	if n, err := q.Requeue(""); n != 0 || err != nil {
		t.Errorf("requeued %d, %v", n, err)
	}
	if got := faults(t, q); got != "dead letter 2 doesn't open" {
		t.Errorf("Verify finds %q", got)
	}
}

func TestQ6_every_flipped_bit_is_noticed(t *testing.T) {
	opt := closedQueue(t)
	q := openDamaged(t, opt)
	var sealed []byte
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	edit(t, opt.Dir, func(tx *bbolt.Tx) { sealed = bytes.Clone(tx.Bucket([]byte("outbox")).Get(seqKey(3))) })
	q = openDamaged(t, opt)
	if _, err := q.OpenSeal(seqKey(3), sealed); err != nil {
		t.Fatalf("as it is: %v", err)
	}
	for bit := range len(sealed) * 8 {
		altered := bytes.Clone(sealed)
		altered[bit/8] ^= 1 << (bit % 8)
		if _, err := q.OpenSeal(seqKey(3), altered); err == nil {
			t.Errorf("bit %d changed and it opens", bit)
		}
	}
}

func TestSettle_a_record_damaged_while_on_lease_does_not_hold_up_the_answer(t *testing.T) {
	opt := closedQueue(t)
	edit(t, opt.Dir, func(tx *bbolt.Tx) {
		value(t, tx, "outbox", 4, func(v []byte) []byte { v[40] ^= 1; return v })
	})
	q := openDamaged(t, opt)
	mustSettle(t, q, queue.Dead, 3, 4, 5)
	if diff := cmp.Diff(map[uint64]string{4: ""}, outbox(t, q)); diff != "" {
		t.Errorf("left in the outbox: %s", diff)
	}
	if s := mustStats(t, q); s.Damaged != 1 || s.Pending != 1 || s.Dead != 3 || len(letters(t, q)) != 3 {
		t.Errorf("stats %+v", s)
	}
	if got := mustCounts(t, q, "")[queue.CountDead]; got != 3 {
		t.Errorf("%d counted as dead", got)
	}
	mustSettle(t, q, queue.Stored, 4) // the warehouse has it: no need to read it
	if s := mustStats(t, q); s.Damaged != 0 || s.Pending != 0 {
		t.Errorf("stats %+v", s)
	}
}

func TestVerify_finds_what_does_not_agree(t *testing.T) {
	put := func(bucket string, key, v []byte) func(*testing.T, *bbolt.Tx) {
		return func(t *testing.T, tx *bbolt.Tx) {
			if err := tx.Bucket([]byte(bucket)).Put(key, v); err != nil {
				t.Error(err)
			}
		}
	}
	eachFile := func(change func(v []byte) []byte) func(*testing.T, *bbolt.Tx) {
		return func(t *testing.T, tx *bbolt.Tx) {
			k, v := tx.Bucket([]byte("files")).Cursor().First()
			put("files", bytes.Clone(k), change(bytes.Clone(v)))(t, tx)
		}
	}
	tests := []struct {
		name   string
		change func(*testing.T, *bbolt.Tx)
		want   string
	}{
		{"the count of records", put("meta", []byte("pending"), seqKey(9)), `counter "pending" says 9, recount 3`},
		{"their bytes", put("meta", []byte("pending bytes"), seqKey(9)), `counter "pending bytes" says 9, recount `},
		{"the count of dead letters", put("meta", []byte("dead"), seqKey(9)), `counter "dead" says 9, recount 1`},
		{"a record that vanished", put("meta", []byte("settled"), seqKey(0)), "5 sequence numbers were given out but 4"},
		{"a sequence turned back", put("meta", []byte("last sequence"), seqKey(4)),
			"record 5 is above the last number given, 4"},
		{"a record that is dead and alive", put("dead", seqKey(3), []byte("x")),
			"record 3 is in the outbox and among the dead"},
		{"a ledger entry that was altered", eachFile(func(v []byte) []byte { v[50] ^= 1; return v }),
			"ledger entry 1 doesn't open"},
		{"a ledger entry cut short", eachFile(func(v []byte) []byte { return v[:17] }), "ledger entry 1 is cut short"},
		{"another state than is sealed", eachFile(func(v []byte) []byte { v[0] = 'R'; return v }),
			"ledger entry 1 disagrees with itself"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opt := closedQueue(t)
			edit(t, opt.Dir, func(tx *bbolt.Tx) { tt.change(t, tx) })
			q, err := queue.Open(opt)
			if err != nil {
				t.Fatal(err)
			}
			if got := faults(t, q); !strings.Contains(got, tt.want) {
				t.Errorf("Verify finds %q, not %q", got, tt.want)
			}
			if err := q.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestVerify_lists_a_hundred_faults_at_most_and_ends_with_its_context(t *testing.T) {
	opt := options(t.TempDir())
	q, err := queue.Open(opt)
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, q, "1.xml", items(150, "a")...)
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	edit(t, opt.Dir, func(tx *bbolt.Tx) {
		for seq := range uint64(150) {
			value(t, tx, "outbox", seq+1, func(v []byte) []byte { v[30+rand.IntN(20)] ^= 1; return v })
		}
	})
	q = openDamaged(t, opt)
	r, err := q.Verify(t.Context())
	if err != nil || len(r.Faults) != 100 || r.Pending != 150 || r.Files != 1 {
		t.Errorf("%d faults of %d records in %d files, %v", len(r.Faults), r.Pending, r.Files, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := q.Verify(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestDamageError(t *testing.T) {
	err := fmt.Errorf("read: %w", &queue.DamageError{Bucket: "outbox", Sequence: 7})
	var de *queue.DamageError
	if !errors.As(err, &de) || de.Sequence != 7 || err.Error() != "read: damaged value in outbox, number 7" {
		t.Errorf("%v", err)
	}
}
