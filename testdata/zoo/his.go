package zoo

import "strings"

// envelopes are shapes of what stands around the HOSO.
func envelopes() []Case {
	plain := Visits(both())
	signature := "<CHUKYDONVI><Signature><SignatureValue>" + strings.Repeat("q83vASNFZ4k=", 20) +
		"</SignatureValue></Signature></CHUKYDONVI>"
	three := []string{HoSo(Doc("XML1", Summary("L1"))), HoSo(Doc("XML1", Summary("L2"))),
		HoSo(Doc("XML1", Summary("L3")))}
	extracts := []string{"visit 99002/L1 @99002 XML1 4750 extract", "visit 99002/L2 @99002 XML1 4750 extract",
		"visit 99002/L3 @99002 XML1 4750 extract"}
	return []Case{
		one("the plain file", plain),
		one("CRLF everywhere", strings.ReplaceAll(plain, "\n", "\r\n")),
		one("no declaration", strings.TrimPrefix(plain, `<?xml version="1.0" encoding="utf-8"?>`)),
		one("the namespace as a PDF broke it", strings.Replace(plain, "<GIAMDINHHS>",
			`<GIAMDINHHS xmlns:xsi="http://www.w3.org/2001/XMLSchema instance">`, 1)),
		one("three HOSO", Visits(three...), extracts...),
		one("comments between HOSO, even with markup in them", wrap("3",
			"<!-- a --><!-- <HOSO> -->"+three[0]+"<!-- b -->"+three[1]+"<!-- <HOSO/> -->"+three[2]+"<!-- c -->", ""),
			extracts...),
		one("a HOSO straight under the root", "<GIAMDINHHS><MACSKCB>99001</MACSKCB>"+both()+"</GIAMDINHHS>"),
		one("SOLUONGHOSO says more", wrap("2", both(), ""),
			"visit 99002/L1 @99002 XML1 XML2 4750 !hoso-count@SOLUONGHOSO"),
		one("SOLUONGHOSO says nothing that is a number", wrap("hai", both(), ""),
			"visit 99002/L1 @99002 XML1 XML2 4750 !hoso-count@SOLUONGHOSO"),
		one("SOLUONGHOSO is empty", wrap("", both(), "")),
		one("signed", wrap("1", both(), signature), "visit 99002/L1 @99002 XML1 XML2 4750 signed"),
		one("a signature of words", wrap("1", both(), "<CHUKYDONVI>Trạm trưởng</CHUKYDONVI>"),
			"visit 99002/L1 @99002 XML1 XML2 4750 signed"),
		one("a signature of space is none", wrap("1", both(), "<CHUKYDONVI> \n</CHUKYDONVI>")),
		one("no signature at all", wrap("1", both(), "")),
		{Name: "no HOSO and none counted", Settings: his(), File: wrap("0", "", "")},
		{Name: "no HOSO and no count", Settings: his(), File: "<GIAMDINHHS/>"},
		{Name: "a HOSO of empty tables only", Settings: his(),
			File: Visits(HoSo(raw("XML1", ""), raw("XML2", " \n ")))},
		{Name: "an empty HOSO", Settings: his(), File: Visits(`<HOSO id="7"><!-- nothing --></HOSO>`)},
		one("an empty HOSO beside a full one", Visits("<HOSO/>", both()),
			"visit 99002/L1 @99002 XML1 XML2 4750 extract"),
		one("NUL at the end, as a power cut leaves them", plain+strings.Repeat("\x00", 100)),
	}
}

// contents are the ways in which a document stands in NOIDUNGFILE.
func contents() []Case {
	x1, x2 := b64(Summary("L1")), b64(Drugs("L1"))
	with := func(first string) string { return Visits(HoSo(raw("XML1", first), raw("XML2", x2))) }
	return []Case{
		one("base64 in lines of 64", with(lines(x1, "\n", 64))),
		one("base64 in lines of 76 with CRLF", with("\r\n"+lines(x1, "\r\n", 76)+"\r\n")),
		one("base64 in lines of uneven length", with(x1[:10]+"\n"+lines(x1[10:], "\n", 64))),
		one("base64 indented", with("\n      "+lines(x1, "\n      ", 64)+"\n    ")),
		one("base64 with tabs and spaces", with(lines(x1, "\t ", 40))),
		one("base64 in CDATA", with("<![CDATA["+x1+"]]>")),
		one("base64 with entities", with("&#"+"80;"+x1[1:])),
		one("base64 with a comment in it", with(x1[:8]+"<!-- x -->"+x1[8:])),
		one("base64 with NUL in it", with(x1[:8]+"\x00"+x1[8:])),
		one("base64 without padding", with(strings.TrimRight(b64(Summary("L1")+" "), "=")+"")),
		one("inline", with(Summary("L1"))),
		one("inline, indented, with a comment", with("\n  <!-- x -->"+Summary("L1")+"\n  ")),
		one("inline with a declaration", with(`<?xml version="1.0" encoding="utf-16"?>`+Summary("L1"))),
		one("inline with control characters", with(strings.Replace(Summary("L1"), "MẪU", "M\x0bẪU\x01", 1))),
		one("XML in CDATA", with("<![CDATA["+strings.ReplaceAll(Summary("L1"), "><", ">\r\n<")+"]]>")),
		one("XML escaped", with(strings.ReplaceAll(Summary("L1"), "<", "&lt;"))),
		one("values in CDATA", with(b64(strings.Replace(Summary("L1"), "NGUYỄN THỊ MẪU", "<![CDATA[A & B < C]]>", 1)))),
		one("a byte order mark and another encoding declared inside", with(b64("\ufeff"+
			`<?xml version="1.0" encoding="utf-16"?>`+Summary("L1")))),
		one("a byte order mark inside a tag's name",
			with(b64(strings.Replace(Summary("L1"), "<STT>", "<S\ufeffTT>", 1)))),
		one("UTF-16 inside", with(b64(utf16le("\ufeff"+Summary("L1"))))),
		one("UTF-16 inside, big endian", with(b64(utf16be("\ufeff"+Summary("L1"))))),
		one("NUL inside", with(b64(strings.Replace(Summary("L1"), "MẪU", "MẪU\x00\x0b", 1)))),
		one("XMl13 and an empty NOIDUNGFILE", Visits(HoSo(raw("XMl13", ""), Doc("XML1", Summary("L1")),
			"<FILEHOSO><LOAIHOSO>XML9</LOAIHOSO><NOIDUNGFILE/></FILEHOSO>", Doc(" xml 2\n", Drugs("L1")),
			raw("XML15", "<![CDATA[]]>"), raw("XML14", "<!-- none -->"), "<FILEHOSO/>"))),
		one("LOAIHOSO behind NOIDUNGFILE", Visits(HoSo("<FILEHOSO><NOIDUNGFILE>"+x1+
			"</NOIDUNGFILE><LOAIHOSO>XML1</LOAIHOSO></FILEHOSO>", raw("XML2", x2)))),
		one("LOAIHOSO in CDATA", Visits(HoSo(raw("<![CDATA[XML1]]>", x1), raw("XML2", x2)))),
		one("an empty wrapper stays", Visits(HoSo(raw("XML1", x1), Doc("XML15", "<CHI_TIEU_DIEUTRI_BENHLAO/>"))),
			"visit 99002/L1 @99002 XML1 XML15 4750"),
		one("a table twice", Visits(HoSo(raw("XML1", x1), raw("XML2", x2), raw("XML2", x2))),
			"visit 99002/L1 @99002 XML1 XML2 XML2 4750"),
		one("an unknown LOAIHOSO", Visits(HoSo(raw("XML1", x1), raw("XML99", "<A><B>1</B></A>"))),
			"visit 99002/L1 @99002 XML1 XML99 4750"),
		one("no LOAIHOSO", Visits(HoSo(raw("XML1", x1), "<FILEHOSO><NOIDUNGFILE>"+x2+"</NOIDUNGFILE></FILEHOSO>")),
			"visit 99002/L1 @99002 XML1  4750"),
	}
}

// around are what else may stand in an envelope.
func around() []Case {
	file := Visits(both())
	in := func(old, text string) string { return strings.Replace(file, old, text, 1) }
	return []Case{
		one("attributes", in("<HOSO>", `<HOSO id="1" xmlns:a="urn:a">`)),
		one("comments everywhere", in("<HOSO>", "<!-- 1 --><HOSO><!-- 2 -->")+"<!-- 3 -->"),
		one("a comment that is no UTF-8", in("<HOSO>", "<HOSO><!-- Tr\xe2n -->")),
		one("a processing instruction", in("<HOSO>", `<?xml-stylesheet href="x"?><HOSO>`)),
		one("a document type", in("<GIAMDINHHS>", "<!DOCTYPE GIAMDINHHS><GIAMDINHHS>")),
		one("text between elements", in("<FILEHOSO>", "chú thích<FILEHOSO>")),
		one("more elements", in("</HOSO>", "<GHICHU>x</GHICHU></HOSO><NGUOILAP>y</NGUOILAP>")),
		one("prefixes", strings.NewReplacer("<HOSO>", "<a:HOSO>", "</HOSO>", "</a:HOSO>").Replace(file)),
	}
}

// standards are visits under the decisions, and what they are known by.
func standards() []Case {
	visit := func(fields string) string { return Visits(HoSo(Doc("XML1", "<TONG_HOP>"+fields+"</TONG_HOP>"))) }
	lk := "<MA_LK>L1</MA_LK><MA_CSKCB>99002</MA_CSKCB>"
	return []Case{
		one("QĐ 4210", visit(lk+"<MA_BENH>J00</MA_BENH>"), "visit 99002/L1 @99002 XML1 4210"),
		one("QĐ 130", visit(lk+"<MA_BENH_CHINH>J00</MA_BENH_CHINH>"), "visit 99002/L1 @99002 XML1 130"),
		one("QĐ 4750", visit(lk+"<MA_BENH_CHINH/><NHOM_MAU/>"), "visit 99002/L1 @99002 XML1 4750"),
		one("no standard's fields", visit(lk), "visit 99002/L1 @99002 XML1 -"),
		one("no MA_LK", visit("<MA_CSKCB>99002</MA_CSKCB>"), "visit 99002/~ @99002 XML1 -"),
		one("space around MA_LK and facility", visit("<MA_LK> L1\n</MA_LK><MA_CSKCB> 99002 </MA_CSKCB>"),
			"visit 99002/L1 @99002 XML1 -"),
		one("no facility but the sender", visit("<MA_LK>L1</MA_LK>"), "visit 99001/L1 @99001 XML1 -"),
		one("no facility, no sender", "<GIAMDINHHS>"+HoSo(Doc("XML1", "<TONG_HOP><MA_LK>L1</MA_LK></TONG_HOP>"))+
			"</GIAMDINHHS>", "visit 99001/L1 @99001 XML1 -"),
		one("MA_LK of XML1 counts", Visits(HoSo(Doc("XML2", Drugs("L9")), Doc("XML1", Summary("L1")))),
			"visit 99002/L1 @99002 XML2 XML1 4750"),
		one("no XML1", Visits(HoSo(Doc("XML2", Drugs("L1")))), "visit 99001/L1 @99001 XML2 -"),
		one("a slash in MA_LK", visit("<MA_LK>a/b</MA_LK>"), "visit 99001/a/b @99001 XML1 -"),
	}
}

func encodings() []Case {
	plain := Visits(both())
	declared := strings.Replace(plain, "utf-8", "utf-16", 1)
	before, after, _ := strings.Cut(declared, "<HOSO>")
	two := Visits(HoSo(Doc("XML1", Summary("L1"))), HoSo(Doc("XML1", Summary("L2"))))
	return []Case{
		one("a byte order mark", "\ufeff"+plain),
		one("UTF-16 declared over UTF-8", declared),
		one("UTF-16LE", utf16le("\ufeff"+declared), "visit 99002/L1 @99002 XML1 XML2 4750 utf-16le"),
		one("UTF-16BE", utf16be("\ufeff"+declared), "visit 99002/L1 @99002 XML1 XML2 4750 utf-16be"),
		one("UTF-16LE without a mark", utf16le(declared), "visit 99002/L1 @99002 XML1 XML2 4750 utf-16le"),
		one("UTF-16 with half a character", utf16le("\ufeff"+before+"<HOSO>")+"\x00\xd8"+utf16le(after),
			"visit 99002/L1 @99002 XML1 XML2 4750 utf-16le"),
		one("UTF-16 of two visits", utf16le("\ufeff"+two), "visit 99002/L1 @99002 XML1 4750 extract utf-16le",
			"visit 99002/L2 @99002 XML1 4750 extract utf-16le"),
		one("control characters around", strings.Replace(plain, "<HOSO>", "\x0b\x00<HOSO>\x1f", 1)),
	}
}
