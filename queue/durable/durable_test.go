package durable_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tramsync/queue/durable"
)

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	for _, content := range []string{"first", "", "a longer second one"} {
		if err := durable.WriteFile(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != content {
			t.Fatalf("read back %q, %v; want %q", got, err, content)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %d files (%v), want only the one written", len(entries), err)
	}
}

func TestWriteFile_a_failed_write_keeps_the_old_file_and_leaves_nothing_else(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "taken")
	if err := os.MkdirAll(filepath.Join(path, "full"), 0o700); err != nil { // a folder can't be renamed over
		t.Fatal(err)
	}
	if err := durable.WriteFile(path, []byte("x")); err == nil {
		t.Fatal("no error")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || !entries[0].IsDir() {
		t.Errorf("the folder was left with %v, %v", entries, err)
	}
}

func TestCreateFile_never_replaces(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "key")
	var made atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			err := durable.CreateFile(path, []byte(strings.Repeat(string(rune('a'+i)), 1000)))
			switch {
			case err == nil:
				made.Add(1)
			case !errors.Is(err, fs.ErrExist):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := made.Load(); n != 1 {
		t.Errorf("%d writers were told that the file is theirs", n)
	}
	before, err := os.ReadFile(path)
	if err != nil || len(before) != 1000 || strings.Count(string(before), string(before[:1])) != 1000 {
		t.Fatalf("%d bytes of several writers, %v", len(before), err)
	}
	if err := durable.CreateFile(path, nil); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the file was replaced, %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %d files, %v", len(entries), err)
	}
}

func TestPlace_of_a_file_that_is_not_there(t *testing.T) {
	dir := t.TempDir()
	if err := durable.Place(filepath.Join(dir, "none"), filepath.Join(dir, "key")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}
