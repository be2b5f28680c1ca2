package export

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tramsync/agent/export/xlsx"
	"tramsync/sync/wire"
)

const (
	maxAbove      = 50      // lines in which a header is looked for
	maxAboveBytes = 4 << 20 // bytes of them
)

// header is where the columns' names stand.
type header struct {
	columns []string       // canonical names
	grouped map[int]string // names with the group's title where columns don't have it: screening must see it
	lines   [][]string     // the texts it consists of
	last    int            // number of its last line
	above   []wire.Field   // titles
}

// head reads the lines that a header is looked for in, and two more. Lines without anything aren't among them.
func (t *table) head(upTo int) ([]line, error) {
	var out []line
	size := 0
	for ln, err := range t.lines {
		if err != nil {
			return nil, err
		}
		filled := false
		for _, c := range ln.cells {
			size += len(c.Text)
			filled = filled || c.Top == 0 && strings.TrimSpace(c.Text) != ""
		}
		if filled {
			out = append(out, line{number: ln.number, cells: slices.Clone(ln.cells)})
		}
		if size > maxAboveBytes || len(out) >= maxAbove+2 && ln.number >= upTo+2 {
			break
		}
	}
	return out, nil
}

// findHeader finds the header: the configured line; with a key, the first line that has its columns, or two lines that
// have them together; else the line with most of the feed's columns, or the first that looks like names.
func (m *mapping) findHeader(head []line) (header, *FormatError) {
	if len(head) == 0 {
		return header{}, &FormatError{Code: "header"}
	}
	if n := m.settings.Header; n > 0 {
		i := slices.IndexFunc(head, func(ln line) bool { return ln.number == n })
		if i < 0 {
			return header{}, &FormatError{Code: "header", Line: n}
		}
		return m.checked(m.headerOf(head, i, i))
	}
	near := head[:min(len(head), maxAbove)]
	best, most := likely(near), 0
	for i := range near {
		h := m.headerOf(head, i, i)
		known := m.known(h)
		if len(m.settings.Key) > 0 && m.missingKey(h.columns) == "" {
			return m.widened(head, i, i, h), nil
		}
		if known > most {
			best, most = i, known
		}
	}
	if len(m.settings.Key) == 0 {
		return m.widened(head, best, best, header{}), nil
	}
	for i := range len(near) - 1 {
		if h := m.headerOf(head, i, i+1); m.missingKey(h.columns) == "" {
			return m.widened(head, i, i+1, h), nil
		}
	}
	return m.checked(m.headerOf(head, best, best))
}

// widened adds the lines that belong to a header, unless it loses the key's columns by it.
func (m *mapping) widened(head []line, from, to int, h header) header {
	if whole := m.headerOf(head, blockFrom(head, from), m.blockTo(head, to)); m.missingKey(whole.columns) == "" {
		return whole
	}
	return h
}

// checked finds fault with a header without the key's columns.
func (m *mapping) checked(h header) (header, *FormatError) {
	if k := m.missingKey(h.columns); k != "" {
		return h, &FormatError{Code: "column", Field: k, Line: h.last}
	}
	return h, nil
}

// known counts the feed's columns in a header.
func (m *mapping) known(h header) int {
	n := 0
	for _, name := range h.columns {
		if m.names[foldColumn(name)].Name == name && name != "" {
			n++
		}
	}
	return n
}

// likely is the first line that looks like names: several cells, most of them words, no two alike, and not much
// narrower than the lines around; the first line when none does.
func likely(head []line) int {
	widest := 0
	for _, ln := range head {
		widest = max(widest, len(filledIn(ln)))
	}
	for i, ln := range head {
		cells := filledIn(ln)
		words := 0
		for _, text := range cells {
			if strings.ContainsFunc(text, unicode.IsLetter) {
				words++
			}
		}
		if len(cells) > 1 && 2*len(cells) > widest && 2*words > len(cells) && allDiffer(cells) {
			return i
		}
	}
	return 0
}

func filledIn(ln line) []string {
	var out []string
	for _, c := range ln.cells {
		if text := strings.TrimSpace(c.Text); text != "" && c.Top == 0 {
			out = append(out, text)
		}
	}
	return out
}

func allDiffer(texts []string) bool {
	sorted := slices.Sorted(slices.Values(texts))
	return len(slices.Compact(sorted)) == len(texts)
}

// blockFrom is the first line of the header that line i is part of: cells merged downwards hold its lines together.
func blockFrom(head []line, i int) int {
	for i > 0 && hangsOn(head[i], head[i-1]) {
		i--
	}
	return i
}

// blockTo is the last line of it. A text has no merged cells: there a second line has words in columns that the first
// leaves empty, and nothing in the key's.
func (m *mapping) blockTo(head []line, i int) int {
	to := i
	for to+1 < len(head) && hangsOn(head[to+1], head[to]) {
		to++
	}
	if to == i && to+1 < len(head) && m.isSecond(head[i], head[i+1]) {
		to++
	}
	return to
}

func hangsOn(lower, upper line) bool {
	return slices.ContainsFunc(lower.cells, func(c xlsx.Cell) bool { return c.Top > 0 && c.Top <= upper.number })
}

func (m *mapping) isSecond(upper, lower line) bool {
	columns := m.canonical(rawTexts(upper))
	open, below := false, false // in a group; a name under the title of the one to its left
	for i := range lower.cells {
		text, title := textAt(lower, i), textAt(upper, i)
		switch {
		case text == "":
			open = false
		case !strings.ContainsFunc(text, unicode.IsLetter), i < len(columns) && m.keys[columns[i]]:
			return false
		case title != "":
			open = true
		case !open:
			return false
		default:
			below = true
		}
	}
	return below && len(m.keys) > 0
}

func textAt(ln line, i int) string {
	if i >= len(ln.cells) {
		return ""
	}
	return strings.TrimSpace(ln.cells[i].Text)
}

func rawTexts(ln line) []string {
	out := make([]string, len(ln.cells))
	for i, c := range ln.cells {
		out[i] = c.Text
	}
	return out
}

// headerOf makes a header of some lines. A line of the columns' numbers below them belongs to it.
func (m *mapping) headerOf(head []line, from, to int) header {
	h := header{last: head[to].number, above: texts(head[:from])}
	for _, ln := range head[from : to+1] {
		h.lines = append(h.lines, rawTexts(ln))
	}
	names, groups := join(head[from : to+1])
	if to+1 < len(head) && isNumbering(head[to+1], names) {
		h.last = head[to+1].number
	}
	h.columns = m.canonical(m.choose(&h, names, groups))
	return h
}

// join gives the lowest text of each column, and the titles above it. A title counts for the columns to its right that
// have none, as far as they have a name below.
func join(block []line) (names, groups []string) {
	width := 0
	for _, ln := range block {
		width = max(width, len(ln.cells))
	}
	names, groups = make([]string, width), make([]string, width)
	for k, ln := range block {
		title := ""
		for i := range width {
			text := ""
			if i < len(ln.cells) && ln.cells[i].Top == 0 {
				text = ln.cells[i].Text
			}
			filled := strings.TrimSpace(text) != ""
			if !slices.ContainsFunc(block[k+1:], func(b line) bool { return textAt(b, i) != "" && b.cells[i].Top == 0 }) {
				title = ""
				if filled {
					names[i] = text
				}
				continue
			}
			if filled {
				title = strings.TrimSpace(text)
			}
			groups[i] = strings.TrimSpace(groups[i] + " " + title)
		}
	}
	return names, groups
}

// choose gives each column in a group the name with the group's title, unless the feed knows the one without it.
func (m *mapping) choose(h *header, names, groups []string) []string {
	times := map[string]int{}
	for _, name := range names {
		times[foldColumn(name)]++
	}
	out := slices.Clone(names)
	for i, name := range names {
		if groups[i] == "" {
			continue
		}
		joined := groups[i] + " " + strings.TrimSpace(name)
		_, whole := m.names[foldColumn(joined)]
		_, part := m.names[foldColumn(name)]
		if whole || !part || times[foldColumn(name)] > 1 {
			out[i] = joined
			continue
		}
		if h.grouped == nil {
			h.grouped = map[int]string{}
		}
		h.grouped[i] = joined
	}
	return out
}

// isNumbering tells a line that numbers the columns, as forms have it: 1 2 3, (1) (2) (3), A B 1 2.
func isNumbering(ln line, names []string) bool {
	cells := filledIn(ln)
	named := 0
	for _, name := range names {
		if strings.TrimSpace(name) != "" {
			named++
		}
	}
	letters := 0
	for letters < len(cells) && letters < 5 && strings.Trim(cells[letters], "()") == string(rune('A'+letters)) {
		letters++
	}
	for i, text := range cells[letters:] {
		if strings.Trim(text, "()") != strconv.Itoa(i+1) {
			return false
		}
	}
	return len(cells) > 2 && len(cells) >= named
}

// isAgain reports whether a line repeats one of the header's.
func (h *header) isAgain(ln line) bool {
	return slices.ContainsFunc(h.lines, func(names []string) bool {
		for i, c := range ln.cells {
			if c.Top == 0 && c.Text != "" && (i >= len(names) || c.Text != names[i]) {
				return false
			}
		}
		return true
	})
}
