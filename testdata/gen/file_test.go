package gen_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"tramsync/testdata/gen"
)

// export is a GIAMDINHHS file as the standard decoder sees it.
type export struct {
	XMLName xml.Name `xml:"GIAMDINHHS"`
	Sender  string   `xml:"THONGTINDONVI>MACSKCB"`
	Date    string   `xml:"THONGTINHOSO>NGAYLAP"`
	Count   int      `xml:"THONGTINHOSO>SOLUONGHOSO"`
	Visits  []hoSo   `xml:"THONGTINHOSO>DANHSACHHOSO>HOSO"`
	Signed  string   `xml:"CHUKYDONVI>Signature>SignatureValue"`
}

type hoSo struct {
	Files []struct {
		Type    string `xml:"LOAIHOSO"`
		Content struct {
			Text  string `xml:",chardata"`
			Inner string `xml:",innerxml"`
		} `xml:"NOIDUNGFILE"`
	} `xml:"FILEHOSO"`
}

func parse(t *testing.T, file []byte) export {
	t.Helper()
	var e export
	if err := xml.Unmarshal(file, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// docs undoes base64, or takes what stands there.
func (h hoSo) docs(t *testing.T, inline bool) []gen.Doc {
	t.Helper()
	var all []gen.Doc
	for _, f := range h.Files {
		content := f.Content.Inner
		if !inline {
			b, err := base64.StdEncoding.DecodeString(f.Content.Text)
			if err != nil {
				t.Fatalf("%s: %v", f.Type, err)
			}
			content = string(b)
		}
		all = append(all, gen.Doc{Type: f.Type, Content: content})
	}
	return all
}

func utf8Of(t *testing.T, file []byte) []byte {
	t.Helper()
	if len(file)%2 != 0 || !bytes.HasPrefix(file, []byte{0xff, 0xfe}) {
		t.Fatalf("not UTF-16LE with BOM: % x", file[:4])
	}
	var units []uint16
	for i := 2; i < len(file); i += 2 {
		units = append(units, binary.LittleEndian.Uint16(file[i:]))
	}
	return []byte(string(utf16.Decode(units)))
}

func TestFile_envelopes_hold_the_same_visits(t *testing.T) {
	s := gen.New(1)
	visits := []gen.Visit{s.Visit(0), s.Visit(5), s.Visit(2)}
	tests := map[string]gen.Envelope{
		"a plain file":              {},
		"base64 wrapped at 64":      {Wrap: 64},
		"base64 wrapped, CRLF, BOM": {Wrap: 76, CRLF: true, BOM: true},
		"inner documents inline":    {Inline: true},
		"a signed file":             {Signed: true},
		"a file of UTF-16":          {UTF16: true},
		"all but inline":            {Date: "20260102", Wrap: 64, CRLF: true, BOM: true, Signed: true, UTF16: true},
	}
	for name, envelope := range tests {
		t.Run(name, func(t *testing.T) {
			file := gen.File(envelope, visits...)
			if got := bytes.HasPrefix(file, []byte("\ufeff")); got != (envelope.BOM && !envelope.UTF16) {
				t.Errorf("UTF-8 BOM: %v", got)
			}
			if envelope.UTF16 {
				file = bytes.Replace(utf8Of(t, file), []byte(`"utf-16"`), []byte(`"utf-8"`), 1)
			}
			lf, crlf := bytes.Count(file, []byte("\n")), bytes.Count(file, []byte("\r\n"))
			if (lf == crlf) != envelope.CRLF {
				t.Errorf("%d of %d line ends are CRLF", crlf, lf)
			}
			got := parse(t, file)
			date := "20261121"
			if envelope.Date != "" {
				date = envelope.Date
			}
			head := []any{got.Sender, got.Date, got.Count, len(got.Visits)}
			if diff := cmp.Diff([]any{"99001", date, 3, 3}, head); diff != "" {
				t.Fatalf("MACSKCB, NGAYLAP, SOLUONGHOSO, HOSO (-want +got):\n%s", diff)
			}
			if (got.Signed != "") != envelope.Signed {
				t.Errorf("signature %q", got.Signed)
			}
			for i, v := range visits {
				if diff := cmp.Diff(expected(v, envelope.Inline), got.Visits[i].docs(t, envelope.Inline)); diff != "" {
					t.Errorf("visit %d (-want +got):\n%s", i, diff)
				}
			}
		})
	}
}

// expected is what a file holds of v: inline documents have no declaration.
func expected(v gen.Visit, inline bool) []gen.Doc {
	var docs []gen.Doc
	for _, d := range v.Docs {
		if inline {
			d.Content = strings.TrimPrefix(d.Content, declaration)
		}
		docs = append(docs, d)
	}
	return docs
}

func TestFile_UTF16_decodes_to_the_UTF8_file(t *testing.T) {
	v := gen.New(1).Visit(1)
	want := string(gen.File(gen.Envelope{CRLF: true}, v))
	got := string(utf8Of(t, gen.File(gen.Envelope{CRLF: true, UTF16: true}, v)))
	if got = strings.Replace(got, `encoding="utf-16"`, `encoding="utf-8"`, 1); got != want {
		t.Errorf("files differ:\n%s", cmp.Diff(want, got))
	}
}

func TestFile_wraps_base64(t *testing.T) {
	file := gen.File(gen.Envelope{Wrap: 64}, gen.New(1).Visit(1))
	long := 0
	for line := range strings.Lines(string(file)) {
		line = strings.TrimSuffix(line, "\n")
		if !strings.Contains(line, "<") && len(line) != 64 {
			t.Errorf("a line of %d columns: %s", len(line), line)
		}
		if len(line) == 64 {
			long++
		}
	}
	if long < 50 {
		t.Errorf("only %d full lines", long)
	}
}

func TestFile_signature_depends_on_what_is_signed(t *testing.T) {
	v := gen.New(1).Visit(1)
	signature := func(date string, v gen.Visit) string {
		return parse(t, gen.File(gen.Envelope{Signed: true, Date: date}, v)).Signed
	}
	a := signature("20260101", v)
	if a != signature("20260101", v) {
		t.Error("the same file has two signatures")
	}
	if a == signature("20260102", v) || a == signature("20260101", v.Changed()) {
		t.Error("different files share a signature")
	}
}

func TestFile_without_visits_is_an_empty_list(t *testing.T) {
	got := parse(t, gen.File(gen.Envelope{}))
	if got.Count != 0 || len(got.Visits) != 0 {
		t.Errorf("SOLUONGHOSO %d, %d HOSO", got.Count, len(got.Visits))
	}
}
