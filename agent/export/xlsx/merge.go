package xlsx

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

const (
	maxMerges = 200_000
	maxFilled = 64 << 20 // cells that get their value from a region
)

// region is a merged region of more than one row. Its value stands in its first cell; the rows below get it in its
// first column. What is merged across only needs nothing.
type region struct {
	top, bottom, left int // rows from 1, column from 0
	value             Cell
}

// readMerges reads the regions of a sheet, which stand behind its rows. Most sheets have none, and a look for the word
// is much faster than reading the XML.
func (w *Workbook) readMerges(name string) ([]region, error) {
	any, err := w.mentions(name, "mergeCell")
	if err != nil || !any {
		return nil, err
	}
	p, err := w.archive.xml(name)
	if err != nil {
		return nil, err
	}
	defer p.close()
	var out []region
	for {
		p.grant(maxRowXML)
		tok, err := p.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		t, ok := tok.(xml.StartElement)
		if !ok || t.Name.Local != "mergeCell" || !p.within("mergeCells", "mergeCell") {
			continue
		}
		r, ok := parseRegion(attr(t, "ref"))
		switch {
		case !ok:
			return nil, fault(Damaged)
		case len(out) == maxMerges:
			return nil, fault(Limit)
		case r.bottom > r.top:
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b region) int { return a.top - b.top })
	return out, nil
}

// mentions reports whether a part holds a word.
func (w *Workbook) mentions(name, word string) (bool, error) {
	rc, err := w.archive.open(name)
	if err != nil {
		return false, err
	}
	defer rc.Close() //nolint:errcheck // nothing was written
	in := bufio.NewReaderSize(rc, readRoom)
	for {
		b, err := in.Peek(readRoom)
		if bytes.Contains(b, []byte(word)) {
			return true, nil
		}
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, w.archive.src.judge(err, Damaged)
		}
		if _, err := in.Discard(len(b) - len(word)); err != nil {
			return false, w.archive.src.judge(err, Damaged)
		}
	}
}

func parseRegion(ref string) (region, bool) {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		to = from
	}
	left, top, ok1 := parseRef(from)
	right, bottom, ok2 := parseRef(to)
	return region{top: top, bottom: bottom, left: left}, ok1 && ok2 && top > 0 && bottom >= top && right >= left
}

// parseRef reads a cell's place: C7 is column 2, row 7; a mere C is row 0.
func parseRef(ref string) (column, row int, ok bool) {
	i := 0
	for ; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z' && column <= MaxColumns; i++ {
		column = column*26 + int(ref[i]-'A') + 1
	}
	if i == 0 || column > MaxColumns {
		return 0, 0, false
	}
	for ; i < len(ref); i++ {
		if ref[i] < '0' || ref[i] > '9' || row > MaxRows {
			return 0, 0, false
		}
		row = row*10 + int(ref[i]-'0')
	}
	return column - 1, row, row <= MaxRows
}

// filler gives the cells of merged regions their values while rows go by.
type filler struct {
	regions []region // those that begin later, by their first row
	active  []region // by column
	filled  int
}

// fill completes one row.
func (f *filler) fill(r *Row) error {
	f.active = slices.DeleteFunc(f.active, func(a region) bool { return a.bottom < r.Number })
	for len(f.regions) > 0 && f.regions[0].top <= r.Number {
		a := f.regions[0]
		f.regions = f.regions[1:]
		if a.bottom < r.Number {
			continue
		}
		if slices.ContainsFunc(f.active, func(b region) bool { return b.left == a.left }) {
			return fault(Damaged) // regions can't overlap
		}
		if a.top == r.Number && a.left < len(r.Cells) {
			a.value = r.Cells[a.left]
		}
		a.value.Top = a.top
		f.active = append(f.active, a)
	}
	for _, a := range f.active {
		if a.top == r.Number || a.value.Text == "" {
			continue
		}
		if f.filled++; f.filled > maxFilled {
			return fault(Limit)
		}
		r.extend(a.left)
		if c := &r.Cells[a.left]; c.Text == "" {
			*c = a.value
			r.size += len(c.Text)
		}
	}
	return nil
}
