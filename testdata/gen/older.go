package gen

import "strings"

// renamed gives the field of QĐ 4750 that a field of QĐ 4210 became.
var renamed = map[string]string{
	"MA_THE": "MA_THE_BHYT", "MA_BENH": "MA_BENH_CHINH", "MA_BENHKHAC": "MA_BENH_KT", "TEN_BENH": "CHAN_DOAN_RV",
	"MA_LYDO_VVIEN": "MA_DOITUONG_KCB", "MA_NOI_CHUYEN": "MA_NOI_DI", "TINH_TRANG_RV": "MA_LOAI_RV",
	"T_TONGCHI": "T_TONGCHI_BV", "TYLE_TT": "TYLE_TT_BH", "DON_GIA": "DON_GIA_BV", "THANH_TIEN": "THANH_TIEN_BV",
	"T_NGUON_KHAC": "T_NGUONKHAC", "DIEN_BIEN": "DIEN_BIEN_LS", "NGAY_YL": "THOI_DIEM_DBLS",
}

// older turns a record of QĐ 4750 into one of QĐ 4210.
func (s stay) older(table string, row values) values {
	if table == "XML2" {
		row["MA_BENH"] = s.illnesses[0].code
	}
	old := values{}
	for name := range strings.FieldsSeq(layouts4210[table].fields) {
		value, ok := row[name]
		if !ok {
			value = row[renamed[name]]
		}
		old[name] = shorter(name, value)
	}
	return old
}

// shorter writes a value as the exporters of QĐ 4210 did: whole numbers without
// decimals, no zero amounts, dates of birth without unknown parts, codes of one digit.
func shorter(name, value string) string {
	switch {
	case name == "NGAY_SINH":
		return strings.TrimSuffix(strings.TrimSuffix(value, "0000"), "0000")
	case name == "MA_LOAI_KCB":
		return strings.TrimPrefix(value, "0")
	case name == "MA_LYDO_VVIEN":
		return value[:1]
	case name == "LIEU_DUNG":
		return strings.ToLower(strings.Trim(value, "[]"))
	case strings.HasPrefix(name, "T_") && value == "0":
		return ""
	case strings.HasPrefix(name, "T_"), name == "SO_LUONG", name == "DON_GIA", name == "THANH_TIEN":
		whole, decimals, _ := strings.Cut(value, ".")
		if strings.Trim(decimals, "0") == "" {
			return whole
		}
	}
	return value
}
