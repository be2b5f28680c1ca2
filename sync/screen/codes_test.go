package screen_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tramsync/sync/screen"
	"tramsync/sync/wire"
)

// ministrysList is every excluded code of QĐ 4469/QĐ-BYT 2020, by group, without marks.
func ministrysList(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash("../../testdata/exclusion_icd10_qd4469.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Groups map[string][]struct{ Code string }
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	out, n := map[string][]string{}, 0
	for group, codes := range list.Groups {
		for _, c := range codes {
			out[group] = append(out[group], strings.TrimRight(c.Code, "*†"))
			n++
		}
	}
	if n != 34+4+91+10+14+1 {
		t.Fatalf("%d codes", n)
	}
	return out
}

// codeFields are the fields of the reference's section 5.1 that hold codes: KIND TABLE.FIELD.
func codeFields() []string {
	return strings.Fields(`
		visit/XML1.MA_BENH_CHINH visit/XML1.MA_BENH_KT visit/XML1.MA_BENH_YHCT visit/XML1.CHAN_DOAN_VAO
		visit/XML1.CHAN_DOAN_RV visit/XML1.LY_DO_VV visit/XML1.LY_DO_VNT visit/XML1.PP_DIEU_TRI visit/XML1.GHI_CHU
		visit/XML1.MA_BENH visit/XML1.MA_BENHKHAC visit/XML1.TEN_BENH visit/XML2.MA_BENH visit/XML3.MA_BENH
		visit/XML3.MA_BENH_YHCT visit/XML4.KET_LUAN visit/XML5.DIEN_BIEN_LS visit/XML5.DIEN_BIEN
		visit/XML5.GIAI_DOAN_BENH visit/XML5.HOI_CHAN visit/XML7.CHAN_DOAN_RV visit/XML8.CHAN_DOAN_VAO
		visit/XML8.CHAN_DOAN_RV visit/XML8.QT_BENHLY visit/XML8.TOMTAT_KQ visit/XML11.CHAN_DOAN_RV
		visit/XML13.MA_BENH_CHINH visit/XML13.MA_BENH_KT visit/XML13.MA_BENH_YHCT visit/XML13.QT_BENHLY
		visit/XML14.MA_BENH_CHINH visit/XML14.MA_BENH_KT visit/XML14.MA_BENH_YHCT table/XML3.MA_BENH
		kham_suc_khoe/KSK_XML8.KET_LUAN kham_suc_khoe/KSK_XML1.MA_BENH_CHINH
		hssk_831/HSSK831.MABENH hssk_831/HSSK831.TENBENH hssk_831/HSSK831.BENHSU hssk_831/HSSK831.KETLUAN
		cda/CDA.code@code cda/CDA.value@code cda/CDA.translation@displayName cda/CDA.paragraph
		fhir/FHIR.code fhir/FHIR.display fhir/FHIR.text fhir/FHIR.div fhir/FHIR.valueString fhir/FHIR.code@value
		document/DOCUMENT.#text document/DOCUMENT.ma_benh
		benh_khong_lay_nhiem/ICD_CODE tam_than/MA_BENH tu_vong/DEATH_CAUSE don_thuoc/ma_chan_doan
		don_thuoc/chan_doan benh_khong_lay_nhiem/Mã_ICD_10`)
}

// dropped judges a record of one field.
func dropped(rules *screen.Rules, place, value string) bool {
	kind, name, _ := strings.Cut(place, "/")
	table, field, isDocument := strings.Cut(name, ".")
	if !isDocument {
		drop, _, _ := rules.Row(kind, map[string]string{name: value}, nil)
		return drop != ""
	}
	v := rules.Record(kind, []wire.Table{{Name: table, Rows: []wire.TableRow{{Element: "R", Start: 1, End: 9,
		Fields: []wire.Field{{Name: "MA_LK", Value: "V1", Start: 2, End: 3},
			{Name: field, Value: value, Start: 4, End: 5}}}}}})
	return v.Drop != "" || len(v.CutBy) > 0 // a health record of QĐ 831 loses the exam only
}

// ways to write a code, and to put it in a list.
func codeForms(code string) []string {
	bare := strings.ReplaceAll(code, ".", "")
	return []string{code, bare, strings.ToLower(code), strings.ToLower(bare), code + "†", code + "*", code + "+",
		bare + "†"}
}

func codeLists(code string) []string {
	return []string{code, "I10;" + code, code + ";I10", "I10," + code + ",E11", "I10 " + code, " " + code + " ; I10",
		"I10\n" + code, "Chẩn đoán: (" + code + ")"}
}

func TestEveryExcludedCodeInEveryFieldFormAndList(t *testing.T) {
	rules, n := builtin(t), 0
	var codes []string
	for _, list := range ministrysList(t) {
		codes = append(codes, list...)
	}
	for _, place := range codeFields() {
		t.Run(place, func(t *testing.T) {
			for _, code := range codes {
				for _, form := range codeForms(code) {
					for _, value := range codeLists(form) {
						if n++; !dropped(rules, place, value) {
							t.Errorf("%s, %q: taken in", code, value)
						}
					}
				}
			}
		})
	}
	if want := 154 * len(codeFields()) * 8 * 8; n != want {
		t.Errorf("%d cases, want %d", n, want)
	}
}

func TestNoOtherCodeIsExcluded(t *testing.T) {
	rules := builtin(t)
	near := strings.Fields(`B18 B19 B19.9 B25 B25.0 B33 F02 F02.3 F02.8 F03 F09 F10 F10.2 F17 F17.2 F20 F21 F22
		O98 O98.0 O98.6 O98.8 O99 P04 P04.3 P04.5 P04.8 P96 P96.0 P96.2 R74 R76 R78 R78.0 R78.6 R78.7 R78.9
		T39 T39.0 T41 T43 T43.5 T43.7 T43.8 T50 X41 X43 X61 X63 Y11 Y13 Z03 Z04 Z04.1 Z11 Z11.3 Z11.5 Z11.8
		Z20 Z20.5 Z20.7 Z22 Z50 Z50.2 Z50.4 Z71 Z71.1 Z71.4 Z71.6 Z71.8 Z72 Z72.0 Z72.1 Z72.3 Z72.4 Z72.6
		Z81 Z81.2 Z81.4 Z83 Z83.1 Z86 Z86.3 Z86.5 Z88 J66.2 I10 E11.9 J00 U07.1 A15 A15.0 D84.9`)
	for _, place := range codeFields() {
		t.Run(place, func(t *testing.T) {
			for _, code := range near {
				for _, form := range codeForms(code) {
					for _, value := range codeLists(form)[:3] {
						if dropped(rules, place, value) {
							t.Errorf("%s, %q: withheld", code, value)
						}
					}
				}
			}
		})
	}
}

// Each group of the list has its rule.
func TestGroupsOfCodesHaveTheirRules(t *testing.T) {
	rules := builtin(t)
	want := map[string]string{"HIV_core": "HIV-ICD", "HIV_contact_screen_family": "HIV-ICD", "DRUG_core": "DRUG-ICD",
		"DRUG_history_finding": "DRUG-ICD", "DRUG_poisoning_optional": "DRUG-TOX", "SEXWORK_nearest": "SEXW-ICD"}
	for group, codes := range ministrysList(t) {
		for _, code := range codes {
			if got := verdict(t, rules, "visit", "XML1.MA_BENH_CHINH="+code); got != "drop "+want[group] {
				t.Errorf("%s of %s: %q", code, group, got)
			}
		}
	}
}

// Numbers that look like codes where no code is looked for: of patients, records, hospitals and documents.
func TestNumbersAreNoCodes(t *testing.T) {
	rules := builtin(t)
	for _, place := range []string{
		"visit/XML1.MA_LK", "visit/XML1.MA_BN", "visit/XML1.MA_HSBA", "visit/XML1.MA_KHOA", "visit/XML3.MA_GIUONG",
		"tu_vong/Mã bệnh nhân", "tu_vong/MA_BENH_AN", "gksklx/BENHVIEN", "tu_vong/Mã bệnh viện",
		"cong_dan/PATIENT_CODE",
		"fhir/FHIR.id", "fhir/FHIR.reference", "fhir/FHIR.fullUrl", "fhir/FHIR.value", "fhir/FHIR.id@value",
		"cda/CDA.id@root", "cda/CDA.id@extension", "cda/CDA.templateId@root", "cda/CDA.setId@root",
		"document/DOCUMENT.id",
	} {
		for _, value := range []string{"B20.1", "F11", "4c2d-b21c-4e1f", "B200045"} {
			if dropped(rules, place, value) {
				t.Errorf("%s=%s: withheld", place, value)
			}
		}
	}
}

func TestCodesFarDownInJSONAreFound(t *testing.T) {
	rules := builtin(t)
	for _, doc := range []string{
		`{"chan_doan":[{"ma_chan_doan":"I10"},{"ma_chan_doan":"B20"}]}`, `[{"a":{"b":{"ma_benh_kt":"I10;F11.2"}}}]`,
		`{"ten":"x","icd10":["J00","Z72.5"]}`,
	} {
		if drop, _, _ := rules.Row("don_thuoc", map[string]string{"don": doc}, nil); drop == "" {
			t.Errorf("%s: taken in", doc)
		}
	}
}
