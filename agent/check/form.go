package check

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of QĐ 4750/QĐ-BYT.
const (
	maxMaLK     = 100 // characters
	maxICDs     = 12  // codes of MA_BENH_KT
	maxICDChars = 100
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
func isCCCD(s string) bool { return len(s) == 12 && isDigits(s) }

func isCMND(s string) bool { return isCCCD(s) || len(s) == 9 && isDigits(s) }

// isIdentity is what SO_CCCD may hold by the insurer's validator: CCCD, CMND or a passport's 8 characters.
func isIdentity(s string) bool {
	return isCMND(s) || len(s) == 8 && isUpper(s[0]) && isAlphanumeric(s[1:])
}

// isCard is an insurance card's number: the card's 15 characters, the insurance number (since 01/04/2021) or the CCCD
// (since 15/08/2025, NĐ 188/2025). All three are in use side by side.
func isCard(s string) bool {
	switch len(s) {
	case 10, 12:
		return isDigits(s)
	case 15:
		return isUpper(s[0]) && isUpper(s[1]) && s[2] >= '1' && s[2] <= '5' && isDigits(s[3:])
	default:
		return false
	}
}

// isFacility is a facility's code, or its GLN in the check-up flows.
func isFacility(s string) bool {
	return isDigits(s) && (len(s) == 5 || len(s) == 13 && strings.HasPrefix(s, "893"))
}

// isDoctor is a practice certificate's number such as 000000/ZZ-CCHN, or an insurance number.
func isDoctor(s string) bool {
	if isDigits(s) {
		return len(s) == 10
	}
	if len(s) < 7 || !isDigits(s[:6]) || s[6] != '/' {
		return false
	}
	place, ok := strings.CutSuffix(s[7:], "-CCHN")
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
	switch strings.ToLower(norm.NFC.String(s)) {
	case "nam":
		return male, true
	case "nữ", "nu":
		return female, true
	case "khác", "chưa xác định", "không xác định":
		return unknownSex, true
	default:
		return sexOf(s)
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
