package check_test

import (
	"strings"
	"testing"

	"tramsync/agent/check"
	"tramsync/sync/wire"
)

// numberCases are about who people are beyond the CCCD's form, and codes and numbers.
func numberCases() []visitCase {
	province := []string{"cccd-province XML1[1].SO_CCCD"}
	return []visitCase{
		{"a CCCD of Vĩnh Long", "XML1[1].SO_CCCD=086199000001", nil},
		{"a CCCD of a province that has merged", "XML1[1].SO_CCCD=083199000001", nil},
		{"a CCCD of somebody born abroad", "XML1[1].SO_CCCD=101199000001", nil},
		{"a CCCD of no province", "XML1[1].SO_CCCD=003199000001", province},
		{"a CCCD after the last province", "XML1[1].SO_CCCD=097199000001", province},
		{"zeros for a CCCD", "XML1[1].SO_CCCD=000000000000", []string{"cccd-format XML1[1].SO_CCCD"}},
		{"nines for a CMND", "XML1[1].SO_CCCD=999999999", []string{"cccd-format XML1[1].SO_CCCD"}},
		{"an insurance number of ten digits", "XML14[1].MA_BHXH=0123456789 XML14[1].MA_BHXH_NND=0123456789", nil},
		{"an insurance number of nine", "XML14[1].MA_BHXH=012345678", []string{"bhxh-format XML14[1].MA_BHXH"}},
		{"a head of nine digits", "XML1[1].MA_TTDV=000000000", []string{"manager-format XML1[1].MA_TTDV"}},
		{"a practice certificate of seven digits", "XML2[1].MA_BAC_SI=0000000/ZZ-CCHN",
			[]string{"doctor-seven-digits XML2[1].MA_BAC_SI"}},
		{"a practice certificate of eight digits", "XML2[1].MA_BAC_SI=00000000/ZZ-CCHN",
			[]string{"doctor-format XML2[1].MA_BAC_SI"}},
		{"a list of no doctors", "XML2[1].MA_BAC_SI=;", []string{"doctor-format XML2[1].MA_BAC_SI"}},
		{"a land line", "XML1[1].DIEN_THOAI=02703822222", nil},
		{"a phone number without its zero", "XML1[1].DIEN_THOAI=912345678",
			[]string{"phone-format XML1[1].DIEN_THOAI"}},
		{"a phone number that doesn't begin with a zero", "XML1[1].DIEN_THOAI=8491234567",
			[]string{"phone-format XML1[1].DIEN_THOAI"}},
		{"eleven digits that are no land line", "XML1[1].DIEN_THOAI=01234567890",
			[]string{"phone-format XML1[1].DIEN_THOAI"}},
		{"a phone number with blanks", "XML1[1].DIEN_THOAI=0912_345_678", []string{"phone-format XML1[1].DIEN_THOAI"}},
		{"a people without its zero", "XML1[1].MA_DANTOC=1", []string{"code-digits XML1[1].MA_DANTOC"}},
		{"a nationality as a word", "XML1[1].MA_QUOCTICH=VN", []string{"code-digits XML1[1].MA_QUOCTICH"}},
		{"a nationality of four digits", "XML1[1].MA_QUOCTICH=0000", []string{"code-digits XML1[1].MA_QUOCTICH"}},
		{"a nationality of three letters", "XML1[1].MA_QUOCTICH=VNM", []string{"code-digits XML1[1].MA_QUOCTICH"}},
		{"a people of two letters", "XML1[1].MA_DANTOC=KI", []string{"code-digits XML1[1].MA_DANTOC"}},
		{"an occupation of five letters", "XML1[1].MA_NGHE_NGHIEP=NONGD",
			[]string{"code-digits XML1[1].MA_NGHE_NGHIEP"}},
		{"an occupation of four digits", "XML1[1].MA_NGHE_NGHIEP=5140",
			[]string{"code-digits XML1[1].MA_NGHE_NGHIEP"}},
		{"the last type of care of 2026", "XML1[1].MA_LOAI_KCB=16", nil},
		{"a type of care after it", "XML1[1].MA_LOAI_KCB=17", []string{"care-type XML1[1].MA_LOAI_KCB"}},
		{"type of care 00", "XML1[1].MA_LOAI_KCB=00", []string{"care-type XML1[1].MA_LOAI_KCB"}},
		{"a type of care that lost its zero", "XML1[1].MA_LOAI_KCB=6", []string{"care-type XML1[1].MA_LOAI_KCB"}},
		{"traditional codes of 255 characters", "XML1[1].MA_BENH_YHCT=" + strings.Repeat("Đ", 255), nil},
		{"traditional codes of 256", "XML1[1].MA_BENH_YHCT=" + strings.Repeat("Đ", 256),
			[]string{"yhct-too-long XML1[1].MA_BENH_YHCT"}},
		{"a traditional code alone", "XML3[1].MA_BENH=", []string{"yhct-alone XML3[1].MA_BENH_YHCT"}},
		{"a traditional code beside a secondary one", "XML3[1].MA_BENH= XML3[1].MA_BENH_KT=I10", nil},
		{"rows of one number", "XML2[2].STT=1", []string{"stt-duplicate XML2[2].STT"}},
		{"a number that other tables have too", "XML3[1].STT=1", nil},
		{"numbers that are no row's", "XML2[1].STT=x XML2[2].STT=x", nil},
		{"the largest number that is looked at", "XML2[1].STT=1023 XML2[2].STT=1023",
			[]string{"stt-duplicate XML2[2].STT"}},
		{"numbers beyond it", "XML2[1].STT=1024 XML2[2].STT=1024", nil},
	}
}

func amountCases() []visitCase {
	quantity := []string{"number-format XML2[1].SO_LUONG"}
	return []visitCase{
		{"an amount of nothing", "XML1[1].T_BNTT=0", nil},
		{"three decimals", "XML2[1].SO_LUONG=9.999", nil},
		{"four decimals", "XML2[1].SO_LUONG=9.9999", quantity},
		{"a point and nothing after it", "XML2[1].SO_LUONG=9.", quantity},
		{"a point and nothing before it", "XML2[1].SO_LUONG=.5", quantity},
		{"two points", "XML2[1].SO_LUONG=1.000.5", quantity},
		{"less than nothing", "XML2[1].SO_LUONG=-1", quantity},
		{"what Excel makes of it", "XML2[1].SO_LUONG=1E+3", quantity},
		{"no parts at all", "XML2[1].SO_LUONG=;", quantity},
		{"a decimal comma", "XML2[1].DON_GIA=1200,5", []string{"number-comma XML2[1].DON_GIA"}},
		{"commas between thousands", "XML2[1].THANH_TIEN_BV=12,005.00",
			[]string{"number-comma XML2[1].THANH_TIEN_BV"}},
		{"money in words", "XML1[1].T_TONGCHI_BV=12đ", []string{"number-format XML1[1].T_TONGCHI_BV"}},
		{"twins weigh each their own", "XML1[1].CAN_NANG_CON=2500;2600.5", nil},
		{"one twin with a comma", "XML1[1].CAN_NANG_CON=2500;2600,5", []string{"number-comma XML1[1].CAN_NANG_CON"}},
		{"a name of the file's own making is left alone", "XML1[1].T_ĐỒNG=x XML1[1].DON_GIAĐ=x XML1[1].DO=x", nil},
	}
}

func registrationCases() []visitCase {
	bad := []string{"dkbd-format XML1[1].MA_DKBD"}
	two := `XML1[1].MA_THE_BHYT=GD4999900000001;0123456789 XML1[1].GT_THE_TU=20260101;20260601
		XML1[1].GT_THE_DEN=20260531;20261231 `
	return []visitCase{
		{"registered in another province", "XML1[1].MA_DKBD=01001", nil},
		{"registered in no province", "XML1[1].MA_DKBD=03001", bad},
		{"registered with four digits", "XML1[1].MA_DKBD=9901", bad},
		{"registered by GLN", "XML1[1].MA_DKBD=8930000000001", bad},
		{"two cards registered in one place", two, nil},
		{"two cards registered in two", two + "XML1[1].MA_DKBD=99001;86001", nil},
		{"two cards registered in three", two + "XML1[1].MA_DKBD=99001;86001;86002",
			[]string{"bhyt-lists-differ XML1[1].MA_DKBD"}},
		{"the second place is bad", two + "XML1[1].MA_DKBD=99001;x", bad},
		{"a newborn is registered nowhere", "XML1[1].MA_THE_BHYT=TE1869900000001 XML1[1].MA_DKBD=86000", nil},
		{"a newborn's number from the facility", "XML1[1].MA_THE_BHYT=TE186KT20112601 XML1[1].MA_DKBD=86000", nil},
		{"a newborn's number in lower case", "XML1[1].MA_THE_BHYT=TE186kt20112601",
			[]string{"bhyt-format XML1[1].MA_THE_BHYT"}},
		{"somebody else isn't", "XML1[1].MA_DKBD=86000", []string{"dkbd-newborn XML1[1].MA_DKBD"}},
	}
}

func moreDateCases() []visitCase {
	return []visitCase{
		{"five years of insurance are over one day", "XML1[1].NAM_NAM_LIEN_TUC=20301301",
			[]string{"date-invalid XML1[1].NAM_NAM_LIEN_TUC"}},
		{"sick leave is to come", "XML14[1].TU_NGAY=20261201 XML14[1].DEN_NGAY=20261205", nil},
		{"sick leave from a day that isn't", "XML14[1].TU_NGAY=20261131", []string{"date-invalid XML14[1].TU_NGAY"}},
		{"leave as an out-patient", "XML14[1].NGOAITRU_TUNGAY=20261201 XML14[1].NGOAITRU_DENNGAY=x",
			[]string{"date-invalid XML14[1].NGOAITRU_DENNGAY"}},
		{"a pregnancy's end is past", "XML14[1].THOIGIAN_DINHCHI=202612010800",
			[]string{"date-future XML14[1].THOIGIAN_DINHCHI"}},
	}
}

func TestChecker_Visit_of_4210_has_types_of_care_of_one_digit(t *testing.T) {
	for value, want := range map[string][]string{
		"1": nil, "9": nil, "03": nil, "0": {"care-type XML1[1].MA_LOAI_KCB"}, "x": {"care-type XML1[1].MA_LOAI_KCB"},
	} {
		tables := cleanTables()[:1]
		set(t, tables, "XML1[1].MA_BENH=I10 XML1[1].MA_LOAI_KCB="+value)
		got := newChecker().Visit(wire.KindVisit, &wire.Visit{Standard: "4210"}, tables, "99001")
		wantFindings(t, got, want...)
	}
}

func TestChecker_Visit_looks_at_the_date_of_the_file(t *testing.T) {
	for issued, want := range map[string][]string{
		"":              nil,
		" 20261121 ":    nil,
		"202611211130":  nil,
		"2026111121":    {"date-doubled-month THONGTINHOSO.NGAYLAP"},
		"2026131321":    {"date-invalid THONGTINHOSO.NGAYLAP"},
		"2026111231":    {"date-invalid THONGTINHOSO.NGAYLAP"},
		"20261100":      {"date-invalid THONGTINHOSO.NGAYLAP"},
		"21/11/2026":    {"date-invalid THONGTINHOSO.NGAYLAP"},
		"20261123":      {"date-future THONGTINHOSO.NGAYLAP"},
		"18991231":      {"date-before-1900 THONGTINHOSO.NGAYLAP"},
		"NGUYỄN CANARY": {"date-invalid THONGTINHOSO.NGAYLAP"},
	} {
		v := visit4750()
		v.Envelope.Parts = []string{"<GIAMDINHHS><THONGTINHOSO><NGAYLAP>" + issued + "</NGAYLAP><HOSO>", "</HOSO>"}
		wantFindings(t, newChecker().Visit(wire.KindVisit, v, cleanTables(), "99001"), want...)
	}
	v := visit4750()
	v.Envelope.Parts = []string{"<NGAYLAP>x"}
	wantFindings(t, newChecker().Visit(wire.KindVisit, v, cleanTables(), "99001"))
}

func TestChecker_Visit_knows_the_provinces_of_facilities(t *testing.T) {
	inVinhLong := check.New(check.Settings{Facilities: []string{"86001"}, Now: clock})
	tables := cleanTables()
	set(t, tables, "XML1[1].MA_DKBD=86001 XML1[1].MA_CSKCB=86001 XML14[1].MA_CSKCB=03001")
	v := visit4750()
	for sender, want := range map[string][]string{
		"86001":         {"facility-province XML14[1].MA_CSKCB"},
		"8930000000001": {"facility-province XML14[1].MA_CSKCB"},
		"83001":         {"facility-province XML14[1].MA_CSKCB"},
		"99001":         {"facility-province THONGTINDONVI.MACSKCB", "facility-province XML14[1].MA_CSKCB"},
	} {
		v.Sender = sender
		wantFindings(t, inVinhLong.Visit(wire.KindVisit, v, tables, "86001"), want...)
	}
}
