package config_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/config"
)

// redacted is what full amounts to.
const redacted = `schema: 1
station:
  codes: ['99001']
  name: Trạm Y tế xã Mẫu
data_dir: /var/lib/mau
warehouse:
  url: https://kho.tinh.example:8440/v
  profile: tramsync
exclusion:
  rules: /etc/tramsync/loai-tru.yaml
  key: RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3
feeds:
- name: his
  system: HIS
  kind: visit
  format: giamdinhhs
  encoding: auto
  paths: [/srv/his/xuat/**/*.xml]
  settle: 500ms
  roots: [BenhVien]
- name: v20-tiem-chung
  system: V20
  kind: so_rieng
  format: csv
  encoding: windows-1258
  paths: [/srv/v20/xuat/tiemchung*.csv, '/srv/v20/cu/{a,b}/*.csv']
  settle: 3s
  key: [MA_DOI_TUONG, NGAY_TIEM]
  columns:
    NGAY_TIEM:
      from: [Ngày tiêm, NGAY]
      type: date
    MA_DOI_TUONG:
      from: [Mã đối tượng]
      type: text
    MA_CSKCB:
      from: [MA_CSKCB]
      type: text
  facility: MA_CSKCB
- name: v20-json
  system: V20
  kind: so_khac
  format: json
  encoding: auto
  paths: [/srv/v20/j/*.json]
  settle: 3s
  records: result.items
- name: v20-xlsx
  system: V20
  kind: so_ba
  format: xlsx
  encoding: auto
  paths: [/srv/v20/*.xlsx]
  settle: 3s
  key: []
  sheet: /^T/
  header: 3
limits:
  queue: 512MiB
`

func TestConfig_Redacted(t *testing.T) {
	c, err := parseLinux(t, full)
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	if diff := cmp.Diff(redacted, string(c.Redacted())); diff != "" {
		t.Error(diff)
	}
}

func TestConfig_RedactedHidesAddressSecrets(t *testing.T) {
	for _, address := range []string{
		"https://user:secret@kho.example:8440/v", "https://kho.example:8440/v?t=secret",
		"https://kho.example:8440/v#secret", "https://%zzsecret",
	} {
		c := config.Config{Schema: 1, Warehouse: config.Warehouse{URL: address}}
		if out := c.Redacted(); bytes.Contains(out, []byte("secret")) || bytes.Contains(out, []byte("user")) {
			t.Errorf("%s: got %s", address, out)
		}
	}
}

func TestConfig_RedactedKeepsAwkwardText(t *testing.T) {
	for _, name := range []string{
		"yes", "null", "~", "1", "1e3", "0x1F", "2026-01-01", "- x", "? x", "a: b", "a #b", "#a", "*a", "&a", "!a",
		"%a", "@a", "`a`", "'a'", `"a"`, "[a", "{a", "a\\b", "…", "ạ\u0323", strings.Repeat("dài ", 49) + "x",
	} {
		quoted := "'" + strings.ReplaceAll(name, "'", "''") + "'"
		c, err := parseLinux(t, strings.Replace(full, `"Trạm Y tế xã Mẫu"`, quoted, 1))
		if err != nil {
			t.Errorf("parse %s: %v", quoted, err)
			continue
		}
		again, err := parseLinux(t, string(c.Redacted()))
		if err != nil {
			t.Errorf("parse what was printed for %s: %v", quoted, err)
			continue
		}
		if again.Station.Name != name {
			t.Errorf("%q came back as %q", name, again.Station.Name)
		}
	}
}
