package check

import "unicode/utf8"

// formFault is the code of what is wrong with the form of a value that is no date, "" when nothing is.
func formFault(k kind, value string) string {
	ok, code := true, ""
	switch k {
	case identityKind:
		ok, code = isIdentity(value), CCCDFormat
	case numberKind:
		ok, code = isCCCD(value), CCCDFormat
	case cmndKind:
		ok, code = isCMND(value), CCCDFormat
	case cardKind:
		ok, code = all(value, isCard), BHYTFormat
	case sexKind:
		_, ok = sexOf(value)
		code = SexValue
	case sexWordKind:
		_, ok = sexOfRow(value)
		code = SexValue
	case facilityKind:
		ok, code = isFacility(value), FacilityFormat
	case doctorKind:
		ok, code = all(value, isDoctor), DoctorFormat
	case oneICDKind:
		ok, code = isICD(value), ICDFormat
	case icdsKind:
		ok, code = all(value, isICD), ICDFormat
	}
	if ok {
		return ""
	}
	return code
}

// tooManyICDs applies the limits of MA_BENH_KT (QĐ 4750/QĐ-BYT).
func tooManyICDs(name, value string) bool {
	return name == "MA_BENH_KT" && (utf8.RuneCountInString(value) > maxICDChars || count(value) > maxICDs)
}

// dateFault is the code of what is wrong with a date, or a list of them where the kind has lists; "" when nothing is.
// No date is in the future when latest is unknown.
func dateFault(k kind, name, value string, latest moment) string {
	if k != cardDateKind && k != dateKind {
		return oneDateFault(k, name, value, latest)
	}
	part, rest := next(value)
	code := oneDateFault(k, name, part, latest) // of a list without parts: invalid
	for code == "" {
		if part, rest = next(rest); part == "" {
			break
		}
		code = oneDateFault(k, name, part, latest)
	}
	return code
}

func oneDateFault(k kind, name, value string, latest moment) string {
	m, ok := parseDate(k, value)
	switch {
	case !ok:
		return DateInvalid
	case m.year() < 1900:
		return DateBefore1900
	case latest.before(m) && !canBeFuture(name):
		return DateFuture
	default:
		return ""
	}
}

// parseDate reads a date of the given kind and reports whether it exists and has the kind's form.
func parseDate(k kind, s string) (moment, bool) {
	if k == isoKind {
		return parseISO(s)
	}
	m, ok := parseDigits(s)
	switch k {
	case cardDateKind:
		ok = ok && len(s) == 8 && m.unit == day
	case momentKind:
		ok = ok && len(s) >= 12 && m.unit <= day
	case dateKind:
		ok = ok && len(s) >= 8
	}
	return m, ok
}
