package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSuggest: what is proposed for a file can be pasted, and then the file is read.
func TestScan_suggests_a_feed_that_reads_the_file(t *testing.T) {
	t.Parallel()
	s := emptyStation(t)
	s.configure("https://warehouse.invalid")
	for name, content := range map[string]string{
		"tiêm.csv": "sep=;\nSTT;Mã đối tượng;Họ tên;Vắc xin;Mũi số;Ngày tiêm;Ca\n" +
			"1;DT1;NGUYEN CANARY;MR;1;15/09/2026;sáng\n",
		"unknown.json": `{"items":[{"so":"A1","ngay lap":"15/09/2026","cccd":"001199000001","ghi chu":"NGUYEN CANARY"}]}`,
		"rows.xml":     "<ds><r><ma>A1</ma><ten>NGUYEN CANARY</ten></r><r><ma>A2</ma><ten>x</ten></r></ds>",
		"his.xml":      string(s.sample("his4750_one.xml")),
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			dir := t.TempDir()
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, lang := range []string{"vi", "en"} {
				out := s.must(s.agent("scan", "--suggest", "--lang", lang, path))
				if strings.Contains(out, "CANARY") {
					t.Errorf("a value is shown:\n%s", out)
				}
				doc := "schema: 1\nstation: {code: \"99001\"}\nwarehouse: {url: \"https://w.example\"}\n" + out
				if err := os.WriteFile(s.config, []byte(doc), 0o600); err != nil {
					t.Fatal(err)
				}
				r := s.agent("scan", "--json", path)
				var got struct{ Records int }
				if err := json.Unmarshal([]byte(r.out), &got); r.code != 0 || err != nil || got.Records == 0 {
					t.Errorf("with the feed the file gives %+v: %s%s\nfeed:\n%s", got, r.out, r.err, out)
				}
			}
		})
	}
}

func TestScan_suggests_in_JSON_and_says_what_it_cannot_read(t *testing.T) {
	t.Parallel()
	s := emptyStation(t)
	list := []byte("Mã đối tượng;Vắc xin;Mũi số\nA;MR;1\n")
	if err := os.WriteFile(filepath.Join(s.v20, "a.csv"), list, 0o600); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Kind, Feed, Format string
		Known              map[string]string
		Missing, Unknown   []string
	}
	out := s.must(s.agent("scan", "--suggest", "--json", s.v20))
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if got.Kind != "tiem_chung" || got.Format != "csv" || got.Known["Mã đối tượng"] != "MA_DOI_TUONG" ||
		strings.Join(got.Missing, " ") != "NGAY_TIEM" || !strings.Contains(got.Feed, "kind: tiem_chung\n") {
		t.Errorf("suggested %+v", got)
	}
	if err := os.WriteFile(filepath.Join(s.v20, "b.pdf"), []byte("%PDF-1.7 x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := s.agent("scan", "--suggest", s.v20); r.code != 1 || !strings.Contains(r.out, "✗ không đọc được") ||
		!strings.Contains(r.out, "kind: tiem_chung") {
		t.Errorf("with a file that can't be read: exit code %d\n%s%s", r.code, r.out, r.err)
	}
}
