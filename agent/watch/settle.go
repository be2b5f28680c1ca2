package watch

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"
	"time"
)

// pending is a file that has not been taken in, as the last look found it.
type pending struct {
	File
	settle time.Duration
	due    time.Time // not handed over before: the look that found it like this, and its settle time
	walk   int       // the last walk that saw it
	// failure is why it could not be opened or taken in before, without its name.
	failure string
}

// see notes what a look found now. It returns whether the file was not there before.
func (w *Watcher) see(f File, settle time.Duration) bool {
	p, known := w.pending[f.Path]
	if !known || !p.same(f) {
		p = &pending{File: f, settle: settle, due: time.Now().Add(settle)}
		w.pending[f.Path] = p
	}
	p.walk = w.walks
	return !known
}

// handOver offers the files that are due to the sink.
func (w *Watcher) handOver(ctx context.Context) {
	now := time.Now()
	var due []*pending
	for _, p := range w.pending {
		if !now.Before(p.due) {
			due = append(due, p)
		}
	}
	slices.SortFunc(due, func(a, b *pending) int {
		return cmp.Or(a.ModTime.Compare(b.ModTime), cmp.Compare(a.Path, b.Path))
	})
	failed, reason := make(map[string]int), make(map[string]string) // files that newly wait for a reason, by feed
	for _, p := range due {
		if ctx.Err() != nil {
			return
		}
		err := w.offer(ctx, p)
		w.paused = errors.Is(err, ErrPause)
		if err != nil && !w.paused && ctx.Err() == nil {
			if p.failure == "" {
				failed[p.Feed]++
			}
			p.failure = withoutPath(err)
			reason[p.Feed] = p.failure
		}
		w.publish()
		if w.paused {
			break
		}
	}
	for feed, n := range failed {
		w.log.Warn("files wait: they could not be opened or taken in", "feed", feed, "files", n, "err", reason[feed])
	}
	w.recount()
	w.lastLook = time.Now()
}

// offer looks at a file for the second time, through an open handle, and hands it over if it is as before. It returns
// the error for which the file waits.
func (w *Watcher) offer(ctx context.Context, p *pending) error {
	now, err := look(p.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, ErrNotRegular):
		delete(w.pending, p.Path)
		return nil
	case err != nil && p.failure == "": // its writer still holds it
		p.due = time.Now().Add(p.settle)
		return err
	case err != nil: // and will for longer, or we must not read it
		p.due = time.Now().Add(w.interval)
		return err
	case now.Size() == 0:
		delete(w.pending, p.Path) // the next walk counts it as empty
		return nil
	}
	seen := File{Feed: p.Feed, Path: p.Path, Size: now.Size(), ModTime: now.ModTime()}
	if !p.same(seen) {
		w.see(seen, p.settle)
		return nil
	}
	err = w.sink.TakeIn(ctx, p.File)
	switch {
	case err == nil:
		delete(w.pending, p.Path)
	case !errors.Is(err, ErrPause):
		p.due = time.Now().Add(w.interval)
	}
	return err
}

// withoutPath is an error's text without the file's name, which may hold a patient's.
func withoutPath(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Op + ": " + pe.Err.Error()
	}
	return err.Error()
}

// look opens a file and returns what its handle says. A folder's listing can be older: NTFS writes a file's size into
// it when the writer closes it.
func look(path string) (fs.FileInfo, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Stat()
}
