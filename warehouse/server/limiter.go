package server

import (
	"sync"
	"time"
)

// Ten enrolments in a row may fail, then one every six seconds: 128 random bits aren't guessed at that rate, and no
// fault of a stranger's keeps the centre's computer busy.
const (
	limiterBurst = 10
	limiterEvery = 6 * time.Second
)

// limiter is a token bucket that all enrolments share. It is safe for concurrent use.
type limiter struct {
	now func() time.Time

	mu   sync.Mutex // guards what follows
	full time.Time  // when the bucket will be full
}

func newLimiter(now func() time.Time) *limiter { return &limiter{now: now} }

// take takes one and returns 0, or, when there is none, how long until there is one.
func (l *limiter) take() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	missing := max(0, l.full.Sub(now)) + limiterEvery
	if over := missing - limiterBurst*limiterEvery; over > 0 {
		return over
	}
	l.full = now.Add(missing)
	return 0
}

// giveBack undoes a take.
func (l *limiter) giveBack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.full = l.full.Add(-limiterEvery)
}
