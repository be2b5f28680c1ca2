package xlsx

import (
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
)

// Limits of a sheet.
const (
	MaxRows     = 1 << 20
	MaxColumns  = 1 << 14 // XFD
	MaxRowBytes = 1 << 20 // of a row's text
	maxRowXML   = 8 << 20 // bytes in which a row stands
)

// Row is one row. It is valid until the next one is asked for.
type Row struct {
	Number int    // from 1
	Cells  []Cell // from column A on, as far as there is something

	size int // bytes of text
}

// Cell is what a cell shows. The zero Cell is an empty one.
type Cell struct {
	Text   string
	Number bool // Text is a number that no format makes a date: a serial of days may be among them
	Lost   bool // an integer of more digits than a spreadsheet keeps: the last ones were lost
	Top    int  // of a merged region this isn't the first row of: the first row's number, whose value this is
}

func (r *Row) extend(column int) {
	for len(r.Cells) <= column {
		r.Cells = append(r.Cells, Cell{})
	}
}

// Rows reads the rows of a sheet, by its index in Sheets, that stand in the file: empty ones may be left out. An error
// is the last thing it gives: an *Error, or what the file's reader gave.
func (w *Workbook) Rows(sheet int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		s := &sheetReader{book: w}
		err := s.read(w.sheets[sheet].part, func(r Row) bool { return yield(r, nil) })
		var e *Error
		if errors.As(err, &e) {
			e.Sheet, e.Row = sheet+1, s.row.Number
		}
		if err != nil {
			yield(Row{}, err)
		}
	}
}

// sheetReader reads one sheet.
type sheetReader struct {
	book *Workbook
	part *part
	fill filler
	row  Row
}

func (s *sheetReader) read(name string, yield func(Row) bool) error {
	var err error
	if s.fill.regions, err = s.book.readMerges(name); err != nil {
		return err
	}
	if s.part, err = s.book.archive.xml(name); err != nil {
		return err
	}
	defer s.part.close()
	sheet := false
	for {
		s.part.grant(maxRowXML)
		tok, err := s.part.next()
		if errors.Is(err, io.EOF) {
			if !sheet {
				return fault(Damaged)
			}
			return nil
		}
		if err != nil {
			return err
		}
		t, ok := tok.(xml.StartElement)
		switch {
		case !ok:
		case len(s.part.open) == 1:
			sheet = t.Name.Local == "worksheet"
		case t.Name.Local == "row" && s.part.within("worksheet", "sheetData", "row"):
			if err := s.readRow(t); err != nil {
				return err
			}
			if !yield(s.row) {
				return nil
			}
		}
	}
}

// readRow reads a row whose start tag was read.
func (s *sheetReader) readRow(start xml.StartElement) error {
	r := &s.row
	r.Cells, r.size = r.Cells[:0], 0
	next := r.Number + 1
	if ref := attr(start, "r"); ref != "" {
		n, err := strconv.Atoi(ref)
		if err != nil || n < next { // Excel refuses rows out of order too
			return fault(Damaged)
		}
		next = n
	}
	if r.Number = next; next > MaxRows {
		return fault(Damaged)
	}
	for depth := len(s.part.open); len(s.part.open) >= depth; {
		tok, err := s.part.next()
		if err != nil {
			return orDamaged(err)
		}
		t, ok := tok.(xml.StartElement)
		if !ok || t.Name.Local != "c" || len(s.part.open) != depth+1 {
			continue
		}
		if err := s.readCell(t); err != nil {
			return err
		}
	}
	if err := s.fill.fill(r); err != nil {
		return err
	}
	if r.size > MaxRowBytes {
		return fault(RowSize)
	}
	return nil
}

// readCell reads a cell whose start tag was read.
func (s *sheetReader) readCell(start xml.StartElement) error {
	r := &s.row
	column := len(r.Cells)
	if ref := attr(start, "r"); ref != "" {
		c, row, ok := parseRef(ref)
		if !ok || row != r.Number || c < column {
			return fault(Damaged)
		}
		column = c
	}
	if column >= MaxColumns {
		return fault(Damaged)
	}
	raw, err := s.content(attr(start, "t") == "inlineStr")
	if err != nil {
		return err
	}
	cell, err := s.value(attr(start, "t"), attr(start, "s"), raw)
	if err != nil {
		return err
	}
	if r.size += len(cell.Text); r.size > MaxRowBytes {
		return fault(RowSize)
	}
	r.extend(column)
	r.Cells[column] = cell
	return nil
}

// content is the text in a cell's <v>, or in its <is>.
func (s *sheetReader) content(inline bool) (string, error) {
	if inline {
		return s.part.richText()
	}
	var out string
	var long strings.Builder // a value in several pieces: CDATA, a comment between
	for depth := len(s.part.open); len(s.part.open) >= depth; {
		tok, err := s.part.next()
		if err != nil {
			return "", orDamaged(err)
		}
		t, ok := tok.(xml.CharData)
		switch {
		case !ok || !s.part.within("c", "v"):
		case len(t) > MaxRowBytes || long.Len()+len(out) > MaxRowBytes:
			return "", fault(RowSize)
		case out == "":
			out = string(t)
		default:
			long.Write(t)
		}
	}
	return out + long.String(), nil
}

// value makes a cell of its type, style and content (ECMA-376 part 1, 18.18.11).
func (s *sheetReader) value(typ, style, raw string) (Cell, error) {
	switch typ {
	case "s":
		if raw == "" {
			return Cell{}, nil
		}
		i, err := strconv.Atoi(strings.TrimSpace(raw))
		text, ok := s.book.strings.at(i)
		if err != nil || !ok {
			return Cell{}, fault(Damaged)
		}
		return Cell{Text: text}, nil
	case "inlineStr":
		return Cell{Text: raw}, nil
	case "str":
		return Cell{Text: unescape(raw)}, nil
	case "b":
		switch strings.TrimSpace(raw) {
		case "1", "true":
			return Cell{Text: "TRUE"}, nil
		case "0", "false":
			return Cell{Text: "FALSE"}, nil
		}
		return Cell{Text: raw}, nil
	case "d":
		return Cell{Text: isoDay(strings.TrimSpace(raw))}, nil
	case "e":
		return Cell{Text: raw}, nil
	}
	raw = strings.TrimSpace(raw)
	text, lost, ok := number(raw)
	if !ok {
		return Cell{Text: raw}, nil
	}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(s.book.formats) {
		if shown, changed := s.book.formats[i].show(text, s.book.Date1904); changed {
			return Cell{Text: shown, Lost: lost}, nil
		}
	}
	return Cell{Text: text, Number: true, Lost: lost}, nil
}
