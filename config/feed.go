package config

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"
)

const (
	maxFeeds   = 32
	maxPaths   = 32
	maxKey     = 16
	maxColumns = 200
	maxAliases = 32
)

var (
	feedName = rule{regexp.MustCompile(`^[a-z0-9-]{1,40}$`), "must be 1 to 40 of a-z, 0-9 and -"}
	kindName = rule{regexp.MustCompile(`^[a-z0-9_]{1,40}$`), "must be 1 to 40 of a-z, 0-9 and _"}
	column   = rule{regexp.MustCompile(`^[A-Z0-9_]{1,60}$`), "must be 1 to 60 of A-Z, 0-9 and _"}
	// $ and @ begin the members that .NET serializers add around lists.
	records = rule{regexp.MustCompile(`^[\p{L}\p{N}_$@-]{1,60}(\.[\p{L}\p{N}_$@-]{1,60}){0,7}$`),
		"must be 1 to 8 member names joined by dots, like result.items"}
)

func (d *decoder) feeds(p place, dataDir string) []Feed {
	var feeds []Feed
	names := make(map[string]string)    // feed's name -> where it was seen first
	patterns := make(map[string]string) // folded pattern -> where it was seen first
	for _, item := range d.list(p, 1, maxFeeds) {
		f, m := d.feed(item)
		feeds = append(feeds, f)
		d.once(m.byName["name"], names, f.Name, "is the name of another feed")
		if list := m.byName["paths"]; list.node != nil && len(list.node.Content) == len(f.Paths) {
			for i, pattern := range f.Paths {
				d.once(list.item(i), patterns, d.host.fold(pattern), "is listed before")
				d.apart(list.item(i), pattern, dataDir)
			}
		}
	}
	return feeds
}

// once reports a value that an earlier place has already.
func (d *decoder) once(p place, seen map[string]string, value, problem string) {
	if value == "" || p.node == nil {
		return
	}
	if before, twice := seen[value]; twice {
		d.fault(p, problem, "see "+before)
		return
	}
	seen[value] = p.path
}

func (d *decoder) feed(p place) (Feed, members) {
	m := d.mapping(p, "name", "system", "kind", "format", "encoding", "paths", "settle",
		"key", "columns", "records", "facility")
	d.require(m, "name", "system", "format", "paths")
	f := Feed{
		Name:     d.matching(m.byName["name"], feedName),
		System:   d.choice(m.byName["system"], SystemHIS, SystemV20),
		Kind:     d.matching(m.byName["kind"], kindName),
		Format:   d.choice(m.byName["format"], FormatGiamDinhHS, FormatCSV, FormatJSON),
		Encoding: d.choice(m.byName["encoding"], "auto", "utf-8", "utf-16", "windows-1258"),
		Paths:    d.paths(m.byName["paths"]),
		Settle:   d.settle(m),
		Key:      d.unique(m.byName["key"], 0, maxKey, column),
		Columns:  d.columns(m.byName["columns"]),
		Records:  d.matching(m.byName["records"], records),
		Facility: d.matching(m.byName["facility"], column),
	}
	if f.Encoding == "" {
		f.Encoding = "auto"
	}
	d.named(&f, m)
	d.fits(f, m)
	d.mapped(f, m)
	return f, m
}

// named settles what records of the feed are. The insurer's format says itself what each is; rows need a name, and not
// the one that those have.
func (d *decoder) named(f *Feed, m members) {
	switch {
	case f.Format == FormatGiamDinhHS:
		if m.has("kind") && f.Kind != "visit" {
			d.fault(m.byName["kind"], "must be visit for format "+FormatGiamDinhHS, "remove it")
		}
		f.Kind = "visit"
	case f.Format == "":
	case f.Kind == "visit" || f.Kind == "table":
		d.fault(m.byName["kind"], "is what records of format "+FormatGiamDinhHS+" are called",
			"name the rows otherwise")
	default:
		d.require(m, "kind")
	}
}

// fits reports fields that have no meaning for the feed's format.
func (d *decoder) fits(f Feed, m members) {
	var foreign []string
	switch f.Format {
	case FormatGiamDinhHS:
		foreign = []string{"key", "columns", "records", "facility"}
		if f.System == SystemV20 {
			d.fault(m.byName["format"], "is not a format of V20", "csv or json")
		}
	case FormatCSV:
		foreign = []string{"records"}
	}
	for _, name := range foreign {
		if m.has(name) {
			d.fault(m.byName[name], "has no meaning for format "+f.Format, "remove it")
		}
	}
	if f.Format != "" && f.Format != FormatCSV && f.Encoding != "auto" {
		d.fault(m.byName["encoding"], "must be auto for format "+f.Format, "only csv does not show its encoding")
	}
}

// mapped reports columns that are referred to and not in the mapping.
func (d *decoder) mapped(f Feed, m members) {
	if len(f.Columns) == 0 {
		return
	}
	missing := func(name string) bool {
		return !slices.ContainsFunc(f.Columns, func(c Column) bool { return c.Name == name })
	}
	if slices.ContainsFunc(f.Key, missing) {
		name := f.Key[slices.IndexFunc(f.Key, missing)]
		d.fault(m.byName["key"], "names "+name+", which is not in columns", "add it to columns")
	}
	if f.Facility != "" && missing(f.Facility) {
		d.fault(m.byName["facility"], "is not in columns", "add it to columns")
	}
}

func (d *decoder) paths(p place) []string {
	var out []string
	for _, item := range d.list(p, 1, maxPaths) {
		s := d.text(item, 1024)
		if s == "" {
			continue
		}
		if problem, hint := d.host.checkPattern(s); problem != "" {
			d.fault(item, problem, hint)
			continue
		}
		out = append(out, s)
	}
	return out
}

func (d *decoder) settle(m members) time.Duration {
	if !m.has("settle") {
		return defaultSettle
	}
	p := m.byName["settle"]
	s := d.text(p, 100)
	if s == "" {
		return 0
	}
	v, err := time.ParseDuration(s)
	if err != nil {
		d.fault(p, "must be a duration", "like 3s or 500ms")
	} else if v < minSettle || v > maxSettle {
		d.fault(p, "must be from 100ms to 10m", "")
	}
	return v
}

func (d *decoder) columns(p place) []Column {
	if !d.kind(p, yaml.MappingNode, "must be a mapping of columns to headers") {
		return nil
	}
	if n := len(p.node.Content) / 2; n > maxColumns {
		d.fault(p, fmt.Sprintf("must have at most %d columns, has %d", maxColumns, n), "")
		return nil
	}
	var out []Column
	headers := make(map[string]string) // header -> the column it goes to
	d.each(p, func(name string, at place, key *yaml.Node) {
		if !column.form.MatchString(name) {
			d.fault(place{path: at.path, node: key}, "as a column's name "+column.says, "")
		}
		out = append(out, d.column(name, at, headers))
	})
	return out
}

// column reads `[header, …]` or `{from: [header, …], type: date}`.
func (d *decoder) column(name string, p place, headers map[string]string) Column {
	c := Column{Name: name, Type: "text"}
	from := p
	if p.node != nil && p.node.Kind != yaml.SequenceNode {
		m := d.mapping(p, "from", "type")
		from = m.byName["from"]
		if m.has("type") {
			c.Type = d.choice(m.byName["type"], "text", "date")
		}
		if m.node != nil && !m.has("from") {
			c.From = []string{name}
			d.once(p, headers, name, "would be filled from a header that is taken")
		}
	}
	for _, item := range d.list(from, 1, maxAliases) {
		if header := d.text(item, 200); header != "" {
			d.once(item, headers, header, "is a header that is taken")
			c.From = append(c.From, header)
		}
	}
	return c
}
