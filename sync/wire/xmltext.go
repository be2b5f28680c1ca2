package wire

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Limits against hostile documents. The largest real table seen has 0.6 MB and 418 rows.
const (
	maxDepth    = 64
	maxElements = 2_000_000
)

// Codes of SyntaxErrors.
const (
	SyntaxTruncated = "xml-truncated" // the text ends too early
	SyntaxEntity    = "xml-entity"    // a bare & or an unknown entity
	SyntaxUTF8      = "xml-utf8"      // not UTF-8
	SyntaxNesting   = "xml-nesting"   // an end tag that doesn't fit, or a second root
	SyntaxLimit     = "xml-limit"     // too many or too deeply nested elements
	SyntaxMalformed = "xml-malformed" // anything else of XML

	SyntaxJSON          = "json-malformed" // not well-formed JSON
	SyntaxJSONTruncated = "json-truncated" // the JSON ends too early
	// SyntaxUnscreenable: a PDF, picture, archive … or one of these inside a document. What can't be read can't be
	// screened, and what can't be screened can't be taken in.
	SyntaxUnscreenable = "unscreenable"
)

// SyntaxError is a fault of an XML or JSON text with its place. It never quotes the text.
type SyntaxError struct {
	Code   string
	Offset int64 // bytes from the beginning of the text that was read
	Line   int   // from 1
}

// Error names the place first.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, byte %d: %s", e.Line, e.Offset, e.Code)
}

// newDecoder is encoding/xml for a text in memory that CleanXML has made, whatever encoding it declares.
func newDecoder(text string) *xml.Decoder {
	d := xml.NewDecoder(strings.NewReader(text))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	return d
}

// decoderFault turns an error of d into a SyntaxError that says where, in words that hold nothing of the text
// (encoding/xml quotes names).
func decoderFault(d *xml.Decoder, err error) *SyntaxError {
	line, _ := d.InputPos()
	out := &SyntaxError{Offset: d.InputOffset(), Line: line, Code: SyntaxMalformed}
	var se *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		out.Code = SyntaxTruncated
	case !errors.As(err, &se): // a version other than 1.0, quoted in the error
	case strings.HasPrefix(se.Msg, "unexpected EOF"):
		out.Code = SyntaxTruncated
	case se.Msg == "invalid UTF-8":
		out.Code = SyntaxUTF8
	case strings.HasPrefix(se.Msg, "invalid character entity"):
		out.Code = SyntaxEntity
	}
	return out
}

// CleanXML gives a document's text as its parsers need it: UTF-8 without byte order marks (some exporters put one
// inside tag names) and without the control characters that XML forbids, which become spaces. It returns text
// itself when there is nothing to do.
func CleanXML(text []byte) []byte {
	if enc := SniffUTF16(text); enc != "" {
		if t, err := DecodeUTF16(text, enc); err == nil {
			text = t
		}
	}
	if bytes.Contains(text, byteOrderMark) {
		text = bytes.ReplaceAll(text, byteOrderMark, nil)
	}
	return BlankControls(text)
}

var byteOrderMark = []byte("\ufeff")

// BlankControls returns text with every control character that XML 1.0 forbids replaced by a space, so that offsets
// stay. It copies only when there is one.
func BlankControls(text []byte) []byte {
	at := IndexControl(text)
	if at < 0 {
		return text
	}
	out := bytes.Clone(text)
	for i := 0; i >= 0; i = IndexControl(out[at:]) {
		at += i
		out[at] = ' '
	}
	return out
}

// IndexControl gives the offset of the first control character that XML 1.0 forbids, or -1.
func IndexControl(text []byte) int {
	const low, high = 0x2020202020202020, 0x8080808080808080
	for i := 0; i < len(text); {
		if len(text)-i >= 8 {
			// Eight bytes at once: one under 0x20 borrows from its highest bit.
			if w := binary.LittleEndian.Uint64(text[i:]); (w-low)&^w&high == 0 {
				i += 8
				continue
			}
		}
		for end := min(i+8, len(text)); i < end; i++ {
			if c := text[i]; c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
				return i
			}
		}
	}
	return -1
}

// SniffUTF16 tells UTF-16 text by its byte order mark, or by a "<" with a zero byte beside it; "" for anything else.
func SniffUTF16(text []byte) string {
	switch {
	case len(text) < 2:
		return ""
	case text[0] == 0xFF && text[1] == 0xFE, text[0] == '<' && text[1] == 0:
		return UTF16LE
	case text[0] == 0xFE && text[1] == 0xFF, text[0] == 0 && text[1] == '<':
		return UTF16BE
	default:
		return ""
	}
}

// ValidUTF8 gives the offset of the first byte that isn't UTF-8, or -1.
func ValidUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		_, n := utf8.DecodeRune(text[i:])
		if n == 1 {
			return i
		}
		i += n
	}
	return -1
}
