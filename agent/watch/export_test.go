package watch

import "github.com/fsnotify/fsnotify"

// Root is what a pattern makes the watcher walk.
type Root struct {
	Folder string
	Depth  int
	Feeds  []string
}

// Endless is the depth of patterns with **.
const Endless = endless

// Roots returns the folders that would be walked on a system.
func Roots(goos string, feeds []Feed) []Root {
	_, roots := compile(goos, feeds)
	var out []Root
	for _, r := range roots {
		out = append(out, Root{r.folder, r.depth, r.feeds})
	}
	return out
}

// FeedOn is FeedOf on a named system.
func FeedOn(goos string, feeds []Feed, path string) string {
	m, _ := compile(goos, feeds)
	if i := m.feed(path); i >= 0 {
		return feeds[i].Name
	}
	return ""
}

// Ignored tells what names are passed over.
func Ignored(name string) bool { return ignored(name) }

// NewNotifySource returns the real source of hints.
func NewNotifySource() HintSource { return &notifySource{} }

// StalledSource is the real source, which reads nothing before Go is closed: meanwhile the system's buffer fills up.
type StalledSource struct {
	notifySource
	Go   chan struct{}
	Mute bool // what it reads is kept from the watcher
}

// Start begins anew.
func (s *StalledSource) Start() (<-chan struct{}, error) {
	w, err := fsnotify.NewWatcher()
	changes := make(chan struct{}, 1)
	s.watcher, s.done, s.err = w, make(chan struct{}), nil
	go func() {
		<-s.Go
		s.drain(changes)
	}()
	if s.Mute {
		return make(chan struct{}), err
	}
	return changes, err
}

// Drain reads the channels of a file system watcher as the real source does; it returns why hints were lost.
func Drain(events chan fsnotify.Event, errs chan error, changes chan<- struct{}) error {
	s := &notifySource{watcher: &fsnotify.Watcher{Events: events, Errors: errs}, done: make(chan struct{})}
	s.drain(changes)
	<-s.done
	return s.err
}
