package watch_test

import (
	"os"
	"path/filepath"
	"testing"

	"tramsync/agent/watch"
)

func TestGone(t *testing.T) {
	dir := t.TempDir()
	his, away := filepath.Join(dir, "his"), filepath.Join(dir, "drive")
	if err := os.MkdirAll(filepath.Join(his, "cũ"), 0o755); err != nil {
		t.Fatal(err)
	}
	there := filepath.Join(his, "a.xml")
	if err := os.WriteFile(there, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	gone := watch.Gone([]watch.Feed{{Name: "his", Patterns: []string{filepath.ToSlash(his) + "/**/*.xml"}},
		{Name: "v20", Patterns: []string{filepath.ToSlash(away) + "/*.csv"}}})
	for path, want := range map[string]bool{
		there:                                  false,
		filepath.Join(his, "b.xml"):            true,
		filepath.Join(his, "cũ", "b.xml"):      true,
		filepath.Join(his, "gone", "b.xml"):    true,
		filepath.Join(away, "b.csv"):           false, // the drive is away
		filepath.Join(dir, "another", "b.csv"): true,  // no feed looks there any more
	} {
		if got := gone(path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	if err := os.Mkdir(away, 0o755); err != nil {
		t.Fatal(err)
	}
	if !gone(filepath.Join(away, "b.csv")) {
		t.Error("the drive is back, and a file that isn't on it isn't gone")
	}
}
