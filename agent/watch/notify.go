package watch

import (
	"errors"
	"fmt"

	"github.com/fsnotify/fsnotify"
)

// bufferSize is what Windows collects for each folder before changes are lost, in bytes; elsewhere without effect.
const bufferSize = 32 << 10

// notifySource is fsnotify as a HintSource. Any error ends it: on Windows a folder is not watched any more after most
// errors although the watcher looks alive, and after an overflow nobody knows what was lost.
type notifySource struct {
	watcher *fsnotify.Watcher
	done    chan struct{} // closed when drain has ended
	err     error         // why hints were lost; valid after done
}

// Start begins anew.
func (s *notifySource) Start() (<-chan struct{}, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("start file notifications: %w", err)
	}
	changes := make(chan struct{}, 1)
	s.watcher, s.done, s.err = w, make(chan struct{}), nil
	go s.drain(changes)
	return changes, nil
}

// Add watches a folder.
func (s *notifySource) Add(folder string) error {
	return s.watcher.AddWith(folder, fsnotify.WithBufferSize(bufferSize))
}

// Stop ends fsnotify's goroutines and ours.
func (s *notifySource) Stop() error {
	err := s.watcher.Close()
	<-s.done
	if s.err != nil {
		return s.err
	}
	return err
}

// drain reads both channels until they are closed: fsnotify cannot be closed otherwise.
func (s *notifySource) drain(changes chan<- struct{}) {
	defer close(s.done)
	events, errs := s.watcher.Events, s.watcher.Errors
	lost := false
	lose := func(err error) {
		if !lost {
			lost, s.err = true, err
			close(changes)
		}
	}
	for events != nil || errs != nil {
		select {
		case e, ok := <-events:
			if !ok {
				events = nil
				lose(nil)
			} else if !lost && (e.Has(fsnotify.Create) || e.Has(fsnotify.Write)) {
				select {
				case changes <- struct{}{}:
				default: // one hint is as good as many
				}
			}
		case err, ok := <-errs:
			if !ok {
				errs = nil
			}
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				err = fmt.Errorf("%w: %w", ErrOverflow, err)
			}
			lose(err)
		}
	}
}
