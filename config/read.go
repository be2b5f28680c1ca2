package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// decoder reads values from nodes and gathers the faults. Its methods return zero values for what is at fault.
type decoder struct {
	host   host
	faults Faults
}

func (d *decoder) fault(p place, problem, hint string) {
	f := Fault{Path: p.path, Problem: problem, Hint: hint}
	if p.node != nil {
		f.Line = p.node.Line
	}
	d.faults = append(d.faults, f)
}

// members is a mapping's fields by name.
type members struct {
	place
	byName map[string]place
}

func (m members) has(name string) bool {
	_, ok := m.byName[name]
	return ok
}

// mapping reads a mapping that may have the named fields and no others.
func (d *decoder) mapping(p place, names ...string) members {
	m := members{place: p}
	if !d.kind(p, yaml.MappingNode, "must be a mapping of fields") {
		return members{}
	}
	m.byName = make(map[string]place, len(names))
	d.each(p, func(name string, at place, key *yaml.Node) {
		if !slices.Contains(names, name) {
			d.fault(place{path: at.path, node: key}, "is not a known field", "known here: "+strings.Join(names, ", "))
			return
		}
		m.byName[name] = at
	})
	return m
}

// each calls f for the fields of a mapping whose form structure has no fault with.
func (d *decoder) each(p place, f func(name string, at place, key *yaml.Node)) {
	for i := 0; i+1 < len(p.node.Content); i += 2 {
		key := p.node.Content[i]
		if key.Kind == yaml.ScalarNode && key.ShortTag() != "!!merge" {
			f(key.Value, p.field(key.Value, p.node.Content[i+1]), key)
		}
	}
}

// require reports the named fields that a mapping lacks.
func (d *decoder) require(m members, names ...string) {
	for _, name := range names {
		if m.node != nil && !m.has(name) {
			d.fault(place{path: m.field(name, nil).path, node: m.node}, "is missing", "")
		}
	}
}

func (d *decoder) kind(p place, k yaml.Kind, problem string) bool {
	switch {
	case p.node == nil:
		return false
	case p.node.Kind == yaml.ScalarNode && p.node.ShortTag() == "!!null":
		d.fault(p, "is empty", "give it a value or remove it")
		return false
	case p.node.Kind != k || k != yaml.ScalarNode && p.node.Style&yaml.TaggedStyle != 0:
		d.fault(p, problem, "")
		return false
	}
	return true
}

// list reads a list of least to most items.
func (d *decoder) list(p place, least, most int) []place {
	if !d.kind(p, yaml.SequenceNode, "must be a list") {
		return nil
	}
	n := len(p.node.Content)
	if n < least || n > most {
		d.fault(p, fmt.Sprintf("must have %d to %d items, has %d", least, most, n), "")
		return nil
	}
	items := make([]place, n)
	for i := range items {
		items[i] = p.item(i)
	}
	return items
}

// text reads text of at most limit characters: one line, not empty, no white space at its ends.
func (d *decoder) text(p place, limit int) string {
	if !d.kind(p, yaml.ScalarNode, "must be text") {
		return ""
	}
	s := p.node.Value
	switch {
	case p.node.ShortTag() != "!!str":
		d.fault(p, "must be text", "put it in quotes: without them leading zeros get lost")
	case s == "":
		d.fault(p, "is empty", "give it a value or remove it")
	case strings.TrimSpace(s) != s:
		d.fault(p, "has white space at its ends", "")
	case strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		d.fault(p, "has characters that cannot be printed",
			`within double quotes a backslash is an escape; write paths in single quotes`)
	case utf8.RuneCountInString(s) > limit:
		d.fault(p, fmt.Sprintf("is longer than %d characters", limit), "")
	default:
		return s
	}
	return ""
}

// rule is a form that text must have, and how to say so.
type rule struct {
	form *regexp.Regexp
	says string
}

func (d *decoder) matching(p place, r rule) string {
	s := d.text(p, 1000)
	if s != "" && !r.form.MatchString(s) {
		d.fault(p, r.says, "")
		return ""
	}
	return s
}

// choice reads one of the allowed values.
func (d *decoder) choice(p place, allowed ...string) string {
	s := d.text(p, 1000)
	if s != "" && !slices.Contains(allowed, s) {
		d.fault(p, "must be one of: "+strings.Join(allowed, ", "), "")
		return ""
	}
	return s
}

// unique reads a list of least to most different texts that follow a rule.
func (d *decoder) unique(p place, least, most int, r rule) []string {
	var out []string
	for _, item := range d.list(p, least, most) {
		s := d.matching(item, r)
		if s != "" && slices.Contains(out, s) {
			d.fault(item, "occurs twice in this list", "")
		} else if s != "" {
			out = append(out, s)
		}
	}
	return out
}
