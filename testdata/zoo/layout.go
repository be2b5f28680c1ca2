package zoo

import "strings"

// above and below are what reports have around their list.
const (
	above = "SỞ Y TẾ TỈNH MẪU;;\nTRẠM Y TẾ XÃ MẪU;;\n;DANH SÁCH TIÊM CHỦNG THÁNG 9;\n;;\n"
	below = "Tổng cộng;;2\n;;\n;;Xã Mẫu, ngày 30 tháng 9 năm 2026\n;Người lập biểu;Trạm trưởng\n" +
		";(Ký, họ tên);(Ký, đóng dấu)\n;Trần Thị Mẫu;Lê Văn Mẫu\n"
)

// layouts are lists with other things around and between the rows.
func layouts() []Case {
	rows := "A;01/09/2026;BÉ MẪU\nB;2026-09-02;\n"
	skip := func(lines string) string { return rowB + " !lines-skipped@lines[" + lines + "]" }
	all := []Case{
		list("titles above the header", above+heading+rows, rowA, rowB),
		list("Excel's line of the separator", "sep=;\n"+heading+rows, rowA, rowB),
		list("commas in titles and values", "Xã A, huyện B, tỉnh C, khu D\n"+heading+"A;01/09/2026;\"BÉ, B, C, D, E\"\n",
			strings.Replace(rowA, "BÉ MẪU", "BÉ, B, C, D, E", 1)),
		list("numbers of the columns", heading+"(1);(2);(3)\n"+rows, rowA, rowB),
		list("letters and numbers of the columns", heading+"A;1;2\n"+rows, rowA, rowB),
		list("totals and signatures", heading+rows+below, rowA, skip("4,6-9")),
		list("totals without marks", heading+rows+"TONG CONG: 2;;\nNguoi lap bang;;\n", rowA, skip("4-5")),
		list("totals in a key's column", heading+"Cộng: 2;;2\n"+rows, rowA, skip("2")),
		list("headings between rows", heading+"Thôn Một;;\nA;01/09/2026;BÉ MẪU\nThôn Hai;;\nB;2026-09-02;\n",
			"tiem_chung Thôn Một//~ @99001 HO_TEN= MA=Thôn Một NGAY= !key-incomplete@row.NGAY", rowA,
			"tiem_chung Thôn Hai//~ @99001 HO_TEN= MA=Thôn Hai NGAY= !key-incomplete@row.NGAY", rowB),
		list("headings before the key's columns", "STT;"+heading+"Thôn Một;;;\n1;A;01/09/2026;BÉ MẪU\nThôn Hai;;;\n"+
			"2;B;2026-09-02;\n", rowA, skip("2,4")),
		list("the header on every page", heading+"A;01/09/2026;BÉ MẪU\n"+heading+"B;2026-09-02;\n", rowA, skip("3")),
		list("a name alone is no heading", heading+rows+";;BÉ BA\n", rowA, rowB,
			"tiem_chung //~ @99001 HO_TEN=BÉ BA MA= NGAY= !key-incomplete@row.MA !key-incomplete@row.NGAY"),
		list("rows without their key behind a signature's words", heading+";;X\nNgười lập;;\n;Y;Z\n",
			"tiem_chung //~ @99001 HO_TEN=X MA= NGAY= !key-incomplete@row.MA !key-incomplete@row.NGAY",
			"tiem_chung /Y/~ @99001 HO_TEN=Z MA= NGAY=Y !key-incomplete@row.MA !lines-skipped@lines[3]"),
		list("no row with a key at all", "MA;NGAY;X;Y\nTổng cộng;;9;\n;;a;b\n;;c;d\n",
			"tiem_chung //~ @99001 MA= NGAY= X=a Y=b !key-incomplete@row.MA !key-incomplete@row.NGAY",
			"tiem_chung //~ @99001 MA= NGAY= X=c Y=d !key-incomplete@row.MA !key-incomplete@row.NGAY"+
				" !lines-skipped@lines[2]"),
		list("an empty list with its signature", above+heading+below[strings.Index(below, ";;Xã"):]),
		list("two lines of names", "STT;Mã đối tượng;Mũi 1;;Mũi 2;\n;;Ngày;Lô;Ngày;Lô\n1;A;x;y;z;\n",
			"tiem_chung A @99001 MA=A Mũi 1 Lô=y Mũi 1 Ngày=x Mũi 2 Lô= Mũi 2 Ngày=z").key("MA"),
		list("two lines of names with the key in both", "Mã đối tượng;Lần tiêm;\n;Ngày tiêm;Lô\nA;01/09/2026;y\n",
			"tiem_chung A/2026-09-01 @99001 Lần tiêm Lô=y MA=A NGAY=2026-09-01"),
		list("a configured header", "MA;NGAY;x\n"+heading+rows, rowA, rowB).header(2),
	}
	return append(all, keylessLayouts()...)
}

func keylessLayouts() []Case {
	file := "Họ tên;Vắc xin;Mũi\nBÉ MẪU;BCG;1\n"
	row := "tiem_chung ~ @99001 HO_TEN=BÉ MẪU Mũi=1 Vắc xin=BCG"
	return []Case{
		list("no key, titles above", above+file, row).key(),
		list("no key, names that nobody knows", "TRẠM Y TẾ XÃ MẪU;;\nx;y;z\n7;8;9\n",
			"tiem_chung ~ @99001 x=7 y=8 z=9").key(),
		list("no key, two cells above names that nobody knows", "SỞ Y TẾ;CỘNG HÒA;;;\nx;y;z;t;u\n7;8;9;7;8\n",
			"tiem_chung ~ @99001 t=7 u=8 x=7 y=8 z=9").key(),
		list("no key, totals and a note", file+"Cộng;;1\nGhi chú: không;;\n", row+" !lines-skipped@lines[3-4]").key(),
		list("no key, names alone between", file+"BÉ HAI;;\nBÉ BA;BCG;1\n", row,
			"tiem_chung ~ @99001 HO_TEN=BÉ HAI Mũi= Vắc xin=",
			strings.Replace(row, "BÉ MẪU", "BÉ BA", 1)).key(),
		list("no key, one column", "x\na\nb\n", "tiem_chung ~ @99001 x=a", "tiem_chung ~ @99001 x=b").key(),
	}
}

// bookLayouts are what workbooks have besides.
func bookLayouts() []Case {
	merged := func(name, rows string, regions []string, want ...string) Case {
		return workbook(name, book(sheet{name: "S", rows: rows, merged: regions}), want...)
	}
	return []Case{
		merged("titles and signatures in merged cells", "TRẠM Y TẾ XÃ MẪU\n|DANH SÁCH\n\n"+columns+cellsA+cellsB+
			"Tổng cộng||#2\n||Ngày 30 tháng 9 năm 2026\n|Người lập", []string{"A1:C1", "A2:A3", "A7:B7"}, rowA,
			rowB+" !lines-skipped@lines[7-9]"),
		merged("a household's code over its members", columns+cellsA+"|02/09/2026|HAI\n|03/09/2026|BA\n"+cellsB,
			[]string{"A2:A4"}, rowA, "tiem_chung A/2026-09-02 @99001 HO_TEN=HAI MA=A NGAY=2026-09-02",
			"tiem_chung A/2026-09-03 @99001 HO_TEN=BA MA=A NGAY=2026-09-03", rowB),
		merged("a region over more rows than there are", columns+cellsA+"\n\n>9\n"+cellsB, []string{"A2:A8"}, rowA, rowB),
		merged("cells merged across", columns+cellsA+"B|2026-09-02", []string{"B3:C3"}, rowA, rowB),
		merged("two lines of names in merged cells", "BÁO CÁO\nSTT|Mã đối tượng|Ngày tiêm|Mũi 1||Mũi 2\n|||Lô|Hạn|Lô|Hạn\n"+
			"1|A|01/09/2026|x|y|z|t", []string{"A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:G2"},
			"tiem_chung A/2026-09-01 @99001 MA=A Mũi 1 Hạn=y Mũi 1 Lô=x Mũi 2 Hạn=t Mũi 2 Lô=z NGAY=2026-09-01"),
		merged("two lines of names with the key in the second", "STT|Lần tiêm\n|MA|NGAY|Lô\n#1|A|01/09/2026|x",
			[]string{"A1:A2", "B1:D1"}, "tiem_chung A/2026-09-01 @99001 Lần tiêm Lô=x MA=A NGAY=2026-09-01"),
		merged("three lines of names, and their numbers", "Mã đối tượng|Tiêm\n|Ngày tiêm|Vắc xin\n||Tên|Lô\n#1|#2|#3|#4\n"+
			"A|01/09/2026|x|y", []string{"A1:A3", "B1:D1", "B2:B3", "C2:D2"},
			"tiem_chung A/2026-09-01 @99001 MA=A NGAY=2026-09-01 Tiêm Vắc xin Lô=y Tiêm Vắc xin Tên=x"),
		merged("a group whose title the feed knows", "MA|NGAY|CCCD/Mã\n||định danh|khác\nA|x|1|2",
			[]string{"A1:A2", "B1:B2", "C1:D1"}, "tiem_chung A/x @99001 CCCD=1 CCCD/Mã khác=2 MA=A NGAY=x"),
	}
}
