package check

import "unicode/utf8"

// formFault is the code of what is wrong with the form of a value that is no date, "" when nothing is.
func formFault(k kind, value string) string {
	switch k {
	case sexKind, sexWordKind, sexDriverKind:
		return sexFault(k, value)
	case phoneKind, digits2Kind, digits3Kind, digits5Kind, decimalKind, careKind, oldCareKind:
		return countFault(k, value)
	}
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
	case insuranceKind:
		ok, code = isInsurance(value), BHXHFormat
	case facilityKind:
		ok, code = isFacility(value), FacilityFormat
	case doctorKind:
		return doctorFault(value)
	case managerKind:
		ok, code = isInsurance(value), ManagerFormat
	case oneICDKind:
		ok, code = isICD(value), ICDFormat
	case icdsKind:
		ok, code = all(value, isICD), ICDFormat
	case traditionalKind:
		ok, code = utf8.RuneCountInString(value) <= maxYHCT, YHCTTooLong
	case certificateKind:
		ok, code = isCertificate(value), CertificateFormat
	case prescriptionKind:
		ok, code = isPrescription(value), PrescriptionFormat
	}
	if ok {
		return ""
	}
	return code
}

func sexFault(k kind, value string) string {
	ok := false
	switch k {
	case sexKind:
		_, ok = sexOf(value)
	case sexWordKind:
		_, ok = sexOfRow(value)
	case sexDriverKind:
		_, ok = sexOfDriver(value)
	}
	if ok {
		return ""
	}
	return SexValue
}

// countFault is about numbers, and codes that are nothing but digits.
func countFault(k kind, value string) string {
	ok, code := true, CodeDigits
	switch k {
	case phoneKind:
		ok, code = isPhone(value), PhoneFormat
	case digits2Kind:
		ok = len(value) == 2 && isDigits(value)
	case digits3Kind:
		ok = len(value) == 3 && isDigits(value)
	case digits5Kind:
		ok = len(value) == 5 && isDigits(value)
	case careKind:
		ok, code = isCare(value), CareType
	case oldCareKind:
		ok, code = isCare(value) || len(value) == 1 && value[0] >= '1' && value[0] <= '9', CareType
	case decimalKind:
		return decimalFault(value)
	}
	if ok {
		return ""
	}
	return code
}

// linkFaults are the codes of what is wrong with an MA_LK.
func linkFaults(value string) []string {
	var codes []string
	if utf8.RuneCountInString(value) > maxMaLK {
		codes = append(codes, MaLKTooLong)
	}
	if !isPrintable(value) {
		codes = append(codes, MaLKUnprintable)
	}
	return codes
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
	case !ok && k == issuedKind && isDoubledMonth(value):
		return DateDoubledMonth
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
	switch k {
	case isoKind:
		return parseISO(s)
	case isoBirthKind:
		if len(s) != 4 {
			return parseISO(s)
		}
	case slashKind, slashBirthKind:
		if k == slashKind || len(s) != 4 {
			return parseSlashed(s)
		}
	}
	m, ok := parseDigits(s)
	switch k {
	case cardDateKind:
		ok = ok && len(s) == 8 && m.unit == day
	case momentKind:
		ok = ok && len(s) >= 12 && m.unit <= day
	case dateKind:
		ok = ok && len(s) >= 8
	case issuedKind:
		ok = ok && len(s) >= 8 && m.unit <= day
	}
	return m, ok
}

// isDoubledMonth knows what an old exporter writes for yyyyMMdd: the month twice.
func isDoubledMonth(s string) bool {
	if len(s) != 10 || s[4:6] != s[6:8] {
		return false
	}
	_, ok := parseDate(issuedKind, s[:6]+s[8:])
	return ok
}
