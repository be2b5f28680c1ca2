package wire_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
)

// inner are the rows in the values of a row, which is written NAME=VALUE.
func inner(values ...string) ([]string, error) {
	var row wire.TableRow
	for _, v := range values {
		name, value, _ := strings.Cut(v, "=")
		row.Fields = append(row.Fields, wire.Field{Name: name, Value: value})
	}
	rows, err := row.Inner()
	return flat(&wire.Table{Rows: rows}), err
}

const (
	pkcs7    = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
	sha256ID = "\x31\x0f\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00"
	// cms is a signature's beginning up to what it signs (RFC 5652).
	cms = "\x30\x82\x01\x00" + pkcs7 + "\x02\xa0\x82\x00\xf0\x30\x82\x00\xec\x02\x01\x01" + sha256ID
)

func TestInner_reads_what_values_hold(t *testing.T) {
	noise := strings.Repeat("\xab\xcd\x00\xef", 10)
	for _, tt := range []struct {
		name   string
		values []string
		want   []string
	}{
		{"plain values", []string{"A=Viêm mũi họng cấp tính", "B=01/09/2026", "C=", "D=x < 5 & y",
			"E=00099001000000000000000000"}, nil},
		{"XML", []string{"A=<a><b>1</b></a>"}, []string{"a[b=1]"}},
		{"marked-up words", []string{"A=H<b>I</b>V"}, []string{"#text[#text=HIV #text=H I V]"}},
		{"entities", []string{"A=&#72;IV"}, []string{"#text[#text=HIV]"}},
		{"XML in base64", []string{"A=" + b64("<a><b>1</b><c>2</c></a>")}, []string{"a[b=1 c=2]"}},
		{"words in base64", []string{"A=" + b64("Chẩn đoán: viêm")}, []string{"#text[#text=Chẩn đoán: viêm]"}},
		{"XML in base64 in XML", []string{"A=<a><b>" + b64("<c><d>1</d><e>2</e></c>") + "</b></a>"},
			[]string{"a[b=" + b64("<c><d>1</d><e>2</e></c>") + "]", "c[d=1 e=2]"}},
		{"what stands beside says so", []string{"contentType=text/plain", "data=SElW"}, []string{"#text[#text=HIV]"}},
		{"nothing says so", []string{"data=SElW"}, nil},
		{"a signature", []string{"A=" + b64(noise)}, nil},
		{"a signature apart from what it signs", []string{"A=" + b64(cms+"\x30\x0b"+pkcs7+"\x01\x31\x00"+noise)}, nil},
		{"a signature's numbers", []string{"A=<a><SignatureValue>" + b64(noise) + "</SignatureValue><b>" + b64(noise) +
			"</b></a>"}, []string{"a[b=" + b64(noise) + "]"}},
		{"words among a signature's numbers", []string{"A=<a><SignatureValue>" + b64("Chẩn đoán: viêm") +
			"</SignatureValue><DigestValue>HIV</DigestValue><X509SKI>tiem chich va nhiem HIV tu nam</X509SKI></a>"},
			[]string{"a[SignatureValue=" + b64("Chẩn đoán: viêm") +
				" DigestValue=HIV X509SKI=tiem chich va nhiem HIV tu nam]", "#text[#text=Chẩn đoán: viêm]"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := inner(tt.values...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestInner_refuses_what_nobody_can_look_into(t *testing.T) {
	for _, tt := range []struct{ name, value string }{
		{"a PDF", b64("%PDF-1.7 01234567890")},
		{"a picture in an address", "data:image/png;base64," + b64("\x89PNG\x00")},
		{"an archive", b64("PK\x03\x04" + strings.Repeat("\x00\xff", 20))},
		{"many bytes", b64(strings.Repeat("\x00\xff", 600))},
		{"a signature around what it signs", b64(cms + "\x30\x1b" + pkcs7 + "\x01\xa0\x0e\x04\x0c<A>B20</A>" +
			strings.Repeat("\xff", 20))},
		{"documents four deep", "<a>&lt;b>&amp;lt;c>&amp;amp;lt;d>y&amp;amp;lt;/d>&amp;lt;/c>&lt;/b></a>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := inner("A=<x><y>HIV</y></x>", "B="+tt.value)
			var se *wire.SyntaxError
			if !errors.As(err, &se) || se.Code != wire.SyntaxUnscreenable {
				t.Errorf("Inner = %v", err)
			}
			if len(got) == 0 || got[0] != "x[y=HIV]" {
				t.Errorf("the rows before it are %q", got)
			}
		})
	}
}

func FuzzInner(f *testing.F) {
	for _, s := range []string{"x", "<a><b>x</b></a>", b64("<a><b>x</b><c>y</c></a>"), b64("%PDF-1.7 0123456789"),
		"data:,H%49V", `{"a":"<b>x"}`, "&lt;i>&amp;lt;b>", b64(cms + pkcs7 + "\x01\xa0")} {
		f.Add("A", s)
	}
	f.Fuzz(func(t *testing.T, name, value string) {
		row := wire.TableRow{Fields: []wire.Field{{Name: name, Value: value}}}
		rows, err := row.Inner()
		var se *wire.SyntaxError
		if err != nil && !errors.As(err, &se) {
			t.Fatalf("not a SyntaxError: %v", err)
		}
		if name == "A" && wire.IsPlain(value) && (len(rows) > 0 || err != nil) {
			t.Fatalf("a plain value holds %d rows, %v", len(rows), err)
		}
		if row.Fields[0].Value != value {
			t.Fatal("the row was changed")
		}
		for _, r := range rows {
			for _, field := range r.Fields {
				if r.Start != 0 || r.End != 0 || field.Start != 0 || field.End != 0 {
					t.Fatalf("%s.%s has a range", r.Element, field.Name)
				}
			}
		}
	})
}
