package xlsx_test

import (
	"fmt"
	"math"
	"testing"

	"tramsync/agent/export/xlsx"
)

func TestRows_shows_numbers_by_their_formats(t *testing.T) {
	const plain, moment = "45536.5", "2024-09-01T12:00:00"
	for code, want := range map[string]string{
		"General": plain, "0.00": plain, "@": plain, `0" ngày"`: plain, `0\d`: plain, `#,##0_d`: plain, "0*d": plain,
		"[Red]0": plain, "[$-42A]0": plain, "0;dd": plain, `"dd`: plain, "[dd": plain, "AM/PM": plain, "000": plain,
		"dd/mm/yyyy": moment, "yyyy": moment, "mm": moment, "d": moment, "[$-42A]dd mmmm yyyy;@": moment,
		`"Ngày "d`: moment, "DD/MM/YY": moment, "hh:mm": moment, "mm:ss": moment, "h:mm AM/PM": moment,
		"[Blue]m/d/yy": moment, "yyyy-mm-dd hh:mm": moment, "[h]:mm": "1092876:00:00",
	} {
		if got := shown(t, "45536.5", "164", code); got.Text != want || got.Number != (want == plain) {
			t.Errorf("%q shows %+v, want %s", code, got, want)
		}
	}
	for id, want := range map[int]string{0: plain, 1: plain, 13: plain, 14: moment, 17: moment, 18: moment, 21: moment,
		22: moment, 23: plain, 26: plain, 27: moment, 36: moment, 37: plain, 44: plain, 45: moment, 46: "1092876:00:00",
		47: moment, 48: plain, 49: plain, 50: moment, 58: moment, 59: plain} {
		if got := shown(t, "45536.5", fmt.Sprint(id), ""); got.Text != want {
			t.Errorf("format %d shows %s, want %s", id, got.Text, want)
		}
	}
}

func TestRows_shows_times_and_widths(t *testing.T) {
	for _, c := range []struct{ number, code, want string }{
		{"0.25", "h:mm", "06:00:00"}, {"0.25", "[h]:mm", "06:00:00"}, {"1.5", "[h]:mm", "36:00:00"},
		{"1.5", "[mm]:ss", "36:00:00"}, {"1.5", "[s]", "36:00:00"}, {"1.5", "h:mm", "1900-01-01T12:00:00"},
		{"0.25", "dd/mm", "0.25"}, {"0.312499999999", "h:mm", "07:30:00"}, {"-0.25", "h:mm", "-0.25"},
		{"45536.999999999", "d", "2024-09-02"},
		{"7", "000", "007"}, {"1234", "000", "1234"}, {"1.5", "000", "1.5"}, {"-7", "000", "-7"}, {"7", "0", "7"},
	} {
		if got := shown(t, c.number, "164", c.code); got.Text != c.want {
			t.Errorf("%s as %q shows %s, want %s", c.number, c.code, got.Text, c.want)
		}
	}
}

func TestRows_writes_numbers_out(t *testing.T) {
	lost := map[string]bool{"1234567890123456": true, "1E+15": true, "-1.2345678901234567E+30": true}
	for raw, want := range map[string]string{
		"7": "7", "007": "7", "7.0": "7", "-7.00": "-7", "+7": "7", "0": "0", "-0.0": "0", "0.50": "0.50", "1E2": "100",
		"1.5e1": "15", "1.50E+1": "15", "1200E-2": "12", "1.25E1": "12.5", "5E-4": "0.0005", "1.1000000000000001": "1.1",
		"0.30000000000000004": "0.3", "123456789012.5": "123456789012.5", "1.23456789012E11": "123456789012",
		"123456789012345": "123456789012345", "1234567890123456": "1234567890123456", "1E+15": "1000000000000000",
		"-1.2345678901234567E+30": "-1234567890123456700000000000000", "1E+300": "1E+300", "1.5E-300": "1.5E-300",
		"12345678901234567.5": "12345678901234600",
	} {
		got := first(t, book(t, `<row><c><v>`+raw+`</v></c></row>`, ""))
		if got.Text != want || !got.Number || got.Lost != lost[raw] {
			t.Errorf("%s gives %+v, want %s", raw, got, want)
		}
	}
	for _, raw := range []string{"x", "NaN", "Inf", "0x1p4", "1_000", "1e", "1e999", "--1"} {
		if got := first(t, book(t, `<row><c><v>`+raw+`</v></c></row>`, "")); got != (xlsx.Cell{Text: raw}) {
			t.Errorf("%s gives %+v", raw, got)
		}
	}
}

func TestDateOf(t *testing.T) {
	for serial, want := range map[float64]string{
		1: "1900-01-01", 59: "1900-02-28", 61: "1900-03-01", 45536: "2024-09-01", 45536.3125: "2024-09-01T07:30:00",
		2_958_465: "9999-12-31", 59.9999999: "1900-03-01", 36526.999988: "2000-01-01T23:59:59",
	} {
		if got, ok := xlsx.DateOf(serial, false); got != want || !ok {
			t.Errorf("day %v is %s, %v, want %s", serial, got, ok, want)
		}
	}
	for serial, want := range map[float64]string{0: "1904-01-01", 44074: "2024-09-01", 60: "1904-03-01"} {
		if got, ok := xlsx.DateOf(serial, true); got != want || !ok {
			t.Errorf("day %v since 1904 is %s, %v, want %s", serial, got, ok, want)
		}
	}
	for _, serial := range []float64{0, 0.5, 60, 60.5, -1, 2_958_466, 2_958_465.9999999, math.NaN(), math.Inf(1)} {
		if got, ok := xlsx.DateOf(serial, false); ok {
			t.Errorf("day %v is %s, want none", serial, got)
		}
	}
	if got, ok := xlsx.DateOf(2_958_000, true); ok {
		t.Errorf("a day after 9999 is %s", got)
	}
}
