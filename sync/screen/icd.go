package screen

import (
	"fmt"
	"regexp"
	"strings"
)

// icdRange holds ICD-10 codes without dots, compared on the length of its ends: B20–B24 holds B20, B200 and B24.9.
type icdRange struct{ from, to string }

var icdCode = regexp.MustCompile(`^[A-Z][0-9]{2}(\.?[0-9]{1,2})?$`)

func parseICD(list []string) ([]icdRange, error) {
	var out []icdRange
	for _, s := range list {
		from, to, isRange := strings.Cut(s, "-")
		if !isRange {
			to = from
		}
		if !icdCode.MatchString(from) || !icdCode.MatchString(to) {
			return nil, fmt.Errorf("%q is not an ICD-10 code or range", s)
		}
		from, to = strings.ReplaceAll(from, ".", ""), strings.ReplaceAll(to, ".", "")
		if len(from) != len(to) || from > to {
			return nil, fmt.Errorf("%q is not a range of ICD-10 codes", s)
		}
		out = append(out, icdRange{from: from, to: to})
	}
	return out, nil
}

// appendCodes adds what in a field's value has the shape of a code, in capitals and without dots. Marks (†, *, +) and
// whatever stands between the codes of a list fall away.
func appendCodes(list []string, value string) []string {
	for i := 0; i+2 < len(value); i++ {
		if !isLetter(value[i]) || !isDigit(value[i+1]) || !isDigit(value[i+2]) || (i > 0 && inCode(value[i-1])) {
			continue
		}
		end := i + 3
		for end < len(value) && (inCode(value[end]) || dotInCode(value[end:]) ||
			end == i+3 && commaInCode(value[end:])) {
			end++
		}
		if isCode(value[i:end]) && !inUUID(value, i) {
			list = append(list, strings.ToUpper(dotless.Replace(value[i:end])))
		}
		i = end - 1
	}
	return list
}

// isCode tells a code from a longer number that begins like one. Behind its three characters a code has two digits and
// a letter at most, or a dot: B20, B20A, F11.2, F1120, and T40.1X1A of ICD-10-CM.
func isCode(s string) bool {
	const longest = len("T40.1X1A")
	if len(s) > longest {
		return false
	}
	if len(s) > 3 && !inCode(s[3]) {
		return true
	}
	rest, _, _ := strings.Cut(s[3:], ".")
	digits := 0
	for digits < len(rest) && isDigit(rest[digits]) {
		digits++
	}
	return digits <= 2 && len(rest)-digits <= 1
}

// inUUID reports whether value[at] stands in a UUID (RFC 9562), whose parts look like codes by chance (f12a).
func inUUID(value string, at int) bool {
	const form = "00000000-0000-0000-0000-000000000000"
	inside := func(c byte) bool { return isDigit(c) || (c|0x20) >= 'a' && (c|0x20) <= 'f' || c == '-' }
	from, to := at, at
	for from > 0 && at-from < len(form) && inside(value[from-1]) {
		from--
	}
	for to < len(value) && to-at < len(form) && inside(value[to]) {
		to++
	}
	if to-from != len(form) {
		return false
	}
	for i := range len(form) {
		if (value[from+i] == '-') != (form[i] == '-') {
			return false
		}
	}
	return true
}

func inCode(c byte) bool { return isLetter(c) || isDigit(c) }

func dotInCode(s string) bool { return len(s) > 1 && s[0] == '.' && isDigit(s[1]) }

// commaInCode: "Z20,6", as a Vietnamese keyboard writes it. A list goes on with a letter: "I10,E11".
func commaInCode(s string) bool {
	return len(s) > 1 && s[0] == ',' && isDigit(s[1]) && (len(s) == 2 || !inCode(s[2]))
}

var dotless = strings.NewReplacer(".", "", ",", "")

func (r icdRange) holds(code string) bool {
	n := len(r.from)
	if len(code) < n {
		return false
	}
	return code[:n] >= r.from && code[:n] <= r.to
}

func anyICD(ranges []icdRange, codes []string) bool {
	for _, c := range codes {
		for _, r := range ranges {
			if r.holds(c) {
				return true
			}
		}
	}
	return false
}
