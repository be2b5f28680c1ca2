package uploader_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tramsync/queue"
	"tramsync/sync/client"
	"tramsync/sync/wire"
)

// exchange is a randomized run of uploader and warehouse.
type exchange struct {
	*rig
	rnd  *rand.Rand      // of the test's own steps
	net  *rand.Rand      // of the network and the warehouse; used in react only
	sent []string        // names appended
	bad  map[string]bool // ids the warehouse will never take
	// forgets makes the negative control: now and then the warehouse says stored and stores nothing.
	forgets bool
}

func newExchange(r *rig, seed uint64) *exchange {
	return &exchange{rig: r, rnd: rand.New(rand.NewPCG(seed, 3)), net: rand.New(rand.NewPCG(seed, 4)),
		bad: map[string]bool{}}
}

// react is a warehouse behind a bad network: batches are refused, throttled, or applied and the answer is lost or torn.
func (x *exchange) react(p post) (wire.Answer, error) {
	switch x.net.IntN(10) {
	case 0: // lost on the way there
		return wire.Answer{}, &client.Error{Kind: client.Transient}
	case 1:
		return wire.Answer{}, &client.Error{Kind: client.Throttled, RetryAfter: time.Duration(x.net.IntN(100)) * time.Second}
	case 2:
		kinds := []client.Kind{client.Unauthorized, client.Foreign, client.Untrusted}
		return wire.Answer{}, &client.Error{Kind: kinds[x.net.IntN(3)]}
	}
	if len(p.events) > 1 && x.net.IntN(10) == 0 {
		return wire.Answer{}, &client.Error{Kind: client.TooLarge, Status: 413, Warehouse: x.net.IntN(2) == 0}
	}
	isBad := func(e event) bool { return x.bad[e.ID] }
	if slices.ContainsFunc(p.events, isBad) && x.net.IntN(2) == 0 {
		return wire.Answer{}, refused(400)
	}
	a := x.apply(p, isBad)
	switch x.net.IntN(6) {
	case 0: // lost on the way back
		return wire.Answer{}, &client.Error{Kind: client.Transient}
	case 1: // names some of them only, in any order
		x.net.Shuffle(len(a.Results), func(i, j int) { a.Results[i], a.Results[j] = a.Results[j], a.Results[i] })
		a.Results = a.Results[:x.net.IntN(len(a.Results)+1)]
	case 2: // says something new about one
		a.Results[x.net.IntN(len(a.Results))].Status = "deferred"
	}
	return a, nil
}

func (x *exchange) apply(p post, isBad func(event) bool) wire.Answer {
	var a wire.Answer
	for _, e := range p.events {
		switch {
		case isBad(e):
			a.Results = append(a.Results, wire.Result{ID: e.ID, Status: wire.Rejected, Code: "invalid", Message: "bad"})
		case x.forgets && x.net.IntN(50) == 0:
			a.Results = append(a.Results, wire.Result{ID: e.ID, Status: wire.Stored})
		default:
			a.Results = append(a.Results, x.w.accept([]event{e}).Results...)
		}
	}
	return a
}

// round appends some records, lets time go by, and sometimes restarts the uploader or the whole agent.
func (x *exchange) round(n int) {
	var names []string
	for i := range x.rnd.IntN(8) {
		name := fmt.Sprintf("r%d-%d", n, i)
		if x.rnd.IntN(40) == 0 {
			x.bad[id(name)] = true
		}
		names = append(names, name)
	}
	x.w.change(func() { x.sent = append(x.sent, names...) })
	x.add(names...)
	pass(time.Duration(x.rnd.IntN(120)) * time.Second)
	switch x.rnd.IntN(20) {
	case 0:
		x.stop()
		x.start()
	case 1:
		x.stop()
		if err := x.q.Close(); err != nil {
			x.t.Error(err)
		}
		x.open()
		x.start()
	}
}

// faults compares what was appended with what the warehouse has.
func (x *exchange) faults() []string {
	var list []string
	dead := x.dead()
	for _, name := range x.sent {
		_, stored := x.w.stored[id(name)]
		_, isDead := dead[id(name)]
		if stored == x.bad[id(name)] || isDead != x.bad[id(name)] {
			list = append(list, fmt.Sprintf("%s: bad %v, stored %v, dead %v", name, x.bad[id(name)], stored, isDead))
		}
	}
	if len(x.w.order)+len(dead) != len(x.sent) || len(x.waiting()) > 0 {
		list = append(list, fmt.Sprintf("%d appended, %d stored, %d dead, %d waiting",
			len(x.sent), len(x.w.order), len(dead), len(x.waiting())))
	}
	stamps := map[wire.Sequence]string{}
	for _, p := range x.w.posts {
		for _, e := range p.events {
			if was, ok := stamps[e.Sequence]; ok && was != e.ID || e.Epoch != 1 {
				list = append(list, fmt.Sprintf("number %d of epoch %d stands for two records", e.Sequence, e.Epoch))
			}
			stamps[e.Sequence] = e.ID
		}
	}
	return list
}

func (x *exchange) run(rounds int) []string {
	x.w.react = x.react
	x.w.stamp = func() (wire.StampAnswer, error) {
		a := wire.StampAnswer{Station: "99001"}
		for id, s := range x.w.stored {
			if s.After(a.Stamp) {
				a.Stamp, a.ID = s, id
			}
		}
		return a, nil
	}
	x.start()
	for n := range rounds {
		x.round(n)
	}
	x.w.change(func() { // the network is mended
		x.w.react = func(p post) (wire.Answer, error) { return x.apply(p, func(e event) bool { return x.bad[e.ID] }), nil }
	})
	pass(time.Hour)
	x.stop()
	return x.faults()
}

func TestExchange_every_record_is_stored_exactly_once(t *testing.T) {
	seed, rounds := rand.Uint64(), 1000
	if testing.Short() {
		rounds = 100
	}
	t.Logf("seed %d", seed)
	bubble(t, func(t *testing.T, r *rig) {
		x := newExchange(r, seed)
		if faults := x.run(rounds); len(faults) > 0 {
			t.Errorf("%d faults, the first: %s", len(faults), faults[0])
		}
		got := r.counts()
		if got[queue.CountStored]+got[queue.CountDuplicate] != len(r.w.order) || got[queue.CountDead] != len(x.bad) ||
			got[queue.CountDuplicate] < rounds/50 || len(x.bad) < rounds/100 || len(r.w.order) < 2*rounds {
			t.Errorf("%d stored, %d bad, counts %v", len(r.w.order), len(x.bad), got)
		}
	})
}

func TestExchange_the_oracle_sees_what_was_only_said_to_be_stored(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		x := newExchange(r, 1)
		x.forgets = true
		if faults := x.run(150); len(faults) == 0 {
			t.Error("records were lost and nothing was noticed")
		}
	})
}
