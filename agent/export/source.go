package export

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/encoding/unicode"

	"tramsync/sync/wire"
)

// Source is a file to read. It may be read more than once and must not change meanwhile; whoever opened it checks that.
type Source interface {
	io.ReaderAt
	Size() int64
}

// stoppable is a source whose reading ends with its context: the first pass over a large file gives no record in
// between.
type stoppable struct {
	Source
	ctx context.Context
}

// ReadAt reads unless the context has ended.
func (s stoppable) ReadAt(p []byte, off int64) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.Source.ReadAt(p, off)
}

// text is a file as UTF-8 text: the file itself, or a transcoded copy in memory.
type text struct {
	io.ReaderAt
	size     int64
	encoding string // wire.UTF16LE or wire.UTF16BE when transcoded
}

// openText sniffs the encoding by the first bytes; what a file declares isn't asked.
func openText(src Source) (text, error) {
	head, err := readRange(src, 0, min(4, src.Size()))
	if err != nil {
		return text{}, err
	}
	enc := wire.SniffUTF16(head)
	if enc == "" {
		return text{ReaderAt: src, size: src.Size()}, nil
	}
	if src.Size() > maxInMemory {
		return text{}, &FormatError{Code: "too-large"}
	}
	raw, err := readRange(src, 0, src.Size())
	if err != nil {
		return text{}, err
	}
	utf8, err := wire.DecodeUTF16(raw, enc)
	if err != nil {
		return text{}, &FormatError{Code: "encoding"}
	}
	return text{ReaderAt: bytes.NewReader(utf8), size: int64(len(utf8)), encoding: enc}, nil
}

// reader reads the text from its beginning, without a byte order mark; skipped is the mark's length.
func (t text) reader() (in io.Reader, skipped int64, err error) {
	head, err := readRange(t, 0, min(3, t.size))
	if err != nil {
		return nil, 0, err
	}
	if string(head) == "\ufeff" {
		skipped = 3
	}
	return io.NewSectionReader(t, skipped, t.size-skipped), skipped, nil
}

// encode gives a part of the text in the file's own encoding.
func (t text) encode(part []byte) ([]byte, error) {
	endian := unicode.LittleEndian
	switch t.encoding {
	case "":
		return part, nil
	case wire.UTF16BE:
		endian = unicode.BigEndian
	}
	out, err := unicode.UTF16(endian, unicode.IgnoreBOM).NewEncoder().Bytes(part)
	if err != nil {
		return nil, &FormatError{Code: "encoding"}
	}
	return out, nil
}

func readRange(src io.ReaderAt, from, to int64) ([]byte, error) {
	out := make([]byte, to-from)
	if n, err := src.ReadAt(out, from); err != nil && (err != io.EOF || n < len(out)) {
		return nil, readFault(err)
	}
	return out, nil
}

func readFault(err error) error { return fmt.Errorf("read export: %w", err) }

// errBudget ends a reading that went on for too long without anything complete to show for it.
var errBudget = errors.New("more bytes at a stretch than anything may have")

// budget is a reader that gives a limited number of bytes until more are granted, so that an unclosed quotation mark
// can't draw a whole file into memory.
type budget struct {
	in   io.Reader
	left int64
}

// Read reads at most as long as something is left.
func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errBudget
	}
	n, err := b.in.Read(p)
	b.left -= int64(n)
	return n, err
}

// grant allows for n bytes from here on, and what the readers above may have read ahead.
func (b *budget) grant(n int64) { b.left = n + readAhead }

const readAhead = 64 << 10

// countLines gives the number of the line that an offset lies in; only done for an error.
func countLines(src io.ReaderAt, offset int64) int {
	n := 1
	r := bufio.NewReader(io.NewSectionReader(src, 0, offset))
	for {
		b, err := r.ReadByte()
		if err != nil {
			return n
		}
		if b == '\n' {
			n++
		}
	}
}
