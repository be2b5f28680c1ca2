package zoo

import (
	"strings"

	"tramsync/agent/export"
)

// CDA is an HL7 CDA document with an element in its header and one in its body.
func CDA(header, body string) string {
	return `<?xml version="1.0" encoding="utf-8"?>` + "\n" +
		`<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>` + header +
		`<recordTarget><patientRole><id root="1.2.3" extension="000199000001"/><patient><name>NGUYỄN THỊ MẪU</name>` +
		"</patient></patientRole></recordTarget>\n<component>" + body + "</component></ClinicalDocument>\n"
}

// Section is a body of CDA with text and a diagnosis.
func Section(text, code, display string) string {
	return `<structuredBody><component><section><text>` + text + `</text>` +
		`<entry><observation classCode="OBS" moodCode="EVN">` +
		`<value xsi:type="CD" code="` + code + `" codeSystem="2.16.840.1.113883.6.3" displayName="` + display +
		`"/></observation></entry></section></component></structuredBody>`
}

// Bundle is a FHIR bundle of a condition and of further entries, each with a comma before it.
func Bundle(head, code, display, more string) string {
	return `{"resourceType":"Bundle",` + head + `"type":"document","entry":[` + "\n" +
		`{"fullUrl":"urn:uuid:f12ab34c-0000-4000-8000-000000000001","resource":{"resourceType":"Condition","id":"c1",` +
		`"identifier":[{"system":"urn:c","value":"1"}],"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10",` +
		`"code":"` + code + `","display":"` + display + `"}]}}}` + more + "]}\n"
}

func opaque() export.Settings {
	return export.Settings{Station: "99001", System: "HIS", Format: export.Document}
}

func document(name, file string, want ...string) Case {
	return Case{Name: "document: " + name, Settings: opaque(), File: file, Want: want}
}

func badDocument(name, file string, at export.FormatError) Case {
	return Case{Name: "document: " + name, Settings: opaque(), File: file, Fault: &at}
}

func (c Case) kind(kind string) Case {
	c.Settings.Kind = kind
	return c
}

func cdaDocuments() []Case {
	id := `<id root="1.2.9" extension="D1"/>`
	body := Section("Viêm mũi họng cấp", "J00", "Viêm mũi họng")
	plain := CDA(id, body)
	is := "cda 99001/1.2.9/D1 @99001 CDA cda"
	custodian := func(code string) string {
		return `<custodian><assignedCustodian><representedCustodianOrganization><id root="1.2" extension="` + code +
			`"/></representedCustodianOrganization></assignedCustodian></custodian>`
	}
	nonXML := func(media, content string) string {
		return CDA(id, `<nonXMLBody><text mediaType="`+media+`" representation="B64">`+content+`</text></nonXMLBody>`)
	}
	prefixed := strings.NewReplacer("</", "</v:", "<", "<v:", "xmlns=", "xmlns:v=").Replace(
		plain[strings.Index(plain, "<C"):])
	return []Case{
		document("CDA", plain, is),
		document("CDA with a setId", CDA(id+`<setId root="1.2.8" extension="S1"/><versionNumber value="2"/>`, body),
			"cda 99001/1.2.8/S1 @99001 CDA cda"),
		document("CDA with an id that is a root alone", CDA(`<id root="f12ab34c-0000"/>`, body),
			"cda 99001/f12ab34c-0000 @99001 CDA cda"),
		document("CDA without an id of its own", CDA(`<id nullFlavor="NI"/>`, body), "cda 99001/~ @99001 CDA cda"),
		document("CDA of another facility", CDA(id+custodian("99003"), body), "cda 99003/1.2.9/D1 @99003 CDA cda"),
		document("CDA of a facility with a longer code", CDA(id+custodian("8930000000001"), body), is),
		document("CDA with prefixes", prefixed, is),
		document("CDA in UTF-16", utf16le("\ufeff"+plain), is+" utf-16le"),
		document("CDA with a byte order mark and a stylesheet", "\ufeff"+strings.Replace(plain, "\n",
			"\r\n<?xml-stylesheet href=\"cda.xsl\"?>\r\n", 1), is),
		document("CDA in windows-1258", strings.NewReplacer("NGUYỄN THỊ MẪU", "NGUY\xca\xdeN", "Viêm mũi họng cấp",
			"Vi\xeam", "Viêm mũi họng", "Vi\xeam").Replace(plain), is),
		document("CDA of a feed with a kind", plain, "giay_hen 99001/1.2.9/D1 @99001 CDA cda").kind("giay_hen"),
		document("CDA around a text", nonXML("text/plain", b64("Viêm mũi họng cấp")), is),
		document("CDA around CDA around a text",
			nonXML("text/xml", lines(b64(nonXML("text/plain", b64("Viêm họng"))), "\n", 76)), is),
		document("CDA with a hash and a certificate", CDA(id+"<DigestValue>"+b64("\xff\x00\x01hash\x02\x03 of nothing")+
			"</DigestValue><X509Certificate>"+lines(b64("\x30\x82\x05\x00"+strings.Repeat("\x00\xff\x01", 500)), "\n", 64)+
			"</X509Certificate>", body), is),
		document("ClinicalDocument in no namespace", strings.Replace(plain, ` xmlns="urn:hl7-org:v3"`, "", 1),
			"document 99001/~ @99001 DOCUMENT -"),
	}
}

func fhirDocuments() []Case {
	id := `"id":"b1","identifier":{"system":"urn:s","value":"D1"},`
	plain := Bundle(id, "J00", "Viêm mũi họng cấp", "")
	is := "fhir 99001/urn:s/D1 @99001 FHIR fhir"
	of := func(codes ...string) string {
		out := ""
		for _, c := range codes {
			out += `,{"resource":{"resourceType":"Organization","identifier":[{"system":"urn:o","value":"` + c + `"}]}}`
		}
		return out
	}
	binary := func(content string) string {
		return Bundle(id, "J00", "x", `,{"resource":{"resourceType":"DocumentReference","content":[{"attachment":`+
			`{"contentType":"text/plain","data":"`+content+`"}}]}}`)
	}
	inXML := `<Bundle xmlns="http://hl7.org/fhir"><id value="b1"/><identifier><system value="urn:s"/><value value="D1"/>` +
		`</identifier><entry><resource><Organization><identifier><value value="99003"/></identifier></Organization>` +
		`</resource></entry></Bundle>`
	return []Case{
		document("FHIR", plain, is),
		document("FHIR with an id alone", Bundle(`"id":"b1",`, "J00", "x", ""), "fhir 99001/Bundle/b1 @99001 FHIR fhir"),
		document("FHIR without an id", Bundle("", "J00", "x", ""), "fhir 99001/~ @99001 FHIR fhir"),
		document("FHIR of another facility", Bundle(id, "J00", "x", of("99003", "abc", "99003")),
			"fhir 99003/urn:s/D1 @99003 FHIR fhir"),
		document("FHIR of two facilities", Bundle(id, "J00", "x", of("99003", "99004")), is),
		document("FHIR in UTF-16", utf16be("\ufeff"+plain), is+" utf-16be"),
		document("FHIR with a byte order mark", "\ufeff"+plain, is),
		document("a FHIR resource", `{"resourceType":"Patient","id":"p1","identifier":[{"value":"000199000001"}]}`,
			"fhir 99001/Patient/p1 @99001 FHIR fhir"),
		document("FHIR resources, a line each", strings.Repeat(`{"resourceType":"Patient","id":"p1"}`+"\n", 2),
			"fhir 99001/~ @99001 FHIR fhir"),
		document("FHIR with members of other types", `{"resourceType":"Bundle","id":7,"identifier":[8],"entry":{}}`,
			"fhir 99001/~ @99001 FHIR fhir"),
		document("FHIR in XML", inXML, "fhir 99003/urn:s/D1 @99003 FHIR fhir"),
		document("FHIR in XML, a resource", `<Patient xmlns="http://hl7.org/fhir"><id value="p1"/></Patient>`,
			"fhir 99001/Patient/p1 @99001 FHIR fhir"),
		document("FHIR with a text attached", binary(b64("Viêm mũi họng cấp")), is),
		document("FHIR with CDA attached", binary(b64(CDA("", Section("x", "J00", "x")))), is),
	}
}

func otherDocuments() []Case {
	is := "document 99001/~ @99001 DOCUMENT -"
	return []Case{
		document("plain text", "Giấy hẹn khám lại: 3 ngày\n", is),
		document("plain text in windows-1258", "Gi\xe2\xecy h\xean 3 ng\xe0y", is),
		document("plain text in UTF-16", utf16le("\ufeffGiấy hẹn < 3 ngày"), is+" utf-16le"),
		document("plain text that begins like XML", "<5 tuổi: khám 3 ngày", is),
		document("plain text that begins like JSON", "[2 viên/ngày] {sáng, chiều}", is),
		document("a message of HL7 v2", "\x0bMSH|^~\\&|HIS|99001\rPID|1||BN1\r\x1c\r", is),
		document("a page of HTML", "<!DOCTYPE html><html><body><p>Viêm&nbsp;họng<br>3 ngày</html>", is),
		document("XML of another kind", `<Phieu so="1"><Ten>NGUYỄN THỊ MẪU</Ten></Phieu>`, is),
		document("JSON of another kind", `{"ten":"NGUYỄN THỊ MẪU","tuoi":7.50}`, is),
		document("an empty object", "{}", is),
	}
}

func badDocuments() []Case {
	text := CDA("", Section(Canary, "J00", "x"))
	bundle := Bundle("", "J00", Canary, "")
	pdf := b64("%PDF-1.4\n" + Canary + " xxxxx")
	nested := func(levels int) string {
		out := Canary + " viêm họng"
		for range levels {
			out = `{"contentType":"x","data":"` + b64(out) + `"}`
		}
		return out
	}
	nonXML := func(content string) string {
		return CDA("", `<nonXMLBody><text mediaType="x/y" representation="B64">`+content+`</text></nonXMLBody>`)
	}
	refused := func(name, file string) Case { return badDocument(name, file, whole("unscreenable")) }
	return []Case{
		refused("a PDF", "%PDF-1.4 "+Canary),
		refused("a PDF behind other bytes", "\r\n junk\n%PDF-1.4 "+Canary),
		refused("a zip or docx", "PK\x03\x04\x14\x00"+Canary),
		refused("an old Word file", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+Canary),
		refused("a picture", "\x89PNG\r\n\x1a\n\x00\x00"+Canary),
		refused("DICOM", strings.Repeat("\x00", 128)+"DICM"+Canary),
		refused("RTF", `{\rtf1 `+Canary+"}"),
		refused("a mail", "MIME-Version: 1.0\nContent-Type: text/html\n\n"+Canary),
		refused("bytes that are no text", "Gi\x8f\x90 "+Canary),
		refused("UTF-16 without a mark", utf16le(Canary)+Canary),
		refused("a PDF in CDA", nonXML(pdf)),
		refused("a PDF in CDA that nothing declares", CDA("", Section(pdf, "J00", "x"))),
		refused("a PDF in FHIR", Bundle("", "J00", "x", `,{"resource":{"resourceType":"Binary","contentType":`+
			`"application/pdf","data":"`+pdf+`"}}`)),
		refused("a PDF in FHIR in XML", `<Binary xmlns="http://hl7.org/fhir"><contentType value="application/pdf"/>`+
			`<data value="`+pdf+`"/></Binary>`),
		refused("a picture in HTML", `<html><p>x<img src="data:image/png;base64,`+b64("\x89PNG\x00"+Canary)+`"></html>`),
		refused("bytes that nothing declares", `{"x":"`+b64("\x01\xff"+strings.Repeat(Canary, 70))+`"}`),
		refused("a PDF in a message of HL7 v2", "MSH|^~\\&|HIS\rOBX|1|ED|^application^pdf^Base64^"+pdf+"||\r"),
		refused("documents three deep", nested(3)),
		badDocument("only space", "\ufeff \r\n", whole("empty")),
		badDocument("CDA cut off", text[:strings.Index(text, Canary)+20], inLine("xml-truncated", 3)),
		badDocument("CDA with a bare ampersand", strings.Replace(text, Canary, Canary+" & ", 1),
			inLine("xml-entity", 3)),
		badDocument("CDA too deep", strings.Replace(text, Canary, strings.Repeat("<a>", 70)+Canary, 1),
			inLine("xml-limit", 3)),
		badDocument("FHIR cut off", bundle[:strings.Index(bundle, Canary)+20], inLine("json-truncated", 2)),
		badDocument("FHIR with text behind it", bundle+Canary, inLine("json-malformed", 3)),
		badDocument("JSON too deep", `{"a":`+strings.Repeat("[", 70)+`"`+Canary+`"`, inLine("xml-limit", 1)),
		badDocument("a document over the record's limit", strings.Repeat(Canary+"\n", 250_000), whole("record-size")),
	}
}
