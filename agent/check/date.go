package check

import (
	"strings"
	"time"
)

// Units of a moment's last known part.
const (
	minute int64 = 1
	day    int64 = 1e4
	month  int64 = 1e6
	year   int64 = 1e8
)

// moment is a local time as the digits yyyyMMddHHmm, zeros standing for unknown parts, and the unit of its last known
// part. Exports have no zone mark; all of them mean UTC+7. The zero moment is unknown.
type moment struct {
	at, unit int64
}

func (m moment) year() int64 { return m.at / year }

// before compares as far as both are known, so that a day is neither before nor after its hours.
func (m moment) before(o moment) bool {
	if m.unit == 0 || o.unit == 0 {
		return false
	}
	u := max(m.unit, o.unit)
	return m.at/u < o.at/u
}

func momentOf(t time.Time) moment { return localMoment(t.UTC().Add(7 * time.Hour)) }

func localMoment(t time.Time) moment {
	date := int64(t.Year())*year + int64(t.Month())*month + int64(t.Day())*day
	return moment{at: date + int64(t.Hour())*100 + int64(t.Minute()), unit: minute}
}

// parseDigits reads yyyy, yyyyMMdd, yyyyMMddHHmm and yyyyMMddHHmmss. Unknown parts may be zeros from the right on, so
// midnight is a day without a time (QĐ 4750/QĐ-BYT: 199900000000, 199905120000).
func parseDigits(s string) (moment, bool) {
	if !isDigits(s) {
		return moment{}, false
	}
	switch len(s) {
	case 4, 8, 12:
	case 14:
		if number(s[12:]) > 59 {
			return moment{}, false
		}
		s = s[:12]
	default:
		return moment{}, false
	}
	at := number(s)
	for range 12 - len(s) {
		at *= 10
	}
	m := moment{at: at, unit: unitOf(at)}
	return m, m.exists()
}

func unitOf(at int64) int64 {
	for _, u := range [...]int64{year, month, day} {
		if at%u == 0 {
			return u
		}
	}
	return minute
}

func (m moment) exists() bool {
	y, mo, d := m.at/year, m.at/month%100, m.at/day%100
	if y == 0 || mo > 12 || m.at/100%100 > 23 || m.at%100 > 59 {
		return false
	}
	if m.unit >= month {
		return true
	}
	return mo > 0 && d > 0 && d <= daysIn(y, mo)
}

func daysIn(year, month int64) int64 {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	default:
		return 31
	}
}

// parseISO reads yyyy-MM-dd and yyyy-MM-ddTHH:mm:ss, to which the decoders of row feeds turn every date.
func parseISO(s string) (moment, bool) {
	if len(s) == len("2006-01-02T15:04:05") {
		t, err := time.Parse("2006-01-02T15:04:05", s)
		if err != nil {
			return moment{}, false
		}
		m := localMoment(t)
		return m, m.exists()
	}
	if len(s) != 10 || s[4] != '-' || s[7] != '-' || !isDigits(s[:4]) || !isDigits(s[5:7]) || !isDigits(s[8:]) {
		return moment{}, false
	}
	m := moment{at: number(s[:4])*year + number(s[5:7])*month + number(s[8:])*day, unit: day}
	return m, m.exists()
}

// parseSlashed reads dd/MM/yyyy, with or without a time as HH:mm or HH:mm:ss.
func parseSlashed(s string) (moment, bool) {
	date, clock, timed := strings.Cut(s, " ")
	if len(date) != 10 || date[2] != '/' || date[5] != '/' ||
		!isDigits(date[:2]) || !isDigits(date[3:5]) || !isDigits(date[6:]) {
		return moment{}, false
	}
	m := moment{at: number(date[6:])*year + number(date[3:5])*month + number(date[:2])*day, unit: day}
	if timed {
		layout := "15:04:05"
		if len(clock) == len("15:04") {
			layout = "15:04"
		}
		hour, err := time.Parse(layout, clock)
		if err != nil {
			return moment{}, false
		}
		m.at, m.unit = m.at+int64(hour.Hour())*100+int64(hour.Minute()), minute
	}
	return m, m.exists()
}

// birthYear reads the year of a birth date of a row whatever its form, 0 when it has none we know: the column need not
// be configured as a date.
func birthYear(s string) int64 {
	if len(s) == 10 && (s[2] == '/' || s[2] == '-') && s[5] == s[2] && isDigits(s[6:]) {
		return number(s[6:])
	}
	if m, ok := parseISO(s); ok {
		return m.year()
	}
	if m, ok := parseDigits(s); ok {
		return m.year()
	}
	return 0
}

// canBeFuture says which dates are rightly in the future: a card's validity, appointments, ends, what is expected.
func canBeFuture(name string) bool {
	switch name {
	case "TU_NGAY", "NGOAITRU_TUNGAY", "NGOAITRU_DENNGAY", "NAM_NAM_LIEN_TUC", "NGAYHENTIEM", "NGAYKHAMLAI":
		return true
	}
	if strings.HasPrefix(name, "GT_THE_") {
		return true
	}
	for part := range strings.SplitSeq(name, "_") {
		switch part {
		case "HEN", "HAN", "TAI", "TOI", "THEO", "DEN", "DU", "THUC", "KT", "NGAYKT":
			return true
		}
	}
	return false
}

// isDigits reports whether s is one or more ASCII digits.
func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// number is the value of up to 18 digits.
func number(digits string) int64 {
	var n int64
	for i := range len(digits) {
		n = n*10 + int64(digits[i]-'0')
	}
	return n
}
