package zoo

import (
	"strings"

	"tramsync/agent/export"
)

// auto is a file of a feed that takes what comes.
func auto(c Case) Case {
	c.Name = "auto: " + c.Name
	c.Settings.Format = export.Auto
	return c
}

// kindless takes the kind away, and what goes with it.
func kindless(c Case) Case {
	c.Settings = export.Settings{Station: "99001", System: "HIS", Format: export.Auto}
	return c
}

// detected are files whose content says what they are.
func detected() []Case {
	file := heading + "A;01/09/2026;BÉ MẪU\nB;2026-09-02;\n"
	return []Case{
		kindless(one("auto: visits in a feed without a kind", Visits(both()))),
		kindless(one("auto: a bare table in a feed without a kind", Drugs("L1"), "table 99001/L1/XML2 @99001 XML2 -")),
		auto(list("visits in a feed of another kind", Visits(both()), "visit 99002/L1 @99002 XML1 XML2 4750")),
		auto(list("visits behind comments and a document type",
			"\ufeff<?xml version=\"1.0\"?>\r\n<!-- x -->\n<!DOCTYPE GIAMDINHHS>\n"+
				strings.TrimPrefix(Visits(both()), `<?xml version="1.0" encoding="utf-8"?>`),
			"visit 99002/L1 @99002 XML1 XML2 4750")),
		auto(list("visits in UTF-16", utf16le("\ufeff"+Visits(both())), "visit 99002/L1 @99002 XML1 XML2 4750 utf-16le")),
		auto(list("a list", file, rowA, rowB)),
		auto(list("a list in UTF-16 with a byte order mark", utf16be("\ufeff"+file), rowA, rowB)),
		auto(list("a list in windows-1258", "MA;NGAY;HO_TEN\nA;01/09/2026;B\xc9 M\xc2\xdeU\n", rowA)),
		auto(list("a list whose first column looks like JSON", "[Số];MA;NGAY\n1;A;01/09/2026\n",
			"tiem_chung A/2026-09-01 @99001 MA=A NGAY=2026-09-01 [Số]=1")),
		auto(list("objects", `[{"MA":"A","NGAY":"01/09/2026","HO_TEN":"BÉ MẪU"}]`, rowA)),
		auto(list("objects behind space and a byte order mark", "\ufeff \r\n"+
			`{"data":[{"MA":"A","NGAY":"01/09/2026","HO_TEN":"BÉ MẪU"}]}`, rowA)),
		auto(list("elements", "<DS>"+itemA+itemB+"</DS>", rowA, rowB)),
		auto(list("elements in a DATA that is no health record", "<DATA><HEADER>x</HEADER>"+itemA+itemB+"</DATA>",
			rowA, rowB)),
	}
}

// detectedWhole are files whose records say themselves what they are, in a feed of another kind.
func detectedWhole() []Case {
	hospital := auto(list("visits under a root that the feed names", strings.ReplaceAll(Visits(both()), "GIAMDINHHS",
		"BenhVien"), "visit 99002/L1 @99002 XML1 XML2 4750"))
	hospital.Settings.Roots = []string{"benhvien"}
	return []Case{
		hospital,
		auto(list("a check-up", strings.ReplaceAll(Visits(HoSo(Doc("XML1", Summary("L1")))), "GIAMDINHHS", "KHAMSUCKHOE"),
			"kham_suc_khoe 99002/L1 @99002 KSK_XML1 ksk")),
		auto(list("a health record", Health(Person(madinhdanh)), ofPerson)),
		auto(list("a clinical document", CDA(`<id root="1.2.9" extension="D1"/>`, Section("x", "J00", "y")),
			"cda 99001/1.2.9/D1 @99001 CDA cda")),
		auto(list("a bundle", Bundle("", "J00", "y", ""), "fhir 99001/~ @99001 FHIR fhir")),
	}
}

// undetected are files that no format reads, or another than the feed's.
func undetected() []Case {
	zip, old := "PK\x03\x04\x14\x00"+Canary, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+Canary
	seems := func(name string) export.FormatError { return export.FormatError{Code: "looks-like", Field: name} }
	none := func(name string) export.FormatError { return export.FormatError{Code: "binary", Field: name} }
	kind := func(name string) export.FormatError { return export.FormatError{Code: "no-kind", Field: name} }
	cda := `<ClinicalDocument xmlns="urn:hl7-org:v3">` + Canary + `</ClinicalDocument>`
	record := "<DATA><BODY><HOSOSUCKHOE>" + Canary + "</HOSOSUCKHOE></BODY></DATA>"
	return []Case{
		auto(badList("a PDF", "%PDF-1.7\n"+Canary, none("PDF"))),
		auto(badList("a picture", "\xff\xd8\xff\xe0"+Canary, none("JPEG"))),
		auto(badList("a rich text", "{\\rtf1 "+Canary+"}", none("RTF"))),
		auto(badList("DICOM", strings.Repeat("\x00", 128)+"DICM"+Canary, none("DICOM"))),
		auto(badList("any binary", Canary+"\x00\x01", none(""))),
		auto(badList("space and NUL", "\ufeff \r\n\x00\x00", whole("empty"))),
		auto(badList("JSON that is none", "{"+Canary+"}", inLine("json-malformed", 1))),
		auto(badList("XML that is none", "<"+Canary, inLine("xml-malformed", 1))),
		kindless(badList("auto: XML cut off in a feed without a kind", "<GIAMDINHHS><X>"+Canary, inLine("xml-truncated", 1))),
		kindless(badList("auto: a list in a feed without a kind", heading+Canary, kind("CSV"))),
		kindless(badList("auto: objects in a feed without a kind", "["+objectOf(Canary)+"]", kind("JSON"))),
		kindless(badList("auto: elements in a feed without a kind", "<DS>"+item(Canary)+"</DS>", kind("XML"))),
		kindless(badList("auto: a workbook in a feed without a kind", zip, kind("XLSX"))),
		badList("a workbook as a list", zip, seems("XLSX")),
		badList("an old workbook as a list", old, seems("XLS")),
		badList("a page as a list", "<html><body>"+Canary+"</body></html>", seems("HTML")),
		badList("visits as a list", Visits(canary()), seems("GIAMDINHHS")),
		badList("objects as a list", "[ "+objectOf(Canary)+"]", seems("JSON")),
		badList("a PDF as a list", "%PDF-1.4 "+Canary, seems("PDF")),
		badRows("visits as objects", Visits(canary()), seems("GIAMDINHHS")),
		badRows("a workbook as objects", zip, seems("XLSX")),
		badRows("elements as objects", "<DS>"+item(Canary)+"</DS>", seems("XML")),
		badTree("visits as elements", Visits(canary()), seems("GIAMDINHHS")),
		badTree("a bare table as elements", Drugs(Canary), seems("GIAMDINHHS")),
		badTree("a health record as elements", record, seems("HSSK831")),
		badTree("a clinical document as elements", cda, seems("CDA/FHIR")),
		badTree("objects as elements", "["+objectOf(Canary)+"]", seems("JSON")),
		bad("objects as visits", "["+objectOf(Canary)+"]", seems("JSON")),
		bad("a workbook as visits", zip, seems("XLSX")),
		bad("a clinical document as visits", cda, seems("CDA/FHIR")),
	}
}
