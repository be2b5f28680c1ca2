package watch

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// os.Open does not share deletion (golang/go#32088): while we read, the HIS could not replace its own export.
const shareAll = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE

func openShared(path string) (*os.File, error) {
	info, err := lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, ErrNotRegular
	}
	return open(path, windows.FILE_FLAG_SEQUENTIAL_SCAN)
}

// openFolder lets others rename and delete the folder while it is listed.
func openFolder(path string) (*os.File, error) {
	return open(path, windows.FILE_FLAG_BACKUP_SEMANTICS)
}

func lstat(path string) (os.FileInfo, error) { return os.Lstat(verbatim(path)) }

// verbatim makes Windows take a path as it stands: else "a.xml." would be "a.xml", "nul.xml" a device, and before
// Windows 10 a path of more than 259 characters no path.
func verbatim(path string) string {
	if !filepath.IsAbs(path) || strings.HasPrefix(path, `\\?\`) || strings.HasPrefix(path, `\\.\`) {
		return path
	}
	path = filepath.Clean(path)
	if share, ok := strings.CutPrefix(path, `\\`); ok {
		return `\\?\UNC\` + share
	}
	return `\\?\` + path
}

func open(path string, flags uint32) (*os.File, error) {
	name, err := windows.UTF16PtrFromString(verbatim(path))
	if err != nil {
		return nil, err
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ, shareAll, nil, windows.OPEN_EXISTING, flags, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(h), path), nil
}
