package zoo

import (
	"strings"

	"tramsync/agent/export"
)

// page is a table in a page of HTML, rows of cells divided by |.
func page(rows string) string {
	var b strings.Builder
	b.WriteString("<html><head><style>td{mso-number-format:\"\\@\"}</style></head><body>\n<table border=1>\n")
	for ln := range strings.SplitSeq(strings.TrimSuffix(rows, "\n"), "\n") {
		b.WriteString("<tr><td>" + strings.ReplaceAll(ln, "|", "</td>\n<td>") + "</td></tr>\n")
	}
	b.WriteString("</table></body></html>\n")
	return b.String()
}

// pages are HTML that is called .xls.
func pages() []Case {
	plain := page(columns + cellsA + "B|2026-09-02|")
	named := page(columns + "A|x|&amp;&#66;&eacute;&nbsp;<b>M</b>ẪU<br>\r 2 <!-- no -->")
	table := plain[strings.Index(plain, "<table"):strings.Index(plain, "</body>")]
	next := strings.NewReplacer(">A<", ">C<", ">B<", ">D<").Replace(table)
	more := []string{rowA, rowB, strings.NewReplacer(" A/", " C/", "=A ", "=C ").Replace(rowA),
		strings.NewReplacer(" B/", " D/", "=B ", "=D ").Replace(rowB)}
	open := strings.NewReplacer("</td>", "", "</tr>", "").Replace(plain)
	return []Case{
		workbook("a page", plain, rowA, rowB),
		workbook("a page with a byte order mark", "\ufeff\r\n"+plain, rowA, rowB),
		workbook("a page in UTF-16", utf16le("\ufeff"+plain), rowA, rowB),
		workbook("a page in windows-1258", page("MA|NGAY|HO_TEN\nA|01/09/2026|B\xc9 M\xc2\xdeU"), rowA),
		workbook("a page with entities and tags in cells", named,
			"tiem_chung A/x @99001 HO_TEN=&Bé MẪU\\n2 MA=A NGAY=x"),
		workbook("a page in capitals", strings.NewReplacer("<table", "<TABLE", "</table", "</TABLE", "<td", "<TD",
			"</td", "</TD", "<tr", "<TR", "</tr", "</TR").Replace(plain), rowA, rowB),
		workbook("a page without end tags", open, rowA, rowB),
		workbook("a table alone", table, rowA, rowB),
		workbook("a page with scripts and comments", strings.Replace(plain, "<table", "<script>\"<table>\"</script>"+
			"<!-- <table><tr><td>MA<td>NGAY --><table", 1), rowA, rowB),
		workbook("a table in a table", "<table><tr><td>TRẠM Y TẾ<td>BÁO CÁO</tr><tr><td colspan=2>"+table+
			"</td></tr></table>", rowA, rowB),
		workbook("a table in a cell", strings.Replace(plain, "BÉ MẪU", "BÉ <table><tr><td>x</table>MẪU", 1), rowA, rowB),
		workbook("a table on each page", "<h1>Danh sách</h1>"+table+"<p>Trang 2</p>"+next, more...),
		workbook("a table of something else first", "<table><tr><td>Vắc xin<td>Số</table>"+table, rowA, rowB),
		workbook("cells that go on", strings.NewReplacer("<td>A<", "<td rowspan=2>A<").Replace(
			page(columns+"A|01/09/2026|BÉ MẪU\n02/09/2026|HAI\nB|2026-09-02|")), rowA,
			"tiem_chung A/2026-09-02 @99001 HO_TEN=HAI MA=A NGAY=2026-09-02", rowB),
		workbook("cells that go on to the end", strings.NewReplacer("<td>A<", "<td rowspan=0>A<").Replace(
			page(columns+"A|01/09/2026|BÉ MẪU\n02/09/2026|HAI")), rowA,
			"tiem_chung A/2026-09-02 @99001 HO_TEN=HAI MA=A NGAY=2026-09-02"),
		workbook("cells that go on beside missing ones", strings.Replace(page(columns+"A|01/09/2026|BÉ MẪU\nB"), "<td>BÉ",
			"<td rowspan=2>BÉ", 1), rowA, "tiem_chung B//~ @99001 HO_TEN=BÉ MẪU MA=B NGAY= !key-incomplete@row.NGAY"),
		workbook("words in several blocks of a cell", page("MA|NGAY|V\nA|x|<p>a</p><style>b</style><div>c</div>"),
			"tiem_chung A/x @99001 MA=A NGAY=x V=a\\nc"),
		workbook("cells without a row", "<table><td>MA<td>NGAY<tr><td>A<td>x</table>", "tiem_chung A/x @99001 MA=A NGAY=x"),
		workbook("wide cells", strings.NewReplacer("<td>DANH", "<td colspan=3>DANH", "<td>Cộng<", "<td colspan=\"2\">Cộng<").
			Replace(page("DANH SÁCH\n"+columns+cellsA+"Cộng|1")), rowA+" !lines-skipped@lines[4]"),
		workbook("two lines of names in a page", strings.NewReplacer("<td>Mã", "<td rowspan=2>Mã", "<td>Ngày t",
			"<td rowspan=2>Ngày t", "<td>Lô<", "<td colspan=2>Lô<").Replace(page("Mã đối tượng|Ngày tiêm|Lô\nSố|Hạn\nA|x|1|2")),
			"tiem_chung A/x @99001 Lô Hạn=2 Lô Số=1 MA=A NGAY=x"),
		workbook("a caption", strings.Replace(plain, "<tr>", "<caption>Danh sách</caption><tr>", 1), rowA, rowB),
	}
}

func badPages() []Case {
	plain := page(columns + "A|01/09/2026|" + Canary)
	inTable := func(code string, line int) export.FormatError {
		return export.FormatError{Code: code, Document: "table 1", Line: line}
	}
	return []Case{
		badBook("a page without a table", "<html><p>Lỗi: "+Canary+"</p></html>", whole("html-table")),
		badBook("a page cut off", plain[:strings.Index(plain, "</table>")], export.FormatError{Code: "html-truncated",
			Offset: 1}),
		badBook("a page without the key", page("MA|HO_TEN\nA|"+Canary),
			export.FormatError{Code: "column", Field: "NGAY", Document: "table 1", Line: 1}),
		badBook("an empty table", "<table><tr><td></table><!-- "+Canary+" -->", inTable("header", 0)),
		badBook("a workbook as XML of 2003", `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns=`+
			`"urn:schemas-microsoft-com:office:spreadsheet"><Worksheet>`+Canary, whole("xls-xml")),
		badBook("XML that is no page", "<DATA>"+Canary+"</DATA>", whole("html-table")),
		badBook("a row over 1 MiB in a page", strings.Replace(plain, Canary, strings.Repeat(Canary, 62_000), 1),
			inTable("row-size", 2)),
		badBook("tables too deep", strings.Repeat("<table><tr><td>", 20)+Canary+strings.Repeat("</table>", 20),
			whole("html-limit")),
		badBook("a tag too long", strings.Replace(plain, "<td>A", "<td title=\""+strings.Repeat(Canary, 250_000)+"\">A", 1),
			export.FormatError{Code: "html-limit", Offset: 1}),
		badBook("a table too wide", strings.Replace(plain, "<td>A", strings.Repeat("<td colspan=1000>", 17)+"A", 1),
			inTable("html-limit", 2)),
		badBook("too much around the tables", "<p>"+strings.Repeat(Canary, 5000)+"</p>"+plain, whole("list-notes")),
	}
}
