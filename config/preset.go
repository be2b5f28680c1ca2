package config

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v4"
)

//go:embed presets.v1.yaml
var presetDocument []byte

// Preset is what is known of a kind of list: enough for a feed that says no more than its kind and its paths.
type Preset struct {
	Kind     string
	Title    string // in Vietnamese
	Key      []string
	Facility string // column; may be empty
	Columns  []Column
}

// presetText is the document as written.
type presetText struct {
	Schema  int                   `yaml:"schema"`
	Version string                `yaml:"version"`
	Columns map[string]columnText `yaml:"columns"` // that kinds use by name
	Person  []string              `yaml:"person"`  // those of every list of persons
	Kinds   map[string]kindText   `yaml:"kinds"`
}

type columnText struct {
	Type string   `yaml:"type"`
	From []string `yaml:"from"`
}

type kindText struct {
	Title    string                `yaml:"title"`
	Person   bool                  `yaml:"person"`
	Key      []string              `yaml:"key"`
	Facility string                `yaml:"facility"`
	Uses     []string              `yaml:"uses"`
	Columns  map[string]columnText `yaml:"columns"` // of this kind alone
}

// Presets lists the kinds of lists that are known, by name. The caller owns the list. An error means that the program
// was built with a damaged document.
func Presets() ([]Preset, error) {
	var doc presetText
	if err := yaml.Load(presetDocument, &doc, yaml.WithKnownFields()); err != nil {
		return nil, fmt.Errorf("read presets: %w", err)
	}
	var out []Preset
	for _, kind := range slices.Sorted(maps.Keys(doc.Kinds)) {
		out = append(out, doc.preset(kind))
	}
	return out, nil
}

func (doc *presetText) preset(kind string) Preset {
	k := doc.Kinds[kind]
	p := Preset{Kind: kind, Title: k.Title, Key: k.Key, Facility: k.Facility}
	var names []string
	if k.Person {
		names = append(names, doc.Person...)
	}
	own := slices.Sorted(maps.Keys(k.Columns))
	for _, name := range slices.Concat(names, k.Uses, own) {
		text, ok := k.Columns[name]
		if !ok {
			text = doc.Columns[name]
		}
		if !slices.ContainsFunc(p.Columns, func(c Column) bool { return c.Name == name }) {
			p.Columns = append(p.Columns, Column{Name: name, From: withName(name, text.From), Type: cmp.Or(text.Type, typeText)})
		}
	}
	return p
}

// withName makes a column's canonical name one of its headers.
func withName(name string, from []string) []string {
	if slices.Contains(from, name) {
		return from
	}
	return append([]string{name}, from...)
}

// fill completes a feed with what its kind's preset says. What the feed says itself comes first: its key replaces the
// preset's, its headers are added to the preset's and taken from other columns.
func (p *Preset) fill(f *Feed) {
	if f.Key == nil { // an empty one is meant
		f.Key = slices.Clone(p.Key)
	}
	if f.Facility == "" {
		f.Facility = p.Facility
	}
	var taken []string
	for _, c := range f.Columns {
		taken = append(taken, c.From...)
	}
	var out []Column
	for _, c := range p.Columns {
		c.From = slices.DeleteFunc(slices.Clone(c.From), func(h string) bool { return slices.Contains(taken, h) })
		if i := slices.IndexFunc(f.Columns, func(own Column) bool { return own.Name == c.Name }); i >= 0 {
			c.From, c.Type = append(c.From, f.Columns[i].From...), cmp.Or(f.Columns[i].Type, c.Type)
		}
		if len(c.From) > 0 {
			out = append(out, c)
		}
	}
	for _, own := range f.Columns {
		if !slices.ContainsFunc(out, func(c Column) bool { return c.Name == own.Name }) {
			out = append(out, own)
		}
	}
	f.Columns = out
}
