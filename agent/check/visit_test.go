package check_test

import (
	"slices"
	"strings"
	"testing"

	"tramsync/agent/check"
	"tramsync/sync/wire"
)

// visitCase is the clean visit with changes, and what is found then.
type visitCase struct {
	name, changes string
	want          []string
}

func identityCases() []visitCase {
	return []visitCase{
		{"an empty CCCD is noted", "XML1[1].SO_CCCD=", []string{"cccd-missing XML1[1].SO_CCCD"}},
		{"an absent CCCD is noted", "XML1[1].SO_CCCD=-", []string{"cccd-missing XML1[1].SO_CCCD"}},
		{"a CCCD of 11 digits has lost its zero", "XML1[1].SO_CCCD=00199000001",
			[]string{"cccd-format XML1[1].SO_CCCD"}},
		{"a CCCD of 13 digits is too long", "XML1[1].SO_CCCD=0001990000011", []string{"cccd-format XML1[1].SO_CCCD"}},
		{"a CCCD that Excel has turned", "XML1[1].SO_CCCD=1.9900E+08", []string{"cccd-format XML1[1].SO_CCCD"}},
		{"a CMND of 9 digits is fine", "XML1[1].SO_CCCD=012345678", nil},
		{"a passport of 8 characters is fine", "XML1[1].SO_CCCD=C1234567", nil},
		{"a passport begins with a letter", "XML1[1].SO_CCCD=1C234567", []string{"cccd-format XML1[1].SO_CCCD"}},
		{"a passport has capitals", "XML1[1].SO_CCCD=C12345a7", []string{"cccd-format XML1[1].SO_CCCD"}},
		{"space around a CCCD doesn't count", "XML1[1].SO_CCCD=_000199000001_", nil},
		{"another year of birth", "XML1[1].SO_CCCD=000198000001", []string{"cccd-birth-year XML1[1].SO_CCCD"}},
		{"another century of birth", "XML1[1].SO_CCCD=000399000001", []string{"cccd-birth-year XML1[1].SO_CCCD"}},
		{"a year of birth is enough to compare", "XML1[1].NGAY_SINH=199800000000",
			[]string{"cccd-birth-year XML1[1].SO_CCCD"}},
		{"a child of this century agrees", "XML1[1].SO_CCCD=000324000001 XML1[1].NGAY_SINH=202403010000", nil},
		{"no date of birth, nothing to compare", "XML1[1].NGAY_SINH=", nil},
		{"another sex", "XML1[1].SO_CCCD=000099000001", []string{"cccd-sex XML1[1].SO_CCCD"}},
		{"a man's CCCD and a man", "XML1[1].SO_CCCD=000099000001 XML1[1].GIOI_TINH=1", nil},
		{"undetermined sex agrees with both", "XML1[1].GIOI_TINH=3", nil},
		{"sex of another list", "XML14[1].GIOI_TINH=0", []string{"sex-value XML14[1].GIOI_TINH"}},
		{"sex as a word", "XML1[1].GIOI_TINH=Nam", []string{"sex-value XML1[1].GIOI_TINH"}},
		{"a mother's CCCD has a form", "XML14[1].SO_CCCD_NND=12345", []string{"cccd-format XML14[1].SO_CCCD_NND"}},
		{"a mother's CCCD needn't be her child's", "XML14[1].SO_CCCD_NND=000198000001", nil},
	}
}

func cardCases() []visitCase {
	bad := []string{"bhyt-format XML1[1].MA_THE_BHYT"}
	return []visitCase{
		{"no card is fine", "XML1[1].MA_THE_BHYT= XML1[1].GT_THE_TU= XML1[1].GT_THE_DEN=", nil},
		{"an insurance number is fine", "XML1[1].MA_THE_BHYT=0123456789", nil},
		{"a CCCD as card number is fine", "XML1[1].MA_THE_BHYT=000199000001", nil},
		{"a newborn's card is fine", "XML1[1].MA_THE_BHYT=TE1999900000001", nil},
		{"a card has benefit level 1 to 5", "XML1[1].MA_THE_BHYT=GD6999900000001", bad},
		{"a card of 14 characters", "XML1[1].MA_THE_BHYT=GD499990000001", bad},
		{"a card in lower case", "XML1[1].MA_THE_BHYT=gd4999900000001", bad},
		{"a number of 11 digits", "XML1[1].MA_THE_BHYT=01234567890", bad},
		{"a list without cards", "XML1[1].MA_THE_BHYT=; XML1[1].GT_THE_TU= XML1[1].GT_THE_DEN=", bad},
		{"two cards with two validities are fine", `XML1[1].MA_THE_BHYT=GD4999900000001;0123456789
			XML1[1].GT_THE_TU=20260101;20260601 XML1[1].GT_THE_DEN=20260531;20261231`, nil},
		{"a semicolon at the end is fine", "XML1[1].MA_THE_BHYT=GD4999900000001;", nil},
		{"the second card is bad", `XML1[1].MA_THE_BHYT=GD4999900000001;X
			XML1[1].GT_THE_TU=20260101;20260601 XML1[1].GT_THE_DEN=20260531;20261231`, bad},
		{"two cards with one validity", "XML1[1].MA_THE_BHYT=GD4999900000001;0123456789",
			[]string{"bhyt-lists-differ XML1[1].MA_THE_BHYT"}},
		{"one card with two ends", "XML1[1].GT_THE_DEN=20260531;20261231",
			[]string{"bhyt-lists-differ XML1[1].MA_THE_BHYT"}},
		{"a card without an end of validity is fine", "XML1[1].GT_THE_DEN=", nil},
	}
}

func codeCases() []visitCase {
	many := strings.Repeat("I10;", 13)
	return []visitCase{
		{"codes as they are typed are fine", "XML1[1].MA_BENH_KT=B200;b20.01;A17.0†;g01*;A17.0+;E11_;_I10", nil},
		{"a code needs two digits", "XML1[1].MA_BENH_CHINH=J0", []string{"icd-format XML1[1].MA_BENH_CHINH"}},
		{"a code ends with no dot", "XML1[1].MA_BENH_CHINH=J00.", []string{"icd-format XML1[1].MA_BENH_CHINH"}},
		{"a code has two decimals at most", "XML1[1].MA_BENH_CHINH=J00.123",
			[]string{"icd-format XML1[1].MA_BENH_CHINH"}},
		{"a code has one mark", "XML1[1].MA_BENH_CHINH=A17†*", []string{"icd-format XML1[1].MA_BENH_CHINH"}},
		{"a code begins with a letter", "XML1[1].MA_BENH_CHINH=100", []string{"icd-format XML1[1].MA_BENH_CHINH"}},
		{"there is one main code", "XML1[1].MA_BENH_CHINH=J00;I10", []string{"icd-format XML1[1].MA_BENH_CHINH"}},
		{"one bad code of a list", "XML3[1].MA_BENH=J00;VIEM", []string{"icd-format XML3[1].MA_BENH"}},
		{"a list by commas", "XML1[1].MA_BENH_KT=J00,I10", []string{"icd-format XML1[1].MA_BENH_KT"}},
		{"traditional codes are not ICD-10", "XML1[1].MA_BENH_YHCT=VIEM", nil},
		{"twelve secondary codes are fine", "XML1[1].MA_BENH_KT=" + many[4:], nil},
		{"thirteen are too many", "XML1[1].MA_BENH_KT=" + many, []string{"icd-too-many XML1[1].MA_BENH_KT"}},
		{"over 100 characters are too many", "XML1[1].MA_BENH_KT=I10" + strings.Repeat(";", 98),
			[]string{"icd-too-many XML1[1].MA_BENH_KT"}},
		{"other lists have no such limit", "XML3[1].MA_BENH=" + many, nil},
		{"no main code", "XML1[1].MA_BENH_CHINH=", []string{"icd-main-missing XML1[1].MA_BENH_CHINH"}},
		{"an appointment may do without", "XML14[1].MA_BENH_CHINH=", nil},
		{"the doctors' licences of 2024 are fine", "XML2[1].MA_BAC_SI=000000/HCM-GPHN;000001/BĐ-CCHN", nil},
		{"a doctor's number has six digits", "XML2[2].MA_BAC_SI=00000/ZZ-CCHN",
			[]string{"doctor-format XML2[2].MA_BAC_SI"}},
		{"a doctor's place has 2 to 4 letters", "XML2[2].MA_BAC_SI=000000/ZZZZZ-CCHN",
			[]string{"doctor-format XML2[2].MA_BAC_SI"}},
		{"a doctor's place has not one letter", "XML2[2].MA_BAC_SI=000000/Z-CCHN",
			[]string{"doctor-format XML2[2].MA_BAC_SI"}},
		{"a doctor's place is in capitals", "XML2[2].MA_BAC_SI=000000/zz-CCHN",
			[]string{"doctor-format XML2[2].MA_BAC_SI"}},
		{"a licence of no known sort", "XML5[1].NGUOI_THUC_HIEN=000000/ZZ-ABCD",
			[]string{"doctor-format XML5[1].NGUOI_THUC_HIEN"}},
		{"a doctor's insurance number has ten digits", "XML4[1].MA_BS_DOC_KQ=123456789",
			[]string{"doctor-format XML4[1].MA_BS_DOC_KQ"}},
		{"no facility", "XML1[1].MA_CSKCB=-", []string{"facility-missing XML1[1].MA_CSKCB"}},
		{"a facility of four digits", "XML1[1].MA_CSKCB=9901", []string{"facility-format XML1[1].MA_CSKCB"}},
		{"a facility's GLN is fine", "XML14[1].MA_CSKCB=8930000000001", nil},
		{"a GLN of elsewhere", "XML14[1].MA_CSKCB=4000000000001", []string{"facility-format XML14[1].MA_CSKCB"}},
	}
}

func linkCases() []visitCase {
	long := strings.Repeat("Đ", 100)
	return []visitCase{
		{"no MA_LK", "XML2[2].MA_LK=", []string{"malk-missing XML2[2].MA_LK"}},
		{"no MA_LK in XML1: the next counts", "XML1[1].MA_LK=-", []string{"malk-missing XML1[1].MA_LK"}},
		{"another MA_LK", "XML2[2].MA_LK=L2", []string{"malk-differs XML2[2].MA_LK"}},
		{"space around MA_LK doesn't count", "XML2[2].MA_LK=_L1_", nil},
		{"XML1 says which MA_LK is right", "XML1[1].MA_LK=L2", []string{
			"malk-differs XML2[1].MA_LK", "malk-differs XML2[2].MA_LK", "malk-differs XML3[1].MA_LK",
			"malk-differs XML4[1].MA_LK", "malk-differs XML5[1].MA_LK", "malk-differs XML14[1].MA_LK"}},
		{"a hundred characters are fine", every(long), nil},
		{"a hundred and one are too long", every(long + "9"), []string{"malk-too-long XML1[1].MA_LK"}},
		{"a zero width space can't be printed", every("L\u200b1"), []string{"malk-unprintable XML1[1].MA_LK"}},
		{"bytes that are no text can't be printed", every("L\xff1"), []string{"malk-unprintable XML1[1].MA_LK"}},
	}
}

// every sets MA_LK in all rows.
func every(maLK string) string {
	var b strings.Builder
	for _, at := range []string{"XML1[1]", "XML2[1]", "XML2[2]", "XML3[1]", "XML4[1]", "XML5[1]", "XML14[1]"} {
		b.WriteString(" " + at + ".MA_LK=" + maLK)
	}
	return b.String()
}

func visitCases() []visitCase {
	cases := []visitCase{{"a clean visit has no findings", "", nil}}
	return slices.Concat(cases, identityCases(), cardCases(), codeCases(), linkCases(), dateCases(), orderCases(),
		numberCases(), amountCases(), registrationCases(), moreDateCases(), placeCases())
}

func TestChecker_Visit(t *testing.T) {
	for _, c := range visitCases() {
		t.Run(c.name, func(t *testing.T) {
			tables := cleanTables()
			set(t, tables, c.changes)
			wantFindings(t, newChecker().Visit(wire.KindVisit, visit4750(), tables, "99001"), c.want...)
		})
	}
}

func TestChecker_Visit_of_4210(t *testing.T) {
	xml1 := `MA_LK=1 NGAY_SINH=19900101 GIOI_TINH=1 MA_THE=GD4999900000010 GT_THE_TU=20230101 GT_THE_DEN=20231231
		MA_BENH=I10 MA_BENHKHAC=E11;E78 NGAY_VAO=202306130730 NGAY_RA=202306130800 MA_CSKCB=99001`
	tests := []struct {
		name, change string
		want         []string
	}{
		{"a clean visit needs no CCCD", "", nil},
		{"its main code is MA_BENH", "XML1[1].MA_BENH=", []string{"icd-main-missing XML1[1].MA_BENH"}},
		{"its secondary codes are MA_BENHKHAC", "XML1[1].MA_BENHKHAC=E", []string{"icd-format XML1[1].MA_BENHKHAC"}},
		{"its card is MA_THE", "XML1[1].MA_THE=GD4;GD4", []string{
			"bhyt-format XML1[1].MA_THE", "bhyt-lists-differ XML1[1].MA_THE"}},
		{"a birth date may be a year", "XML1[1].NGAY_SINH=1990", nil},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			tables := []wire.Table{{Name: "XML1", Rows: []wire.TableRow{row("XML1", xml1)}}}
			set(t, tables, c.change)
			got := newChecker().Visit(wire.KindVisit, &wire.Visit{Standard: "4210"}, tables, "99001")
			wantFindings(t, got, c.want...)
		})
	}
}

func TestChecker_Visit_is_deterministic(t *testing.T) {
	tables := cleanTables()
	set(t, tables, "XML1[1].SO_CCCD=1 XML14[1].NGAY_CT=1 XML2[1].MA_LK=L2")
	c := check.New(check.Settings{})
	first := c.Visit(wire.KindVisit, visit4750(), tables, "")
	for range 5 {
		wantFindings(t, c.Visit(wire.KindVisit, visit4750(), tables, ""), lines(first)...)
	}
}
