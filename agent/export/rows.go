package export

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tramsync/sync/wire"
)

// mapping turns a file's rows into records, by the feed's columns.
type mapping struct {
	settings Settings
	names    map[string]Column // folded name in the file → column
	types    map[string]ColumnType
	keys     map[string]bool
	given    map[hash]hash // key → content; severalContents when there is more than one
	surveyed bool          // given is complete: a file's rows are gone through twice
	lone     bool          // xml: an element that doesn't repeat may be a row too

	lastNames, lastHeader []string // objects of a list have the same members
}

// hash stands for a key or a content, so that a list of a million rows stays small.
type hash [16]byte

// severalContents stands for no content.
var severalContents hash

func newMapping(s Settings) *mapping {
	m := &mapping{settings: s, names: map[string]Column{}, types: map[string]ColumnType{}, keys: map[string]bool{},
		given: map[hash]hash{}}
	for _, c := range s.Columns {
		m.types[c.Name] = c.Type
		m.names[foldColumn(c.Name)] = c
		for _, alias := range c.From {
			m.names[foldColumn(alias)] = c
		}
	}
	for _, k := range s.Key {
		m.keys[k] = true
		if _, ok := m.names[foldColumn(k)]; !ok {
			m.names[foldColumn(k)] = Column{Name: k}
		}
	}
	return m
}

// foldColumn makes column names comparable: NFKD without marks, lower case, letters and digits only.
func foldColumn(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(name) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		if r = unicode.ToLower(r); r == 'đ' {
			r = 'd'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// header is canonical for one object after the other. It keeps names.
func (m *mapping) header(names []string) []string {
	if m.lastHeader == nil || !slices.Equal(names, m.lastNames) {
		m.lastNames, m.lastHeader = names, m.canonical(names)
		m.settings.met.header(m.lastHeader)
	}
	return m.lastHeader
}

// canonical gives the canonical name of each column of a file. Unknown columns keep their own names, those without one
// are #1, #2 … by their place; a running number (STT) gets none, since it changes whenever the list does. Names that
// come twice get #2, #3 … behind them.
func (m *mapping) canonical(names []string) []string {
	out := make([]string, len(names))
	used := map[string]bool{"": true}
	first := true
	next := map[string]int{} // of a name that came twice, or a thousand of one name would cost a million looks
	for i, n := range names {
		name, folded := strings.TrimSpace(norm.NFC.String(n)), foldColumn(n)
		counts := isRunningNumber(folded, first)
		first = first && name == ""
		switch c, ok := m.names[folded]; {
		case ok:
			name = c.Name
		case counts:
			continue
		case name == "":
			name = fmt.Sprintf("#%d", i+1)
		}
		out[i] = name
		for used[out[i]] {
			next[name] = max(next[name], 1) + 1
			out[i] = fmt.Sprintf("%s#%d", name, next[name])
		}
		used[out[i]] = true
	}
	return out
}

// isRunningNumber tells by its folded name a column that counts a list's rows. TT does so in front of all others, as on
// most of the administration's forms; elsewhere it may be short for another word.
func isRunningNumber(folded string, first bool) bool {
	return slices.Contains([]string{"stt", "sott", "sothutu"}, folded) || first && folded == "tt"
}

// put sets a column of a row. One without a name that has nothing in it comes of a separator at the line's end.
func put(row map[string]string, name, value string) {
	if name == "" || name[0] == '#' && strings.TrimSpace(value) == "" {
		return
	}
	row[name] = value
}

// missingKey is the first of the key's columns that a header doesn't have, or "".
func (m *mapping) missingKey(header []string) string {
	for _, k := range m.settings.Key {
		if !slices.Contains(header, k) {
			return k
		}
	}
	return ""
}

// hasKey reports whether a header has any of the key's columns. A feed without a key wants none.
func (m *mapping) hasKey(header []string) bool {
	return len(m.settings.Key) == 0 ||
		slices.ContainsFunc(m.settings.Key, func(k string) bool { return slices.Contains(header, k) })
}

// record makes a record of one row.
func (m *mapping) record(row map[string]string, origin wire.Origin) *Record {
	s := m.settings
	r := &Record{Kind: s.Kind, Row: row, Origin: origin}
	for _, c := range s.Columns {
		if v, ok := row[c.Name]; ok {
			row[c.Name] = r.typed(c, v)
		}
	}
	for _, k := range s.Key {
		if m.types[k] != CCCD {
			r.flagExponent(k, row[k])
		}
	}
	r.Facility = cmp.Or(strings.TrimSpace(row[s.Facility]), s.Station)
	m.identify(r)
	return r
}

// identify sets the key. A row without all of its key's values, and the rows of a file that have one key but several
// contents, get their content into the key: they would overwrite each other. Which keys these are is known at the
// file's end only, and what becomes of a row must not depend on where it stands: hence surveyed.
func (m *mapping) identify(r *Record) {
	complete := len(m.settings.Key) > 0
	for _, k := range m.settings.Key {
		v := strings.TrimSpace(r.Row[k])
		if v == "" {
			complete = false
			r.Findings = append(r.Findings, wire.Finding{Code: "key-incomplete", At: "row." + k})
		}
		r.Key = append(r.Key, v)
	}
	if !complete {
		r.addPrint()
		return
	}
	key := hashKey(r.Key)
	if !m.surveyed {
		data := wire.Data{Row: r.Row}
		whole := data.ContentHash()
		content := hash(whole[:len(hash{})])
		if first, ok := m.given[key]; ok && first != content {
			content = severalContents
		}
		m.given[key] = content
		return
	}
	if content, ok := m.given[key]; ok && content == severalContents {
		r.Findings = append(r.Findings, wire.Finding{Code: "key-duplicate", At: "row"})
		r.addPrint()
	}
}

func hashKey(key []string) hash {
	var b []byte
	for _, v := range key {
		b = append(binary.AppendUvarint(b, uint64(len(v))), v...)
	}
	whole := sha256.Sum256(b)
	return hash(whole[:len(hash{})])
}
