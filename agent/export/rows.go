package export

import (
	"crypto/sha256"
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
	given    map[string][16]byte
}

func newMapping(s Settings) *mapping {
	m := &mapping{settings: s, names: map[string]Column{}, given: map[string][16]byte{}}
	for _, c := range s.Columns {
		m.names[foldColumn(c.Name)] = c
		for _, alias := range c.From {
			m.names[foldColumn(alias)] = c
		}
	}
	return m
}

// foldColumn makes column names comparable: NFKD without marks, lower case, letters and digits only.
func foldColumn(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(name) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			r = unicode.ToLower(r)
			if r == 'đ' {
				r = 'd'
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// header gives the canonical name of each column of a file. Unknown columns keep their own names; a running number (STT) gets none, since it changes whenever the list does. Names that come
// twice get #2, #3 ….
func (m *mapping) header(names []string) []string {
	out := make([]string, len(names))
	used := map[string]int{}
	for i, n := range names {
		name := strings.TrimSpace(norm.NFC.String(n))
		if c, ok := m.names[foldColumn(n)]; ok {
			name = c.Name
		} else if name == "" || foldColumn(name) == "stt" {
			continue
		}
		if used[name]++; used[name] > 1 {
			name = fmt.Sprintf("%s#%d", name, used[name])
		}
		out[i] = name
	}
	return out
}

// missingKey is an error naming the first key column that a header doesn't have. all: only when it has none of them.
func (m *mapping) missingKey(header []string, all bool) error {
	for i, k := range m.settings.Key {
		if slices.Contains(header, k) {
			if all {
				return nil
			}
			continue
		}
		if !all || i == len(m.settings.Key)-1 {
			return &FormatError{Code: "column", Field: k}
		}
	}
	return nil
}

// record makes a record of one row.
func (m *mapping) record(row map[string]string, origin wire.Origin) *Record {
	s := m.settings
	for _, c := range s.Columns {
		if v, ok := row[c.Name]; ok && c.Date {
			row[c.Name] = isoDate(v)
		}
	}
	r := &Record{Kind: s.Kind, Row: row, Origin: origin, Facility: s.Station}
	if v := strings.TrimSpace(row[s.Facility]); s.Facility != "" && v != "" {
		r.Facility = v
	}
	data := wire.Data{Row: row}
	m.identify(r, data.ContentHash())
	return r
}

// identify sets the key. A row without all of its key's values, and a second row with the key of another in the same file, get their content into the key: they would
// overwrite each other.
func (m *mapping) identify(r *Record, content [sha256.Size]byte) {
	complete := len(m.settings.Key) > 0
	for _, k := range m.settings.Key {
		v := strings.TrimSpace(r.Row[k])
		if v == "" {
			complete = false
			r.Findings = append(r.Findings, wire.Finding{Code: "key-incomplete", At: "row." + k})
		}
		r.Key = append(r.Key, v)
	}
	print := fmt.Sprintf("~%x", content[:8])
	if !complete {
		r.Key = append(r.Key, print)
		return
	}
	name := wire.Subject(r.Key)
	if first, ok := m.given[name]; ok && first != [16]byte(content[:16]) {
		r.Findings = append(r.Findings, wire.Finding{Code: "key-duplicate", At: "row"})
		r.Key = append(r.Key, print)
		return
	}
	m.given[name] = [16]byte(content[:16])
}
