package zoo

import (
	"strings"

	"tramsync/agent/export"
)

func nutrition() export.Settings {
	return export.Settings{Station: "99001", System: "V20", Kind: "suy_dinh_duong", Format: export.JSON,
		Key: []string{"MA", "LAN"}, Columns: []export.Column{{Name: "NGAY", From: []string{"ngay can"}, Date: true}}}
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
		rows("a list with space", strings.NewReplacer(",", " ,\r\n ", ":", " : ").Replace(objects)+"\n\n", objectA, objectB),
		rows("a list with a byte order mark", "\ufeff"+objects, objectA, objectB),
		rows("a list in UTF-16", utf16le("\ufeff"+objects), objectA, objectB),
		rows("an empty list", "[]"),
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
		rows("members of one name", a(`1,"V":2`), "suy_dinh_duong A/1 @99001 LAN=1 MA=A V#2=2 V=1"),
		rows("a date in an object", `[{"MA":"A","LAN":1,"Ngày cân":"01/09/2026"}]`, "suy_dinh_duong A/1 @99001 LAN=1 MA=A NGAY=2026-09-01"),
		rows("STT in an object", `[{"stt":7,"MA":"A","LAN":1}]`, objectA),
		rows("part of the key", `[{"MA":"A"}]`, "suy_dinh_duong A//~ @99001 MA=A !key-incomplete@row.LAN"),
		rows("a key of null", `[{"MA":"A","LAN":null}]`, "suy_dinh_duong A//~ @99001 LAN= MA=A !key-incomplete@row.LAN"),
		rows("objects of one key", `[{"MA":"A","LAN":1},{"MA":"A","LAN":1,"V":2}]`, objectA,
			"suy_dinh_duong A/1/~ @99001 LAN=1 MA=A V=2 !key-duplicate@row"),
	}
}

func jsonBad() []Case {
	return []Case{
		badRows("an error reply", `{"code":"401","message":"`+Canary+`"}`, export.FormatError{Code: "no-rows"}),
		badRows("data of null", `{"data":null,"m":"`+Canary+`"}`, export.FormatError{Code: "no-rows"}),
		badRows("data that is an object", `{"data":{"data":["`+Canary+`"]}}`, export.FormatError{Code: "no-rows"}),
		badRows("a mere value", `"`+Canary+`"`, export.FormatError{Code: "no-rows"}),
		badRows("no such path", `{"data":`+objects+`}`+strings.Repeat(" ", len(Canary)), export.FormatError{Code: "no-rows"}).path("a.b"),
		badRows("a list where the path goes on", objects, export.FormatError{Code: "no-rows"}).path("a"),
		badRows("a document cut off between rows", "[{\"MA\":\"A\",\n\"LAN\":\""+Canary+"\"},\n",
			export.FormatError{Code: "json-truncated", Row: 1, Line: 3, Offset: 1}),
		badRows("a document cut off in a row", "[{\"MA\":\"A\",\n\"LAN\":\""+Canary,
			export.FormatError{Code: "json-truncated", Row: 1, Line: 2, Offset: 1}),
		badRows("a document cut off behind its rows", `{"data":`+objects+`,"m":"`+Canary+`"`,
			export.FormatError{Code: "json-truncated", Line: 1, Offset: 1}),
		badRows("space alone", " \n", export.FormatError{Code: "json-truncated", Line: 2, Offset: 1}),
		badRows("more behind the end", objects+"\n["+`"`+Canary+`"]`, export.FormatError{Code: "json-malformed", Line: 2, Offset: 1}),
		badRows("text behind the end", objects+"\n"+Canary, export.FormatError{Code: "json-malformed", Line: 2, Offset: 1}),
		badRows("a comma too many", "["+objectOf("A")+",\n]"+Canary, export.FormatError{Code: "json-malformed", Row: 1, Line: 2, Offset: 1}),
		badRows("a comma too few", "["+objectOf("A")+"\n"+objectOf(Canary)+"]",
			export.FormatError{Code: "json-malformed", Row: 2, Line: 2, Offset: 1}),
		badRows("a fault in the second row", "["+objectOf("A")+",\n{\"MA\":\n"+Canary+"}]",
			export.FormatError{Code: "json-malformed", Row: 2, Line: 3, Offset: 1}),
		badRows("a fault before the rows", "{\n\"code\":"+Canary+`,"data":[]}`, export.FormatError{Code: "json-malformed", Line: 2, Offset: 1}),
		badRows("a row that is no object", "[\n"+objectOf("A")+",\n\""+Canary+"\"]",
			export.FormatError{Code: "row-object", Row: 2, Line: 3, Offset: 1}),
		badRows("a row that is a list", "[["+objectOf(Canary)+"]]", export.FormatError{Code: "row-object", Row: 1, Line: 1, Offset: 1}),
		badRows("a row without the key's members", "["+objectOf("A")+",\n{\"X\":\""+Canary+"\"}]",
			export.FormatError{Code: "column", Field: "MA", Row: 2, Line: 2, Offset: 1}),
		badRows("an object that is no UTF-8", "["+objectOf("A")+",\n"+objectOf(Canary+"\xff")+"]",
			export.FormatError{Code: "encoding", Row: 2, Line: 2, Offset: 1}),
		badRows("an object over 1 MiB", "["+objectOf(strings.Repeat(Canary, 70_000))+"]",
			export.FormatError{Code: "row-size", Row: 1, Line: 1, Offset: 1}),
		badRows("a string that swallows the file", "["+objectOf("A")+",\n{\"MA\":\""+strings.Repeat(Canary+" ", 140_000),
			export.FormatError{Code: "row-size", Row: 2, Line: 1, Offset: 1}),
	}
}

func objectOf(ma string) string { return `{"MA":"` + ma + `","LAN":1}` }
