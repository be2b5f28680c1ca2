package wire

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// joiner joins the text between tags in two ways: a word may be in several elements (H<b>I</b>V), and two words may
// have only tags between them.
type joiner struct{ inline, spaced strings.Builder }

func (j *joiner) text(s string) {
	j.inline.WriteString(s)
	j.spaced.WriteString(s)
}

func (j *joiner) tag(name string) {
	if isBlock(strings.ToLower(name)) {
		j.inline.WriteByte('\n')
	}
	j.spaced.WriteByte(' ')
}

// mark is a place in both texts.
type mark struct{ inline, spaced int }

func (j *joiner) mark() mark { return mark{j.inline.Len(), j.spaced.Len()} }

// row has the text from a place to another.
func (j *joiner) row(from, to mark) TableRow {
	inline, spaced := j.inline.String()[from.inline:to.inline], j.spaced.String()[from.spaced:to.spaced]
	r := TableRow{Element: textField, Fields: []Field{{Name: textField, Value: inline}}}
	if !slices.Equal(strings.Fields(inline), strings.Fields(spaced)) {
		r.Fields = append(r.Fields, Field{Name: textField, Value: spaced})
	}
	return r
}

// isBlock tells the elements of HTML and of CDA's narratives that part words, and paragraphs in general.
func isBlock(name string) bool {
	switch name {
	case "p", "br", "hr", "div", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "ul", "ol", "li", "dl", "dt", "dd",
		"h1", "h2", "h3", "h4", "h5", "h6", "body", "section", "article", "pre", "blockquote", "caption", "option",
		"paragraph", "list", "item", "text", "title":
		return true
	}
	return false
}

// runningText gives the texts of a well-formed XML that run over several elements: CDA's text, HTML's div and body, and
// whatever has text beside elements in it; of those in one another the outermost.
func runningText(text []byte) []TableRow {
	type open struct {
		from           mark
		text, children bool
		name           string
	}
	var stack []open
	var spans [][2]mark
	var j joiner
	in := ScanXML(string(text))
	for {
		t, err := in.Next()
		if err != nil { // the end: parseXML has found the text well-formed
			break
		}
		switch t.Kind {
		case XMLStart:
			j.tag(t.Name.Local)
			if n := len(stack); n > 0 {
				stack[n-1].children = true
			}
			stack = append(stack, open{from: j.mark(), name: t.Name.Local})
		case XMLText:
			j.text(t.Text)
			if n := len(stack); n > 0 && strings.TrimSpace(t.Text) != "" {
				stack[n-1].text = true
			}
		case XMLEnd:
			e := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if e.children && (e.text || e.name == "text" || e.name == "div" || e.name == "body") {
				for len(spans) > 0 && spans[len(spans)-1][0].inline >= e.from.inline {
					spans = spans[:len(spans)-1]
				}
				spans = append(spans, [2]mark{e.from, j.mark()})
			}
			j.tag(t.Name.Local)
		}
	}
	var rows []TableRow
	for _, s := range spans {
		rows = append(rows, j.row(s[0], s[1]))
	}
	return rows
}

// htmlRows reads HTML, well-formed or not: its running text, and a row of its attributes and comments. Scripts and
// styles are text too.
func htmlRows(text []byte) []TableRow {
	var j joiner
	row := TableRow{Element: "html"}
	z := html.NewTokenizer(bytes.NewReader(text))
	for {
		kind := z.Next()
		if kind == html.ErrorToken { // the end: there is nothing that it doesn't take
			break
		}
		t := z.Token()
		switch kind {
		case html.TextToken:
			j.text(t.Data)
		case html.CommentToken, html.DoctypeToken:
			row.Fields = append(row.Fields, Field{Name: "#comment", Value: t.Data})
		default:
			j.tag(t.Data)
			for _, a := range t.Attr {
				row.Fields = append(row.Fields, Field{Name: t.Data + "@" + a.Key, Value: a.Val})
			}
		}
	}
	rows := []TableRow{j.row(mark{}, j.mark())}
	if len(row.Fields) > 0 {
		rows = append(rows, row)
	}
	return rows
}

// isHTML tells pages and parts of them, which needn't be well-formed, by their first tag.
func isHTML(text []byte) bool {
	for {
		text = bytes.TrimLeft(text, whiteSpace)
		switch {
		case bytes.HasPrefix(text, []byte("<!--")):
			_, rest, ok := bytes.Cut(text, []byte("-->"))
			if !ok {
				return false
			}
			text = rest
		case bytes.HasPrefix(text, []byte("<!")), bytes.HasPrefix(text, []byte("<?")):
			_, rest, ok := bytes.Cut(text, []byte(">"))
			if !ok {
				return false
			}
			text = rest
		case len(text) < 2 || text[0] != '<':
			return false
		default:
			name := text[1:]
			if end := bytes.IndexAny(name, ">/"+whiteSpace); end >= 0 {
				name = name[:end]
			}
			return isHTMLTag(strings.ToLower(string(name)))
		}
	}
}

func isHTMLTag(name string) bool {
	switch name {
	case "html", "head", "meta", "title", "style", "span", "b", "i", "font", "center":
		return true
	}
	return isBlock(name)
}
