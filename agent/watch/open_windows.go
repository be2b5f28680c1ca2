package watch

import (
	"os"

	"golang.org/x/sys/windows"
)

// os.Open does not share deletion (golang/go#32088): while we read, the HIS could not replace its own export.
const shareAll = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE

func openShared(path string) (*os.File, error) {
	info, err := os.Lstat(path)
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

func open(path string, flags uint32) (*os.File, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ, shareAll, nil, windows.OPEN_EXISTING, flags, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(h), path), nil
}
