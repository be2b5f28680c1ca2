package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tramsync/agent/check"
)

// rowCase is a row of "NAME=value" words ("_" is a space), and what is found then.
type rowCase struct {
	name, row string
	want      []string
}

func dateColumns() []string { return []string{"NGAY_TIEM", "NGAY_HEN_TIEM", "NGAY_TAO"} }

func rowCases() []rowCase {
	return slices.Concat(rowIdentityCases(), rowValueCases(), rowPlaceCases(), rowNumberCases())
}

func rowValueCases() []rowCase {
	return []rowCase{
		{"a date", "NGAY_TIEM=2026-09-15", nil},
		{"no date", "NGAY_TIEM=", nil},
		{"a date with its time", "NGAY_TIEM=2026-09-15T07:30:00", nil},
		{"the 61st minute", "NGAY_TIEM=2026-09-15T07:61:00", []string{"date-invalid row.NGAY_TIEM"}},
		{"a fraction of a second", "NGAY_TIEM=2026-09-15T07:30:00.5", []string{"date-invalid row.NGAY_TIEM"}},
		{"a time in the future", "NGAY_TIEM=2026-11-22T13:00:00", []string{"date-future row.NGAY_TIEM"}},
		{"31 September, which the decoder left", "NGAY_TIEM=31/09/2026", []string{"date-invalid row.NGAY_TIEM"}},
		{"31 September as a date", "NGAY_TIEM=2026-09-31", []string{"date-invalid row.NGAY_TIEM"}},
		{"month 0", "NGAY_TIEM=2026-00-15", []string{"date-invalid row.NGAY_TIEM"}},
		{"day 0", "NGAY_TIEM=2026-09-00", []string{"date-invalid row.NGAY_TIEM"}},
		{"a date of the HIS's form", "NGAY_TIEM=20260915", []string{"date-invalid row.NGAY_TIEM"}},
		{"the sign after 9 in place of a digit", "NGAY_TIEM=2026-0:-15", []string{"date-invalid row.NGAY_TIEM"}},
		{"letters in place of digits", "NGAY_TIEM=2026-0a-15", []string{"date-invalid row.NGAY_TIEM"}},
		{"before 1900", "NGAY_TIEM=1899-12-31", []string{"date-before-1900 row.NGAY_TIEM"}},
		{"a day of grace", "NGAY_TIEM=2026-11-22", nil},
		{"the future", "NGAY_TIEM=2026-11-23", []string{"date-future row.NGAY_TIEM"}},
		{"an appointment", "NGAY_HEN_TIEM=2026-12-23", nil},
		{"columns that aren't configured as dates", "NGAY_KHAC=31/09/2026 GHI_CHU=x", nil},
		{"codes", "MA_BENH=J00 MA_BENH_KT=I10;E11 ICD_CODE=b20.0 ICD10=A00", nil},
		{"bad codes", "MA_BENH_CHINH=VIEM ICD_CODE=100", []string{
			"icd-format row.ICD_CODE", "icd-format row.MA_BENH_CHINH"}},
		{"too many codes", "MA_BENH_KT=" + strings.Repeat("I10;", 13), []string{"icd-too-many row.MA_BENH_KT"}},
		{"columns that only begin like codes", `MA_BENH_NHAN=1 MA_BENHNHAN=1 MA_BENH_VIEN=1 MA_BENH_AN=1 MA_BENH_YHCT=1
			ICD_NAME=Viêm ICD_ID=1`, nil},
		{"cards", "MA_THE_BHYT=TE1999900000001", nil},
		{"a bad card", "MA_THE_BHYT=TE1", []string{"bhyt-format row.MA_THE_BHYT"}},
		{"the station's facility", "MA_CSKCB=99002", nil},
		{"another's facility", "MA_CSKCB=99003", []string{"facility-foreign row.MA_CSKCB"}},
		{"a broken facility", "MA_CSKCB=990", []string{"facility-format row.MA_CSKCB"}},
		{"no facility", "MA_CSKCB=", nil},
		{"space around values doesn't count", "MA_CSKCB=_99001_ NGAY_TIEM=_2026-09-15_", nil},
		{"names that no configuration has", "ICD_Mã=x icd=x", nil},
		{"findings come by column", "NGAY_TIEM=x MA_THE_BHYT=x GIOI_TINH=x CCCD=x NGAY_TAO=x", []string{
			"cccd-format row.CCCD", "sex-value row.GIOI_TINH", "bhyt-format row.MA_THE_BHYT",
			"date-invalid row.NGAY_TAO", "date-invalid row.NGAY_TIEM"}},
	}
}

func rowIdentityCases() []rowCase {
	return []rowCase{
		{"an empty row", "", nil},
		{"a row about no person", "MA_HGD=HGD990010000", nil},
		{"a CCCD", "CCCD=000199000001", nil},
		{"an empty CCCD", "CCCD=", []string{"cccd-missing row.CCCD"}},
		{"a CCCD of spaces", "CCCD=__", []string{"cccd-missing row.CCCD"}},
		{"one of two is enough", "CCCD= MA_DINH_DANH=000199000001 CMND=", nil},
		{"none of two", "SO_CCCD= MA_DINH_DANH=", []string{"cccd-missing row.SO_CCCD"}},
		{"a CMND is no CCCD", "MA_DINH_DANH= CMND=012345678", []string{"cccd-missing row.MA_DINH_DANH"}},
		{"an empty CMND is fine", "CMND=", nil},
		{"a bad CMND", "CMND=12345", []string{"cccd-format row.CMND"}},
		{"five digits", "CCCD=12345", []string{"cccd-format row.CCCD"}},
		{"a CMND or passport in the CCCD's column", "CCCD=012345678 SO_CCCD=C1234567", nil},
		{"a personal number has 12 digits", "MA_DINH_DANH=012345678", []string{"cccd-format row.MA_DINH_DANH"}},
		{"what Excel makes of it", "CCCD=1.2345E+11", []string{"cccd-format row.CCCD"}},
		{"year and sex agree", "CCCD=000324000001 NGAY_SINH=2024-03-01 GIOI_TINH=Nữ", nil},
		{"another year", "CCCD=000323000001 NGAY_SINH=2024-03-01", []string{"cccd-birth-year row.CCCD"}},
		{"another year, date as in the export", "CCCD=000323000001 NGAY_SINH=01/03/2024",
			[]string{"cccd-birth-year row.CCCD"}},
		{"another year, date of digits", "MA_DINH_DANH=000323000001 NGAY_SINH=2024",
			[]string{"cccd-birth-year row.MA_DINH_DANH"}},
		{"a date of no known form is not compared", "CCCD=000323000001 NGAY_SINH=1.3.24", nil},
		{"an impossible date is not compared", "CCCD=000323000001 NGAY_SINH=20241301", nil},
		{"another sex as a word", "CCCD=000324000001 GIOI_TINH=NAM", []string{"cccd-sex row.CCCD"}},
		{"another sex as a word with combining marks", "CCCD=000224000001 GIOI_TINH=Nu\u031b\u0303",
			[]string{"cccd-sex row.CCCD"}},
		{"another sex as a code", "CCCD=000224000001 GIOI_TINH=2", []string{"cccd-sex row.CCCD"}},
		{"undetermined sex", "CCCD=000224000001 GIOI_TINH=Chưa_xác_định", nil},
		{"sex 0 means what the exporter likes", "CCCD=000224000001 GIOI_TINH=0", []string{"sex-value row.GIOI_TINH"}},
	}
}

func rowPlaceCases() []rowCase {
	return []rowCase{
		{"where somebody lives", "HK_MA_TINH=86 HK_MA_XA=28756 TT_MA_TINH=01 TT_MA_XA=00004 HK_MA_HUYEN=", nil},
		{"an old commune, today", "HK_MA_TINH=86 HK_MA_XA=28757", []string{"commune-old row.HK_MA_XA"}},
		{"an old commune, then", "HK_MA_TINH=86 HK_MA_XA=28757 NGAY_TIEM=2025-06-30", nil},
		{"an old commune, afterwards", "TT_MA_XA=28757 NGAY_TIEM=2025-07-01", []string{"commune-old row.TT_MA_XA"}},
		{"a commune of another province", "TT_MA_TINH=01 TT_MA_XA=28756", []string{"province-differs row.TT_MA_TINH"}},
		{"a district, today", "TT_MA_HUYEN=829", []string{"district-filled row.TT_MA_HUYEN"}},
		{"the station's own province is in no list", "HK_MA_TINH=99 HK_MA_XA=99999", nil},
		{"born in a province that never was", "MATINH_KHAISINH=03", []string{"province-unknown row.MATINH_KHAISINH"}},
		{"columns of QĐ 831", "MATINH_THUONGTRU=86 MAXA_THUONGTRU=x", []string{"commune-format row.MAXA_THUONGTRU"}},
	}
}

func rowOrderCases() []rowCase {
	return []rowCase{
		{"born and vaccinated in one day", "NGAY_SINH=2026-09-15 NGAY_TIEM=2026-09-15", nil},
		{"vaccinated before birth", "NGAY_SINH=2026-09-16 NGAY_TIEM=2026-09-15", []string{"date-order row.NGAY_TIEM"}},
		{"a year of birth", "NGAY_SINH=2026 NGAY_TIEM=2026-09-15", nil},
		{"an appointment before birth is none's fault", "NGAY_SINH=2026-09-16 NGAY_HEN_TIEM=2026-09-15", nil},
		{"out before in", "NGAY_VAO=2026-09-15 NGAY_RA=2026-09-14", []string{"date-order row.NGAY_RA"}},
		{"out before in by the clock", "NGAY_VAO=2026-09-15T08:30:00 NGAY_RA=2026-09-15T08:29:00",
			[]string{"date-order row.NGAY_RA"}},
		{"out on the day of coming in", "NGAY_VAO=2026-09-15T08:30:00 NGAY_RA=2026-09-15", nil},
		{"out when in", "NGAY_VAO=2026-09-15 NGAY_RA=2026-09-15", nil},
		{"a broken birth orders nothing", "NGAY_SINH=x NGAY_TIEM=2026-09-15", []string{"date-invalid row.NGAY_SINH"}},
		{"a year is no other date", "NGAY_TIEM=2026", []string{"date-invalid row.NGAY_TIEM"}},
	}
}

func rowNumberCases() []rowCase {
	return []rowCase{
		{"a CCCD of no province", "CCCD=003099000001", []string{"cccd-province row.CCCD"}},
		{"a phone", "SO_DIEN_THOAI=0912345678", nil},
		{"a phone that Excel has turned", "SO_DIEN_THOAI=912345678", []string{"phone-format row.SO_DIEN_THOAI"}},
		{"a weight", "CAN_NANG=12.5 CHIEU_CAO=92", nil},
		{"a weight with a comma", "CAN_NANG=12,5", []string{"number-comma row.CAN_NANG"}},
		{"a height in words", "CHIEU_CAO=92cm", []string{"number-format row.CHIEU_CAO"}},
		{"an MA_LK", "MA_LK=L1", nil},
		{"an MA_LK too long", "MA_LK=" + strings.Repeat("9", 101), []string{"malk-too-long row.MA_LK"}},
		{"an MA_LK not to be printed", "MA_LK=L\u200b", []string{"malk-unprintable row.MA_LK"}},
		{"a prescription", "MA_DON_THUOC=99001a1b2c3d-c", nil},
		{"a prescription of no sort", "MA_DON_THUOC=99001a1b2c3d-x", []string{
			"prescription-format row.MA_DON_THUOC"}},
		{"a prescription too short", "MA_DON_THUOC=99001a1b2c3-c", []string{"prescription-format row.MA_DON_THUOC"}},
		{"a prescription of no facility", "MA_DON_THUOC=9900xa1b2c3d-c", []string{
			"prescription-format row.MA_DON_THUOC"}},
		{"a prescription of strange characters", "MA_DON_THUOC=99001a1b2c3.-c", []string{
			"prescription-format row.MA_DON_THUOC"}},
		{"a facility of no province", "MA_CSKCB=03001", []string{
			"facility-foreign row.MA_CSKCB", "facility-province row.MA_CSKCB"}},
	}
}

// driverCases are of drivers' health certificates, whose sexes are others.
func driverCases() []rowCase {
	bad := []string{"certificate-format row.SO"}
	return []rowCase{
		{"a certificate", `SO=00001/GKSKLX/99001/26 GIOITINHVAL=1 CMND=086199000001 NGAY_SINH=1999-01-01
			IDBENHVIEN=99001 NONGDOCON=0.000`, nil},
		{"a man", "GIOITINHVAL=0 CCCD=086099000001", nil},
		{"a man with a woman's number", "GIOITINHVAL=0 CMND=086199000001", []string{"cccd-sex row.CMND"}},
		{"a passport", "CMND=C1234567", nil},
		{"a sex of other lists", "GIOITINHVAL=2", []string{"sex-value row.GIOITINHVAL"}},
		{"a certificate of four digits", "SO=0001/GKSKLX/99001/26", bad},
		{"a certificate of no facility", "SO=00001/GKSKLX/9900/26", bad},
		{"a certificate of a full year", "SO=00001/GKSKLX/99001/2026", bad},
		{"a certificate of something else", "SO=00001/GKSK/99001/26", bad},
		{"another hospital's", "IDBENHVIEN=99003", []string{"facility-foreign row.IDBENHVIEN"}},
	}
}

func TestChecker_Row_of_a_drivers_certificate(t *testing.T) {
	for _, c := range driverCases() {
		t.Run(c.name, func(t *testing.T) {
			wantFindings(t, newChecker().Row("gksklx", makeRow(c.row), []string{"NGAY_SINH"}), c.want...)
		})
	}
	other := makeRow("SO=1 GIOITINHVAL=2 CMND=C1234567") // the same columns in another list
	wantFindings(t, newChecker().Row("cong_dan", other, nil), "cccd-format row.CMND")
}

// makeRow makes a row of words.
func makeRow(words string) map[string]string {
	out := map[string]string{}
	for word := range strings.FieldsSeq(words) {
		name, value, _ := strings.Cut(word, "=")
		out[name] = strings.ReplaceAll(value, "_", " ")
	}
	return out
}

func TestChecker_Row(t *testing.T) {
	for _, c := range rowCases() {
		t.Run(c.name, func(t *testing.T) {
			wantFindings(t, newChecker().Row("tiem_chung", makeRow(c.row), dateColumns()), c.want...)
		})
	}
}

func TestChecker_Row_knows_what_comes_first(t *testing.T) {
	dates := append(dateColumns(), "NGAY_SINH", "NGAY_VAO", "NGAY_RA")
	for _, c := range rowOrderCases() {
		t.Run(c.name, func(t *testing.T) {
			wantFindings(t, newChecker().Row("tiem_chung", makeRow(c.row), dates), c.want...)
		})
	}
}

func TestChecker_Row_with_a_wrong_clock_knows_no_future(t *testing.T) {
	c := check.New(check.Settings{Now: clock, Floor: clock().AddDate(1, 0, 0)})
	wantFindings(t, c.Row("tiem_chung", makeRow("NGAY_TIEM=2099-01-01"), dateColumns()))
}

func TestChecker_Row_caps_its_findings_in_order(t *testing.T) {
	wide, want := map[string]string{}, []string{}
	for i := range 60 {
		name := fmt.Sprintf("ICD_%02d", i)
		wide[name] = "x"
		if i < check.MaxFindings {
			want = append(want, "icd-format row."+name)
		}
	}
	for range 5 { // a map's order changes
		wantFindings(t, newChecker().Row("tiem_chung", wide, nil), append(want, "findings-capped record")...)
	}
}
