package watch

import "runtime"

// FeedOf returns the name of the first feed with a pattern that matches an absolute path, or "". Names that the watcher
// ignores match too: a person asks about this very file.
func FeedOf(feeds []Feed, path string) string {
	m, _ := compile(runtime.GOOS, feeds)
	if i := m.feed(path); i >= 0 {
		return feeds[i].Name
	}
	return ""
}
