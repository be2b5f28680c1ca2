package watch_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tramsync/agent/watch"
)

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "NGUYEN.xml")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}

	t.Run("a regular file can be read, renamed and removed meanwhile", func(t *testing.T) {
		f, err := watch.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := os.Rename(file, file+"2"); err != nil {
			t.Errorf("rename: %v", err)
		}
		if err := os.Remove(file + "2"); err != nil {
			t.Errorf("remove: %v", err)
		}
		if b, err := io.ReadAll(f); err != nil || string(b) != "x" {
			t.Errorf("got %q, %v", b, err)
		}
	})
	t.Run("a missing file is told as such, without its name", func(t *testing.T) {
		_, err := watch.Open(filepath.Join(dir, "NGUYEN-none.xml"))
		if !errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), "NGUYEN") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a folder is refused", func(t *testing.T) {
		if _, err := watch.Open(dir); !errors.Is(err, watch.ErrNotRegular) {
			t.Errorf("got %v", err)
		}
	})
}
