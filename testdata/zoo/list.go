package zoo

import (
	"strings"

	"tramsync/agent/export"
)

func vaccinations() export.Settings {
	return export.Settings{Station: "99001", System: "V20", Kind: "tiem_chung", Format: export.CSV,
		Facility: "MA_CSKCB", Key: []string{"MA", "NGAY"}, Columns: []export.Column{
			{Name: "MA", From: []string{"Mã đối tượng"}},
			{Name: "HO_TEN", From: []string{"Họ tên"}}, {Name: "NGAY", From: []string{"Ngày tiêm"}, Type: export.Date},
			{Name: "MA_CSKCB", From: []string{"Mã cơ sở"}},
			{Name: "CCCD", From: []string{"CCCD/Mã định danh"}, Type: export.CCCD}}}
}

// list is a csv file; a row of it stands as kind, key, @facility, columns.
func list(name, file string, want ...string) Case {
	return Case{Name: name, Settings: vaccinations(), File: file, Want: want}
}

func badList(name, file string, at export.FormatError) Case {
	return Case{Name: name, Settings: vaccinations(), File: file, Fault: &at}
}

const (
	heading = "Mã đối tượng;Ngày tiêm;Họ tên\n"
	rowA    = "tiem_chung A/2026-09-01 @99001 HO_TEN=BÉ MẪU MA=A NGAY=2026-09-01"
	rowB    = "tiem_chung B/2026-09-02 @99001 HO_TEN= MA=B NGAY=2026-09-02"
)

func csvShapes() []Case {
	file := heading + "A;01/09/2026;BÉ MẪU\nB;2026-09-02;\n"
	return []Case{
		list("semicolons", file, rowA, rowB),
		list("commas", strings.ReplaceAll(file, ";", ","), rowA, rowB),
		list("tabs", strings.ReplaceAll(file, ";", "\t"), rowA, rowB),
		list("CRLF", strings.ReplaceAll(file, "\n", "\r\n"), rowA, rowB),
		list("no line end behind the last row", strings.TrimSuffix(file, "\n"), rowA, rowB),
		list("empty lines and lines of empty values", strings.ReplaceAll(file, "\n", "\n\n;;\n ; ;\n"), rowA, rowB),
		list("a header alone", heading),
		list("one column", "Mã đối tượng\nA", "tiem_chung A @99001 MA=A").key("MA"),
		list("aliases in other forms", "MA DOI TUONG;ngay_tiem;Ho  Ten\nA;01/09/2026;BÉ MẪU\n", rowA),
		list("aliases with their marks taken apart",
			"Ma\u0303 đo\u0302\u0301i tu\u031bo\u031b\u0323ng;Nga\u0300y tie\u0302m\n"+
				"A;01/09/2026\n", "tiem_chung A/2026-09-01 @99001 MA=A NGAY=2026-09-01"),
		list("canonical names", "MA;NGAY;HO_TEN\nA;01/09/2026;BÉ MẪU\n", rowA),
		list("STT is no content", "STT;"+heading+"1;A;01/09/2026;BÉ MẪU\n", rowA),
		list("other names of STT", ";Số TT;"+heading+";1;A;01/09/2026;BÉ MẪU\n", rowA),
		list("a whole name of STT", "Số thứ tự;"+heading+"1;A;01/09/2026;BÉ MẪU\n", rowA),
		list("TT in front", ";TT;"+heading+";1;A;01/09/2026;BÉ MẪU\n", rowA),
		list("TT behind other columns", "MA;TT;NGAY\nA;1;01/09/2026\n",
			"tiem_chung A/2026-09-01 @99001 MA=A NGAY=2026-09-01 TT=1"),
		list("unknown columns stay", "MA;NGAY;Số  lô;\nA;01/09/2026;x;\n",
			"tiem_chung A/2026-09-01 @99001 MA=A NGAY=2026-09-01 Số  lô=x"),
		list("a value in a column without a name", "MA;NGAY;;\nA;01/09/2026;;x\n",
			"tiem_chung A/2026-09-01 @99001 #4=x MA=A NGAY=2026-09-01"),
		list("running numbers alone", "STT;B\n1;\n2;\n").key(),
		list("columns of one name", "MA;NGAY;Lô;Lô;Lô#2\nA;01/09/2026;x;y;z\n",
			"tiem_chung A/2026-09-01 @99001 Lô=x Lô#2=y Lô#2#2=z MA=A NGAY=2026-09-01"),
		list("two columns for one", "MA;NGAY;Mã đối tượng\nA;01/09/2026;B\n",
			"tiem_chung A/2026-09-01 @99001 MA=A MA#2=B NGAY=2026-09-01"),
		list("a short row", heading+"A;01/09/2026\n",
			"tiem_chung A/2026-09-01 @99001 MA=A NGAY=2026-09-01 !row-short@row"),
		list("empty values behind the last column", heading+"A;01/09/2026;BÉ MẪU;; \n", rowA),
		list("quoted separators, quotes and line ends", heading+
			"A;01/09/2026;\"BÉ; \"\"MẪU\"\"\r\nHAI\"\nB;2026-09-02;\n",
			"tiem_chung A/2026-09-01 @99001 HO_TEN=BÉ; \"MẪU\"\\nHAI MA=A NGAY=2026-09-01", rowB),
		list("the facility's column", "MA;NGAY;Mã cơ sở\nA;01/09/2026; 99002 \nB;2026-09-02;\n",
			"tiem_chung A/2026-09-01 @99002 MA=A MA_CSKCB= 99002  NGAY=2026-09-01",
			"tiem_chung B/2026-09-02 @99001 MA=B MA_CSKCB= NGAY=2026-09-02"),
	}
}

func (c Case) key(columns ...string) Case {
	c.Settings.Key = columns
	return c
}

func csvValues() []Case {
	out := []Case{
		list("a feed without a key", "A;B\n1;2\n", "tiem_chung ~ @99001 A=1 B=2").key(),
		list("the same row twice", heading+"A;01/09/2026;BÉ MẪU\nA;01/09/2026;BÉ MẪU\n", rowA, rowA),
		list("another row of the same key", heading+"A;01/09/2026;BÉ MẪU\nA;2026-09-01;X\nA;20260901;X\n",
			"tiem_chung A/2026-09-01/~ @99001 HO_TEN=BÉ MẪU MA=A NGAY=2026-09-01 !key-duplicate@row",
			"tiem_chung A/2026-09-01/~ @99001 HO_TEN=X MA=A NGAY=2026-09-01 !key-duplicate@row",
			"tiem_chung A/2026-09-01/~ @99001 HO_TEN=X MA=A NGAY=2026-09-01 !key-duplicate@row"),
		list("a key without its values", heading+";01/09/2026;BÉ\n ; ;MẪU\n",
			"tiem_chung /2026-09-01/~ @99001 HO_TEN=BÉ MA= NGAY=2026-09-01 !key-incomplete@row.MA",
			"tiem_chung //~ @99001 HO_TEN=MẪU MA=  NGAY=  !key-incomplete@row.MA !key-incomplete@row.NGAY"),
		list("a slash in the key", heading+"a/b;2026-09-02;\n",
			"tiem_chung a/b/2026-09-02 @99001 HO_TEN= MA=a/b NGAY=2026-09-02"),
	}
	for from, to := range map[string]string{
		"01/09/2026": "2026-09-01", "1/9/2026": "2026-09-01", "2026-09-01": "2026-09-01", "01-09-2026": "2026-09-01",
		"1-9-2026": "2026-09-01", "20260901": "2026-09-01", "01.09.2026": "2026-09-01", " 01/09/2026 ": "2026-09-01",
		"29/02/2024": "2024-02-29", "01/09/2026 07:30": "2026-09-01T07:30:00",
		"01/09/2026 07:30:15": "2026-09-01T07:30:15",
		"1/9/2026 7:30":       "2026-09-01T07:30:00", "1/9/2026 7:30:15": "2026-09-01T07:30:15",
		"2026-09-01 07:30": "2026-09-01T07:30:00", "2026-09-01 07:30:15": "2026-09-01T07:30:15",
		"2026-09-01T07:30": "2026-09-01T07:30:00", "2026-09-01T07:30:15": "2026-09-01T07:30:15",
		"202609010730": "2026-09-01T07:30:00", "20260901073015": "2026-09-01T07:30:15",
		// what doesn't exist or isn't sure stays
		"31/09/2026": "31/09/2026", "29/02/2026": "29/02/2026", "00/09/2026": "00/09/2026", "13/13/2026": "13/13/2026",
		"01/09/2026 25:00": "01/09/2026 25:00", "2026": "2026", "09/2026": "09/2026", "01/09/26": "01/09/26",
		// days as a spreadsheet counts them
		"45536": "2024-09-01", "20000": "1954-10-03", "60000": "2064-04-08", "19999": "19999", "60001": "60001",
		"045536": "045536", "45536.5": "45536.5", "4.5E4": "4.5E4",
		"2026-09-01 07:30:15.5": "2026-09-01 07:30:15.5", "2026-09-01T07:30:15Z": "2026-09-01T07:30:15Z", "x": "x",
	} {
		out = append(out, list("the date "+from, "MA;NGAY\nA;"+from+"\n", "tiem_chung A/"+to+" @99001 MA=A NGAY="+to))
	}
	return out
}

func csvEncodings() []Case {
	file := heading + "A;01/09/2026;BÉ MẪU\nB;2026-09-02;\n"
	vietnamese := "MA;NGAY;HO_TEN\nA;01/09/2026;B\xc9 M\xc2\xdeU\n"
	in := func(c Case, encoding string) Case { c.Settings.Encoding = encoding; return c }
	return []Case{
		list("a byte order mark in a list", "\ufeff"+file, rowA, rowB),
		list("UTF-16LE in a list", utf16le("\ufeff"+file), rowA, rowB),
		in(list("UTF-16BE in a list, as configured", utf16be("\ufeff"+file), rowA, rowB), "utf-16"),
		in(list("UTF-8 in a list, as configured", file, rowA, rowB), "utf-8"),
		list("windows-1258 by itself", vietnamese, rowA),
		in(list("windows-1258 as configured", vietnamese, rowA), "windows-1258"),
		in(list("a byte order mark against the configuration", "\ufeff"+file, rowA, rowB), "windows-1258"),
		in(list("TCVN3 as configured", "MA;NGAY;HO_TEN\nA;x;"+
			"Tr\xb9m Nguy\xd4n Th\xde M\xc9u, \xa7\xb5 N\xbdng \xfc, \x01\x17 i\xb3\xa0a\n",
			"tiem_chung A/x @99001 HO_TEN=Trạm Nguyễn Thị Mẫu, Đà Nẵng ỹ, ÚỴ í\u00a0a MA=A NGAY=x"), "tcvn3"),
		in(list("a byte order mark against TCVN3", "\ufeff"+file, rowA, rowB), "tcvn3"),
		in(badList("UTF-16 configured, but not there", file+Canary, whole("encoding")), "utf-16"),
		in(badList("UTF-8 configured, but not there", vietnamese+Canary, export.FormatError{Code: "encoding", Line: 2}),
			"utf-8"),
		in(badList("UTF-8 configured, but not in the header", "MA;NGAY;H\xf2 "+Canary+"\n",
			export.FormatError{Code: "encoding", Line: 1}), "utf-8"),
	}
}

func csvBad() []Case {
	return []Case{
		badList("an empty list", "", whole("empty")),
		badList("a list of empty lines", "\ufeff\n\n", whole("header")),
		badList("a key column missing", "MA;"+Canary+"\nA;x\n",
			export.FormatError{Code: "column", Field: "NGAY", Line: 1}),
		badList("another separator", "MA|NGAY|"+Canary+"\nA|x|y\n",
			export.FormatError{Code: "column", Field: "MA", Line: 1}),
		badList("a long row", heading+"A;01/09/2026;x;"+Canary+"\n", export.FormatError{Code: "row-long", Line: 2}),
		badList("a quote that doesn't end", heading+"A;01/09/2026;x\nB;x;\""+Canary+"\n"+strings.Repeat("\n", 9),
			inLine("quote", 3)),
		badList("a quote in the middle", heading+"A;01/09/2026;x\"y\""+Canary+"\n",
			inLine("quote", 2)),
		badList("text behind a quote", heading+"A;01/09/2026;\"x\"y"+Canary+"\n",
			inLine("quote", 2)),
		badList("a quote in the header", "MA;NG\"AY"+Canary+"\n", inLine("quote", 1)),
		badList("a row over 1 MiB", heading+"A;01/09/2026;"+strings.Repeat(Canary, 62_000)+"\n",
			export.FormatError{Code: "row-size", Line: 2}),
		badList("a quote that swallows the file", heading+"A;01/09/2026;\""+strings.Repeat(Canary+"\n", 140_000),
			export.FormatError{Code: "row-size", Offset: 1}),
	}
}
