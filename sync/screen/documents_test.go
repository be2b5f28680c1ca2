package screen_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"tramsync/sync/screen"
	"tramsync/sync/wire"
)

// paper is a document that is no table, with a place for more: §.
type paper struct{ name, typ, text string }

func papers() []paper {
	cda := func(body string) string {
		return `<ClinicalDocument xmlns="urn:hl7-org:v3">` + body + "</ClinicalDocument>"
	}
	fhir := func(members string) string {
		return `{"resourceType":"Bundle","id":"f11-b20","entry":[{"fullUrl":"urn:uuid:f12ab34c-0000-4000-8000-000000000001"` +
			`,"resource":{"resourceType":"Condition","identifier":[{"system":"urn:b20","value":"F11"}],` + members + `}}]}`
	}
	return []paper{
		{"a code", "CDA", cda(`<value code="§" codeSystem="2.16.840.1.113883.6.3"/>`)},
		{"a code's name", "CDA", cda(`<code code="J00" displayName="§"/>`)},
		{"a translation", "CDA", cda(`<value><translation code="§"/></value>`)},
		{"a paragraph", "CDA", cda("<text><paragraph>§</paragraph></text>")},
		{"a cell", "CDA", cda("<text><table><tr><td>§</td></tr></table></text>")},
		{"an item", "CDA", cda("<text><list><item>§</item></list></text>")},
		{"content", "CDA", cda("<text>x <content>§</content> y</text>")},
		{"text", "CDA", cda("<text>§</text>")},
		{"a title", "CDA", cda("<title>§</title>")},
		{"a medicine", "CDA", cda("<manufacturedMaterial><name>§</name></manufacturedMaterial>")},
		{"a comment", "CDA", cda("<!-- § -->")},
		{"a code", "FHIR", fhir(`"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"§"}]}`)},
		{"a display", "FHIR", fhir(`"code":{"coding":[{"code":"J00","display":"§"}]}`)},
		{"a text", "FHIR", fhir(`"code":{"text":"§"}`)},
		{"a narrative", "FHIR", fhir(`"text":{"div":"<div><p>§</p></div>"}`)},
		{"a value", "FHIR", fhir(`"valueString":"§"`)},
		{"a note", "FHIR", fhir(`"note":[{"text":"§"}]`)},
		{"a code in XML", "FHIR", `<Condition xmlns="http://hl7.org/fhir"><coding><code value="§"/></coding></Condition>`},
		{"a display in XML", "FHIR", `<Condition><coding><display value="§"/></coding></Condition>`},
		{"a text in XML", "FHIR", `<Condition><code><text value="§"/></code></Condition>`},
		{"a value in XML", "FHIR", `<Observation><valueString value="§"/></Observation>`},
		{"plain text", "DOCUMENT", "Kết quả: §"},
		{"a page", "DOCUMENT", "<html><td>§<br></html>"},
		{"a code of its own", "DOCUMENT", `{"icd_code":"§"}`},
		{"a display of its own", "DOCUMENT", `<Phieu displayName="§"/>`},
		{"another member", "DOCUMENT", `{"danh_sach_benh":["§"]}`},
		{"JSON in a string", "DOCUMENT", `{"x":"{\"y\":\"§\"}"}`},
	}
}

// with puts text into the place: as it is, and in base64 in another document.
func (p paper) with(text string) []string {
	out := strings.Replace(p.text, "§", text, 1)
	return []string{out, `{"x":"` + base64.StdEncoding.EncodeToString([]byte(out)) + `"}`}
}

// Codes, medicines, tests and words are looked for everywhere in documents, and alike at both ends.
func TestDocumentsAreReadEverywhere(t *testing.T) {
	rules := builtin(t)
	wants := map[string]string{
		"B20": "HIV-ICD", "z21": "HIV-ICD", "F11.2": "DRUG-ICD", "T40.1": "DRUG-TOX", "Z72.5": "SEXW-ICD",
		"test HIV (-)": "TXT", "nghiện ma túy": "TXT", "mại dâm": "TXT", "Methadone 10mg": "DRUG-RX",
		"Efavirenz": "ARV-RX", "J05AR10": "ARV-RX", "CD4": "HIV-LAB", "Amphetamin niệu": "DRUG-LAB", "THC": "DRUG-LAB",
		"J00": "", "F10.2": "", "f12ab34c-0000-4000-8000-000000000001": "", "F11ab34c": "", "Morphin 10mg": "",
		"Viêm họng": "",
	}
	for _, p := range papers() {
		for text, want := range wants {
			for _, doc := range p.with(text) {
				at, out := bothEnds(t, rules, p.typ, doc)
				if at != want || out != (want != "") {
					t.Errorf("%s, %s: %q and %v, want %q", p.typ, doc, at, out, want)
				}
			}
		}
	}
}

// bothEnds gives the rule that withholds a document at the station, and whether the warehouse refuses it.
func bothEnds(t *testing.T, rules *screen.Rules, typ, doc string) (rule string, excluded bool) {
	t.Helper()
	v := &wire.Visit{Documents: []wire.Document{wire.NewDocument(typ, []byte(doc), nil)}}
	tables, err := v.Tables()
	if err != nil {
		t.Fatalf("%s, %s: %v", typ, doc, err)
	}
	if excluded, err = rules.Excluded(event(wire.Data{Visit: v}, "HIS", "document")); err != nil {
		t.Errorf("%s, %s at the warehouse: %v", typ, doc, err)
	}
	return rules.Record("document", tables).Drop, excluded
}

// A table of QĐ 4750 hidden in a document is judged by its own rules, wherever in the document it stands.
func TestTablesInDocumentsAreJudgedAsTables(t *testing.T) {
	rules := parse(t, `{id: A, text: [methadon*], fields: [XML2.TEN_THUOC], action: drop_visit}`,
		`{id: T, table: XML6, action: drop_visit}`)
	drug := func(name string) string {
		return "<DSACH><CHI_TIET_THUOC><MA_LK>L1</MA_LK><TEN_THUOC>" + name + "</TEN_THUOC></CHI_TIET_THUOC></DSACH>"
	}
	hiv := "<X><HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS><A>1</A></HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS></X>"
	packed := func(s string) string { return `{"x":"` + base64.StdEncoding.EncodeToString([]byte(s)) + `"}` }
	for _, typ := range []string{"DOCUMENT", "CDA", "FHIR", "XML7", "XML99"} {
		for _, c := range []struct{ text, want string }{
			{drug("Methadone 10mg"), "A"}, {drug("Paracetamol"), ""}, {"<R><TEN_THUOC>Methadone</TEN_THUOC></R>", ""},
			{hiv, "T"}, {packed(drug("Methadone")), "A"}, {packed(drug("Paracetamol")), ""},
		} {
			if strings.HasPrefix(c.text, "{") && typ == "XML7" {
				continue // a table is never JSON
			}
			if at, out := bothEnds(t, rules, typ, c.text); at != c.want || out != (c.want != "") {
				t.Errorf("%s in %s: %q and %v, want %q", c.text, typ, at, out, c.want)
			}
		}
	}
}
