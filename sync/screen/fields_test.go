package screen_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tramsync/sync/wire"
)

// layouts are the tables of QĐ 4750/QĐ-BYT and their fields.
func layouts(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash("../../testdata/gen/fields_4750.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list map[string]struct{ Fields []struct{ Name string } }
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for table, l := range list {
		for _, f := range l.Fields {
			out[table] = append(out[table], f.Name)
		}
	}
	return out
}

func TestEveryFieldWithACodeIsLookedAt(t *testing.T) {
	rules, n := builtin(t), 0
	for table, fields := range layouts(t) {
		for _, f := range fields {
			if table == "XML6" || (!strings.HasPrefix(f, "MA_BENH") && !strings.HasPrefix(f, "CHAN_DOAN")) {
				continue
			}
			n++
			if got := verdict(t, rules, "visit", table+"."+f+"=I10;B20.1"); got != "drop HIV-ICD" {
				t.Errorf("%s.%s: %q", table, f, got)
			}
		}
	}
	if n != 20 {
		t.Errorf("%d fields", n)
	}
	for _, f := range []string{
		"XML1.MA_BENH", "XML1.MA_BENHKHAC", "XML1.TEN_BENH", "XML2.MA_BENH", "XML3.MA_BENH", // QĐ 4210
		"XML11.NGUYENNHAN_DINHCHI", "XML7.NGUYENNHAN_DINHCHI",
	} {
		if got := verdict(t, rules, "visit", f+"=B20"); got != "drop HIV-ICD" {
			t.Errorf("%s: %q", f, got)
		}
	}
}

func TestEveryFieldOfEveryTableIsReadForWords(t *testing.T) {
	rules := builtin(t)
	for table, fields := range layouts(t) {
		if table == "XML6" {
			continue
		}
		for _, f := range fields {
			if strings.Contains(f, "NGAYKD_HIV") {
				continue // TB-HIV withholds whatever stands there
			}
			if got := verdict(t, rules, "visit", table+"."+f+"=test HIV"); got != "drop TXT" {
				t.Errorf("%s.%s: %q", table, f, got)
			}
		}
	}
}

func TestCodesElsewhereAreNoDiagnoses(t *testing.T) {
	rules := builtin(t)
	for _, f := range []string{
		"XML1.MA_KHOA", "XML1.DIA_CHI", "XML2.SO_DANG_KY", "XML3.MA_GIUONG", "XML3.TT_THAU", "XML1.MA_TAI_NAN",
	} {
		if got := verdict(t, rules, "visit", f+"=B20"); got != "" {
			t.Errorf("%s: %q", f, got)
		}
	}
}

func TestColumnsOfOtherExports(t *testing.T) {
	rules := builtin(t)
	for _, column := range []string{
		"Mã bệnh", "MÃ BỆNH", "ma_benh", "Mã bệnh (*)", "(*) Mã bệnh", "* Mã bệnh chính", " Mã  bệnh kèm theo",
		"MaBenh", "ICD-10", "Mã ICD", "ICD_CODE", "icd10", "Chẩn đoán", "Chẩn đoán xác định", "CHANDOAN", "DEATH_CAUSE",
		"Tên bệnh", "Nguyên nhân tử vong", "Nguyên nhân", "Mã\u200b bệnh", "Mã bệnh#2",
	} {
		if got := verdict(t, rules, "tu_vong", column+"=B20"); got != "drop HIV-ICD" {
			t.Errorf("%q: %q", column, got)
		}
	}
	for _, column := range []string{"Mã", "Bệnh viện", "Mã đối tượng", "Địa chỉ", "Mã nhân khẩu", "IC D", ""} {
		if got := verdict(t, rules, "tu_vong", column+"=B20"); got != "" {
			t.Errorf("%q: %q", column, got)
		}
	}
}

func TestWhatIsNoElementIsLookedAtToo(t *testing.T) {
	rules := builtin(t)
	const head, tail = "<W><TONG_HOP><MA_LK>V1</MA_LK>", "</TONG_HOP></W>"
	tests := []struct{ name, doc, want string }{
		{"an attribute", `<A x="nghiện ma túy"/>`, "drop TXT"},
		{"an attribute with a code", `<MA_BENH ma="B20"/>`, "drop HIV-ICD"},
		{"a comment", "<!-- HIV -->", "drop TXT"},
		{"an instruction", "<?note HIV?>", "drop TXT"},
		{"text beside elements", "HIV<A>1</A>", "drop TXT"},
		{"CDATA", "<A><![CDATA[HIV]]></A>", "drop TXT"},
		{"a value with a comment in it", "<A>H<!-- -->IV</A>", "drop TXT"},
		{"entities", "<A>&#72;IV</A>", "drop TXT"},
		{"an element within a diagnosis", "<CHAN_DOAN_RV><MA>B20</MA><TEN>x</TEN></CHAN_DOAN_RV>", "drop HIV-ICD"},
		{"an element within a field to cut", "<XN_HIV><KQ>0</KQ></XN_HIV>", "cut FLD: XML1.KQ"},
		{"an element's name alone", "<T_NGOAIDS>0</T_NGOAIDS><KQ_HIV/>", ""},
		{"an attribute of a field to cut", `<KQ_HIV x="0"/>`, "cut FLD: XML1.KQ_HIV@x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := told(rules, "visit", []wire.Table{table(t, "XML1", head+tt.doc+tail)})
			if got != tt.want {
				t.Errorf("verdict = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestOnlyRecordsMakeATable(t *testing.T) {
	const element = "HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS"
	tests := []struct{ name, table, doc, want string }{
		{"empty wrappers", "XML6", "<W><DS/></W>", ""},
		{"an empty record", "XML6", "<W><" + element + "><MA_LK> </MA_LK><X/></" + element + "></W>", ""},
		{"a wrapper that says it's empty", "XML6", `<W xsi:nil="true"/>`, ""},
		{"a comment in the wrapper", "XML6", "<W><!-- không có --></W>", ""},
		{"a record with a key alone", "XML6", "<W><R><MA_LK>V1</MA_LK></R></W>", "drop HIV-T6"},
		{"a record without wrapper", "XML6", "<" + element + "><MA_LK>V1</MA_LK></" + element + ">", "drop HIV-T6"},
		{"the record under another name", "XML99", "<W><" + element + "><A>1</A></" + element + "></W>", "drop HIV-T6"},
		{"another table's record", "XML9", "<W><DU_LIEU_GIAY_CHUNG_SINH><SO>1</SO></DU_LIEU_GIAY_CHUNG_SINH></W>", ""},
	}
	rules := builtin(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := told(rules, "visit", []wire.Table{table(t, tt.table, tt.doc)}); got != tt.want {
				t.Errorf("verdict = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAPlainTextDocument(t *testing.T) {
	rules := builtin(t)
	for text, want := range map[string]string{
		"chẩn đoán: B20.1": "drop HIV-ICD", "F11.2, I10": "drop DRUG-ICD", "test HIV âm tính": "drop TXT", "J00; I10": "",
	} {
		table, err := wire.ParseTable("XML99", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if v := rules.Record("visit", []wire.Table{table}); v.Drop != "" {
			got = "drop " + v.Drop
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
