package zoo

import (
	"fmt"
	"strings"

	"tramsync/agent/export"
)

// legacy are files under decisions before QĐ 4210, and of exporters with habits of their own.
func legacy() []Case {
	old := "<TONG_HOP><MA_LK>L1</MA_LK><STT>1</STT><HO_TEN>NGUYỄN THỊ MẪU</HO_TEN><MA_THE>GD4000000000000</MA_THE>" +
		"<TEN_BENH>Viêm mũi họng</TEN_BENH><MA_BENH>J00</MA_BENH><MA_CSKCB>99002</MA_CSKCB></TONG_HOP>"
	list := func(wrapper, record string) string {
		return "<" + wrapper + "><" + record + "><MA_LK>L1</MA_LK><STT>1</STT></" + record + "></" + wrapper + ">"
	}
	drugs, services := list("DSACH_CHI_TIET_THUOC", "CHI_TIET_THUOC"), list("DSACH_CHI_TIET_DVKT", "CHI_TIET_DVKT")
	plain := Visits(both())
	return []Case{
		one("QĐ 917, XML1 to XML3", Visits(HoSo(Doc("XML1", old), Doc("XML2", drugs), Doc("XML3", services))),
			"visit 99002/L1 @99002 XML1 XML2 XML3 4210"),
		one("QĐ 9324 inline, XML1 alone", Visits(HoSo(raw("XML1", old))), "visit 99002/L1 @99002 XML1 4210"),
		one("fourteen tables for everybody, most with nothing in them", Visits(HoSo(fourteen()...)),
			"visit 99002/L1 @99002 XML1 XML2 XML3 XML4 XML5 XML6 XML7 XML8 XML9 XML10 XML11 XML13 XML14 XML15 4750"),
		one("no wrapper around a table's one record",
			Visits(HoSo(Doc("XML1", Summary("L1")), Doc("XML2", "<CHI_TIET_THUOC><MA_LK>L1</MA_LK></CHI_TIET_THUOC>")))),
		one("LOAIHOSO in small letters with spaces", Visits(HoSo(Doc(" x m l 1 ", Summary("L1")),
			Doc("\txMl2\n", Drugs("L1"))))),
		one("XMl13 with something in it", Visits(HoSo(Doc("XML1", Summary("L1")), Doc("XMl13",
			"<CHI_TIEU_GIAYCHUYENTUYEN><MA_LK>L1</MA_LK></CHI_TIEU_GIAYCHUYENTUYEN>"))),
			"visit 99002/L1 @99002 XML1 XML13 4750"),
		one("a byte order mark inside a tag's name around",
			strings.NewReplacer("<DANHSACHHOSO>", "<DANH\ufeffSACHHOSO>", "</HOSO>", "</HO\ufeffSO>", "<HOSO>",
				"<\ufeffHOSO\ufeff>").Replace(plain)),
		one("thousands of byte order marks in a row",
			strings.Replace(plain, "<HOSO>", "<HOSO"+strings.Repeat("\ufeff", 9000)+">", 1)),
		one("byte order marks in LOAIHOSO and in base64",
			strings.NewReplacer("XML1", "XM\ufeffL1", "<NOIDUNGFILE>PFR", "<NOIDUNGFILE>\ufeffPF\ufeffR").Replace(plain)),
		one("byte order marks at the ends of a comment, CDATA and an instruction",
			strings.NewReplacer("<HOSO>", "<HOSO><!--x\ufeff--><?a b\ufeff?>",
				">XML1<", "><![CDATA[XML1\ufeff]]><").Replace(plain)),
		one("a byte order mark in an inline document's names",
			Visits(HoSo(raw("XML1", strings.ReplaceAll(Summary("L1"), "STT", "S\ufeffTT")), Doc("XML2", Drugs("L1"))))),
		one("UTF-16BE without a mark", utf16be(plain), "visit 99002/L1 @99002 XML1 XML2 4750 utf-16be"),
		one("UTF-16LE inside without a mark", Visits(HoSo(raw("XML1", b64(utf16le(Summary("L1")))),
			Doc("XML2", Drugs("L1"))))),
		one("SOLUONGHOSO says less", wrap("1", both()+HoSo(Doc("XML1", Summary("L2"))), ""),
			"visit 99002/L1 @99002 XML1 XML2 4750 extract !hoso-count@SOLUONGHOSO",
			"visit 99002/L2 @99002 XML1 4750 extract !hoso-count@SOLUONGHOSO"),
		one("a document of an unknown kind that is text", Visits(HoSo(Doc("XML1", Summary("L1")),
			Doc("GHICHU", "Hẹn khám lại sau một tuần"))), "visit 99002/L1 @99002 XML1 GHICHU 4750"),
	}
}

// fourteen are all tables of CV 1245, of which only the first two hold anything.
func fourteen() []string {
	files := []string{Doc("XML1", Summary("L1")), Doc("XML2", Drugs("L1"))}
	for n := 3; n <= 15; n++ {
		roots := bareRoots()
		roots[6] = []string{"CHI_TIEU_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS/" +
			"DSACH_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS"}
		if n == 12 {
			continue
		}
		root, _, _ := strings.Cut(roots[n][0], "/")
		files = append(files, Doc(fmt.Sprint("XML", n), "<"+root+` xsi:nil="true">`+"\n</"+root+">"))
	}
	return files
}

// unreadable are documents that nobody can look into.
func unreadable() []Case {
	second := func(name, content string) Case {
		return bad(name, Visits(both(), HoSo(Doc("XML1", Summary("L2")), Doc("TEPDINHKEM", content))),
			export.FormatError{Code: "unscreenable", HoSo: 2, Document: "FILEHOSO 2"})
	}
	return []Case{
		second("a PDF", "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"+Canary),
		second("a PDF of plain text", "%PDF-1.4\n("+Canary+")"),
		second("a picture", "\x89PNG\r\n\x1a\n\x00\x00"+Canary),
		second("a document in RTF", `{\rtf1\ansi `+Canary+"}"),
		second("base64 of base64 under an unknown name", lines(b64(Summary(Canary)), "\n", 64)),
		bad("a check-up's picture", strings.ReplaceAll(Visits(HoSo(Doc("ANH", "\xff\xd8\xff\xe0"+Canary))),
			"GIAMDINHHS", "KHAMSUCKHOE"),
			export.FormatError{Code: "unscreenable", HoSo: 1, Document: "FILEHOSO 1"}),
	}
}
