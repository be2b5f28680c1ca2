package check_test

import (
	"testing"

	"tramsync/agent/check"
	"tramsync/sync/wire"
)

// placeCases are of a day after the communes changed.
func placeCases() []visitCase {
	commune := func(code string) []string { return []string{code + " XML1[1].MAXA_CU_TRU"} }
	province := func(code string) []string { return []string{code + " XML1[1].MATINH_CU_TRU"} }
	return []visitCase{
		{"a new commune that was none before", "XML1[1].MATINH_CU_TRU=48 XML1[1].MAXA_CU_TRU=20333", nil},
		{"an old commune", "XML1[1].MAXA_CU_TRU=28757", commune("commune-old")},
		{"an old commune that was split", "XML1[1].MAXA_CU_TRU=29764", commune("commune-split")},
		{"a commune of neither list", "XML1[1].MAXA_CU_TRU=28758", commune("commune-unknown")},
		{"a commune beyond the lists", "XML1[1].MAXA_CU_TRU=99999", commune("commune-unknown")},
		{"a commune without its zeros", "XML1[1].MATINH_CU_TRU=01 XML1[1].MAXA_CU_TRU=4", commune("commune-format")},
		{"a commune of another province", "XML1[1].MATINH_CU_TRU=01", province("province-differs")},
		{"a commune of the province in three digits", "XML1[1].MATINH_CU_TRU=086", nil},
		{"a province that has merged", "XML1[1].MATINH_CU_TRU=83", province("province-old")},
		{"a province that has merged into another one", "XML1[1].MATINH_CU_TRU=87", province("province-differs")},
		{"an old commune in its old province", "XML1[1].MATINH_CU_TRU=83 XML1[1].MAXA_CU_TRU=28757",
			[]string{"province-old XML1[1].MATINH_CU_TRU", "commune-old XML1[1].MAXA_CU_TRU"}},
		{"a province that never was", "XML1[1].MATINH_CU_TRU=03", province("province-unknown")},
		{"a province of one digit", "XML1[1].MATINH_CU_TRU=1", province("province-unknown")},
		{"a province alone", "XML1[1].MAXA_CU_TRU=", nil},
		{"a commune alone", "XML1[1].MATINH_CU_TRU=", nil},
		{"of the station's own province no list says anything", "XML1[1].MATINH_CU_TRU=99 XML1[1].MAXA_CU_TRU=99999",
			nil},
		{"nor in three digits", "XML1[1].MATINH_CU_TRU=099 XML1[1].MAXA_CU_TRU=x", nil},
		{"a district, where there are none any more", "XML1[1].MAHUYEN_CU_TRU=829",
			[]string{"district-filled XML1[1].MAHUYEN_CU_TRU"}},
		{"other tables have addresses too", "XML14[1].MATINH_CU_TRU=86 XML14[1].MAXA_CU_TRU=28757",
			[]string{"commune-old XML14[1].MAXA_CU_TRU"}},
		{"born in a province that never was", "XML1[1].MATINH_KHAISINH=03",
			[]string{"province-unknown XML1[1].MATINH_KHAISINH"}},
		{"born in the station's own", "XML1[1].MATINH_KHAISINH=99", nil},
		{"born in a province that has merged", "XML1[1].MATINH_KHAISINH=83", nil},
		{"names that only begin like a place's", "XML1[1].MATINH_KHAC=x XML1[1].MAXA=x XML1[1].M=x", nil},
	}
}

// earlier is the clean visit a day before the communes changed.
const earlier = `XML1[1].NGAY_VAO=202506301100 XML1[1].NGAY_RA=202506301135 XML14[1].NGAY_VAO=202506301100
	XML14[1].NGAY_RA=202506301135 XML2[1].NGAY_YL= XML2[2].NGAY_YL= XML3[1].NGAY_YL= `

func earlierPlaceCases() []visitCase {
	return []visitCase{
		{"an old commune", "XML1[1].MAXA_CU_TRU=28757", nil},
		{"an old commune that was to be split", "XML1[1].MAXA_CU_TRU=29764", nil},
		{"a code that stayed", "XML1[1].MAXA_CU_TRU=28756", nil},
		{"a commune that wasn't yet", "XML1[1].MATINH_CU_TRU=48 XML1[1].MAXA_CU_TRU=20333",
			[]string{"commune-new XML1[1].MAXA_CU_TRU"}},
		{"a province of then and its district", "XML1[1].MATINH_CU_TRU=83 XML1[1].MAHUYEN_CU_TRU=829", nil},
		{"a province of then, elsewhere", "XML1[1].MATINH_CU_TRU=87", []string{
			"province-differs XML1[1].MATINH_CU_TRU"}},
		{"a commune of neither list", "XML1[1].MAXA_CU_TRU=28758", []string{"commune-unknown XML1[1].MAXA_CU_TRU"}},
	}
}

func TestChecker_Visit_before_the_communes_changed(t *testing.T) {
	for _, c := range append(earlierPlaceCases(), visitCase{"a clean visit", "", nil}) {
		t.Run(c.name, func(t *testing.T) {
			tables := cleanTables()
			set(t, tables, earlier+c.changes)
			wantFindings(t, newChecker().Visit(wire.KindVisit, visit4750(), tables, "99001"), c.want...)
		})
	}
}

// An address is of the day the visit began, else of the row's own, the file's, and last the clock's.
func TestChecker_Visit_knows_the_day_of_an_address(t *testing.T) {
	const undated = "XML1[1].MAXA_CU_TRU=28757 XML1[1].NGAY_VAO= "
	old := []string{"commune-old XML1[1].MAXA_CU_TRU"}
	tests := []struct {
		name, changes, issued string
		settings              check.Settings
		want                  []string
	}{
		{"the visit's first day", "XML1[1].MAXA_CU_TRU=28757 XML1[1].NGAY_VAO=202506302359", "20261121", now(), nil},
		{"the day after it", "XML1[1].MAXA_CU_TRU=28757 XML1[1].NGAY_VAO=202507010000", "20250630", now(), old},
		{"the row's own, without a summary's", undated + "XML14[1].MAXA_CU_TRU=28757", "20250630", now(),
			[]string{"commune-old XML14[1].MAXA_CU_TRU"}},
		{"the file's", undated, "20250630", now(), nil},
		{"the file's, later", undated, "20250701", check.Settings{}, old},
		{"the file's, broken", undated, "2025", now(), append([]string{"date-invalid THONGTINHOSO.NGAYLAP"}, old...)},
		{"the clock's", undated, "", now(), old},
		{"nobody's", undated, "", check.Settings{}, nil},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			tables := cleanTables()
			set(t, tables, "XML2[1].NGAY_YL= XML2[2].NGAY_YL= XML3[1].NGAY_YL= XML1[1].NGAY_RA= "+c.changes)
			v := visit4750()
			if c.issued != "" {
				v.Envelope.Parts = []string{"<NGAYLAP>" + c.issued + "</NGAYLAP>"}
			}
			wantFindings(t, check.New(c.settings).Visit(wire.KindVisit, v, tables, "99001"), c.want...)
		})
	}
}

func now() check.Settings { return check.Settings{Now: clock} }
