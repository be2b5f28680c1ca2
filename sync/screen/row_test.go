package screen_test

import (
	"encoding/base64"
	"html"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/screen"
	"tramsync/sync/wire"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// packings are the ways in which a document may stand in a value.
func packings(doc string) map[string]string {
	quoted := strings.NewReplacer(`"`, `\"`).Replace(doc)
	return map[string]string{
		"as it is": doc, "in base64": b64(doc), "as an address": "data:text/xml;base64," + b64(doc),
		"in a member": `{"x":["` + quoted + `"]}`, "in a member in base64": `[{"x":{"y":"` + b64(doc) + `"}}]`,
		"as text": "<x><y>" + html.EscapeString(doc) + "</y></x>", "twice in base64": b64("<x>" + b64(doc) + "</x>"),
		"in UTF-16": b64("\xff\xfe" + strings.Join(strings.Split(doc, ""), "\x00") + "\x00"),
	}
}

// What a row's value holds is judged like what stands in the row, and the warehouse judges alike.
func TestRowsAreJudgedByWhatTheirValuesHold(t *testing.T) {
	tests := []struct{ name, kind, doc, want string }{
		{"a code in XML", "tiem_chung", "<ClinicalDocument><code code='B20.1'/><n>1</n></ClinicalDocument>", "drop HIV-ICD"},
		{"a word in XML", "tiem_chung", "<a><b>test HIV</b><c>1</c></a>", "drop TXT"},
		{"a code in JSON", "tiem_chung", `{"resourceType":"Condition","icd":"F11.2"}`, "drop DRUG-ICD"},
		{"a word in a page", "tiem_chung", "<p>test H<b>I</b>V<br>x</p>", "drop TXT"},
		{"words", "tiem_chung", "Ket qua: test HIV am tinh", "drop TXT"},
		{"a field to cut", "gksklx", "<a><HOTEN>X</HOTEN><MATUY>0</MATUY></a>", "cut FLD: V"},
		{"words to cut", "gksklx", "<a><KETLUAN>test ma tuy am tinh</KETLUAN><b>1</b></a>", "cut KSK-TXT: V"},
		{"a table that is never taken in", "tiem_chung",
			"<HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS><A>1</A></HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS>",
			"drop HIV-T6"},
		{"nothing of the kind", "gksklx", "<a><HOTEN>X</HOTEN><MA_BENH>J00</MA_BENH></a>", ""},
	}
	rules := builtin(t)
	for _, tt := range tests {
		for how, value := range packings(tt.doc) {
			t.Run(tt.name+" "+how, func(t *testing.T) {
				if got := verdict(t, rules, tt.kind, "A=1", "V="+value); got != tt.want {
					t.Errorf("%q, want %q", got, tt.want)
				}
				e := event(wire.Data{Row: map[string]string{"A": "1", "V": value}}, "V20", tt.kind)
				if got, err := rules.Excluded(e); err != nil || got != (tt.want != "") {
					t.Errorf("Excluded = %v, %v", got, err)
				}
			})
		}
	}
}

// A column's name counts for all that is in it.
func TestColumnsNameWhatTheirValuesHold(t *testing.T) {
	rules := builtin(t)
	for cell, want := range map[string]string{
		"GHI_CHU=" + b64("Theo doi them benh B20.1"): "drop HIV-ICD", "DIA_CHI=" + b64("Theo doi them benh B20.1"): "",
		"DIA_CHI=Ấp B20 &amp; B21": "", "GHI_CHU=Ấp &#66;20": "drop HIV-ICD",
	} {
		if got := verdict(t, rules, "tiem_chung", cell); got != want {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
	}
	doc := b64("<a><PHANLOAI_LAO_HIV>1</PHANLOAI_LAO_HIV><b>x</b></a>")
	if got := verdict(t, rules, "lao", "V="+doc); got != "drop TB-HIV" {
		t.Errorf("a list's own column: %q", got)
	}
}

// A code may come up by chance in a certificate, whose numbers are the same for all that a station signs.
func TestASignaturesNumbersAreNoCodes(t *testing.T) {
	number := "MIIB/B20" + strings.Repeat("x/B20+aB", 40)
	doc := func(element string) string {
		return "V=" + b64("<a><HOTEN>X</HOTEN><"+element+">"+number+"</"+element+"></a>")
	}
	for element, want := range map[string]string{"X509Certificate": "", "SignatureValue": "", "GHICHU": "drop HIV-ICD"} {
		if got := verdict(t, builtin(t), "gksklx", doc(element)); got != want {
			t.Errorf("%s: %q, want %q", element, got, want)
		}
	}
}

func TestWhereIsOfOneElementInAValue(t *testing.T) {
	for _, where := range []string{`{"*.R.LOAI": "3", "*.R.TT": "1"}`, `{"k.LOAI": "3", "k.TT": "1"}`} {
		rules := parse(t, "{id: A, where: "+where+", action: drop_nodes}")
		for doc, want := range map[string]string{
			"<W><R><LOAI>3</LOAI><TT>1</TT></R></W>": "cut A: V", "<W><R><LOAI>3</LOAI></R><R><TT>1</TT></R></W>": "",
		} {
			if got := verdict(t, rules, "k", "V="+b64(doc), "Z=1"); got != want {
				t.Errorf("%s of %s: %q, want %q", where, doc, got, want)
			}
		}
	}
}

func TestWhatStandsAroundARowIsLookedInto(t *testing.T) {
	for value, want := range map[string]string{
		b64("<a><b>B20</b><c>1</c></a>"): "drop HIV-ICD", b64("test HIV am tinh, x"): "drop TXT",
		b64("<a><b>J00</b><c>1</c></a>"): "", b64("%PDF-1.7 0123456789"): "",
	} {
		around := []wire.Field{{Name: "LOGO", Value: value}}
		if drop, cut, by := builtin(t).Row("tiem_chung", map[string]string{"A": "1"}, around); line(drop, cut, by) != want {
			t.Errorf("%s: %q %q %q, want %q", value, drop, cut, by, want)
		}
	}
}

// Nothing is taken in that nobody can look into: the warehouse refuses it.
func TestPacked(t *testing.T) {
	pdf, noise := b64("%PDF-1.7 0123456789"), b64(strings.Repeat("\xff\x00\x80", 30))
	for _, tt := range []struct {
		name string
		row  map[string]string
		want []string
	}{
		{"nothing", map[string]string{"A": "1", "B": "Viêm mũi họng cấp tính tái phát", "C": `{"x":"[2 viên/ngày]"}`}, nil},
		{"what can be read", map[string]string{"A": b64("<a><b>1</b></a>"), "B": "<p>x</p>"}, nil},
		{"a signature", map[string]string{"A": noise}, nil},
		{"a PDF", map[string]string{"A": "1", "B": pdf}, []string{"B"}},
		{"several", map[string]string{"C": `[{"x":1},{"y":["` + pdf + `"]}]`, "B": "1", "A": "data:image/png;base64," +
			b64("\x89PNG\x00"), "D": pdf, "E": pdf, "F": pdf, "G": pdf}, []string{"A", "C", "D", "E", "F", "G"}},
		{"a declared one in a member", map[string]string{"A": `{"contentType":"x","o":{"p":1},"data":"` + b64("a\x00b") +
			`"}`}, []string{"A"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, screen.Packed(tt.row)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			got, err := builtin(t).Excluded(event(wire.Data{Row: tt.row}, "V20", "tiem_chung"))
			if got || (err != nil) != (tt.want != nil) {
				t.Errorf("Excluded = %v, %v", got, err)
			}
		})
	}
}

func BenchmarkRow(b *testing.B) {
	rules := builtin(b)
	row := map[string]string{"MA_DOI_TUONG": "99001000123", "HO_TEN": "NGUYỄN THỊ MẪU", "NGAY_SINH": "2024-05-06",
		"GIOI_TINH": "2", "CCCD": "000199000001", "DIA_CHI": "Ấp Long Bình, xã Mẫu, tỉnh Vĩnh Long", "VAC_XIN": "BCG",
		"SO_LO": "B12345", "NGAY_TIEM": "2026-09-01", "GHI_CHU": "Sau tiêm không có phản ứng gì bất thường, hẹn mũi sau"}
	b.ReportAllocs()
	for b.Loop() {
		if drop, cut, _ := rules.Row("tiem_chung", row, nil); drop != "" || len(cut)+len(screen.Packed(row)) > 0 {
			b.Fatal(drop, cut)
		}
	}
}
