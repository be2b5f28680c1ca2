package intake_test

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/export"
	"tramsync/agent/intake"
	"tramsync/sync/screen"
	"tramsync/sync/wire"
	"tramsync/testdata/zoo"
)

// withDocuments adds feeds of health records and of documents.
func withDocuments(set *intake.Settings) {
	for _, format := range []string{export.HSSK831, export.Document} {
		set.Feeds = append(set.Feeds, intake.Feed{Name: format, Reader: "r",
			Settings: export.Settings{Station: "99001", System: "HIS", Format: format}})
	}
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// place is a file with a secret somewhere in it.
type place struct{ name, feed, file string }

// inCDA is a CDA document around another document.
func inCDA(content string) string {
	return zoo.CDA("", `<nonXMLBody><text mediaType="x" representation="B64">`+b64(content)+`</text></nonXMLBody>`)
}

// inFHIR is a bundle with another document.
func inFHIR(content string) string {
	return zoo.Bundle("", "J00", "x",
		`,{"resource":{"resourceType":"Binary","contentType":"x","data":"`+b64(content)+`"}}`)
}

// places are files with a secret everywhere that one may stand.
func places(secret string) []place {
	person := zoo.Person("<MADINHDANH>000199000001</MADINHDANH>")
	exam := func(field string) string {
		return zoo.Health(strings.Replace(person, "<MABENH>J00</MABENH>", field, 1))
	}
	entry := func(resource string) string { return zoo.Bundle("", "J00", "x", `,{"resource":{`+resource+`}}`) }
	half := len("test H") // the word is HIV
	return []place{
		{"831, an illness", export.HSSK831, exam("<TENBENH>" + secret + "</TENBENH>")},
		{"831, a note", export.HSSK831, exam("<KETLUAN><![CDATA[" + secret + "]]></KETLUAN>")},
		{"831, a comment", export.HSSK831, exam("<!-- " + secret + " -->")},
		{"831, an attribute", export.HSSK831, exam(`<MABENH ten="` + secret + `"/>`)},
		{"831, the header", export.HSSK831, strings.Replace(zoo.Health(person), "TX1", secret, 1)},
		{"831, behind the records", export.HSSK831, zoo.Health(zoo.Person("")) + "<!-- " + secret + " -->"},
		{"831, base64", export.HSSK831, exam("<TEP>" + b64("Kết quả xét nghiệm: "+secret) + "</TEP>")},
		{"CDA, a code's name", export.Document, zoo.CDA("", zoo.Section("x", "J00", secret))},
		{"CDA, the text", export.Document, zoo.CDA("", zoo.Section(secret, "J00", "x"))},
		{"CDA, the text in parts", export.Document, zoo.CDA("", zoo.Section("<paragraph>x "+secret[:half]+
			"<content>"+secret[half:]+"</content></paragraph>", "J00", "x"))},
		{"CDA, the header", export.Document, zoo.CDA("<title>"+secret+"</title>", "")},
		{"CDA in UTF-16", export.Document, utf16be(zoo.CDA("", zoo.Section(secret, "J00", "x")))},
		{"CDA, a text in base64", export.Document, inCDA("Kết quả: " + secret)},
		{"CDA, CDA in base64", export.Document, inCDA(zoo.CDA("", zoo.Section(secret, "J00", "x")))},
		{"CDA, a page in base64 in base64", export.Document, inCDA(inCDA("<html><p>" + secret + "<br></html>"))},
		{"CDA, UTF-16 in base64", export.Document, inCDA(utf16be(secret))},
		{"FHIR, a coding's display", export.Document, zoo.Bundle("", "J00", secret, "")},
		{"FHIR, a narrative", export.Document, entry(`"text":{"div":"<div><p>` + secret[:half] +
			`<b>` + secret[half:] + `</b></p></div>"}`)},
		{"FHIR, a narrative with entities", export.Document, entry(`"text":{"div":"<div>x<br>` +
			strings.ReplaceAll(secret, "H", "&#72;") + `</div>"}`)},
		{"FHIR, escapes", export.Document, entry(`"note":[{"text":"` + strings.ReplaceAll(secret, "H", `\u0048`) + `"}]`)},
		{"FHIR, an attachment", export.Document, inFHIR("Kết quả: " + secret)},
		{"FHIR, CDA attached", export.Document, inFHIR(zoo.CDA("", zoo.Section(secret, "J00", "x")))},
		{"FHIR in XML", export.Document, `<Condition xmlns="http://hl7.org/fhir"><code><text value="` + secret +
			`"/></code></Condition>`},
		{"text", export.Document, "Giấy hẹn: " + secret},
		{"text with tags", export.Document, "Giấy hẹn: " + secret[:half] + "<b>" + secret[half:] + "</b>"},
		{"HL7 v2", export.Document, "MSH|^~\\&|HIS\rOBX|1|ED|^^^Base64^" + b64("Kết quả xét nghiệm là: "+secret) + "||\r"},
		{"a page", export.Document, "<html><td>" + secret[:half] + "<i>" + secret[half:] + "</i><br></html>"},
		{"JSON in a string of JSON", export.Document, `{"a":"{\"b\":\"` + secret + `\"}"}`},
	}
}

func utf16be(s string) string { return "\xfe\xff" + string(forms(s)[2]) }

// leftOut is for what stays in place of a record: a retraction of the one before it, or, of a health record, all but
// the exam.
func leftOut(e wire.Event) bool {
	return e.Data.Retracted || e.Data.Visit != nil && e.Data.Standard == "831" && e.Data.Envelope.Trimmed
}

func TestTakeIn_withholds_words_anywhere_in_documents(t *testing.T) {
	const canary, clean = "CANARY99", "CLEAN99"
	s := newStation(t, withDocuments)
	bad, good := places("test HIV "+canary), places("test CRP "+clean)
	for i, p := range bad {
		got := s.take(s.write(p.feed, "bad", p.file))
		got = slices.DeleteFunc(got, leftOut)
		withheld, trimmed := s.counts("withheld."), s.counts("trimmed.")
		if len(got) > 0 || withheld["TXT"]+withheld["831-TXT"]+trimmed["831-TXT"] != i+1 {
			t.Fatalf("%s: %d records, withheld %v, trimmed %v", p.name, len(got), withheld, trimmed)
		}
		if got := s.take(s.write(p.feed, "good", good[i].file)); len(got) != 1 {
			t.Errorf("%s: without the word there are %d records", p.name, len(got))
		}
	}
	if rejected := s.rejected(); len(rejected) > 0 {
		t.Errorf("%d files rejected, the first for %v", len(rejected), rejected[0])
	}
	all := s.everything()
	for n, form := range forms(canary) {
		if bytes.Contains(all, form) {
			t.Errorf("it is still there in form %d", n)
		}
	}
	if !bytes.Contains(all, []byte(clean)) {
		t.Error("nothing is found of the others, so the search proves nothing")
	}
}

func TestTakeIn_withholds_codes_in_documents(t *testing.T) {
	exam := func(code string) string {
		return strings.Replace(zoo.Person(""), "<MABENH>J00</MABENH>", "<MABENH>"+code+"</MABENH>", 1)
	}
	s := newStation(t, withDocuments)
	for _, c := range []struct{ name, feed, rule, file string }{
		{"831, HIV", export.HSSK831, "831-ICD", zoo.Health(exam("b20.1"))},
		{"831, drugs", export.HSSK831, "831-ICD", zoo.Health(exam("I10;F11.2"))},
		{"831, an illness in the past", export.HSSK831, "831-ICD", zoo.Health(strings.Replace(zoo.Person(""),
			"<TIENSU>", "<TIENSU><DSBENH><TENBENH>Z21</TENBENH></DSBENH>", 1))},
		{"CDA, the text", export.Document, "HIV-ICD", zoo.CDA("", zoo.Section("<list><item>B20</item></list>", "J00", "x"))},
		{"CDA, a code", export.Document, "HIV-ICD", zoo.CDA("", zoo.Section("x", "B20", "x"))},
		{"FHIR, a coding", export.Document, "HIV-ICD", zoo.Bundle("", "b20", "x", "")},
		{"JSON of another kind", export.Document, "DRUG-ICD", `{"icd_code":"F11.2"}`},
		{"FHIR, a text", export.Document, "HIV-ICD", strings.Replace(zoo.Bundle("", "J00", "x", ""), `"coding"`,
			`"text":"Z21","coding"`, 1)},
		{"FHIR, a narrative", export.Document, "DRUG-ICD", zoo.Bundle("", "J00", "x",
			`,{"resource":{"text":{"div":"<div><p>F11</p></div>"}}}`)},
		{"text", export.Document, "HIV-ICD", "Chẩn đoán: B20"},
		{"a page", export.Document, "SEXW-ICD", "<html><td>Z72.5<br></html>"},
	} {
		count := func() int { return s.counts("withheld.")[c.rule] + s.counts("trimmed.")[c.rule] }
		before := count()
		if got := slices.DeleteFunc(s.take(s.write(c.feed, "a", c.file)), leftOut); len(got) > 0 {
			t.Errorf("%s: %d records", c.name, len(got))
		}
		if count() != before+1 {
			t.Errorf("%s: counters %v", c.name, s.counts(""))
		}
	}
}

// One person's record is withheld, the others of the file are taken in, and nothing of the one stays.
func TestTakeIn_withholds_one_health_record_of_several(t *testing.T) {
	s := newStation(t, withDocuments)
	person := func(n, note string) string {
		return strings.Replace(zoo.Person("<MADINHDANH>"+n+"</MADINHDANH>"), "</TIENSU>", "<VANDEKHAC>"+note+
			"</VANDEKHAC></TIENSU>", 1)
	}
	got := s.take(s.write(export.HSSK831, "a.xml", zoo.Health(person("000199000001", "J00"),
		person("000199000002", "HIV"), person("000199000003", "J01"))))
	if diff := cmp.Diff([]string{"99002/000199000001", "99002/000199000003"}, keys(got)); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	for n, form := range forms("000199000002") {
		if bytes.Contains(s.everything(), form) {
			t.Errorf("the withheld person's number is there in form %d", n)
		}
	}
}

// An authority's rules can name a code's attributes and members: marks in names are underscores.
const codeRules = `
schema: 1
version: 2027-01-01.1
basis: test
rules:
  - id: C
    icd: [B20]
    fields: ["CDA.*_CODE", "FHIR.*CODE", "FHIR.*CODE_VALUE", "DOCUMENT.*CODE*"]
    action: drop_visit
  - {id: X, equals: "3", fields: ["HSSK831.LOAI"], action: drop_fields}
`

func TestTakeIn_rules_can_name_what_holds_codes_in_documents(t *testing.T) {
	rules, err := screen.Parse([]byte(codeRules))
	if err != nil {
		t.Fatal(err)
	}
	s := newStation(t, withDocuments)
	s.with(func(set *intake.Settings) { set.Rules = rules })
	for name, file := range map[string]string{
		"CDA":             zoo.CDA("", zoo.Section("x", "B20", "x")),
		"CDA, a code":     zoo.CDA(`<code code="B20.1" codeSystem="1"/>`, ""),
		"CDA in FHIR":     inFHIR(`<a code="B20"/>`),
		"FHIR":            zoo.Bundle("", "b20", "x", ""),
		"FHIR in XML":     `<Condition xmlns="http://hl7.org/fhir"><coding><code value="B20"/></coding></Condition>`,
		"JSON of our own": `{"icd_code":"B20"}`,
	} {
		before := s.counts("withheld.")["C"]
		if got := s.take(s.write(export.Document, "a", file)); len(got) > 0 || s.counts("withheld.")["C"] != before+1 {
			t.Errorf("%s: %d records, counters %v", name, len(got), s.counts(""))
		}
		clean := strings.NewReplacer("B20", "J00", "b20", "j00", b64(`<a code="B20"/>`), b64("<a/>")).Replace(file)
		if got := s.take(s.write(export.Document, "b", clean)); len(got) != 1 {
			t.Errorf("%s: without the code %d records", name, len(got))
		}
	}
	got := s.take(s.write(export.HSSK831, "a", strings.Replace(zoo.Health(zoo.Person("")), "<LOAI>2", "<LOAI>3", 1)))
	if len(got) != 1 || !strings.Contains(got[0].Data.Documents[0].Content, "<DSYEUTO><TRANGTHAI>1") {
		t.Errorf("%d records, which should be one without the field", len(got))
	}
}
