package zoo

import (
	"fmt"
	"strings"
)

// bare are tables without an envelope.
func bare() []Case {
	out := []Case{
		one("a bare XML1", Summary("L1"), "visit 99002/L1 @99002 XML1 4750"),
		one("a bare XML1 with all around it", "\ufeff<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n<!-- x -->"+
			Summary("L1")+"\r\n",
			"visit 99002/L1 @99002 XML1 4750"),
		one("a bare XML1 in UTF-16", utf16le("\ufeff"+Summary("L1")), "visit 99002/L1 @99002 XML1 4750 utf-16le"),
		one("a bare XML2 of one visit", Drugs("L1", "L1"), "table 99001/L1/XML2 @99001 XML2 -"),
		one("a bare XML2 of several visits", Drugs("L1", "L2", "L1", ""), "table 99001/L1/XML2 @99001 XML2 - extract",
			"table 99001/L2/XML2 @99001 XML2 - extract", "table 99001/~/XML2 @99001 XML2 - extract"),
		one("comments and attributes around bare records", strings.NewReplacer(
			"<DSACH_CHI_TIET_THUOC>", `<a:DSACH_CHI_TIET_THUOC n="2"><!-- x -->`,
			"</DSACH_CHI_TIET_THUOC>", "</a:DSACH_CHI_TIET_THUOC>").Replace(Drugs("L1", "L2")),
			"table 99001/L1/XML2 @99001 XML2 - extract", "table 99001/L2/XML2 @99001 XML2 - extract"),
		one("a bare XML2 in UTF-16 of two visits", utf16be("\ufeff"+Drugs("L1", "L2")),
			"table 99001/L1/XML2 @99001 XML2 - extract utf-16be", "table 99001/L2/XML2 @99001 XML2 - extract utf-16be"),
		one("a bare check-in with a signature", "<CHI_TIEU_TRANG_THAI_KCB><DSACH_TRANG_THAI_KCB><TRANG_THAI_KCB>"+
			"<MA_LK>L1</MA_LK></TRANG_THAI_KCB></DSACH_TRANG_THAI_KCB>"+
			"<CHUKYDONVI><Signature><V>x</V></Signature></CHUKYDONVI></CHI_TIEU_TRANG_THAI_KCB>",
			"table 99001/L1/XML0 @99001 XML0 - signed"),
		one("a bare table of other records", "<DSACH_CHI_TIET_CLS><DONG><MA_LK>L1</MA_LK></DONG></DSACH_CHI_TIET_CLS>",
			"table 99001/L1/XML4 @99001 XML4 -"),
		{Name: "a bare empty wrapper", Settings: his(), File: "<CHITIEU_CHITIET_THUOC>\n</CHITIEU_CHITIET_THUOC>"},
		{Name: "a bare empty wrapper with a comment", Settings: his(),
			File: "<DSACH_CHI_TIET_CLS><!-- 0 --></DSACH_CHI_TIET_CLS>"},
	}
	for table, elements := range bareRoots() {
		for _, path := range elements {
			open, closing := "", ""
			for name := range strings.SplitSeq(path, "/") {
				open, closing = open+"<"+name+">", "</"+name+">"+closing
			}
			out = append(out, one("a bare XML"+fmt.Sprint(table)+" in "+path, open+"<MA_LK>L1</MA_LK>"+closing,
				fmt.Sprintf("table 99001/L1/XML%d @99001 XML%d -", table, table)))
		}
	}
	return out
}

// bareRoots are the elements of each table but XML1 and XML6, wrappers and all, as QĐ 4750 and QĐ 4210 have them.
func bareRoots() map[int][]string {
	return map[int][]string{
		0:  {"CHI_TIEU_TRANG_THAI_KCB/DSACH_TRANG_THAI_KCB/TRANG_THAI_KCB"},
		2:  {"CHITIEU_CHITIET_THUOC/DSACH_CHI_TIET_THUOC/CHI_TIET_THUOC", "DSACH_CHI_TIET_THUOC/CHI_TIET_THUOC"},
		3:  {"CHITIEU_CHITIET_DVKT_VTYT/DSACH_CHI_TIET_DVKT/CHI_TIET_DVKT", "DSACH_CHI_TIET_DVKT/CHI_TIET_DVKT"},
		4:  {"CHITIEU_CHITIET_DICHVUCANLAMSANG/DSACH_CHI_TIET_CLS/CHI_TIET_CLS", "DSACH_CHI_TIET_CLS/CHI_TIET_CLS"},
		5:  {"CHITIEU_CHITIET_DIENBIENLAMSANG/DSACH_CHI_TIET_DIEN_BIEN_BENH/CHI_TIET_DIEN_BIEN_BENH"},
		7:  {"CHI_TIEU_DU_LIEU_GIAY_RA_VIEN"},
		8:  {"CHI_TIEU_DU_LIEU_TOM_TAT_HO_SO_BENH_AN"},
		9:  {"CHI_TIEU_DU_LIEU_GIAY_CHUNG_SINH/DSACH_GIAYCHUNGSINH/DU_LIEU_GIAY_CHUNG_SINH"},
		10: {"CHI_TIEU_DU_LIEU_GIAY_NGHI_DUONG_THAI"},
		11: {"CHI_TIEU_DU_LIEU_GIAY_CHUNG_NHAN_NGHI_VIEC_HUONG_BAO_HIEM_XA_HOI"},
		12: {"GIAM_DINH_Y_KHOA"},
		13: {"CHI_TIEU_GIAYCHUYENTUYEN"},
		14: {"CHI_TIEU_GIAYHEN_KHAMLAI"},
		15: {"CHI_TIEU_DIEUTRI_BENHLAO/DSACH_CHITIET_DIEUTRI_BENHLAO/CHITIET_DIEUTRI_BENHLAO"},
	}
}
