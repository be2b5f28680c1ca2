package watch

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"time"
)

// scan is one walk over all folders.
type scan struct {
	*Watcher
	fresh  int                 // files that no walk has seen before
	empty  map[string]struct{} // files without content; a set, as a folder can be read twice, see visit
	read   map[string]visit    // by folder
	faults []FolderFault
	took   time.Duration
}

// visit is what reading a folder led to. Roots can lie within each other.
type visit struct {
	depth   int
	modTime time.Time // see modTime; before it was read
	err     error
}

// level is a folder to read.
type level struct {
	path  string
	depth int // how many levels below are read too; endless: all
}

// below returns the depth of the folders in this one.
func (l level) below() int {
	if l.depth == endless {
		return endless
	}
	return l.depth - 1
}

// covers reports whether a visit has read all that a level asks for.
func (v visit) covers(l level) bool {
	return v.depth == endless || l.depth != endless && l.depth <= v.depth
}

// walk looks at every file.
func (w *Watcher) walk(ctx context.Context) {
	start := time.Now()
	failures := w.hints.failures
	w.walks++
	w.paused = false
	w.hints.begin(w.walks)
	s := &scan{Watcher: w, empty: make(map[string]struct{}), read: make(map[string]visit), faults: w.match.faults()}
	for _, r := range w.roots {
		s.root(ctx, r)
	}
	if ctx.Err() != nil {
		return
	}
	w.folders = s.dates()
	for path, p := range w.pending {
		if p.walk != w.walks {
			delete(w.pending, path) // gone, renamed or dealt with
		}
	}
	w.hints.end(s.fresh, s.present())
	end := time.Now()
	s.took = end.Sub(start)
	w.nextWalk = end.Add(min(w.rest(s.took), max(w.interval, maxInterval)))
	w.nextGlance = end.Add(w.interval)
	w.quiet = end.Add(max(minWalkGap, (walkShare-1)*s.took))
	if w.hints.failures > failures {
		w.walkSoon()
	}
	w.walked(s)
}

// root reads a configured folder and what is below it.
func (s *scan) root(ctx context.Context, r root) {
	var inside int
	var cause error
	todo := []level{{r.folder, r.depth}}
	for len(todo) > 0 && ctx.Err() == nil {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		below, err := s.visit(ctx, at)
		todo = append(todo, below...)
		switch {
		case err == nil:
		case at.path == r.folder:
			cause = err
		case !errors.Is(err, fs.ErrNotExist): // else removed since its parent was read
			cause = err
			inside++
		}
	}
	if cause == nil || ctx.Err() != nil {
		return
	}
	for _, feed := range r.feeds {
		s.faults = append(s.faults, FolderFault{Feed: feed, Folder: r.folder, Inside: inside, Err: bare(cause)})
	}
}

// visit reads a folder unless it was read before, from another root.
func (s *scan) visit(ctx context.Context, at level) ([]level, error) {
	if v, again := s.read[at.path]; again && v.covers(at) {
		return nil, v.err
	}
	before := modTime(at.path)
	below, err := s.folder(ctx, at)
	s.read[at.path] = visit{at.depth, before, err}
	return below, err
}

// present counts the folders that were there.
func (s *scan) present() int {
	n := 0
	for _, v := range s.read {
		if !errors.Is(v.err, fs.ErrNotExist) {
			n++
		}
	}
	return n
}

// folder looks at the files of one folder and returns the folders in it. Hints begin before the folder is read, so
// that no file falls between.
func (s *scan) folder(ctx context.Context, at level) ([]level, error) {
	unheard := s.hints.add(at.path)
	dir, err := openFolder(at.path)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	if unheard != nil {
		s.hints.fail(unheard)
	}
	var below []level
	var fault error
	for ctx.Err() == nil {
		entries, err := dir.ReadDir(256) // a bound on memory: old folders hold tens of thousands
		for _, e := range entries {
			path := filepath.Join(at.path, e.Name())
			switch {
			case ignored(e.Name()):
			case e.IsDir() && at.depth != 0:
				below = append(below, level{path, at.below()})
			case e.Type().IsRegular():
				if err := s.file(path, e); err != nil {
					fault = err
				}
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return below, err
		}
	}
	return below, fault
}

// file looks at one file. The listing is enough to know a file again; one that is not known is asked for its true
// size and time, see look.
func (s *scan) file(path string, e fs.DirEntry) error {
	i := s.match.feed(path)
	if i < 0 {
		return nil
	}
	listed, err := e.Info()
	if err != nil {
		return unlessGone(err)
	}
	f := File{Feed: s.feeds[i].Name, Path: path, Size: listed.Size(), ModTime: listed.ModTime()}
	if f.Size > 0 && s.sink.Known(f) {
		return nil
	}
	now, err := lstat(path)
	if err != nil {
		return unlessGone(err)
	}
	if !now.Mode().IsRegular() {
		return nil
	}
	was := f
	f.Size, f.ModTime = now.Size(), now.ModTime()
	switch {
	case f.Size == 0:
		s.empty[path] = struct{}{}
	case !f.same(was) && s.sink.Known(f):
	case s.see(f, s.feeds[i].Settle):
		s.fresh++
	}
	return nil
}

func unlessGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// bare strips an error of the path it is about.
func bare(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
