package xlsx

import (
	"archive/zip"
	"errors"
	"io"
	"math"
	"strings"
)

// Limits against hostile archives.
const (
	maxEntries   = 2000    // a workbook of 200 sheets has about 800
	maxDirectory = 2 << 20 // bytes of the zip's directory and what is read to find it
	maxUnpacked  = 1 << 30 // bytes of all parts; a sheet of a million rows and ten columns has some 600 MB
	maxRatio     = 200     // of what is unpacked to what is packed, in a part of more than ratioFrom
	ratioFrom    = 1 << 20
)

// source is the file. It remembers why reading it failed, since the readers above make other errors of it, and limits
// how much of it is read while left is small.
type source struct {
	in   io.ReaderAt
	size int64
	left int64
	err  error
}

var errLimit = errors.New("more to read than any honest workbook has")

// ReadAt reads as long as something is left.
func (s *source) ReadAt(p []byte, off int64) (int, error) {
	if s.left -= int64(len(p)); s.left < 0 {
		return 0, errLimit
	}
	if off < 0 || off > s.size { // a hostile directory
		return 0, io.ErrUnexpectedEOF
	}
	n, err := s.in.ReadAt(p, off)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// judge says what an error that came up while reading means: the disk's own, a limit, or a fault of the file.
func (s *source) judge(err error, code string) error {
	var known *Error
	switch {
	case s.err != nil:
		return s.err
	case errors.As(err, &known):
		return err
	case errors.Is(err, errLimit):
		return fault(Limit)
	}
	return fault(code)
}

// archive is the zip file that a workbook is.
type archive struct {
	src   *source
	parts map[string]*zip.File // by their names in lower case, as OPC compares them
}

func openArchive(in io.ReaderAt, size int64) (*archive, error) {
	src := &source{in: in, size: size, left: maxDirectory}
	z, err := zip.NewReader(src, size)
	if err != nil {
		return nil, src.judge(err, NotZip)
	}
	src.left = math.MaxInt64
	if len(z.File) > maxEntries {
		return nil, fault(Limit)
	}
	a := &archive{src: src, parts: make(map[string]*zip.File, len(z.File))}
	total := uint64(0)
	for _, f := range z.File {
		name := partName(f.Name)
		if strings.HasSuffix(name, "/") {
			continue
		}
		if _, twice := a.parts[name]; twice {
			return nil, fault(Damaged) // readers differ in which of the two they take
		}
		a.parts[name] = f
		if f.UncompressedSize64 > maxUnpacked {
			return nil, fault(Limit)
		}
		if total += f.UncompressedSize64; total > maxUnpacked {
			return nil, fault(Limit)
		}
	}
	return a, nil
}

// partName makes names comparable: some writers use backslashes.
func partName(name string) string {
	return strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(name, `\`, "/")), "/")
}

func (a *archive) has(name string) bool { return a.parts[partName(name)] != nil }

// open unpacks a part. Package zip gives no more than the directory declares, and fails at the end when it was less or
// the checksum differs.
func (a *archive) open(name string) (io.ReadCloser, error) {
	f := a.parts[partName(name)]
	switch {
	case f == nil:
		return nil, fault(Damaged)
	case f.Flags&1 != 0:
		return nil, fault(Password)
	case f.UncompressedSize64 > ratioFrom && f.UncompressedSize64/maxRatio > f.CompressedSize64:
		return nil, fault(Limit)
	}
	rc, err := f.Open()
	if err != nil {
		return nil, a.src.judge(err, Damaged)
	}
	return rc, nil
}
