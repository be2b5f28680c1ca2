package watch

import (
	"errors"
	"log/slog"
	"time"
)

const (
	minHintDelay = time.Second     // before a source that failed again is started again, doubling
	maxHintDelay = 5 * time.Minute // at most; a source that worked for so long counts as sound
	maxSilent    = 3               // walks in a row with files that no hint announced: the source is dead
	maxWatched   = 256             // folders; each costs kernel memory (32 KiB on Windows). The rest is only walked
)

var errSilent = errors.New("files arrive without a hint")

// ErrOverflow is wrapped by a source that lost hints because more happened than the system keeps for it.
var ErrOverflow = errors.New("too much happened at once")

// HintSource announces that something changed in a folder. Its methods are called from one goroutine. Any number of
// changes may be announced as one, and changes may be announced for nothing.
type HintSource interface {
	// Start begins anew. The channel has room for one value, which stands for any number of changes; it is closed
	// when hints can have been lost.
	Start() (changes <-chan struct{}, err error)
	// Add announces changes in this folder, not below it. Adding one again has no effect unless it was removed and
	// made again since.
	Add(folder string) error
	// Stop ends what Start began, waits until that has ended, and returns why hints were lost, if they were.
	Stop() error
}

// hints keeps a source running.
type hints struct {
	source  HintSource
	log     *slog.Logger
	changes <-chan struct{} // nil: not running
	folders map[string]int  // watched -> the last walk that saw it

	walk   int
	since  time.Time // when the source was started
	retry  time.Time // not started again before
	delay  time.Duration
	heard  bool // a hint has come since the last walk began
	sound  bool // the source ran before this walk, and no hint has come
	silent int  // walks in a row that found what a sound source did not announce

	failures, overflows, foundByWalkOnly, unwatched int
}

// begin prepares for a walk: it takes the hint that may be there and starts the source if it isn't running.
func (h *hints) begin(walk int) {
	h.walk = walk
	select {
	case _, ok := <-h.changes:
		h.heard = true
		if !ok {
			h.fail(nil)
		}
	default:
	}
	h.sound = h.changes != nil && !h.heard
	if h.heard {
		h.silent = 0
	}
	h.heard = false
	now := time.Now()
	if h.changes != nil || now.Before(h.retry) {
		return
	}
	changes, err := h.source.Start()
	h.since, h.folders = now, make(map[string]int)
	if err != nil {
		h.fail(err)
		return
	}
	h.changes = changes
}

// add watches a folder. An error is the source's fault unless the folder cannot be read either.
func (h *hints) add(folder string) error {
	if h.changes == nil {
		return nil
	}
	if _, watched := h.folders[folder]; !watched && len(h.folders) >= maxWatched {
		return nil
	}
	if err := h.source.Add(folder); err != nil {
		return err
	}
	h.folders[folder] = h.walk
	return nil
}

// end judges the source by a walk that found so many new files in so many folders.
func (h *hints) end(fresh, folders int) {
	for folder, walk := range h.folders {
		if walk != h.walk {
			delete(h.folders, folder)
		}
	}
	h.unwatched = folders
	if h.changes != nil {
		h.unwatched = max(0, folders-len(h.folders))
	}
	if !h.sound || fresh == 0 {
		return
	}
	h.foundByWalkOnly += fresh
	if h.silent++; h.silent >= maxSilent && h.changes != nil && h.unwatched == 0 {
		h.fail(errSilent)
		h.unwatched = folders
	}
}

// fail drops the source; a later walk starts it again. A nil reason: the source knows it.
func (h *hints) fail(reason error) {
	if err := h.stop(); reason == nil {
		reason = err
	}
	now := time.Now()
	if now.Sub(h.since) >= maxHintDelay {
		h.delay = 0
	}
	h.retry = now.Add(h.delay)
	h.delay = min(max(2*h.delay, minHintDelay), maxHintDelay)
	h.failures++
	if errors.Is(reason, ErrOverflow) {
		h.overflows++
	}
	h.silent = 0
	if reason == nil {
		reason = errors.New("closed")
	}
	h.log.Warn("hints were lost, folders are still walked", "failures", h.failures, "err", bare(reason))
}

func (h *hints) stop() error {
	if h.changes == nil {
		return nil
	}
	h.changes = nil
	return h.source.Stop()
}
