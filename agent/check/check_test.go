package check_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/check"
	"tramsync/sync/wire"
)

// fill is a visit, and a row, in which every value is the same.
func fill(value string) (*wire.Visit, []wire.Table, map[string]string) {
	tables := append(cleanTables(), wire.Table{Name: value, Rows: []wire.TableRow{row("XML2", "MA_LK=L1")}})
	wide := map[string]string{}
	for i := range tables {
		for j := range tables[i].Rows {
			for k := range tables[i].Rows[j].Fields {
				tables[i].Rows[j].Fields[k].Value = value
			}
		}
	}
	for _, name := range []string{"CCCD", "SO_CCCD", "MA_DINH_DANH", "CMND", "NGAY_SINH", "GIOI_TINH", "MA_THE_BHYT",
		"MA_CSKCB", "MA_BENH", "MA_BENH_KT", "ICD_CODE", "NGAY_TIEM", "NGAY_TAO", "HO_TEN"} {
		wide[name] = value
	}
	v := &wire.Visit{MaLK: value, Standard: "4750", Sender: value}
	return v, tables, wide
}

func TestChecker_findings_hold_no_value(t *testing.T) {
	values := []string{"NGUYỄN VĂN CANARY", "CANARY", "098765432109", "198765432109876", "20991231", "209912312359",
		"2099-12-31", "99887", "\u200bCANARY\u200b", strings.Repeat("CANARY;", 20), "I10;CANARY", "000000/CANARY-CCHN"}
	for _, value := range values {
		t.Run("value "+value, func(t *testing.T) {
			v, tables, wide := fill(value)
			c := newChecker()
			found := append(c.Visit(wire.KindVisit, v, tables, value), c.Row("tiem_chung", wide, dateColumns())...)
			if len(found) < 10 {
				t.Fatalf("only %d findings: the check proves nothing", len(found))
			}
			text, err := json.Marshal(found)
			if err != nil {
				t.Fatal(err)
			}
			for _, canary := range []string{value, "CANARY", "NGUY"} {
				if strings.Contains(string(text), canary) {
					t.Errorf("the findings hold a value: %s", text)
				}
			}
		})
	}
}

// An element's name that no table has could hold anything.
func TestChecker_findings_hold_no_name_of_the_files_own_making(t *testing.T) {
	tables := cleanTables()
	made := []string{"NGAY_Canary", "NGAY_" + strings.Repeat("CANARY", 10), "#comment", "TONG_HOP@NGAY_VAO"}
	for _, name := range made {
		tables[0].Rows[0].Fields = append(tables[0].Rows[0].Fields, wire.Field{Name: name, Value: "x"})
	}
	wantFindings(t, newChecker().Visit(wire.KindVisit, visit4750(), tables, "99001"))
}

func TestChecker_Visit_reads_documents_as_they_stand(t *testing.T) {
	v := &wire.Visit{Standard: "4750", Documents: []wire.Document{
		{Type: "XML1", Content: `<?xml version="1.0"?><TONG_HOP><MA_LK>L1</MA_LK><SO_CCCD>12345</SO_CCCD>` +
			`<GIOI_TINH><![CDATA[ 2 ]]></GIOI_TINH><MA_BENH_CHINH>J00</MA_BENH_CHINH>` +
			`<NGAY_VAO>202611201100</NGAY_VAO><MA_CSKCB>99001</MA_CSKCB></TONG_HOP>`},
		{Type: "XML2", Content: `<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC>` +
			`<CHI_TIET_THUOC><MA_LK>L1</MA_LK><NGAY_YL>202611201100</NGAY_YL></CHI_TIET_THUOC>` +
			`<CHI_TIET_THUOC><MA_LK>L1</MA_LK><NGAY_YL>202611201059</NGAY_YL></CHI_TIET_THUOC>` +
			`</DSACH_CHI_TIET_THUOC></CHITIEU_CHITIET_THUOC>`},
		{Type: "XML15", Content: `<CHITIEU_DIEUTRI_BENHLAO><DSACH_DIEUTRI_BENHLAO/></CHITIEU_DIEUTRI_BENHLAO>`},
	}}
	tables, err := v.Tables()
	if err != nil {
		t.Fatal(err)
	}
	got := newChecker().Visit(wire.KindVisit, v, tables, "99001")
	wantFindings(t, got, "cccd-format XML1[1].SO_CCCD", "date-order XML2[2].NGAY_YL")
}

func TestChecker_is_safe_for_concurrent_use(t *testing.T) {
	c := newChecker()
	v, tables, wide := fill("x")
	find := func() [][]string {
		return [][]string{lines(c.Visit(wire.KindVisit, v, tables, "99001")),
			lines(c.Row("tiem_chung", wide, dateColumns()))}
	}
	first := find()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if diff := cmp.Diff(first, find()); diff != "" {
				t.Errorf("findings differ (-first +this):\n%s", diff)
			}
		})
	}
	wg.Wait()
}

func TestChecker_allocates_nothing_for_clean_records(t *testing.T) {
	c, v, tables := newChecker(), visit4750(), cleanTables()
	clean := makeRow("CCCD=000199000001 NGAY_SINH=1999-01-01 GIOI_TINH=2 NGAY_TIEM=2026-09-15 ICD_CODE=J00;I10")
	dates := dateColumns()
	if n := testing.AllocsPerRun(20, func() { c.Visit(wire.KindVisit, v, tables, "99001") }); n != 0 {
		t.Errorf("a clean visit takes %v allocations", n)
	}
	if n := testing.AllocsPerRun(20, func() { c.Row("tiem_chung", clean, dates) }); n != 0 {
		t.Errorf("a clean row takes %v allocations", n)
	}
}

func BenchmarkChecker_Visit(b *testing.B) {
	c, v, tables := newChecker(), visit4750(), cleanTables()
	b.ReportAllocs()
	for b.Loop() {
		if c.Visit(wire.KindVisit, v, tables, "99001") != nil {
			b.Fatal("the visit isn't clean")
		}
	}
}

func BenchmarkChecker_Row(b *testing.B) {
	c, dates := check.New(check.Settings{Now: clock}), dateColumns()
	clean := makeRow(`CCCD=000199000001 NGAY_SINH=1999-01-01 GIOI_TINH=Nữ NGAY_TIEM=2026-09-15
		MA_DOI_TUONG=DT1 VAC_XIN=MR`)
	b.ReportAllocs()
	for b.Loop() {
		if c.Row("tiem_chung", clean, dates) != nil {
			b.Fatal("the row isn't clean")
		}
	}
}
