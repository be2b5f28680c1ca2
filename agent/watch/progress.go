package watch

import (
	"slices"
	"time"
)

// Progress is what a watcher has done and what it waits for. It holds no names of files.
type Progress struct {
	Walks    int           // full walks since the start
	LastWalk time.Time     // when the last one ended; zero: none yet
	WalkTime time.Duration // that it took
	NextWalk time.Time     // when the next one begins at the latest
	Waiting  int           // files seen and not settled, or not taken in yet
	Empty    int           // files without content at the last walk; they are not in Waiting
	Paused   bool          // the sink paused intake
	Failing  int           // files in Waiting that could not be opened or taken in
	Failure  string        // why, of one of them, without its name; "" when none is

	HintFailures    int // how often the source of hints failed and was dropped
	Overflows       int // of them, how often because more happened than the system could tell
	FoundByWalkOnly int // files that no hint announced although the source seemed to work
	Unwatched       int // folders of the last walk from which no hints come

	Faults []FolderFault // of the last walk
}

// Idle reports whether everything that the last walk found has been dealt with. Empty files and folders that could
// not be read (Faults) do not count.
func (p Progress) Idle() bool {
	return p.Walks > 0 && p.Waiting == 0
}

// FolderFault is a configured folder that could not be read, or not wholly. It is read again at each walk.
type FolderFault struct {
	Feed   string
	Folder string // as configured, up to the first wildcard
	Inside int    // how many folders below it could not be read; 0: the folder itself
	Err    error  // the system's reason, without path
}

func (f FolderFault) equal(g FolderFault) bool {
	return f.Feed == g.Feed && f.Folder == g.Folder && f.Inside == g.Inside && f.Err.Error() == g.Err.Error()
}

// Progress returns the present state. It may be called from any goroutine.
func (w *Watcher) Progress() Progress {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.progress
	p.Faults = slices.Clone(p.Faults)
	return p
}

// publish brings the counters up to date.
func (w *Watcher) publish() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refresh()
}

// recount publishes what holds files up, once a look.
func (w *Watcher) recount() {
	n, why := 0, ""
	for _, p := range w.pending {
		if p.failure != "" {
			n++
			why = max(why, p.failure)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.progress.Failing, w.progress.Failure = n, why
	w.refresh()
}

func (w *Watcher) refresh() {
	w.progress.Waiting = len(w.pending)
	w.progress.Paused = w.paused
	w.progress.HintFailures = w.hints.failures
	w.progress.Overflows = w.hints.overflows
	w.progress.FoundByWalkOnly = w.hints.foundByWalkOnly
	w.progress.Unwatched = w.hints.unwatched
}

// walked publishes a walk's results at once, so that Walks > 0 never stands beside a Waiting from before.
func (w *Watcher) walked(s *scan) {
	w.mu.Lock()
	before := w.progress.Faults
	w.progress.Walks = w.walks
	w.progress.LastWalk, w.progress.WalkTime, w.progress.NextWalk = time.Now(), s.took, w.nextWalk
	w.progress.Empty = len(s.empty)
	w.progress.Faults = s.faults
	w.refresh()
	w.mu.Unlock()
	for _, f := range s.faults {
		if !slices.ContainsFunc(before, f.equal) {
			w.log.Warn("folder cannot be read", "feed", f.Feed, "folder", f.Folder, "inside", f.Inside, "err", f.Err)
		}
	}
	for _, f := range before {
		same := func(g FolderFault) bool { return f.Feed == g.Feed && f.Folder == g.Folder }
		if !slices.ContainsFunc(s.faults, same) {
			w.log.Info("folder can be read again", "feed", f.Feed, "folder", f.Folder)
		}
	}
}
