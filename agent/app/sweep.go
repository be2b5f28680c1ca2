package app

import (
	"context"
	"time"

	"tramsync/agent/watch"
)

const (
	firstSweep    = 10 * time.Minute // after the start: PCs are off at night
	sweepInterval = 24 * time.Hour
)

// sweep keeps the ledger's list of files to those that are there, or were not long ago.
func (a *App) sweep(ctx context.Context) error {
	gone := watch.Gone(watchFeeds(a.conf))
	timer := time.NewTimer(firstSweep)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		s, err := a.queue.Sweep(ctx, gone)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			a.opt.Log.Error("the list of files can't be swept; it is tried again tomorrow", "err", err)
		default:
			a.opt.Log.Info("list of files swept", "newly_gone", s.Gone, "off_the_list", s.Pruned)
		}
		timer.Reset(sweepInterval)
	}
}
