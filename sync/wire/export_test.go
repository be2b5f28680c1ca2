package wire

import (
	"encoding/xml"
	"io"
)

// NewDecoder and DecoderFault are what an XMLScanner asks about the rare, and is measured by.
func NewDecoder(text string) *xml.Decoder                 { return newDecoder(text) }
func DecoderFault(d *xml.Decoder, err error) *SyntaxError { return decoderFault(d, err) }

// NewXMLScannerInChunks is NewXMLScanner, but reads chunk bytes at once.
func NewXMLScannerInChunks(in io.Reader, limit, chunk int) *XMLScanner {
	s := NewXMLScanner(in, limit)
	s.chunk = chunk
	return s
}
