package config_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/config"
)

// full uses every field; short only those that are required.
const full = `schema: 1
station: {code: "99001", name: "Trạm Y tế xã Mẫu"}
data_dir: /var/lib/mau
warehouse: {url: "https://kho.tinh.example:8440/v", profile: tramsync}
exclusion: {rules: /etc/tramsync/loai-tru.yaml, key: RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3}
feeds:
  - {name: his, system: HIS, format: giamdinhhs, paths: ["/srv/his/xuat/**/*.xml"], settle: 500ms, roots: [BenhVien]}
  - name: v20-tiem-chung
    system: V20
    kind: so_rieng
    format: csv
    encoding: windows-1258
    paths: [/srv/v20/xuat/tiemchung*.csv, "/srv/v20/cu/{a,b}/*.csv"]
    key: [MA_DOI_TUONG, NGAY_TIEM]
    columns:
      NGAY_TIEM: {from: ["Ngày tiêm", NGAY], type: date}
      MA_DOI_TUONG: ["Mã đối tượng"]
      MA_CSKCB: {}
    facility: MA_CSKCB
  - {name: v20-json, system: V20, kind: so_khac, format: json, paths: [/srv/v20/j/*.json], records: result.items}
  - {name: v20-xlsx, system: V20, kind: so_ba, format: xlsx, paths: [/srv/v20/*.xlsx], sheet: /^T/, header: 3, key: []}
limits: {queue: 512MiB}
`

const short = `schema: 1
station: {codes: ["99001", "8931234567890"]}
warehouse: {url: "https://kho.tinh.example"}
feeds: [{name: his, system: HIS, format: giamdinhhs, paths: [/srv/his/*.xml]}]
`

func parseLinux(t *testing.T, doc string) (*config.Config, error) {
	t.Helper()
	return config.ParseOn("linux", "", []byte(doc))
}

func TestParse_FullDocument(t *testing.T) {
	got, err := parseLinux(t, full)
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	want := &config.Config{
		Schema:    1,
		Station:   config.Station{Codes: []string{"99001"}, Name: "Trạm Y tế xã Mẫu"},
		DataDir:   "/var/lib/mau",
		Warehouse: config.Warehouse{URL: "https://kho.tinh.example:8440/v", Profile: "tramsync"},
		Exclusion: config.Exclusion{Rules: "/etc/tramsync/loai-tru.yaml",
			Key: "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"},
		Feeds: []config.Feed{{
			Name: "his", System: "HIS", Kind: "visit", Format: "giamdinhhs", Encoding: "auto",
			Paths: []string{"/srv/his/xuat/**/*.xml"}, Settle: 500 * time.Millisecond, Roots: []string{"BenhVien"},
		}, {
			Name: "v20-tiem-chung", System: "V20", Kind: "so_rieng", Format: "csv", Encoding: "windows-1258",
			Paths:  []string{"/srv/v20/xuat/tiemchung*.csv", "/srv/v20/cu/{a,b}/*.csv"},
			Settle: 3 * time.Second, Key: []string{"MA_DOI_TUONG", "NGAY_TIEM"}, Facility: "MA_CSKCB",
			Columns: []config.Column{
				{Name: "NGAY_TIEM", From: []string{"Ngày tiêm", "NGAY"}, Type: "date"},
				{Name: "MA_DOI_TUONG", From: []string{"Mã đối tượng"}, Type: "text"},
				{Name: "MA_CSKCB", From: []string{"MA_CSKCB"}, Type: "text"},
			},
		}, {
			Name: "v20-json", System: "V20", Kind: "so_khac", Format: "json", Encoding: "auto",
			Paths: []string{"/srv/v20/j/*.json"}, Settle: 3 * time.Second, Records: "result.items",
		}, {
			Name: "v20-xlsx", System: "V20", Kind: "so_ba", Format: "xlsx", Encoding: "auto",
			Paths: []string{"/srv/v20/*.xlsx"}, Settle: 3 * time.Second, Sheet: "/^T/", Header: 3, Key: []string{},
		}},
		Limits: config.Limits{Queue: 512 << 20},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParse_Defaults(t *testing.T) {
	got, err := parseLinux(t, short)
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	want := &config.Config{
		Schema:    1,
		Station:   config.Station{Codes: []string{"99001", "8931234567890"}},
		DataDir:   "/var/lib/tramsync",
		Warehouse: config.Warehouse{URL: "https://kho.tinh.example", Profile: "tramsync"},
		Feeds: []config.Feed{{
			Name: "his", System: "HIS", Kind: "visit", Format: "giamdinhhs", Encoding: "auto",
			Paths: []string{"/srv/his/*.xml"}, Settle: 3 * time.Second,
		}},
		Limits: config.Limits{Queue: 1 << 30},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.Primary() != "99001" {
		t.Errorf("primary code is %q", got.Primary())
	}
}

func TestParse_AcceptsAByteOrderMark(t *testing.T) {
	if _, err := parseLinux(t, "\ufeff"+short); err != nil {
		t.Errorf("parse: %v", err)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	write := func(name, doc string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(doc), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}

	t.Run("the system's error shows through when there is no file", func(t *testing.T) {
		if _, err := config.Load(filepath.Join(dir, "none.yaml")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a folder is not read", func(t *testing.T) {
		if _, err := config.Load(dir); err == nil || errors.As(err, new(config.Faults)) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a document of just the limit is read", func(t *testing.T) {
		doc := "schema: 2\n#"
		_, err := config.Load(write("max.yaml", doc+strings.Repeat("x", config.MaxDocument-len(doc))))
		wantFaults(t, err, "line 1: schema: is version 2, this program reads version 1 (update tramsync first)")
	})
	t.Run("a longer one is refused", func(t *testing.T) {
		_, err := config.Load(write("long.yaml", strings.Repeat("#", config.MaxDocument+1)))
		wantFaults(t, err, "is larger than 256 KiB (is this the configuration file?)")
	})
}

// wantFaults compares the faults, one a line.
func wantFaults(t *testing.T, err error, want ...string) {
	t.Helper()
	var faults config.Faults
	if err == nil {
		t.Fatal("no fault was found")
	}
	if !errors.As(err, &faults) {
		t.Fatalf("not faults: %v", err)
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Error(diff)
	}
}
