package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/unicode/norm"
)

// Seen is what a file of a kind that nobody has named shows of itself.
type Seen struct {
	Format  string // one of the formats but auto
	Records string // json, xml: where its rows are; empty: where they are looked for
	Columns []SeenColumn
}

// SeenColumn is a column as the file has it.
type SeenColumn struct {
	Name string
	Type string // "date" or "cccd" when its values look like that, else "text"
}

// Suggestion is a feed that would read a file.
type Suggestion struct {
	Preset   *Preset           // the kind of list that it is most like; nil: none
	Known    map[string]string // the preset's columns by the file's headers
	Unknown  []string          // headers that no column has: they are kept under their own names
	Missing  []string          // the key's columns that the file doesn't have
	records  string
	format   string
	headers  []SeenColumn
	kindless bool // the format says itself what its records are
}

// Suggest finds the kind of list that a file is most like.
func Suggest(seen Seen) (Suggestion, error) {
	s := Suggestion{format: seen.Format, records: seen.Records, headers: seen.Columns}
	if slices.Contains([]string{FormatGiamDinhHS, FormatHSSK831, FormatDocument}, seen.Format) {
		s.kindless = true
		return s, nil
	}
	list, err := Presets()
	if err != nil {
		return Suggestion{}, err
	}
	best := 0
	for i := range list {
		known := list[i].known(seen.Columns)
		if score := list[i].score(known); score > best {
			best, s.Preset, s.Known = score, &list[i], known
		}
	}
	for _, c := range seen.Columns {
		if s.Known[c.Name] == "" {
			s.Unknown = append(s.Unknown, c.Name)
		}
	}
	if s.Preset != nil {
		s.Missing = slices.DeleteFunc(slices.Clone(s.Preset.Key), func(k string) bool { return has(s.Known, k) })
	}
	return s, nil
}

func has(known map[string]string, column string) bool {
	for _, c := range known {
		if c == column {
			return true
		}
	}
	return false
}

// known says which of a file's headers a preset's columns have.
func (p *Preset) known(headers []SeenColumn) map[string]string {
	columns := map[string]string{}
	for _, c := range p.Columns {
		for _, h := range c.From {
			columns[foldHeader(h)] = c.Name
		}
	}
	out := map[string]string{}
	for _, h := range headers {
		if name := columns[foldHeader(h.Name)]; name != "" && !has(out, name) {
			out[h.Name] = name
		}
	}
	return out
}

// score says how much a file is like a preset: columns of the key count most. Persons' columns alone are no kind: all
// lists of persons have them.
func (p *Preset) score(known map[string]string) int {
	score, telling := len(known), false
	for _, name := range known {
		if slices.Contains(p.Key, name) {
			score += 3
			telling = telling || name != "MA_DOI_TUONG" || len(p.Key) == 1
		}
	}
	if !telling {
		return 0
	}
	return score
}

// foldHeader makes headers comparable as the decoders do: without case, marks, spaces and punctuation.
func foldHeader(name string) string {
	return strings.ToLower(strings.ReplaceAll(canonicalName(name), "_", ""))
}

// canonicalName turns a header into a column's name: "Ngày cân (đợt 1)" into NGAY_CAN_DOT_1.
func canonicalName(header string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(header) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case r == 'đ', r == 'Đ':
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

// plainHeader is a header as a configuration may hold it: headers are compared by their letters and digits alone.
func plainHeader(header string) string {
	header = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(header, " "))
	return strings.Join(strings.Fields(header), " ")
}

var notName = regexp.MustCompile(`[^A-Z0-9_]+`)

// Feed is the feed as it can be pasted into a configuration, for files like that at a pattern. It is as short as the
// preset allows.
func (s *Suggestion) Feed(pattern string) []byte {
	m := mapping()
	switch {
	case s.kindless:
		m.addText("name", s.format).addText("format", s.format)
		if s.format == FormatDocument {
			m.addText("system", SystemHIS)
		}
	case s.Preset != nil:
		m.addText("name", strings.ReplaceAll(s.Preset.Kind, "_", "-")).addText("kind", s.Preset.Kind)
	default:
		m.addText("name", "danh-sach").addText("system", SystemV20).addText("kind", "danh_sach")
	}
	m.add("paths", texts([]string{pattern}))
	if s.records != "" {
		m.addText("format", s.format).addText("records", s.records)
	}
	if s.Preset == nil && !s.kindless {
		m.add("key", texts([]string{})).add("columns", s.columns())
	}
	feeds := list()
	feeds.Content = append(feeds.Content, m.node())
	out, err := yaml.Dump(mapping().add("feeds", feeds).node(), yaml.WithV4Defaults(), yaml.WithLineWidth(-1))
	if err != nil {
		return fmt.Appendf(nil, "# cannot be printed: %v\n", err) // only text that is not UTF-8
	}
	return out
}

// columns maps every header that a name can be made of.
func (s *Suggestion) columns() *yaml.Node {
	m := mapping()
	used := map[string]bool{}
	for _, h := range s.headers {
		name := notName.ReplaceAllString(canonicalName(h.Name), "")
		name = name[:min(len(name), 60)]
		header := plainHeader(h.Name)
		if name == "" || used[name] || len(used) == maxColumns || utf8.RuneCountInString(header) > maxHeaderText {
			continue
		}
		used[name] = true
		from := texts([]string{header})
		if h.Type == "" || h.Type == typeText {
			m.add(name, from)
			continue
		}
		m.add(name, mapping().add("from", from).addText("type", h.Type).node())
	}
	return m.node()
}
