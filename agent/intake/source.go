package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"tramsync/agent/export"
)

// ErrChanged says that a file changed while it was read: it hasn't settled after all and waits.
var ErrChanged = errors.New("the file changed while it was read")

// inMemory is the size up to which a file is copied out and closed at once, so that its writer is disturbed as briefly
// as can be.
const inMemory = 8 << 20

// source is a file's content: in memory, or the open file when it is large.
type source struct {
	io.ReaderAt
	size int64
	sum  [sha256.Size]byte
	file *os.File // nil when in memory
}

// Size of the content in bytes.
func (s *source) Size() int64 { return s.size }

func (s *source) close() {
	if s.file != nil {
		_ = s.file.Close() // only read from: nothing can be lost
	}
}

// load opens and reads the file, and proves that it is still the one that settled.
func (in *Intake) load(ctx context.Context, f File) (*source, error) {
	file, err := in.s.Open(f.Path)
	if err != nil {
		return nil, fmt.Errorf("open export: %w", withoutPath(err))
	}
	s := &source{ReaderAt: file, file: file, size: f.Size}
	var buf bytes.Buffer
	out := io.Discard
	if f.Size <= inMemory {
		buf.Grow(int(f.Size) + bytes.MinRead)
		out = &buf
	}
	if s.sum, err = s.read(ctx, out); err == nil {
		err = sameFile(file, f)
	}
	if err != nil {
		s.close()
		return nil, fmt.Errorf("read export: %w", withoutPath(err))
	}
	if f.Size <= inMemory {
		s.close()
		s.file, s.ReaderAt = nil, bytes.NewReader(buf.Bytes())
	}
	return s, nil
}

// read copies the file to out and gives its SHA-256. A file that isn't as long as it should be has changed; of one that
// is too large to be taken in only the beginning is read.
func (s *source) read(ctx context.Context, out io.Writer) ([sha256.Size]byte, error) {
	h := sha256.New()
	// One byte more than there should be shows that the file has grown.
	in := stoppable{in: io.NewSectionReader(s.file, 0, min(s.size, export.MaxFile)+1), ctx: ctx}
	n, err := io.Copy(io.MultiWriter(h, out), in)
	if err == nil && n != s.size && n <= export.MaxFile {
		err = ErrChanged
	}
	return [sha256.Size]byte(h.Sum(nil)), err
}

// stoppable is a reader that ends with its context.
type stoppable struct {
	in  io.Reader
	ctx context.Context
}

// Read reads unless the context has ended.
func (s stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.in.Read(p)
}

func sameFile(file *os.File, f File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.Size() != f.Size || !info.ModTime().Equal(f.ModTime) {
		return ErrChanged
	}
	return nil
}

// unchanged proves that a file read in place had one content all the time.
func (s *source) unchanged(ctx context.Context) error {
	if s.file == nil {
		return nil
	}
	sum, err := s.read(ctx, io.Discard)
	if err != nil {
		return fmt.Errorf("read export again: %w", withoutPath(err))
	}
	if sum != s.sum {
		return ErrChanged
	}
	return nil
}

// withoutPath takes the file's name out of an error of package os, extension and all: it may hold a patient's name.
func withoutPath(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return fmt.Errorf("%s: %w", pe.Op, pe.Err)
	}
	return err
}
