package check

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// sex is what GIOI_TINH says.
type sex uint8

const (
	unknownSex sex = iota
	male
	female
)

// sexOf reads the codes of the HIS tables.
func sexOf(s string) (_ sex, ok bool) {
	switch s {
	case "1":
		return male, true
	case "2":
		return female, true
	case "3":
		return unknownSex, true
	default:
		return unknownSex, false
	}
}

// sexOfRow reads the codes or the words that row exports have instead. 0 isn't read: what it means differs.
func sexOfRow(s string) (_ sex, ok bool) {
	if coded, ok := sexOf(s); ok {
		return coded, true
	}
	switch strings.ToLower(norm.NFC.String(s)) {
	case "nam":
		return male, true
	case "nữ", "nu":
		return female, true
	case "khác", "chưa xác định", "không xác định":
		return unknownSex, true
	default:
		return unknownSex, false
	}
}

// sexOfDriver reads the codes of drivers' health certificates, which are others (CV 507/BHXH-CNTT 2023).
func sexOfDriver(s string) (_ sex, ok bool) {
	switch s {
	case "0":
		return male, true
	case "1":
		return female, true
	default:
		return unknownSex, false
	}
}

// person is what a record says beside a CCCD.
type person struct {
	birthYear int64 // 0: unknown
	sex       sex
}

// matches compares the CCCD's fourth digit (century and sex) and the two after it (year) with p. What p doesn't know
// agrees with everything. The 12-digit CMND of 2012 to 2023 have the same form and needn't agree.
func (p person) matches(cccd string) (year, sex bool) {
	century := int64(cccd[3] - '0')
	year = p.birthYear == 0 || p.birthYear == 1900+century/2*100+number(cccd[4:6])
	sex = p.sex == unknownSex || (p.sex == male) == (century%2 == 0)
	return year, sex
}
