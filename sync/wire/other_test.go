package wire_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
	"tramsync/testdata/zoo"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

type otherCase struct {
	name, doc string
	want      []string
}

func readOther(t *testing.T, cases []otherCase) {
	t.Helper()
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			got, err := wire.ParseTable("DOCUMENT", []byte(tt.doc))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, flat(&got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseTable_reads_JSON(t *testing.T) {
	readOther(t, []otherCase{
		{"an object", `{"a":"1","b":1.50,"c":true,"d":null,"e":""}`, []string{"[a=1 b=1.50 c=true e=]"}},
		{"objects in one another", `{"a":{"b":{"c":1},"d":2},"e":3}`, []string{"b[c=1]", "a[d=2]", "[e=3]"}},
		{"a list of objects", `[{"a":1},{"a":2}]`, []string{"[a=1]", "[a=2]"}},
		{"a list of values", `{"a":["x",["y"]]}`, []string{"a[a=y]", "a[a=x]"}},
		{"escapes", `{"a":"\u0048IV \"x\"\n"}`, []string{"[a=HIV \"x\"\n]"}},
		{"a member twice", `{"a":1,"a":2}`, []string{"[a=1 a=2]"}},
		{"a line each", "{\"a\":1}\n{\"a\":2}\n", []string{"[a=1]", "[a=2]"}},
		{"space and a byte order mark", "\ufeff { \"a\" : [ 1 , 2 ] } ", []string{"a[a=1 a=2]"}},
		{"nothing", "{}", nil},
		{"in UTF-16", string(utf16Bytes("\ufeff{\"a\":\"ễ\"}", binary.BigEndian)), []string{"[a=ễ]"}},
		{"text in brackets", "[2 viên/ngày]", []string{"#text[#text=[2 viên/ngày]]"}},
		{"text in braces", "{sáng, chiều}", []string{"#text[#text={sáng, chiều}]"}},
	})
}

func TestParseTable_reads_running_text(t *testing.T) {
	readOther(t, []otherCase{
		{"a word in several elements", "<a>H<b>I</b>V</a>", []string{"a[b=I a=HV]", "#text[#text=HIV #text=H I V]"}},
		{"paragraphs of CDA", "<s><text><paragraph>nghiện</paragraph><paragraph>ma túy</paragraph></text></s>",
			[]string{"text[paragraph=nghiện paragraph=ma túy]", "#text[#text=\nnghiện\n\nma túy\n]"}},
		{"text in text", "<s><div>x<text>y<b>z</b></text></div></s>",
			[]string{"text[b=z text=y]", "div[div=x]", "#text[#text=x\nyz\n #text=x y z  ]"}},
		{"two texts", "<s><text><b>x</b></text><c>1</c><text><b>y</b></text></s>",
			[]string{"text[b=x]", "text[b=y]", "s[c=1]", "#text[#text=x]", "#text[#text=y]"}},
		{"no text beside elements", "<s><a>1</a><b>2</b></s>", []string{"s[a=1 b=2]"}},
		{"HTML that is no XML", "<!DOCTYPE html><p class=x>H<b>I</b>V&nbsp;x<br>y", []string{
			"#text[#text=\nHIV\u00a0x\ny #text= H I V\u00a0x y]", "html[#comment=html p@class=x]"}},
		{"HTML with scripts and comments", "<html><script>var a='<b>'</script><!--c--><td>1<td>2</html>", []string{
			"#text[#text=var a='<b>'\n1\n2]", "html[#comment=c]", "#text[#text=var a=''\n1\n2 #text=var a=' '\n1\n2]"}},
		{"HTML behind comments", "<!--c-->\n<?x?><!DOCTYPE html>\n<br>x", []string{"#text[#text=\n\n\nx]",
			"html[#comment=c #comment=?x? #comment=html]"}},
		{"plain text", "Giấy hẹn < 3 ngày", []string{"#text[#text=Giấy hẹn < 3 ngày]"}},
		{"plain text in windows-1258", "Gi\xe2\xecy h\xean", []string{"#text[#text=Gi\u00e2\u0301y h\u00ean]"}},
		{"XML in windows-1258", "<a><b>h\xean</b></a>", []string{"a[b=hên]"}},
	})
}

func TestParseTable_reads_what_documents_hold(t *testing.T) {
	long := strings.Repeat("Viêm mũi họng cấp. ", 5)
	packed := b64(long)
	inner := `<p a="1">x</p>`
	readOther(t, []otherCase{
		{"XML in a string", `{"a":"<p a='1'>x</p>"}`, []string{"[a=<p a='1'>x</p>]", "p[p@a=1 p=x]"}},
		{"tags in a text", `{"a":"cũ: H<b>I</b>V"}`, []string{"[a=cũ: H<b>I</b>V]", "#text[#text=cũ: HIV #text=cũ: H I V]"}},
		{"entities in a string", `{"a":"ngh&#7879;n"}`, []string{"[a=ngh&#7879;n]", "#text[#text=nghện]"}},
		{"tags that are text", "<a><b>&lt;i&gt;x&lt;/i&gt;</b></a>", []string{"a[b=<i>x</i>]", "i[i=x]"}},
		{"JSON in a string", `{"a":"{\"b\":1}"}`, []string{`[a={"b":1}]`, "[b=1]"}},
		{"what only looks like JSON", `{"a":"{\"b\":"}`, []string{`[a={"b":]`, `#text[#text={"b":]`}},
		{"signs that are no tags", `{"a":"x < y & z > 1","b":"<5"}`, []string{"[a=x < y & z > 1 b=<5]"}},
		{"base64 that nothing declares", `{"a":"` + packed + `"}`,
			[]string{"[a=" + packed + "]", "#text[#text=" + long + "]"}},
		{"base64 without padding and of the other alphabet",
			`{"a":"` + base64.RawURLEncoding.EncodeToString([]byte(long+"ễ?>")) + `"}`,
			[]string{"[a=" + base64.RawURLEncoding.EncodeToString([]byte(long+"ễ?>")) + "]", "#text[#text=" + long + "ễ?>]"}},
		{"a word like base64", `{"a":"SElWIMSRdA==","data":"SElW"}`, []string{"[a=SElWIMSRdA== data=SElW]"}},
		{"data of a FHIR attachment", `{"contentType":"text/plain","data":"SElW"}`,
			[]string{"[contentType=text/plain data=SElW]", "#text[#text=HIV]"}},
		{"data of a FHIR attachment in XML", `<a><contentType value="text/plain"/><data value="SElW"/></a>`,
			[]string{"a[contentType@value=text/plain contentType= data@value=SElW data=]", "#text[#text=HIV]"}},
		{"a value of FHIR", `{"valueBase64Binary":"SElW"}`, []string{"[valueBase64Binary=SElW]", "#text[#text=HIV]"}},
		{"representation of CDA", `<a><text representation="B64">SElW</text><text>SElW</text></a>`,
			[]string{"a[text@representation=B64 text=SElW text=SElW]", "#text[#text=HIV]"}},
		{"representation with a reference", `<a><text representation="B64">SElW<reference value="x"/></text></a>`,
			[]string{"text[text@representation=B64 reference@value=x reference= text=SElW]",
				"#text[#text=SElW]", "#text[#text=HIV]"}},
		{"another representation", `<a><text representation="TXT">SElW</text></a>`,
			[]string{"a[text@representation=TXT text=SElW]"}},
		{"an address with data", `<a><img src="DATA:text/html;base64,` + b64(inner) + `"/></a>`,
			[]string{"a[img@src=DATA:text/html;base64," + b64(inner) + " img=]", "p[p@a=1 p=x]"}},
		{"an address with text", `{"a":"data:,H%49V"}`, []string{"[a=data:,H%49V]", "#text[#text=HIV]"}},
		{"sentences that begin with data", `{"a":"data: 5 mg, x","b":"data:a,%","c":"data:"}`,
			[]string{"[a=data: 5 mg, x b=data:a,% c=data:]"}},
		{"base64 of an impossible length", "x " + packed[:41], []string{"#text[#text=x " + packed[:41] + "]"}},
		{"base64 in lines amid text", "x\n" + packed[:60] + "\n" + packed[60:120] + "\n" + packed[120:] + "\ny",
			[]string{"#text[#text=x\n" + packed[:60] + "\n" + packed[60:120] + "\n" + packed[120:] + "\ny]",
				"#text[#text=" + long + "]"}},
		{"base64 in a line of text", "OBX|ED^" + packed + "|", []string{"#text[#text=OBX|ED^" + packed + "|]",
			"#text[#text=" + long + "]"}},
	})
}

func TestParseTable_refuses_what_it_cannot_read(t *testing.T) {
	long := strings.Repeat("x", 40)
	big := "\xff\x00" + strings.Repeat("bytes of nothing ", 100)
	for _, tt := range []struct{ name, doc, code string }{
		{"a PDF", "%PDF-1.7", wire.SyntaxUnscreenable},
		{"a zip", "PK\x03\x04", wire.SyntaxUnscreenable},
		{"NUL in text", "HI\x00V", wire.SyntaxUnscreenable},
		{"RTF", `{\rtf1 x}`, wire.SyntaxUnscreenable},
		{"a mail", "Subject: x\r\nContent-Transfer-Encoding: base64\r\n\r\nSElW", wire.SyntaxUnscreenable},
		{"no character of windows-1258", "x\x8fy", wire.SyntaxUnscreenable},
		{"damaged UTF-8", "nghiện ma t\xfay", wire.SyntaxUTF8},
		{"damaged UTF-8 in XML", "<a>nghiện ma t\xfay</a>", wire.SyntaxUTF8},
		{"a PDF that is declared", `{"contentType":"x","data":"` + b64("%PDF-1.7") + `"}`, wire.SyntaxUnscreenable},
		{"bytes that are declared", `{"contentType":"x","data":"` + b64("a\x00b") + `"}`, wire.SyntaxUnscreenable},
		{"a PDF that isn't", `{"x":"` + b64("%PDF-1.7 01234567890") + `"}`, wire.SyntaxUnscreenable},
		{"many bytes that nothing declares", `{"x":"` + b64(big) + `"}`, wire.SyntaxUnscreenable},
		{"a PDF amid text", "x " + b64("%PDF-1.7 "+long), wire.SyntaxUnscreenable},
		{"JSON in a string too deep", `{"a":"{\"b\":` + strings.Repeat("[", 64) + `"}`, wire.SyntaxLimit},
		{"a picture in an address", `{"x":"data:image/png;base64,` + b64("\x89PNG\x00") + `"}`, wire.SyntaxUnscreenable},
		{"documents three deep", `{"x":"<a>&lt;b>&amp;lt;c>y&amp;lt;/c>&lt;/b></a>"}`, wire.SyntaxUnscreenable},
		{"JSON cut off", `{"a":[1,`, wire.SyntaxJSONTruncated},
		{"JSON with a comma too many", `{"a":[1,]}`, wire.SyntaxJSON},
		{"JSON with text behind it", `{"a":1} x`, wire.SyntaxJSON},
		{"JSON too deep", `{"a":` + strings.Repeat("[", 64), wire.SyntaxLimit},
		{"too many documents", `{"a":["` + strings.Repeat(`<b>","`, 50_001) + `"]}`, wire.SyntaxLimit},
		{"XML cut off", "<a><b>", wire.SyntaxTruncated},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := wire.ParseTable("DOCUMENT", []byte(tt.doc))
			var se *wire.SyntaxError
			if !errors.As(err, &se) || se.Code != tt.code || len(got.Rows) > 0 {
				t.Errorf("ParseTable = %v, %v; want %s", flat(&got), err, tt.code)
			}
		})
	}
	for _, doc := range []string{
		`{"x":"` + b64(big[:900]) + `"}`, // a signature
		`{"x":"` + b64("\x30\x82"+big) + `"}`,
		`{"a":` + strings.Repeat("[", 63) + strings.Repeat("]", 63) + `}`,
		`{"x":"<a>&lt;b>y&lt;/b></a>"}`,
		`{"x":"` + strings.Repeat("kham suc khoe dinh ky ", 100) + `"}`,
		strings.Repeat("99001000\n", 300),
	} {
		if _, err := wire.ParseTable("DOCUMENT", []byte(doc)); err != nil {
			t.Errorf("%.40q: %v", doc, err)
		}
	}
}

// What can't be cut out by its range must have none.
func TestParseTable_gives_ranges_of_the_document_only(t *testing.T) {
	for _, tt := range []struct {
		doc  string
		want []string
	}{
		{"<a><b>x</b><c>&lt;d&gt;&lt;e&gt;y&lt;/e&gt;&lt;/d&gt;</c></a>", []string{"b", "c"}},
		{"<a><b>h\xean</b></a>", nil},
		{`{"a":{"b":1}}`, nil},
		{"x", nil},
	} {
		table, err := wire.ParseTable("DOCUMENT", []byte(tt.doc))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range table.Rows {
			for _, f := range r.Fields {
				if f.End > 0 {
					got = append(got, f.Name)
				} else if f.Start > 0 || (f.Name == "e" || f.Name == "#text") && r.End > 0 {
					t.Errorf("%s has no range, but its row has", f.Name)
				}
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q: %v have ranges", tt.doc, got)
		}
	}
}

func FuzzParseTable_of_other_documents(f *testing.F) {
	addSamples(f)
	for _, s := range []string{`{"a":[{"b":"<p>x</p>","contentType":"x","data":"SElW"}]}`, "x\x8f", "<p>H<b>I</b>V<br>",
		`<a><text representation="B64">SElW<b/></text></a>`, `{"a":"data:text/html;base64,PGI+SElWPC9iPg=="}`,
		"OBX|" + b64(strings.Repeat("x", 40)) + "\n" + b64(strings.Repeat("y", 40)), "h\xean", "&amp;lt;b>"} {
		f.Add([]byte(s))
	}
	guard := zoo.Guard(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		defer guard()()
		before := bytes.Clone(doc)
		table, err := wire.ParseTable("DOCUMENT", doc)
		if !bytes.Equal(doc, before) {
			t.Fatal("the document was changed")
		}
		var se *wire.SyntaxError
		if err != nil && !errors.As(err, &se) {
			t.Fatalf("not a SyntaxError: %v", err)
		}
		text := wire.CleanXML(doc)
		for _, r := range table.Rows {
			checkRange(t, text, r.Element, r.Start, r.End)
			for _, fd := range r.Fields {
				checkRange(t, text, fd.Name, fd.Start, fd.End)
			}
		}
	})
}
