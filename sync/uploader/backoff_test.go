package uploader_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"tramsync/sync/client"
	"tramsync/sync/uploader"
	"tramsync/sync/wire"
)

func TestWait_bounds(t *testing.T) {
	transient := &client.Error{Kind: client.Transient}
	asked := func(d time.Duration) error { return &client.Error{Kind: client.Throttled, RetryAfter: d} }
	kind := func(k client.Kind) error { return fmt.Errorf("post: %w", &client.Error{Kind: k}) }
	const ms, s, m = time.Millisecond, time.Second, time.Minute
	tests := []struct {
		name   string
		err    error
		n      int
		lo, hi time.Duration
	}{
		{"the first failure", transient, 1, 0, s}, {"the second", transient, 2, 0, 2 * s},
		{"the third", transient, 3, 0, 4 * s}, {"the ninth", transient, 9, 0, 256 * s},
		{"the tenth: the cap", transient, 10, 0, 5 * m}, {"the ten-thousandth", transient, 10_000, 0, 5 * m},
		{"after a strange error", errors.New("strange"), 3, 0, 4 * s},
		{"throttled without a number", asked(0), 1, 0, s}, {"throttled often without one", asked(0), 99, 0, 5 * m},
		{"throttled: what was asked, spread", asked(40 * s), 1, 40 * s, 50 * s},
		{"throttled often", asked(40 * s), 99, 40 * s, 40*s + 5*m},
		{"asked for 15 min", asked(15 * m), 1, 15 * m, 18*m + 45*s},
		{"asked for a day: 15 min count", asked(24 * time.Hour), 1, 15 * m, 18*m + 45*s},
		{"unauthorized", kind(client.Unauthorized), 1, m, 5 * m}, {"untrusted", kind(client.Untrusted), 1, m, 5 * m},
		{"foreign", kind(client.Foreign), 50, m, 5 * m}, {"refused as a whole", kind(client.Refused), 1, m, 5 * m},
		{"too large for a proxy", kind(client.TooLarge), 1, m, 5 * m},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			least, most := time.Duration(1<<62), time.Duration(0)
			for range 3000 {
				d := uploader.Wait(tt.err, tt.n)
				least, most = min(least, d), max(most, d)
			}
			if least < max(tt.lo, 10*ms) || most > tt.hi+10*ms {
				t.Errorf("waits from %v to %v", least, most)
			}
			if spread := tt.hi - tt.lo; least > tt.lo+spread/20+10*ms || most < tt.hi-spread/20 {
				t.Errorf("waits from %v to %v don't use what they may", least, most)
			}
		})
	}
}

func TestWait_a_fleet_that_was_told_the_same_does_not_come_back_as_one(t *testing.T) {
	perSecond := map[time.Duration]int{}
	for range 11_000 {
		perSecond[uploader.Wait(&client.Error{Kind: client.Throttled, RetryAfter: 2 * time.Minute}, 1)/time.Second]++
	}
	for at, n := range perSecond { // 30 s of spread: 367 a second on the average
		if n > 600 {
			t.Errorf("%d agents come in second %d", n, at)
		}
	}
}

// always fails.
func always(k client.Kind) func(post) (wire.Answer, error) {
	return func(post) (wire.Answer, error) {
		return wire.Answer{}, &client.Error{Kind: k, Status: 499, RetryAfter: time.Hour, Message: "not now"}
	}
}

func noStamp() (wire.StampAnswer, error) {
	return wire.StampAnswer{}, &client.Error{Kind: client.Transient}
}

func nameNone(post) (wire.Answer, error) { return wire.Answer{}, nil }

// hanging is a Transport whose calls last until they are let go or their context ends.
type hanging struct{ entered, pass chan struct{} }

// Post tells that it was called.
func (h hanging) Post(ctx context.Context, _ []byte) (wire.Answer, error) {
	return wire.Answer{}, h.hang(ctx)
}

// Stamp tells that it was called.
func (h hanging) Stamp(ctx context.Context) (wire.StampAnswer, error) {
	return wire.StampAnswer{Station: "99001"}, h.hang(ctx)
}

func (h hanging) hang(ctx context.Context) error {
	h.entered <- struct{}{}
	select {
	case <-h.pass:
		return nil
	case <-ctx.Done():
		return &client.Error{Kind: client.Transient, Err: ctx.Err()}
	}
}

func TestRun_ends_at_once_from_every_wait(t *testing.T) {
	tests := []struct {
		name  string
		setup func(r *rig)
	}{
		{"with nothing to send", func(*rig) {}},
		{"while the epoch can't be agreed", func(r *rig) { r.add("a"); r.w.stamp = noStamp }},
		{"in the short wait", func(r *rig) { r.add("a", "b"); r.w.react = always(client.Transient) }},
		{"while throttled", func(r *rig) { r.add("a", "b"); r.w.react = always(client.Throttled) }},
		{"while unauthorized", func(r *rig) { r.add("a", "b"); r.w.react = always(client.Unauthorized) }},
		{"while a record alone is too large for a proxy", func(r *rig) {
			r.add("a", "b")
			r.w.react = always(client.TooLarge)
		}},
		{"while no record is named", func(r *rig) { r.add("a", "b"); r.w.react = nameNone }},
	}
	for _, tt := range tests {
		for _, after := range []time.Duration{0, 30 * time.Second, time.Hour} {
			t.Run(fmt.Sprint(tt.name, " after ", after), func(t *testing.T) {
				bubble(t, func(t *testing.T, r *rig) {
					tt.setup(r)
					want := len(r.waiting())
					r.start()
					pass(after)
					r.stop() // checks that it took no time
					list, err := r.q.Lease(10, 1<<20)
					if err != nil || len(list) != want {
						t.Errorf("%d of %d records can be leased, %v", len(list), want, err)
					}
				})
			})
		}
	}
}

func TestRun_ends_at_once_during_a_call(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		r.add("a")
		h := hanging{entered: make(chan struct{}), pass: make(chan struct{})}
		u, err := uploader.New(uploader.Options{Queue: r.q, Transport: h, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range []string{"stamp", "post"} {
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error)
			go func() { done <- u.Run(ctx) }()
			<-h.entered
			if call == "post" {
				h.pass <- struct{}{}
				<-h.entered
			}
			cancel()
			if err := <-done; err != nil {
				t.Errorf("during %s: %v", call, err)
			}
		}
		if list, err := r.q.Lease(10, 1<<20); err != nil || len(list) != 1 {
			t.Errorf("%d records can be leased, %v", len(list), err)
		}
	})
}
