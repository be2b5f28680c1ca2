package xlsx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

const (
	maxSheets = 1000
	maxSmall  = 16 << 20 // bytes of workbook.xml, of styles.xml and of relationships
)

// Workbook is a file whose sheets can be read.
type Workbook struct {
	// Date1904 says that days are counted from 1904, as Excel for Mac did.
	Date1904 bool

	archive *archive
	sheets  []Sheet
	formats []format // by a cell's style
	strings table
}

// Sheet is one worksheet.
type Sheet struct {
	Name   string
	Hidden bool // wholly: hidden rows and columns of a sheet are read, since filters hide rows

	part string
}

// Open reads what the sheets have in common. The file must not change while the workbook is in use. Errors are *Error,
// or what in gave.
func Open(in io.ReaderAt, size int64) (*Workbook, error) {
	if err := container(in, size); err != nil {
		return nil, err
	}
	a, err := openArchive(in, size)
	if err != nil {
		return nil, err
	}
	w := &Workbook{archive: a}
	main, err := w.find()
	if err != nil {
		return nil, err
	}
	related, err := a.related(main)
	if err != nil {
		return nil, err
	}
	if err := w.readSheets(main, related); err != nil {
		return nil, err
	}
	for _, r := range related {
		switch {
		case r.is("styles"):
			err = w.readStyles(r.target)
		case r.is("sharedStrings"):
			err = w.readStrings(r.target)
		}
		if err != nil {
			return nil, err
		}
	}
	return w, nil
}

// Sheets are the worksheets in the workbook's order. The caller must not change them.
func (w *Workbook) Sheets() []Sheet { return w.sheets }

// container tells the compound files of OLE: old workbooks, and new ones that are locked ([MS-OFFCRYPTO] 2.3.4).
func container(in io.ReaderAt, size int64) error {
	head := make([]byte, min(size, 512))
	if n, err := in.ReadAt(head, 0); err != nil && (!errors.Is(err, io.EOF) || n < len(head)) {
		return err
	}
	if !bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) {
		return nil
	}
	if len(head) < 512 {
		return fault(OldXLS)
	}
	// [MS-CFB] 2.2: sector shift at 30, first sector of the directory at 48.
	shift := min(uint(head[30]), 12)
	sector := int64(head[48]) | int64(head[49])<<8 | int64(head[50])<<16 | int64(head[51])<<24
	at := (sector + 1) << shift
	directory := make([]byte, max(0, min(size-at, 64<<10)))
	if n, err := in.ReadAt(directory, at); err != nil && (!errors.Is(err, io.EOF) || n < len(directory)) {
		return err
	}
	if bytes.Contains(directory, []byte(wide("EncryptedPackage"))) {
		return fault(Password)
	}
	return fault(OldXLS)
}

// wide is ASCII in UTF-16LE.
func wide(s string) string { return strings.Join(strings.Split(s, ""), "\x00") + "\x00" }

// relation is a relationship of one part to another.
type relation struct{ id, kind, target string }

// is compares the end of the kind's URI, which is the same in strict and transitional workbooks.
func (r relation) is(kind string) bool { return strings.HasSuffix(r.kind, "/"+kind) }

// find gives the name of the workbook's part.
func (w *Workbook) find() (string, error) {
	a := w.archive
	if a.has("xl/workbook.bin") || a.has("mimetype") {
		return "", fault(Other)
	}
	if !a.has("_rels/.rels") {
		if a.has("xl/workbook.xml") {
			return "xl/workbook.xml", nil
		}
		return "", fault(Other)
	}
	top, err := a.related("")
	if err != nil {
		return "", err
	}
	for _, r := range top {
		if r.is("officeDocument") {
			return r.target, nil
		}
	}
	return "", fault(Other)
}

// related reads the relationships of a part; "" is the package itself. A part without any has none.
func (a *archive) related(name string) ([]relation, error) {
	dir, file := path.Split(name)
	rels := dir + "_rels/" + file + ".rels"
	if !a.has(rels) {
		return nil, nil
	}
	var out []relation
	err := a.each(rels, func(_ *part, t xml.StartElement) error {
		if t.Name.Local != "Relationship" || attr(t, "TargetMode") == "External" {
			return nil
		}
		if len(out) == maxEntries {
			return fault(Limit)
		}
		target := strings.ReplaceAll(attr(t, "Target"), `\`, "/")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/", dir, target)
		}
		out = append(out, relation{id: attr(t, "Id"), kind: attr(t, "Type"), target: target})
		return nil
	})
	return out, err
}

// each calls do for every start tag of a small part.
func (a *archive) each(name string, do func(*part, xml.StartElement) error) error {
	p, err := a.xml(name)
	if err != nil {
		return err
	}
	defer p.close()
	p.grant(maxSmall)
	for {
		tok, err := p.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if t, ok := tok.(xml.StartElement); ok {
			if err := do(p, t); err != nil {
				return err
			}
		}
	}
}

// readSheets lists the worksheets; chart sheets and macro sheets hold no rows.
func (w *Workbook) readSheets(main string, related []relation) error {
	targets := map[string]string{}
	for _, r := range related {
		if r.is("worksheet") {
			targets[r.id] = r.target
		}
	}
	seen := false
	err := w.archive.each(main, func(p *part, t xml.StartElement) error {
		switch t.Name.Local {
		case "workbook":
			seen = seen || len(p.open) == 1
		case "workbookPr":
			v := attr(t, "date1904")
			w.Date1904 = v == "1" || v == "true"
		case "sheet":
			if len(w.sheets) == maxSheets {
				return fault(Limit)
			}
			if target, ok := targets[relationID(t)]; ok {
				state := attr(t, "state")
				w.sheets = append(w.sheets, Sheet{Name: unescape(attr(t, "name")), part: target,
					Hidden: state == "hidden" || state == "veryHidden"})
			}
		}
		return nil
	})
	if err == nil && !seen {
		return fault(Other)
	}
	return err
}

// relationID is r:id, whatever the prefix.
func relationID(t xml.StartElement) string {
	for _, a := range t.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}
