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

// splitICD gives the tokens of a field's value that have the shape of a code, without dots: lists are split at anything that isn't part of a code, so that marks (†, *, +) fall away.
func splitICD(value string) []string {
	var out []string
	for _, t := range strings.FieldsFunc(strings.ToUpper(value), func(r rune) bool {
		return r != '.' && (r < '0' || r > '9') && (r < 'A' || r > 'Z')
	}) {
		t = strings.ReplaceAll(t, ".", "")
		if len(t) >= 3 && t[0] >= 'A' && isDigit(t[1]) && isDigit(t[2]) {
			out = append(out, t)
		}
	}
	return out
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

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
