//go:build unix

package watch

import (
	"errors"
	"os"
	"syscall"
)

// openShared does not wait for the other end of a pipe (O_NONBLOCK) and does not follow a link.
func openShared(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOFOLLOW, 0)
	if errors.Is(err, syscall.ELOOP) {
		return nil, ErrNotRegular
	}
	return f, err
}

func openFolder(path string) (*os.File, error) { return os.Open(path) }

func lstat(path string) (os.FileInfo, error) { return os.Lstat(path) }
