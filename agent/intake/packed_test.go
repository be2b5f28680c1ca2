package intake_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/export"
	"tramsync/agent/intake"
	"tramsync/sync/wire"
	"tramsync/testdata/zoo"
)

// withLists adds a feed of each format of lists, one of drivers' certificates, and one without a key.
func withLists(set *intake.Settings) {
	s := export.Settings{Station: "99001", System: "V20", Kind: "tiem_chung", Key: []string{"MA"}}
	add := func(name string, s export.Settings) {
		set.Feeds = append(set.Feeds, intake.Feed{Name: name, Settings: s, Reader: "r"})
	}
	for _, s.Format = range []string{export.CSV, export.XLSX, export.JSON, export.XML} {
		add("lists-"+s.Format, s)
	}
	s.Kind, s.Key, s.Format = "gksklx", []string{"SO"}, export.JSON
	add("drivers", s)
	s.Kind, s.Key = "tiem_chung", nil
	add("keyless", s)
}

// lists are files of each format with a row A that has a value in column V, and a row B.
func lists(value string) map[string]string {
	return map[string]string{
		export.CSV:  "MA;V\nA;" + value + "\nB;y\n",
		export.XLSX: zoo.Book("MA|V\nA|" + value + "\nB|y\n"),
		export.JSON: `[{"MA":"A","V":"` + value + `"},{"MA":"B","V":"y"}]`,
		export.XML:  "<DS><R><MA>A</MA><V>" + value + "</V></R><R><MA>B</MA><V>y</V></R></DS>",
	}
}

func (s *station) wantNothingOf(text string) {
	s.t.Helper()
	all := s.everything()
	for n, form := range forms(text) {
		if bytes.Contains(all, form) {
			s.t.Errorf("%q is still there in form %d", text, n)
		}
	}
}

// The signed form of a certificate repeats what is in it: what mustn't be kept goes from both.
func TestTakeIn_cuts_the_signed_form_too(t *testing.T) {
	const canary = "CANARY99"
	s := newStation(t, withLists)
	for i, value := range []string{"1", canary} {
		got := s.take(s.write("drivers", fmt.Sprint(i, ".json"), zoo.SignedCertificate("MATUY", value)))
		if len(got) > 1 || i == 0 && len(got) != 1 {
			t.Fatalf("%d records", len(got))
		}
		want := map[string]string{"SO": "00001/GKSKLX/99001/26", "HOTEN": "NGUYỄN THỊ MẪU", "GIOITINHVAL": "1",
			"NONGDOCON": "0.0"}
		if diff := cmp.Diff(want, s.pending()[0].Data.Row); diff != "" {
			t.Errorf("row (-want +got):\n%s", diff)
		}
	}
	if diff := cmp.Diff(map[string]int{"FLD": 2}, s.counts("trimmed.")); diff != "" || len(s.rejected()) > 0 {
		t.Errorf("trimmed (-want +got):\n%s, %d files rejected", diff, len(s.rejected()))
	}
	s.wantNothingOf(canary)
	s.wantNothingOf("SIGNDATA")
	s.wantNothingOf("<MATUY>")
	got := s.take(s.write("drivers", "clean.json", zoo.SignedCertificate("LYDO", "Cấp mới")))
	if len(got) != 1 || got[0].Data.Row["SIGNDATA"] == "" || len(got[0].Data.Findings) > 0 {
		t.Error("a certificate with nothing to cut lost something")
	}
}

func TestTakeIn_withholds_rows_by_what_their_values_hold(t *testing.T) {
	const canary, clean = "CANARY99", "CLEAN99"
	docs := func(code, word, name string) map[string]string {
		return map[string]string{
			"HIV-ICD": b64(zoo.CDA("<title>"+name+"</title>", zoo.Section("x", code, "x"))),
			"TXT":     b64("<PHIEU><HO_TEN>" + name + "</HO_TEN><KET_QUA>" + word + "</KET_QUA></PHIEU>"),
		}
	}
	for _, format := range []string{export.CSV, export.XLSX, export.JSON, export.XML} {
		t.Run(format, func(t *testing.T) {
			s := newStation(t, withLists)
			good := docs("J00", "test CRP", clean)
			for rule, doc := range docs("B20.1", "test HIV", canary) {
				got := s.take(s.write("lists-"+format, "a", lists(doc)[format]))
				for _, e := range got {
					if e.Subject == "A" && !e.Data.Retracted {
						t.Errorf("%s: the row is taken in", rule)
					}
				}
				if s.counts("withheld.")[rule] != 1 {
					t.Errorf("%s: withheld %v", rule, s.counts("withheld."))
				}
				got = s.take(s.write("lists-"+format, "b", lists(good[rule])[format]))
				if len(got) == 0 || got[0].Data.Row["V"] != good[rule] {
					t.Errorf("%s: without it there are %d records", rule, len(got))
				}
			}
			s.wantNothingOf(canary)
			if len(s.rejected()) > 0 {
				t.Errorf("%d files are rejected", len(s.rejected()))
			}
		})
	}
}

func TestTakeIn_cuts_what_nobody_can_look_into(t *testing.T) {
	const canary = "CANARY99"
	for format, file := range lists(b64("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n(" + canary + ")")) {
		t.Run(format, func(t *testing.T) {
			s := newStation(t, withLists)
			f := s.write("lists-"+format, "a", file)
			said, err := s.in.Preview(t.Context(), f)
			if err != nil || said.Records != 2 || said.Findings["packed-dropped"] != 1 {
				t.Errorf("Preview: %+v, %v", said, err)
			}
			got := s.take(f)
			if len(got) != 2 {
				t.Fatalf("%d records", len(got))
			}
			if diff := cmp.Diff(map[string]string{"MA": "A"}, got[0].Data.Row); diff != "" {
				t.Errorf("row (-want +got):\n%s", diff)
			}
			want := []wire.Finding{{Code: "packed-dropped", At: "row.V"}}
			if diff := cmp.Diff(want, got[0].Data.Findings); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if len(got[1].Data.Findings) > 0 || got[1].Data.Row["V"] != "y" {
				t.Errorf("the row beside it: %+v", got[1].Data)
			}
			if excluded, err := s.settings.Rules.Excluded(&got[0]); excluded || err != nil {
				t.Errorf("the warehouse: %v, %v", excluded, err)
			}
			s.wantNothingOf(canary)
		})
	}
}

// A row that would have nothing left, or nothing to know it by, is a fault of its file, or withheld where a rule says
// so.
func TestTakeIn_of_rows_that_nothing_would_be_left_of(t *testing.T) {
	pdf := b64("%PDF-1.4\n0123456789")
	for _, c := range []struct {
		name, feed, file string
		want             *export.FormatError
		withheld         int
	}{
		{"a key", "lists-json", `[{"MA":"B"},{"MA":"` + pdf + `","V":"x"}]`,
			&export.FormatError{Code: "unscreenable", Field: "MA", Row: 2}, 0},
		{"a key in a list", "lists-csv", "MA;V\nB;x\n" + pdf + ";x\n",
			&export.FormatError{Code: "unscreenable", Field: "MA", Line: 3}, 0},
		{"all", "keyless", `[{"V":"` + pdf + `"}]`, &export.FormatError{Code: "unscreenable", Field: "V", Row: 1}, 0},
		{"all, by a rule", "keyless", `[{"KQ_HIV":"0"}]`, nil, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStation(t, withLists)
			if got := s.take(s.write(c.feed, "a", c.file)); len(got) > 0 {
				t.Errorf("%d records", len(got))
			}
			var want []*export.FormatError
			if c.want != nil {
				want = append(want, c.want)
			}
			if diff := cmp.Diff(want, s.rejected()); diff != "" {
				t.Errorf("rejected (-want +got):\n%s", diff)
			}
			if n := s.counts("withheld.")["FLD"]; n != c.withheld {
				t.Errorf("%d withheld", n)
			}
		})
	}
}
