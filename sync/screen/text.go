package screen

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is a rule's word in two forms. full keeps every mark, the tone moved to the end so that the two ways of writing
// it ("túy", "tuý") are equal. bare has none. đ stays đ in both: folding it would make "ban đậm", a dark rash, into
// "ban dam".
type word struct{ full, bare string }

// phrase is a run of words. open: the last word may go on.
type phrase struct {
	words []word
	open  bool
}

type phrases struct {
	list []phrase
	// first has the bytes that a first word begins with: most words of a text are none.
	first  [256]bool
	starts map[byte][]int // phrases by that byte
}

// newPhrases refuses what could never match: phrases without a letter, a * elsewhere than at the end, and one behind a
// word with marks.
func newPhrases(list []string) (*phrases, error) {
	var f folder
	out := phrases{starts: map[byte][]int{}}
	for n, s := range list {
		text, open := strings.CutSuffix(s, "*")
		p := phrase{open: open}
		for _, full := range f.words(text) {
			p.words = append(p.words, word{full: full, bare: withoutMarks(full)})
		}
		if len(p.words) == 0 || strings.Contains(text, "*") {
			return nil, fmt.Errorf("%q is not a phrase: words with a letter in them, and a * only at the end", s)
		}
		// A longer word has its tone behind more letters, where the beginning would not be found.
		if last := p.words[len(p.words)-1]; open && last.full != last.bare {
			return nil, fmt.Errorf("%q has marks in the word before its *", s)
		}
		out.list = append(out.list, p)
		for _, b := range slices.Compact([]byte{p.words[0].full[0], p.words[0].bare[0]}) {
			out.first[b], out.starts[b] = true, append(out.starts[b], n)
		}
	}
	return &out, nil
}

func withoutMarks(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, s)
}

// match reports whether one of the phrases stands in text, which is folded words.
func (ps *phrases) match(text []string) bool {
	for i, w := range text {
		if !ps.first[w[0]] {
			continue
		}
		for _, k := range ps.starts[w[0]] {
			if ps.list[k].at(text[i:]) {
				return true
			}
		}
	}
	return false
}

func (p *phrase) at(text []string) bool {
	if len(text) < len(p.words) {
		return false
	}
	for i := range p.words {
		if !p.words[i].is(text[i], p.open && i == len(p.words)-1) {
			return false
		}
	}
	return true
}

// is compares a rule's word with a text's: either with all its marks or with none. "bạn dám" is neither "bán dâm" nor
// "ban dam".
func (w *word) is(text string, open bool) bool {
	if open {
		return strings.HasPrefix(text, w.full) || strings.HasPrefix(text, w.bare)
	}
	return text == w.full || text == w.bare
}

// folder cuts values into folded words. It keeps its buffers from value to value: a visit has some 300 of them.
type folder struct {
	list         []string // all words so far
	decomposed   []byte
	folded       []byte
	ends         []int // of words in folded
	wordAt       int   // where the word that is being read begins in folded
	hasLetter    bool  // whether it has a letter or digit yet
	tone         rune  // its tone, or 0
	letterInText bool
}

// words are the words of value. Of a value without any letter there are none: no phrase is without letters.
func (f *folder) words(value string) []string {
	from := len(f.list)
	if isASCII(value) {
		f.ascii(value)
	} else {
		f.unicode(value)
	}
	return f.list[from:len(f.list):len(f.list)]
}

func (f *folder) ascii(value string) {
	if !strings.ContainsFunc(value, func(r rune) bool { return isLetter(byte(r)) }) {
		return
	}
	value = strings.ToLower(value)
	start := -1
	for i := range len(value) {
		switch c := value[i]; {
		case !isLetter(c) && !isDigit(c):
			if start >= 0 {
				f.list = append(f.list, value[start:i])
			}
			start = -1
		case start < 0:
			start = i
		}
	}
	if start >= 0 {
		f.list = append(f.list, value[start:])
	}
}

func (f *folder) unicode(value string) {
	f.folded, f.ends, f.letterInText = f.folded[:0], f.ends[:0], false
	f.wordAt, f.hasLetter, f.tone = 0, false, 0
	if !f.vietnamese(value) {
		f.decomposed = norm.NFKD.AppendString(f.decomposed[:0], value)
		for b := f.decomposed; len(b) > 0; {
			r, n := utf8.DecodeRune(b)
			f.rune(r)
			b = b[n:]
		}
	}
	f.endWord()
	if !f.letterInText {
		return
	}
	all, at := string(f.folded), 0
	for _, end := range f.ends {
		f.list = append(f.list, all[at:end])
		at = end
	}
}

// vietnamese reads a value whose every character is ASCII or one of letters, as almost all are: six times as fast as
// decomposing it. false: it holds others, and nothing was read.
func (f *folder) vietnamese(value string) bool {
	for _, r := range value {
		if r >= utf8.RuneSelf && letterAt(r) < 0 {
			return false
		}
	}
	for _, r := range value {
		switch {
		case r >= utf8.RuneSelf:
			l := &letters[letterAt(r)]
			f.folded = append(f.folded, l.folded...)
			f.hasLetter, f.letterInText = true, true
			if l.tone != 0 {
				f.tone = l.tone
			}
		case isLetter(byte(r)):
			f.folded = append(f.folded, byte(r)|0x20)
			f.hasLetter, f.letterInText = true, true
		case isDigit(byte(r)):
			f.folded = append(f.folded, byte(r))
			f.hasLetter = true
		default:
			f.endWord()
		}
	}
	return true
}

func (f *folder) rune(r rune) {
	switch {
	case isTone(r):
		f.tone = r
	case unicode.Is(unicode.Mn, r):
		f.folded = utf8.AppendRune(f.folded, r)
	case unicode.IsLetter(r), unicode.IsDigit(r):
		f.folded = utf8.AppendRune(f.folded, unicode.ToLower(r))
		f.hasLetter = true
		f.letterInText = f.letterInText || unicode.IsLetter(r)
	case isJoiner(r): // invisible: inside a word it changes nothing
	default:
		f.endWord()
	}
}

func (f *folder) endWord() {
	if f.hasLetter {
		if f.tone != 0 {
			f.folded = utf8.AppendRune(f.folded, f.tone)
		}
		f.ends = append(f.ends, len(f.folded))
		f.wordAt = len(f.folded)
	}
	f.folded = f.folded[:f.wordAt]
	f.hasLetter, f.tone = false, 0
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func isLetter(c byte) bool { return (c|0x20) >= 'a' && (c|0x20) <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// isTone: huyền, sắc, ngã, hỏi, nặng.
func isTone(r rune) bool {
	switch r {
	case '\u0300', '\u0301', '\u0303', '\u0309', '\u0323':
		return true
	}
	return false
}

// isJoiner: soft hyphen, zero-width characters, byte order mark.
func isJoiner(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
		return true
	}
	return false
}

// foldName turns a field or table name into capitals without marks, everything else into single underscores.
func foldName(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(name) {
		switch {
		case unicode.Is(unicode.Mn, r) || isJoiner(r):
			continue
		case r == 'đ', r == 'Đ', r == 'ð', r == 'Ð': // the last two are Icelandic, and look the same
			r = 'D'
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte('_')
			gap = false
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}
