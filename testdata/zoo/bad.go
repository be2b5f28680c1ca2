package zoo

import (
	"strings"

	"tramsync/agent/export"
)

// bad is a HIS file that can't be read. at may leave out the offset by 0; any other means that there is one.
func bad(name, file string, at export.FormatError) Case {
	return Case{Name: name, Settings: his(), File: file, Fault: &at}
}

// canary is a visit that must not be quoted.
func canary() string {
	return HoSo(Doc("XML1", strings.Replace(Summary("L1"), "NGUYỄN THỊ MẪU", Canary, 1)), Doc("XML2", Drugs("L1")))
}

// misplaced are files whose HOSO, FILEHOSO or NOIDUNGFILE stand where they would be taken for something else.
func misplaced() []Case {
	x1 := b64(strings.Replace(Summary("L1"), "NGUYỄN THỊ MẪU", Canary, 1))
	noi := "<NOIDUNGFILE>" + x1 + "</NOIDUNGFILE>"
	in := func(inner string) string { return Visits("<HOSO>" + inner + "</HOSO>") }
	nth := func(code string, n int) export.FormatError {
		return export.FormatError{Code: code, HoSo: 1, Document: []string{"", "FILEHOSO 1", "XML1"}[n],
			Field: "NOIDUNGFILE"}
	}
	return []Case{
		bad("two NOIDUNGFILE in a FILEHOSO", in("<FILEHOSO><LOAIHOSO>XML1</LOAIHOSO>"+noi+noi+"</FILEHOSO>"),
			nth("filehoso", 2)),
		bad("a NOIDUNGFILE outside a FILEHOSO", in(noi), nth("filehoso", 1)),
		bad("a NOIDUNGFILE before a FILEHOSO", in(noi+raw("XML1", x1)), nth("filehoso", 1)),
		bad("a NOIDUNGFILE in a NOIDUNGFILE", in(raw("XML1", noi)), nth("filehoso", 2)),
		bad("a FILEHOSO in a NOIDUNGFILE", in(raw("XML1", raw("XML2", x1))), nth("filehoso", 2)),
		bad("a FILEHOSO outside a HOSO", Visits(raw("XML1", x1)), inLine("filehoso", 3)),
		bad("a NOIDUNGFILE outside a HOSO", Visits(both(), noi), inLine("filehoso", 4)),
		bad("content in an element of another name",
			in("<FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNG>"+x1+"</NOIDUNG></FILEHOSO>"),
			export.FormatError{Code: "filehoso", HoSo: 1}),
		bad("a document in hiding beside others", in(raw("XML1", b64(Summary("L1")))+"<KHAC>"+x1+"</KHAC>"),
			export.FormatError{Code: "filehoso", HoSo: 1}),
		bad("a document in hiding around the HOSO", wrap("1", both(), "<KHAC>"+x1+"</KHAC>"),
			export.FormatError{Code: "filehoso", Offset: 1}),
		bad("a document in hiding in a comment",
			strings.Replace(Visits(both()), "<HOSO>", "<HOSO><!-- "+canary()+" -->", 1),
			export.FormatError{Code: "filehoso", HoSo: 1}),
		bad("tables straight in the HOSO", in(strings.Replace(Summary("L1"), "NGUYỄN THỊ MẪU", Canary, 1)),
			export.FormatError{Code: "filehoso", HoSo: 1}),
		bad("a HOSO in a HOSO", in(canary()), export.FormatError{Code: "hoso", HoSo: 1, Document: "FILEHOSO 1",
			Field: "NOIDUNGFILE"}),
		bad("a HOSO in the signature", wrap("1", both(), "<CHUKYDONVI>"+canary()+"</CHUKYDONVI>"),
			inLine("hoso", 4)),
		bad("two HOSO at different places", wrap("2", canary()+"<KHAC>"+canary()+"</KHAC>", ""),
			inLine("hoso", 3)),
		bad("HOSO counted, but none there", wrap("3", "<HO_SO>"+Canary+"</HO_SO>", ""),
			export.FormatError{Code: "no-hoso", Field: "SOLUONGHOSO"}),
		bad("an unknown root", "<HOSOKHAC>"+canary()+"</HOSOKHAC>", inLine("root", 1)),
		bad("a page of HTML", "<!DOCTYPE html><html><p>"+Canary+"<br></html>",
			export.FormatError{Code: "looks-like", Field: "HTML"}),
		bad("too much around the HOSO", "<!--"+strings.Repeat(Canary+" ", 8000)+"-->"+Visits(both()),
			whole("envelope")),
		bad("too much after the HOSO", Visits(both())+strings.Repeat("<!-- "+strings.Repeat(Canary, 20)+" -->", 900),
			whole("envelope")),
		bad("too much space after the HOSO", Visits(both())+strings.Repeat(" ", 70<<10)+"<!-- "+Canary+" -->",
			inLine("envelope", 5)),
		bad("too many notes around the HOSO", Visits(both())+strings.Repeat("<!-- "+Canary+" -->", 1100),
			inLine("envelope", 5)),
	}
}

// broken are files that are no XML.
func broken() []Case {
	file := Visits(canary(), canary())
	return []Case{
		bad("cut off in the second HOSO", file[:strings.LastIndex(file, "<NOIDUNGFILE>")+40],
			export.FormatError{Code: "xml-truncated", HoSo: 2, Line: 4, Offset: 1}),
		bad("cut off behind the last HOSO", file[:strings.LastIndex(file, "</DANHSACHHOSO>")],
			inLine("xml-truncated", 4)),
		bad("only space", " \r\n\t", inLine("xml-truncated", 2)),
		bad("only byte order marks", strings.Repeat("\ufeff", 20_000), inLine("xml-truncated", 1)),
		bad("only NUL", strings.Repeat("\x00", 4096), inLine("xml-truncated", 1)),
		bad("nothing", "", whole("empty")),
		bad("no XML", Canary, inLine("xml-malformed", 1)),
		bad("a bare ampersand in a HOSO",
			strings.Replace(Visits(HoSo(raw("XML1", Summary("L1")))), "THỊ", "& "+Canary, 1),
			export.FormatError{Code: "xml-entity", HoSo: 1, Line: 3, Offset: 1}),
		bad("a bare ampersand around", wrap("1", both(), "<NGUOILAP>A & "+Canary+"</NGUOILAP>"),
			inLine("xml-entity", 4)),
		bad("a bare less-than sign", strings.Replace(Visits(HoSo(raw("XML1", Summary("L1")))), "THỊ", "< "+Canary, 1),
			export.FormatError{Code: "xml-malformed", HoSo: 1, Line: 3, Offset: 1}),
		bad("no UTF-8", strings.Replace(Visits(HoSo(raw("XML1", Summary("L1")))), "THỊ", "TH\xcd "+Canary, 1),
			export.FormatError{Code: "xml-utf8", HoSo: 1, Line: 3, Offset: 1}),
		bad("an end tag of another name",
			strings.Replace(file, "</THONGTINDONVI>", "</"+strings.Fields(Canary)[2]+">", 1),
			inLine("xml-nesting", 2)),
		bad("two roots", file+file, inLine("xml-nesting", 7)),
		bad("text behind the root", file+Canary, inLine("xml-malformed", 6)),
		bad("another version of XML", strings.Replace(file, `"1.0"`, `"`+Canary+`"`, 1),
			inLine("xml-malformed", 1)),
		bad("elements too deep", Visits(HoSo(raw("XML1", strings.Repeat("<A>", 70)+Canary+strings.Repeat("</A>", 70)))),
			export.FormatError{Code: "xml-limit", HoSo: 1, Line: 3, Offset: 1}),
		bad("a bare table that is cut off", Drugs("L1", Canary)[:200],
			inLine("xml-truncated", 2)),
		bad("a bare table whose comment is no UTF-8", "<!-- "+Canary+"\xff -->"+Summary("L1"),
			export.FormatError{Code: "xml-utf8", Document: "XML1", Line: 1, Offset: 1}),
	}
}

// damagedContents are files whose envelope is sound.
func damagedContents() []Case {
	x1 := strings.Replace(Summary("L1"), "NGUYỄN THỊ MẪU", "\n"+Canary, 1)
	second := func(doc string) string { return Visits(both(), HoSo(Doc("XML2", Drugs("L2")), doc)) }
	at := func(code, document string) export.FormatError {
		return export.FormatError{Code: code, HoSo: 2, Document: document, Line: 2, Offset: 1}
	}
	noise := export.FormatError{Code: "base64", HoSo: 2, Document: "XML1", Field: "NOIDUNGFILE"}
	unknown := noise
	unknown.Document = "FILEHOSO 2"
	return []Case{
		bad("base64 with other characters", second(raw("XML1", b64(x1)[:40]+"*#"+b64(x1)[40:])), noise),
		bad("base64 with text behind it", second(raw("XML1", b64(x1)+Canary)), noise),
		bad("base64 cut off", second(raw("XML1", b64(x1)[:201])), noise),
		bad("base64 in a document of no name", second(raw(Canary, "*#")), unknown),
		bad("a document cut off", second(Doc("XML1", x1[:strings.Index(x1, Canary)+len(Canary)])),
			at("xml-truncated", "XML1")),
		bad("a document with a bare ampersand", second(Doc("XML1", strings.Replace(x1, Canary, Canary+" & ", 1))),
			at("xml-entity", "XML1")),
		bad("a document that is no UTF-8", second(Doc("XML1", strings.Replace(x1, Canary, Canary+"\xea", 1))),
			at("xml-utf8", "XML1")),
		bad("a document whose tags don't fit", second(Doc("XML1", strings.Replace(x1, "</HO_TEN>", "</TEN>", 1))),
			at("xml-nesting", "XML1")),
		bad("a document of another version of XML", second(Doc("XML1", "<?xml version=\"1.1\"?>"+x1)),
			export.FormatError{Code: "xml-malformed", HoSo: 2, Document: "XML1", Line: 1, Offset: 1}),
		bad("a document that is no XML", second(Doc("XML1", "\n"+Canary)), at("xml-malformed", "XML1")),
		bad("base64 of base64", second(Doc("XML1", b64(x1))),
			export.FormatError{Code: "xml-malformed", HoSo: 2, Document: "XML1", Line: 1, Offset: 1}),
		bad("a document of a name like a person's", second(Doc(Canary, x1+x1)),
			export.FormatError{Code: "xml-nesting", HoSo: 2,
				Document: "FILEHOSO 2", Line: 2, Offset: 1}),
		bad("a comment in base64 that is no UTF-8", second(raw("XML1", "<!-- \xff"+Canary+" -->"+b64(x1))),
			export.FormatError{Code: "xml-utf8", HoSo: 2, Document: "XML1", Field: "NOIDUNGFILE"}),
	}
}
