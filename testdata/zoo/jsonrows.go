package zoo

import (
	"strings"

	"tramsync/agent/export"
)

// driver is the settings of health certificates for drivers, which come one a file.
func driver() export.Settings {
	return export.Settings{Station: "99001", System: "V20", Kind: "gksklx", Format: export.JSON, Key: []string{"SO"}}
}

func (c Case) as(s export.Settings) Case {
	c.Settings = s
	return c
}

const signature = "\xab\xcd\x00\xef\x01\x23\x45\x67\x89\xfe\xdc\xba\x98\x76\x54\x32\x10"

const certificate = `{"SO":"00001/GKSKLX/99001/26","HOTEN":"NGUYỄN THỊ MẪU","GIOITINHVAL":1,"NONGDOCON":0.0}`

// jsonSeveral are objects that aren't in a list of the document.
func jsonSeveral() []Case {
	certified := "gksklx 00001/GKSKLX/99001/26 @99001 GIOITINHVAL=1 HOTEN=NGUYỄN THỊ MẪU NONGDOCON=0.0 " +
		"SO=00001/GKSKLX/99001/26"
	keyless := nutrition()
	keyless.Key = nil
	two := `{"MA":"A","LAN":1}` + "\n" + `{"MA":"B","LAN":2}`
	prescription := export.Settings{Station: "99001", System: "HIS", Kind: "don_thuoc", Format: export.JSON,
		Key: []string{"ma_don_thuoc"}}
	return []Case{
		rows("an object alone", certificate, certified).as(driver()),
		rows("an object alone, with a list in it", `{"ma_don_thuoc":"99001abcdefg-c","thong_tin_don_thuoc":`+
			`[{"ten_thuoc":"Paracetamol","so_luong":10}]}`, "don_thuoc 99001abcdefg-c @99001 "+
			`ma_don_thuoc=99001abcdefg-c thong_tin_don_thuoc=[{"ten_thuoc":"Paracetamol","so_luong":10}]`).as(prescription),
		rows("an object alone, with data in it", `{"MA":"A","LAN":1,"data":[{"x":1}]}`,
			`suy_dinh_duong A/1 @99001 LAN=1 MA=A data=[{"x":1}]`),
		rows("an object alone with part of the key", `{"MA":"A"}`,
			"suy_dinh_duong A//~ @99001 MA=A !key-incomplete@row.LAN"),
		rows("an object alone in a feed without a key", `{"Ngày cân":"01/09/2026","X":1}`,
			"suy_dinh_duong ~ @99001 NGAY=2026-09-01 X=1").as(keyless),
		rows("an object with a list beside part of the key", `{"MA":"99001","data":`+objects+`}`, objectA, objectB),
		rows("a line an object", two, objectA, objectB),
		rows("a line an object, with CRLF, empty lines and a byte order mark",
			"\ufeff\r\n"+strings.Replace(two, "\n", "\r\n\r\n", 1)+"\r\n", objectA, objectB),
		rows("a line an object in UTF-16", utf16be("\ufeff"+two+"\n"), objectA, objectB),
		rows("objects of several lines", strings.ReplaceAll(two, ",", ",\n  "), objectA, objectB),
		rows("objects without space between", strings.ReplaceAll(two, "\n", ""), objectA, objectB),
		rows("a line an object in a feed without a key", `{"X":1}`+"\n{}\n"+`{"X":2}`,
			"suy_dinh_duong ~ @99001 X=1", "suy_dinh_duong ~ @99001 X=2").as(keyless),
		rows("several documents with lists", `{"data":[{"MA":"A","LAN":1}]}`+"\n"+`{"data":[{"MA":"B","LAN":2}]}`,
			objectA, objectB),
		rows("two lists of one name", `{"data":[{"MA":"A","LAN":1}],"data":[{"MA":"B","LAN":2}]}`, objectA, objectB),
		rows("DATA", `{"STATUS":200,"DATA":`+objects+`}`, objectA, objectB),
		rows("a path to lists in several documents", strings.Repeat(`{"a":{"b":[{"MA":"A","LAN":1}]}}`, 2), objectA,
			objectA).path("a.b"),
		rows("words with markup", `[{"MA":"A","LAN":1,"V":"<p>Cân nặng <b>12</b></p>"}]`,
			"suy_dinh_duong A/1 @99001 LAN=1 MA=A V=<p>Cân nặng <b>12</b></p>"),
		rows("words with markup around them", `[{"MA":"A","LAN":1,"V":"<b>Cân nặng</b> của bé là <i>12</i>"}]`,
			"suy_dinh_duong A/1 @99001 LAN=1 MA=A V=<b>Cân nặng</b> của bé là <i>12</i>"),
		rows("a signature's numbers", `[{"MA":"A","LAN":1,"V":"`+b64(signature)+`"}]`,
			"suy_dinh_duong A/1 @99001 LAN=1 MA=A V="+b64(signature)),
	}
}

func jsonSeveralBad() []Case {
	row := func(value string) string { return "[\n" + `{"MA":"A","LAN":1,"V":` + value + `}]` }
	deep := func(n int) string { return strings.Repeat("[", n) + `"` + Canary + `"` + strings.Repeat("]", n) }
	return []Case{
		badRows("V20's error of a token", `{"error":"invalid_token","error_description":"`+Canary+`"}`, whole("no-rows")),
		badRows("V20's error of nothing found", `{"STATUS":404,"DATA":0,"ERROR":"`+Canary+`"}`, whole("no-rows")),
		badRows("an object of other columns alone", certificate[:len(certificate)-1]+`,"X":"`+Canary+`"}`,
			whole("no-rows")),
		badRows("a line without the key", objectOf("A")+"\n"+`{"X":"`+Canary+`"}`,
			export.FormatError{Code: "column", Field: "MA", Row: 2, Line: 2, Offset: 1}),
		badRows("lines without the key", `{"X":1}`+"\n"+`{"X":"`+Canary+`"}`,
			export.FormatError{Code: "column", Field: "MA", Row: 1, Line: 1}),
		badRows("a line that is no object", objectOf("A")+"\n\""+Canary+"\"", inRow("row-object", 2, 2)),
		badRows("a line that is a list", objectOf("A")+"\n[\""+Canary+"\"]", inRow("row-object", 2, 2)),
		badRows("a line cut off", objectOf("A")+"\n{\"MA\":\""+Canary, inRow("json-truncated", 2, 2)),
		badRows("a line with a fault", objectOf("A")+"\n{\"MA\":"+Canary+"}", inRow("json-malformed", 2, 2)),
		badRows("a bracket behind the lines", objectOf(Canary)+"\n]", inLine("json-malformed", 2)),
		badRows("an object behind a list", "["+objectOf("A")+"]\n{\"data\":[\""+Canary+"\"]}", inLine("json-malformed", 2)),
		badRows("a line over 1 MiB", objectOf("A")+"\n"+objectOf(strings.Repeat(Canary, 62_000)),
			inRow("row-size", 2, 2)),
		badRows("a document with a list, then one without", `{"data":[]}`+"\n"+`{"error":"`+Canary+`"}`,
			whole("no-rows")),
		badRows("nested too deep in a row", row(deep(70)), inRow("json-limit", 1, 2)),
		badRows("nested beyond all measure in a row", row(deep(20_000)), inRow("json-malformed", 1, 2)),
		badRows("nested too deep beside the rows", `{"x":`+deep(70)+`,"data":[]}`, inLine("json-limit", 1)),
		badRows("too much beside the rows", `{"x":[`+strings.Repeat(`"`+Canary+`",`, 1100)+`1],"data":[]}`,
			inLine("outside", 1)),
	}
}
