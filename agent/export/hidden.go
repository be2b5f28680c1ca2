package export

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// shortest is the length from which a value can hide a document, in bytes.
const shortest = 24

// hides tells a value that screening, which goes by fields, can't see into: a document of XML, or anything with a
// meaning in base64. Marked-up text and the numbers of a signature are none; JSON is looked into.
func hides(value string) bool {
	if len(value) < shortest {
		return false
	}
	value = strings.TrimSpace(value)
	if strings.HasPrefix(value, "<") {
		return strings.HasPrefix(value, "<?xml") || isTree(look([]byte(value), nil)) && !isMarkup(value)
	}
	if _, data, ok := strings.Cut(value, ";base64,"); ok && strings.HasPrefix(value, "data:") {
		value = data
	}
	packed, ok := unpack(value)
	if !ok {
		return false
	}
	switch c := look(packed, nil); c {
	case plain, maybeJSON, maybeXML, nothing:
		return isProse(packed)
	case objects, fhirObject:
		return utf8.Valid(packed)
	default:
		return c != unnamed
	}
}

// isTree tells XML whose elements are fields.
func isTree(c content) bool {
	return slices.Contains([]content{visits, healthRecord, clinical, otherXML}, c)
}

// isMarkup tells text that starts with one of HTML's elements for words.
func isMarkup(value string) bool {
	name := strings.FieldsFunc(value, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return len(name) > 0 && slices.Contains([]string{"a", "b", "i", "u", "br", "em", "span", "strong", "font", "ul",
		"ol", "li", "h1", "h2", "h3", "h4", "pre", "hr", "img", "tr", "td", "th", "sub", "sup"}, strings.ToLower(name[0]))
}

// unpack undoes base64 of either alphabet, with white space and padding or not.
func unpack(value string) ([]byte, bool) {
	for i := range len(value) {
		if value[i] >= utf8.RuneSelf {
			return nil, false // Vietnamese, as most long values
		}
	}
	value = strings.NewReplacer("-", "+", "_", "/", "=", "").Replace(strings.Join(strings.Fields(value), ""))
	out, err := base64.RawStdEncoding.DecodeString(value)
	return out, err == nil
}

// isProse tells words from the noise that a long code gives when it is taken for base64.
func isProse(text []byte) bool {
	control := func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }
	word := func(r rune) bool { return unicode.IsSpace(r) || r >= utf8.RuneSelf }
	s := string(text)
	return utf8.Valid(text) && !strings.ContainsFunc(s, control) && strings.ContainsFunc(s, word)
}
