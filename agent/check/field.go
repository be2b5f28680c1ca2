package check

import "strings"

// kind is what a field holds, as far as it is checked.
type kind uint8

const (
	otherKind kind = iota
	linkKind
	numberingKind // STT
	identityKind  // CCCD, CMND or passport
	numberKind    // CCCD only
	cmndKind
	cardKind
	insuranceKind
	registeredKind
	sexKind
	sexWordKind   // of rows
	sexDriverKind // CV 507/BHXH-CNTT: 0, 1
	phoneKind
	digits2Kind
	digits3Kind
	digits5Kind
	communeKind
	districtKind
	provinceKind
	originKind // the province where a birth was registered
	facilityKind
	doctorKind
	managerKind
	oneICDKind
	icdsKind
	traditionalKind
	careKind
	oldCareKind // QĐ 4210/QĐ-BYT
	decimalKind
	certificateKind
	prescriptionKind
	// Dates, by what QĐ 4750/QĐ-BYT wants of them.
	cardDateKind // yyyyMMdd, ";" lists
	momentKind   // yyyyMMddHHmm
	birthKind    // may be partial; QĐ 4210/QĐ-BYT: yyyyMMdd, yyyy
	dateKind     // a day or a moment, may be partial
	issuedKind   // NGAYLAP
	// Dates of others.
	isoKind      // of rows
	isoBirthKind // of rows, may be a year
	slashKind    // QĐ 831/QĐ-BYT: dd/MM/yyyy
	slashBirthKind
)

// fieldKind is the kind of a HIS table's field (QĐ 4750/QĐ-BYT and, under its old name, QĐ 4210/QĐ-BYT).
func fieldKind(name string) kind {
	switch name {
	case "MA_LK":
		return linkKind
	case "STT":
		return numberingKind
	case "SO_CCCD", "SO_CCCD_NND":
		return identityKind
	case "MA_THE_BHYT", "MA_THE", "MA_THE_NND":
		return cardKind
	case "MA_BHXH", "MA_BHXH_NND":
		return insuranceKind
	case "MA_DKBD":
		return registeredKind
	case "GIOI_TINH", "GIOI_TINH_CON":
		return sexKind
	case "DIEN_THOAI":
		return phoneKind
	case "MA_DANTOC", "MA_DANTOC_NND":
		return digits2Kind
	case "MA_QUOCTICH":
		return digits3Kind
	case "MA_NGHE_NGHIEP":
		return digits5Kind
	case "MA_CSKCB":
		return facilityKind
	case "MA_BAC_SI", "NGUOI_THUC_HIEN", "MA_BS_DOC_KQ", "MA_BS":
		return doctorKind
	case "MA_TTDV":
		return managerKind
	case "MA_BENH_CHINH":
		return oneICDKind
	case "MA_BENH_KT", "MA_BENH", "MA_BENHKHAC":
		return icdsKind
	case "MA_BENH_YHCT":
		return traditionalKind
	case "MA_LOAI_KCB":
		return careKind
	case "SO_LUONG", "MUC_HUONG", "CAN_NANG", "CAN_NANG_CON", "TYLE_TT", "TYLE_TT_BH", "TYLE_TT_DV":
		return decimalKind
	case "NGAY_VAO", "NGAY_VAO_NOI_TRU", "NGAY_RA", "NGAY_YL", "NGAY_TH_YL", "NGAY_TTOAN", "NGAY_KQ":
		return momentKind
	case "NGAY_SINH", "NGAY_SINH_CON", "NGAYSINH_NND":
		return birthKind
	case "NAM_NAM_LIEN_TUC", "TU_NGAY", "DEN_NGAY", "NGOAITRU_TUNGAY", "NGOAITRU_DENNGAY", "THOIGIAN_DINHCHI":
		return dateKind
	default:
		return prefixedKind(name)
	}
}

// prefixedKind knows fields by how their names begin.
func prefixedKind(name string) kind {
	if len(name) < 3 {
		return otherKind
	}
	k := otherKind
	switch name[:2] {
	case "T_":
		k = decimalKind
	case "TH":
		if strings.HasPrefix(name, "THANH_TIEN") {
			k = decimalKind
		} else if strings.HasPrefix(name, "THOI_DIEM_") {
			k = momentKind
		}
	case "DO":
		if strings.HasPrefix(name, "DON_GIA") {
			k = decimalKind
		}
	case "NG":
		if strings.HasPrefix(name, "NGAY") {
			k = dateKind
		}
	case "GT":
		if strings.HasPrefix(name, "GT_THE_") {
			k = cardDateKind
		}
	case "MA":
		k = placeKind(name)
	}
	if k != otherKind && !isName(name) {
		return otherKind
	}
	return k
}

// columnKind is the kind of a row's column, but for dates, which the feed's configuration names.
func columnKind(rows, name string) kind {
	switch name {
	case "MA_LK":
		return linkKind
	case "CCCD", "SO_CCCD":
		return identityKind
	case "MA_DINH_DANH":
		return numberKind
	case "CMND":
		if rows == driverKind {
			return identityKind // SOCMND_PASSPORT
		}
		return cmndKind
	case "MA_THE_BHYT":
		return cardKind
	case "GIOI_TINH", "GIOITINHVAL":
		if rows == driverKind {
			return sexDriverKind
		}
		return sexWordKind
	case "SO_DIEN_THOAI":
		return phoneKind
	case "MA_CSKCB", "IDBENHVIEN":
		return facilityKind
	case "CAN_NANG", "CHIEU_CAO", "CAN_NANG_CON", "NONGDOCON":
		return decimalKind
	case "SO":
		if rows == driverKind {
			return certificateKind
		}
		return otherKind
	case "MA_DON_THUOC":
		return prescriptionKind
	}
	if k := placeKind(name); k != otherKind {
		return k
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
