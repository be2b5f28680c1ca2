package export

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tramsync/agent/export/xlsx"
	"tramsync/sync/wire"
)

// nature is what a line below the header looks like.
type nature struct {
	blank    bool // nothing but a running number, or values of merged cells
	keyed    bool // one of the key's columns has a value
	complete bool // all of them have
	whole    bool // and most other columns too
	label    labelKind
	single   bool // one cell alone is filled, the first: a heading between rows, a note below them
	repeated bool // the header once more, as it stands on each page
}

// natureOf looks at a line.
func (l *list) natureOf(ln line) nature {
	var n nature
	filled, keys, words, first, at := 0, 0, 0, "", 0
	for i, c := range ln.cells {
		text := strings.TrimSpace(c.Text)
		if text == "" {
			continue
		}
		name := l.header.column(i)
		if l.mapping.keys[name] {
			keys++
			if labelOf(text) != noLabel {
				words++
			}
		}
		if c.Top > 0 {
			continue
		}
		if first == "" {
			first, at = text, i
		}
		if name != "" || !isNumber(text) {
			filled++
		}
	}
	n.blank = filled == 0
	n.keyed = keys > words
	n.complete = keys > 0 && keys == len(l.mapping.keys)
	n.whole = n.complete && words == 0 && 2*filled > len(l.header.columns)
	n.label = labelOf(first)
	n.single = filled == 1 && at <= l.header.first() && len(l.header.columns) > 2
	n.repeated = filled > 1 && l.header.isAgain(ln)
	return n
}

// record makes a record of a line.
func (l *list) record(ln line) (*Record, error) {
	h := &l.header
	row := make(map[string]string, len(h.columns))
	if !l.strict {
		for _, name := range h.columns { // an empty cell may be there or not
			put(row, name, "")
		}
	}
	size := 0
	for i, c := range ln.cells {
		name := h.column(i)
		if size += len(c.Text); size > maxRow {
			return nil, &FormatError{Code: "row-size", Document: l.place(), Line: ln.number}
		}
		if i >= len(h.columns) && strings.TrimSpace(c.Text) != "" && l.strict {
			return nil, &FormatError{Code: "row-long", Document: l.place(), Line: ln.number}
		}
		if l.mapping.types[name] == Date {
			c.Text = serialDate(c, l.date1904)
		}
		put(row, name, c.Text)
	}
	rec := l.mapping.record(row, wire.Origin{Sheet: l.sheet, Line: ln.number})
	rec.Around = l.around
	for i, c := range ln.cells {
		l.observe(rec, h.column(i), c)
		if joined, ok := h.grouped[i]; ok && strings.TrimSpace(c.Text) != "" {
			rec.Around = append(slices.Clip(rec.Around), wire.Field{Name: joined, Value: c.Text})
		}
	}
	if l.strict && len(ln.cells) < len(h.columns) {
		rec.Findings = append(rec.Findings, wire.Finding{Code: "row-short", At: "row"})
	}
	return rec, nil
}

// observe flags an identity whose last digits a spreadsheet has lost.
func (l *list) observe(rec *Record, name string, c xlsx.Cell) {
	if !c.Lost || !l.mapping.keys[name] && l.mapping.types[name] != CCCD {
		return
	}
	f := wire.Finding{Code: "excel-number", At: "row." + name}
	if !slices.Contains(rec.Findings, f) {
		rec.Findings = append(rec.Findings, f)
	}
}

// column is the canonical name of a column; those beyond the header are called by their number.
func (h *header) column(i int) string {
	if i < len(h.columns) {
		return h.columns[i]
	}
	return fmt.Sprintf("#%d", i+1)
}

// first is the first column that has a name.
func (h *header) first() int {
	return max(0, slices.IndexFunc(h.columns, func(name string) bool { return !strings.HasPrefix(name, "#") }))
}

// Serial numbers of days that are taken for dates: of texts, 1954 to 2064; of a spreadsheet's numbers from 1927 on,
// since a text of five digits may be a code.
const (
	firstTextDay   = 20_000
	firstNumberDay = 10_000
	lastDay        = 60_000
)

// serialDate turns a day's serial number into a date. Anything else stays as it is.
func serialDate(c xlsx.Cell, date1904 bool) string {
	text := strings.TrimSpace(c.Text)
	serial, err := strconv.ParseFloat(text, 64)
	first := firstNumberDay
	if !c.Number {
		if len(text) != 5 || strings.Trim(text, "0123456789") != "" {
			return c.Text
		}
		first = firstTextDay
	}
	if err != nil || serial < float64(first) || serial >= lastDay+1 {
		return c.Text
	}
	if d, ok := xlsx.DateOf(serial, date1904); ok {
		return d
	}
	return c.Text
}

// isNumber tells a running number: digits, perhaps with a point behind them.
func isNumber(text string) bool {
	text = strings.TrimRight(strings.TrimSpace(text), ".)")
	return text != "" && strings.Trim(text, "0123456789") == ""
}
