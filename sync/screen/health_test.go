package screen_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
)

// healthRecord is a record of QĐ 831/QĐ-BYT with a place for more, §, wherever something may stand.
const healthRecord = "<HOSOSUCKHOE><THONGTINCHUNG><MADINHDANH>000199000001</MADINHDANH><MATHE>HC4990000000001</MATHE>" +
	"<HOTEN>NGUYỄN THỊ MẪU</HOTEN><DIACHI_HIENTAI>Lô B20, đường F11</DIACHI_HIENTAI><NGHE>§</NGHE></THONGTINCHUNG>" +
	"<TIENSU><TINHTRANG_LUCSINH>§</TINHTRANG_LUCSINH><YEUTO_SUCKHOE><DSYEUTO><LOAI>1</LOAI><DABO>§</DABO></DSYEUTO>" +
	"</YEUTO_SUCKHOE><KHUYETTAT><DSKHUYETTAT><MOTA>§</MOTA></DSKHUYETTAT></KHUYETTAT>" +
	"<TIEUSU_BENHTAT><DIUNG><DSDIUNG><LOAI>3</LOAI><MOTA>§</MOTA></DSDIUNG></DIUNG><BENHTAT>" +
	"<DSBENH><LOAIBENH>1</LOAIBENH><TENBENH>§</TENBENH></DSBENH><DSBENH><TENBENH>Hen</TENBENH></DSBENH></BENHTAT>" +
	"</TIEUSU_BENHTAT><TIENSU_GIADINH><BENHTAT><DSBENH><TENBENH>x</TENBENH><NGUOIMAC>§</NGUOIMAC></DSBENH></BENHTAT>" +
	"</TIENSU_GIADINH><TIENSU_PHAUTHUAT>§</TIENSU_PHAUTHUAT><SUCKHOE_SINHSAN>" +
	"<BIENPHAP_TRANHTHAI>§</BIENPHAP_TRANHTHAI></SUCKHOE_SINHSAN><VANDEKHAC>§</VANDEKHAC></TIENSU>" +
	"<TIEMCHUNG><THONGTINMUITIEM><MAVACXIN>F11</MAVACXIN><PHANUNGSAUTIEM>§</PHANUNGSAUTIEM></THONGTINMUITIEM>" +
	"</TIEMCHUNG><DANHSACHHOSOKHAMCHUABENH><HOSOKHAMCHUABENH><MA_LK>B20</MA_LK><LYDOKHAM>§</LYDOKHAM><BENHSU>§</BENHSU>" +
	"<CANLAMSANG><DICHVU><TENDICHVU>§</TENDICHVU><KETQUA>§</KETQUA></DICHVU></CANLAMSANG><CHANDOANKETLUAN>" +
	"<CHANDOANBENH><MABENH>§</MABENH><TENBENH>§</TENBENH><KETLUAN>§</KETLUAN></CHANDOANBENH></CHANDOANKETLUAN>" +
	"<KHAC>§</KHAC></HOSOKHAMCHUABENH><HOSOKHAMCHUABENH><MA_LK>L2</MA_LK><CHANDOANKETLUAN><CHANDOANBENH>" +
	"<MABENH>J00</MABENH></CHANDOANBENH></CHANDOANKETLUAN></HOSOKHAMCHUABENH></DANHSACHHOSOKHAMCHUABENH></HOSOSUCKHOE>"

// at puts text into the nth of the places, and leaves the others empty.
func at(n int, text string) (doc, element string) {
	parts := strings.Split(healthRecord, "§")
	before, after := strings.Join(parts[:n+1], ""), strings.Join(parts[n+1:], "")
	return before + text + after, before[strings.LastIndex(before, "<")+1 : len(before)-1]
}

// remains is what must be left of a record with something in the nth place: without the exam, illness or risk around
// it, or nothing.
func remains(n int, word bool) string {
	const mark = "§§"
	doc, _ := at(n, mark)
	for _, name := range []string{"HOSOKHAMCHUABENH", "DSBENH", "DSYEUTO"} {
		before, after, _ := strings.Cut(doc, mark)
		from, to := strings.LastIndex(before, "<"+name+">"), strings.Index(after, "</"+name+">")
		if from > strings.LastIndex(before, "</"+name+">") && (word || name != "DSYEUTO") {
			return before[:from] + after[to+len("</"+name+">"):]
		}
	}
	return ""
}

func TestHealthRecordsKeepNothingOfItAnywhere(t *testing.T) {
	rules := builtin(t)
	for n := range strings.Count(healthRecord, "§") {
		for _, text := range []string{
			"B20", "Z21.9", "f11.2", "T40.1", "Z72.5", "test HIV âm tính", "mắc AIDS", "nghiện ma tuý", "bán dâm",
			"test ma túy (-)", "uống Methadone", "Efavirenz 600", "Amphetamin (+)", "CD4: 350",
		} {
			word := strings.Contains("test HIV âm tính mắc AIDS nghiện ma tuý bán dâm test ma túy (-)", text)
			for form, put := range map[string]string{
				"itself": text, "in CDATA": "<![CDATA[" + text + "]]>", "a comment": "<!-- " + text + " -->",
				"an attribute": `<X y="` + text + `"/>`, "deeper": "<X><Y>" + text + "</Y></X>",
			} {
				doc, place := at(n, put)
				want := remains(n, word)
				if got := left(t, rules, "hssk_831", "HSSK831", doc); got != want {
					t.Errorf("%s, %s in %s (%d): left %d bytes, want %d", text, form, place, n, len(got), len(want))
				}
			}
		}
	}
}

func TestHealthRecordsKeepWhatIsClean(t *testing.T) {
	rules := builtin(t)
	for n := range strings.Count(healthRecord, "§") {
		for _, text := range []string{
			"", "J00", "F10.2", "F17", "Z72.0", "T39", "Viêm họng", "Thuốc lá", "Lamivudin 100mg", "Cân sau ăn", "bạn dám",
			"f12ab34c-0000-4000-8000-000000000001", "nghiên cứu", "Paracetamol 500mg",
		} {
			doc, place := at(n, text)
			if diff := cmp.Diff(doc, left(t, rules, "hssk_831", "HSSK831", doc)); diff != "" {
				t.Errorf("%s in %s (%d): (-want +got)\n%s", text, place, n, diff)
			}
		}
	}
}

// Text between elements is read with what stands beside it, and can't be cut out of that.
func TestTextBetweenTheElementsOfHealthRecords(t *testing.T) {
	rules := builtin(t)
	record := func(text string) string {
		return "<HOSOSUCKHOE><HOTEN>X</HOTEN><HOSOKHAMCHUABENH>" + text + "</HOSOKHAMCHUABENH></HOSOSUCKHOE>"
	}
	for text, stays := range map[string]bool{
		"x <A>J00</A>": true, "B20 <A>x</A>": false, "test H<b>I</b>V": false, "test<b>HIV</b>": false,
	} {
		want := ""
		if stays {
			want = record(text)
		}
		if got := left(t, rules, "hssk_831", "HSSK831", record(text)); got != want {
			t.Errorf("%s: left %s", text, got)
		}
	}
}

// Morphine is a test among the tests, and a medicine elsewhere.
func TestDrugTestsInHealthRecords(t *testing.T) {
	rules, tests := builtin(t), 0
	for n := range strings.Count(healthRecord, "§") {
		doc, place := at(n, "Morphin")
		want := doc
		if place == "TENDICHVU" || place == "KETQUA" {
			want, tests = remains(n, false), tests+1
		}
		if got := left(t, rules, "hssk_831", "HSSK831", doc); got != want {
			t.Errorf("%s (%d): left %s", place, n, got)
		}
	}
	if tests != 2 {
		t.Errorf("%d places are tests", tests)
	}
}

// Drugs as a risk to health go in whatever way they are written, whether there or not.
func TestDrugsAsARiskToHealth(t *testing.T) {
	rules := builtin(t)
	const tobacco = "<DSYEUTO><LOAI>1</LOAI><TRANGTHAI>0</TRANGTHAI></DSYEUTO>"
	around := func(s string) string {
		return "<HOSOSUCKHOE><HOTEN>X</HOTEN><TIENSU><YEUTO_SUCKHOE>" + s + "</YEUTO_SUCKHOE></TIENSU></HOSOSUCKHOE>"
	}
	for _, c := range []struct{ name, risk, want string }{
		{"by number", "<DSYEUTO><LOAI> 3\n</LOAI><TRANGTHAI>0</TRANGTHAI></DSYEUTO>", around(tobacco)},
		{"by number in CDATA", "<DSYEUTO><LOAI><![CDATA[3]]></LOAI></DSYEUTO>", around(tobacco)},
		{"by an attribute of LOAI", `<DSYEUTO><LOAI value="3"/><DABO>0</DABO></DSYEUTO>`, around(tobacco)},
		{"by an attribute", `<DSYEUTO LOAI="3"><TRANGTHAI>1</TRANGTHAI></DSYEUTO>`, around(tobacco)},
		{"by an attribute alone", `<DSYEUTO LOAI="3"/>`, ""},
		{"by name", "<DSYEUTO><TENLOAI>Ma tuý</TENLOAI></DSYEUTO>", around(tobacco)},
		{"by name, unmarked", "<DSYEUTO><TENLOAI>MA TUY</TENLOAI></DSYEUTO>", around(tobacco)},
		{"by name in an attribute", `<DSYEUTO ten="ma túy"><LOAI>5</LOAI></DSYEUTO>`, around(tobacco)},
		{"in a comment", "<DSYEUTO><!-- ma túy --><LOAI>5</LOAI></DSYEUTO>", around(tobacco)},
		{"beside the risks", "<!-- ma túy -->", strings.NewReplacer("<YEUTO_SUCKHOE>", "", "</YEUTO_SUCKHOE>", "").
			Replace(around(""))},
	} {
		if got := left(t, rules, "hssk_831", "HSSK831", around(tobacco+c.risk)); got != c.want {
			t.Errorf("%s: left %s", c.name, got)
		}
	}
}

// What stands around a record in its file can't be cut out of it.
func TestHeadersOfHealthRecords(t *testing.T) {
	rules := builtin(t)
	record, _ := at(0, "")
	const head = "<DATA><HEADER><SENDER_CODE>B20</SENDER_CODE><SENDER_NAME>§</SENDER_NAME>" +
		"<TRANSACTION_ID>f11-b20</TRANSACTION_ID><REQUEST_ID>B20</REQUEST_ID></HEADER><BODY>"
	for text, want := range map[string]bool{
		"B20": true, "<!-- B20 -->": true, "<!-- HIV -->": true, "Phòng chống HIV/AIDS": true, "<X a='F11'/>": true,
		"Methadone": true, "mại dâm": true, "<DSYEUTO><LOAI>3</LOAI></DSYEUTO>": true, "Trạm Y tế": false, "J00": false,
		"<DSYEUTO><LOAI>2</LOAI></DSYEUTO>": false,
	} {
		v := &wire.Visit{Documents: []wire.Document{wire.NewDocument("HSSK831", []byte(record), nil)}}
		v.Envelope.Parts = []string{strings.Replace(head, "§", text, 1), "</BODY></DATA>"}
		if got, err := rules.Excluded(event(wire.Data{Visit: v}, "HIS", "hssk_831")); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}
