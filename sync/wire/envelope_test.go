package wire_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"tramsync/sync/wire"
)

// content is long enough for several lines, with a last line that isn't full; in base64 it ends with "=".
var content = []byte("<TONG_HOP><MA_LK>V1</MA_LK><HO_TEN>NGUYỄN VĂN THỬ</HO_TEN><DIA_CHI>Thôn Mẫu, xã Mẫu, tỉnh " +
	"Mẫu</DIA_CHI><CHAN_DOAN_RV>Tăng huyết áp vô căn (nguyên phát)</CHAN_DOAN_RV></TONG_HOP>…")

func wrapped(columns int, eol, indent string) string {
	packed := base64.StdEncoding.EncodeToString(content)
	var lines []string
	for len(packed) > columns {
		lines, packed = append(lines, packed[:columns]), packed[columns:]
	}
	return strings.Join(append(lines, packed), eol+indent)
}

// meaning is what XML makes of the text of an element.
func meaning(t *testing.T, raw string) string {
	t.Helper()
	var text string
	if err := xml.Unmarshal([]byte("<N>"+raw+"</N>"), &text); err != nil {
		t.Fatal(err)
	}
	return text
}

func TestUnwrapBase64(t *testing.T) {
	packed := base64.StdEncoding.EncodeToString(content)
	if !strings.HasSuffix(packed, "=") {
		t.Fatal("the content needs padding for this test")
	}
	lf, crlf := wire.Form{Wrap: 64, EOL: "\n"}, wire.Form{Wrap: 76, EOL: "\r\n"}
	raw := func(s string) *wire.Form { return &wire.Form{Raw: s} }
	with := func(f wire.Form, lead, trail string) *wire.Form { f.Lead, f.Trail = lead, trail; return &f }
	tests := []struct {
		name, raw string
		form      *wire.Form
	}{
		{"one line", packed, nil},
		{"one line in white space", "\r\n\t" + packed + " \n", with(wire.Form{}, "\r\n\t", " \n")},
		{"lines of 64, LF", wrapped(64, "\n", ""), &lf},
		{"lines of 76, CRLF", wrapped(76, "\r\n", ""), &crlf},
		{"lines of 76, CRLF, white space around", "\r\n" + wrapped(76, "\r\n", "") + "\r\n  ",
			with(crlf, "\r\n", "\r\n  ")},
		{"a blank line behind", wrapped(64, "\n", "") + "\n\n", with(lf, "", "\n\n")},
		{"indented lines", wrapped(64, "\n", "    "), raw(wrapped(64, "\n", "    "))},
		{"CR alone", wrapped(64, "\r", ""), raw(wrapped(64, "\r", ""))},
		{"lines of two lengths", packed[:10] + "\n" + packed[10:30] + "\n" + packed[30:],
			raw(packed[:10] + "\n" + packed[10:30] + "\n" + packed[30:])},
		{"spaces within", packed[:8] + " " + packed[8:], raw(packed[:8] + " " + packed[8:])},
		{"no padding", strings.TrimRight(packed, "="), raw(strings.TrimRight(packed, "="))},
		{"CR as entities", wrapped(64, "&#13;\n", ""), raw(wrapped(64, "&#13;\n", ""))},
		{"a letter as an entity", "&#x50;" + packed[1:], raw("&#x50;" + packed[1:])},
		{"CDATA", "<![CDATA[" + packed + "]]>", raw("<![CDATA[" + packed + "]]>")},
		{"a comment in it", packed[:8] + "<!-- -->" + packed[8:], raw(packed[:8] + "<!-- -->" + packed[8:])},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := wire.UnwrapBase64("XML1", tt.raw, meaning(t, tt.raw))
			if strings.Contains(tt.raw, "\r") && !strings.Contains(tt.raw, "&#13;") {
				// encoding/xml makes \n of every line end, as XML demands: the text must not decide the form alone.
				d, err = wire.UnwrapBase64("XML1", tt.raw, tt.raw)
			}
			if err != nil {
				t.Fatal(err)
			}
			if d.Type != "XML1" || !bytes.Equal(d.Bytes(), content) || d.Binary != nil {
				t.Errorf("document = %+v", d)
			}
			if (d.Form == nil) != (tt.form == nil) || (d.Form != nil && *d.Form != *tt.form) {
				t.Errorf("form = %+v, want %+v", d.Form, tt.form)
			}
			rebuilt(t, d, tt.raw)
		})
	}
}

// rebuilt proves that a document gives back its text in the file.
func rebuilt(t *testing.T, d wire.Document, raw string) {
	t.Helper()
	source := []byte("<N>" + raw + "</N>")
	v := &wire.Visit{Documents: []wire.Document{d}, Envelope: wire.Envelope{Parts: []string{"<N>", "</N>"}}}
	v.Seal(source)
	if v.Envelope.Whole != nil {
		t.Error("the file was kept whole")
	}
	if got, err := v.Original(); err != nil || !bytes.Equal(got, source) {
		t.Errorf("Original = %q, %v; want %q", got, err, source)
	}
}

func TestUnwrapBase64RefusesWhatIsNone(t *testing.T) {
	for _, text := range []string{"*", "QUJ*", "Q", "QUJD=", "QQ==QQ==", "ễ", "QUJD<", "QU-_"} {
		if d, err := wire.UnwrapBase64("XML1", text, text); err == nil {
			t.Errorf("%q is read as %q", text, d.Bytes())
		} else if strings.Contains(err.Error(), "QUJ") {
			t.Errorf("the error quotes the text: %v", err)
		}
	}
}

func TestDocumentsThatAreNoUTF8KeepTheirBytes(t *testing.T) {
	odd := "<a>\xff</a>"
	raw := base64.StdEncoding.EncodeToString([]byte(odd))
	d, err := wire.UnwrapBase64("XML1", raw, raw)
	if err != nil || d.Content != "" || string(d.Binary) != odd {
		t.Fatalf("document = %+v, %v", d, err)
	}
	rebuilt(t, d, raw)
}

func TestInlineDocumentsStandAsTheyStood(t *testing.T) {
	d := wire.NewDocument("XML1", content, &wire.Form{Inline: true, Lead: "\n  ", Trail: "\n"})
	rebuilt(t, d, "\n  "+string(content)+"\n")
}

func TestOriginalInUTF16(t *testing.T) {
	text := "\ufeff<?xml version=\"1.0\" encoding=\"utf-16\"?><N>" + wrapped(64, "\r\n", "") + "</N>ễ𝄞"
	for enc, order := range map[string]binary.AppendByteOrder{
		wire.UTF16LE: binary.LittleEndian, wire.UTF16BE: binary.BigEndian,
	} {
		t.Run(enc, func(t *testing.T) {
			source := utf16Bytes(text, order)
			d, err := wire.UnwrapBase64("XML1", wrapped(64, "\r\n", ""), wrapped(64, "\r\n", ""))
			if err != nil {
				t.Fatal(err)
			}
			head, tail, _ := strings.Cut(text, wrapped(64, "\r\n", ""))
			v := &wire.Visit{Documents: []wire.Document{d},
				Envelope: wire.Envelope{Encoding: enc, Parts: []string{head, tail}}}
			v.Seal(source)
			if got, err := v.Original(); err != nil || !bytes.Equal(got, source) || v.Envelope.Whole != nil {
				t.Errorf("Original = %d bytes of %d, %v; %+v", len(got), len(source), err, v.Envelope)
			}
		})
	}
}

func TestSealKeepsWholeWhatPartsCannotGiveBack(t *testing.T) {
	doc := wire.NewDocument("XML1", content, &wire.Form{Wrap: 64, EOL: "\n"})
	tests := []struct {
		name     string
		envelope wire.Envelope
		original string
	}{
		{"other bytes", wire.Envelope{Parts: []string{"<a>", "</a>"}}, "<b/>"},
		{"a byte more at the end", wire.Envelope{Parts: []string{"<a>", "</a>"}}, "<a>" + wrapped(64, "\n", "") + "</a>\n"},
		{"a byte less at the end", wire.Envelope{Parts: []string{"<a>", "</a>"}}, "<a>" + wrapped(64, "\n", "") + "</a"},
		{"another byte in base64", wire.Envelope{Parts: []string{"<a>", "</a>"}},
			"<a>" + strings.Replace(wrapped(64, "\n", ""), "\n", "\t", 1) + "</a>"},
		{"a part too few", wire.Envelope{Parts: []string{"<a>"}}, "<a>"},
		{"an unknown encoding", wire.Envelope{Encoding: "tcvn3", Parts: []string{"<a>", "</a>"}}, "<a></a>"},
		{"parts that are no UTF-8", wire.Envelope{Parts: []string{"\xff", ""}}, "\xff" + wrapped(64, "\n", "")},
		{"half a pair", wire.Envelope{Encoding: wire.UTF16LE, Parts: []string{"\ufffd", ""}}, "\x00\xd8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := &wire.Visit{Documents: []wire.Document{doc}, Envelope: tt.envelope}
			v.Seal([]byte(tt.original))
			if string(v.Envelope.Whole) != tt.original || v.Envelope.Parts != nil || v.Documents[0].Form != nil {
				t.Errorf("envelope = %+v, form %+v", v.Envelope, v.Documents[0].Form)
			}
			if got, err := v.Original(); err != nil || string(got) != tt.original {
				t.Errorf("Original = %q, %v", got, err)
			}
		})
	}
}

func TestSealComparesAnOriginalInPieces(t *testing.T) {
	whole := "<a>" + wrapped(64, "\n", "") + "</a>"
	for size := 1; size <= len(whole)+1; size++ {
		pieces := append(slices.Collect(slices.Chunk([]byte(whole), size)), nil)
		v := &wire.Visit{Documents: []wire.Document{wire.NewDocument("XML1", content, &wire.Form{Wrap: 64, EOL: "\n"})},
			Envelope: wire.Envelope{Parts: []string{"<a>", "</a>"}}}
		if v.Seal(pieces...); v.Envelope.Whole != nil {
			t.Fatalf("in pieces of %d it is kept whole", size)
		}
		pieces[len(pieces)-1] = []byte("x")
		if v.Seal(pieces...); string(v.Envelope.Whole) != whole+"x" {
			t.Fatalf("in pieces of %d and one more it isn't kept whole", size)
		}
	}
}

func TestOriginalRefuses(t *testing.T) {
	for name, e := range map[string]wire.Envelope{
		"parts that don't fit": {Parts: []string{"a", "b", "c"}}, "no parts": {},
		"an unknown encoding": {Encoding: "utf-32", Parts: []string{"a", "b"}},
		"a trimmed visit":     {Trimmed: true, Parts: []string{"a", "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			v := &wire.Visit{Documents: []wire.Document{wire.NewDocument("XML1", content, nil)}, Envelope: e}
			if got, err := v.Original(); err == nil {
				t.Errorf("Original = %q", got)
			}
		})
	}
}
