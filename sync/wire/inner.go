package wire

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Inner reads the documents in the values of a row that isn't a document's, as ParseTable reads those in a document's
// values: marked-up text, XML, JSON, base64 and data: addresses. Their rows have no ranges, and not the numbers of
// signatures. An error is a SyntaxError: something can't be looked into, or is too deep. The rows are those before it.
func (r *TableRow) Inner() ([]TableRow, error) {
	var o otherParser
	err := o.inside(r, 0)
	for i := range o.table.Rows {
		row := &o.table.Rows[i]
		row.Fields = slices.DeleteFunc(row.Fields, isSignatureNumber)
	}
	return o.table.Rows, err
}

// IsPlain tells at once that a value holds nothing but itself, as most do. false says nothing.
func IsPlain(value string) bool {
	return len(value) < minPacked && !strings.ContainsAny(value, "<&{[,") // data: addresses have a comma
}

// isSignatureNumber tells what is in a signature's elements (W3C XML Signature, ETSI XAdES): certificates are long
// enough for a code to come up in one by chance.
func isSignatureNumber(f Field) bool {
	switch f.Name {
	case "DigestValue", "SignatureValue", "Modulus", "X509Certificate", "X509CRL", "X509SKI", "EncapsulatedTimeStamp",
		"EncapsulatedX509Certificate", "EncapsulatedOCSPValue", "EncapsulatedCRLValue":
		content, ok := decodeBase64(f.Value)
		return ok && looksPacked(strings.TrimSpace(f.Value)) && !utf8.Valid(content)
	}
	return false
}
