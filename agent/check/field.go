package check

import "strings"

// kind is what a field holds, as far as it is checked.
type kind uint8

const (
	otherKind kind = iota
	linkKind
	identityKind // CCCD, CMND or passport
	numberKind   // CCCD only
	cmndKind
	cardKind
	sexKind
	sexWordKind // of rows
	facilityKind
	doctorKind
	oneICDKind
	icdsKind
	// Dates, by what QĐ 4750/QĐ-BYT wants of them.
	cardDateKind // yyyyMMdd, ";" lists
	momentKind   // yyyyMMddHHmm
	birthKind    // may be partial; QĐ 4210/QĐ-BYT: yyyyMMdd, yyyy
	dateKind     // a day or a moment, may be partial
	isoKind      // of rows
)

// fieldKind is the kind of a HIS table's field (QĐ 4750/QĐ-BYT and, under its old name, QĐ 4210/QĐ-BYT).
func fieldKind(name string) kind {
	switch name {
	case "MA_LK":
		return linkKind
	case "SO_CCCD", "SO_CCCD_NND":
		return identityKind
	case "MA_THE_BHYT", "MA_THE", "MA_THE_NND":
		return cardKind
	case "GIOI_TINH", "GIOI_TINH_CON":
		return sexKind
	case "MA_CSKCB":
		return facilityKind
	case "MA_BAC_SI", "NGUOI_THUC_HIEN", "MA_BS_DOC_KQ", "MA_BS":
		return doctorKind
	case "MA_BENH_CHINH":
		return oneICDKind
	case "MA_BENH_KT", "MA_BENH", "MA_BENHKHAC":
		return icdsKind
	case "NGAY_VAO", "NGAY_VAO_NOI_TRU", "NGAY_RA", "NGAY_YL", "NGAY_TH_YL", "NGAY_TTOAN", "NGAY_KQ":
		return momentKind
	case "NGAY_SINH", "NGAY_SINH_CON", "NGAYSINH_NND":
		return birthKind
	default:
		return dateFieldKind(name)
	}
}

func dateFieldKind(name string) kind {
	switch {
	case !isName(name):
		return otherKind
	case strings.HasPrefix(name, "NGAY"):
		return dateKind
	case strings.HasPrefix(name, "GT_THE_"):
		return cardDateKind
	case strings.HasPrefix(name, "THOI_DIEM_"):
		return momentKind
	default:
		return otherKind
	}
}

// columnKind is the kind of a row's column, but for dates, which the feed's configuration names.
func columnKind(name string) kind {
	switch name {
	case "CCCD", "SO_CCCD":
		return identityKind
	case "MA_DINH_DANH":
		return numberKind
	case "CMND":
		return cmndKind
	case "MA_THE_BHYT":
		return cardKind
	case "GIOI_TINH":
		return sexWordKind
	case "MA_CSKCB":
		return facilityKind
	}
	if isName(name) && (strings.HasPrefix(name, "MA_BENH") || strings.HasPrefix(name, "ICD")) && !isOtherThanICD(name) {
		return icdsKind
	}
	return otherKind
}

// isOtherThanICD knows columns that only begin like an ICD code's: a patient's, a hospital's or a medical record's
// number, codes of traditional medicine, names.
func isOtherThanICD(name string) bool {
	for part := range strings.SplitSeq(name, "_") {
		switch part {
		case "NHAN", "BENHNHAN", "VIEN", "BENHVIEN", "AN", "BENHAN", "YHCT", "TEN", "NAME", "TEXT", "ID":
			return true
		}
	}
	return false
}

// isName keeps names that no table and no configuration has out of findings.
func isName(name string) bool {
	if name == "" || len(name) > 60 {
		return false
	}
	for i := range len(name) {
		if c := name[i]; c != '_' && !isUpper(c) && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
