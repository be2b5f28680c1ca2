// Package durable writes small files so that a power cut leaves the old one or the new one, whole: keys, identities, pointers.
//
// It doesn't lock: two writers of one name leave the one or the other. It keeps no state.
package durable

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// WriteFile writes data to path, readable by its owner only: under another name in the same folder, synced, closed, renamed, and the folder synced.
func WriteFile(path string, data []byte) error {
	dir := filepath.Dir(path)
	f, err := os.OpenFile(path+".tmp", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // one name: a crash leaves one at most
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path) // after Close: Windows needs that order
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), errors.Join(err, os.Remove(f.Name())))
	}
	return SyncDir(dir)
}
