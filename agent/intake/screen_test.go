package intake_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/intake"
	"tramsync/sync/screen"
	"tramsync/testdata/gen"
	"tramsync/testdata/zoo"
)

// forms are the bytes that a text may stand as: UTF-8, UTF-16 and each of these in base64 at all three alignments.
func forms(s string) [][]byte {
	plain := [][]byte{[]byte(s), nil, nil}
	for _, unit := range utf16.Encode([]rune(s)) {
		plain[1] = binary.LittleEndian.AppendUint16(plain[1], unit)
		plain[2] = binary.BigEndian.AppendUint16(plain[2], unit)
	}
	out := plain
	for _, p := range plain {
		for shift := range 3 {
			packed := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), p...))
			// The first and last characters hold bits of what stands beside the text.
			out = append(out, []byte(packed[(shift*8+5)/6:(shift+len(p))*8/6]))
		}
	}
	return out
}

func TestForms_find_what_they_should(t *testing.T) {
	const name = "NGUYỄN THỊ MẪU"
	for n := range 6 {
		around := strings.Repeat("x", n) + name + strings.Repeat("y", n)
		packed := []byte(base64.StdEncoding.EncodeToString([]byte(around)))
		found := false
		for _, form := range forms(name) {
			found = found || bytes.Contains(packed, form)
		}
		if !found {
			t.Errorf("not found in %q", around)
		}
	}
}

// everything is all that the station has on disk and in its log, and what it would send.
func (s *station) everything() []byte {
	s.t.Helper()
	all := append([]byte{}, s.log.Bytes()...)
	entries, err := os.ReadDir(s.data)
	if err != nil || len(entries) == 0 {
		s.t.Fatalf("%d files in the data folder, %v", len(entries), err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(s.data, e.Name()))
		if err != nil {
			s.t.Fatal(err)
		}
		all = append(all, b...)
	}
	for _, p := range s.payloads() {
		all = append(all, p...)
	}
	return all
}

func TestTakeIn_leaves_nothing_of_withheld_visits(t *testing.T) {
	src := gen.New(3)
	for i, e := range []gen.Envelope{{}, {Wrap: 64, CRLF: true, BOM: true}, {Inline: true}, {UTF16: true},
		{Signed: true}} {
		t.Run(fmt.Sprintf("envelope %d", i+1), func(t *testing.T) {
			s := newStation(t, nil)
			var list, clean, withheld []gen.Visit
			for k, kind := range gen.Kinds() {
				ok, out := src.Visit(2*k), src.Visit(2*k+1).Withheld(kind)
				list, clean, withheld = append(list, out, ok), append(clean, ok), append(withheld, out)
			}
			got := s.take(s.write("his", "a.xml", string(gen.File(e, list...))))
			if len(got) != len(clean) {
				t.Fatalf("%d records, want %d", len(got), len(clean))
			}
			for k, v := range clean {
				if got[k].Data.MaLK != v.MaLK || got[k].Data.Origin.HoSo != 2*k+2 {
					t.Errorf("record %d is not of visit %d", k+1, 2*k+2)
				}
			}
			want := map[string]int{"HIV-ICD": 2, "DRUG-ICD": 1, "HIV-T6": 1, "TXT": 1}
			if diff := cmp.Diff(want, s.counts("withheld.")); diff != "" {
				t.Errorf("withheld (-want +got):\n%s", diff)
			}
			all := s.everything()
			for _, v := range withheld {
				for _, id := range v.Identifiers() {
					for n, form := range forms(id) {
						if bytes.Contains(all, form) {
							t.Errorf("a withheld visit's identifier is there in form %d", n)
						}
					}
				}
			}
			for _, v := range clean {
				if !bytes.Contains(all, []byte(v.Identifiers()[0])) {
					t.Error("a clean visit's identifier isn't found, so the search proves nothing")
				}
			}
		})
	}
}

// A file of one withheld visit leaves a count of the day and the file's entry, no more.
func TestTakeIn_of_withheld_files(t *testing.T) {
	s := newStation(t, nil)
	if got := s.take(s.write("his", "a.xml",
		string(gen.File(gen.Envelope{}, gen.New(1).Visit(1).Withheld("Z21"))))); len(got) > 0 {
		t.Errorf("%d records", len(got))
	}
	s.take(s.write("json", "XML6_2026.json", children))
	s.take(s.write("secret", "b.json", children))
	if diff := cmp.Diff(map[string]int{"HIV-ICD": 1, "PATH": 1, "SRC": 1}, s.counts("withheld.")); diff != "" {
		t.Errorf("withheld (-want +got):\n%s", diff)
	}
	if len(s.pending()) > 0 || strings.Contains(s.log.String(), "HIV") || strings.Contains(s.log.String(), "PATH") {
		t.Errorf("%d records, log %s", len(s.pending()), s.log)
	}
}

func tuberculosis(fields string) string {
	return zoo.Visits(zoo.HoSo(zoo.Doc("XML1", zoo.Summary("L1")), zoo.Doc("XML15", "<CHI_TIEU_DIEUTRI_BENHLAO>"+
		"<DSACH_CHITIET_DIEUTRI_BENHLAO><CHITIET_DIEUTRI_BENHLAO><MA_LK>L1</MA_LK>"+fields+
		"<LOAI_DTRI_LAO>1</LOAI_DTRI_LAO></CHITIET_DIEUTRI_BENHLAO></DSACH_CHITIET_DIEUTRI_BENHLAO>"+
		"</CHI_TIEU_DIEUTRI_BENHLAO>")))
}

func TestTakeIn_cuts_fields_out(t *testing.T) {
	s := newStation(t, nil)
	got := s.take(s.write("his", "a.xml",
		tuberculosis("<PHANLOAI_LAO_HIV>2</PHANLOAI_LAO_HIV><BDDT_ARV>99999999</BDDT_ARV>"+
			"<NGAY_BAT_DAU_DT_CTX>20269999</NGAY_BAT_DAU_DT_CTX>")))
	if len(got) != 1 {
		t.Fatalf("%d records", len(got))
	}
	for _, word := range []string{"PHANLOAI_LAO_HIV", "BDDT_ARV", "NGAY_BAT_DAU_DT_CTX", "99999999", "20269999"} {
		if all := s.everything(); bytes.Contains(all, []byte(word)) ||
			bytes.Contains(all, forms(word)[3]) || bytes.Contains(all, forms(word)[4]) ||
			bytes.Contains(all, forms(word)[5]) {
			t.Errorf("%s is still there", word)
		}
	}
	if !strings.Contains(got[0].Data.Documents[1].Content, "<MA_LK>L1</MA_LK><LOAI_DTRI_LAO>1</LOAI_DTRI_LAO>") {
		t.Errorf("document %s", got[0].Data.Documents[1].Content)
	}
	if _, err := got[0].Data.Original(); err == nil {
		t.Error("it gives an original")
	}
	if diff := cmp.Diff(map[string]int{"TB-FLD": 1, "FLD": 1}, s.counts("trimmed.")); diff != "" {
		t.Errorf("trimmed (-want +got):\n%s", diff)
	}
	got = s.take(s.write("his", "b.xml", tuberculosis(`<KHAC HIV="2"/>`)))
	if diff := cmp.Diff([]string{"-99002/L1"}, said(got)); diff != "" {
		t.Errorf("an attribute that should have been cut (-want +got):\n%s", diff)
	}
	misnamed := strings.Replace(tuberculosis("<BDDT_ARV>1</BDDT_ARV>"), "XML15", "XML12", 1)
	got = s.take(s.write("his", "misnamed.xml", misnamed))
	if len(got) != 1 || strings.Contains(got[0].Data.Documents[1].Content, "BDDT_ARV") {
		t.Error("a field that should have been cut is kept in a table under another table's name")
	}
	got = s.take(s.write("his", "c.xml", tuberculosis("<PHANLOAI_LAO_HIV>1</PHANLOAI_LAO_HIV>")))
	if diff := cmp.Diff([]string{"-99002/L1"}, said(got)); diff != "" {
		t.Errorf("a visit to be withheld, of which an earlier form was sent (-want +got):\n%s", diff)
	}
	want := map[string]int{"FLD": 1, "TB-HIV": 1}
	if diff := cmp.Diff(want, s.counts("withheld.")); diff != "" || len(s.rejected()) > 0 {
		t.Errorf("withheld (-want +got):\n%s, %d files rejected", diff, len(s.rejected()))
	}
}

const cutRules = `
schema: 1
version: 2027-01-01.1
basis: test
rules:
  - {id: C, text: ["bí mật"], action: drop_fields}
`

func TestTakeIn_withholds_what_it_cannot_cut_out(t *testing.T) {
	rules, err := screen.Parse([]byte(cutRules))
	if err != nil {
		t.Fatal(err)
	}
	in := func(old, text string) string {
		return strings.Replace(zoo.Visits(zoo.HoSo(zoo.Doc("XML1", strings.Replace(zoo.Summary("L1"), old, text, 1)))),
			old, text, 1)
	}
	for _, c := range []struct {
		name, feed, file string
		want, trimmed    int
	}{
		{"an element", "his", in("<STT>1", "<STT>bí mật"), 1, 1},
		{"an element in an element", "his", in("<STT>1", "<STT>bí mật<A>bí mật</A><B><C>bí mật</C></B>"), 1, 1},
		{"a comment", "his", in("<STT>", "<STT><!-- bí mật -->"), 0, 0},
		{"an attribute", "his", in("<STT>", `<STT n="bí mật">`), 0, 0},
		{"around the documents", "his", in("<HOSO>", "<HOSO><X>bí mật</X>"), 0, 0},
		{"around the HOSO", "his", in("</GIAMDINHHS>", "</GIAMDINHHS><!-- bí mật -->"), 0, 0},
		{"a column", "births", "MA;X\nA;bí mật\n", 1, 1},
		{"a key's column", "births", "MA;X\nbí mật;y\n", 0, 0},
		{"the facility's column", "births", "MA;MA_CSKCB\nA;bí mật\n", 0, 0},
		{"nested", "json", `[{"MA_DOI_TUONG":"A","TRANSACTION_ID":1,"X":{"Y":["b\u00ed m\u1eadt"]}}]`, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStation(t, func(set *intake.Settings) { set.Rules = rules })
			got := s.take(s.write(c.feed, "a", c.file))
			if len(got) != c.want || s.counts("trimmed.")["C"] != c.trimmed || s.counts("withheld.")["C"] != 1-c.want {
				t.Errorf("%d records, counters %v", len(got), s.counts(""))
			}
			for _, form := range append(forms("bí mật"), []byte(`m\u1eadt`)) {
				if bytes.Contains(s.everything(), form) {
					t.Error("it is still there")
				}
			}
		})
	}
}

func TestTakeIn_cuts_columns_out(t *testing.T) {
	s := newStation(t, nil)
	got := s.take(s.write("births", "a.csv", "MA;Kết quả HIV;Ghi chú\nA;âm tính;test nhanh HIV (-)\nB;;khỏe\n"))
	if len(got) != 2 {
		t.Fatalf("%d records", len(got))
	}
	if diff := cmp.Diff(map[string]string{"MA": "A"}, got[0].Data.Row); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"ANC": 1, "FLD": 1}, s.counts("trimmed.")); diff != "" {
		t.Errorf("trimmed (-want +got):\n%s", diff)
	}
	if bytes.Contains(s.everything(), []byte("âm tính")) || bytes.Contains(s.everything(), []byte("test nhanh")) {
		t.Error("it is still there")
	}
}

func TestTakeIn_logs_no_names(t *testing.T) {
	s := newStation(t, nil)
	f := s.write("his", "NGUYEN VAN FILE.NGUYEN", visits(gen.Envelope{}, 0))
	s.take(f)
	s.take(s.write("his", "NGUYEN VAN COPY.xml", visits(gen.Envelope{}, 0)))
	s.take(s.writeAt("his", "NGUYEN VAN REPLAY.xml", visits(gen.Envelope{}, 0), clock()))
	s.take(s.write("csv", "NGUYEN VAN BAD.csv", "x"))
	log := s.log.String()
	if strings.Contains(log, "NGUYEN") || strings.Contains(log, s.data) {
		t.Errorf("log: %s", log)
	}
	if n := strings.Count(log, "file_id="); n != 4 || !strings.Contains(log, "is a copy") {
		t.Errorf("%d lines: %s", n, log)
	}
	for _, id := range gen.New(1).Visit(0).Identifiers() {
		if strings.Contains(log, id) {
			t.Error("the log names a patient")
		}
	}
}
