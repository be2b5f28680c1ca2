package screen_test

import (
	"testing"

	"tramsync/sync/screen"
	"tramsync/sync/wire"
)

// What looks like something excluded and isn't, as far as it is known, and beside it what is (reference: 5.1, 5.2).
func TestNamedTraps(t *testing.T) {
	tests := []struct {
		name string
		one
	}{
		{"nghiên cứu", visit("", "XML1.GHI_CHU=tham gia nghiên cứu ma túy học đường")},
		{"nghiêng", visit("", "XML5.DIEN_BIEN_LS=nằm nghiêng trái, nghiền chích thuốc")},
		{"ban đậm, a dark rash", visit("", "XML5.DIEN_BIEN_LS=ban đậm màu vùng lưng")},
		{"bạn dám", visit("", "XML1.GHI_CHU=bạn dám")},
		{"bán dâm", visit("drop TXT", "XML1.GHI_CHU=bán dâm")}, {"ban dam", visit("drop TXT", "XML1.GHI_CHU=ban dam")},
		{"Z88, allergic to drugs", visit("", "XML1.MA_BENH_CHINH=Z88.9",
			"XML1.CHAN_DOAN_RV=Tiền sử cá nhân dị ứng với ma túy, thuốc và các chất sinh học không đặc hiệu")},
		{"J66.2", visit("", "XML1.MA_BENH_CHINH=J66.2", "XML1.CHAN_DOAN_RV=Bệnh đường hô hấp do ma túy")},
		{"F10.2, alcohol", visit("", "XML1.MA_BENH_CHINH=F10.2", "XML1.CHAN_DOAN_RV=Rối loạn do rượu: hội chứng nghiện")},
		{"F17.2, tobacco", visit("", "XML1.MA_BENH_CHINH=F17.2", "XML1.CHAN_DOAN_RV=hội chứng nghiện thuốc lá")},
		{"D84.9, another deficiency", visit("", "XML1.CHAN_DOAN_RV=Suy giảm miễn dịch, không đặc hiệu")},
		{"AIDS by its long name", visit("drop TXT", "XML1.CHAN_DOAN_RV=Hội chứng suy giảm miễn dịch mắc phải")},
		{"lamivudine alone", visit("", "XML2.TEN_THUOC=Lamivudine 100mg")},
		{"tenofovir alone", visit("", "XML2.TEN_THUOC=Tenofovir disoproxil fumarat 300mg")},
		{"both in one medicine", visit("drop ARV-RX", "XML2.TEN_THUOC=Lamivudin + Tenofovir")},
		{"both in two rows", visit("drop ARV-RX", "XML2.TEN_THUOC=Lamivudin", "XML2.TEN_THUOC=Tenofovir")},
		{"both in a prescription", row("don_thuoc", "drop ARV-RX",
			`thong_tin_don_thuoc=[{"ten_thuoc":"Lamivudin 150mg"},{"ten_thuoc":"Tenofovir 300mg"}]`)},
		{"one in a prescription", row("don_thuoc", "",
			`thong_tin_don_thuoc=[{"ten_thuoc":"Lamivudin 150mg"},{"ten_thuoc":"Vitamin C"}]`)},
		{"morphine as a medicine", visit("", "XML2.TEN_THUOC=Morphin hydroclorid 10mg/ml")},
		{"morphine as a test", visit("drop DRUG-LAB", "XML3.TEN_DICH_VU=Định tính Morphin")},
		{"a result in words", visit("drop DRUG-LAB", "XML4.KET_LUAN=Amphetamin dương tính")},
		{"a result as a value", visit("drop DRUG-LAB", "XML4.GIA_TRI=THC (+)")},
		{"addiction as a service", visit("drop TXT", "XML3.TEN_DICH_VU=Điều trị nghiện các chất dạng thuốc phiện")},
		{"HIV-negative with tuberculosis", visit("cut TB-FLD FLD: XML15.PHANLOAI_LAO_HIV XML15.BDDT_ARV",
			"XML15.PHANLOAI_LAO_HIV=2", "XML15.BDDT_ARV=20260101")},
		{"HIV-positive with tuberculosis", visit("drop TB-HIV", "XML15.PHANLOAI_LAO_HIV=1", "XML15.BDDT_ARV=20260101")},
		{"a group of the vaccinated", row("tiem_chung", "", "NHOM_DOI_TUONG=1")},
		{"a group in XML6", visit("drop HIV-T6", "XML6.NHOM_DOI_TUONG=1")},
		{"T_NGOAIDS", visit("", "XML1.T_NGOAIDS=0")}, {"a cause of death", row("tu_vong", "drop HIV-ICD", "DEATH_CAUSE=B24")},
		{"alcohol in psychiatry", row("tam_than", "", "MA_BENH=F10.2")},
		{"drugs in psychiatry", row("tam_than", "drop DRUG-ICD", "MA_BENH=F19.2")},
	}
	rules := builtin(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := verdict(t, rules, tt.kind, tt.list...); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// A table under another's name is looked at as what it is, in all its rules.
func TestMisnamedTables(t *testing.T) {
	rules := builtin(t)
	tests := []struct{ name, typ, doc, want string }{
		{"a medicine in a table of papers", "XML7",
			"<DS><CHI_TIET_THUOC><TEN_THUOC>Methadone</TEN_THUOC></CHI_TIET_THUOC></DS>", "drop DRUG-RX"},
		{"tuberculosis without a number", "LAO",
			"<CHITIET_DIEUTRI_BENHLAO><PHANLOAI_LAO_HIV>1</PHANLOAI_LAO_HIV></CHITIET_DIEUTRI_BENHLAO>", "drop TB-HIV"},
		{"a placeholder of tuberculosis", "XML4",
			"<CHITIET_DIEUTRI_BENHLAO><BDDT_ARV>0</BDDT_ARV></CHITIET_DIEUTRI_BENHLAO>", "cut TB-FLD: XML4.BDDT_ARV"},
		{"the wrapper of XML6 with something in it", "XML4",
			"<DSACH_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS><A>1</A>" +
				"</DSACH_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS>", "drop HIV-T6"},
		{"what XML15 only has", "XML4", "<X><BDDT_ARV>0</BDDT_ARV></X>", ""},
		{"a laboratory's value elsewhere", "XML7", "<CHI_TIET_CLS><GIA_TRI>THC</GIA_TRI></CHI_TIET_CLS>", "drop DRUG-LAB"},
		{"a like field elsewhere", "XML7", "<X><GIA_TRI>THC</GIA_TRI></X>", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := told(rules, "visit", []wire.Table{table(t, tt.typ, tt.doc)}); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			v := &wire.Visit{Documents: []wire.Document{wire.NewDocument(tt.typ, []byte(tt.doc), nil)}}
			got, err := rules.Excluded(event(wire.Data{Visit: v}, "HIS", "visit"))
			if err != nil || got != (tt.want != "") {
				t.Errorf("at the warehouse: %v, %v", got, err)
			}
		})
	}
}

func TestPatternsLeaveOutAgain(t *testing.T) {
	rules := parse(t, `{id: A, text: [x], fields: ["*.*MA*", "!*.MA_BN", "!T.E.MA_F", "T.E.G", "*.NOTE", "!*.NOTE"]}`)
	for place, want := range map[string]bool{
		"MA": true, "AMAB": true, "MA_BN": false, "Mã BN": false, "MA_F": false, "G": true, "H": false, "NOTE": false,
	} {
		v := rules.Record("k", []wire.Table{{Name: "T", Rows: []wire.TableRow{{Element: "E",
			Fields: []wire.Field{{Name: place, Value: "x"}}}}}})
		if got := v.Drop != ""; got != want {
			t.Errorf("%s: %v", place, got)
		}
	}
	inside := func(element, name string) screen.Verdict {
		return rules.Record("k", []wire.Table{{Name: "T", Rows: []wire.TableRow{{Element: element,
			Fields: []wire.Field{{Name: name, Value: "x"}}}}}})
	}
	if inside("MA", "Q").Drop == "" || inside("MA", "MA_BN").Drop != "" || inside("MA_BN", "Q").Drop != "" ||
		inside("MA_BN", "MA").Drop == "" || inside("F", "MA_F").Drop == "" || inside("F", "G").Drop != "" {
		t.Error("an element doesn't stand for its fields, or one left out does")
	}
}

func TestCDAAndFHIR(t *testing.T) {
	rules := builtin(t)
	tests := []struct{ name, kind, doc, want string }{
		{"a code of CDA", "cda", `<V><value code="B20" codeSystem="2.16.840.1.113883.6.90"/></V>`, "drop HIV-ICD"},
		{"a clean code", "cda", `<V><value code="J00" codeSystem="2.16.840.1.113883.6.90"/></V>`, ""},
		{"an identifier", "cda", `<V><id root="b21c-f11a" extension="F11"/></V>`, ""},
		{"words of CDA", "cda", `<V><text>Xét nghiệm HIV</text></V>`, "drop TXT"},
		{"a medicine", "cda", `<V><name>Methadon 10mg</name></V>`, "drop DRUG-RX"},
		{"ATC of an antiretroviral", "cda", `<V><code code="J05AR10"/></V>`, "drop ARV-RX"},
		{"ATC of a medicine against hepatitis", "cda", `<V><code code="J05AF05"/></V>`, ""},
		{"a coding of FHIR", "fhir", `<E><code value="F11.2"/><display value="x"/></E>`, "drop DRUG-ICD"},
		{"a display of FHIR", "fhir", `<E><code value="1"/><display value="Nghiện ma túy"/></E>`, "drop TXT"},
		{"a reference", "fhir", `<E><reference value="urn:uuid:b21c-f11a"/></E>`, ""},
		{"a name with HIV that can't be cut", "fhir", `<E><hivStatus value="neg"/></E>`, "cut FLD: FHIR.hivStatus@value"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name := map[string]string{"cda": "CDA", "fhir": "FHIR"}[tt.kind]
			if got := told(rules, tt.kind, []wire.Table{table(t, name, tt.doc)}); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
