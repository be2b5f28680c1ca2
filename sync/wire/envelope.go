package wire

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
)

// Envelope is what stands around a visit's documents in its file.
type Envelope struct {
	// Encoding of the file when it isn't UTF-8: utf-16le or utf-16be. Parts are kept in UTF-8 all the same.
	Encoding string `json:"encoding,omitempty"`
	// Parts are the stretches before, between and after the documents: one more than there are documents.
	Parts []string `json:"parts,omitempty"`
	// Whole is the file as it is, where parts can't give it back (say, text that is no UTF-8).
	Whole []byte `json:"whole,omitempty"`
	// Extract: the file held several visits. Parts are its beginning, this visit and its end.
	Extract bool `json:"extract,omitempty"`
	// Trimmed: fields that must not be taken in were cut out, so that the original can't be had from here.
	Trimmed bool `json:"trimmed,omitempty"`
}

// Form says how a document stood in the file.
type Form struct {
	Inline bool   `json:"inline,omitempty"` // as XML, not as base64
	Wrap   int    `json:"wrap,omitempty"`   // columns of a base64 line; 0: one line
	EOL    string `json:"eol,omitempty"`    // between base64 lines
	Lead   string `json:"lead,omitempty"`   // white space before
	Trail  string `json:"trail,omitempty"`  // and after
	Raw    string `json:"raw,omitempty"`    // as it stood, where nothing simpler gives it back
}

// NewDocument makes a document of its bytes.
func NewDocument(typ string, content []byte, form *Form) Document {
	d := Document{Type: typ, Form: form}
	if utf8.Valid(content) {
		d.Content = string(content)
	} else {
		d.Binary = content
	}
	return d
}

const whiteSpace = " \t\r\n"

// strictBase64 takes the one way to write a content that base64 gives back.
var strictBase64 = base64.StdEncoding.Strict()

var withoutWhiteSpace = strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "")

// UnwrapBase64 decodes a NOIDUNGFILE. raw is the text as it stands in the file (with entities and CDATA marks, if
// any), text the same as XML means it. White space anywhere is allowed.
func UnwrapBase64(typ, raw, text string) (Document, error) {
	body := strings.Trim(text, whiteSpace)
	packed := body
	if strings.ContainsAny(body, whiteSpace) {
		packed = withoutWhiteSpace.Replace(body)
	}
	if packed == raw { // as almost all exporters write it
		if content, err := strictBase64.DecodeString(packed); err == nil {
			return NewDocument(typ, content, nil), nil
		}
	}
	content, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		if content, err = base64.RawStdEncoding.DecodeString(packed); err != nil {
			return Document{}, fmt.Errorf("decode base64: %w", err)
		}
	}
	d := NewDocument(typ, content, nil)
	form := guessForm(text, body)
	if !form.gives(content, raw) {
		form = Form{Raw: raw}
	}
	if form != (Form{}) {
		d.Form = &form
	}
	return d, nil
}

func guessForm(text, body string) Form {
	start := strings.Index(text, body)
	f := Form{Lead: text[:start], Trail: text[start+len(body):]}
	if i := strings.IndexByte(body, '\n'); i > 0 {
		f.EOL = "\n"
		if body[i-1] == '\r' {
			f.EOL, i = "\r\n", i-1
		}
		f.Wrap = i
	}
	return f
}

// gives reports whether content in this form is raw.
func (f *Form) gives(content []byte, raw string) bool {
	m := matcher{want: [][]byte{[]byte(raw)}}
	d := Document{Binary: content, Form: f}
	return d.writeTo(&m) == nil && m.matched()
}

// writeTo puts the document back into the form it had.
func (d *Document) writeTo(w io.Writer) error {
	f := d.Form
	if f == nil {
		f = &Form{}
	}
	if f.Raw != "" {
		return writePieces(w, f.Raw)
	}
	if err := writePieces(w, f.Lead); err != nil {
		return err
	}
	if f.Inline {
		if err := d.writeContent(w); err != nil {
			return err
		}
		return writePieces(w, f.Trail)
	}
	lines := &lineWriter{w: w, wrap: f.Wrap, eol: []byte(f.EOL)}
	enc := base64.NewEncoder(base64.StdEncoding, lines)
	if err := d.writeContent(enc); err != nil {
		return err
	}
	if err := enc.Close(); err != nil {
		return err
	}
	return writePieces(w, f.Trail)
}

func (d *Document) writeContent(w io.Writer) error {
	if d.Binary != nil {
		_, err := w.Write(d.Binary)
		return err
	}
	return writePieces(w, d.Content)
}

// writePieces writes a string without making bytes of it as a whole.
func writePieces(w io.Writer, s string) error {
	buf := make([]byte, min(len(s), 768))
	for len(s) > 0 {
		n := copy(buf, s)
		if _, err := w.Write(buf[:n]); err != nil {
			return err
		}
		s = s[n:]
	}
	return nil
}

// lineWriter breaks lines of wrap bytes; 0: none.
type lineWriter struct {
	w        io.Writer
	wrap, at int
	eol      []byte
}

// Write writes p with line ends where they belong.
func (l *lineWriter) Write(p []byte) (int, error) {
	written := len(p)
	for l.wrap > 0 && len(p) > 0 {
		if l.at == l.wrap {
			if _, err := l.w.Write(l.eol); err != nil {
				return 0, err
			}
			l.at = 0
		}
		n := min(l.wrap-l.at, len(p))
		if _, err := l.w.Write(p[:n]); err != nil {
			return 0, err
		}
		l.at, p = l.at+n, p[n:]
	}
	if len(p) > 0 {
		if _, err := l.w.Write(p); err != nil {
			return 0, err
		}
	}
	return written, nil
}

// matcher compares what is written to it with the pieces of something.
type matcher struct{ want [][]byte }

var errDiffers = errors.New("it differs")

// Write fails when p isn't what comes next.
func (m *matcher) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		if len(m.want) == 0 {
			return 0, errDiffers
		}
		n := min(len(p), len(m.want[0]))
		if !bytes.Equal(p[:n], m.want[0][:n]) {
			return 0, errDiffers
		}
		p, m.want[0] = p[n:], m.want[0][n:]
		if len(m.want[0]) == 0 {
			m.want = m.want[1:]
		}
	}
	return written, nil
}

// matched reports whether nothing is missing.
func (m *matcher) matched() bool {
	return !slices.ContainsFunc(m.want, func(rest []byte) bool { return len(rest) > 0 })
}

// Original is the visit's export as it stood, byte for byte: the whole file when it held this one visit, else its
// beginning, this visit and its end. A trimmed visit's original can't be had: an error.
func (v *Visit) Original() ([]byte, error) {
	if v.Envelope.Trimmed {
		return nil, fmt.Errorf("rebuild original: fields that must not be taken in were cut out of it at the station")
	}
	return v.assemble()
}

func (v *Visit) assemble() ([]byte, error) {
	e := &v.Envelope
	if e.Whole != nil {
		return e.Whole, nil
	}
	var b bytes.Buffer
	if err := v.writeTo(&b); err != nil {
		return nil, err
	}
	switch e.Encoding {
	case "":
		return b.Bytes(), nil
	case UTF16LE, UTF16BE:
		endian := unicode.LittleEndian
		if e.Encoding == UTF16BE {
			endian = unicode.BigEndian
		}
		out, err := unicode.UTF16(endian, unicode.IgnoreBOM).NewEncoder().Bytes(b.Bytes())
		if err != nil {
			return nil, fmt.Errorf("rebuild original: encode %s: %w", e.Encoding, err)
		}
		return out, nil
	default:
		return nil, fmt.Errorf("rebuild original: unknown encoding %q", e.Encoding)
	}
}

// writeTo writes the original in UTF-8, from its parts.
func (v *Visit) writeTo(w io.Writer) error {
	e := &v.Envelope
	if len(e.Parts) != len(v.Documents)+1 {
		return fmt.Errorf("rebuild original: %d parts around %d documents", len(e.Parts), len(v.Documents))
	}
	for i, part := range e.Parts {
		if i > 0 {
			if err := v.Documents[i-1].writeTo(w); err != nil {
				return fmt.Errorf("rebuild original: %w", err)
			}
		}
		if err := writePieces(w, part); err != nil {
			return fmt.Errorf("rebuild original: %w", err)
		}
	}
	return nil
}

// Seal checks that the visit gives back original, which is in one or several pieces, and keeps it whole where it
// doesn't. Of a trimmed visit it keeps nothing: the original holds what was cut out.
func (v *Visit) Seal(original ...[]byte) {
	if v.Envelope.Trimmed {
		return
	}
	valid := !slices.ContainsFunc(v.Envelope.Parts, func(p string) bool { return !utf8.ValidString(p) })
	if !valid || !v.gives(original) {
		v.Envelope.Parts, v.Envelope.Whole = nil, slices.Concat(original...)
		for i := range v.Documents {
			v.Documents[i].Form = nil
		}
	}
}

// gives reports whether the visit gives back original. Most are compared piece by piece: no second copy is made.
func (v *Visit) gives(original [][]byte) bool {
	m := matcher{want: slices.Clone(original)}
	if v.Envelope.Whole == nil && v.Envelope.Encoding == "" {
		return v.writeTo(&m) == nil && m.matched()
	}
	got, err := v.assemble()
	if err == nil {
		_, err = m.Write(got)
	}
	return err == nil && m.matched()
}

// Names of the encodings a file may have beside UTF-8.
const (
	UTF16LE = "utf-16le"
	UTF16BE = "utf-16be"
)

// DecodeUTF16 turns UTF-16 into UTF-8; a byte order mark stays as U+FEFF.
func DecodeUTF16(text []byte, encoding string) ([]byte, error) {
	endian := unicode.LittleEndian
	if encoding == UTF16BE {
		endian = unicode.BigEndian
	}
	out, err := unicode.UTF16(endian, unicode.IgnoreBOM).NewDecoder().Bytes(text)
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", encoding, err)
	}
	return out, nil
}

// CutOut removes ranges of CleanXML(document), in any order and overlapping or not, from a document: fields that
// must not be taken in. The original can't be had afterwards, and nothing of it is kept.
func (v *Visit) CutOut(document int, ranges [][2]int64) {
	d := &v.Documents[document]
	text := CleanXML(d.Bytes())
	out := make([]byte, 0, len(text))
	at, size := int64(0), int64(len(text))
	inOrder := slices.SortedFunc(slices.Values(ranges), func(a, b [2]int64) int { return cmp.Compare(a[0], b[0]) })
	for _, r := range inOrder {
		if from := min(r[0], size); from > at {
			out = append(out, text[at:from]...)
		}
		at = max(at, min(r[1], size))
	}
	*d = NewDocument(d.Type, append(out, text[at:]...), nil)
	v.Envelope.Trimmed, v.Envelope.Whole = true, nil
}
