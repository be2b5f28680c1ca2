package uploader_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/queue"
	"tramsync/sync/client"
	"tramsync/sync/wire"
)

// tooLarge refuses batches of more than n records, in the warehouse's name or a proxy's.
func (w *warehouse) tooLarge(n int, warehouse bool) func(post) (wire.Answer, error) {
	return func(p post) (wire.Answer, error) {
		if len(p.events) > n {
			return wire.Answer{}, &client.Error{Kind: client.TooLarge, Status: 413, Warehouse: warehouse, Message: "too large"}
		}
		return w.accept(p.events), nil
	}
}

func TestSplit_413_halves_until_it_fits(t *testing.T) {
	for _, warehouse := range []bool{true, false} {
		bubble(t, func(t *testing.T, r *rig) {
			r.w.react = r.w.tooLarge(30, warehouse)
			names := many("n", 400)
			r.add(names...)
			r.start()
			pass(0) // no waiting: it isn't a failure
			if diff := cmp.Diff(ids(names), r.w.order); diff != "" {
				t.Errorf("not all was stored, or in another order")
			}
			if n := len(r.w.seen()); n != 31 { // a full tree over 16 leaves
				t.Errorf("%d posts", n)
			}
			if len(r.dead()) != 0 || len(r.waiting()) != 0 {
				t.Errorf("%d dead, %d waiting", len(r.dead()), len(r.waiting()))
			}
		})
	}
}

// refuseIf answers with err every batch that holds the record called name.
func (w *warehouse) refuseIf(name string, err error) func(post) (wire.Answer, error) {
	return func(p post) (wire.Answer, error) {
		if slices.Contains(p.ids(), id(name)) {
			return wire.Answer{}, err
		}
		return w.accept(p.events), nil
	}
}

func TestSplit_a_record_alone_is_dead_only_by_the_warehouses_word(t *testing.T) {
	large := func(warehouse bool) *client.Error {
		return &client.Error{Kind: client.TooLarge, Status: 413, Warehouse: warehouse, Code: "too_large",
			Message: "over 4 MiB"}
	}
	plain := refused(400)
	plain.Code = ""
	tests := []struct {
		name string
		err  error
		code string // "": kept
	}{
		{"too large, says the warehouse", large(true), "too_large"},
		{"too large, says a proxy", large(false), ""},
		{"400", refused(400), "invalid"}, {"422", refused(422), "invalid"}, {"400 without a code", plain, wire.CodeInvalid},
		{"404: no fault of the record", refused(404), ""}, {"405", refused(405), ""}, {"409", refused(409), ""},
		{"410", refused(410), ""}, {"415", refused(415), ""}, {"426", refused(426), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, r *rig) {
				r.w.react = r.w.refuseIf("bad", tt.err)
				r.add("bad")
				r.start()
				pass(24 * time.Hour)
				l, dead := r.dead()[id("bad")]
				if dead != (tt.code != "") || len(r.waiting()) == 1 == dead {
					t.Fatalf("dead letters %v, %d waiting", r.dead(), len(r.waiting()))
				}
				if dead && (l.Code != tt.code || l.Reason == "" || len(r.w.seen()) != 1) {
					t.Errorf("letter %+v after %d posts", l, len(r.w.seen()))
				}
				if n := len(r.w.seen()); !dead && (n < 24*60/5 || n > 24*60) {
					t.Errorf("%d posts in a day", n)
				}
				r.w.change(func() { r.w.react = nil })
				pass(6 * time.Minute)
				if !dead && len(r.w.stored) != 1 {
					t.Error("never delivered")
				}
			})
		})
	}
}

func TestSplit_a_refusal_that_is_about_no_record_makes_no_dead_letters(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		moved := true
		r.w.react = func(p post) (wire.Answer, error) {
			if moved {
				return wire.Answer{}, refused(404)
			}
			return r.w.accept(p.events), nil
		}
		r.add(many("n", 200)...)
		r.start()
		pass(24 * time.Hour)
		for _, p := range r.w.seen() {
			if len(p.events) != 200 {
				t.Fatalf("the batch was split to %d", len(p.events))
			}
		}
		r.w.change(func() { moved = false })
		pass(6 * time.Minute)
		if len(r.w.stored) != 200 || len(r.dead()) != 0 {
			t.Errorf("%d stored, %d dead", len(r.w.stored), len(r.dead()))
		}
	})
}

func TestSplit_400_finds_the_bad_record_among_500(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 2))
	for _, at := range []int{0, 499, rnd.IntN(500), rnd.IntN(500), rnd.IntN(500)} {
		bubble(t, func(t *testing.T, r *rig) {
			names := many("n", 500)
			r.w.react = r.w.refuseIf(names[at], refused(400))
			r.add(names...)
			r.start()
			pass(0)
			if _, ok := r.dead()[id(names[at])]; !ok || len(r.dead()) != 1 {
				t.Errorf("record %d was bad; dead letters: %d", at, len(r.dead()))
			}
			if n := len(r.w.seen()); n > 1+2*9 { // log2(500) is 9 at most
				t.Errorf("record %d was found with %d posts", at, n)
			}
			rest := slices.Delete(slices.Clone(names), at, at+1)
			if diff := cmp.Diff(ids(rest), r.w.order); diff != "" {
				t.Error("not all others were stored, or in another order")
			}
		})
	}
}

func TestSplit_several_bad_records_are_all_found(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		names := many("n", 500)
		bad := map[string]bool{}
		for _, at := range []int{3, 4, 77, 250, 251, 498} {
			bad[id(names[at])] = true
		}
		r.w.react = func(p post) (wire.Answer, error) {
			if slices.ContainsFunc(p.ids(), func(id string) bool { return bad[id] }) {
				return wire.Answer{}, refused(400)
			}
			return r.w.accept(p.events), nil
		}
		r.add(names...)
		r.start()
		pass(0)
		if len(r.dead()) != len(bad) || len(r.w.stored) != 494 || len(r.waiting()) != 0 {
			t.Errorf("%d dead, %d stored, %d waiting", len(r.dead()), len(r.w.stored), len(r.waiting()))
		}
		for got := range r.dead() {
			if !bad[got] {
				t.Errorf("a good record is dead: %s", got)
			}
		}
	})
}

func TestSplit_one_poisoned_record_does_not_hold_up_the_others(t *testing.T) {
	for name, err := range map[string]error{
		"a proxy finds it too large": &client.Error{Kind: client.TooLarge, Status: 413},
		"the warehouse refuses it":   refused(400),
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, r *rig) {
				r.w.react = r.w.refuseIf("bad", err)
				r.add("a", "bad", "b")
				r.start()
				for _, name := range many("later", 20) {
					pass(10 * time.Minute)
					r.add(name)
				}
				pass(10 * time.Minute)
				if len(r.w.stored) != 22 {
					t.Errorf("%d of 22 others were stored", len(r.w.stored))
				}
				if len(r.waiting())+len(r.dead()) != 1 {
					t.Errorf("%d waiting, %d dead", len(r.waiting()), len(r.dead()))
				}
				if n := len(r.w.seen()); n > 500 {
					t.Errorf("%d posts in 210 minutes", n)
				}
			})
		})
	}
}

func TestSplit_a_network_failure_on_the_way_repeats_the_half(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		names, failures := many("n", 64), 0
		r.w.react = func(p post) (wire.Answer, error) {
			if slices.Contains(p.ids(), id(names[40])) {
				return wire.Answer{}, refused(400)
			}
			if failures++; failures%2 == 1 {
				return wire.Answer{}, &client.Error{Kind: client.Transient}
			}
			return r.w.accept(p.events), nil
		}
		r.add(names...)
		r.start()
		pass(time.Minute)
		if len(r.w.stored) != 63 || len(r.dead()) != 1 || r.counts()[queue.CountStored] != 63 {
			t.Errorf("%d stored, %d dead, counts %v", len(r.w.stored), len(r.dead()), r.counts())
		}
	})
}
