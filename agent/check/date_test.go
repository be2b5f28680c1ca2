package check_test

import (
	"testing"
	"time"

	"tramsync/agent/check"
	"tramsync/sync/wire"
)

func dateCases() []visitCase {
	born := []string{"date-invalid XML14[1].NGAY_SINH"}
	in := []string{"date-invalid XML14[1].NGAY_YL"}
	return []visitCase{
		{"a birth date of which only the year is known", "XML14[1].NGAY_SINH=199900000000", nil},
		{"a birth date of which the month is known", "XML14[1].NGAY_SINH=199905000000", nil},
		{"a birth date without a time", "XML14[1].NGAY_SINH=199905120000", nil},
		{"a birth date of 8 digits", "XML14[1].NGAY_SINH=19990512", nil},
		{"a birth date of 8 digits, partial", "XML14[1].NGAY_SINH=19990000", nil},
		{"a birth date of 4 digits", "XML14[1].NGAY_SINH=1999", nil},
		{"a birth date with seconds", "XML14[1].NGAY_SINH=19990512081530", nil},
		{"a birth date as people write it", "XML14[1].NGAY_SINH=12/05/1999", born},
		{"a birth date with words", "XML14[1].NGAY_SINH=199905120000x", born},
		{"a birth date of 6 digits", "XML14[1].NGAY_SINH=199905", born},
		{"a day without a month", "XML14[1].NGAY_SINH=199900120000", born},
		{"a time without a day", "XML14[1].NGAY_SINH=199905000800", born},
		{"a time without a month", "XML14[1].NGAY_SINH=199900000800", born},
		{"a date without a year", "XML14[1].NGAY_SINH=000005120000", born},
		{"nothing but zeros", "XML14[1].NGAY_SINH=000000000000", born},
		{"a thirteenth month", "XML14[1].NGAY_SINH=199913010000", born},
		{"31 September", "XML14[1].NGAY_SINH=199909310000", born},
		{"29 February of a leap year", "XML14[1].NGAY_SINH=200002290000", nil},
		{"29 February of another year", "XML14[1].NGAY_SINH=199902290000", born},
		{"hour 24", "XML14[1].NGAY_SINH=199905122400", born},
		{"minute 60", "XML14[1].NGAY_SINH=199905120860", born},
		{"second 60", "XML14[1].NGAY_SINH=19990512085960", born},
		{"an order needs its time", "XML14[1].NGAY_YL=20261120", in},
		{"an order can't be partial", "XML14[1].NGAY_YL=202611000000", in},
		{"an order with seconds", "XML14[1].NGAY_YL=20261120110059", nil},
		{"a moment is no list", "XML14[1].NGAY_YL=202611201100;202611201110", in},
		{"a note needs its time", "XML5[1].THOI_DIEM_DBLS=2026", []string{"date-invalid XML5[1].THOI_DIEM_DBLS"}},
		{"a card's validity is a day", "XML1[1].GT_THE_TU=202601010000", []string{"date-invalid XML1[1].GT_THE_TU"}},
		{"a card's validity isn't partial", "XML1[1].GT_THE_TU=20260100", []string{"date-invalid XML1[1].GT_THE_TU"}},
		{"other dates are days", "XML14[1].NGAY_CT=20261120", nil},
		{"or moments", "XML14[1].NGAY_CT=202611200800", nil},
		{"or partial", "XML14[1].NGAY_CT=20261100", nil},
		{"but not years", "XML14[1].NGAY_CT=2026", []string{"date-invalid XML14[1].NGAY_CT"}},
		{"the second date of a list", "XML1[1].NGAY_TAI_KHAM=20261220;x",
			[]string{"date-invalid XML1[1].NGAY_TAI_KHAM"}},
		{"a number of days is no date", "XML1[1].SO_NGAY_DTRI=1", nil},
		{"a name of the file's own making is left alone", "XML1[1].NGAY_Đ=x", nil},
		{"the last day of the 19th century's nineties", "XML14[1].NGAY_SINH=189912310000",
			[]string{"date-before-1900 XML14[1].NGAY_SINH"}},
		{"the first day of 1900", "XML14[1].NGAY_SINH=190001010000", nil},
		{"a day of grace", "XML14[1].NGAY_CT=20261122", nil},
		{"the day after it", "XML14[1].NGAY_CT=20261123", []string{"date-future XML14[1].NGAY_CT"}},
		{"a minute of grace", "XML1[1].NGAY_TTOAN=202611221200", nil},
		{"the minute after it", "XML1[1].NGAY_TTOAN=202611221201", []string{"date-future XML1[1].NGAY_TTOAN"}},
		{"this year isn't over", "XML14[1].NGAY_SINH=2026", nil},
		{"next year", "XML14[1].NGAY_SINH=2027", []string{"date-future XML14[1].NGAY_SINH"}},
		{"cards and appointments are of the future", `XML1[1].GT_THE_TU=20270101 XML1[1].GT_THE_DEN=20301231
			XML1[1].NGAY_TAI_KHAM=20270101 XML14[1].NGAY_HEN_KL=202701010800`, nil},
	}
}

func orderCases() []visitCase {
	return []visitCase{
		{"in-patients come in later", "XML1[1].NGAY_VAO_NOI_TRU=202611201100", nil},
		{"or earlier, by mistake", "XML1[1].NGAY_VAO_NOI_TRU=202611201059",
			[]string{"date-order XML1[1].NGAY_VAO_NOI_TRU"}},
		{"out before in", "XML14[1].NGAY_RA=202611201059", []string{"date-order XML14[1].NGAY_RA"}},
		{"out when in", "XML14[1].NGAY_RA=202611201100", nil},
		{"a day without a time is not before its hours", "XML14[1].NGAY_RA=202611200000", nil},
		{"an order before coming in", "XML2[2].NGAY_YL=202611201059", []string{"date-order XML2[2].NGAY_YL"}},
		{"an order after leaving", "XML2[2].NGAY_YL=202611201136", []string{"date-order XML2[2].NGAY_YL"}},
		{"seconds don't count", "XML2[2].NGAY_YL=20261120113559", nil},
		{"still here: no end", "XML1[1].NGAY_RA= XML2[2].NGAY_YL=202611211136", nil},
		{"a broken date orders nothing", "XML1[1].NGAY_VAO=x XML2[1].NGAY_YL=202611010800",
			[]string{"date-invalid XML1[1].NGAY_VAO"}},
		{"other moments are free", "XML2[1].NGAY_TH_YL=202611201300 XML3[1].NGAY_KQ=202611210800", nil},
		{"a row's own stay goes first", `XML14[1].NGAY_VAO=202611101100 XML14[1].NGAY_RA=202611101135
			XML14[1].NGAY_YL=202611101100`, nil},
	}
}

func TestChecker_clock(t *testing.T) {
	tests := []struct {
		name     string
		settings check.Settings
		want     []string
	}{
		{"a good clock knows the future", check.Settings{Now: clock, Floor: clock()},
			[]string{"date-future XML14[1].NGAY_CT"}},
		{"a clock before the floor is wrong", check.Settings{Now: clock, Floor: clock().Add(time.Second)}, nil},
		{"without a clock there is no future", check.Settings{}, nil},
		{"the zone of the clock doesn't count", check.Settings{Now: func() time.Time {
			return clock().In(time.FixedZone("", -12*3600))
		}}, []string{"date-future XML14[1].NGAY_CT"}},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			tables := cleanTables()
			set(t, tables, "XML14[1].NGAY_CT=20261123")
			wantFindings(t, check.New(c.settings).Visit(wire.KindVisit, visit4750(), tables, "99001"), c.want...)
		})
	}
}
