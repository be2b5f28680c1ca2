package screen

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// patterns are a rule's fields: TABLE.FIELD, or TABLE.ELEMENT.FIELD where only fields of one element are meant, with *
// for any stretch. What a pattern with a ! before it names is left out again.
type patterns struct{ in, out []pattern }

// pattern is folded; element is "" when none is named.
type pattern struct{ table, element, field string }

var fieldForm = regexp.MustCompile(`^!?[A-Za-z0-9_*]+(\.[A-Za-z0-9_*]+){1,2}$`)

// compileFields gives nil, which means every field, for an empty list.
func compileFields(list []string) (*patterns, error) {
	if len(list) == 0 {
		return nil, nil
	}
	ps := &patterns{}
	for _, s := range list {
		if !fieldForm.MatchString(s) {
			return nil, fmt.Errorf("field pattern %q is not TABLE.FIELD or TABLE.ELEMENT.FIELD of letters, digits, "+
				"underscores and *", s)
		}
		s, not := strings.CutPrefix(s, "!")
		parts := strings.Split(strings.ToUpper(s), ".")
		p := pattern{table: parts[0], field: parts[len(parts)-1]}
		if len(parts) == 3 {
			p.element = parts[1]
		}
		if not {
			ps.out = append(ps.out, p)
		} else {
			ps.in = append(ps.in, p)
		}
	}
	if len(ps.in) == 0 {
		return nil, fmt.Errorf("the fields only leave fields out")
	}
	return ps, nil
}

// match looks at a field under each name of its table.
func (ps *patterns) match(n *names) bool {
	return ps == nil || slices.ContainsFunc(n.tables, func(table string) bool {
		return ps.matchIn(table, n.element, n.field)
	})
}

// matchIn takes folded names. An element's name stands for the fields in it too.
func (ps *patterns) matchIn(table, element, name string) bool {
	own := func(p pattern) bool { return p.match(table, element, name) }
	around := func(p pattern) bool { return p.element == "" && p.match(table, "", element) }
	if slices.ContainsFunc(ps.out, own) {
		return false
	}
	return slices.ContainsFunc(ps.in, own) ||
		slices.ContainsFunc(ps.in, around) && !slices.ContainsFunc(ps.out, around)
}

func (p pattern) match(table, element, name string) bool {
	return glob(p.field, name) && glob(p.table, table) && (p.element == "" || glob(p.element, element))
}

// glob reports whether s is of the form of pattern, in which * stands for any stretch.
func glob(pattern, s string) bool {
	first, rest, star := strings.Cut(pattern, "*")
	if !star {
		return s == pattern
	}
	s, ok := strings.CutPrefix(s, first)
	for ok {
		var part string
		if part, rest, star = strings.Cut(rest, "*"); !star {
			return strings.HasSuffix(s, part)
		}
		_, s, ok = strings.Cut(s, part)
	}
	return false
}
