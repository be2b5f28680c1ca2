package config_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"tramsync/config"
)

// fold compares headers as the decoders do.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'đ', r == 'Đ':
			return 'd'
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
}

func TestPresets_are_what_a_feed_may_say(t *testing.T) {
	list, err := config.Presets()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"benh_khong_lay_nhiem", "cong_dan", "de", "don_thuoc", "gksklx", "ho_gia_dinh", "kham_chua_benh",
		"kham_suc_khoe", "kham_thai", "khhgd", "lao", "pha_thai", "sot_ret", "suy_dinh_duong", "tam_than", "tiem_chung",
		"truyen_thong_gdsk", "tu_vong", "vitamin_a"}
	var got []string
	for _, p := range list {
		got = append(got, p.Kind)
		checkPreset(t, p)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
}

func checkPreset(t *testing.T, p config.Preset) {
	t.Helper()
	names, headers := map[string]bool{}, map[string]string{}
	for _, c := range p.Columns {
		names[c.Name] = true
		if !slices.Contains([]string{"text", "date", "cccd"}, c.Type) || len(c.From) < 2 || len(c.From) > 32 {
			t.Errorf("%s: column %s has type %q and %d headers", p.Kind, c.Name, c.Type, len(c.From))
		}
		for _, h := range c.From {
			if other, taken := headers[fold(h)]; taken && other != c.Name {
				t.Errorf("%s: %q is a header of %s and of %s", p.Kind, h, other, c.Name)
			}
			headers[fold(h)] = c.Name
		}
	}
	for _, k := range append(slices.Clone(p.Key), p.Facility) {
		if k != "" && !names[k] {
			t.Errorf("%s: %s is no column", p.Kind, k)
		}
	}
	if p.Title == "" || len(p.Key) == 0 {
		t.Errorf("%s: title %q, key %q", p.Kind, p.Title, p.Key)
	}
	if _, err := parseLinux(t, lines(p.Kind, "")); err != nil {
		t.Errorf("%s: three lines of it are no feed: %v", p.Kind, err)
	}
}

// lines is a document with a feed of three lines, and what else is wanted.
func lines(kind, more string) string {
	return "schema: 1\nstation: {code: \"99001\"}\nwarehouse: {url: \"https://kho.tinh.example\"}\nfeeds:\n" +
		"- name: v20\n  kind: " + kind + "\n  paths: [/srv/v20/*]\n" + more
}

func feedOf(t *testing.T, doc string) config.Feed {
	t.Helper()
	c, err := parseLinux(t, doc)
	if err != nil {
		t.Fatal(err)
	}
	return c.Feeds[0]
}

func columnOf(t *testing.T, f config.Feed, name string) config.Column {
	t.Helper()
	i := slices.IndexFunc(f.Columns, func(c config.Column) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("there is no column %s", name)
	}
	return f.Columns[i]
}

func TestParse_a_feed_of_three_lines(t *testing.T) {
	f := feedOf(t, lines("tiem_chung", ""))
	if f.System != "V20" || f.Format != "auto" || f.Encoding != "auto" {
		t.Errorf("system %q, format %q, encoding %q", f.System, f.Format, f.Encoding)
	}
	if diff := cmp.Diff([]string{"MA_DOI_TUONG", "VAC_XIN", "MUI_SO", "NGAY_TIEM"}, f.Key); diff != "" {
		t.Errorf("key (-want +got):\n%s", diff)
	}
	want := config.Column{Name: "NGAY_TIEM", Type: "date",
		From: []string{"NGAY_TIEM", "Ngày tiêm", "Ngày tiêm chủng", "Thời gian tiêm", "NGAYTIEM"}}
	if diff := cmp.Diff(want, columnOf(t, f, "NGAY_TIEM")); diff != "" {
		t.Errorf("column (-want +got):\n%s", diff)
	}
	if got := columnOf(t, f, "CCCD").Type; got != "cccd" {
		t.Errorf("CCCD is of type %s", got)
	}
}

func TestParse_what_a_feed_says_comes_before_its_preset(t *testing.T) {
	f := feedOf(t, lines("tiem_chung", `  system: HIS
  format: csv
  key: [MA_DOI_TUONG, NGAY_TIEM]
  facility: NOI_TIEM
  columns:
    NGAY_TIEM: ["Ngày chích"]
    NGAY_SINH: {from: ["Năm sinh"], type: text}
    MUI_SO: {from: ["Số lô"], type: text}
    RIENG: ["Cột riêng"]
`))
	if f.System != "HIS" || f.Format != "csv" || f.Facility != "NOI_TIEM" || len(f.Key) != 2 {
		t.Errorf("system %q, format %q, facility %q, key %q", f.System, f.Format, f.Facility, f.Key)
	}
	date := columnOf(t, f, "NGAY_TIEM")
	if date.Type != "date" || !slices.Contains(date.From, "Ngày tiêm") || !slices.Contains(date.From, "Ngày chích") {
		t.Errorf("a header more makes it %+v", date)
	}
	if got := columnOf(t, f, "NGAY_SINH").Type; got != "text" {
		t.Errorf("a type of its own became %s", got)
	}
	if slices.Contains(columnOf(t, f, "SO_LO").From, "Số lô") {
		t.Error("a header that the feed gives to another column is still the preset's")
	}
	if diff := cmp.Diff(config.Column{Name: "RIENG", From: []string{"Cột riêng"}, Type: "text"},
		columnOf(t, f, "RIENG")); diff != "" {
		t.Errorf("own column (-want +got):\n%s", diff)
	}
	if f := feedOf(t, lines("tiem_chung", "  key: []\n")); len(f.Key) != 0 {
		t.Errorf("an empty key became %q", f.Key)
	}
	if f := feedOf(t, lines("so_rieng", "  system: V20\n")); f.Columns != nil || f.Key != nil {
		t.Errorf("a kind without a preset has %+v", f)
	}
	if f := feedOf(t, lines("tiem_chung", "  key: [MA_DOI_TUONG, TRANSACTION_ID]\n")); len(f.Key) != 2 {
		t.Errorf("a key column that no preset knows: %q", f.Key)
	}
}

func TestConfig_Redacted_shows_what_a_preset_gave(t *testing.T) {
	for _, more := range []string{"", "  key: []\n", "  columns: {NGAY_TIEM: [X], MUI_SO: {from: [Số lô]}, A: [B]}\n"} {
		first, err := parseLinux(t, lines("tiem_chung", more))
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseLinux(t, string(first.Redacted()))
		if err != nil {
			t.Fatalf("its own words are refused: %v", err)
		}
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("%q: read back (-first +again):\n%s", more, diff)
		}
		if first.Feeds[0].Fingerprint() != again.Feeds[0].Fingerprint() {
			t.Errorf("%q: another fingerprint", more)
		}
	}
}
