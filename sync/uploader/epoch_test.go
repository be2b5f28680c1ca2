package uploader_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"tramsync/queue"
	"tramsync/sync/client"
	"tramsync/sync/wire"
)

func TestEpoch_agreement(t *testing.T) {
	tests := []struct {
		name  string
		ours  int32
		epoch int32 // the warehouse's newest stamp, and the
		seq   wire.Sequence
		id    string // record it came with
		want  int32
	}{
		{"both new", 0, 0, 0, "", 1},
		{"a lost queue begins the epoch after", 0, 3, 500, id("x"), 4},
		{"nothing new since the last delivery", 2, 2, 1, id("delivered"), 2},
		{"the warehouse is older: put back from a copy", 2, 1, 99, id("x"), 2},
		{"the warehouse is older within the epoch", 1, 1, 1, id("x"), 1},
		{"the warehouse lost everything", 5, 0, 0, "", 5},
		{"an answer was lost", 2, 2, 2, id("b"), 2},
		{"a restored image: the warehouse has seen more", 2, 2, 900, id("x"), 3},
		{"a restored image with new records under old numbers", 2, 2, 3, id("x"), 3},
		{"a restored image from before the epoch", 1, 2, 1, id("delivered"), 3},
		{"an old warehouse that names no id", 2, 2, 2, "", 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, r *rig) {
				r.add("delivered", "b", "c")
				if err := r.q.Settle([]queue.Outcome{{Sequence: 1, Fate: queue.Stored}}); err != nil {
					t.Fatal(err)
				}
				if err := r.q.SetEpoch(tt.ours); err != nil {
					t.Fatal(err)
				}
				r.w.stamp = func() (wire.StampAnswer, error) {
					return wire.StampAnswer{Stamp: wire.Stamp{Epoch: tt.epoch, Sequence: tt.seq}, ID: tt.id, Station: "99001"}, nil
				}
				r.start()
				pass(0)
				r.add("d")
				pass(0)
				if got, err := r.q.Epoch(); err != nil || got != tt.want {
					t.Errorf("epoch %d kept, %v; want %d", got, err, tt.want)
				}
				newest := wire.Stamp{Epoch: tt.epoch, Sequence: tt.seq}
				for name, seq := range map[string]wire.Sequence{"b": 2, "c": 3, "d": 4} {
					got := r.w.stored[id(name)]
					if got != (wire.Stamp{Epoch: tt.want, Sequence: seq}) {
						t.Errorf("%s came with %v", name, got)
					}
					if lost := tt.id == id(name); !lost && tt.ours <= tt.epoch && tt.seq > 1 && !got.After(newest) {
						t.Errorf("%s with %v isn't newer than what the warehouse had, %v", name, got, newest)
					}
				}
				if r.w.asked != 1 {
					t.Errorf("asked %d times", r.w.asked)
				}
			})
		})
	}
}

func TestEpoch_an_answer_that_can_not_be_is_asked_for_again(t *testing.T) {
	for _, epoch := range []int32{-1, math.MinInt32, math.MaxInt32} {
		t.Run(fmt.Sprint(epoch), func(t *testing.T) {
			bubble(t, func(t *testing.T, r *rig) {
				r.w.stamp = func() (wire.StampAnswer, error) {
					return wire.StampAnswer{Stamp: wire.Stamp{Epoch: epoch, Sequence: 1}, Station: "99001"}, nil
				}
				r.add("a")
				r.start()
				pass(time.Hour)
				if len(r.w.seen()) != 0 || r.w.asked < 12 || r.u.State().ErrorKind != "foreign" {
					t.Errorf("%d posts, asked %d times, state %+v", len(r.w.seen()), r.w.asked, r.u.State())
				}
				r.w.change(func() { r.w.stamp = nil })
				pass(6 * time.Minute)
				if r.w.stored[id("a")] != (wire.Stamp{Epoch: 1, Sequence: 1}) {
					t.Errorf("stored %v", r.w.stored)
				}
			})
		})
	}
}

func TestEpoch_nothing_is_sent_before_it_is_agreed(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		r.w.stamp = func() (wire.StampAnswer, error) {
			return wire.StampAnswer{}, &client.Error{Kind: client.Unauthorized, Status: 401, Message: "unknown certificate"}
		}
		r.add("a")
		r.start()
		pass(24 * time.Hour)
		if len(r.w.seen()) != 0 || r.w.asked < 288 || r.w.asked > 1441 {
			t.Errorf("%d posts, asked %d times", len(r.w.seen()), r.w.asked)
		}
		if st := r.u.State(); st.ErrorKind != "unauthorized" || st.Failures != r.w.asked || !st.LastSuccess.IsZero() {
			t.Errorf("state %+v", st)
		}
	})
}

func TestEpoch_a_restart_asks_again_and_keeps_it(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		r.add("a")
		r.start()
		pass(0)
		r.stop()
		r.w.stamp = func() (wire.StampAnswer, error) {
			return wire.StampAnswer{Stamp: r.w.stored[id("a")], ID: id("a"), Station: "99001"}, nil
		}
		r.add("b")
		r.start()
		pass(0)
		if r.w.asked != 2 || r.w.stored[id("b")] != (wire.Stamp{Epoch: 1, Sequence: 2}) {
			t.Errorf("asked %d times, stored %v", r.w.asked, r.w.stored)
		}
	})
}

func TestEpoch_an_idle_agent_asks_nothing(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		r.start()
		pass(24 * time.Hour)
		if r.w.asked != 0 || len(r.w.seen()) != 0 {
			t.Errorf("asked %d times, %d posts", r.w.asked, len(r.w.seen()))
		}
	})
}
