package check

import "strings"

func (w *walk) identity(name, value string) {
	if name != "SO_CCCD" || !isCCCD(value) {
		return
	}
	var p person
	if m, ok := parseDate(birthKind, text(w.row, "NGAY_SINH")); ok {
		p.birthYear = m.year()
	}
	p.sex, _ = sexOf(text(w.row, "GIOI_TINH"))
	year, sex := p.matches(value)
	if !year {
		w.flag(CCCDBirthYear, name)
	}
	if !sex {
		w.flag(CCCDSex, name)
	}
	if !isOrigin(value) {
		w.flag(CCCDProvince, name)
	}
}

// cards compares the parallel lists. A list that isn't there at all is no fault of its length.
func (w *walk) cards(name, value string) {
	n := count(value)
	for _, other := range [...]string{"GT_THE_TU", "GT_THE_DEN"} {
		if dates := count(text(w.row, other)); dates != 0 && dates != n {
			w.flag(BHYTListsDiffer, name)
			return
		}
	}
}

// registered looks at the facilities where the cards are registered, one or as many as there are cards. <province>000
// stands for none: a newborn's.
func (w *walk) registered(name, value string) {
	cards := text(w.row, "MA_THE_BHYT")
	if cards == "" {
		cards = text(w.row, "MA_THE")
	}
	if n := count(value); n > 1 && cards != "" && n != count(cards) {
		w.flag(BHYTListsDiffer, name)
	}
	newborn := false
	for card, rest := next(cards); card != ""; card, rest = next(rest) {
		newborn = newborn || isNewborn(card)
	}
	part, rest := next(value)
	for ; part != ""; part, rest = next(rest) {
		if len(part) != 5 || !isFacility(part) || !w.checker.placed(part) {
			w.flag(DKBDFormat, name)
			return
		}
		if strings.HasSuffix(part, "000") && !newborn {
			w.flag(DKBDNewborn, name)
			return
		}
	}
}
