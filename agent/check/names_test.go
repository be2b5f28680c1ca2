package check_test

import (
	"strings"
	"testing"

	"tramsync/sync/wire"
)

// hisNames are the HIS fields by what is found when "Đ" stands in them.
func hisNames() map[string]string {
	return map[string]string{
		"cccd-format":     "SO_CCCD SO_CCCD_NND",
		"bhyt-format":     "MA_THE_BHYT MA_THE MA_THE_NND",
		"bhxh-format":     "MA_BHXH MA_BHXH_NND",
		"dkbd-format":     "MA_DKBD",
		"sex-value":       "GIOI_TINH GIOI_TINH_CON",
		"phone-format":    "DIEN_THOAI",
		"code-digits":     "MA_DANTOC MA_DANTOC_NND MA_QUOCTICH MA_NGHE_NGHIEP",
		"facility-format": "MA_CSKCB",
		"doctor-format":   "MA_BAC_SI NGUOI_THUC_HIEN MA_BS_DOC_KQ MA_BS",
		"manager-format":  "MA_TTDV",
		"icd-format":      "MA_BENH_CHINH MA_BENH_KT MA_BENH MA_BENHKHAC",
		"yhct-alone":      "MA_BENH_YHCT",
		"care-type":       "MA_LOAI_KCB",
		"number-format": `SO_LUONG MUC_HUONG CAN_NANG CAN_NANG_CON TYLE_TT TYLE_TT_BH TYLE_TT_DV T_THUOC T_BHTT
			T_NGUONKHAC_NSNN T_NGOAIDS DON_GIA DON_GIA_BV DON_GIA_BH THANH_TIEN THANH_TIEN_BV THANH_TIEN_BH`,
		"date-invalid": `NGAY_VAO NGAY_VAO_NOI_TRU NGAY_RA NGAY_YL NGAY_TH_YL NGAY_TTOAN NGAY_KQ NGAY_SINH
			NGAY_SINH_CON NGAYSINH_NND NGAYCAP_CCCD_NND NAM_NAM_LIEN_TUC TU_NGAY DEN_NGAY NGOAITRU_TUNGAY
			NGOAITRU_DENNGAY THOIGIAN_DINHCHI THOI_DIEM_DBLS GT_THE_TU GT_THE_DEN NGAYBD_DTRI_LAO`,
		"commune-format":   "MAXA_CU_TRU MAXA_THUONGTRU MAXA_HIENTAI",
		"district-filled":  "MAHUYEN_CU_TRU MAHUYEN_THUONGTRU MAHUYEN_HIENTAI",
		"province-unknown": "MATINH_CU_TRU MATINH_THUONGTRU MATINH_HIENTAI MATINH_KHAISINH",
		"malk-differs":     "MA_LK",
	}
}

func healthNames() map[string]string {
	return map[string]string{
		"cccd-format":   "MADINHDANH SOCMND",
		"bhyt-format":   "MATHE",
		"bhxh-format":   "MABHXH",
		"phone-format":  "DIENTHOAI_CD DIENTHOAI_DD DIENTHOAI DIDONG",
		"doctor-format": "MABACSI",
		"icd-format":    "MABENH",
		"date-invalid":  "NGAYSINH NGAYCAP NGAYTIEM NGAYHENTIEM NGAYKHAM NGAYBATDAU NGAYKETTHUC",
	}
}

func rowNames() map[string]string {
	return map[string]string{
		"cccd-format":         "CCCD SO_CCCD MA_DINH_DANH CMND",
		"bhyt-format":         "MA_THE_BHYT",
		"sex-value":           "GIOI_TINH GIOITINHVAL",
		"phone-format":        "SO_DIEN_THOAI",
		"facility-format":     "MA_CSKCB IDBENHVIEN",
		"number-format":       "CAN_NANG CHIEU_CAO CAN_NANG_CON NONGDOCON",
		"prescription-format": "MA_DON_THUOC",
		"icd-format":          "MA_BENH MA_BENH_CHINH ICD ICD_CODE",
		"commune-format":      "HK_MA_XA TT_MA_XA MAXA_THUONGTRU MAXA_HIENTAI",
		"district-filled":     "HK_MA_HUYEN TT_MA_HUYEN MAHUYEN_THUONGTRU MAHUYEN_HIENTAI",
		"province-unknown":    "HK_MA_TINH TT_MA_TINH MATINH_THUONGTRU MATINH_HIENTAI MATINH_KHAISINH",
	}
}

// eachName calls f with every name, and a value that is nothing's.
func eachName(t *testing.T, names map[string]string, f func(t *testing.T, name, code string)) {
	t.Helper()
	for code, list := range names {
		for name := range strings.FieldsSeq(list) {
			t.Run(name, func(t *testing.T) { f(t, name, code) })
		}
	}
}

func TestChecker_knows_its_fields(t *testing.T) {
	eachName(t, hisNames(), func(t *testing.T, name, code string) {
		tables := without("XML14")
		tables = append(tables, table("XML4", row("XML4", "MA_LK=L1"), row("XML4", name+"=Đ")))
		if name != "MA_LK" {
			set(t, tables[len(tables)-1:], "XML4[2].MA_LK=L1")
		}
		got := newChecker().Visit(wire.KindVisit, visit4750(), tables, "99001")
		want := []string{"table-duplicate XML4", code + " XML4[2]." + name}
		wantFindings(t, got, want...)
	})
	eachName(t, healthNames(), func(t *testing.T, name, code string) {
		tables := []wire.Table{table("HSSK831", element("CHANDOANBENH", name+"=Đ"))}
		got := newChecker().Visit("hssk_831", &wire.Visit{}, tables, "99001")
		wantFindings(t, got, code+" HSSK831.CHANDOANBENH[1]."+name)
	})
	eachName(t, rowNames(), func(t *testing.T, name, code string) {
		wantFindings(t, newChecker().Row("cong_dan", map[string]string{name: "Đ"}, nil), code+" row."+name)
	})
}

// A commune and its province are compared whatever they are called.
func TestChecker_knows_which_fields_belong_together(t *testing.T) {
	for province, commune := range map[string]string{
		"MATINH_CU_TRU": "MAXA_CU_TRU", "MATINH_THUONGTRU": "MAXA_THUONGTRU", "MATINH_HIENTAI": "MAXA_HIENTAI",
		"HK_MA_TINH": "HK_MA_XA", "TT_MA_TINH": "TT_MA_XA",
	} {
		c := newChecker()
		wantFindings(t, c.Row("cong_dan", map[string]string{province: "01", commune: "28756"}, nil),
			"province-differs row."+province)
		wantFindings(t, c.Row("cong_dan", map[string]string{province: "99", commune: "x"}, nil))
	}
}

// What is still to come is no fault in these.
func TestChecker_knows_dates_that_may_be_in_the_future(t *testing.T) {
	future := "NAM_NAM_LIEN_TUC TU_NGAY DEN_NGAY NGOAITRU_TUNGAY NGOAITRU_DENNGAY GT_THE_TU GT_THE_DEN NGAY_HEN_KL"
	for name := range strings.FieldsSeq(future) {
		tables := cleanTables()
		set(t, tables, "XML14[1]."+name+"=20301231")
		wantFindings(t, newChecker().Visit(wire.KindVisit, visit4750(), tables, "99001"))
	}
	for _, name := range []string{"NGAYKHAMLAI", "NGAY_DU_SINH", "NGAY_HEN", "NGAY_TAI_KHAM"} {
		wantFindings(t, newChecker().Row("tiem_chung", map[string]string{name: "2030-12-31"}, []string{name}))
	}
	wantFindings(t, newChecker().Row("tu_vong", map[string]string{"NGAY_TU_VONG": "2030-12-31"},
		[]string{"NGAY_TU_VONG"}), "date-future row.NGAY_TU_VONG")
}

// The day of every event decides which list of communes holds, and comes after birth.
func TestChecker_Row_knows_its_events(t *testing.T) {
	events := `NGAY_VAO NGAY_KHAM NGAY_TIEM NGAY_DE NGAY_PHA_THAI NGAY_THUC_HIEN NGAY_TU_VONG NGAY_CAN NGAY_UONG
		NGAY_DANG_KY NGAYKETLUAN NGAY_KE_DON NGAY_CAP_NHAT`
	for event := range strings.FieldsSeq(events) {
		row := map[string]string{event: "2025-06-30", "NGAY_SINH": "2025-07-01", "HK_MA_XA": "28757"}
		got := newChecker().Row("cong_dan", row, []string{event, "NGAY_SINH"})
		wantFindings(t, got, "date-order row."+event)
	}
}
