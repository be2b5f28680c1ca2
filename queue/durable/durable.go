// Package durable writes small files so that a power cut leaves the old one or the new one, whole: keys, identities,
// pointers.
//
// It doesn't lock: of two writers of one name WriteFile leaves the one or the other, CreateFile and Place the first. It
// keeps no state.
package durable

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFile writes data to path, readable by its owner only: under another name in the same folder, synced, closed,
// renamed, and the folder synced.
func WriteFile(path string, data []byte) error {
	tmp := path + ".tmp" // one name: a crash leaves one at most
	err := writeSynced(tmp, data)
	if err == nil {
		err = os.Rename(tmp, path) // after Close: Windows needs that order
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), errors.Join(err, remove(tmp)))
	}
	return SyncDir(filepath.Dir(path))
}

// CreateFile is WriteFile for a file that must not be there yet. If it is, the error is fs.ErrExist and the file is
// as it was, also when two processes try at once.
func CreateFile(path string, data []byte) error {
	tmp := Temporary(path)
	if err := writeSynced(tmp, data); err != nil {
		return fmt.Errorf("create %s: %w", filepath.Base(path), errors.Join(err, remove(tmp)))
	}
	return Place(tmp, path)
}

// Temporary is a name beside path that nobody else uses.
func Temporary(path string) string { return path + "." + rand.Text()[:8] + ".tmp" }

// Place gives tmp, a file that is complete, synced and closed, its name, and makes that durable. If the name is
// taken, the error is fs.ErrExist.
func Place(tmp, path string) error {
	err := os.Link(tmp, path)
	if err != nil && !errors.Is(err, fs.ErrExist) { // FAT has no links
		if _, statErr := os.Lstat(path); errors.Is(statErr, fs.ErrNotExist) {
			err = os.Rename(tmp, path)
		}
	}
	if err != nil {
		return fmt.Errorf("create %s: %w", filepath.Base(path), errors.Join(err, remove(tmp)))
	}
	_ = remove(tmp) // on Windows a scanner may hold it; a second name beside the first does no harm
	return SyncDir(filepath.Dir(path))
}

func writeSynced(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

// remove is os.Remove of a file that may be gone already.
func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
