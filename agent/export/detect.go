package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"tramsync/sync/wire"
)

// maxLook is how much of a file's beginning is looked at to say what it is, in bytes.
const maxLook = 64 << 10

// content is what a file's beginning shows it to be, as a fault calls it. Any other value is a binary of that name.
type content string

const (
	nothing      content = "-" // space and control characters alone
	plain        content = "text"
	maybeJSON    content = "text like JSON"
	maybeXML     content = "text like XML" // without a root element that could be read
	objects      content = "JSON"
	fhirObject   content = "FHIR"
	visits       content = "GIAMDINHHS" // its bare tables, KHAMSUCKHOE and the feed's roots too
	healthRecord content = "HSSK831"
	clinical     content = "CDA/FHIR"
	htmlTable    content = "HTML"
	otherXML     content = "XML"
	zipped       content = "XLSX"
	oldExcel     content = "XLS"
	unnamed      content = "" // a binary
)

// Detect says which of the formats but Auto reads a file: the feed's own, or with Auto the one that its beginning
// shows. Names don't count. A file that the format certainly doesn't read is a *FormatError, rather than the nonsense
// that would become of it; so is, with Auto, one that none reads, or rows for a feed without a kind.
func Detect(src Source, s Settings) (string, error) {
	head, err := beginning(src)
	if err != nil {
		return "", err
	}
	c := look(head, s.Roots)
	if s.Format != Auto {
		if !c.fits(s.Format) {
			return "", &FormatError{Code: "looks-like", Field: string(c)}
		}
		return s.Format, nil
	}
	format := c.format(s.Kind)
	switch {
	case c == nothing:
		return "", &FormatError{Code: "empty"}
	case format == "":
		return "", &FormatError{Code: "binary", Field: string(c)}
	case s.Kind == "" && isRows(format):
		return "", &FormatError{Code: "no-kind", Field: strings.ToUpper(format)}
	}
	return format, nil
}

// beginning is what is looked at. A file that has become shorter meanwhile is for the decoder to notice.
func beginning(src Source) ([]byte, error) {
	head := make([]byte, min(maxLook, src.Size()))
	n, err := src.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, readFault(err)
	}
	return head[:n], nil
}

// isRows tells formats whose records are rows of the feed's kind.
func isRows(format string) bool { return slices.Contains([]string{CSV, XLSX, JSON, XML}, format) }

// format is the one that reads the content, or "". XML that can't be told is whatever the feed has more likely.
func (c content) format(kind string) string {
	switch c {
	case plain:
		return CSV
	case objects, maybeJSON:
		return JSON
	case visits:
		return GiamDinhHS
	case healthRecord:
		return HSSK831
	case clinical, fhirObject:
		return Document
	case htmlTable, zipped, oldExcel:
		return XLSX
	case otherXML:
		return XML
	case maybeXML:
		if kind == "" {
			return GiamDinhHS
		}
		return XML
	}
	return ""
}

// fits reports whether a format's decoder is the right one to say what becomes of the content. Visits as anything else
// would hide their documents from screening.
func (c content) fits(format string) bool {
	if slices.Contains([]content{nothing, plain, maybeJSON, maybeXML}, c) {
		return true
	}
	switch format {
	case GiamDinhHS:
		return c == visits || c == otherXML
	case HSSK831:
		return c == healthRecord || c == otherXML
	case CSV:
		return false
	case JSON:
		return c == objects || c == fhirObject
	case XLSX:
		return slices.Contains([]content{zipped, oldExcel, htmlTable, otherXML}, c)
	case XML:
		return c == otherXML || c == htmlTable
	}
	return c != visits
}

// look says what a file's beginning shows. roots are other names of GIAMDINHHS.
func look(head []byte, roots []string) content {
	if name := binaryName(head); name != unnamed {
		return name
	}
	text := bytes.TrimSpace(wire.CleanXML(head))
	switch {
	case len(text) == 0:
		return nothing
	case text[0] == '<':
		return lookXML(text, roots)
	case text[0] == '{' || text[0] == '[':
		return lookJSON(text)
	case wire.SniffUTF16(head) == "" && bytes.IndexByte(head, 0) >= 0:
		return unnamed
	}
	return plain
}

// binaryName knows the usual ones by their first bytes.
func binaryName(head []byte) content {
	for _, m := range []struct {
		first string
		name  content
	}{
		{"PK\x03\x04", zipped}, {"PK\x05\x06", zipped}, {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", oldExcel},
		{"%PDF-", "PDF"}, {"\x89PNG", "PNG"}, {"\xff\xd8\xff", "JPEG"}, {"GIF8", "GIF"}, {"II*\x00", "TIFF"},
		{"MM\x00*", "TIFF"}, {"{\\rtf", "RTF"}, {"Rar!\x1a", "RAR"}, {"7z\xbc\xaf", "7z"}, {"\x1f\x8b\x08", "gzip"},
		{"SQLite format 3\x00", "SQLite"},
	} {
		if bytes.HasPrefix(head, []byte(m.first)) {
			return m.name
		}
	}
	if len(head) >= 132 && string(head[128:132]) == "DICM" {
		return "DICOM"
	}
	return unnamed
}

// lookJSON tells JSON by its first two characters, and FHIR by the member that every resource has.
func lookJSON(text []byte) content {
	second, _ := utf8.DecodeRune(bytes.TrimLeft(text[1:], " \t\r\n"))
	switch {
	case text[0] == '[' && strings.ContainsRune(`"{[]`, second):
		return objects
	case text[0] == '[' && !strings.ContainsRune("-0123456789tfn", second):
		return plain
	case text[0] == '[' || second != '"' && second != '}':
		return maybeJSON
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	_, err := dec.Token()
	for err == nil && dec.More() {
		var name json.Token
		if name, err = dec.Token(); name == "resourceType" {
			return fhirObject
		}
		if err == nil {
			err = dec.Decode(new(json.RawMessage))
		}
	}
	return objects
}

// lookXML goes by the root element, and of a DATA by what is in it.
func lookXML(text []byte, roots []string) content {
	in := wire.ScanXML(string(text))
	found := maybeXML
	var path []string
	for {
		at := in.Offset()
		t, err := in.Next()
		if err != nil && found == maybeXML && isPage(tagName(text[at:])) {
			return htmlTable
		}
		if err != nil {
			return found
		}
		switch t.Kind {
		case wire.XMLStart:
			if found == maybeXML {
				if found = rootContent(t, roots); found != otherXML || t.Name.Local != "DATA" {
					return found
				}
			}
			if path = append(path, t.Name.Local); isHealthPath(strings.Join(path, "/")) {
				return healthRecord
			}
		case wire.XMLEnd:
			if path = path[:max(len(path)-1, 0)]; len(path) == 0 {
				return found
			}
		}
	}
}

// isHealthPath tells QĐ 831/QĐ-BYT's DATA from others: it holds health records, or a header of its own.
func isHealthPath(path string) bool {
	return slices.Contains([]string{"DATA/BODY/HOSOSUCKHOE", "DATA/HOSOSUCKHOE", "DATA/HEADER/SENDER_CODE",
		"DATA/HEADER/MESSAGE_VERSION"}, path)
}

func rootContent(t *wire.XMLToken, roots []string) content {
	name := t.Name.Local
	isRoot := func(root string) bool { return strings.EqualFold(root, name) }
	switch space := namespace(t); {
	case name == rootGiamDinh, name == "KHAMSUCKHOE", wire.TableOf(name) != "", slices.ContainsFunc(roots, isRoot):
		return visits
	case name == "HOSOSUCKHOE":
		return healthRecord
	case name == "ClinicalDocument" && space == "urn:hl7-org:v3", space == "http://hl7.org/fhir":
		return clinical
	case space == "urn:schemas-microsoft-com:office:spreadsheet":
		return htmlTable
	}
	if isPage(name) {
		return htmlTable
	}
	return otherXML
}

// isPage tells the elements that a page of HTML, or a table saved as one, starts with.
func isPage(name string) bool {
	return slices.Contains([]string{"html", "head", "meta", "title", "style", "body", "table", "div", "center", "p"},
		strings.ToLower(name))
}

// tagName is a tag's in a text that need not be XML.
func tagName(text []byte) string {
	name := bytes.TrimPrefix(text, []byte("<"))
	if end := bytes.IndexAny(name, " \t\r\n/>"); end >= 0 {
		name = name[:end]
	}
	return string(name)
}

// namespace is that of a root element.
func namespace(t *wire.XMLToken) string {
	for _, a := range t.Attr {
		if t.Name.Space == "" && a.Name.Space == "" && a.Name.Local == "xmlns" ||
			t.Name.Space != "" && a.Name.Space == "xmlns" && a.Name.Local == t.Name.Space {
			return a.Value
		}
	}
	return ""
}
