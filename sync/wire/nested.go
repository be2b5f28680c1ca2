package wire

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

const (
	// minPacked is the length from which a value in base64 is looked into though nothing says that it is a document. A
	// shorter one can be a word.
	minPacked = 24
	// minRun is the same of base64 amid running text, and of a line of it.
	minRun = 40
	// maxDigest is more than a hash, a signature or a key has, in bytes. Certificates are larger, but ASN.1.
	maxDigest = 1 << 10
)

// nest looks for documents in the values of one row.
type nest struct {
	typed  bool            // the row says what its data is
	packed map[string]bool // elements that are in base64 by their attribute
}

func newNest(r *TableRow) nest {
	n := nest{}
	for i := range r.Fields {
		f := &r.Fields[i]
		switch strings.TrimSuffix(f.Name, "@value") {
		case "contentType", "sigFormat", "targetFormat":
			n.typed = n.typed || strings.TrimSpace(f.Value) != ""
		}
	}
	return n
}

// in gives the texts of the documents that a field holds. It must be asked for all fields of the row in their order.
// A document that isn't text is an error.
func (n *nest) in(f *Field) ([][]byte, error) {
	declared := n.isDeclared(f)
	value := strings.TrimSpace(f.Value)
	switch {
	case f.Name == textField:
		return nestedInText(value)
	case value == "":
		return nil, nil
	case hasMarks(value), isJSON([]byte(value)):
		return [][]byte{[]byte(value)}, nil
	case len(value) >= 5 && strings.EqualFold(value[:5], "data:"):
		if content, ok := dataURL(value[5:]); ok {
			return textOf(content)
		}
		return nil, nil
	case !declared && !looksPacked(value):
		return nil, nil
	}
	content, ok := decodeBase64(value)
	switch {
	case !ok:
		return nil, nil
	case declared:
		return textOf(content)
	default:
		return undeclared(content)
	}
}

// isDeclared reports whether what stands beside a value says that it is a document: representation="B64" of HL7 CDA,
// and in FHIR the data of an Attachment, Binary or Signature, and base64Binary values.
func (n *nest) isDeclared(f *Field) bool {
	if name, ok := strings.CutSuffix(f.Name, "@representation"); ok {
		if n.packed == nil {
			n.packed = map[string]bool{}
		}
		n.packed[name] = strings.EqualFold(strings.TrimSpace(f.Value), "B64")
		return false
	}
	switch strings.TrimSuffix(f.Name, "@value") {
	case "valueBase64Binary":
		return true
	case "data":
		return n.typed
	}
	declared := n.packed[f.Name]
	delete(n.packed, f.Name) // the next element of the name has attributes of its own
	return declared
}

// looksPacked tells base64 from words: it has long lines.
func looksPacked(value string) bool {
	end := strings.IndexAny(value, whiteSpace)
	return end < 0 && len(value) >= minPacked || end >= minRun
}

func textOf(content []byte) ([][]byte, error) {
	text, err := DocumentText(content)
	return [][]byte{text}, err
}

// undeclared judges base64 that nothing calls a document. Hashes and keys are let through: there is nothing in them to
// be read.
func undeclared(content []byte) ([][]byte, error) {
	if utf8.Valid(content) || SniffUTF16(content) != "" {
		if text, err := DocumentText(content); err == nil {
			return [][]byte{text}, nil
		}
	}
	isASN1 := len(content) > 1 && content[0] == 0x30 && content[1]&0xF0 == 0x80
	if isPacked(content) || isASN1 && isEnveloping(content) || len(content) > maxDigest && !isASN1 {
		return nil, unscreenable()
	}
	return nil, nil
}

// isEnveloping tells a signature with what it signs in it from one without (CMS SignedData, RFC 5652, 5.1 and 5.2).
func isEnveloping(asn1 []byte) bool {
	const pkcs7 = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07" // and the last arc: 1 data, 2 signed data
	_, signed, _ := bytes.Cut(asn1[:min(len(asn1), 256)], []byte(pkcs7+"\x02"))
	_, content, _ := bytes.Cut(signed, []byte(pkcs7+"\x01"))
	return len(content) > 0 && content[0] == 0xa0
}

// hasMarks reports whether there are tags or entities in a text: what they stand for reads differently.
func hasMarks(text string) bool {
	if strings.Contains(text, "&") && html.UnescapeString(text) != text {
		return true
	}
	for rest := text[:strings.LastIndexByte(text, '>')+1]; ; {
		_, after, ok := strings.Cut(rest, "<")
		if !ok {
			return false
		}
		if isMarkup([]byte("<" + after[:1])) {
			return true
		}
		rest = after
	}
}

// nestedInText looks for tags that are text and for base64, as messages of HL7 v2 and electronic cards carry it.
func nestedInText(text string) ([][]byte, error) {
	var out [][]byte
	if hasMarks(text) {
		out = append(out, []byte(text))
	}
	for _, run := range runsOfBase64(text) {
		content, ok := decodeBase64(run)
		if !ok {
			continue
		}
		inner, err := undeclared(content)
		if err != nil {
			return nil, err
		}
		out = append(out, inner...)
	}
	return out, nil
}

// runsOfBase64 gives long stretches of base64 in a line, and lines of it that follow one another, the last of which may
// be short.
func runsOfBase64(text string) []string {
	var out []string
	var block strings.Builder
	outside := func(r rune) bool { return !isBase64(r) }
	flush := func() {
		if block.Len() > 0 {
			out = append(out, block.String())
		}
		block.Reset()
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		packed := strings.TrimRight(line, "=")
		whole := packed != "" && !strings.ContainsFunc(packed, outside)
		if whole && (len(packed) >= minRun || block.Len() > 0) {
			block.WriteString(packed)
		}
		if whole && len(line) >= minRun && len(packed) == len(line) {
			continue
		}
		flush()
		if whole {
			continue
		}
		for run := range strings.FieldsFuncSeq(line, outside) {
			if len(run) >= minRun {
				out = append(out, run)
			}
		}
	}
	flush()
	return out
}

func isBase64(r rune) bool {
	return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '+' || r == '/'
}

var unpacked = strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "", "-", "+", "_", "/")

// decodeBase64 decodes base64 of either alphabet (RFC 4648), with or without white space and padding.
func decodeBase64(value string) ([]byte, bool) {
	outside := func(r rune) bool { return !isBase64(r) && !strings.ContainsRune(whiteSpace+"-_=", r) }
	if strings.ContainsFunc(value, outside) {
		return nil, false
	}
	content, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(unpacked.Replace(value), "="))
	return content, err == nil && len(content) > 0
}

// dataURL decodes what follows data: in an address (RFC 2397). In a sentence that begins so there is white space.
func dataURL(rest string) ([]byte, bool) {
	head, body, ok := strings.Cut(rest, ",")
	if !ok || strings.ContainsAny(head, whiteSpace) {
		return nil, false
	}
	text, err := url.PathUnescape(body)
	if err != nil {
		return nil, false
	}
	if strings.HasSuffix(strings.ToLower(head), ";base64") {
		return decodeBase64(text)
	}
	return []byte(text), true
}
