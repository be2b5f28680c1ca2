package export

import (
	"bytes"
	"io"

	"tramsync/sync/wire"
)

// cleanReader blanks the control characters that XML forbids, and takes out byte order marks.
type cleanReader struct {
	r io.Reader
	marks
	held []byte // the beginning of what may become a byte order mark
	out  []byte
	err  error
	buf  [32 << 10]byte
}

// Read gives clean bytes, fewer than asked for at the ends of its buffer.
func (c *cleanReader) Read(p []byte) (int, error) {
	for len(c.out) == 0 {
		if c.err != nil {
			return 0, c.err
		}
		n := copy(c.buf[:], c.held)
		c.held = c.held[:0]
		var m int
		m, c.err = c.r.Read(c.buf[n:])
		chunk := c.buf[:n+m]
		if c.err == nil {
			keep := heldBack(chunk)
			c.held = append(c.held, chunk[len(chunk)-keep:]...)
			chunk = chunk[:len(chunk)-keep]
		}
		c.out = c.takeOut(blank(chunk))
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

// heldBack says how many bytes at the end of b might begin a byte order mark.
func heldBack(b []byte) int {
	switch n := len(b); {
	case n >= 2 && b[n-2] == 0xEF && b[n-1] == 0xBB:
		return 2
	case n >= 1 && b[n-1] == 0xEF:
		return 1
	}
	return 0
}

// clean does to a text in memory what a cleanReader does, in its place where it can.
func clean(b []byte) []byte {
	var m marks
	return m.takeOut(blank(b))
}

func isClean(b []byte) bool { return wire.IndexControl(b) < 0 && !bytes.Contains(b, byteOrderMark) }

func blank(b []byte) []byte {
	for at := 0; ; at++ {
		i := wire.IndexControl(b[at:])
		if i < 0 {
			return b
		}
		at += i
		b[at] = ' '
	}
}

// marks takes byte order marks out, which some exporters put inside tags' names. Where the name ends, blanks make up
// for them: the places of tags and of what stands between them stay.
type marks struct{ owed int }

const maxOwed = 4 << 10 // no name is that long

var byteOrderMark = []byte("\ufeff")

func (m *marks) takeOut(b []byte) []byte {
	if m.owed == 0 && !bytes.Contains(b, byteOrderMark) {
		return b
	}
	out := make([]byte, 0, len(b)+m.owed)
	for len(b) > 0 {
		c := b[0]
		rest, mark := bytes.CutPrefix(b, byteOrderMark)
		if mark {
			m.owed += len(byteOrderMark)
		}
		if m.owed > maxOwed || c <= '/' || c >= '<' && c <= '?' || c == ']' { // no name goes on
			out = append(out, bytes.Repeat([]byte{' '}, m.owed)...)
			m.owed = 0
		}
		if !mark {
			out, rest = append(out, c), b[1:]
		}
		b = rest
	}
	return out
}
