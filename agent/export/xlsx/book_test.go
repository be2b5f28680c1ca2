package xlsx_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"tramsync/agent/export/xlsx"
)

const officeRels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

// book is a workbook of one sheet of the given rows, with whatever other parts.
func book(t testing.TB, rows, styles string, more ...string) []byte {
	t.Helper()
	relation := func(id, kind, target string) string {
		return fmt.Sprintf(`<Relationship Id="%s" Type="%s/%s" Target="%s"/>`, id, officeRels, kind, target)
	}
	return zipped(t, append([]string{
		"_rels/.rels", `<Relationships>` + relation("w", "officeDocument", "w.xml") + `</Relationships>`,
		"_rels/w.xml.rels", `<Relationships>` + relation("a", "worksheet", "s.xml") + relation("b", "styles", "f.xml") +
			`</Relationships>`,
		"w.xml", `<workbook xmlns:r="` + officeRels + `"><sheets><sheet name="S" r:id="a"/></sheets></workbook>`,
		"f.xml", `<styleSheet>` + styles + `</styleSheet>`,
		"s.xml", `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`,
	}, more...))
}

// zipped is an archive of parts, each a name and a content, as they are.
func zipped(t testing.TB, parts []string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: parts[i], Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, parts[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// shown is what a number in a cell looks like with a style.
func shown(t testing.TB, number, numFmt, formatCode string) xlsx.Cell {
	t.Helper()
	styles := ""
	if formatCode != "" {
		code := strings.NewReplacer("&", "&amp;", `"`, "&quot;").Replace(formatCode)
		styles = `<numFmts><numFmt numFmtId="` + numFmt + `" formatCode="` + code + `"/></numFmts>`
	}
	styles += `<cellXfs><xf/><xf numFmtId="` + numFmt + `"/></cellXfs>`
	return first(t, book(t, `<row><c s="1"><v>`+number+`</v></c></row>`, styles))
}

// first is the first cell of a workbook.
func first(t testing.TB, file []byte) xlsx.Cell {
	t.Helper()
	for row, err := range open(t, file).Rows(0) {
		if err != nil {
			t.Fatal(err)
		}
		return row.Cells[0]
	}
	t.Fatal("no row")
	return xlsx.Cell{}
}
