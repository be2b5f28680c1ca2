package wire

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// XMLKind is what an XMLToken is.
type XMLKind uint8

// The kinds of tokens.
const (
	XMLStart       XMLKind = iota + 1 // <a>, and the first half of <a/>
	XMLEnd                            // </a>, and the second half of <a/>, which has no length
	XMLText                           // text up to the next tag, or one CDATA section
	XMLComment                        // <!-- -->
	XMLInstruction                    // <?target text?>
	XMLDirective                      // <!DOCTYPE >
)

// XMLToken is one piece of an XML text. Its strings are parts of the text: they stay good, and keep as much of it in
// memory as was read at once.
type XMLToken struct {
	Kind       XMLKind
	Name       xml.Name // of an element; Local alone is an instruction's target
	Attr       []xml.Attr
	Text       string // of all but tags: entities resolved, line ends made \n
	Start, End int64  // where it stands, in bytes
}

// ErrLongToken says that one token goes on for longer than the scanner's limit; it is also an ErrLongText when that is
// plain text.
var (
	ErrLongToken = errors.New("a tag or text goes on for too long")
	ErrLongText  = fmt.Errorf("between tags: %w", ErrLongToken)
)

// XMLScanner reads XML as exports have it: the declared encoding is ignored, since C# writers declare utf-16 over
// UTF-8 bytes. It wants UTF-8 without what XML forbids (CleanXML) and doesn't check that start and end tags fit.
//
// It takes and gives what [xml.Decoder.RawToken] does, and asks that itself about whatever is rare: instructions,
// directives, names that aren't ASCII, odd entities, and every fault. It is for what exports are full of.
type XMLScanner struct {
	in      io.Reader // nil when all is in text
	limit   int
	text    string // read and not yet given, from pos on
	pos     int
	base    int64 // offset of text's first byte in the whole
	line    int   // from 0, of where text has been counted up to
	counted int   // that place in text
	chunk   int   // bytes read at once, at least
	buf     []byte
	token   XMLToken
	closing xml.Name // of an element that is empty
	empty   bool     // closing is due
}

// NewXMLScanner makes a scanner of what in gives, which refuses tokens of more than limit bytes.
func NewXMLScanner(in io.Reader, limit int) *XMLScanner {
	return &XMLScanner{in: in, limit: limit, chunk: 64 << 10}
}

// ScanXML makes a scanner of a text in memory.
func ScanXML(text string) *XMLScanner { return &XMLScanner{text: text} }

// Offset is where the next token begins, in bytes.
func (s *XMLScanner) Offset() int64 { return s.base + int64(s.pos) }

// Line is the line that the next token begins in, from 1. It counts on from where it was asked last.
func (s *XMLScanner) Line() int {
	s.line += strings.Count(s.text[s.counted:s.pos], "\n")
	s.counted = s.pos
	return 1 + s.line
}

// Next gives the next token, good until the next call. io.EOF is the end; other errors are SyntaxErrors, ErrLongToken
// and the reader's.
func (s *XMLScanner) Next() (*XMLToken, error) {
	t := &s.token
	*t = XMLToken{}
	if s.empty {
		s.empty = false
		t.Kind, t.Name, t.Start, t.End = XMLEnd, s.closing, s.Offset(), s.Offset()
		return t, nil
	}
	for {
		rest := s.text[s.pos:]
		n := t.frequent(rest)
		var err error
		if n == 0 && rest != "" {
			n, err = s.rare(rest)
		}
		switch {
		case n == len(rest) && s.in != nil: // what seems to end here, or to be cut off, may go on
			if err := s.fill(); err != nil {
				return nil, err
			}
			*t = XMLToken{}
		case rest == "":
			return nil, io.EOF
		case err != nil:
			return nil, err
		case s.limit > 0 && n > s.limit:
			return nil, s.tooLong()
		default:
			s.give(n)
			return t, nil
		}
	}
}

// give moves on to behind a token of n bytes.
func (s *XMLScanner) give(n int) {
	t := &s.token
	t.Start = s.Offset()
	s.pos += n
	t.End = s.Offset()
	if t.Kind == XMLStart && s.text[s.pos-2] == '/' {
		s.closing, s.empty = t.Name, true
	}
}

// fill reads at least as much again as there is, so that long tokens don't take for ever.
func (s *XMLScanner) fill() error {
	rest := s.text[s.pos:]
	if len(rest) > s.limit {
		return s.tooLong()
	}
	if n := max(s.chunk, len(rest)); len(s.buf) < n {
		s.buf = make([]byte, n)
	}
	n, err := io.ReadFull(s.in, s.buf)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		s.in = nil
	case err != nil:
		return fmt.Errorf("read XML: %w", err)
	}
	s.Line()
	s.base += int64(s.pos)
	var text strings.Builder
	text.Grow(len(rest) + n)
	text.WriteString(rest)
	text.Write(s.buf[:n])
	s.text, s.pos, s.counted = text.String(), 0, 0
	return nil
}

func (s *XMLScanner) tooLong() error {
	if s.text[s.pos] == '<' {
		return ErrLongToken
	}
	return ErrLongText
}

// rare asks encoding/xml.
func (s *XMLScanner) rare(rest string) (int, error) {
	d := newDecoder(rest)
	raw, err := d.RawToken()
	n, t := int(d.InputOffset()), &s.token
	if err != nil {
		fault := decoderFault(d, err)
		fault.Line += s.Line() - 1
		fault.Offset += s.Offset()
		return n, fault
	}
	*t = XMLToken{}
	switch r := raw.(type) {
	case xml.StartElement:
		t.Kind, t.Name, t.Attr = XMLStart, r.Name, r.Attr
	case xml.EndElement:
		t.Kind, t.Name = XMLEnd, r.Name
	case xml.CharData:
		t.Kind, t.Text = XMLText, string(r)
	case xml.Comment:
		t.Kind, t.Text = XMLComment, string(r)
	case xml.ProcInst:
		t.Kind, t.Name.Local, t.Text = XMLInstruction, r.Target, string(r.Inst)
	case xml.Directive:
		t.Kind, t.Text = XMLDirective, string(r)
	}
	return n, nil
}

// frequent knows the tokens that exports are full of, and how long each is; 0 when it isn't sure.
func (t *XMLToken) frequent(rest string) int {
	switch {
	case rest == "":
		return 0
	case rest[0] != '<':
		return t.plain(rest)
	case len(rest) > 1 && rest[1] == '/':
		return t.endTag(rest)
	case strings.HasPrefix(rest, "<!--"):
		inner := rest[len("<!--"):]
		n := strings.Index(inner, "--")
		if n < 0 || !strings.HasPrefix(inner[n:], "-->") {
			return 0
		}
		t.Kind, t.Text = XMLComment, inner[:n]
		return len("<!---->") + n
	case strings.HasPrefix(rest, "<![CDATA["):
		inner := rest[len("<![CDATA["):]
		n := strings.Index(inner, "]]>")
		if n < 0 || !isText(inner[:n]) {
			return 0
		}
		t.Kind, t.Text = XMLText, lineEnds(inner[:n])
		return len("<![CDATA[]]>") + n
	}
	return t.startTag(rest)
}

func (t *XMLToken) plain(rest string) int {
	n := strings.IndexByte(rest, '<')
	if n < 0 {
		n = len(rest)
	}
	text, ok := flatText(rest[:n])
	if !ok || strings.Contains(rest[:n], "]]>") {
		return 0
	}
	t.Kind, t.Text = XMLText, text
	return n
}

func (t *XMLToken) endTag(rest string) int {
	at := 2 + nameLength(rest[2:])
	name, ok := plainName(rest[2:at])
	at += spaces(rest[at:])
	if !ok || at == len(rest) || rest[at] != '>' {
		return 0
	}
	t.Kind, t.Name = XMLEnd, name
	return at + 1
}

func (t *XMLToken) startTag(rest string) int {
	at := 1 + nameLength(rest[1:])
	name, ok := plainName(rest[1:at])
	if !ok {
		return 0
	}
	t.Kind, t.Name = XMLStart, name
	for {
		at += spaces(rest[at:])
		switch tail := rest[at:]; {
		case strings.HasPrefix(tail, ">"):
			return at + 1
		case strings.HasPrefix(tail, "/>"):
			return at + 2
		default:
			n := t.attribute(tail)
			if n == 0 {
				return 0
			}
			at += n
		}
	}
}

// attribute reads name="value".
func (t *XMLToken) attribute(tail string) int {
	n := nameLength(tail)
	name, ok := plainName(tail[:n])
	value, found := strings.CutPrefix(tail[n:], "=")
	if !ok || !found || value == "" || value[0] != '"' && value[0] != '\'' {
		return 0
	}
	end := strings.IndexByte(value[1:], value[0])
	if end < 0 {
		return 0
	}
	text, ok := flatText(value[1 : 1+end])
	if !ok || strings.IndexByte(value[:1+end], '<') >= 0 {
		return 0
	}
	t.Attr = append(t.Attr, xml.Attr{Name: name, Value: text})
	return n + len("=") + end + 2
}

func spaces(s string) int {
	for i := range len(s) {
		if c := s[i]; c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return i
		}
	}
	return len(s)
}

// nameLength counts the ASCII characters that a name may have.
func nameLength(s string) int {
	for i := range len(s) {
		if c := s[i]; !isNameStart(c) && (c < '0' || c > '9') && c != '-' && c != '.' {
			return i
		}
	}
	return len(s)
}

func isNameStart(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == ':' }

// plainName takes a name of such characters apart, as encoding/xml does.
func plainName(s string) (xml.Name, bool) {
	if s == "" || !isNameStart(s[0]) {
		return xml.Name{}, false
	}
	colon := strings.IndexByte(s, ':')
	switch {
	case colon < 0:
		return xml.Name{Local: s}, true
	case strings.IndexByte(s[colon+1:], ':') >= 0:
		return xml.Name{}, false
	case colon == 0 || colon == len(s)-1:
		return xml.Name{Local: s}, true
	}
	return xml.Name{Space: s[:colon], Local: s[colon+1:]}, true
}

// flatText resolves the five entities that XML has by itself; false when there is more to it.
func flatText(raw string) (string, bool) {
	if !isText(raw) {
		return "", false
	}
	raw = lineEnds(raw)
	if strings.IndexByte(raw, '&') < 0 {
		return raw, true
	}
	var out strings.Builder
	for {
		before, after, found := strings.Cut(raw, "&")
		out.WriteString(before)
		if !found {
			return out.String(), true
		}
		length := len(after)
		for _, e := range [...]struct{ name, char string }{
			{"lt;", "<"}, {"gt;", ">"}, {"amp;", "&"}, {"apos;", "'"}, {"quot;", `"`},
		} {
			if raw, found = strings.CutPrefix(after, e.name); found {
				out.WriteString(e.char)
				break
			}
		}
		if len(raw) == length {
			return "", false
		}
	}
}

// lineEnds makes every line end \n.
func lineEnds(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// isText reports whether s is characters that XML allows, control characters aside.
func isText(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	return strings.IndexByte(s, 0xEF) < 0 || !strings.ContainsAny(s, "\ufffe\uffff")
}
