package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/check"
	"tramsync/sync/wire"
)

// clock stands at noon of 21/11/2026 in Vietnam.
func clock() time.Time { return time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC) }

func newChecker() *check.Checker {
	return check.New(check.Settings{Facilities: []string{"99001", "99002"}, Now: clock})
}

func visit4750() *wire.Visit { return &wire.Visit{Standard: "4750", Sender: "99001"} }

// row makes a record of a table from "NAME=value" words; "_" stands for a space in values.
func row(table, fields string) wire.TableRow {
	r := wire.TableRow{Element: wire.RecordElement(table)}
	for word := range strings.FieldsSeq(fields) {
		name, value, _ := strings.Cut(word, "=")
		r.Fields = append(r.Fields, wire.Field{Name: name, Value: strings.ReplaceAll(value, "_", " "), End: 1})
	}
	return r
}

// cleanTables is a visit of a commune station without any fault: everything the checks look at is there.
func cleanTables() []wire.Table {
	return []wire.Table{
		{Name: "XML1", Rows: []wire.TableRow{row("XML1", `MA_LK=L1 STT=1 HO_TEN=TRẦN_THỊ_MẪU SO_CCCD=000199000001
			NGAY_SINH=199901010000 GIOI_TINH=2 MA_THE_BHYT=GD4999900000001 MA_DKBD=99001 GT_THE_TU=20260101
			GT_THE_DEN=20261231 NGAY_MIEN_CCT= MA_BENH_CHINH=J00 MA_BENH_KT=I10;E11.9 MA_BENH_YHCT=U50.011
			NGAY_VAO=202611201100 NGAY_VAO_NOI_TRU= NGAY_RA=202611201135 NGAY_TTOAN=202611201140 MA_CSKCB=99001
			NGAY_TAI_KHAM=20261220;20270120 MA_TTDV=0000000000 MA_QUOCTICH=000 MA_DANTOC=01
			MA_NGHE_NGHIEP=00000 MATINH_CU_TRU=86 MAHUYEN_CU_TRU= MAXA_CU_TRU=28756 DIEN_THOAI=0912345678
			MA_LOAI_KCB=01 CAN_NANG=45.5 T_TONGCHI_BV=12000.00 MUC_HUONG=100 NAM_NAM_LIEN_TUC=20280101`)}},
		{Name: "XML2", Rows: []wire.TableRow{
			row("XML2", `MA_LK=L1 STT=1 MA_BAC_SI=000000/ZZ-CCHN NGAY_YL=202611201100 NGAY_TH_YL=202611201100
				SO_LUONG=10.000 DON_GIA=1200.500 THANH_TIEN_BV=12005`),
			row("XML2", "MA_LK=L1 STT=2 MA_BAC_SI=000000/ZZ-CCHN;0123456789 NGAY_YL=202611201135"),
		}},
		{Name: "XML3", Rows: []wire.TableRow{row("XML3", `MA_LK=L1 STT=1 MA_BAC_SI=000000/ZZ-CCHN
			NGUOI_THUC_HIEN=000000/ZZ-CCHN MA_BENH=J00;I10 MA_BENH_YHCT=U50.011;U51 NGAY_YL=202611201110
			NGAY_KQ=202611201130`)}},
		{Name: "XML4", Rows: []wire.TableRow{row("XML4", "MA_LK=L1 STT=1 NGAY_KQ=20261120113000 MA_BS_DOC_KQ=")}},
		{Name: "XML5", Rows: []wire.TableRow{row("XML5", `MA_LK=L1 STT=1 THOI_DIEM_DBLS=202611201105
			NGUOI_THUC_HIEN=000000/ZZ-CCHN`)}},
		{Name: "XML14", Rows: []wire.TableRow{row("XML14", `MA_LK=L1 MA_CSKCB=99001 NGAY_SINH=199901010000 GIOI_TINH=2
			MA_THE_BHYT=GD4999900000001 GT_THE_DEN=20261231 NGAY_VAO=202611201100 NGAY_RA=202611201135
			NGAY_HEN_KL=20261220 MA_BENH_CHINH=J00 MA_BAC_SI=000000/ZZ-CCHN NGAY_CT=20261120`)}},
	}
}

// set changes one field of every place "XML1[1].SO_CCCD=value", separated by white space; a value "-" takes the field
// away, "_" stands for a space.
func set(t *testing.T, tables []wire.Table, changes string) {
	t.Helper()
	for change := range strings.FieldsSeq(changes) {
		place, value, _ := strings.Cut(change, "=")
		where, name, _ := strings.Cut(place, ".")
		table, number, _ := strings.Cut(strings.TrimSuffix(where, "]"), "[")
		i := slices.IndexFunc(tables, func(t wire.Table) bool { return t.Name == table })
		if i < 0 {
			t.Fatalf("no table for %q", change)
		}
		r := &tables[i].Rows[number[0]-'1']
		r.Fields = slices.DeleteFunc(r.Fields, func(f wire.Field) bool { return f.Name == name })
		if value != "-" {
			r.Fields = append(r.Fields, wire.Field{Name: name, Value: strings.ReplaceAll(value, "_", " "), End: 1})
		}
	}
}

// without is the clean visit without some tables.
func without(names ...string) []wire.Table {
	return slices.DeleteFunc(cleanTables(), func(t wire.Table) bool { return slices.Contains(names, t.Name) })
}

// lines writes findings as "code place".
func lines(list []wire.Finding) []string {
	var out []string
	for _, f := range list {
		out = append(out, fmt.Sprintf("%s %s", f.Code, f.At))
	}
	return out
}

func wantFindings(t *testing.T, got []wire.Finding, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, lines(got)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
