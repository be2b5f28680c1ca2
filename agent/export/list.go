package export

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"tramsync/agent/export/xlsx"
	"tramsync/sync/wire"
)

// line is one line of a list. It may be valid until the next one is read only.
type line struct {
	number int         // from 1
	cells  []xlsx.Cell // of a text they are texts alone
}

// table is lines under a header: a csv file, a sheet, a table of a page. It can be read again from its beginning.
type table struct {
	number int // from 1; 0 when the file is nothing else
	sheet  string
	lines  iter.Seq2[line, error]
	titles []wire.Field // that stand outside of it

	strict   bool // csv: values beyond the header are a fault, missing ones are flagged
	page     bool // a table of a page: what stands in others before it are titles
	hidden   bool // not to be read
	date1904 bool
}

// place is what faults call a table.
func (t *table) place() string {
	if t.page {
		return place("table", t.number)
	}
	return place("sheet", t.number)
}

func place(word string, number int) string {
	if number == 0 {
		return ""
	}
	return fmt.Sprintf("%s %d", word, number)
}

// list is a table whose header is known.
type list struct {
	table
	mapping *mapping
	header  header
	around  []wire.Field // shared by the records
	noted   map[wire.Field]bool
	size    int // bytes of around

	last    int          // line that is a row for certain: it has a value of the key
	tail    int          // from this line on nothing is a row; 0: there is no such line
	signed  bool         // tail holds a signature
	mixed   bool         // tail holds lines of several cells
	ending  []wire.Field // what stands in those
	empty   bool         // nothing but a signature stands below the header
	skipped []int
}

// maxAround limits what screening looks at for every row of a list.
const maxAround = 64 << 10

// decodeTables reads every table that has the feed's header, twice: see twice. The others are named on the last record.
func decodeTables(tables []table, m *mapping, each func(*Record) error) error {
	lists, unread, err := chooseLists(tables, m)
	if err != nil {
		return err
	}
	for _, l := range lists {
		if err := l.survey(); err != nil {
			return err
		}
	}
	m.surveyed = true
	out := holder{each: each}
	for _, l := range lists {
		if err := l.records(&out); err != nil {
			return err
		}
	}
	if len(unread) > 0 {
		out.flag(wire.Finding{Code: "sheets-skipped", At: "sheets[" + strings.Join(unread, ",") + "]"})
	}
	return out.flush()
}

// chooseLists finds the header of each table. A feed without a key takes the tables with the header of the first.
func chooseLists(tables []table, m *mapping) (lists []*list, unread []string, err error) {
	var titles []wire.Field
	var fault error
	for _, t := range tables {
		head, err := t.head(m.settings.Header)
		if err != nil {
			return nil, nil, err
		}
		h, problem := m.findHeader(head)
		switch {
		case t.hidden && len(head) > 0:
			unread = append(unread, strconv.Itoa(t.number))
		case t.hidden:
		case problem == nil && (len(lists) == 0 || m.isAlike(h, lists[0].header)):
			m.settings.met.header(h.columns)
			l := &list{table: t, mapping: m, header: h, empty: true, noted: map[wire.Field]bool{}}
			lists = append(lists, l)
			if err := l.note(slices.Concat(t.titles, titles, h.above)); err != nil {
				return nil, nil, err
			}
		case t.page && len(lists) == 0:
			titles = append(titles, texts(head)...)
		case !t.page && len(head) > 0:
			unread = append(unread, strconv.Itoa(t.number))
		}
		if problem != nil && fault == nil && !t.hidden {
			problem.Document = t.place()
			fault = problem
		}
	}
	switch {
	case len(lists) > 0:
		return lists, unread, nil
	case fault == nil:
		fault = &FormatError{Code: "sheet"}
	}
	return nil, nil, fault
}

// isAlike reports whether a table with this header belongs to the same list as the first.
func (m *mapping) isAlike(h, first header) bool {
	return len(m.settings.Key) > 0 || slices.Equal(h.columns, first.columns)
}

// note adds to what screening looks at for every row.
func (l *list) note(fields []wire.Field) error {
	for _, f := range fields {
		if l.noted[f] {
			continue
		}
		l.noted[f] = true
		if l.size += len(f.Value); l.size > maxAround {
			return &FormatError{Code: "list-notes", Document: l.place()}
		}
		l.around = append(l.around, f)
	}
	return nil
}

// texts are the cells of lines as titles, for screening.
func texts(lines []line) []wire.Field {
	var out []wire.Field
	for _, ln := range lines {
		for _, c := range ln.cells {
			if c.Top == 0 && strings.TrimSpace(c.Text) != "" {
				out = append(out, wire.Field{Name: "TITLE", Value: c.Text})
			}
		}
	}
	return out
}

// rows calls do for every line below the header that holds something.
func (l *list) rows(do func(line, nature) error) error {
	for ln, err := range l.lines {
		if err != nil {
			return err
		}
		if ln.number <= l.header.last {
			continue
		}
		if n := l.natureOf(ln); !n.blank {
			if err := do(ln, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// survey reads the list for the first time: where its rows end, and which keys come with several contents.
func (l *list) survey() error {
	err := l.rows(func(ln line, n nature) error {
		if err := l.locate(ln, n); err != nil || n.repeated || !n.complete {
			return err
		}
		_, err := l.record(ln)
		return err
	})
	if l.mixed && l.last == 0 && !l.empty {
		l.tail = 0 // no row of the list has a key: there is nothing to tell its end by
	}
	if err != nil || l.tail == 0 {
		return err
	}
	return l.note(l.ending)
}

// locate learns from one line where the rows end.
func (l *list) locate(ln line, n nature) error {
	keyless := len(l.mapping.keys) == 0
	switch {
	case n.repeated:
	case n.keyed && (!l.signed || n.whole), keyless && n.label == noLabel && !n.single:
		l.last, l.tail, l.signed, l.mixed, l.ending = ln.number, 0, false, false, nil
	case n.label != noLabel && !n.keyed, n.single && keyless:
		if l.tail == 0 {
			l.tail, l.empty = ln.number, l.empty && n.label == signature
		}
		l.signed = l.signed || n.label == signature
		return l.note(texts([]line{ln}))
	case n.single:
		return l.note(texts([]line{ln}))
	case l.tail > 0:
		l.mixed = true
		if len(l.ending) < maxAround {
			l.ending = append(l.ending, texts([]line{ln})...)
		}
	default:
		l.empty = false
	}
	return nil
}

// skips reports whether a line is none of the rows: the header again, a total, a heading between rows, a signature.
func (l *list) skips(ln line, n nature) bool {
	switch {
	case n.repeated, l.tail > 0 && ln.number >= l.tail:
		return true
	case n.keyed:
		return false
	case n.label != noLabel:
		return true
	}
	return n.single && l.last > 0 && len(l.mapping.keys) > 0
}

// records reads the list for the second time.
func (l *list) records(out *holder) error {
	given := 0
	err := l.rows(func(ln line, n nature) error {
		if l.skips(ln, n) {
			l.skipped = append(l.skipped, ln.number)
			return nil
		}
		rec, err := l.record(ln)
		if err != nil {
			return err
		}
		given++
		return out.give(rec)
	})
	if err == nil && given > 0 && len(l.skipped) > 0 {
		out.flag(wire.Finding{Code: "lines-skipped", At: "lines[" + ranges(l.skipped) + "]"})
	}
	return err
}

// ranges writes numbers as 3,7-9; of many only the first.
func ranges(numbers []int) string {
	var b strings.Builder
	for i, n := 0, 0; i < len(numbers); n++ {
		if n == 20 {
			b.WriteString(",…")
			break
		}
		k := i
		for k+1 < len(numbers) && numbers[k+1] == numbers[k]+1 {
			k++
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(numbers[i]))
		if k > i {
			fmt.Fprintf(&b, "-%d", numbers[k])
		}
		i = k + 1
	}
	return b.String()
}

// holder keeps the last record back, since what is said of a whole list is said on it.
type holder struct {
	each func(*Record) error
	held *Record
}

func (h *holder) give(r *Record) error {
	err := h.flush()
	h.held = r
	return err
}

func (h *holder) flush() error {
	if h.held == nil {
		return nil
	}
	r := h.held
	h.held = nil
	return h.each(r)
}

func (h *holder) flag(f wire.Finding) {
	if h.held != nil {
		h.held.Findings = append(h.held.Findings, f)
	}
}
