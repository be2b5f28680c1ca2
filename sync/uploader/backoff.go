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
	firstWait   = time.Second
	longestWait = 5 * time.Minute
	slowWait    = time.Minute // the least for what only a person can mend
	mostAsked   = 15 * time.Minute
)

// wait after the n-th failure in a row (n from 1), by its kind. Full jitter: 11,000 agents that lost one server must not come back as one.
func wait(err error, n int) time.Duration {
	bound := longestWait
	if n < 10 {
		bound = min(firstWait<<(n-1), longestWait)
	}
	d := rand.N(bound) + 10*time.Millisecond
	var ce *client.Error
	if !errors.As(err, &ce) {
		return d
	}
	switch ce.Kind {
	case client.Throttled:
		return max(d, min(ce.RetryAfter, mostAsked))
	case client.Unauthorized, client.Untrusted, client.Foreign:
		return slowWait + rand.N(longestWait-slowWait)
	default:
		return d
	}
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
