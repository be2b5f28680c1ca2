package uploader

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"tramsync/sync/client"
)

// Waits between attempts.
const (
	least       = 10 * time.Millisecond // no failure is repeated in a tight loop
	firstWait   = time.Second
	longestWait = 5 * time.Minute
	slowWait    = time.Minute // the least for what only a person can mend
	mostAsked   = 15 * time.Minute
)

// wait after the n-th failure in a row (n from 1), by its kind. All of it is random: 11,000 agents that lost one
// server, or were all told to wait as long, must not come back as one.
func wait(err error, n int) time.Duration {
	bound := longestWait
	if n < 10 {
		bound = min(firstWait<<(n-1), longestWait)
	}
	var ce *client.Error
	if !errors.As(err, &ce) || ce.Kind == client.Transient {
		return least + rand.N(bound)
	}
	if ce.Kind == client.Throttled {
		asked := min(ce.RetryAfter, mostAsked)
		return least + asked + rand.N(max(bound, asked/4))
	}
	return slowWait + rand.N(longestWait-slowWait)
}

// sleep waits unless ctx ends first.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
