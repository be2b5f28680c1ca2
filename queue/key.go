package queue

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"

	"tramsync/queue/durable"
)

// loadKey reads the queue's key, or makes it when there is neither key nor queue. It never replaces one.
func loadKey(path string, fresh bool) ([]byte, error) {
	key, err := os.ReadFile(path)
	switch {
	case err == nil && len(key) == KeySize:
		return key, nil
	case err == nil:
		return nil, fmt.Errorf("%w: %s has %d bytes instead of %d: put the right file back",
			ErrKeyMissing, path, len(key), KeySize)
	case !errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("read queue key: %w", err)
	case !fresh:
		return nil, fmt.Errorf("%w: put %s back, or move %s aside to begin anew (the exports are then read again)",
			ErrKeyMissing, path, fileName)
	}
	key = make([]byte, KeySize)
	rand.Read(key) // never fails: crypto/rand ends the program rather
	err = durable.CreateFile(path, key)
	if errors.Is(err, os.ErrExist) {
		return loadKey(path, false) // another process was quicker: its key is the queue's
	}
	if err != nil {
		return nil, fmt.Errorf("make queue key: %w", err)
	}
	return key, nil
}
