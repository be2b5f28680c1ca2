package screen

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// word is a word in two forms. full keeps every mark, the tone moved to the end so that the two ways of writing it ("túy", "tuý") are equal. bare has none. đ stays đ in both: folding
// it would make "ban đậm", a dark rash, into "ban dam".
type word struct{ full, bare string }

// phrase is a run of words. open: the last word may go on.
type phrase struct {
	words []word
	open  bool
}

// phrases are found by their first word's bare letters' beginning, which is why there are few of them.
type phrases []phrase

func newPhrases(list []string) phrases {
	var out phrases
	for _, s := range list {
		text, open := strings.CutSuffix(s, "*")
		if w := splitWords(text); len(w) > 0 {
			out = append(out, phrase{words: w, open: open})
		}
	}
	return out
}

// match reports whether one of the phrases stands in text.
func (ps phrases) match(text []word) bool {
	for i := range text {
		for _, p := range ps {
			if p.at(text[i:]) {
				return true
			}
		}
	}
	return false
}

func (p phrase) at(text []word) bool {
	if len(text) < len(p.words) {
		return false
	}
	for i, w := range p.words {
		open := p.open && i == len(p.words)-1
		if !w.is(text[i], open) {
			return false
		}
	}
	return true
}

// is compares a rule's word with a text's: either with all its marks or with none. "bạn dám" is neither "bán dâm" nor "ban dam".
func (w word) is(t word, open bool) bool {
	if open {
		return strings.HasPrefix(t.full, w.full) || strings.HasPrefix(t.full, w.bare)
	}
	return t.full == w.full || t.full == w.bare
}

// splitWords cuts text into words of letters and digits, folded.
func splitWords(text string) []word {
	if isASCII(text) {
		return splitASCII(text)
	}
	var out []word
	var full, bare strings.Builder
	tone := ""
	flush := func() {
		if bare.Len() > 0 {
			out = append(out, word{full: full.String() + tone, bare: bare.String()})
		}
		full.Reset()
		bare.Reset()
		tone = ""
	}
	for _, r := range norm.NFKD.String(text) {
		switch {
		case isTone(r):
			tone = string(r)
		case unicode.Is(unicode.Mn, r):
			full.WriteRune(r)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			r = unicode.ToLower(r)
			full.WriteRune(r)
			bare.WriteRune(r)
		case isJoiner(r): // invisible: inside a word it changes nothing
		default:
			flush()
		}
	}
	flush()
	return out
}

func splitASCII(text string) []word {
	var out []word
	for _, w := range strings.FieldsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) {
		w = strings.ToLower(w)
		out = append(out, word{full: w, bare: w})
	}
	return out
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

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

// foldName turns a field or table name into capitals without marks, everything else but * into single underscores.
func foldName(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(name) {
		switch {
		case unicode.Is(unicode.Mn, r) || isJoiner(r):
			continue
		case r == 'đ' || r == 'Đ':
			r = 'D'
		case r == '*':
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
