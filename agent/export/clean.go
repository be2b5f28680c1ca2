package export

import "io"

// cleanReader blanks the control characters that XML forbids, and byte order marks, keeping every offset.
type cleanReader struct {
	r    io.Reader
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
		c.out = blank(chunk)
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

func blank(b []byte) []byte {
	for i, ch := range b {
		switch {
		case ch < 0x20 && ch != '\t' && ch != '\n' && ch != '\r':
			b[i] = ' '
		case ch == 0xEF && i+2 < len(b) && b[i+1] == 0xBB && b[i+2] == 0xBF:
			b[i], b[i+1], b[i+2] = ' ', ' ', ' '
		}
	}
	return b
}
