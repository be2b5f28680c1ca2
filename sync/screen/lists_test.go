package screen_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/config"
	"tramsync/sync/screen"
	"tramsync/sync/wire"
)

// withoutCodes are the columns of lists in which no diagnosis stands: people, numbers, days, places, measures. In them
// what looks like a code is none ("Lô B20").
func withoutCodes() []string {
	return strings.Fields(`MA_DOI_TUONG MA_DINH_DANH CCCD CMND MA_THE_BHYT HO_TEN NGAY_SINH GIOI_TINH SO_DIEN_THOAI
		MA_DAN_TOC NGHE_NGHIEP HO_TEN_CHA HO_TEN_ME MA_HGD DIA_CHI HK_DIA_CHI HK_MA_TINH HK_MA_HUYEN HK_MA_XA TT_DIA_CHI
		TT_MA_TINH TT_MA_HUYEN TT_MA_XA MA_CSKCB NGAY_CAP_NHAT BAC_SI MA_LK NGAY_KHAM NGAY_DANG_KY NGAY_CAN CAN_NANG
		CHIEU_CAO CHU_HO QUAN_HE_CHU_HO NGAY_VAO NGAY_RA VAC_XIN MUI_SO NGAY_TIEM SO_LO NGAY_HEN NOI_TIEM LAN_KHAM TUAN_THAI
		NGAY_DU_SINH NGAY_DE NOI_DE CAN_NANG_CON NGAY_PHA_THAI NGAY_THUC_HIEN BIEN_PHAP NGAY_TU_VONG NOI_TU_VONG DOT
		NGAY_UONG HUYET_AP DUONG_HUYET SO IDBENHVIEN NGAYKHAMLAI MA_DON_THUOC MA_DINH_DANH_Y_TE NGAY_KE_DON
		HINH_THUC SO_NGUOI`)
}

// presets are the kinds of lists that the program knows, with their columns.
func presets(t *testing.T) map[string][]string {
	t.Helper()
	list, err := config.Presets()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, p := range list {
		for _, c := range p.Columns {
			out[p.Kind] = append(out[p.Kind], c.Name)
		}
	}
	return out
}

// takenOut reports whether a row with a value in one column is withheld, or that column cut out, alike at both ends.
func takenOut(t *testing.T, rules *screen.Rules, kind, column, value string) bool {
	t.Helper()
	row := map[string]string{"X": "1", column: value}
	drop, cut, _ := rules.Row(kind, row, nil)
	out := drop != "" || cmp.Equal(cut, []string{column})
	if excluded, err := rules.Excluded(event(wire.Data{Row: row}, "V20", kind)); err != nil || excluded != out {
		t.Errorf("%s.%s=%s at the warehouse: %v, %v; at the station %v", kind, column, value, excluded, err, out)
	}
	return out
}

func TestEveryColumnOfEveryKnownListIsReadForWords(t *testing.T) {
	rules, kinds := builtin(t), presets(t)
	if len(kinds) < 19 {
		t.Errorf("only %d kinds", len(kinds))
	}
	for kind, columns := range kinds {
		for _, column := range columns {
			for _, value := range []string{"nhiễm HIV", "nghiện ma túy", "bán dâm"} {
				if !takenOut(t, rules, kind, column, value) {
					t.Errorf("%s.%s=%s is taken in", kind, column, value)
				}
			}
			if takenOut(t, rules, kind, column, "viêm họng") {
				t.Errorf("%s.%s: an illness is taken out", kind, column)
			}
		}
	}
}

func TestEveryColumnWithDiagnosesIsReadForCodes(t *testing.T) {
	rules, without := builtin(t), map[string]bool{}
	for _, column := range withoutCodes() {
		without[column] = false
	}
	with := map[string]bool{}
	for kind, columns := range presets(t) {
		for _, column := range columns {
			if _, ok := without[column]; ok {
				without[column] = true
				if takenOut(t, rules, kind, column, "B20") {
					t.Errorf("%s.%s=B20 is no diagnosis and taken out", kind, column)
				}
				continue
			}
			with[column] = true
			for _, value := range []string{"B20", "J00; f11.2", "Mắc bệnh (Z21)", "Z72.5"} {
				if !takenOut(t, rules, kind, column, value) {
					t.Errorf("%s.%s=%s is taken in", kind, column, value)
				}
			}
			if takenOut(t, rules, kind, column, "J00") {
				t.Errorf("%s.%s=J00 is taken out", kind, column)
			}
		}
	}
	want := strings.Fields("CHU_DE GHI_CHU KET_LUAN MA_BENH NGAYKETLUAN NGUYEN_NHAN TEN_BENH THONG_TIN_DON_THUOC")
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(with))); diff != "" {
		t.Errorf("columns with diagnoses (-want +got):\n%s", diff)
	}
	for column, used := range without {
		if !used {
			t.Errorf("no list has %s any more", column)
		}
	}
}

// Exports have columns of their own, which keep their names.
func TestUnmappedColumnsAreReadForCodes(t *testing.T) {
	rules := builtin(t)
	for kind := range presets(t) {
		for _, column := range []string{
			"DIAGNOSIS", "ICD_NAME", "Tiền sử bệnh", "Triệu chứng", "Lý do khám", "LYDO", "NOTE", "Description", "Lời dặn",
			"Nội dung tư vấn", "Chẩn đoán sơ bộ", "Kết luận", "Tên bệnh chính", "Nguyên nhân",
		} {
			if !takenOut(t, rules, kind, column, "theo dõi B24") {
				t.Errorf("%s.%s is taken in", kind, column)
			}
		}
	}
}

func TestPrescriptionsAreReadForMedicines(t *testing.T) {
	rules := builtin(t)
	for _, value := range []string{
		`[{"ten_thuoc":"Paracetamol"},{"ten_thuoc":"Methadone 10mg"}]`, `[{"biet_duoc":"Efavirenz"}]`, "Methadone 10mg x 10",
		`[{"ten_thuoc":"x","chan_doan":"B20"}]`, `[{"ten_thuoc":"Lamivudin"},{"ten_thuoc":"Tenofovir"}]`,
	} {
		if !takenOut(t, rules, "don_thuoc", "THONG_TIN_DON_THUOC", value) {
			t.Errorf("%s is taken in", value)
		}
	}
	for _, value := range []string{`[{"ten_thuoc":"Paracetamol"}]`, "Lamivudin 100mg", "Vitamin B12"} {
		if takenOut(t, rules, "don_thuoc", "THONG_TIN_DON_THUOC", value) {
			t.Errorf("%s is taken out", value)
		}
	}
}
