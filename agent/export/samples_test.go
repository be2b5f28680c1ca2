package export_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/export"
)

const samples = "../../testdata/exports/"

func sample(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(samples + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// sampleCase is a file of testdata/exports, whose README says what is to become of it.
type sampleCase struct {
	name  string
	want  []string
	fault *export.FormatError
}

func sampleCases() []sampleCase {
	visit := func(maLK, more string) string {
		return "visit 99001/99001_2026_11_" + maLK + " @99001 XML1 XML2 XML3 XML5 " + more
	}
	ordinary := "XML14 4750"
	return []sampleCase{
		{name: "his4750_one.xml", want: []string{visit("BN000001_1", ordinary)}},
		{name: "his4750_three_bom_crlf_wrap64.xml", want: []string{visit("BN000002_2", ordinary+" extract"),
			visit("BN000003_3", ordinary+" extract"), visit("BN000004_4", ordinary+" extract")}},
		{name: "his4750_inline_and_empty_tables.xml",
			want: []string{visit("BN000005_5", "XML14 XML6 XML9 XML15 4750")}},
		{name: "his4750_inner_bom_utf16decl.xml", want: []string{visit("BN000006_6", ordinary)}},
		{name: "his4750_utf16le_file.xml", want: []string{visit("BN000003_3", ordinary+" utf-16le")}},
		{name: "his4750_bare_xml1.xml", want: []string{"visit 99001/99001_2026_11_BN000002_2 @99001 XML1 4750"}},
		{name: "his4750_signed.xml", want: []string{"visit 99001/2605119437 @99001 XML1 XML2 XML3 XML5 4750 signed"}},
		{name: "his4750_exclusion_mix.xml", want: []string{visit("BN000007_7", "XML6 "+ordinary+" extract"),
			visit("BN000008_8", ordinary+" extract"), visit("BN000009_9", ordinary+" extract"),
			visit("BN000001_1", ordinary+" extract")}},
		{name: "his4210_one.xml", want: []string{"visit 99001/2306130001 @99001 XML1 XML2 4210"}},
		{name: "unknown_loaihoso.xml", want: []string{"visit 99001/2605099427 @99001 XML1 XML2 XML3 XML5 XML99 4750"}},
		{name: "hssk831_like.xml", fault: &export.FormatError{Code: "looks-like", Field: "HSSK831"}},
		{name: "bad_truncated.xml", fault: &export.FormatError{Code: "xml-truncated", HoSo: 1, Line: 7, Offset: 1}},
		{name: "bad_bare_ampersand.xml", fault: &export.FormatError{Code: "xml-entity", HoSo: 1, Line: 7, Offset: 1}},
		{name: "bad_base64.xml",
			fault: &export.FormatError{Code: "base64", HoSo: 2, Document: "XML1", Field: "NOIDUNGFILE"}},
	}
}

func TestDecode_samples(t *testing.T) {
	for _, c := range sampleCases() {
		t.Run(c.name, func(t *testing.T) {
			file := sample(t, c.name)
			list, err := decode(t, file, his())
			if c.fault != nil {
				wantFault(t, err, *c.fault)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, lines(list)); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			for _, r := range list {
				checkOriginal(t, file, his(), travelled(t, r))
			}
		})
	}
}

func TestDecode_sample_lists(t *testing.T) {
	vaccinations := export.Settings{Station: "99001", System: "V20", Kind: "tiem_chung", Format: export.CSV,
		Facility: "MA_CSKCB", Key: []string{"MA_DOI_TUONG", "VAC_XIN", "MUI_SO", "NGAY_TIEM"}, Columns: []export.Column{
			{Name: "MA_DOI_TUONG", From: []string{"Mã đối tượng"}}, {Name: "VAC_XIN", From: []string{"Vắc xin"}},
			{Name: "MUI_SO", From: []string{"Mũi số"}}, {Name: "NGAY_TIEM", From: []string{"Ngày tiêm"}, Type: export.Date},
			{Name: "MA_CSKCB", From: []string{"Mã cơ sở"}}}}
	rows := mustDecode(t, sample(t, "v20_tiem_chung_like.csv"), vaccinations)
	var keys []string
	for _, r := range rows {
		keys = append(keys, strings.Join(r.Key, "/"))
	}
	want := []string{"DT99001000001/Sởi - Rubella (MR)/1/2026-09-15", "DT99001000002/DPT; nhắc lại/4/2026-09-15",
		"DT99001000003/OPV/3/31/09/2026"}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if got := rows[0].Origin.Line; got != 2 || len(rows[0].Row) != 10 || rows[0].Row["Họ tên"] != "BÉ THỬ NGHIỆM" {
		t.Errorf("the first row stands in line %d and holds %v", got, rows[0].Row)
	}
	if diff := cmp.Diff([]string{"NGAY_TIEM"}, vaccinations.Dates()); diff != "" {
		t.Errorf("date columns (-want +got):\n%s", diff)
	}
	nutrition := export.Settings{Station: "99001", System: "V20", Kind: "suy_dinh_duong", Format: export.JSON,
		Records: "data", Key: []string{"MA_DOI_TUONG", "TRANSACTION_ID"}}
	children := mustDecode(t, sample(t, "v20_suy_dinh_duong_like.json"), nutrition)
	if len(children) != 2 || len(children[0].Row) != 22 || children[1].Origin.Index != 2 {
		t.Fatalf("%d rows, the first of %d members", len(children), len(children[0].Row))
	}
	if diff := cmp.Diff([]string{"DT99001000001", "T00001"}, children[1].Key); diff != "" {
		t.Errorf("key (-want +got):\n%s", diff)
	}
}
