package gen

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
)

// Envelope is how an exporter writes a GIAMDINHHS file. The zero value is a plain
// one: UTF-8 without BOM, LF, base64 on one line, unsigned.
type Envelope struct {
	Date   string // NGAYLAP, yyyyMMdd; 20261121 if empty
	Wrap   int    // columns at which base64 is broken; 0: not at all
	CRLF   bool
	BOM    bool // before UTF-8; UTF16 always has one
	Inline bool // inner documents as they are instead of in base64
	Signed bool // a CHUKYDONVI in the shape of XMLDSig; it is made up and verifies nowhere
	UTF16  bool // little endian
}

// envelope is the layout of testdata/exports/his4750_one.xml.
const envelope = `<?xml version="1.0" encoding="%s"?>
<GIAMDINHHS xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<THONGTINDONVI><MACSKCB>%s</MACSKCB></THONGTINDONVI>
<THONGTINHOSO><NGAYLAP>%s</NGAYLAP><SOLUONGHOSO>%d</SOLUONGHOSO><DANHSACHHOSO>
%s</DANHSACHHOSO></THONGTINHOSO>
%s
</GIAMDINHHS>`

// File returns a GIAMDINHHS export of the visits, one HOSO each.
func File(e Envelope, visits ...Visit) []byte {
	date, encoding, signature := e.Date, "utf-8", "<CHUKYDONVI />"
	if date == "" {
		date = "20261121"
	}
	if e.UTF16 {
		encoding = "utf-16"
	}
	var list strings.Builder
	for _, v := range visits {
		list.WriteString("<HOSO>\n")
		for _, d := range v.Docs {
			list.WriteString("<FILEHOSO><LOAIHOSO>" + d.Type + "</LOAIHOSO><NOIDUNGFILE>")
			list.WriteString(e.content(d.Content))
			list.WriteString("</NOIDUNGFILE></FILEHOSO>\n")
		}
		list.WriteString("</HOSO>\n")
	}
	if e.Signed {
		signature = sign(date + list.String())
	}
	text := fmt.Sprintf(envelope, encoding, facility, date, len(visits), list.String(), signature)
	if e.CRLF {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return e.encode(text)
}

// content is what stands in NOIDUNGFILE.
func (e Envelope) content(inner string) string {
	if e.Inline {
		return strings.TrimPrefix(inner, declaration)
	}
	text := base64.StdEncoding.EncodeToString([]byte(inner))
	if e.Wrap <= 0 {
		return text
	}
	var b strings.Builder
	for len(text) > e.Wrap {
		b.WriteString(text[:e.Wrap] + "\n")
		text = text[e.Wrap:]
	}
	return b.String() + text
}

func (e Envelope) encode(text string) []byte {
	if !e.UTF16 {
		if e.BOM {
			text = "\ufeff" + text
		}
		return []byte(text)
	}
	units := utf16.Encode([]rune("\ufeff" + text))
	out := make([]byte, 0, 2*len(units))
	for _, u := range units {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

// sign makes up a signature of the right shape that changes with the text.
func sign(text string) string {
	const shape = `<CHUKYDONVI><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>` +
		`<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315" />` +
		`<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" />` +
		`<Reference URI=""><Transforms>` +
		`<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature" /></Transforms>` +
		`<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256" />` +
		`<DigestValue>%s</DigestValue></Reference></SignedInfo><SignatureValue>%s</SignatureValue>` +
		`<KeyInfo><X509Data><X509SubjectName>CN=Trạm Y tế xã Mẫu (THỬ NGHIỆM)</X509SubjectName></X509Data></KeyInfo>` +
		`</Signature></CHUKYDONVI>`
	digest := sha256.Sum256([]byte(text))
	var value []byte
	for block := byte(0); len(value) < 256; block++ { // as long as an RSA-2048 signature
		part := sha256.Sum256(append(digest[:], block))
		value = append(value, part[:]...)
	}
	return fmt.Sprintf(shape, base64.StdEncoding.EncodeToString(digest[:]), base64.StdEncoding.EncodeToString(value))
}
