package check

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tramsync/agent/check/communes"
)

// Limits of QĐ 4750/QĐ-BYT.
const (
	maxMaLK     = 100 // characters
	maxICDs     = 12  // codes of MA_BENH_KT
	maxICDChars = 100
	maxYHCT     = 255 // characters of MA_BENH_YHCT
	maxDecimals = 3
)

// next gives the first part of a list as exports write them, separated by ";", and what is left. Empty parts are left
// out; "" is the end.
func next(list string) (part, rest string) {
	for list != "" && part == "" {
		part, list, _ = strings.Cut(list, ";")
		part = strings.TrimSpace(part)
	}
	return part, list
}

func count(list string) int {
	n := 0
	for part, rest := next(list); part != ""; part, rest = next(rest) {
		n++
	}
	return n
}

// all reports whether the list has parts and every one of them the form.
func all(list string, form func(string) bool) bool {
	part, rest := next(list)
	if part == "" {
		return false
	}
	for ; part != ""; part, rest = next(rest) {
		if !form(part) {
			return false
		}
	}
	return true
}

// isCCCD is a personal identification number (NĐ 137/2015): 12 digits without a check digit.
func isCCCD(s string) bool { return len(s) == 12 && isDigits(s) && !isFiller(s) }

// isFiller knows what people type where they have no number: one digit again and again.
func isFiller(digits string) bool { return strings.Count(digits, digits[:1]) == len(digits) }

// isOrigin reports whether a CCCD begins with one of the 63 provinces of birth registration or, for those born abroad,
// a country's code, of which 000 is Vietnam's own (TT 07/2016/TT-BCA, phụ lục II).
func isOrigin(cccd string) bool {
	return cccd[0] != '0' || cccd[:3] == "000" || communes.Province(cccd[:3]) != 0
}

func isCMND(s string) bool { return isCCCD(s) || len(s) == 9 && isDigits(s) && !isFiller(s) }

// isIdentity is what SO_CCCD may hold by the insurer's validator: CCCD, CMND or a passport's 8 characters.
func isIdentity(s string) bool {
	return isCMND(s) || len(s) == 8 && isUpper(s[0]) && isAlphanumeric(s[1:])
}

// isCard is an insurance card's number: the card's 15 characters, the insurance number (since 01/04/2021) or the CCCD
// (since 15/08/2025, NĐ 188/2025). All three are in use side by side. A newborn that has no card yet gets a number
// from the facility that may have letters too.
func isCard(s string) bool {
	switch len(s) {
	case 10, 12:
		return isDigits(s)
	case 15:
		return isUpper(s[0]) && isUpper(s[1]) && s[2] >= '1' && s[2] <= '5' && isDigits(s[3:]) ||
			isNewborn(s) && isAlphanumeric(s)
	default:
		return false
	}
}

func isNewborn(card string) bool { return strings.HasPrefix(card, "TE1") }

// isInsurance is a social insurance number.
func isInsurance(s string) bool { return len(s) == 10 && isDigits(s) }

// isPhone is a mobile number, or one of a land line with its area (since 2017: 02, 11 digits in all).
func isPhone(s string) bool {
	return isDigits(s) && (len(s) == 10 && s[0] == '0' || len(s) == 11 && strings.HasPrefix(s, "02"))
}

// isCare is a type of care, MA_LOAI_KCB: 01 to 10, and 11 to 16 (QĐ 1804/QĐ-BYT 2026).
func isCare(s string) bool { return len(s) == 2 && isDigits(s) && s >= "01" && s <= "16" }

// isCertificate is the number of a driver's health certificate, SO: NNNNN/GKSKLX/<facility>/YY (CV 507/BHXH-CNTT 2023).
func isCertificate(s string) bool {
	number, rest, _ := strings.Cut(s, "/GKSKLX/")
	facility, year, _ := strings.Cut(rest, "/")
	return len(number) == 5 && isDigits(number) && isFacility(facility) && len(year) == 2 && isDigits(year)
}

// isPrescription is the number of a national prescription: the facility, 7 characters, and its sort.
func isPrescription(s string) bool {
	if len(s) != 14 || !isFacility(s[:5]) || !isAlphanumeric(strings.ToUpper(s[5:12])) {
		return false
	}
	switch s[12:] {
	case "-c", "-h", "-n":
		return true
	default:
		return false
	}
}

// isFacility is a facility's code, or its GLN in the check-up flows.
func isFacility(s string) bool {
	return isDigits(s) && (len(s) == 5 || len(s) == 13 && strings.HasPrefix(s, "893"))
}

// doctorFault looks at a list of practice certificates' numbers such as 000000/ZZ-CCHN, or insurance numbers. Seven
// digits before the slash aren't the text's, but occur.
func doctorFault(list string) string {
	code := DoctorFormat // of a list without parts
	for part, rest := next(list); part != ""; part, rest = next(rest) {
		if isInsurance(part) || isCertified(part, 6) {
			code = ""
			continue
		}
		if isCertified(part, 7) {
			return DoctorDigits
		}
		return DoctorFormat
	}
	return code
}

func isCertified(s string, digits int) bool {
	if len(s) <= digits || !isDigits(s[:digits]) || s[digits] != '/' {
		return false
	}
	place, ok := strings.CutSuffix(s[digits+1:], "-CCHN")
	if !ok {
		place, ok = strings.CutSuffix(place, "-GPHN")
	}
	n := 0
	for _, r := range place {
		if n++; r != 'Đ' && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return ok && n >= 2 && n <= 4
}

// decimalFault looks at an amount, or a list of them. Quantities and unit prices have three decimals, money two;
// more in money do no harm.
func decimalFault(list string) string {
	if isDecimal(list) || all(list, isDecimal) {
		return ""
	}
	if strings.Contains(list, ",") {
		return NumberComma
	}
	return NumberFormat
}

// isDecimal reports whether s is digits, with or without a point and one to three digits after it.
func isDecimal(s string) bool {
	point := -1
	for i := range len(s) {
		if s[i] == '.' && point < 0 {
			point = i
		} else if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	decimals := len(s) - 1 - point
	return s != "" && (point < 0 || point > 0 && decimals > 0 && decimals <= maxDecimals)
}

// isICD has the form of all codes of QĐ 4469/QĐ-BYT (2020), a mark of † or * included, and of the ways they are typed:
// lower case, no dot, + for †.
func isICD(s string) bool {
	for _, mark := range [...]string{"†", "*", "+"} {
		if cut, ok := strings.CutSuffix(s, mark); ok {
			s = cut
			break
		}
	}
	if len(s) < 3 || !isUpper(s[0]&^0x20) || !isDigits(s[1:3]) {
		return false
	}
	rest, dotted := strings.CutPrefix(s[3:], ".")
	if rest == "" {
		return !dotted
	}
	return len(rest) <= 2 && isDigits(rest)
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

func isAlphanumeric(s string) bool {
	for i := range len(s) {
		if !isUpper(s[i]) && !isDigits(s[i:i+1]) {
			return false
		}
	}
	return true
}

// isPrintable reports whether s is UTF-8 without control and other unprintable characters.
func isPrintable(s string) bool {
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return utf8.ValidString(s)
}
