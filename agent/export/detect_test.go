package export_test

import (
	"errors"
	"strings"
	"testing"

	"tramsync/agent/export"
	"tramsync/testdata/zoo"
)

func TestDetect_goes_by_content(t *testing.T) {
	fhir := `{"id":"1","meta":{"resourceType":"x"},"resourceType":"Bundle"}`
	health := "<DATA><HEADER><MESSAGE_VERSION>1</MESSAGE_VERSION></HEADER><BODY/></DATA>"
	for _, c := range []struct{ name, file, want string }{
		{"visits", zoo.Visits(), export.GiamDinhHS},
		{"a bare table's record", zoo.Summary("L1"), export.GiamDinhHS},
		{"a bare table's wrapper", zoo.Drugs("L1"), export.GiamDinhHS},
		{"a check-up", "<KHAMSUCKHOE/>", export.GiamDinhHS},
		{"a root that the feed names", "<benhvien><FILEHOSO/></benhvien>", export.GiamDinhHS},
		{"visits cut off in their head", `<?xml version="1.0"?><GIAMDINHHS><THONG`, export.GiamDinhHS},
		{"a health record", "<DATA><BODY><HOSOSUCKHOE/></BODY></DATA>", export.HSSK831},
		{"a health record without its body", "<DATA><HOSOSUCKHOE/></DATA>", export.HSSK831},
		{"a health record alone", "<HOSOSUCKHOE/>", export.HSSK831},
		{"health records of nobody", health, export.HSSK831},
		{"health records in UTF-16", utf16le(health), export.HSSK831},
		{"the sample of a health record", sample(t, "hssk831_like.xml"), export.HSSK831},
		{"CDA", `<ClinicalDocument xmlns="urn:hl7-org:v3"/>`, export.Document},
		{"CDA under a prefix", `<c:ClinicalDocument xmlns:c="urn:hl7-org:v3"/>`, export.Document},
		{"FHIR in XML", `<Bundle xmlns="http://hl7.org/fhir"/>`, export.Document},
		{"FHIR in JSON", fhir, export.Document},
		{"a CDA of another namespace", `<ClinicalDocument xmlns="urn:x"/>`, export.XML},
		{"a prefix that isn't bound to CDA", `<c:ClinicalDocument xmlns="urn:hl7-org:v3"/>`, export.XML},
		{"FHIR's member deeper", `{"a":{"resourceType":"x"},"b":"resourceType"}`, export.JSON},
		{"FHIR's resources in a list", "[" + fhir + "]", export.JSON},
		{"another DATA", "<DATA><ROW><SENDER_CODE>1</SENDER_CODE></ROW></DATA>", export.XML},
		{"another XML", `<?xml version="1.0"?><DS><BN/></DS>`, export.XML},
		{"XML whose root can't be read", "<!-- x", export.XML},
		{"a page", "<!DOCTYPE html><HTML><body>", export.XLSX},
		{"a table of a page", " <table border=1><tr>", export.XLSX},
		{"a workbook in XML", `<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>`, export.XLSX},
		{"a zip", "PK\x03\x04", export.XLSX},
		{"an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", export.XLSX},
		{"a list of objects", " [ {", export.JSON},
		{"an object", "{}", export.JSON},
		{"an empty list", "[]", export.JSON},
		{"a list of numbers", "[1]", export.JSON},
		{"an object that is none", "{a:1}", export.JSON},
		{"objects in UTF-16", utf16le("[]"), export.JSON},
		{"text", "MA;NGAY", export.CSV},
		{"text in UTF-16", utf16le("MA;NGAY"), export.CSV},
		{"text in brackets", "[MÃ];[NGÀY]", export.CSV},
		{"text with a byte above ASCII", "M\xc3;NG\xc0Y", export.CSV},
		{"text longer than what is looked at", strings.Repeat("MÃ;", 30_000), export.CSV},
		{"visits behind much space", strings.Repeat(" ", 60<<10) + zoo.Visits(), export.GiamDinhHS},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := export.Settings{Format: export.Auto, Kind: "x", Roots: []string{"BenhVien"}}
			got, err := export.Detect(strings.NewReader(c.file), s)
			if err != nil || got != c.want {
				t.Errorf("Detect = %q, %v; want %q", got, err, c.want)
			}
			if s.Format = c.want; c.want == "" {
				return
			}
			if got, err := export.Detect(strings.NewReader(c.file), s); err != nil || got != c.want {
				t.Errorf("with the format given: %q, %v", got, err)
			}
		})
	}
}

// What each format refuses, by what was sniffed; the decoders say the rest.
func TestDetect_refuses_what_a_format_certainly_does_not_read(t *testing.T) {
	files := map[string]string{
		"GIAMDINHHS": zoo.Visits(), "HSSK831": "<HOSOSUCKHOE/>", "CDA/FHIR": `<Bundle xmlns="http://hl7.org/fhir"/>`,
		"FHIR": `{"resourceType":"Bundle"}`, "HTML": "<html>", "XML": "<DS/>", "JSON": "[]", "XLSX": "PK\x03\x04",
		"XLS": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "PDF": "%PDF-", "": "MA\x00", "text": "MA", "space": " ",
		"broken JSON": "{x", "broken XML": "< x",
	}
	all := []string{export.GiamDinhHS, export.HSSK831, export.CSV, export.XLSX, export.JSON, export.XML, export.Document}
	takes := map[string][]string{
		"GIAMDINHHS": {export.GiamDinhHS}, "HSSK831": {export.HSSK831, export.Document}, "CDA/FHIR": {export.Document},
		"FHIR": {export.JSON, export.Document}, "HTML": {export.XLSX, export.XML, export.Document},
		"XML":  {export.GiamDinhHS, export.HSSK831, export.XLSX, export.XML, export.Document},
		"JSON": {export.JSON, export.Document}, "XLSX": {export.XLSX, export.Document},
		"XLS": {export.XLSX, export.Document}, "PDF": {export.Document}, "": {export.Document},
		"text": all, "space": all, "broken JSON": all, "broken XML": all,
	}
	for name, file := range files {
		taken := map[string]bool{}
		for _, format := range takes[name] {
			taken[format] = true
		}
		for _, format := range all {
			got, err := export.Detect(strings.NewReader(file), export.Settings{Format: format})
			var fe *export.FormatError
			switch {
			case taken[format] && (err != nil || got != format):
				t.Errorf("%q as %s: %q, %v", name, format, got, err)
			case !taken[format] && (!errors.As(err, &fe) || *fe != export.FormatError{Code: "looks-like", Field: name}):
				t.Errorf("%q as %s: %q, %v", name, format, got, err)
			}
		}
	}
}

func TestDetect_of_a_disk_that_fails(t *testing.T) {
	broken := errors.New("disk")
	src := source{ReaderAt: strings.NewReader("MA"), size: 2, seen: func(int64, int64) error { return broken }}
	if _, err := export.Detect(src, export.Settings{Format: export.Auto}); !errors.Is(err, broken) {
		t.Errorf("Detect = %v", err)
	}
	if _, err := export.Inspect(t.Context(), src, export.Settings{}); !errors.Is(err, broken) {
		t.Errorf("Inspect = %v", err)
	}
}
