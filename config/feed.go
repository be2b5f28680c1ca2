package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

const (
	maxFeeds   = 32
	maxPaths   = 32
	maxKey     = 16
	maxColumns = 200
	maxAliases = 32
	maxRoots   = 8
	maxHeader  = 50 // line

	maxHeaderText = 200 // characters

	typeText = "text"
)

// formats and encodings never change.
var (
	formats = []string{FormatAuto, FormatGiamDinhHS, FormatHSSK831, FormatCSV, FormatXLSX, FormatJSON, FormatXML,
		FormatDocument}
	encodings = []string{"auto", "utf-8", "utf-16", "windows-1258", "tcvn3"}
)

var (
	feedName = rule{regexp.MustCompile(`^[a-z0-9-]{1,40}$`), "must be 1 to 40 of a-z, 0-9 and -"}
	kindName = rule{regexp.MustCompile(`^[a-z0-9_]{1,40}$`), "must be 1 to 40 of a-z, 0-9 and _"}
	column   = rule{regexp.MustCompile(`^[A-Z0-9_]{1,60}$`), "must be 1 to 60 of A-Z, 0-9 and _"}
	// $ and @ begin the members that .NET serializers add around lists.
	records = rule{regexp.MustCompile(`^[\p{L}\p{N}_$@-]{1,60}(\.[\p{L}\p{N}_$@-]{1,60}){0,7}$|` +
		`^(/[\p{L}\p{N}_:-]{1,60}){1,16}$`),
		"must be 1 to 8 member names joined by dots, like result.items, or elements with slashes, like /LIST/ROW"}
	element = rule{regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_.-]{0,59}$`), "must be an element's name"}
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
		"key", "columns", "facility", "records", "sheet", "header", "roots")
	d.require(m, "name", "paths")
	f := Feed{
		Name:     d.matching(m.byName["name"], feedName),
		System:   d.choice(m.byName["system"], SystemHIS, SystemV20),
		Kind:     d.matching(m.byName["kind"], kindName),
		Format:   d.choice(m.byName["format"], formats...),
		Encoding: d.choice(m.byName["encoding"], encodings...),
		Paths:    d.paths(m.byName["paths"]),
		Settle:   d.settle(m),
		Key:      d.unique(m.byName["key"], 0, maxKey, column),
		Columns:  d.columns(m.byName["columns"]),
		Facility: d.matching(m.byName["facility"], column),
		Records:  d.matching(m.byName["records"], records),
		Sheet:    d.sheet(m.byName["sheet"]),
		Header:   d.header(m.byName["header"]),
		Roots:    d.unique(m.byName["roots"], 1, maxRoots, element),
	}
	if !m.has("format") {
		f.Format = FormatAuto
	}
	if !m.has("encoding") {
		f.Encoding = "auto"
	}
	if m.has("key") && f.Key == nil {
		f.Key = []string{}
	}
	d.named(&f, m)
	d.fits(f, m)
	d.preset(&f, m)
	d.system(&f, m)
	d.mapped(f, m)
	return f, m
}

// named settles what records of the feed are. Some formats say themselves what each is; rows need a name, and not one
// that those have.
func (d *decoder) named(f *Feed, m members) {
	own := map[string]string{FormatGiamDinhHS: kindVisit, FormatHSSK831: kindHealthRecord}
	at := m.byName["kind"]
	switch kind, fixed := own[f.Format]; {
	case fixed:
		if m.has("kind") && f.Kind != kind {
			d.fault(at, "must be "+kind+" for format "+f.Format, "remove it")
		}
		f.Kind = kind
	case f.Kind == kindVisit || f.Kind == kindTable:
		d.fault(at, "is what records of format "+FormatGiamDinhHS+" are called", "name the rows otherwise")
	case f.Kind == kindHealthRecord:
		d.fault(at, "is what records of format "+FormatHSSK831+" are called", "name the rows otherwise")
	case f.Kind == kindNever:
		d.fault(at, "is never taken in", "remove the feed")
	case f.Format == "" || f.Format == FormatAuto || f.Format == FormatDocument:
	default:
		d.require(m, "kind")
	}
}

// Kinds that rows can't have. The last is what must never be taken in (sync/screen says so too).
const (
	kindVisit        = "visit"
	kindTable        = "table"
	kindHealthRecord = "hssk_831"
	kindNever        = "hiv"
)

// fits reports fields that have no meaning for the feed's format.
func (d *decoder) fits(f Feed, m members) {
	takes := map[string][]string{
		FormatAuto:       {"key", "columns", "facility", "records", "sheet", "header", "roots"},
		FormatGiamDinhHS: {"roots"},
		FormatCSV:        {"key", "columns", "facility", "header"},
		FormatXLSX:       {"key", "columns", "facility", "sheet", "header"},
		FormatJSON:       {"key", "columns", "facility", "records"},
		FormatXML:        {"key", "columns", "facility", "records"},
	}
	if f.Format == "" {
		return
	}
	for _, name := range takes[FormatAuto] {
		if m.has(name) && !slices.Contains(takes[f.Format], name) {
			d.fault(m.byName[name], "has no meaning for format "+f.Format, "remove it")
		}
	}
	if f.Format != FormatCSV && f.Format != FormatAuto && f.Encoding != "auto" {
		d.fault(m.byName["encoding"], "must be auto for format "+f.Format, "only csv does not show its encoding")
	}
}

// preset completes a feed of rows whose kind is known.
func (d *decoder) preset(f *Feed, m members) {
	defer func() {
		for i := range f.Columns {
			f.Columns[i].Type = cmp.Or(f.Columns[i].Type, typeText)
		}
	}()
	if f.Kind == "" || slices.Contains([]string{FormatGiamDinhHS, FormatHSSK831, FormatDocument, ""}, f.Format) {
		return
	}
	list, err := Presets()
	if err != nil {
		d.fault(m.byName["kind"], err.Error(), "install the program again")
		return
	}
	i := slices.IndexFunc(list, func(p Preset) bool { return p.Kind == f.Kind })
	if i < 0 {
		return
	}
	list[i].fill(f)
	if !m.has("system") {
		f.System = SystemV20
	}
}

// system is what exports of a format come from, unless the feed says otherwise.
func (d *decoder) system(f *Feed, m members) {
	switch {
	case f.Format == FormatGiamDinhHS && f.System == SystemV20:
		d.fault(m.byName["format"], "is not a format of V20", "auto, csv, xlsx, json or xml")
	case m.has("system") || f.System != "":
	case f.Format == FormatGiamDinhHS:
		f.System = SystemHIS
	case f.Format == FormatHSSK831:
		f.System = SystemV20
	default:
		d.require(m, "system")
	}
}

// sheet reads a sheet's name, or an expression between slashes.
func (d *decoder) sheet(p place) string {
	s := d.text(p, 200)
	if len(s) > 1 && strings.HasPrefix(s, "/") && strings.HasSuffix(s, "/") {
		if _, err := regexp.Compile(s[1 : len(s)-1]); err != nil {
			d.fault(p, "is not a regular expression", "without slashes it is a sheet's name")
			return ""
		}
	}
	return s
}

// header reads a line's number.
func (d *decoder) header(p place) int {
	if !d.kind(p, yaml.ScalarNode, "must be a number") {
		return 0
	}
	n, err := strconv.Atoi(p.node.Value)
	if p.node.ShortTag() != "!!int" || err != nil || n < 1 || n > maxHeader {
		d.fault(p, fmt.Sprintf("must be the number of a line, 1 to %d", maxHeader), "")
		return 0
	}
	return n
}

// mapped reports columns that are referred to and not in the mapping.
func (d *decoder) mapped(f Feed, m members) {
	if !m.has("columns") || len(f.Columns) == 0 {
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
	c := Column{Name: name}
	from := p
	if p.node != nil && p.node.Kind != yaml.SequenceNode {
		m := d.mapping(p, "from", "type")
		from = m.byName["from"]
		if m.has("type") {
			c.Type = d.choice(m.byName["type"], typeText, "date", "cccd")
		}
		if m.node != nil && !m.has("from") {
			c.From = []string{name}
			d.once(p, headers, name, "would be filled from a header that is taken")
		}
	}
	for _, item := range d.list(from, 1, maxAliases) {
		if header := d.text(item, maxHeaderText); header != "" {
			d.once(item, headers, header, "is a header that is taken")
			c.From = append(c.From, header)
		}
	}
	return c
}
