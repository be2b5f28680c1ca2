package wire

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

const (
	// maxNested says how deep a document may hold documents: a report in a CDA document in a FHIR bundle is 2.
	maxNested = 2
	// maxInner says how many: each resource of a FHIR bundle may have its narrative.
	maxInner = 50_000
)

// textField is the name of running text, whatever elements it was in.
const textField = "#text"

// parseOther reads a document that is no table: XML, JSON, HTML or plain text.
//
//	document ──▶ DocumentText ──▶ rows of its elements or objects, with ranges
//	                                │ running text: words that tags cut in two
//	                                │ values that are documents themselves:
//	                                ▼ base64, data: addresses, XML or JSON in a string
//	                              their rows, without ranges, and what is in these
//
// All of it stands in rows, or the document is refused: nothing may hide from screening.
func parseOther(name string, document []byte) (Table, error) {
	text, exact, err := documentText(document)
	if err != nil {
		return Table{}, err
	}
	o := otherParser{table: Table{Name: name}}
	if err := o.read(text, 0); err != nil {
		return Table{}, err
	}
	if !exact {
		o.dropRanges(0)
	}
	return o.table, nil
}

// DocumentText gives a document's text in UTF-8 without byte order marks: of UTF-8, UTF-16 and, as a last resort,
// windows-1258. What isn't text is a SyntaxError with SyntaxUnscreenable, damaged UTF-8 one with SyntaxUTF8.
func DocumentText(document []byte) ([]byte, error) {
	text, _, err := documentText(document)
	return text, err
}

// documentText also reports whether the text is CleanXML(document), so that ranges in it are ranges of the document.
func documentText(document []byte) (text []byte, exact bool, err error) {
	text, exact = document, true
	if enc := SniffUTF16(document); enc != "" {
		if text, err = DecodeUTF16(document, enc); err != nil {
			return nil, false, unscreenable()
		}
	}
	if bytes.Contains(text, byteOrderMark) {
		text = bytes.ReplaceAll(text, byteOrderMark, nil)
	}
	// In XML, exporters leave control characters in values.
	if !isMarkup(text) && (hasControls(text) || isPacked(text)) {
		return nil, false, unscreenable()
	}
	if at := ValidUTF8(text); at >= 0 {
		// Damaged UTF-8 must not be read as windows-1258, in which no word of it would be found.
		if isPartlyUTF8(text) {
			return nil, false, syntaxAt(text, int64(at), SyntaxUTF8)
		}
		exact = false
		text, err = charmap.Windows1258.NewDecoder().Bytes(text)
		if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
			return nil, false, unscreenable()
		}
	}
	return BlankControls(text), exact, nil
}

// isPartlyUTF8 reports whether there is a character of more than one byte.
func isPartlyUTF8(text []byte) bool {
	return bytes.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf && r != utf8.RuneError })
}

func syntaxAt(text []byte, at int64, code string) error {
	return &SyntaxError{Code: code, Offset: at, Line: 1 + bytes.Count(text[:at], []byte("\n"))}
}

func unscreenable() error { return &SyntaxError{Code: SyntaxUnscreenable} }

// isMarkup tells the beginning of a tag, comment or declaration from a mere sign ("<5 tuổi").
func isMarkup(text []byte) bool {
	text = bytes.TrimLeft(text, "\x00"+whiteSpace)
	if len(text) < 2 || text[0] != '<' {
		return false
	}
	c := text[1] | 0x20
	return c >= 'a' && c <= 'z' || text[1] == '!' || text[1] == '?' || text[1] == '/' || text[1] >= utf8.RuneSelf
}

// hasControls reports characters that no text has. What frames messages of HL7 v2 is allowed.
func hasControls(text []byte) bool {
	return bytes.ContainsFunc(text, func(r rune) bool {
		return r < 0x20 && r != '\t' && r != '\n' && r != '\v' && r != '\f' && r != '\r' && r != 0x1c || r == 0x7f
	})
}

// isPacked tells formats that keep words in other forms than as they read, by how they begin (RFC 2045 for mail).
func isPacked(b []byte) bool {
	b = bytes.TrimLeft(b, whiteSpace)
	for _, start := range []string{"%PDF-", "%!PS", "{\\rtf", "PK\x03\x04", "\x89PNG", "\xff\xd8\xff", "GIF8",
		"\xd0\xcf\x11\xe0", "\x1f\x8b"} {
		if bytes.HasPrefix(b, []byte(start)) {
			return true
		}
	}
	head := bytes.ToLower(b[:min(len(b), 64<<10)])
	return bytes.Contains(head[:min(len(head), 1<<10)], []byte("%pdf-")) ||
		bytes.HasPrefix(head, []byte("mime-version:")) ||
		bytes.Contains(head, []byte("\ncontent-transfer-encoding:"))
}

// otherParser collects the rows of a document and of those inside it.
type otherParser struct {
	table Table
	inner int // documents inside it so far
}

// read reads one document, and those in its values. Those have no ranges: what stands in them can't be cut out.
func (o *otherParser) read(text []byte, depth int) error {
	from := len(o.table.Rows)
	if err := o.parse(text, depth > 0); err != nil {
		return err
	}
	if depth > 0 {
		o.dropRanges(from)
	}
	for i, end := from, len(o.table.Rows); i < end; i++ {
		row := o.table.Rows[i] // a copy: the table grows
		if err := o.inside(&row, depth); err != nil {
			return err
		}
	}
	return nil
}

// inside reads the documents in the values of a row.
func (o *otherParser) inside(row *TableRow, depth int) error {
	n := newNest(row)
	for k := range row.Fields {
		inner, err := n.in(&row.Fields[k])
		if err != nil {
			return err
		}
		for _, text := range inner {
			if depth == maxNested {
				return unscreenable()
			}
			if o.inner++; o.inner > maxInner {
				return &SyntaxError{Code: SyntaxLimit}
			}
			if err := o.read(text, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// parse adds the rows of one text. In a value, what only looks like XML or JSON is no fault: it is text.
func (o *otherParser) parse(text []byte, value bool) error {
	var rows []TableRow
	var err error
	switch {
	case isMarkup(text):
		var t Table
		if t, err = parseXML("", text); err == nil {
			rows = append(t.Rows, runningText(text)...)
		} else if value || isHTML(text) {
			rows, err = htmlRows(text), nil
		}
	case isJSON(text):
		if rows, err = jsonRows(text); value && isMalformed(err) {
			rows, err = plainText(text), nil
		}
	case value && hasMarks(string(text)):
		rows = htmlRows(text)
	default:
		rows = plainText(text)
	}
	o.table.Rows = append(o.table.Rows, rows...)
	return err
}

// isMalformed is true of a text's faults, not of its exceeding a limit: that can't be read in any other way.
func isMalformed(err error) bool {
	var se *SyntaxError
	return errors.As(err, &se) && se.Code != SyntaxLimit
}

func (o *otherParser) dropRanges(from int) {
	for i := range o.table.Rows[from:] {
		r := &o.table.Rows[from+i]
		r.Start, r.End = 0, 0
		for k := range r.Fields {
			r.Fields[k].Start, r.Fields[k].End = 0, 0
		}
	}
}

// plainText is one row with one field.
func plainText(text []byte) []TableRow {
	return []TableRow{{Element: textField, Fields: []Field{{Name: textField, Value: string(text)}}}}
}
