package zoo

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"strings"

	"tramsync/agent/export"
)

// excel is the settings of a list of vaccinations in a workbook or a page.
func excel() export.Settings {
	s := vaccinations()
	s.Format = export.XLSX
	return s
}

func workbook(name string, file string, want ...string) Case {
	return Case{Name: name, Settings: excel(), File: file, Want: want}
}

// sheets is a workbook of one sheet.
func sheets(name, rows string, want ...string) Case {
	return workbook(name, book(sheet{name: "Sheet1", rows: rows}), want...)
}

func badBook(name, file string, at export.FormatError) Case {
	return Case{Name: name, Settings: excel(), File: file, Fault: &at}
}

func (c Case) sheet(name string) Case {
	c.Settings.Sheet = name
	return c
}

func (c Case) header(line int) Case {
	c.Settings.Header = line
	return c
}

const (
	columns = "Mã đối tượng|Ngày tiêm|Họ tên\n"
	cellsA  = "A|01/09/2026|BÉ MẪU\n"
	cellsB  = "B|2026-09-02\n"
)

func xlsxShapes() []Case {
	main := sheet{name: "Sheet1", rows: columns + cellsA + cellsB}
	other := sheet{name: "Danh mục", rows: "Vắc xin|Mã\nBCG|#1"}
	return []Case{
		workbook("a sheet", book(main), rowA, rowB),
		sheets("shared strings", "$Mã đối tượng|$Ngày tiêm|$Họ tên\n$A|$01/09/2026|$BÉ MẪU", rowA),
		sheets("empty rows and cells", "\n"+columns+"\n>9\n"+cellsA+"|||<c s=\"1\"/>\n\n"+cellsB, rowA, rowB),
		sheets("a sheet with a header alone", columns),
		sheets("a sheet with more to the right", columns+"A|01/09/2026|BÉ MẪU||chú",
			"tiem_chung A/2026-09-01 @99001 #5=chú HO_TEN=BÉ MẪU MA=A NGAY=2026-09-01"),
		workbook("another sheet behind", book(main, other), rowA, rowB+" !sheets-skipped@sheets[2]"),
		workbook("another sheet before, and an empty one", book(other, sheet{name: "3"}, main), rowA,
			rowB+" !sheets-skipped@sheets[1]"),
		workbook("two sheets of one header", book(main, sheet{name: "Xã B", rows: columns + "C|2026-09-02"}), rowA, rowB,
			strings.ReplaceAll(strings.ReplaceAll(rowB, " B/", " C/"), "MA=B", "MA=C")),
		workbook("sheets of a feed without a key", book(main, other, main), keyless(rowA), keyless(rowB),
			keyless(rowA), keyless(rowB)+" !sheets-skipped@sheets[2]").key(),
		workbook("one key in two sheets", book(sheet{name: "1", rows: columns + "B|2026-09-02|X"},
			sheet{name: "2", rows: columns + cellsB}),
			"tiem_chung B/2026-09-02/~ @99001 HO_TEN=X MA=B NGAY=2026-09-02 !key-duplicate@row",
			"tiem_chung B/2026-09-02/~ @99001 HO_TEN= MA=B NGAY=2026-09-02 !key-duplicate@row"),
		workbook("hidden sheets", book(sheet{name: "cũ", state: "hidden", rows: columns + "C|x"},
			sheet{name: "rất cũ", state: "veryHidden", rows: columns + "D|x"}, main), rowA,
			rowB+" !sheets-skipped@sheets[1,2]"),
		workbook("a hidden sheet with nothing in it", book(sheet{name: "x", state: "hidden"}, main), rowA, rowB),
		workbook("a hidden sheet by its name", book(sheet{name: "Dữ liệu", state: "hidden", rows: columns + cellsA},
			main), rowA).sheet(" dữ LIỆU"),
		workbook("sheets by an expression", book(sheet{name: "T9", rows: columns + cellsA},
			sheet{name: "T10", rows: columns + cellsB}, sheet{name: "x", rows: columns + "C|x"}), rowA, rowB).
			sheet(`/^T\d+$/`),
		workbook("the strict form", archive(change(change(bookParts(main), spreadsheetML,
			"http://purl.oclc.org/ooxml/spreadsheetml/main"), officeRels,
			"http://purl.oclc.org/ooxml/officeDocument/relationships")), rowA, rowB),
		workbook("prefixes and parts in other letters", archive(change(change(change(bookParts(main), "<sheet ",
			`<x:sheet `), "xl/w", `XL\W`), "inlineStr\"><is>", "inlineStr\"><!-- x --><is>")), rowA, rowB),
		workbook("rows without numbers", book(sheet{raw: "<worksheet><sheetData><row><c t=\"str\"><v>MA</v></c>" +
			"<c t=\"str\"><v>NGAY</v></c></row><row><c t=\"str\"><v>A</v></c><c t=\"str\"><v>x</v></c></row>" +
			"</sheetData></worksheet>"}), "tiem_chung A/x @99001 MA=A NGAY=x"),
	}
}

// keyless is a record without the key that it has otherwise.
func keyless(want string) string {
	words := strings.SplitN(want, " ", 3)
	return words[0] + " ~ " + words[2]
}

func xlsxValues() []Case {
	cell := func(name, text, want string) Case {
		return sheets("a cell "+name, "MA|NGAY|V\nA|x|"+text, "tiem_chung A/x @99001 MA=A NGAY=x V="+want)
	}
	day := func(name, text, want string) Case {
		return sheets("a day "+name, "MA|NGAY\nA|"+text, "tiem_chung A/"+want+" @99001 MA=A NGAY="+want)
	}
	return []Case{
		cell("with spaces", "  a  b ", "  a  b "),
		cell("of runs", "<c t=\"inlineStr\"><is><r><t>Ng</t></r><r><rPr><b/></rPr><t>a</t></r><rPh><t>x</t></rPh></is></c>",
			"Nga"),
		cell("with escapes", "a_x000D_&#10;_x0041_&amp;_x_", "a\r\\nA&_x_"),
		cell("with a formula's text", `<c t="str"><f>A1&amp;"x"</f><v>x</v></c>`, "x"),
		cell("with a formula's number", "<c><f>1+1</f><v>2</v></c>", "2"),
		cell("of true", `<c t="b"><v>1</v></c>`, "TRUE"), cell("of false", `<c t="b"><v>0</v></c>`, "FALSE"),
		cell("with an error", `<c t="e"><v>#N/A</v></c>`, "#N/A"),
		cell("with an integer as Java writes it", "#1.2E1", "12"), cell("with a point and zero", "#12.0", "12"),
		cell("with a decimal", "#3.5", "3.5"), cell("with a decimal's noise", "#1.1000000000000001", "1.1"),
		cell("below zero", "#-0.30000000000000004", "-0.3"), cell("with zero", "#0", "0"),
		cell("with twelve digits", "#1.23456789012E+11", "123456789012"),
		cell("with a width", "%1234567890", "001234567890"),
		cell("with a day", "@45536", "2024-09-01"), cell("with a moment", "@45536.3125", "2024-09-01T07:30:00"),
		cell("with the first day", "@1", "1900-01-01"), cell("with the day that wasn't", "@60", "60"),
		cell("with the day after it", "@61", "1900-03-01"), cell("with a day below zero", "@-1", "-1"),
		cell("with a day written out", `<c t="d"><v>2026-09-01T00:00:00</v></c>`, "2026-09-01"),
		cell("with a number that is no day", "#45536", "45536"),
		day("without its format", "#45536", "2024-09-01"), day("before 1954", "#11000", "1930-02-11"),
		day("that is a year", "#1950", "1950"), day("that is a large number", "#70000", "70000"),
		day("as text", "45536", "2024-09-01"), day("with a time and no format", "#45536.5", "2024-09-01T12:00:00"),
		workbook("days since 1904", archive(change(bookParts(sheet{name: "S",
			rows: "MA|NGAY|V\nA|#44074|@0"}), "<workbookPr/>", `<workbookPr date1904="1"/>`)),
			"tiem_chung A/2024-09-01 @99001 MA=A NGAY=2024-09-01 V=1904-01-01"),
	}
}

func xlsxIdentities() []Case {
	id := func(name, text, value, finding string) Case {
		if finding != "" {
			finding = " !" + finding + "@row.CCCD"
		}
		return sheets("an identity "+name, "MA|NGAY|CCCD/Mã định danh\nA|x|"+text,
			"tiem_chung A/x @99001 CCCD="+value+" MA=A NGAY=x"+finding)
	}
	return []Case{
		id("as text", "001234567890", "001234567890", ""), id("with space around it", " 001234567890 ", "001234567890", ""),
		id("as a number", "#123456789012", "123456789012", ""),
		id("that lost a zero", "#12345678901", "012345678901", "cccd-padded"),
		id("that lost two", "1234567890", "001234567890", "cccd-padded"),
		id("of nine digits", "#123456789", "123456789", ""), id("of none", "", "", ""),
		id("as Excel shows it", "1.23457E+11", "1.23457E+11", "excel-number"),
		id("as a Vietnamese Excel shows it", "1,23457E+11", "1,23457E+11", "excel-number"),
		id("of more digits than Excel keeps", "#1234567890123456", "1234567890123456", "excel-number"),
		id("that lost its last digits", "#1.2345678901234E+17", "123456789012340000", "excel-number"),
		sheets("a key as Excel shows it", "MA|NGAY\n9.9001E+12|x\n#99001000000000012|x",
			"tiem_chung 9.9001E+12/x @99001 MA=9.9001E+12 NGAY=x !excel-number@row.MA",
			"tiem_chung 99001000000000012/x @99001 MA=99001000000000012 NGAY=x !excel-number@row.MA"),
	}
}

func xlsxBad() []Case {
	main := sheet{name: "S", rows: columns + "A|01/09/2026|" + Canary}
	good := book(main)
	row := func(cells string) string {
		return book(sheet{name: "S", raw: `<worksheet><sheetData><row r="1"><c r="A1" t="str"><v>MA</v></c>` +
			`<c r="B1" t="str"><v>NGAY</v></c></row><row r="2">` + cells + "</row></sheetData><!-- " + Canary +
			" --></worksheet>"})
	}
	inSheet := func(code string, line int) export.FormatError {
		return export.FormatError{Code: code, Document: "sheet 1", Line: line}
	}
	return []Case{
		badBook("no workbook", Canary, whole("xlsx-zip")),
		badBook("a workbook cut off", good[:len(good)-30], whole("xlsx-zip")),
		badBook("a workbook without its directory", good[:strings.Index(good, Canary)+40], whole("xlsx-zip")),
		badBook("a workbook with a damaged byte", strings.Replace(good, Canary, Canary[:9]+"x"+Canary[10:], 1),
			inSheet("xlsx-part", 0)),
		badBook("an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+strings.Repeat("\x00", 600)+Canary, whole("xls-old")),
		badBook("the beginning of an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+Canary, whole("xls-old")),
		badBook("a locked workbook", ole("EncryptedPackage")+Canary, whole("xlsx-password")),
		badBook("a workbook of type .xlsb", archive([]part{{"xl/workbook.bin", Canary}}), whole("xlsx-other")),
		badBook("a workbook of type .ods", archive([]part{{"mimetype", Canary}}), whole("xlsx-other")),
		badBook("a text document", archive([]part{{"word/document.xml", Canary}}), whole("xlsx-other")),
		badBook("a presentation", archive(change(change(bookParts(main), "<workbook ", "<x "), "</workbook>", "</x>")),
			whole("xlsx-other")),
		badBook("no such sheet", good, whole("sheet")).sheet("T9"),
		badBook("hidden sheets alone", book(sheet{name: "S", state: "hidden", rows: columns + Canary}), whole("sheet")),
		badBook("a row whose number is none", row(`</row><row r="x">`), inSheet("xlsx-part", 2)),
		badBook("an empty sheet", book(sheet{name: Canary}), inSheet("header", 0)),
		badBook("a sheet without the key", book(sheet{name: "S", rows: "Báo cáo\nMA|HO_TEN|X\nA|" + Canary + "|1"}),
			export.FormatError{Code: "column", Field: "NGAY", Document: "sheet 1", Line: 2}),
		badBook("no header at the configured line", good, inSheet("header", 9)).header(9),
		badBook("a missing part", archive(change(append(bookParts(sheet{name: "S", rows: columns}),
			part{"xl/" + Canary, ""}), "sheets/sheet1.xml", "sheets/"+Canary+".xml")), inSheet("xlsx-part", 0)),
		badBook("a part twice", archive(append(bookParts(main), part{"XL/worksheets/sheet1.xml", ""})), whole("xlsx-part")),
		badBook("a shared string that isn't there", row(`<c r="A2" t="s"><v>7</v></c>`), inSheet("xlsx-part", 2)),
		badBook("a cell in another row", row(`<c r="A3"><v>7</v></c>`), inSheet("xlsx-part", 2)),
		badBook("cells out of order", row(`<c r="B2"><v>7</v></c><c r="A2"><v>7</v></c>`), inSheet("xlsx-part", 2)),
		badBook("a cell beyond XFD", row(`<c r="XFE2"><v>7</v></c>`), inSheet("xlsx-part", 2)),
		badBook("rows out of order", row(`</row><row r="1">`), inSheet("xlsx-part", 2)),
		badBook("a row beyond the last", row(`</row><row r="1048577">`), inSheet("xlsx-part", 1048577)),
		badBook("a sheet cut off in the archive", book(sheet{name: "S", raw: "<worksheet><sheetData><row><!-- " + Canary}),
			inSheet("xlsx-part", 1)),
		badBook("a sheet that is no sheet", book(sheet{name: "S", raw: "<html>" + Canary + "</html>"}),
			inSheet("xlsx-part", 0)),
		badBook("elements in a sheet too deep", row(strings.Repeat("<x>", 70)+strings.Repeat("</x>", 70)),
			inSheet("xlsx-limit", 2)),
		badBook("a row over 1 MiB in a sheet", row(`<c r="A2" t="str"><v>`+strings.Repeat("x", 1<<20+1)+"</v></c>"),
			inSheet("row-size", 2)),
		badBook("a row over 1 MiB of one shared string", book(sheet{name: "S", rows: columns + "$" +
			strings.Repeat(Canary, 3000) + strings.Repeat(`|<c t="s"><v>0</v></c>`, 22)}), inSheet("row-size", 2)),
		badBook("a bomb", bomb(), whole("xlsx-limit")),
		badBook("overlapping regions", book(sheet{name: "S", rows: columns + "A|x|" + Canary + "\nB",
			merged: []string{"A2:A9", "A3:A4"}}), inSheet("xlsx-part", 3)),
		badBook("a region that is none", book(sheet{name: "S", rows: columns + "A|x|" + Canary,
			merged: []string{"A9:A2"}}), inSheet("xlsx-part", 0)),
	}
}

// ole is the beginning of a compound file whose directory names a stream.
func ole(stream string) string {
	head := make([]byte, 512)
	copy(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	head[30] = 9
	binary.LittleEndian.PutUint32(head[48:], 1)
	return string(head) + strings.Repeat("\x00", 512) + utf16le(stream)
}

// bomb is a workbook whose strings are a thousand times what they are packed in.
func bomb() string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range bookParts(sheet{name: "S", rows: columns}) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate})
		if err == nil && p.name == "xl/sharedStrings.xml" {
			p.content = "<sst>" + strings.Repeat("<si><t>x</t></si>", 1<<17) + "</sst>"
		}
		if err == nil {
			_, err = w.Write([]byte(p.content))
		}
		if err != nil {
			panic("zoo: zip into memory: " + err.Error())
		}
	}
	err := z.SetComment(Canary)
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic("zoo: zip into memory: " + err.Error())
	}
	return b.String()
}
