package watch

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
	"strings"
)

// Gone returns a function that says whether a file of some feed isn't in its folder any more. While the folder that the
// feeds' patterns begin with is away itself, a drive that isn't plugged in say, nothing in it is gone. A file below no
// pattern is gone when it can't be found.
func Gone(feeds []Feed) func(path string) bool {
	m, roots := compile(runtime.GOOS, feeds)
	return func(path string) bool {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return false
		}
		for _, r := range roots {
			folder := strings.TrimSuffix(m.fold(m.slash(r.folder)), "/") + "/"
			if !strings.HasPrefix(m.fold(m.slash(path)), folder) {
				continue
			}
			if _, err := os.Stat(r.folder); err != nil {
				return false
			}
		}
		return true
	}
}
