package check_test

import (
	"testing"

	"tramsync/sync/wire"
)

// element is a record of a table of other standards.
func element(name, fields string) wire.TableRow {
	r := row("XML1", fields)
	r.Element = name
	return r
}

// cleanCheckUp is a health check-up (QĐ 2062) without any fault.
func cleanCheckUp() []wire.Table {
	return []wire.Table{
		table("KSK_XML1", element("THONG_TIN_HANH_CHINH", `MA_LK=K1 HO_TEN=TRẦN_THỊ_MẪU SO_CCCD=086199000001
			NGAY_SINH=19990101 GIOI_TINH=2 MATINH_CU_TRU=86 MAXA_CU_TRU=28756 MA_CSKCB=8930000000017`)),
		table("KSK_XML2", element("", "#comment=x"),
			element("THONG_TIN_CHUNG_VE_LAN_KHAM", "MA_LK=K1 NGAY_VAO=20261120 MA_BENH_CHINH=Z00.0")),
		table("KSK_XML11", element("CHI_TIET_CLS", "NGAY_KQ=202611201000"), element("CHI_TIET_CLS", "NGAY_KQ=20261120")),
	}
}

func TestChecker_Visit_of_a_check_up(t *testing.T) {
	const first = "KSK_XML1[1]."
	tests := []visitCase{
		{"a clean check-up", "", nil},
		{"no CCCD field, nothing missing", first + "SO_CCCD=-", nil},
		{"an empty CCCD", first + "SO_CCCD=", []string{"cccd-missing " + first + "SO_CCCD"}},
		{"a bad CCCD", first + "SO_CCCD=12", []string{"cccd-format " + first + "SO_CCCD"}},
		{"another sex", first + "GIOI_TINH=1", []string{"cccd-sex " + first + "SO_CCCD"}},
		{"another MA_LK", "KSK_XML2[2].MA_LK=K2", []string{"malk-differs KSK_XML2[2].MA_LK"}},
		{"a date that isn't, in the second row", "KSK_XML11[2].NGAY_KQ=20261131",
			[]string{"date-invalid KSK_XML11[2].NGAY_KQ"}},
		{"a date in words", "KSK_XML2[2].NGAY_VAO=20/11/2026", []string{"date-invalid KSK_XML2[2].NGAY_VAO"}},
		{"an old commune", first + "MAXA_CU_TRU=28757", []string{"commune-old " + first + "MAXA_CU_TRU"}},
		{"an old commune then", first + "MAXA_CU_TRU=28757 KSK_XML2[2].NGAY_VAO=20250630", nil},
		{"a bad diagnosis", "KSK_XML2[2].MA_BENH_CHINH=KHOE", []string{"icd-format KSK_XML2[2].MA_BENH_CHINH"}},
		{"another's facility", first + "MA_CSKCB=86009", []string{"facility-foreign " + first + "MA_CSKCB"}},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			tables := cleanCheckUp()
			set(t, tables, c.changes)
			v := &wire.Visit{Standard: "ksk", Sender: "8930000000000"}
			facility := firstOf(tables, "MA_CSKCB")
			if facility != "86009" {
				facility = "99001"
			}
			wantFindings(t, newChecker().Visit("kham_suc_khoe", v, tables, facility), c.want...)
		})
	}
}

func firstOf(tables []wire.Table, name string) string { return tables[0].Rows[0].Value(name) }

func TestChecker_Visit_of_a_check_up_names_tables_of_its_own_only(t *testing.T) {
	tables := append(cleanCheckUp(), table("XML1", element("A", "NGAY_X=x")), table("KSK_CANARY"), table("KSK_XML123"),
		table("KSK_XML2"))
	got := newChecker().Visit("kham_suc_khoe", &wire.Visit{}, tables, "99003")
	wantFindings(t, got, "table-unknown document[4]", "table-unknown document[5]", "table-unknown document[6]",
		"table-duplicate KSK_XML2", "facility-foreign MA_CSKCB")
}

func TestChecker_Visit_of_documents_finds_nothing(t *testing.T) {
	tables := []wire.Table{table("CDA", element("code", "SO_CCCD=1 NGAYSINH=x MA_LK=")), table("XML1")}
	for _, kind := range []string{"cda", "fhir", "document", ""} {
		wantFindings(t, newChecker().Visit(kind, &wire.Visit{Sender: "x"}, tables, "99003"))
	}
}
