package watch_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tramsync/agent/watch"
)

// allKnown is a sink that costs nothing and tells of each walk's last file.
type allKnown struct {
	files, asked int
	walked       chan struct{}
}

func (s *allKnown) Known(watch.File) bool {
	if s.asked++; s.asked%s.files == 0 {
		s.walked <- struct{}{}
	}
	return true
}

func (s *allKnown) TakeIn(context.Context, watch.File) error { return nil }

// noHints is a share that announces nothing.
type noHints struct{}

func (noHints) Start() (<-chan struct{}, error) { return make(chan struct{}), nil }
func (noHints) Add(string) error                { return nil }
func (noHints) Stop() error                     { return nil }

// BenchmarkWatcher_Walk is what the watcher itself needs for a file that is known.
func BenchmarkWatcher_Walk(b *testing.B) {
	const files = 10_000
	dir := b.TempDir()
	for i := range files {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%05d.xml", i)), []byte("x"), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	opt := watch.Options{Hints: noHints{},
		Feeds: []watch.Feed{{Name: "his", Patterns: []string{dir + "/**/*.xml"}, Settle: time.Second}}}
	for b.Loop() {
		sink := &allKnown{files: files, walked: make(chan struct{})}
		ctx, cancel := context.WithCancel(b.Context())
		done := make(chan error, 1)
		go func() { done <- watch.New(opt, sink).Run(ctx) }()
		<-sink.walked
		cancel()
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*files), "ns/file")
}
