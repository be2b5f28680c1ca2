package screen_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
)

// one is a record and what the rules must make of it.
type one struct {
	kind string
	list []string
	want string
}

func visit(want string, list ...string) one { return one{wire.KindVisit, list, want} }

func row(kind, want string, list ...string) one { return one{kind, list, want} }

// builtinCases has for every rule of rules.v1.yaml records that it catches, and like ones that it doesn't.
func builtinCases() map[string][]one {
	out := placeCases()
	maps.Copy(out, wordCases())
	maps.Copy(out, listCases())
	return out
}

// listCases are those of rules for one kind of records; trees are in TestTreesLoseElements.
func listCases() map[string][]one {
	return map[string][]one{
		"KSK-TXT": {
			row("gksklx", "cut KSK-TXT: LYDO", "LYDO=Dương tính với ma túy", "SO=1"),
			row("kham_suc_khoe", "cut KSK-TXT: KETLUAN", "KETLUAN=xét nghiệm ma túy âm tính"),
			row("gksklx", "drop TXT", "LYDO=nghiện ma túy"), row("cong_dan", "drop TXT", "LYDO=Dương tính với ma túy"),
			row("gksklx", "", "KETLUAN=Đủ điều kiện"),
		},
		"KSK-FLD": {
			row("kham_suc_khoe", "cut KSK-FLD: Test Morphin/Heroin", "Test Morphin/Heroin=(-)", "A=1"),
			row("gksklx", "cut KSK-FLD: Cần sa", "Cần sa=âm tính"), row("gksklx", "", "Cân sau ăn=60"),
			row("cong_dan", "", "Morphin=1"),
		},
		"KSK-LAB": {
			row("kham_suc_khoe", "drop KSK-LAB", "TEN_CHI_SO=Amphetamin", "GIA_TRI=âm tính"),
			row("kham_suc_khoe", "drop KSK-LAB", `cls=[{"TEN_CHI_SO":"THC"}]`, "A=1"),
			row("kham_suc_khoe", "", "TEN_CHI_SO=Glucose"),
			row("kham_suc_khoe", "drop TXT", "TEN_CHI_SO=người nghiện chích"),
			row("kham_suc_khoe", "drop TXT", "KETLUAN=heroin"), row("cong_dan", "drop TXT", "TEN_CHI_SO=heroin"),
		},
		"831-RISK": {
			row("cong_dan", "drop 831-RISK", "LOAI_YEU_TO=3", "TENLOAI=x"), row("cong_dan", "", "LOAI_YEU_TO=2"),
			row("cong_dan", "cut 831-RISK: Yếu tố nguy cơ", "Yếu tố nguy cơ=rượu bia; ma túy", "A=1"),
			row("cong_dan", "cut 831-RISK: DSYEUTO", `DSYEUTO=[{"LOAI":1},{"LOAI":3,"TRANGTHAI":0}]`, "A=1"),
			row("cong_dan", "drop 831-RISK", "YEUTO_SUCKHOE.DSYEUTO.LOAI#2=3"),
			row("cong_dan", "", `DSYEUTO=[{"LOAI":1},{"LOAI":4,"SOLUONG":3}]`), row("cong_dan", "", "LOAI=3"),
		},
		"831-ICD": {row("hssk_831", "drop 831-ICD", "MABENH=B20"), row("hssk_831", "", "MABENH=J00")},
		"831-TXT": {row("hssk_831", "drop 831-TXT", "VANDEKHAC=bán dâm"), row("hssk_831", "", "VANDEKHAC=x")},
		"831-LAB": {row("hssk_831", "drop 831-LAB", "TENDICHVU=Test THC"), row("hssk_831", "", "TENDICHVU=Glucose")},
		"831-RX": {
			row("hssk_831", "drop 831-RX", "KETQUA=Suboxone (Buprenorphin)"), row("hssk_831", "", "KETQUA=Lamivudin"),
			row("hssk_831", "drop 831-RX", "KETQUA=Lamivudin", "BENHSU=Tenofovir"),
		},
	}
}

// placeCases are those of rules on tables, codes and single fields.
func placeCases() map[string][]one {
	return map[string][]one{
		"HIV-T6": {
			visit("drop HIV-T6", "XML1.MA_BENH_CHINH=I10", "XML6.GIOI_TINH=1"),
			visit("drop HIV-T6", "XML6.NHOM_DOI_TUONG=1"),
			visit("", "XML1.MA_BENH_CHINH=I10", "XML7.GHI_CHU=x"),
			row("tiem_chung", "", "NHOM_DOI_TUONG=1", "Nhóm đối tượng=0"),
		},
		"HIV-ICD":  {visit("drop HIV-ICD", "XML1.MA_BENH_CHINH=B20.0"), visit("", "XML1.MA_BENH_CHINH=B19")},
		"DRUG-ICD": {visit("drop DRUG-ICD", "XML3.MA_BENH=I10;F11.2"), visit("", "XML3.MA_BENH=I10;F10.2")},
		"DRUG-TOX": {visit("drop DRUG-TOX", "XML1.MA_BENH_CHINH=T40.1"), visit("", "XML1.MA_BENH_CHINH=T39")},
		"SEXW-ICD": {visit("drop SEXW-ICD", "XML1.MA_BENH_KT=Z72.5"), visit("", "XML1.MA_BENH_KT=Z72.4")},
		"TB-HIV": {
			visit("drop TB-HIV", "XML15.PHANLOAI_LAO_HIV=1"), visit("drop TB-HIV", "XML15.PHANLOAI_LAO_HIV= 1 "),
			visit("drop TB-HIV", "XML15.PHANLOAI_LAO_HIV=2", "XML15.NGAYKD_HIV=20200101"),
			row("lao", "drop TB-HIV", "PHANLOAI_LAO_HIV=1"), row("lao", "drop TB-HIV", "NGAYKD_HIV=20200101"),
			row("lao", "drop TB-HIV", "Phân loại lao/HIV=1"), row("lao", "drop TB-HIV", "Ngày khẳng định HIV=1/2/2020"),
			row("lao", "drop TB-HIV", "Kết quả HIV=Dương tính"), row("lao", "cut TB-FLD FLD: LAO_HIV", "LAO_HIV=âm tính"),
			visit("", "XML15.PHANLOAI_LAO_TS=1"), visit("", "XML15.PHANLOAI_LAO_HIV=", "XML15.NGAYKD_HIV= "),
		},
		"TB-FLD": {
			visit("cut TB-FLD FLD: XML15.PHANLOAI_LAO_HIV XML15.BDDT_ARV XML15.NGAY_BAT_DAU_DT_CTX",
				"XML15.PHANLOAI_LAO_HIV=2", "XML15.BDDT_ARV=20200101", "XML15.NGAY_BAT_DAU_DT_CTX=20200101"),
			visit("cut TB-FLD: XML15.BDDT_ARV", "XML15.BDDT_ARV=0"),
			row("lao", "cut TB-FLD FLD: BDDT_ARV PHANLOAI_LAO_HIV", "PHANLOAI_LAO_HIV=3", "BDDT_ARV=0", "X=1"),
			visit("", "XML15.BDDT_ARV=", "XML14.BDDT_ARV=0"),
		},
		"FLD": {
			row("thai_san", "cut FLD: IS_HIV_TEST Xét nghiệm HIV", "IS_HIV_TEST=0", "Xét nghiệm HIV=âm tính", "A=1"),
			row("gksklx", "cut FLD: MATUY", "MATUY=0"), row("gksklx", "cut FLD: MATUY", "MATUY=1", "SO=1"),
			row("kham_suc_khoe", "cut FLD: Ma túy", "Ma túy=âm tính"),
			visit("cut FLD: XML1.KQ_HIV", "XML1.KQ_HIV=0"),
			visit("", "XML1.T_NGOAIDS=0", "XML1.KQ_HIV=", "XML1.MATUYEN=1"),
		},
	}
}

// wordCases are those of rules on words.
func wordCases() map[string][]one {
	return map[string][]one{
		"DRUG-RX": {
			visit("drop DRUG-RX", "XML2.TEN_THUOC=Methadone hydroclorid 10mg/ml"),
			visit("drop DRUG-RX", "XML2.TEN_THUOC=Suboxone (Buprenorphin/naloxon)"),
			row("don_thuoc", "drop DRUG-RX", "biet_duoc=NALTREXONE 50"),
			visit("", "XML2.TEN_THUOC=Paracetamol 500mg"), visit("", "XML2.CACH_DUNG=methadone"),
		},
		"ARV-RX": {
			visit("drop ARV-RX", "XML2.TEN_THUOC=Tenofovir/Lamivudin/Dolutegravir"),
			visit("drop ARV-RX", "XML2.TEN_THUOC=NEVIRAPINE 200"),
			visit("drop ARV-RX", "XML2.TEN_THUOC=Lamivudine 300mg", "XML13.TEN_THUOC=Tenofovir disoproxil 300mg"),
			visit("", "XML2.TEN_THUOC=Lamivudine 100mg"), visit("", "XML2.TEN_THUOC=Tenofovir 300mg"),
			visit("", "XML2.TEN_THUOC=Tenofovir 300mg", "XML2.GHI_CHU=lamivudin"),
		},
		"DRUG-LAB": {
			visit("drop DRUG-LAB", "XML3.TEN_DICH_VU=Định tính Morphin (test nhanh) [niệu]"),
			visit("drop DRUG-LAB", "XML4.MA_CHI_SO=THC"), visit("drop DRUG-LAB", "XML4.TEN_CHI_SO=Cần sa"),
			visit("drop DRUG-LAB", "XML4.TEN_CHI_SO=Methamphetamine"),
			visit("", "XML2.TEN_THUOC=Morphin 10mg"), visit("", "XML4.TEN_CHI_SO=Cân sau ăn"),
		},
		"HIV-LAB": {
			visit("drop HIV-LAB", "XML4.TEN_CHI_SO=Đếm tế bào CD4"), visit("drop HIV-LAB", "XML4.KET_LUAN=CD4: 200"),
			visit("", "XML4.TEN_CHI_SO=CD40"), visit("", "XML2.TEN_THUOC=CD4"),
		},
		"TXT": {
			visit("drop TXT", "XML5.DIEN_BIEN_LS=XN HIV âm tính"), visit("drop TXT", "XML4.TEN_CHI_SO=HIV1/2"),
			visit("drop TXT", "XML1.GHI_CHU=tiền sử nghiện ma túy"), visit("drop TXT", "XML1.LY_DO_VV=Hội chứng AIDS"),
			row("cong_dan", "drop TXT", "Ghi chú=test antiHIV"),
			row("thai_san", "drop TXT", "GHI_CHU=HIV; chồng sử dụng ma túy"),
			visit("", "XML5.DIEN_BIEN_LS=XN âm tính"),
		},
		"ANC": {
			row("thai_san", "cut ANC: GHI_CHU", "GHI_CHU=XN HIV âm tính", "MA_DOI_TUONG=D1"),
			row("kham_thai", "cut FLD: IS_HIV_TEST", "IS_HIV_TEST=1"), row("de", "cut FLD: IS_HIV_BORN", "IS_HIV_BORN=1"),
			row("thai_san", "cut ANC: Dự phòng ARV", "Dự phòng ARV=có"), row("thai_san", "cut ANC: PLTMC", "PLTMC=có"),
			row("thai_san", "cut ANC: MA_BENH", "MA_BENH=Z11.4", "A=1"), row("thai_san", "drop HIV-ICD", "MA_BENH=B24"),
			row("thai_san", "cut ANC FLD: XN CD4 XN HIV", "XN HIV=(+)", "XN CD4=200", "MA=1"),
			row("thai_san", "", "GHI_CHU=XN âm tính"),
		},
	}
}

func TestEveryBuiltinRule(t *testing.T) {
	rules := builtin(t)
	for id, list := range builtinCases() {
		t.Run(id, func(t *testing.T) {
			for _, c := range list {
				if got := verdict(t, rules, c.kind, c.list...); got != c.want {
					t.Errorf("%s %v: %q, want %q", c.kind, c.list, got, c.want)
				}
			}
		})
	}
}

func TestNoRuleIsWithoutATest(t *testing.T) {
	text, err := os.ReadFile("rules.v1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, m := range regexp.MustCompile(`(?m)^  - \{?id: ([A-Z0-9-]+)`).FindAllStringSubmatch(string(text), -1) {
		rules = append(rules, m[1])
	}
	slices.Sort(rules)
	tested := []string{"SRC", "PATH"} // TestFilesThatAreNotOpened
	for id := range builtinCases() {
		tested = append(tested, id)
	}
	slices.Sort(tested)
	if diff := cmp.Diff(slices.Compact(rules), tested); diff != "" {
		t.Error(diff)
	}
}

func TestFilesThatAreNotOpened(t *testing.T) {
	rules := builtin(t)
	tests := []struct{ kind, path, want string }{
		{"hiv", "/srv/v20/so.csv", "SRC"},
		{"visit", "/srv/HIV/so.xml", "PATH"},
		{"visit", `D:\HIS\Xuat_HIV\2026.xml`, "PATH"},
		{"visit", "/srv/XML6_99001.xml", "PATH"},
		{"visit", "/srv/methadone/1.xml", "PATH"},
		{"visit", "/srv/Methadon 2026.xml", "PATH"},
		{"visit", "/srv/so ma tuý.xml", "PATH"},
		{"visit", "/srv/So-mai-dam.xml", "PATH"},
		{"visit", "/srv/phong chong AIDS/1.xml", "PATH"},
		{"visit", "/srv/his/xuat/4750_V1.xml", ""},
		{"visit", "/srv/XML61/hives/ma/tuyen.xml", ""},
		{"hivx", "", ""},
		{"visit", "", ""},
	}
	for _, tt := range tests {
		if got := rules.File(tt.kind, tt.path); got != tt.want {
			t.Errorf("File(%s, %s) = %q, want %q", tt.kind, tt.path, got, tt.want)
		}
	}
}
