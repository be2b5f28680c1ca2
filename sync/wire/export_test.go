package wire

import "io"

// NewXMLScannerInChunks is NewXMLScanner, but reads chunk bytes at once.
func NewXMLScannerInChunks(in io.Reader, limit, chunk int) *XMLScanner {
	s := NewXMLScanner(in, limit)
	s.chunk = chunk
	return s
}
