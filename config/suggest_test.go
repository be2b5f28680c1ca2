package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tramsync/config"
)

func seen(format string, headers ...string) config.Seen {
	s := config.Seen{Format: format}
	for _, h := range headers {
		s.Columns = append(s.Columns, config.SeenColumn{Name: h, Type: "text"})
	}
	return s
}

func TestSuggest(t *testing.T) {
	for _, tt := range []struct {
		name    string
		seen    config.Seen
		kind    string
		missing []string
		unknown []string
		feed    string
	}{
		{"a list of vaccinations under its own titles",
			seen("csv", "STT", "MÃ ĐỐI TƯỢNG", "Họ và tên", "Ngày sinh", "Tên vắc-xin", "Mũi thứ", "Ngày tiêm", "Ca trực"),
			"tiem_chung", nil, []string{"STT", "Ca trực"},
			"feeds:\n- name: tiem-chung\n  kind: tiem_chung\n  paths: [/srv/v20/*]\n"},
		{"a list of weights", seen("xlsx", "Mã đối tượng", "Họ tên", "Ngày cân", "Cân nặng (kg)", "Chiều cao"),
			"suy_dinh_duong", nil, nil, "feeds:\n- name: suy-dinh-duong\n  kind: suy_dinh_duong\n  paths: [/srv/v20/*]\n"},
		{"the interface of V20 in JSON", seen("json", "MA_DOI_TUONG", "HO_TEN", "NGAY_CAN", "CAN_NANG", "LIEN_THONG"),
			"suy_dinh_duong", nil, []string{"LIEN_THONG"},
			"feeds:\n- name: suy-dinh-duong\n  kind: suy_dinh_duong\n  paths: [/srv/v20/*]\n"},
		{"what is missing of the key", seen("csv", "Họ tên", "Vắc xin", "Mũi số", "Ngày tiêm"),
			"tiem_chung", []string{"MA_DOI_TUONG"}, nil,
			"feeds:\n- name: tiem-chung\n  kind: tiem_chung\n  paths: [/srv/v20/*]\n"},
		{"a list of nothing but persons is like no other", seen("csv", "Họ tên", "Ngày sinh", "Giới tính"),
			"", nil, []string{"Họ tên", "Ngày sinh", "Giới tính"},
			"feeds:\n- name: danh-sach\n  system: V20\n  kind: danh_sach\n  paths: [/srv/v20/*]\n  key: []\n" +
				"  columns:\n    HO_TEN: [Họ tên]\n    NGAY_SINH: [Ngày sinh]\n    GIOI_TINH: [Giới tính]\n"},
		{"HIS files need no more", seen("giamdinhhs"), "", nil, nil,
			"feeds:\n- name: giamdinhhs\n  format: giamdinhhs\n  paths: [/srv/v20/*]\n"},
		{"nor do health records", seen("hssk831"), "", nil, nil,
			"feeds:\n- name: hssk831\n  format: hssk831\n  paths: [/srv/v20/*]\n"},
		{"documents", seen("document"), "", nil, nil,
			"feeds:\n- name: document\n  format: document\n  system: HIS\n  paths: [/srv/v20/*]\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := config.Suggest(tt.seen)
			if err != nil {
				t.Fatal(err)
			}
			kind := ""
			if s.Preset != nil {
				kind = s.Preset.Kind
			}
			got := string(s.Feed("/srv/v20/*"))
			for what, diff := range map[string]string{
				"kind": cmp.Diff(tt.kind, kind), "missing": cmp.Diff(tt.missing, s.Missing, cmpopts.EquateEmpty()),
				"unknown": cmp.Diff(tt.unknown, s.Unknown), "feed": cmp.Diff(tt.feed, got),
			} {
				if diff != "" {
					t.Errorf("%s (-want +got):\n%s", what, diff)
				}
			}
			if _, err := parseLinux(t, head+got); err != nil {
				t.Errorf("the feed isn't accepted: %v", err)
			}
		})
	}
}

const head = "schema: 1\nstation: {code: \"99001\"}\nwarehouse: {url: \"https://kho.tinh.example\"}\n"

func TestSuggest_makes_columns_of_odd_headers(t *testing.T) {
	s, err := config.Suggest(config.Seen{Format: "xml", Records: "DOI_TUONG", Columns: []config.SeenColumn{
		{Name: "Ngày lập (đợt 1)", Type: "date"}, {Name: "Số CC", Type: "cccd"}, {Name: "***"}, {Name: "中文"},
		{Name: "Ngay lap - dot 1"}, {Name: strings.Repeat("Dài ", 30) + "\n"}, {Name: "a: [b] #c"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	got := string(s.Feed(`/srv/v20/it's [1]/*`))
	long := strings.TrimSpace(strings.Repeat("Dài ", 30))
	want := `feeds:
- name: danh-sach
  system: V20
  kind: danh_sach
  paths: ['/srv/v20/it''s [1]/*']
  format: xml
  records: DOI_TUONG
  key: []
  columns:
    NGAY_LAP_DOT_1:
      from: [Ngày lập (đợt 1)]
      type: date
    SO_CC:
      from: [Số CC]
      type: cccd
    DAI_DAI_DAI_DAI_DAI_DAI_DAI_DAI_DAI_DAI_DAI_DAI_DAI_DAI_DAI_: [` + long + `]
    A_B_C: ['a: [b] #c']
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("feed (-want +got):\n%s", diff)
	}
}

func FuzzSuggest(f *testing.F) {
	f.Add("csv", "", "Họ tên\tNgày sinh\tVắc xin\tMũi")
	f.Add("xml", "ROW", "a\t: [\t#\t\x00\t\xff\t'\t\"\t- x\t&a\t*b\t!c\tnull\t012")
	f.Fuzz(func(t *testing.T, format, records, headers string) {
		feed := "feeds: [{name: a, system: HIS, kind: b, paths: [/a], format: " + format + "}]"
		if _, err := parseLinux(t, head+feed); err != nil {
			return
		}
		in := seen(format, strings.Split(headers, "\t")...)
		if format == "xml" && records != "" {
			in.Records = "ROW"
		}
		s, err := config.Suggest(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Feed("/srv/v20/*"); len(got) < config.MaxDocument/2 {
			if _, err := parseLinux(t, head+string(got)); err != nil {
				t.Errorf("the feed isn't accepted: %v\n%s", err, got)
			}
		}
	})
}
