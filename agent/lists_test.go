package main_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/export"
	"tramsync/testdata/zoo"
)

// doses are one list of vaccinations as five programs would write it: in other words, order and types.
func doses() map[string]string {
	rows := [][]string{
		{"STT", "Mã đối tượng", "Họ tên", "Ngày sinh", "CCCD/Mã định danh", "Vắc xin", "Mũi số", "Ngày tiêm", "Ghi chú"},
		{"1", "DT1", "BÉ MẪU", "05/03/2024", "001224000001", "BCG", "1", "15/09/2026", ""},
		{"2", "DT2", "BÉ HAI", "5/3/2024", "", "BCG", "1", "15/09/2026", "khóc"},
		{"3", "DT1", "BÉ MẪU", "05/03/2024", "001224000001", "IPV", "2", "02/10/2026", ""},
	}
	return map[string]string{
		"a.csv": asCSV(rows),
		"b.xlsx": zoo.Workbook("Sổ tiêm", "TRẠM Y TẾ XÃ MẪU\n|SỔ TIÊM CHỦNG\n\n"+
			"TT|Loại vắc xin|Mũi|NGAY TIEM|Mã công dân|Họ và tên|Ngày, tháng, năm sinh|Số CCCD|Ghi chú\n"+
			"#1|$BCG|#1|@46280|DT1|BÉ MẪU|@45356|#1224000001|\n#2|$BCG|#1|@46280|DT2|BÉ HAI|5/3/2024||khóc\n"+
			"#3|IPV|#2|02/10/2026|DT1|BÉ MẪU|@45356|%1224000001|\nTổng cộng: 3\n\n|||Người lập biểu"),
		"c.json": `{"code":"200","data":[` +
			`{"MA_DOI_TUONG":"DT1","HO_TEN":"BÉ MẪU","DOB":"2024-03-05","CCCD_NUMBER":"001224000001","VAC_XIN":"BCG",` +
			`"MUI_SO":1,"NGAYTIEM":"20260915","NOTE":null},` +
			`{"MA_DOI_TUONG":"DT2","HO_TEN":"BÉ HAI","DOB":"2024-03-05","CCCD_NUMBER":null,"VAC_XIN":"BCG",` +
			`"MUI_SO":1,"NGAYTIEM":"20260915","NOTE":"khóc"},` +
			`{"MA_DOI_TUONG":"DT1","HO_TEN":"BÉ MẪU","DOB":"2024-03-05","CCCD_NUMBER":1224000001,"VAC_XIN":"IPV",` +
			`"MUI_SO":"2","NGAYTIEM":"2026-10-02","NOTE":""}]}`,
		"d.xls": "<html><body>" + asPage(rows) + "</body></html>",
		"e.xml": strings.ReplaceAll(asElements(rows), "CCCD/", "CCCD_"),
	}
}

// TestLists_of_a_kind give the same records in whatever form they come, to a feed that says no more than its kind.
func TestLists_of_a_kind_give_the_same_records_in_every_form(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	row := func(code, name, cccd, vaccine, dose, day, note string) map[string]string {
		return map[string]string{"MA_DOI_TUONG": code, "HO_TEN": name, "NGAY_SINH": "2024-03-05", "CCCD": cccd,
			"VAC_XIN": vaccine, "MUI_SO": dose, "NGAY_TIEM": day, "GHI_CHU": note}
	}
	want := map[string]map[string]string{
		"DT1/BCG/1/2026-09-15": row("DT1", "BÉ MẪU", "001224000001", "BCG", "1", "2026-09-15", ""),
		"DT2/BCG/1/2026-09-15": row("DT2", "BÉ HAI", "", "BCG", "1", "2026-09-15", "khóc"),
		"DT1/IPV/2/2026-10-02": row("DT1", "BÉ MẪU", "001224000001", "IPV", "2", "2026-10-02", ""),
	}
	files := doses()
	s.configureFeeds("- {name: csv, kind: tiem_chung}\n- {name: xlsx, kind: tiem_chung}\n" +
		"- {name: json, kind: tiem_chung}\n- {name: xls, kind: tiem_chung}\n- {name: xml, kind: tiem_chung}\n")
	var ids map[string]string
	for i, name := range []string{"a.csv", "b.xlsx", "c.json", "d.xls", "e.xml"} {
		s.drop(filepath.Join(s.v20, filepath.Ext(name)[1:]), name, []byte(files[name]))
		s.once()
		got, gotIDs := map[string]map[string]string{}, map[string]string{}
		for _, r := range s.records() {
			got[r.Subject], gotIDs[r.Subject] = r.Data.Row, r.ID
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("as %s (-want +got):\n%s", name, diff)
		}
		if i == 0 {
			ids = gotIDs
		}
		if diff := cmp.Diff(ids, gotIDs); diff != "" {
			t.Errorf("ids as %s (-csv +got):\n%s", name, diff)
		}
		s.stored(t, "as "+name, len(want), len(want))
		if n := s.status().Total; n.Files != i+1 || n.Unchanged != i*len(want) {
			t.Errorf("as %s: %d files, %d rows as before: %+v", name, n.Files, n.Unchanged, s.status().Rejected)
		}
	}
}

// TestScan_of_the_zoo: whatever lies in a folder that takes everything, it says of each file what would become of it,
// and quotes none.
func TestScan_of_the_zoo_with_a_feed_that_takes_everything(t *testing.T) {
	t.Parallel()
	s := emptyStation(t)
	s.address = "https://warehouse.invalid"
	s.configureFeeds("- {name: auto, system: V20, kind: zoo, key: [MA, NGAY], facility: MA_CSKCB, columns: " +
		"{MA: [Mã đối tượng], HO_TEN: [Họ tên], NGAY: {from: [Ngày tiêm], type: date}, MA_CSKCB: [Mã cơ sở], " +
		"CCCD: {from: [CCCD/Mã định danh], type: cccd}}}")
	folder := filepath.Join(s.v20, "auto")
	cases := map[string]zoo.Case{}
	for i, c := range zoo.Cases() {
		cases[s.drop(folder, fmt.Sprintf("%04d.dat", i), []byte(c.File))] = c
	}
	for _, lang := range []string{"vi", "en"} {
		r := s.agent("scan", "--lang", lang, folder)
		if r.code != 1 || strings.Count(r.out, "(auto)\n") != len(cases) || strings.Contains(r.out+r.err, zoo.Canary) {
			t.Errorf("exit code %d, of %d files %d are there, the canary %d times:\n%s", r.code, len(cases),
				strings.Count(r.out, "(auto)\n"), strings.Count(r.out+r.err, zoo.Canary), tail(r.err))
		}
	}
	r := s.agent("scan", "--json", folder)
	if strings.Contains(r.out+r.err, zoo.Canary) {
		t.Error("the canary is shown in JSON")
	}
	good := 0
	for dec := json.NewDecoder(strings.NewReader(r.out)); dec.More(); {
		var got struct {
			Path    string
			Records int
			Code    string `json:"fault_code"`
		}
		if err := dec.Decode(&got); err != nil {
			t.Fatal(err)
		}
		c := cases[got.Path]
		delete(cases, got.Path)
		if got.Code == "internal" {
			t.Errorf("%s: the decoder broke", c.Name)
		}
		if got.Code == "" {
			good++
		}
		if c.Settings.Format == export.Auto && c.Settings.Kind == "tiem_chung" && c.Settings.Roots == nil {
			agrees(t, c, got.Records, got.Code)
		}
	}
	if len(cases) > 0 || good < 300 {
		t.Errorf("%d files without a result, %d can be read", len(cases), good)
	}
}

// agrees checks a file's result against what the zoo says of it.
func agrees(t *testing.T, c zoo.Case, records int, code string) {
	t.Helper()
	want := ""
	if c.Fault != nil {
		want = c.Fault.Code
	}
	if code != want || want == "" && records != len(c.Want) {
		t.Errorf("%s: %d records, fault %q; want %d, %q", c.Name, records, code, len(c.Want), want)
	}
}
