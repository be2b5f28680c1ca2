package wire_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
)

// pieces are texts with everything that XML has, right and wrong.
func pieces() []string {
	return []string{
		"", "<", "x", "<a/>", "<a></a>", "<a><b/></a>", "<a b='1' c=\"2\"/>", "<a b = '1'\n c='2' ></a \t>",
		"<a b='1'c='2'/>",
		"<x:a y:b='1' xmlns:x='u'></x:a>", "<:a b:='1'/>", "<a:b:c/>", "<a b:c:d='1'/>", "</a:b:c>", "</a b>",
		"</ a>", "< a>",
		"<1a/>", "<-a/>", "<.a/>", "<a.b-c_1/>", "<a 1='x'/>", "<ễ ế='ệ'>ễ</ễ>", "<aễ/>", "<a ×='1'/>",
		"<a\u00b7/>", "<a×/>",
		"<a b/>", "<a b=1/>", "<a b='<'/>", "<a b='&lt;&#65;&x;'/>", "<a b='&amp;&gt;'/>", "<a b=']]>'/>",
		"<a b='1\r\n2\r3'/>",
		"<a b='x", "<a b=", "<a b", "<a ", "</a", "</", "<a/", "<a/ >", "<a b='1'/ >", "<a b=\"'\" c='\"'/>",
		"a &amp; b &lt; c &gt; d &apos; e &quot; f", "&#65;&#x1F600;&#x0;", "&#xD800;", "&#1114112;", "& x",
		"&amp", "&nbsp;",
		"&;", "&a b;", "&#;", "&#x;", "&amp;amp;", "]]>", "]]&gt;", "]&amp;]>", "a\r\nb\rc\n\rd\r", "\r",
		"&#13;\n", "\r&#10;",
		"<!-- x -->", "<!---->", "<!--->", "<!-->-->", "<!-- -- -->", "<!--- --->", "<!-- x", "<!-", "<!x",
		"<!--\xff-->",
		"<![CDATA[]]>", "<![CDATA[<a>&b;\r\n]]>", "<![CDATA[]]]]>", "<![CDATA[x", "<![CDAT[x]]>", "<![CDATA[\xff]]>",
		"<?a?>", "<?a b?c?>", "<?xml version='1.0'?>", "<?xml version='1.1'?>", "<?xml encoding='utf-16'?>x",
		"<??>", "<?a",
		"<?a:b:c d?>", "<? a?>", "<?ễ?>", "<!DOCTYPE a>", "<!DOCTYPE a [<!ENTITY b 'c>'><!-- > -->]>x", "<!>x>",
		"<!a '",
		"\xff", "<a>\xc3</a>", "\ufffe", "<a b='\uffff'/>", "\ufeff", "\ufffd", "<a b='\xff'/>", "<\xffa/>", "ễ𝄞 ",
		"\u0085",
	}
}

// read gives a text's tokens and its end as one text, with all places.
func readTokens(in *wire.XMLScanner) []any {
	var out []any
	for {
		t, err := in.Next()
		if err != nil {
			return append(out, fault(err))
		}
		if len(t.Attr) == 0 {
			t.Attr = nil
		}
		out = append(out, *t)
	}
}

// fault is an error without what wraps it.
func fault(err error) any {
	var se *wire.SyntaxError
	if errors.As(err, &se) {
		return *se
	}
	return err.Error()
}

// oracle is what encoding/xml reads.
func oracle(text string) []any {
	var out []any
	d := wire.NewDecoder(text)
	for {
		t := wire.XMLToken{Start: d.InputOffset()}
		raw, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return append(out, err.Error())
		}
		if err != nil {
			return append(out, *wire.DecoderFault(d, err))
		}
		switch r := raw.(type) {
		case xml.StartElement:
			t.Kind, t.Name, t.Attr = wire.XMLStart, r.Name, r.Attr
		case xml.EndElement:
			t.Kind, t.Name = wire.XMLEnd, r.Name
		case xml.CharData:
			t.Kind, t.Text = wire.XMLText, string(r)
		case xml.Comment:
			t.Kind, t.Text = wire.XMLComment, string(r)
		case xml.ProcInst:
			t.Kind, t.Name.Local, t.Text = wire.XMLInstruction, r.Target, string(r.Inst)
		case xml.Directive:
			t.Kind, t.Text = wire.XMLDirective, string(r)
		}
		if t.End = d.InputOffset(); len(t.Attr) == 0 {
			t.Attr = nil
		}
		out = append(out, t)
	}
}

// sameAsOracle compares in memory and as a stream that is read in small chunks.
func sameAsOracle(t *testing.T, text string) {
	t.Helper()
	want := oracle(text)
	if diff := cmp.Diff(want, readTokens(wire.ScanXML(text))); diff != "" {
		t.Fatalf("%q (-encoding/xml +got):\n%s", text, diff)
	}
	chunks := []int{1, 2, 5, 64}
	if len(text) > 1000 {
		chunks = []int{500}
	}
	for _, chunk := range chunks {
		got := readTokens(wire.NewXMLScannerInChunks(strings.NewReader(text), 1<<20, chunk))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q in chunks of %d (-encoding/xml +got):\n%s", text, chunk, diff)
		}
	}
}

func TestXMLScanner_reads_what_encoding_xml_reads(t *testing.T) {
	for _, s := range pieces() {
		for _, text := range []string{s, "x" + s, "<a>" + s + "\n</a>", "\r\n" + s + s, s + "&amp;", "<ễ/>\n" + s} {
			sameAsOracle(t, text)
		}
	}
	for _, d := range generated(7).Documents {
		sameAsOracle(t, d.Content)
	}
}

// What XML forbids is blanked before (CleanXML): the scanner doesn't look for it.
func FuzzXMLScanner(f *testing.F) {
	addSamples(f)
	for _, s := range pieces() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) { sameAsOracle(t, string(wire.BlankControls(text))) })
}

func TestXMLScanner_of_a_stream(t *testing.T) {
	long := strings.Repeat("x", 100)
	broken := errors.New("the disk is gone")
	tests := []struct {
		name string
		in   io.Reader
		want any
	}{
		{"a text within the limit", strings.NewReader("<a>" + long + "</a>"), "EOF"},
		{"a text over the limit", strings.NewReader("<a>" + long + long + long), wire.ErrLongText.Error()},
		{"a text over the limit whose end is read with it", strings.NewReader("<a>" + long + long[:29] + "</a>"),
			wire.ErrLongText.Error()},
		{"a comment over the limit", strings.NewReader("<a><!--" + long + long + long), wire.ErrLongToken.Error()},
		{"an attribute over the limit", strings.NewReader("<a b='" + long + long + long), wire.ErrLongToken.Error()},
		{"a reader that fails", io.MultiReader(strings.NewReader("<a>"), iotest.ErrReader(broken)),
			"read XML: the disk is gone"},
		{"a reader that gives a byte at a time", iotest.OneByteReader(strings.NewReader("<a>ễ</a>")), "EOF"},
		{"a reader that ends with its last bytes", iotest.DataErrReader(strings.NewReader("<a>ễ</a>")), "EOF"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list := readTokens(wire.NewXMLScannerInChunks(tt.in, 128, 8))
			if got := list[len(list)-1]; got != tt.want {
				t.Errorf("it ends with %v, want %v", got, tt.want)
			}
		})
	}
}

func TestXMLScanner_tells_line_and_offset(t *testing.T) {
	const text = "<a>\n<b/>\n\n</a>"
	for _, in := range []*wire.XMLScanner{wire.ScanXML(text),
		wire.NewXMLScannerInChunks(strings.NewReader(text), 99, 2)} {
		type place struct {
			offset int64
			line   int
		}
		var got []place
		for {
			got = append(got, place{in.Offset(), in.Line()})
			if _, err := in.Next(); err != nil {
				break
			}
		}
		want := []place{{0, 1}, {3, 1}, {4, 2}, {8, 2}, {8, 2}, {10, 4}, {14, 4}}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(place{})); diff != "" {
			t.Errorf("places (-want +got):\n%s", diff)
		}
	}
}

func TestIndexControl_finds_the_first_wherever_it_stands(t *testing.T) {
	for n := range 40 {
		text := []byte(strings.Repeat("\t\r\n ễ~\x7f", 10)[:n])
		if got := wire.IndexControl(text); got != -1 {
			t.Errorf("in %d characters that XML allows: %d", n, got)
		}
		for c := range byte(0x20) {
			if c == '\t' || c == '\n' || c == '\r' {
				continue
			}
			if got := wire.IndexControl(append(append(text[:n:n], c), "ab\x00cdefghijk"...)); got != n {
				t.Errorf("character %#x at %d: %d", c, n, got)
			}
		}
	}
}
