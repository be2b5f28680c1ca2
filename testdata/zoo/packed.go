package zoo

import "strings"

// SignedCertificate is a driver's health certificate (CV 507/BHXH-CNTT 2023), which its signed form repeats in base64,
// with a further member of both.
func SignedCertificate(name, value string) string {
	signed := "<GKSKLX><SO>00001/GKSKLX/99001/26</SO><HOTEN>NGUYỄN THỊ MẪU</HOTEN><" + name + ">" + value + "</" + name +
		`><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo><Reference><DigestValue>` + b64(signature) +
		"</DigestValue></Reference></SignedInfo><SignatureValue>" + b64(signature+"\x07\x6d\xf4"+signature) +
		"</SignatureValue></Signature></GKSKLX>"
	return strings.TrimSuffix(certificate, "}") + `,"` + name + `":"` + value + `","SIGNDATA":"` + b64(signed) + `"}`
}

// packedValues are rows whose values are documents themselves. They stay as they stand: screening looks into them.
func packedValues() []Case {
	summary, pdf := b64(Summary("L1")), b64("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj")
	picture := "data:image/png;base64," + b64("\x89PNG\r\n\x1a\n\x00\x00")
	object := func(value string) string { return `[{"MA":"A","LAN":1,"V":` + value + `}]` }
	json := func(name, value string) Case {
		return rows(name+" in a row", object(value), objectA+" V="+strings.Trim(value, `"`))
	}
	xml := func(name, value string) Case {
		return tree(name+" in an item", "<DS>"+item(keyOfA+"<V>"+value+"</V>")+"</DS>",
			plainA+" V="+strings.NewReplacer("&lt;", "<", "&gt;", ">").Replace(value))
	}
	signed := SignedCertificate("LYDO", "Cấp mới")
	_, signData, _ := strings.Cut(signed, `"SIGNDATA":"`)
	return []Case{
		json("a document", `"`+summary+`"`),
		json("a document deeper", `{"a":["`+summary+`"]}`),
		json("an object in base64", `"`+b64(`{"MA_BENH":"J00","X":"Viêm mũi họng"}`)+`"`),
		json("words in base64", `"`+b64("Chẩn đoán: viêm mũi họng")+`"`),
		json("a picture", `"`+picture+`"`),
		xml("a document", summary),
		xml("a document as text", strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(Summary("L1"))),
		xml("a PDF", pdf),
		tree("a document in an item's attribute", "<DS>"+item(keyOfA+`<V d="&lt;?xml version='1.0'?>x"/>`)+"</DS>",
			plainA+` V={"@d":"<?xml version='1.0'?>x"}`),
		list("a document in a list", "MA;NGAY;V\nA;01/09/2026;"+summary+"\n", plainA+" V="+summary),
		list("a PDF in a list", "MA;NGAY;V\nA;01/09/2026;"+pdf+"\n", plainA+" V="+pdf),
		sheets("a document in a sheet", "MA|NGAY|V\nA|01/09/2026|"+summary+"\n", plainA+" V="+summary),
		rows("a certificate with its signed form", signed, "gksklx 00001/GKSKLX/99001/26 @99001 GIOITINHVAL=1 "+
			"HOTEN=NGUYỄN THỊ MẪU LYDO=Cấp mới NONGDOCON=0.0 SIGNDATA="+strings.TrimSuffix(signData, `"}`)+
			" SO=00001/GKSKLX/99001/26").as(driver()),
	}
}

// Book is a workbook of one sheet: lines of cells with a | between them.
func Book(rows string) string { return book(sheet{name: "Sheet1", rows: rows}) }
