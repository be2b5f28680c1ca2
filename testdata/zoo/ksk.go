package zoo

import (
	"strings"

	"tramsync/agent/export"
)

// renamed are files whose root the feed's settings know by another name than GIAMDINHHS.
func renamed() []Case {
	in := func(c Case, roots ...string) Case { c.Settings.Roots = roots; return c }
	hospital := func(s string) string { return strings.ReplaceAll(s, "GIAMDINHHS", "BenhVien") }
	file := Doc("XML1", Summary("L1")) + Doc("XML2", Drugs("L1"))
	around := func(inner string) string { return "<BENHVIEN><MACSKCB>99001</MACSKCB>" + inner + "</BENHVIEN>" }
	alone := func(name, file string, want ...string) Case { return in(one(name, file, want...), "x", "BenhVien") }
	fault := func(name, file string, at export.FormatError) Case { return in(bad(name, file, at), "BenhVien") }
	return []Case{
		alone("another root", hospital(Visits(both()))),
		alone("another root in other letters, FILEHOSO straight in it", around(file)),
		alone("FILEHOSO side by side, with a signature and more between them",
			around("\n"+Doc("XML1", Summary("L1"))+"<GHICHU>x</GHICHU>\n<!-- y -->"+Doc("XML2", Drugs("L1"))+
				"\n<CHUKYDONVI><V>x</V></CHUKYDONVI>"), "visit 99002/L1 @99002 XML1 XML2 4750 signed"),
		alone("FILEHOSO side by side, not straight in the root", around("<THONGTINHOSO>"+file+"</THONGTINHOSO>")),
		alone("FILEHOSO side by side, and a count of one", around("<SOLUONGHOSO>1</SOLUONGHOSO>"+file)),
		alone("FILEHOSO side by side in UTF-16", utf16le("\ufeff"+around(file)),
			"visit 99002/L1 @99002 XML1 XML2 4750 utf-16le"),
		alone("several HOSO under another root", hospital(Visits(both(), HoSo(Doc("XML1", Summary("L2"))))),
			"visit 99002/L1 @99002 XML1 XML2 4750 extract", "visit 99002/L2 @99002 XML1 4750 extract"),
		alone("the usual root where another one may stand", Visits(both())),
		in(Case{Name: "another root with nothing in it", Settings: his(), File: "<BenhVien/>"}, "BenhVien"),
		fault("another root that isn't in the settings", "<BENHVIEN2>"+canary()+"</BENHVIEN2>", inLine("root", 1)),
		fault("FILEHOSO beside a HOSO", around(canary()+file), inLine("filehoso", 1)),
		fault("a HOSO beside FILEHOSO", around(file+canary()), inLine("hoso", 1)),
		fault("a HOSO among FILEHOSO", around(file+"<X>"+canary()+"</X>"+file), inLine("hoso", 1)),
		fault("FILEHOSO at two places", around(Doc("XML1", Summary(Canary))+"<X>"+file+"</X>"), inLine("filehoso", 1)),
		fault("FILEHOSO in two elements", around("<X>"+Doc("XML1", Summary(Canary))+"</X><X>"+file+"</X>"),
			inLine("filehoso", 1)),
		fault("FILEHOSO in the signature", around("<CHUKYDONVI>"+Doc("XML1", Summary(Canary))+"</CHUKYDONVI>"),
			inLine("filehoso", 1)),
		in(bad("FILEHOSO as the root", Doc("XML1", Summary(Canary)), inLine("filehoso", 1)), "filehoso"),
		fault("text in hiding between FILEHOSO", around(file+"<KHAC>"+b64(Summary(Canary))+"</KHAC>"+file),
			export.FormatError{Code: "filehoso", HoSo: 1}),
	}
}

// general is a check-up's table 2 (QĐ 2062), with more fields.
func general(maLK, more string) string {
	return "<THONG_TIN_CHUNG_VE_LAN_KHAM><MA_LK>" + maLK + "</MA_LK>" + more + "</THONG_TIN_CHUNG_VE_LAN_KHAM>"
}

// checkUps are files of health check-ups.
func checkUps() []Case {
	who := "<THONG_TIN_HANH_CHINH><HO_TEN>NGUYỄN THỊ MẪU</HO_TEN><SO_CCCD>000199000001</SO_CCCD></THONG_TIN_HANH_CHINH>"
	nobody := strings.Replace(who, "000199000001", "000000000000", 1)
	at := "<MA_CSKCB>8930000000017</MA_CSKCB><NGAY_VAO>202607210000</NGAY_VAO>"
	tests := "<KHAM_CAN_LAM_SANG><CHI_TIET_CLS><MA_CHI_SO>B1</MA_CHI_SO></CHI_TIET_CLS></KHAM_CAN_LAM_SANG>"
	file := func(hosos ...string) string {
		return strings.NewReplacer("GIAMDINHHS", "KHAMSUCKHOE", ">99001<", ">8930000000000<").Replace(Visits(hosos...))
	}
	return []Case{
		one("a check-up", file(HoSo(Doc("XML1", who), Doc("xml 2", general("K1", at)), Doc("XML11", tests))),
			"kham_suc_khoe 8930000000017/K1 @8930000000017 KSK_XML1 KSK_XML2 KSK_XML11 ksk"),
		one("two check-ups", file(HoSo(Doc("XML2", general("K1", at))), HoSo(Doc("XML2", general("K2", "")))),
			"kham_suc_khoe 8930000000017/K1 @8930000000017 KSK_XML2 ksk extract",
			"kham_suc_khoe 8930000000000/K2 @8930000000000 KSK_XML2 ksk extract"),
		one("a check-up without MA_LK", file(HoSo(Doc("XML1", who), Doc("XML2", general("", at)))),
			"kham_suc_khoe 8930000000017/000199000001/202607210000 @8930000000017 KSK_XML1 KSK_XML2 ksk"),
		one("a check-up of nobody", file(HoSo(Doc("XML1", nobody), Doc("XML2", general("", at)))),
			"kham_suc_khoe 8930000000017/~ @8930000000017 KSK_XML1 KSK_XML2 ksk"),
		one("a check-up of no day", file(HoSo(Doc("XML1", who))),
			"kham_suc_khoe 8930000000000/~ @8930000000000 KSK_XML1 ksk"),
		one("a check-up inline, FILEHOSO without a HOSO", "<KHAMSUCKHOE><THONGTINHOSO>"+raw("XML2", general("K1", at))+
			raw("XML1", who)+"</THONGTINHOSO></KHAMSUCKHOE>",
			"kham_suc_khoe 8930000000017/K1 @8930000000017 KSK_XML2 KSK_XML1 ksk"),
		one("a signed check-up", strings.Replace(file(HoSo(Doc("XML2", general("K1", at)))), "<CHUKYDONVI/>",
			"<CHUKYDONVI><V>x</V></CHUKYDONVI>", 1),
			"kham_suc_khoe 8930000000017/K1 @8930000000017 KSK_XML2 ksk signed"),
		{Name: "no check-ups", Settings: his(), File: wrap("0", "", "")},
		bad("a check-up's table that is cut off", file(HoSo(Doc("XML8", "<KET_LUAN>"+Canary))),
			export.FormatError{Code: "xml-truncated", HoSo: 1, Document: "KSK_XML8", Line: 1, Offset: 1}),
		bad("a check-up's table without base64", file(HoSo(raw("XML8", "*#"+Canary))),
			export.FormatError{Code: "base64", HoSo: 1, Document: "KSK_XML8", Field: "NOIDUNGFILE"}),
		bad("a check-up's document of a name like a person's", file(HoSo(Doc(Canary, "<A>"))),
			export.FormatError{Code: "xml-truncated", HoSo: 1, Document: "FILEHOSO 1", Line: 1, Offset: 1}),
	}
}

// checkIns are XML0, a document of its own (QĐ 4750).
func checkIns() []Case {
	row := func(lk string) string {
		return "<TRANG_THAI_KCB><MA_LK>" + lk + "</MA_LK><STT>1</STT><MA_CSKCB>99002</MA_CSKCB></TRANG_THAI_KCB>"
	}
	file := func(signature string, rows ...string) string {
		return "<CHI_TIEU_TRANG_THAI_KCB>\n<DSACH_TRANG_THAI_KCB>" + strings.Join(rows, "\n") +
			"</DSACH_TRANG_THAI_KCB>\n" + signature + "</CHI_TIEU_TRANG_THAI_KCB>"
	}
	signature := "<CHUKYDONVI><Signature><V>x</V></Signature></CHUKYDONVI>"
	return []Case{
		one("a check-in with an empty signature", file("<CHUKYDONVI/>", row("L1")),
			"table 99002/L1/XML0 @99002 XML0 -"),
		one("a check-in of two services", file(signature, row("L1"), row("L1")),
			"table 99002/L1/XML0 @99002 XML0 - signed"),
		one("check-ins of two people, signed", file(signature, row("L1"), row("L2"), row("L1")),
			"table 99002/L1/XML0 @99002 XML0 - signed extract", "table 99002/L2/XML0 @99002 XML0 - signed extract"),
		one("check-ins of two people, signed at the front",
			strings.Replace(file("", row("L1"), row("L2")), "\n", signature, 1),
			"table 99002/L1/XML0 @99002 XML0 - signed extract", "table 99002/L2/XML0 @99002 XML0 - signed extract"),
		one("check-ins of two people, one with a signature in it",
			file("", row("L1"), strings.Replace(row("L2"), "</TR", signature+"</TR", 1)),
			"table 99002/L1/XML0 @99002 XML0 - extract", "table 99002/L2/XML0 @99002 XML0 - signed extract"),
		one("XML0 in an envelope", Visits(HoSo(Doc("XML0", file("", row("L1"))))), "visit 99002/L1 @99002 XML0 -"),
		{Name: "no check-ins", Settings: his(), File: file("<CHUKYDONVI/>")},
	}
}
