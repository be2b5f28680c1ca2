package watch_test

import (
	"testing"

	"tramsync/agent/watch"
)

func TestFeedOf(t *testing.T) {
	feeds := []watch.Feed{
		{Name: "his", Patterns: []string{"/srv/his/**/*.xml"}},
		{Name: "v20", Patterns: []string{"/srv/v20/tiemchung*.csv"}},
	}
	for path, want := range map[string]string{
		"/srv/his/a.xml":           "his",
		"/srv/his/2026/11/b.xml":   "his",
		"/srv/his/a.csv":           "",
		"/srv/v20/tiemchung.csv":   "v20",
		"/srv/v20/x/tiemchung.csv": "",
		"/srv/other/a.xml":         "",
	} {
		if got := watch.FeedOf(feeds, path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
