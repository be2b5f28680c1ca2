package check_test

import (
	"strings"
	"testing"

	"tramsync/agent/check"
	"tramsync/sync/wire"
)

// cleanHealth is a health record of QĐ 831 without any fault.
func cleanHealth() []wire.Table {
	return []wire.Table{table("HSSK831",
		element("THONGTINCHUNG", `MADINHDANH=086199000001 MABHXH=0123456789 MATHE=GD4999900000001 SOCMND=012345678
			GIOITINH=9 NGAYSINH=01/01/1999 NGAYCAP=01/01/2020 MATINH_KHAISINH=83 MATINH_THUONGTRU=86
			MAHUYEN_THUONGTRU= MAXA_THUONGTRU=28756 MATINH_HIENTAI=01 MAXA_HIENTAI=00004 DIENTHOAI_CD=02703822222
			DIENTHOAI_DD=0912345678`),
		element("QUANHE_GIADINH", "MADINHDANH=086099000001 DIDONG=0912345678"),
		element("QUANHE_GIADINH", "MADINHDANH="),
		element("DSYEUTO", "LOAI=1 NGAYTIEM=x MADINHDANH=x"),
		element("THONGTINMUITIEM", "NGAYTIEM=15/09/2026 NGAYHENTIEM=15/12/2026"),
		element("HOSOKHAMCHUABENH", `MA_LK=99001_1 NGAYKHAM=20/11/2026_08:30 NGAYBATDAU=20/11/2026
			NGAYKETTHUC=20/11/2026_09:00:59 MABACSI=000000/ZZ-CCHN`),
		element("HOSOKHAMCHUABENH", "MA_LK=99001_2"),
		element("CHANDOANBENH", "MABENH=J00"),
	)}
}

// healthCases change one row's field: "3.NGAYTIEM=x" is of the third row.
func healthCases() []visitCase {
	person, family := "HSSK831.THONGTINCHUNG[1].", "HSSK831.QUANHE_GIADINH[2]."
	dose, visit := "HSSK831.THONGTINMUITIEM[1].", "HSSK831.HOSOKHAMCHUABENH[2]."
	invalid := func(place string) []string { return []string{"date-invalid " + place} }
	return []visitCase{
		{"a clean record", "", nil},
		{"no number", "1.MADINHDANH=", []string{"cccd-missing " + person + "MADINHDANH"}},
		{"no number at all", "1.MADINHDANH=-", []string{"cccd-missing " + person + "MADINHDANH"}},
		{"a number of nine digits", "1.MADINHDANH=012345678", []string{"cccd-format " + person + "MADINHDANH"}},
		{"another year of birth", "1.NGAYSINH=01/01/1998", []string{"cccd-birth-year " + person + "MADINHDANH"}},
		{"a year of birth", "1.NGAYSINH=1999", nil},
		{"a number of no province", "1.MADINHDANH=003199000001", []string{"cccd-province " + person + "MADINHDANH"}},
		{"a relative's bad number", "3.MADINHDANH=1", []string{"cccd-format " + family + "MADINHDANH"}},
		{"a relative's bad phone", "3.DIENTHOAI=1", []string{"phone-format " + family + "DIENTHOAI"}},
		{"a bad passport", "1.SOCMND=12", []string{"cccd-format " + person + "SOCMND"}},
		{"a bad card", "1.MATHE=12", []string{"bhyt-format " + person + "MATHE"}},
		{"a bad insurance number", "1.MABHXH=12", []string{"bhxh-format " + person + "MABHXH"}},
		{"born in a province that never was", "1.MATINH_KHAISINH=03", []string{
			"province-unknown " + person + "MATINH_KHAISINH"}},
		{"an old commune", "1.MAXA_THUONGTRU=28757", []string{"commune-old " + person + "MAXA_THUONGTRU"}},
		{"a commune of another province", "1.MATINH_HIENTAI=86", []string{"province-differs " + person + "MATINH_HIENTAI"}},
		{"a district", "1.MAHUYEN_THUONGTRU=829", []string{"district-filled " + person + "MAHUYEN_THUONGTRU"}},
		{"born on a day that wasn't", "1.NGAYSINH=29/02/1999", invalid(person + "NGAYSINH")},
		{"born on a HIS's date", "1.NGAYSINH=19990101", invalid(person + "NGAYSINH")},
		{"a year is no day", "5.NGAYTIEM=2026", invalid(dose + "NGAYTIEM")},
		{"the month first", "5.NGAYTIEM=09/15/2026", invalid(dose + "NGAYTIEM")},
		{"day 0", "5.NGAYTIEM=00/09/2026", invalid(dose + "NGAYTIEM")},
		{"one slash", "5.NGAYTIEM=15/09-2026", invalid(dose + "NGAYTIEM")},
		{"other dashes", "5.NGAYTIEM=15-09-2026", invalid(dose + "NGAYTIEM")},
		{"the sign after 9 for a digit", "5.NGAYTIEM=0:/09/2026", invalid(dose + "NGAYTIEM")},
		{"letters for digits", "5.NGAYTIEM=1a/09/2026", invalid(dose + "NGAYTIEM")},
		{"hour 24", "5.NGAYTIEM=15/09/2026_24:00", invalid(dose + "NGAYTIEM")},
		{"a day and nothing after it", "5.NGAYTIEM=15/09/2026_08", invalid(dose + "NGAYTIEM")},
		{"a dose in the future", "5.NGAYTIEM=23/11/2026", []string{"date-future " + dose + "NGAYTIEM"}},
		{"before 1900", "5.NGAYTIEM=31/12/1899", []string{"date-before-1900 " + dose + "NGAYTIEM"}},
		{"the end before the beginning", "7.NGAYBATDAU=20/11/2026 7.NGAYKETTHUC=19/11/2026",
			[]string{"date-order " + visit + "NGAYKETTHUC"}},
		{"a beginning of no form", "7.NGAYBATDAU=x 7.NGAYKETTHUC=19/11/2026", invalid(visit + "NGAYBATDAU")},
		{"an MA_LK too long", "7.MA_LK=" + strings.Repeat("9", 101), []string{"malk-too-long " + visit + "MA_LK"}},
		{"an MA_LK not to be printed", "7.MA_LK=9\u200b", []string{"malk-unprintable " + visit + "MA_LK"}},
		{"a bad doctor", "7.MABACSI=x", []string{"doctor-format " + visit + "MABACSI"}},
		{"a bad diagnosis", "8.MABENH=VIEM", []string{"icd-format HSSK831.CHANDOANBENH[1].MABENH"}},
	}
}

func TestChecker_Visit_of_a_health_record(t *testing.T) {
	for _, c := range healthCases() {
		t.Run(c.name, func(t *testing.T) {
			tables := cleanHealth()
			for change := range strings.FieldsSeq(c.changes) {
				number, rest, _ := strings.Cut(change, ".")
				one := []wire.Table{{Name: "ROW", Rows: tables[0].Rows[number[0]-'1' : number[0]-'0']}}
				set(t, one, "ROW[1]."+rest)
			}
			wantFindings(t, newChecker().Visit("hssk_831", &wire.Visit{Sender: "SYT"}, tables, "99001"), c.want...)
		})
	}
}

func TestChecker_Visit_of_a_health_record_as_a_whole(t *testing.T) {
	c := newChecker()
	wantFindings(t, c.Visit("hssk_831", &wire.Visit{}, cleanHealth(), "99003"), "facility-foreign HEADER.SENDER_CODE")
	wantFindings(t, c.Visit("hssk_831", &wire.Visit{}, append(cleanHealth(), table("CANARY")), "99001"),
		"table-unknown document[2]")
	many := cleanHealth()
	for range 60 {
		many[0].Rows = append(many[0].Rows, element("THONGTINMUITIEM", "NGAYTIEM=x"))
	}
	got := lines(c.Visit("hssk_831", &wire.Visit{}, many, "99001"))
	if len(got) != check.MaxFindings+1 || got[check.MaxFindings] != "findings-capped record" {
		t.Errorf("%d findings, the last %q", len(got), got[len(got)-1])
	}
}

func TestChecker_Visit_reads_a_health_record_as_it_stands(t *testing.T) {
	v := &wire.Visit{Standard: "831", Documents: []wire.Document{{Type: "HSSK831", Content: `<HOSOSUCKHOE>
		<THONGTINCHUNG><MADINHDANH>12345</MADINHDANH><NGAYSINH>01/01/1999</NGAYSINH></THONGTINCHUNG>
		<TIEMCHUNG><SOMUIUONVANMETIEM>0</SOMUIUONVANMETIEM>
			<THONGTINMUITIEM><MAVACXIN>MR</MAVACXIN><NGAYTIEM>15/09/2026</NGAYTIEM></THONGTINMUITIEM>
			<THONGTINMUITIEM><MAVACXIN>MR</MAVACXIN><NGAYTIEM>31/09/2026</NGAYTIEM></THONGTINMUITIEM></TIEMCHUNG>
		<DANHSACHHOSOKHAMCHUABENH><HOSOKHAMCHUABENH><MA_LK>L1</MA_LK><CHANDOANKETLUAN><CHANDOANBENH>
			<MABENH>J</MABENH></CHANDOANBENH></CHANDOANKETLUAN></HOSOKHAMCHUABENH></DANHSACHHOSOKHAMCHUABENH>
		</HOSOSUCKHOE>`}}}
	tables, err := v.Tables()
	if err != nil {
		t.Fatal(err)
	}
	wantFindings(t, newChecker().Visit("hssk_831", v, tables, "99001"),
		"cccd-format HSSK831.THONGTINCHUNG[1].MADINHDANH", "date-invalid HSSK831.THONGTINMUITIEM[2].NGAYTIEM",
		"icd-format HSSK831.CHANDOANBENH[1].MABENH")
}
