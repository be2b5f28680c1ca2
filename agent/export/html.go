package export

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tramsync/agent/export/xlsx"
	"tramsync/sync/wire"
)

// Limits of a page.
const (
	maxTag        = 4 << 20 // bytes of one tag, text or script
	maxTables     = 2000    // a report has one on each of its pages
	maxTableDepth = 16
	maxColSpan    = 1000 // as browsers have it
)

// page is an HTML page whose tables are known. Its text can be read from any place.
type page struct {
	text
	tables []int64 // offsets of their tags
	titles []wire.Field
}

// decodeHTML reads the tables of a page, as much software writes them under the name of .xls.
func decodeHTML(t encodedText, start string, s Settings, each func(*Record) error) error {
	if strings.Contains(start, "urn:schemas-microsoft-com:office:spreadsheet") {
		return &FormatError{Code: "xls-xml"}
	}
	p := &page{text: t.text}
	if t.decoder != nil {
		if t.size > maxInMemory {
			return &FormatError{Code: "too-large"}
		}
		in, err := t.reader()
		if err != nil {
			return err
		}
		all, err := io.ReadAll(in)
		if err != nil {
			return readFault(err)
		}
		p.text = text{ReaderAt: bytes.NewReader(all), size: int64(len(all))}
	}
	if err := p.look(); err != nil {
		return err
	}
	if len(p.tables) == 0 {
		return &FormatError{Code: "html-table"}
	}
	var tables []table
	for i := range p.tables {
		tables = append(tables, table{number: i + 1, page: true, titles: p.titles,
			lines: func(yield func(line, error) bool) { p.lines(i, yield) }})
	}
	return decodeTables(tables, newMapping(s), each)
}

// tokens reads the page from an offset.
func (p *page) tokens(from int64) *html.Tokenizer {
	z := html.NewTokenizer(io.NewSectionReader(p, from, p.size-from))
	z.SetMaxBuf(maxTag)
	return z
}

// look finds the tables, and the words outside them.
func (p *page) look() error {
	z := p.tokens(0)
	at, depth, size, hidden := int64(0), 0, 0, false
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		raw := int64(len(z.Raw()))
		switch kind {
		case html.TextToken:
			words := strings.TrimSpace(string(z.Text()))
			if depth > 0 || hidden || words == "" {
				break
			}
			if size += len(words); size > maxAround {
				return &FormatError{Code: "list-notes"}
			}
			p.titles = append(p.titles, wire.Field{Name: "TITLE", Value: words})
		case html.StartTagToken, html.EndTagToken:
			name, _ := z.TagName()
			switch tag := atom.Lookup(name); {
			case tag == atom.Script, tag == atom.Style:
				hidden = kind == html.StartTagToken
			case tag == atom.Table && kind == html.StartTagToken:
				if depth++; depth > maxTableDepth || len(p.tables) == maxTables {
					return &FormatError{Code: "html-limit"}
				}
				p.tables = append(p.tables, at)
			case tag == atom.Table && depth > 0:
				depth--
			}
		}
		at += raw
	}
	if err := p.fault(z, FormatError{Offset: at}); err != nil || depth == 0 {
		return err
	}
	return &FormatError{Code: "html-truncated", Offset: p.size}
}

// fault is why a tokenizer ended, nil when it came to the end.
func (p *page) fault(z *html.Tokenizer, at FormatError) error {
	switch err := z.Err(); {
	case errors.Is(err, io.EOF):
		return nil
	case errors.Is(err, html.ErrBufferExceeded):
		at.Code = "html-limit"
		return &at
	default:
		return readFault(err)
	}
}

// lines reads a table's rows. What stands in a table inside one of its cells belongs to that table.
func (p *page) lines(number int, yield func(line, error) bool) {
	z := p.tokens(p.tables[number])
	r := rowReader{yield: yield, place: place("table", number+1)}
	for depth := 0; ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			if err := p.fault(z, FormatError{Document: r.place, Line: r.line.number}); err != nil {
				yield(line{}, err)
			}
			return
		}
		if kind == html.TextToken {
			if depth == 1 {
				r.words(z.Text())
			}
			continue
		}
		name, _ := z.TagName()
		tag := atom.Lookup(name)
		switch {
		case tag == atom.Table && kind == html.StartTagToken:
			depth++
		case tag == atom.Table && kind == html.EndTagToken:
			if depth--; depth == 0 {
				r.endRow()
				return
			}
		case depth != 1:
		case kind == html.EndTagToken:
			r.closeTag(tag)
		case kind == html.StartTagToken, kind == html.SelfClosingTagToken:
			r.openTag(tag, z)
		}
		if r.stopped {
			return
		}
	}
}

// rowReader makes lines of a table's tags. End tags may be missing, as HTML allows.
type rowReader struct {
	yield   func(line, error) bool
	place   string
	line    line
	open    bool // a row
	cell    bool
	hidden  bool
	text    strings.Builder
	size    int
	width   int // of the open cell
	height  int
	spans   map[int]span // by column
	stopped bool
}

// span is a cell that goes on in the rows below.
type span struct {
	cell xlsx.Cell
	rows int // yet to come
}

func (r *rowReader) openTag(tag atom.Atom, z *html.Tokenizer) {
	switch tag {
	case atom.Tr, atom.Caption:
		r.beginRow()
		if tag == atom.Caption {
			r.beginCell(z)
		}
	case atom.Td, atom.Th:
		r.beginCell(z)
	case atom.Br, atom.P, atom.Div, atom.Li:
		r.text.WriteByte('\n')
	case atom.Script, atom.Style:
		r.hidden = true
	}
}

func (r *rowReader) closeTag(tag atom.Atom) {
	switch tag {
	case atom.Tr, atom.Caption:
		r.endRow()
	case atom.Td, atom.Th:
		r.endCell()
	case atom.Script, atom.Style:
		r.hidden = false
	}
}

func (r *rowReader) words(text []byte) {
	if !r.cell || r.hidden || r.stopped {
		return
	}
	if r.size += len(text); r.size > maxRow {
		r.stop("row-size")
		return
	}
	for _, b := range text {
		if b == '\n' || b == '\r' {
			b = ' '
		}
		r.text.WriteByte(b)
	}
}

func (r *rowReader) stop(code string) {
	if !r.stopped {
		r.stopped = true
		r.yield(line{}, &FormatError{Code: code, Document: r.place, Line: r.line.number})
	}
}

func (r *rowReader) beginRow() {
	r.endRow()
	r.open, r.size = true, 0
	r.line.number++
	r.line.cells = r.line.cells[:0]
	if r.spans == nil {
		r.spans = map[int]span{}
	}
}

func (r *rowReader) beginCell(z *html.Tokenizer) {
	r.endCell()
	if !r.open {
		r.beginRow()
	}
	r.cell, r.width, r.height = true, 1, 1
	r.text.Reset()
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		n, err := strconv.Atoi(strings.TrimSpace(string(value)))
		switch {
		case err != nil:
		case string(key) == "colspan":
			r.width = max(1, min(n, maxColSpan))
		case string(key) == "rowspan" && n != 1:
			if r.height = n; n <= 0 {
				r.height = xlsx.MaxRows // to the end
			}
		}
	}
}

func (r *rowReader) endCell() {
	if !r.cell || r.stopped {
		return
	}
	r.cell = false
	parts := strings.Split(r.text.String(), "\n")
	for i, part := range parts {
		parts[i] = strings.Join(strings.Fields(part), " ")
	}
	c := xlsx.Cell{Text: strings.Trim(strings.Join(parts, "\n"), "\n")}
	if !utf8.ValidString(c.Text) {
		r.stop("encoding")
		return
	}
	r.fill()
	for i := range r.width {
		if r.height > 1 {
			below := xlsx.Cell{Top: r.line.number}
			if i == 0 {
				below.Text = c.Text
			}
			r.spans[len(r.line.cells)] = span{cell: below, rows: r.height - 1}
		}
		r.line.cells = append(r.line.cells, c)
		c = xlsx.Cell{}
	}
	if len(r.line.cells) > xlsx.MaxColumns {
		r.stop("html-limit")
	}
}

// fill adds what cells above put into the next columns.
func (r *rowReader) fill() {
	for {
		i := len(r.line.cells)
		s, ok := r.spans[i]
		if !ok || s.cell.Top == r.line.number {
			return
		}
		r.size += len(s.cell.Text)
		r.line.cells = append(r.line.cells, s.cell)
		if s.rows--; s.rows == 0 {
			delete(r.spans, i)
		} else {
			r.spans[i] = s
		}
	}
}

func (r *rowReader) endRow() {
	r.endCell()
	if !r.open || r.stopped {
		return
	}
	r.open = false
	for i := range r.spans {
		for len(r.line.cells) < i { // cells that are missing between
			r.line.cells = append(r.line.cells, xlsx.Cell{})
			r.fill()
		}
	}
	r.fill()
	if r.size > maxRow {
		r.stop("row-size")
	} else if !r.yield(r.line, nil) {
		r.stopped = true
	}
}
