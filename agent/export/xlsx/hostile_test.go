package xlsx_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tramsync/agent/export/xlsx"
	"tramsync/testdata/zoo"
)

// readAll opens a file and reads all of its sheets.
func readAll(in io.ReaderAt, size int64) error {
	book, err := xlsx.Open(in, size)
	if err != nil {
		return err
	}
	for i := range book.Sheets() {
		for _, err := range book.Rows(i) {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func readFile(file []byte) error { return readAll(bytes.NewReader(file), int64(len(file))) }

func wantCode(t *testing.T, name string, err error, want string) {
	t.Helper()
	var e *xlsx.Error
	if !errors.As(err, &e) || e.Code != want {
		t.Errorf("%s: %v, want %s", name, err, want)
	}
}

func TestOpen_refuses_hostile_archives(t *testing.T) {
	many := make([]string, 0, 4002)
	for i := range 2001 {
		many = append(many, fmt.Sprint(i), "")
	}
	names := make([]string, 0, 4000)
	for i := range 1900 {
		names = append(names, fmt.Sprint(i)+strings.Repeat("x", 1200), "")
	}
	large := book(t, "", "")
	for _, name := range []string{"f.xml", "s.xml"} { // 600 MB each, by the directory
		at := bytes.LastIndex(large, []byte(name)) - 46
		binary.LittleEndian.PutUint32(large[at+24:], 600<<20)
	}
	huge := book(t, "", "")
	binary.LittleEndian.PutUint32(huge[bytes.LastIndex(huge, []byte("f.xml"))-46+24:], 2<<30)
	locked := book(t, "", "")
	locked[bytes.LastIndex(locked, []byte("w.xml"))-46+8] |= 1
	method := book(t, "", "")
	method[bytes.LastIndex(method, []byte("w.xml"))-46+10] = 99
	longer := book(t, "", "")
	longer[bytes.LastIndex(longer, []byte("w.xml"))-46+24]--
	half := strings.Repeat("x", 1<<19)
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"too many parts", zipped(t, many), xlsx.Limit},
		{"a directory too long", zipped(t, names), xlsx.Limit},
		{"parts too large together", large, xlsx.Limit},
		{"a part too large", huge, xlsx.Limit},
		{"a part that is locked", locked, xlsx.Password},
		{"a part packed in an unknown way", method, xlsx.Damaged},
		{"a part longer than the directory says", longer, xlsx.Damaged},
		{"a string too long", book(t, `<row><c t="inlineStr"><is><t>`+strings.Repeat("x", 1<<20+1), ""), xlsx.RowSize},
		{"runs too long", book(t, `<row><c t="inlineStr"><is>`+strings.Repeat("<t>"+half+"</t>", 3), ""),
			xlsx.RowSize},
		{"a value in pieces", book(t, `<row><c t="str"><v>`+strings.Repeat(half+"<!-- -->", 4), ""), xlsx.RowSize},
		{"a row of comments without end", book(t, "<row>"+strings.Repeat("<!--"+half+"-->", 18), ""), xlsx.Limit},
		{"a tag too long", book(t, `<row x="`+strings.Repeat("x", 9<<20), ""), xlsx.Limit},
		{"a bad format", book(t, "", `<numFmts><numFmt numFmtId="x"/></numFmts>`), xlsx.Damaged},
		{"an end tag too many", book(t, "</row>", ""), xlsx.Damaged},
		{"an end tag of another name", book(t, "<row></x>", ""), xlsx.Damaged},
		{"a relationship cut off", zipped(t, []string{"_rels/.rels", "<Relationships>"}), xlsx.Damaged},
		{"no workbook in it", zipped(t, []string{"x", ""}), xlsx.Other},
		{"no workbook related", zipped(t, []string{"_rels/.rels", "<Relationships/>"}), xlsx.Other},
		{"no archive", []byte("PK\x03\x04"), xlsx.NotZip},
	} {
		wantCode(t, c.name, readFile(c.file), c.want)
	}
}

func TestOpen_refuses_more_strings_than_it_may_hold(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 65 MB")
	}
	sst := "<sst>" + strings.Repeat("<si><t>"+strings.Repeat("x", 1<<20-100)+"</t></si>", 65) + "</sst>"
	relation := func(kind, target string) string {
		return `<Relationships><Relationship Type="/` + kind + `" Target="` + target + `"/></Relationships>`
	}
	file := zipped(t, []string{"_rels/.rels", relation("officeDocument", "w.xml"), "w.xml", "<workbook/>", "s.xml", sst,
		"_rels/w.xml.rels", relation("sharedStrings", "s.xml")})
	wantCode(t, "strings", readFile(file), xlsx.Limit)
}

func TestOpen_leaves_what_lies_outside_alone(t *testing.T) {
	file := zipped(t, []string{"_rels/w.xml.rels", `<Relationships><Relationship Type="/styles" Target="gone.xml" ` +
		`TargetMode="External"/></Relationships>`, "w.xml", "<workbook/>", "_rels/.rels",
		`<Relationships><Relationship Type="/officeDocument" Target="w.xml"/></Relationships>`})
	if err := readFile(file); err != nil {
		t.Error(err)
	}
}

func TestOpen_tells_a_locked_workbook(t *testing.T) {
	var b bytes.Buffer
	if err := excelize.NewFile().Write(&b, excelize.Options{Password: "x"}); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "locked", readAll(bytes.NewReader(b.Bytes()), int64(b.Len())), xlsx.Password)
}

// failing is a disk that fails after some reads.
type failing struct {
	io.ReaderAt
	reads *int
	after int
}

var errDisk = errors.New("disk")

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if *f.reads++; *f.reads > f.after {
		return 0, errDisk
	}
	return f.ReaderAt.ReadAt(p, off)
}

func TestRows_gives_the_disks_errors_as_they_are(t *testing.T) {
	f := excelize.NewFile()
	for i := range 2000 {
		if err := f.SetCellStr("Sheet1", fmt.Sprintf("A%d", i+1), fmt.Sprint("x", i*i)); err != nil {
			t.Fatal(err)
		}
	}
	file := written(t, f)
	for after := 0; ; after++ {
		reads := 0
		err := readAll(failing{ReaderAt: bytes.NewReader(file), reads: &reads, after: after}, int64(len(file)))
		if err == nil {
			if after < 10 {
				t.Errorf("only %d reads", after)
			}
			return
		}
		var e *xlsx.Error
		if !errors.Is(err, errDisk) || errors.As(err, &e) {
			t.Fatalf("read %d failed: %v", after+1, err)
		}
	}
}

func TestRows_can_be_left_and_read_again(t *testing.T) {
	w := open(t, book(t, `<row><c><v>1</v></c></row><row><c><v>2</v></c></row>`, ""))
	for range 2 {
		for row, err := range w.Rows(0) {
			if err != nil || row.Number != 1 || row.Cells[0].Text != "1" {
				t.Errorf("row %+v, %v", row, err)
			}
			break
		}
	}
}

// FuzzRows wants no panic, and errors that are *xlsx.Error.
func FuzzRows(f *testing.F) {
	for _, rows := range []string{"", `<row r="2"><c r="B2" t="s"><v>0</v></c></row>`, `<row><c t="inlineStr"><is><r><t>x`,
		`<row><c s="1"><v>4.5E4</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B3"/></mergeCells><sheetData>`} {
		f.Add(rows, `<cellXfs><xf/><xf numFmtId="14"/></cellXfs>`)
	}
	f.Add("<row/>", `<numFmts><numFmt numFmtId="9" formatCode="[h]d&quot;x&quot;\d"/></numFmts>`)
	guard := zoo.Guard(f)
	f.Fuzz(func(t *testing.T, rows, styles string) {
		defer guard()()
		file := book(t, rows, styles)
		err := readFile(file)
		var e *xlsx.Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("Rows = %v", err)
		}
	})
}

// FuzzOpen does the same with whole files.
func FuzzOpen(f *testing.F) {
	f.Add(book(f, `<row><c><v>1</v></c></row>`, ""))
	f.Add(written(f, excelize.NewFile()))
	guard := zoo.Guard(f)
	f.Fuzz(func(t *testing.T, file []byte) {
		defer guard()()
		err := readFile(file)
		var e *xlsx.Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("Open = %v", err)
		}
	})
}
