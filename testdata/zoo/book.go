package zoo

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
)

// sheet is a worksheet: rows of cells divided by |, whose first character says what a cell is: # a number, @ a number
// shown as a date, % one shown in twelve digits, $ a shared string, < XML as it stands; others are texts. A line >N
// goes on in row N.
type sheet struct {
	name, state string
	rows        string
	merged      []string
	raw         string // instead of everything else
}

// Workbook is a workbook of one sheet. Its rows are lines of cells divided by |, whose first character says what a cell
// is: # a number, @ a number shown as a date, % one shown in twelve digits, $ a shared string; others are texts. No
// part is packed, so that a test can look into it.
func Workbook(name, rows string) string { return book(sheet{name: name, rows: rows}) }

// book is a workbook whose parts aren't packed, so that a test can look into it.
func book(sheets ...sheet) string { return archive(bookParts(sheets...)) }

// part is a part of a workbook.
type part struct{ name, content string }

func archive(parts []part) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Store})
		if err == nil {
			_, err = w.Write([]byte(p.content))
		}
		if err != nil {
			panic("zoo: zip into memory: " + err.Error())
		}
	}
	if err := z.Close(); err != nil {
		panic("zoo: zip into memory: " + err.Error())
	}
	return b.String()
}

const (
	spreadsheetML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	officeRels    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageRels   = "http://schemas.openxmlformats.org/package/2006/relationships"
)

func bookParts(sheets ...sheet) []part {
	var list, rels strings.Builder
	var strs []string
	var parts []part
	for i, s := range sheets {
		state := ""
		if s.state != "" {
			state = ` state="` + s.state + `"`
		}
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d"%s r:id="rId%d"/>`, s.name, i+1, state, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1,
			officeRels, i+1)
		content := s.raw
		if content == "" {
			content = sheetXML(s, &strs)
		}
		parts = append(parts, part{fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), content})
	}
	return append(parts,
		part{"_rels/.rels", `<Relationships xmlns="` + packageRels + `"><Relationship Id="a" Type="` + officeRels +
			`/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		part{"xl/workbook.xml", `<workbook xmlns="` + spreadsheetML + `" xmlns:r="` + officeRels +
			`"><workbookPr/><sheets>` + list.String() + `</sheets></workbook>`},
		part{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packageRels + `">` + rels.String() +
			`<Relationship Id="s" Type="` + officeRels + `/styles" Target="/xl/styles.xml"/>` +
			`<Relationship Id="t" Type="` + officeRels + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
		part{"xl/styles.xml", `<styleSheet xmlns="` + spreadsheetML + `"><numFmts><numFmt numFmtId="164" ` +
			`formatCode="000000000000"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>` +
			`<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>`},
		part{"xl/sharedStrings.xml", `<sst xmlns="` + spreadsheetML + `">` + strings.Join(strs, "") + `</sst>`})
}

// change replaces text in every part of a workbook.
func change(parts []part, from, to string) []part {
	for i := range parts {
		parts[i].content = strings.ReplaceAll(parts[i].content, from, to)
	}
	return parts
}

func sheetXML(s sheet, strs *[]string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\r\n<worksheet xmlns=\"" + spreadsheetML +
		`"><sheetData>`)
	number := 0
	for ln := range strings.SplitSeq(s.rows, "\n") {
		if _, err := fmt.Sscanf(ln, ">%d", &number); err == nil {
			number--
			continue
		}
		number++
		fmt.Fprintf(&b, `<row r="%d">`, number)
		for i, text := range strings.Split(ln, "|") {
			if text != "" {
				b.WriteString(cellXML(fmt.Sprintf("%c%d", 'A'+i, number), text, strs))
			}
		}
		b.WriteString("</row>")
	}
	b.WriteString("</sheetData>")
	if len(s.merged) > 0 {
		fmt.Fprintf(&b, `<mergeCells count="%d">`, len(s.merged))
		for _, ref := range s.merged {
			fmt.Fprintf(&b, `<mergeCell ref="%s"/>`, ref)
		}
		b.WriteString("</mergeCells>")
	}
	b.WriteString("</worksheet>")
	return b.String()
}

func cellXML(at, text string, strs *[]string) string {
	switch kind, rest := text[0], text[1:]; kind {
	case '#':
		return `<c r="` + at + `"><v>` + rest + `</v></c>`
	case '@':
		return `<c r="` + at + `" s="1"><v>` + rest + `</v></c>`
	case '%':
		return `<c r="` + at + `" s="2"><v>` + rest + `</v></c>`
	case '$':
		*strs = append(*strs, "<si><t>"+rest+"</t></si>")
		return fmt.Sprintf(`<c r="%s" t="s"><v>%d</v></c>`, at, len(*strs)-1)
	case '<':
		return strings.Replace(text, "<c", `<c r="`+at+`"`, 1)
	}
	return `<c r="` + at + `" t="inlineStr"><is><t xml:space="preserve">` + text + `</t></is></c>`
}
