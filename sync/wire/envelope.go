package wire

import (
	"cmp"
	"encoding/base64"
	"fmt"
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

var withoutWhiteSpace = strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "")

// UnwrapBase64 decodes a NOIDUNGFILE. raw is the text as it stands in the file (with entities and CDATA marks, if
// any), text the same as XML means it. White space anywhere is allowed.
func UnwrapBase64(typ, raw, text string) (Document, error) {
	body := strings.Trim(text, whiteSpace)
	packed := body
	if strings.ContainsAny(body, whiteSpace) {
		packed = withoutWhiteSpace.Replace(body)
	}
	content, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		if content, err = base64.RawStdEncoding.DecodeString(packed); err != nil {
			return Document{}, fmt.Errorf("decode base64: %w", err)
		}
	}
	d := NewDocument(typ, content, nil)
	form := guessForm(text, body)
	if form.wrap(content) != raw {
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

// wrap puts content back into the form it had.
func (f *Form) wrap(content []byte) string {
	switch {
	case f == nil:
		return base64.StdEncoding.EncodeToString(content)
	case f.Raw != "":
		return f.Raw
	case f.Inline:
		return f.Lead + string(content) + f.Trail
	}
	packed := base64.StdEncoding.EncodeToString(content)
	if f.Wrap <= 0 {
		return f.Lead + packed + f.Trail
	}
	var b strings.Builder
	b.Grow(len(packed) + len(packed)/f.Wrap*len(f.EOL) + len(f.Lead) + len(f.Trail))
	b.WriteString(f.Lead)
	for len(packed) > f.Wrap {
		b.WriteString(packed[:f.Wrap])
		b.WriteString(f.EOL)
		packed = packed[f.Wrap:]
	}
	b.WriteString(packed)
	b.WriteString(f.Trail)
	return b.String()
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
	if len(e.Parts) != len(v.Documents)+1 {
		return nil, fmt.Errorf("rebuild original: %d parts around %d documents", len(e.Parts), len(v.Documents))
	}
	var b strings.Builder
	b.WriteString(e.Parts[0])
	for i := range v.Documents {
		b.WriteString(v.Documents[i].Form.wrap(v.Documents[i].Bytes()))
		b.WriteString(e.Parts[i+1])
	}
	switch e.Encoding {
	case "":
		return []byte(b.String()), nil
	case UTF16LE, UTF16BE:
		endian := unicode.LittleEndian
		if e.Encoding == UTF16BE {
			endian = unicode.BigEndian
		}
		out, err := unicode.UTF16(endian, unicode.IgnoreBOM).NewEncoder().String(b.String())
		if err != nil {
			return nil, fmt.Errorf("rebuild original: encode %s: %w", e.Encoding, err)
		}
		return []byte(out), nil
	default:
		return nil, fmt.Errorf("rebuild original: unknown encoding %q", e.Encoding)
	}
}

// Seal checks that the visit gives back original and keeps original whole where it doesn't. Of a trimmed visit it
// keeps nothing: the original holds what was cut out.
func (v *Visit) Seal(original []byte) {
	if v.Envelope.Trimmed {
		return
	}
	got, err := v.assemble()
	valid := true
	for _, p := range v.Envelope.Parts {
		valid = valid && utf8.ValidString(p)
	}
	if err != nil || !valid || string(got) != string(original) {
		v.Envelope.Parts, v.Envelope.Whole = nil, original
		for i := range v.Documents {
			v.Documents[i].Form = nil
		}
	}
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
