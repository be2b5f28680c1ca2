package watch

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"time"
)

const (
	defaultInterval = 30 * time.Second
	minLookGap      = 50 * time.Millisecond  // between two looks at waiting files
	pauseGap        = 2 * time.Second        // between two tries while the sink takes in nothing
	minWalkGap      = 250 * time.Millisecond // between the end of a walk and the next one a hint asks for
	// A busy folder can give hints without end: walks on hints take at most one part in walkShare of the time.
	walkShare = 10
	// While nothing happens, walks and glances take at most one part in idleShare each, so that a folder of 200,000
	// old exports costs an old PC nothing that people feel. Longer than maxInterval no walk is put off.
	idleShare   = 200
	maxInterval = 15 * time.Minute
)

// ErrPause is wrapped by a sink that takes in nothing for now: the files that are due wait, and the first of them is
// offered again after two seconds.
var ErrPause = errors.New("intake is paused")

// Feed is a set of files to watch.
type Feed struct {
	Name     string
	Patterns []string      // absolute, as config validates them; ** stands for any folders; Windows ignores case
	Settle   time.Duration // how long a file must be unchanged
}

// File is an export file as it was last seen.
type File struct {
	Feed    string // the first feed with a pattern that matches
	Path    string // absolute; confidential
	Size    int64  // bytes, more than 0
	ModTime time.Time
}

// LogValue leaves the path out, so that a File cannot get a patient's name into a log.
func (f File) LogValue() slog.Value {
	return slog.GroupValue(slog.String("feed", f.Feed), slog.Int64("size", f.Size))
}

func (f File) same(g File) bool {
	return f.Feed == g.Feed && f.Size == g.Size && f.ModTime.Equal(g.ModTime)
}

// Sink takes settled files. Its methods are called from Run's goroutine only.
type Sink interface {
	// Known says whether this path with this size and time has been dealt with. It is called for each file at each
	// walk and must be cheap.
	Known(f File) bool
	// TakeIn deals with a settled file. After nil, Known must be true for it. After an error that wraps ErrPause
	// this and all other files wait for the next walk, after another error this one for an interval.
	TakeIn(ctx context.Context, f File) error
}

// Options are a watcher's surroundings. Feeds is required.
type Options struct {
	Feeds    []Feed
	Interval time.Duration // between glances, and between full walks unless these take long; default 30 s
	Log      *slog.Logger  // default: no log
	Hints    HintSource    // default: fsnotify
}

// Watcher finds settled files. Make one with [New].
type Watcher struct {
	sink     Sink
	log      *slog.Logger
	interval time.Duration
	feeds    []Feed
	match    matcher
	roots    []root
	hints    hints

	// Run's goroutine only.
	pending    map[string]*pending  // by path: seen, not settled or not taken in
	folders    map[string]time.Time // of the last walk -> modification time before it was read
	walks      int
	nextWalk   time.Time
	nextGlance time.Time
	quiet      time.Time // no walk on a hint before
	lastLook   time.Time
	paused     bool

	mu       sync.Mutex
	progress Progress // guarded by mu
}

// New returns a watcher that waits for Run.
func New(opt Options, sink Sink) *Watcher {
	w := &Watcher{
		sink:     sink,
		log:      opt.Log,
		interval: opt.Interval,
		feeds:    slices.Clone(opt.Feeds),
		pending:  make(map[string]*pending),
	}
	if w.log == nil {
		w.log = slog.New(slog.DiscardHandler)
	}
	if w.interval <= 0 {
		w.interval = defaultInterval
	}
	w.match, w.roots = compile(runtime.GOOS, w.feeds)
	w.hints = hints{source: opt.Hints, log: w.log}
	if w.hints.source == nil {
		w.hints.source = &notifySource{}
	}
	return w
}

// Run watches until ctx is done and then returns nil. It is called once.
func (w *Watcher) Run(ctx context.Context) error {
	defer w.hints.stop()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case _, ok := <-w.hints.changes:
			w.hinted(ok)
		case <-timer.C:
			w.step(ctx)
		}
		timer.Reset(time.Until(w.next()))
	}
}

// step does what is due: a walk or a glance, and a look at the waiting files.
func (w *Watcher) step(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	now := time.Now()
	switch {
	case !now.Before(w.nextWalk):
		w.walk(ctx)
	case !now.Before(w.nextGlance):
		w.glance(ctx)
	}
	w.handOver(ctx)
}

// hinted brings the next walk forward. A source that failed may have lost hints, so that calls for a walk too.
func (w *Watcher) hinted(ok bool) {
	if ok {
		w.hints.heard = true
	} else {
		w.hints.fail(nil)
		w.publish()
	}
	w.walkSoon()
}

func (w *Watcher) walkSoon() {
	if w.quiet.Before(w.nextWalk) {
		w.nextWalk = w.quiet
	}
}

// next returns when there is something to do: the next walk or glance, or before it the first waiting file that can
// have settled.
func (w *Watcher) next() time.Time {
	at := w.nextWalk
	if w.nextGlance.Before(at) {
		at = w.nextGlance
	}
	if again := w.lastLook.Add(pauseGap); w.paused && again.Before(at) {
		return again
	}
	if w.paused {
		return at
	}
	earliest := w.lastLook.Add(minLookGap)
	for _, p := range w.pending {
		if look := later(p.due, earliest); look.Before(at) {
			at = look
		}
	}
	return at
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
