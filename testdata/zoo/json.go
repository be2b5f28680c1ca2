package zoo

import (
	"strings"

	"tramsync/agent/export"
)

func nutrition() export.Settings {
	return export.Settings{Station: "99001", System: "V20", Kind: "suy_dinh_duong", Format: export.JSON,
		Key: []string{"MA", "LAN"}, Columns: []export.Column{{Name: "NGAY", From: []string{"ngay can"}, Type: export.Date}}}
}

func rows(name, file string, want ...string) Case {
	return Case{Name: name, Settings: nutrition(), File: file, Want: want}
}

func badRows(name, file string, at export.FormatError) Case {
	return Case{Name: name, Settings: nutrition(), File: file, Fault: &at}
}

func (c Case) path(records string) Case {
	c.Settings.Records = records
	return c
}

const (
	objects = `[{"MA":"A","LAN":1},{"MA":"B","LAN":2}]`
	objectA = "suy_dinh_duong A/1 @99001 LAN=1 MA=A"
	objectB = "suy_dinh_duong B/2 @99001 LAN=2 MA=B"
)

func jsonShapes() []Case {
	return []Case{
		rows("a list", objects, objectA, objectB),
		rows("a list with space", strings.NewReplacer(",", " ,\r\n ", ":", " : ").Replace(objects)+"\n\n", objectA,
			objectB),
		rows("a list with a byte order mark", "\ufeff"+objects, objectA, objectB),
		rows("a list in UTF-16", utf16le("\ufeff"+objects), objectA, objectB),
		rows("a list of no objects", "[]"),
		rows("data", `{"code":"200","n":[[1],{"data":[2]}],"data":`+objects+`,"end":{"a":[]}}`, objectA, objectB),
		rows("empty data", `{"data":[]}`),
		rows("a path", `{"data":[],"a":{"x":1,"b":{"rows":`+objects+`}}}`, objectA, objectB).path("a.b.rows"),
		rows("an object without members", `[{},{"MA":"A","LAN":1}]`, objectA),
	}
}

func jsonValues() []Case {
	a := func(value string) string { return `[{"MA":"A","LAN":1,"V":` + value + `}]` }
	v := func(value string) string { return "suy_dinh_duong A/1 @99001 LAN=1 MA=A V=" + value }
	return []Case{
		rows("a string", a(`"Bé \u004d\"\n"`), v("Bé M\"\\n")),
		rows("a decimal as written", a("1.10"), v("1.10")),
		rows("an exponent as written", a("1e5"), v("1e5")),
		rows("twenty digits as written", a("12345678901234567890"), v("12345678901234567890")),
		rows("true and null", a(`true,"W":null`), v("true W=")),
		rows("nested values, compact", a(`{ "b": [ 1.50, "x" ], "a": null }`), v(`{"b":[1.50,"x"],"a":null}`)),
		rows("a list of values", a(`[ "a", [ ], { } ]`), v(`["a",[],{}]`)),
		rows("members of one name", a(`1,"V":2`), "suy_dinh_duong A/1 @99001 LAN=1 MA=A V=1 V#2=2"),
		rows("a date in an object", `[{"MA":"A","LAN":1,"Ngày cân":"01/09/2026"}]`,
			"suy_dinh_duong A/1 @99001 LAN=1 MA=A NGAY=2026-09-01"),
		rows("STT in an object", `[{"stt":7,"MA":"A","LAN":1}]`, objectA),
		rows("a member without a name", `[{"MA":"A","LAN":1,"":"x"},{"MA":"B","LAN":2,"":null}]`,
			"suy_dinh_duong A/1 @99001 #3=x LAN=1 MA=A", objectB),
		rows("part of the key", `[{"MA":"A"}]`, "suy_dinh_duong A//~ @99001 MA=A !key-incomplete@row.LAN"),
		rows("a key of null", `[{"MA":"A","LAN":null}]`,
			"suy_dinh_duong A//~ @99001 LAN= MA=A !key-incomplete@row.LAN"),
		rows("objects of one key", `[{"MA":"A","LAN":1},{"MA":"A","LAN":1,"V":2}]`,
			"suy_dinh_duong A/1/~ @99001 LAN=1 MA=A !key-duplicate@row",
			"suy_dinh_duong A/1/~ @99001 LAN=1 MA=A V=2 !key-duplicate@row"),
	}
}

func jsonBad() []Case {
	return []Case{
		badRows("an error reply", `{"code":"401","message":"`+Canary+`"}`, whole("no-rows")),
		badRows("data of null", `{"data":null,"m":"`+Canary+`"}`, whole("no-rows")),
		badRows("data that is an object", `{"data":{"data":["`+Canary+`"]}}`, whole("no-rows")),
		badRows("a mere value", `"`+Canary+`"`, whole("no-rows")),
		badRows("no such path", `{"data":[`+objectOf(Canary)+`]}`, whole("no-rows")).path("a.b"),
		badRows("a list where the path goes on", "["+objectOf(Canary)+"]", whole("no-rows")).path("a"),
		badRows("a document cut off between rows", "[{\"MA\":\"A\",\n\"LAN\":\""+Canary+"\"},\n",
			inRow("json-truncated", 2, 3)),
		badRows("a document cut off in a row", "[{\"MA\":\"A\",\n\"LAN\":\""+Canary,
			inRow("json-truncated", 1, 2)),
		badRows("a document cut off behind its rows", `{"data":`+objects+`,"m":"`+Canary+`"`,
			inLine("json-truncated", 1)),
		badRows("space alone", " \n", inLine("json-truncated", 2)),
		badRows("more behind the end", objects+"\n["+`"`+Canary+`"]`, inLine("json-malformed", 2)),
		badRows("text behind the end", objects+"\n"+Canary, inLine("json-malformed", 2)),
		badRows("a comma too many", "["+objectOf("A")+",\n]"+Canary, inRow("json-malformed", 2, 2)),
		badRows("a comma too few", "["+objectOf("A")+"\n"+objectOf(Canary)+"]",
			inRow("json-malformed", 2, 2)),
		badRows("a fault in the second row", "["+objectOf("A")+",\n{\"MA\":\n"+Canary+"}]",
			inRow("json-malformed", 2, 3)),
		badRows("a fault before the rows", "{\n\"code\":"+Canary+`,"data":[]}`, inLine("json-malformed", 2)),
		badRows("a row that is no object", "[\n"+objectOf("A")+",\n\""+Canary+"\"]",
			inRow("row-object", 2, 3)),
		badRows("a row that is a list", "[["+objectOf(Canary)+"]]", inRow("row-object", 1, 1)),
		badRows("a row without the key's members", "["+objectOf("A")+",\n{\"X\":\""+Canary+"\"}]",
			export.FormatError{Code: "column", Field: "MA", Row: 2, Line: 2, Offset: 1}),
		badRows("an object that is no UTF-8", "["+objectOf("A")+",\n"+objectOf(Canary+"\xff")+"]",
			inRow("encoding", 2, 2)),
		badRows("an object over 1 MiB", "["+objectOf(strings.Repeat(Canary, 62_000))+"]",
			inRow("row-size", 1, 1)),
		badRows("a string that swallows the file", "["+objectOf("A")+",\n{\"MA\":\""+
			strings.Repeat(Canary+" ", 140_000),
			inRow("row-size", 2, 1)),
	}
}

func objectOf(ma string) string { return `{"MA":"` + ma + `","LAN":1}` }
