package xlsx

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// digits that a spreadsheet keeps of a number.
const digits = 15

// number makes a decimal number of a <v> as programs write it: 12.0 and 1.2E1 are 12, and 1.1000000000000001 is the 1.1
// that was keyed in. lost: it is an integer of more digits than a spreadsheet keeps, so the last ones are zeros now.
func number(v string) (text string, lost, ok bool) {
	f, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) || strings.ContainsAny(v, "xX_") {
		return v, false, false
	}
	mantissa, exponent := v, 0
	if i := strings.IndexAny(v, "eE"); i >= 0 {
		mantissa = v[:i]
		exponent, _ = strconv.Atoi(v[i+1:]) // ParseFloat has read it
	}
	sign := ""
	if strings.HasPrefix(mantissa, "-") {
		sign = "-"
	}
	whole, fraction, _ := strings.Cut(strings.TrimLeft(mantissa, "+-"), ".")
	all := strings.TrimRight(whole+fraction, "0")
	point := len(whole) + exponent // places before the decimal point in whole+fraction
	if f == 0 {
		return "0", false, true
	}
	if len(all) <= point && point <= 40 {
		text = strings.TrimLeft(all+strings.Repeat("0", point-len(all)), "0")
		return sign + text, len(text) > digits, true
	}
	if significant := strings.TrimLeft(all, "0"); len(significant) <= digits && exponent == 0 {
		return v, false, true
	}
	if rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'e', digits-1, 64), 64); err == nil {
		f = rounded
	}
	if math.Abs(f) > 1e40 || math.Abs(f) < 1e-20 {
		return v, false, true
	}
	return strconv.FormatFloat(f, 'f', -1, 64), false, true
}

const secondsADay = 24 * 60 * 60

// DateOf gives the date of a serial number of days as yyyy-mm-dd, with Thh:mm:ss when there is a time in it. Days are
// counted from 1 = 1900-01-01, whose year Lotus took for a leap year, so that 60 is no day; or from 0 = 1904-01-01.
// Numbers before and after 9999 aren't dates.
func DateOf(serial float64, date1904 bool) (string, bool) {
	if math.IsNaN(serial) || serial < 0 || serial >= 2_958_466 {
		return "", false
	}
	day := math.Floor(serial)
	seconds := int(math.Round((serial - day) * secondsADay))
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day < 1, day == 60:
		return "", false
	case day < 60:
		base = base.AddDate(0, 0, 1)
	}
	t := base.AddDate(0, 0, int(day)).Add(time.Duration(seconds) * time.Second)
	switch {
	case t.Year() > 9999:
		return "", false
	case t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0:
		return t.Format(time.DateOnly), true
	}
	return t.Format("2006-01-02T15:04:05"), true
}

// show gives a number as its format shows it: dates, times and padded numbers. Others stay numbers.
func (f format) show(text string, date1904 bool) (shown string, changed bool) {
	if f.kind == padded {
		if n := len(text); n < f.width && strings.Trim(text, "0123456789") == "" {
			return strings.Repeat("0", f.width-n) + text, true
		}
		return text, false
	}
	serial, err := strconv.ParseFloat(text, 64)
	if f.kind == plain || err != nil || serial < 0 {
		return text, false
	}
	if f.kind == elapsed && serial < 1e6 || f.kind == clock && serial < 1 {
		s := int(math.Round(serial * secondsADay))
		return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60), true
	}
	if d, ok := DateOf(serial, date1904); ok {
		return d, true
	}
	return text, false
}

// isoDay is a date written out (t="d") without a midnight.
func isoDay(v string) string {
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04:05Z", "2006-01-02"} {
		t, err := time.Parse(layout, v)
		switch {
		case err != nil || t.Nanosecond() != 0:
		case t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0:
			return t.Format(time.DateOnly)
		default:
			return t.Format("2006-01-02T15:04:05")
		}
	}
	return v
}
