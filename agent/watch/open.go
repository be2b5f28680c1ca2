package watch

import (
	"errors"
	"fmt"
	"os"
)

// ErrNotRegular is returned for a path that is not, or not any more, a regular file.
var ErrNotRegular = errors.New("not a regular file")

// Open opens an export for reading without disturbing its writer: on Windows others may go on to read, write, rename
// and delete the file. It refuses what is not a regular file with [ErrNotRegular], a symbolic link too. Its errors
// don't hold the path; those of the returned file's methods do.
func Open(path string) (*os.File, error) {
	f, err := openShared(path)
	if err != nil {
		return nil, fmt.Errorf("open export: %w", bare(err))
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = ErrNotRegular
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("open export: %w", bare(err))
	}
	return f, nil
}
