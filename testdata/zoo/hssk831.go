package zoo

import (
	"strings"

	"tramsync/agent/export"
)

// Health is a file of QĐ 831 with the given HOSOSUCKHOE elements.
func Health(records ...string) string {
	return `<?xml version="1.0" encoding="utf-8"?>` + "\n<DATA><HEADER><MESSAGE_VERSION>1.0</MESSAGE_VERSION>" +
		"<SENDER_CODE>99002</SENDER_CODE><TRANSACTION_ID>TX1</TRANSACTION_ID><REQUEST_ID>R1</REQUEST_ID></HEADER>\n" +
		"<BODY>" + strings.Join(records, "\n<!-- next -->") + "</BODY>\n" +
		"<SECURITY><SIGNATURE/></SECURITY></DATA>\n"
}

// Person is a HOSOSUCKHOE of somebody with the given identifiers, whose father has one too.
func Person(identifiers string) string {
	return "<HOSOSUCKHOE><THONGTINCHUNG>" + identifiers + "<HOTEN>NGUYỄN THỊ MẪU</HOTEN>" +
		"<QUANHE_GIADINH><MADINHDANH>000077000007</MADINHDANH><HOTEN>NGUYỄN VĂN MẪU</HOTEN></QUANHE_GIADINH>" +
		"</THONGTINCHUNG>\r\n<TIENSU><YEUTO_SUCKHOE><DSYEUTO><LOAI>1</LOAI><TRANGTHAI>0</TRANGTHAI></DSYEUTO>" +
		"<DSYEUTO><LOAI>2</LOAI><TRANGTHAI>1</TRANGTHAI></DSYEUTO></YEUTO_SUCKHOE></TIENSU>" +
		"<DANHSACHHOSOKHAMCHUABENH><HOSOKHAMCHUABENH><MA_LK>L1</MA_LK><CHANDOANKETLUAN><CHANDOANBENH>" +
		"<MABENH>J00</MABENH></CHANDOANBENH></CHANDOANKETLUAN></HOSOKHAMCHUABENH></DANHSACHHOSOKHAMCHUABENH>" +
		"</HOSOSUCKHOE>"
}

const (
	madinhdanh = "<MADINHDANH>000199000001</MADINHDANH>"
	ofPerson   = "hssk_831 99002/000199000001 @99002 HSSK831 831"
	ofOther    = "hssk_831 99002/000199000002 @99002 HSSK831 831"
)

func healthFeed() export.Settings {
	return export.Settings{Station: "99001", System: "V20", Kind: "cong_dan", Format: export.HSSK831}
}

func health(name, file string, want ...string) Case {
	return Case{Name: "831: " + name, Settings: healthFeed(), File: file, Want: want}
}

func badHealth(name, file string, at export.FormatError) Case {
	return Case{Name: "831: " + name, Settings: healthFeed(), File: file, Fault: &at}
}

func healthShapes() []Case {
	one := Health(Person(madinhdanh))
	two := Health(Person(madinhdanh), Person("<MADINHDANH> 000199000002 </MADINHDANH>"))
	in := func(old, text string) string { return strings.Replace(one, old, text, 1) }
	prefixed := strings.NewReplacer("<?", "<?", "<!", "<!", "</", "</a:", "<", "<a:").Replace(one)
	return []Case{
		health("one", one, ofPerson),
		health("two", two, ofPerson+" extract", ofOther+" extract"),
		health("a byte order mark and CRLF", "\ufeff"+strings.ReplaceAll(one, "\n", "\r\n"), ofPerson),
		health("UTF-16 declared over UTF-8", in("utf-8", "utf-16"), ofPerson),
		health("UTF-16LE", utf16le("\ufeff"+two), ofPerson+" extract utf-16le", ofOther+" extract utf-16le"),
		health("UTF-16BE without a mark", utf16be(one), ofPerson+" utf-16be"),
		health("control characters", in("MẪU", "M\x0bẪU\x00"), ofPerson),
		health("CDATA", in("NGUYỄN THỊ MẪU", "<![CDATA[A & B < C]]>"), ofPerson),
		health("a default namespace", in("<DATA>", `<DATA xmlns="http://www.w3.org/2001/XMLSchema instance">`), ofPerson),
		health("prefixes", strings.Replace(prefixed, "<a:DATA>", `<a:DATA xmlns:a="urn:a">`, 1), ofPerson),
		health("comments and instructions around", "<!-- 1 -->"+one[strings.Index(one, "<DATA>"):]+"<?x y?><!-- 2 -->",
			ofPerson),
		health("the root is the record", `<?xml version="1.0"?>`+Person(madinhdanh)+"\n",
			"hssk_831 99001/000199000001 @99001 HSSK831 831"),
		health("no BODY", strings.NewReplacer("<BODY>", "", "</BODY>", "").Replace(one), ofPerson),
		health("more elements around one", in("</BODY>", "<KHAC>x</KHAC></BODY><GHICHU>y</GHICHU>"), ofPerson),
		health("more elements behind BODY of two", strings.Replace(two, "</BODY>", "</BODY><GHICHU>y</GHICHU>", 1),
			ofPerson+" extract", ofOther+" extract"),
		health("a signature", in("<SIGNATURE/>", "<SIGNATURE>"+b64("\xff\xfesignature of nobody")+"</SIGNATURE>"),
			ofPerson+" signed"),
		health("a signature in XML", strings.Replace(two, "<SIGNATURE/>",
			`<SIGNATURE><Signature><DigestValue>x</DigestValue></Signature></SIGNATURE>`, 1),
			ofPerson+" signed extract", ofOther+" signed extract"),
		health("an empty signature", in("<SIGNATURE/>", "<SIGNATURE>\n<!-- --></SIGNATURE>"), ofPerson),
		health("an empty record", Health("<HOSOSUCKHOE/>", Person(madinhdanh)), ofPerson+" extract"),
		health("no record", Health()),
		health("no sender", in("99002", " "), "hssk_831 99001/000199000001 @99001 HSSK831 831"),
		health("a person twice", Health(Person(madinhdanh), Person(madinhdanh)), ofPerson+" extract",
			ofPerson+" extract"),
	}
}

func healthKeys() []Case {
	key := func(name, identifiers, key string) Case {
		return health(name, Health(Person(identifiers)), "hssk_831 99002/"+key+" @99002 HSSK831 831")
	}
	return []Case{
		key("no identifier but a relative's", "", "~"),
		key("MADINHDANH of zeros", "<MADINHDANH>000000000000</MADINHDANH><MABHXH>9900000001</MABHXH>",
			"MABHXH/9900000001"),
		key("the number of an identity card", "<MABHXH/><MATHE>HC4990000000001</MATHE><SOCMND>990000001</SOCMND>",
			"SOCMND/990000001"),
		key("a card", "<MA_NHANKHAU>NK1</MA_NHANKHAU><MATHE>HC4990000000001</MATHE>", "MATHE/HC4990000000001"),
		key("the software's own number", "<MA_NHANKHAU>NK1</MA_NHANKHAU><MAHO_GIADINH>H1</MAHO_GIADINH>",
			"MA_NHANKHAU/NK1"),
		key("a household's number alone", "<MAHO_GIADINH>H1</MAHO_GIADINH>", "~"),
	}
}

func healthBad() []Case {
	person := strings.Replace(Person(madinhdanh), "NGUYỄN THỊ MẪU", Canary, 1)
	one, two := Health(person), Health(person, person)
	in := func(old, text string) string { return strings.Replace(two, old, text, 1) }
	at := func(code string, n, line int) export.FormatError {
		return export.FormatError{Code: code, HoSo: n, Line: line, Offset: 1}
	}
	return []Case{
		badHealth("a file of HIS", Visits(canary()), export.FormatError{Code: "looks-like", Field: "GIAMDINHHS"}),
		badHealth("a page of HTML", "<!DOCTYPE html><html><p>"+Canary+"<br></html>",
			export.FormatError{Code: "looks-like", Field: "HTML"}),
		badHealth("no XML", Canary, inLine("xml-malformed", 1)),
		badHealth("only space", " \r\n ", inLine("xml-truncated", 2)),
		badHealth("cut off in the second", two[:strings.LastIndex(two, Canary)],
			at("xml-truncated", 2, 5)),
		badHealth("cut off behind the last", two[:strings.LastIndex(two, "</BODY>")], inLine("xml-truncated", 6)),
		badHealth("a bare ampersand", in(Canary, Canary+" & "), at("xml-entity", 1, 3)),
		badHealth("no UTF-8", in(Canary, Canary+"\xea"), at("xml-utf8", 1, 3)),
		badHealth("a comment that is no UTF-8", in("<HOTEN>", "<!-- \xea --><HOTEN>"),
			export.FormatError{Code: "xml-utf8", HoSo: 1, Document: "HSSK831", Line: 1, Offset: 1}),
		badHealth("an end tag of another name", in("</TIENSU>", "</TIEN>"), at("xml-nesting", 1, 4)),
		badHealth("two roots", one+one, inLine("xml-nesting", 7)),
		badHealth("text behind the root", one+Canary, inLine("xml-malformed", 6)),
		badHealth("elements too deep", in(Canary, strings.Repeat("<A>", 70)+Canary), at("xml-limit", 1, 3)),
		badHealth("a record in a record", Health(strings.Replace(person, "<TIENSU>", "<TIENSU>"+person, 1)),
			at("hssk", 1, 4)),
		badHealth("a record in a record that is the root", "<HOSOSUCKHOE>"+person+"</HOSOSUCKHOE>", at("hssk", 1, 1)),
		badHealth("a record in HEADER", in("</HEADER>", person+"</HEADER>"), inLine("hssk", 2)),
		badHealth("records in two BODY", in("<!-- next -->", "</BODY><BODY>"), inLine("hssk", 5)),
		badHealth("something beside several records", in("<!-- next -->", "<KHAC>"+Canary+"</KHAC>"), whole("hssk")),
		badHealth("text beside several records", in("<!-- next -->", Canary), whole("hssk")),
		badHealth("something else in BODY", Health("<HO_SO>"+Canary+"</HO_SO>"), whole("no-hssk")),
		badHealth("something else in DATA", "<DATA><ROW>"+Canary+"</ROW></DATA>", whole("no-hssk")),
		badHealth("too much around", one+strings.Repeat("<!-- "+strings.Repeat(Canary, 20)+" -->", 900),
			whole("envelope")),
		badHealth("a PDF in the header", strings.Replace(one, "TX1", b64("%PDF-1.7 "+Canary+"\x00\xff\x01"), 1),
			whole("unscreenable")),
		badHealth("a PDF in a record", strings.Replace(one, "</TIENSU>",
			"</TIENSU><TEP>"+b64("%PDF-1.7 "+Canary+"\x00\xff\x01")+"</TEP>", 1),
			export.FormatError{Code: "unscreenable", HoSo: 1, Document: "HSSK831"}),
	}
}
