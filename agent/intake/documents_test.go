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
type place struct {
	name, feed, file string
	trimmed          bool // what holds it can be cut out
}

// rule is the one on words that looks there.
func (p place) rule() string {
	if p.feed == export.HSSK831 {
		return "831-TXT"
	}
	return "TXT"
}

// inCDA is a CDA document around another document.
func inCDA(content string) string {
	return zoo.CDA("", `<nonXMLBody><text mediaType="x" representation="B64">`+b64(content)+`</text></nonXMLBody>`)
}

// inFHIR is a bundle with another document.
func inFHIR(content string) string {
	return zoo.Bundle("", "J00", "x",
		`,{"resource":{"resourceType":"Binary","contentType":"x","data":"`+b64(content)+`"}}`)
}

// healthPlaces are health records with a secret: in an exam, which is cut out, or where nothing can be cut.
func healthPlaces(secret string) []place {
	person := zoo.Person("<MADINHDANH>000199000001</MADINHDANH>")
	exam := func(field string) string {
		return zoo.Health(strings.Replace(person, "<MABENH>J00</MABENH>", field, 1))
	}
	past := func(field string) string {
		return zoo.Health(strings.Replace(person, "</TIENSU>", field+"</TIENSU>", 1))
	}
	return []place{
		{"831, an illness", export.HSSK831, exam("<TENBENH>" + secret + "</TENBENH>"), true},
		{"831, a note", export.HSSK831, exam("<KETLUAN><![CDATA[" + secret + "]]></KETLUAN>"), true},
		{"831, a comment", export.HSSK831, exam("<!-- " + secret + " -->"), true},
		{"831, an attribute", export.HSSK831, exam(`<MABENH ten="` + secret + `"/>`), true},
		{"831, an illness of the family", export.HSSK831, past("<TIENSU_GIADINH><BENHTAT><DSBENH><TENBENH>" + secret +
			"</TENBENH></DSBENH></BENHTAT></TIENSU_GIADINH>"), true},
		{"831, the header", export.HSSK831, strings.Replace(zoo.Health(person), "TX1", secret, 1), false},
		{"831, behind the records", export.HSSK831, zoo.Health(person) + "<!-- " + secret + " -->", false},
		{"831, base64", export.HSSK831, exam("<TEP>" + b64("Kết quả xét nghiệm: "+secret) + "</TEP>"), false},
		{"831, something else", export.HSSK831, past("<VANDEKHAC>" + secret + "</VANDEKHAC>"), false},
	}
}

// documentPlaces are documents with a secret everywhere that one may stand.
func documentPlaces(secret string) []place {
	entry := func(resource string) string { return zoo.Bundle("", "J00", "x", `,{"resource":{`+resource+`}}`) }
	half := len("test H") // the word is HIV
	list := [][2]string{
		{"CDA, a code's name", zoo.CDA("", zoo.Section("x", "J00", secret))},
		{"CDA, the text", zoo.CDA("", zoo.Section(secret, "J00", "x"))},
		{"CDA, the text in parts", zoo.CDA("", zoo.Section("<paragraph>x "+secret[:half]+
			"<content>"+secret[half:]+"</content></paragraph>", "J00", "x"))},
		{"CDA, the header", zoo.CDA("<title>"+secret+"</title>", "")},
		{"CDA in UTF-16", utf16be(zoo.CDA("", zoo.Section(secret, "J00", "x")))},
		{"CDA, a text in base64", inCDA("Kết quả: " + secret)},
		{"CDA, CDA in base64", inCDA(zoo.CDA("", zoo.Section(secret, "J00", "x")))},
		{"CDA, a page in base64 in base64", inCDA(inCDA("<html><p>" + secret + "<br></html>"))},
		{"CDA, UTF-16 in base64", inCDA(utf16be(secret))},
		{"FHIR, a coding's display", zoo.Bundle("", "J00", secret, "")},
		{"FHIR, a narrative", entry(`"text":{"div":"<div><p>` + secret[:half] +
			`<b>` + secret[half:] + `</b></p></div>"}`)},
		{"FHIR, a narrative with entities", entry(`"text":{"div":"<div>x<br>` +
			strings.ReplaceAll(secret, "H", "&#72;") + `</div>"}`)},
		{"FHIR, escapes", entry(`"note":[{"text":"` + strings.ReplaceAll(secret, "H", `\u0048`) + `"}]`)},
		{"FHIR, an attachment", inFHIR("Kết quả: " + secret)},
		{"FHIR, CDA attached", inFHIR(zoo.CDA("", zoo.Section(secret, "J00", "x")))},
		{"FHIR in XML", `<Condition xmlns="http://hl7.org/fhir"><code><text value="` + secret +
			`"/></code></Condition>`},
		{"text", "Giấy hẹn: " + secret},
		{"text with tags", "Giấy hẹn: " + secret[:half] + "<b>" + secret[half:] + "</b>"},
		{"HL7 v2", "MSH|^~\\&|HIS\rOBX|1|ED|^^^Base64^" + b64("Kết quả xét nghiệm là: "+secret) + "||\r"},
		{"a page", "<html><td>" + secret[:half] + "<i>" + secret[half:] + "</i><br></html>"},
		{"JSON in a string of JSON", `{"a":"{\"b\":\"` + secret + `\"}"}`},
	}
	var out []place
	for _, p := range list {
		out = append(out, place{name: p[0], feed: export.Document, file: p[1]})
	}
	return out
}

func utf16be(s string) string { return "\xfe\xff" + string(forms(s)[2]) }

func TestTakeIn_leaves_words_out_anywhere_in_documents(t *testing.T) {
	const canary, clean = "CANARY99", "CLEAN99"
	places := func(secret string) []place { return append(healthPlaces(secret), documentPlaces(secret)...) }
	s := newStation(t, withDocuments)
	bad, good := places("test HIV "+canary), places("test CRP "+clean)
	for i, p := range bad {
		withheld, trimmed := s.counts("withheld.")[p.rule()], s.counts("trimmed.")[p.rule()]
		got := s.take(s.write(p.feed, "bad", p.file))
		if p.trimmed {
			checkTrimmed(t, p.name, got)
			trimmed++
		} else {
			got = slices.DeleteFunc(got, func(e wire.Event) bool { return e.Data.Retracted }) // of the one before
			if withheld++; len(got) > 0 {
				t.Errorf("%s: %d records", p.name, len(got))
			}
		}
		if s.counts("withheld.")[p.rule()] != withheld || s.counts("trimmed.")[p.rule()] != trimmed {
			t.Errorf("%s: counters %v", p.name, s.counts(""))
		}
		if got := s.take(s.write(p.feed, "good", good[i].file)); len(got) != 1 || trimmedEvent(&got[0]) {
			t.Errorf("%s: without the word there are %d records", p.name, len(got))
		}
	}
	if rejected := s.rejected(); len(rejected) > 0 {
		t.Errorf("%d files rejected, the first for %v", len(rejected), rejected[0])
	}
	s.checkGone(canary)
	if !bytes.Contains(s.everything(), []byte(clean)) {
		t.Error("nothing is found of the others, so the search proves nothing")
	}
}

func trimmedEvent(e *wire.Event) bool { return e.Data.Visit != nil && e.Data.Envelope.Trimmed }

// checkTrimmed wants one record, which something was cut out of: its original can't be had.
func checkTrimmed(t *testing.T, name string, got []wire.Event) {
	t.Helper()
	if len(got) != 1 || !trimmedEvent(&got[0]) {
		t.Fatalf("%s: %d records, or one that isn't trimmed", name, len(got))
	}
	if _, err := got[0].Data.Original(); err == nil {
		t.Errorf("%s: it gives an original", name)
	}
}

// checkGone wants a text to be nowhere on disk, in the log or in what is sent.
func (s *station) checkGone(text string) {
	s.t.Helper()
	all := s.everything()
	for n, form := range forms(text) {
		if bytes.Contains(all, form) {
			s.t.Errorf("%s is still there in form %d", text, n)
		}
	}
}

func TestTakeIn_withholds_codes_in_documents(t *testing.T) {
	s := newStation(t, withDocuments)
	for _, c := range []struct{ name, rule, file string }{
		{"CDA, the text", "HIV-ICD", zoo.CDA("", zoo.Section("<list><item>B20</item></list>", "J00", "x"))},
		{"FHIR, a text", "HIV-ICD", strings.Replace(zoo.Bundle("", "J00", "x", ""), `"coding"`,
			`"text":"Z21","coding"`, 1)},
		{"FHIR, a narrative", "DRUG-ICD", zoo.Bundle("", "J00", "x",
			`,{"resource":{"text":{"div":"<div><p>F11</p></div>"}}}`)},
		{"text", "HIV-ICD", "Chẩn đoán: B20"},
		{"a page", "SEXW-ICD", "<html><td>Z72.5<br></html>"},
		{"a table of HIS", "DRUG-RX", "<a>" + strings.Replace(zoo.Drugs("L1"), "</CHI_TIET_THUOC>",
			"<TEN_THUOC>Methadone</TEN_THUOC></CHI_TIET_THUOC>", 1) + "</a>"},
	} {
		before := s.counts("withheld.")[c.rule]
		if got := s.take(s.write(export.Document, "a", c.file)); len(got) > 0 {
			t.Errorf("%s: %d records", c.name, len(got))
		}
		if s.counts("withheld.")[c.rule] != before+1 {
			t.Errorf("%s: withheld %v", c.name, s.counts("withheld."))
		}
	}
}

// A health record loses the exam, illness or risk that is excluded, and says no longer that there was one.
func TestTakeIn_cuts_health_records(t *testing.T) {
	const canary = "CANARY99"
	plain := zoo.Person("<MADINHDANH>000199000001</MADINHDANH>")
	from, to := strings.Index(plain, "<HOSOKHAMCHUABENH>"), strings.Index(plain, "</DANHSACHHOSOKHAMCHUABENH>")
	unexamined := plain[:from] + plain[to:]
	exam := func(field string) string {
		return strings.Replace(plain, "<MABENH>J00</MABENH>", field+"<KETLUAN>"+canary+"</KETLUAN>", 1)
	}
	s := newStation(t, withDocuments)
	for _, c := range []struct{ name, rule, file, want string }{
		{"HIV", "831-ICD", exam("<MABENH>b20.1</MABENH>"), unexamined},
		{"drugs", "831-ICD", exam("<MABENH>I10;F11.2</MABENH>"), unexamined},
		{"an illness in the past", "831-ICD", strings.Replace(plain, "<TIENSU>", "<TIENSU><DSBENH><TENBENH>Z21 "+canary+
			"</TENBENH></DSBENH>", 1), plain},
		{"a risk", "831-RISK", strings.Replace(plain, "</YEUTO_SUCKHOE>", "<DSYEUTO><LOAI>3</LOAI><TENLOAI>"+canary+
			"</TENLOAI></DSYEUTO></YEUTO_SUCKHOE>", 1), plain},
		{"a test", "831-LAB", exam("<DICHVU><TENDICHVU>Test Morphin</TENDICHVU></DICHVU>"), unexamined},
		{"a medicine", "831-RX", exam("<TENBENH>đang uống Efavirenz</TENBENH>"), unexamined},
	} {
		f := s.write(export.HSSK831, "a", zoo.Health(c.file))
		before := s.counts("trimmed.")[c.rule]
		said, err := s.in.Preview(t.Context(), f)
		if err != nil || said.Trimmed[c.rule] != 1 || said.Records != 1 {
			t.Errorf("%s: Preview %+v, %v", c.name, said, err)
		}
		got := s.take(f)
		checkTrimmed(t, c.name, got)
		if diff := cmp.Diff(c.want, got[0].Data.Documents[0].Content); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", c.name, diff)
		}
		if s.counts("trimmed.")[c.rule] != before+1 || len(s.counts("withheld.")) > 0 {
			t.Errorf("%s: counters %v", c.name, s.counts(""))
		}
		s.take(s.write(export.HSSK831, "b", zoo.Health(strings.Replace(plain, "J00", "J01", 1)))) // so that the next is news
	}
	s.checkGone(canary)
}

// One person's record is cut, another's can't be and is withheld: of neither anything stays in those beside them.
func TestTakeIn_leaves_out_of_health_records_beside_others(t *testing.T) {
	s := newStation(t, withDocuments)
	person := func(n, old, text string) string {
		return strings.Replace(zoo.Person("<MADINHDANH>"+n+"</MADINHDANH>"), old, text, 1)
	}
	got := s.take(s.write(export.HSSK831, "a.xml", zoo.Health(person("000199000001", "J00", "J01"),
		person("000199000002", "</HOTEN>", "</HOTEN><VANDEKHAC>mại dâm</VANDEKHAC>"),
		person("000199000003", "J00", "B24</MABENH><MABENH>CANARY99"), person("000199000004", "J00", "J02"))))
	var trimmed []bool
	for i := range got {
		trimmed = append(trimmed, trimmedEvent(&got[i]))
	}
	want := []string{"99002/000199000001", "99002/000199000003", "99002/000199000004"}
	if diff := cmp.Diff(want, keys(got)); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]bool{false, true, false}, trimmed); diff != "" {
		t.Errorf("trimmed (-want +got):\n%s", diff)
	}
	s.checkGone("000199000002")
	s.checkGone("CANARY99")
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
