package intake_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/export"
	"tramsync/agent/intake"
	"tramsync/queue"
	"tramsync/testdata/gen"
	"tramsync/testdata/zoo"
)

// zooFiles are the zoo, the samples and files of withheld visits, each with a feed of its own.
func zooFiles(t *testing.T) []zoo.Case {
	t.Helper()
	out := zoo.Cases()
	names, err := filepath.Glob("../../testdata/exports/*.xml")
	if err != nil || len(names) < 10 {
		t.Fatalf("%d samples, %v", len(names), err)
	}
	his := feeds()[0].Settings
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, zoo.Case{Name: filepath.Base(name), Settings: his, File: string(b)})
	}
	for i, kind := range gen.Kinds() {
		v := gen.New(9).Visit(i)
		out = append(out, zoo.Case{Name: kind, Settings: his,
			File: string(gen.File(gen.Envelope{}, v.Withheld(kind), gen.New(9).Visit(100+i)))})
	}
	return append(out, zoo.Case{Name: "cut", Settings: his, File: tuberculosis("<BDDT_ARV>1</BDDT_ARV>")},
		zoo.Case{Name: "births", Settings: feeds()[2].Settings, File: "MA;X\nA;HIV\nB;y\n"})
}

func TestPreview_says_what_TakeIn_does(t *testing.T) {
	cases := zooFiles(t)
	s := newStation(t, func(set *intake.Settings) {
		for i, c := range cases {
			set.Feeds = append(set.Feeds, intake.Feed{Name: fmt.Sprint("zoo-", i), Settings: c.Settings})
		}
	})
	blind := s.settings
	blind.Queue = nil
	preview := intake.New(blind)
	for i, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			s.t = t
			f := s.write(fmt.Sprint("zoo-", i), fmt.Sprint(i, ".x"), c.File)
			got, err := preview.Preview(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			before := s.counts("")
			if err := s.in.TakeIn(t.Context(), f); err != nil {
				t.Fatal(err)
			}
			after := s.counts("")
			if got.Fault != nil {
				wantRejected(t, s, *got.Fault)
				return
			}
			want := map[string]int{"files": 1}
			add := func(name string, n int) {
				if n > 0 {
					want[name] += n
				}
			}
			add("records", got.Records)
			for prefix, m := range map[string]map[string]int{"withheld.": got.Withheld, "trimmed.": got.Trimmed,
				"finding." + f.Feed + "/": got.Findings} {
				for name, n := range m {
					add(prefix+name, n)
				}
			}
			did := grown(before, after)
			forgetRetracted(did)
			if after[queue.CountUnchanged] > before[queue.CountUnchanged] {
				forgetRepeated(want, did)
			}
			if diff := cmp.Diff(want, did); diff != "" {
				t.Errorf("Preview and TakeIn (-said +done):\n%s", diff)
			}
			kinds := 0
			for _, n := range got.Kinds {
				kinds += n
			}
			if kinds != got.Records {
				t.Errorf("%d records of kinds %v", got.Records, got.Kinds)
			}
		})
	}
}

// grown is by how much counters grew; records are those queued and those that were known.
func grown(before, after map[string]int) map[string]int {
	out := map[string]int{}
	for name, n := range after {
		if d := n - before[name]; d > 0 {
			if name == "queued" || name == "unchanged" {
				name = "records"
			}
			out[name] += d
		}
	}
	return out
}

// forgetRetracted takes out of did what took back an earlier case's records.
func forgetRetracted(did map[string]int) {
	did["records"] -= did[queue.CountRetracted]
	if delete(did, queue.CountRetracted); did["records"] == 0 {
		delete(did, "records")
	}
}

// forgetRepeated takes out of want the findings of records that repeat: they aren't counted again.
func forgetRepeated(want, did map[string]int) {
	for name, n := range want {
		if strings.HasPrefix(name, queue.PrefixFinding) && n > did[name] {
			want[name] = did[name]
		}
		if want[name] == 0 {
			delete(want, name)
		}
	}
}

// wantRejected wants the fault on the list of rejected files.
func wantRejected(t *testing.T, s *station, want export.FormatError) {
	t.Helper()
	for _, got := range s.rejected() {
		if *got == want {
			return
		}
	}
	t.Errorf("no rejected file has the fault %+v", want)
}

func TestPreview(t *testing.T) {
	s := newStation(t, nil)
	f := s.write("csv", "a.csv", vaccinations+"3;;;01/09/2026;x\n")
	got, err := s.in.Preview(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	want := intake.Preview{Records: 3, Kinds: map[string]int{"tiem_chung": 3}, Withheld: map[string]int{},
		Trimmed: map[string]int{}, Findings: map[string]int{"date-invalid": 1, "key-incomplete": 2},
		Places: []intake.Place{{Line: 3, At: "row.NGAY_TIEM", Code: "date-invalid"},
			{Line: 4, At: "row.MA", Code: "key-incomplete"}, {Line: 4, At: "row.MUI", Code: "key-incomplete"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("preview (-want +got):\n%s", diff)
	}
	if s.in.Known(f) || len(s.counts("")) > 0 {
		t.Error("it was kept")
	}
	t.Run("of a path that a rule withholds", func(t *testing.T) {
		got, err := s.in.Preview(t.Context(), s.write("csv", "methadone.csv", vaccinations))
		if err != nil || got.Records != 0 || got.Withheld["PATH"] != 1 {
			t.Errorf("Preview = %+v, %v", got, err)
		}
	})
	t.Run("lists a hundred places", func(t *testing.T) {
		rows := "Mã đối tượng;Mũi số;Ngày tiêm\n"
		for n := range 150 {
			rows += fmt.Sprintf("A%d;1;31/09/2026\n", n)
		}
		got, err := s.in.Preview(t.Context(), s.write("csv", "b.csv", rows))
		if err != nil || len(got.Places) != 100 || got.Findings["date-invalid"] != 150 {
			t.Errorf("%d places, findings %v, %v", len(got.Places), got.Findings, err)
		}
	})
	t.Run("may run beside TakeIn", func(t *testing.T) {
		f := s.write("his", "c.xml", visits(gen.Envelope{}, 0, 1, 2))
		done := make(chan error)
		go func() {
			_, err := s.in.Preview(t.Context(), f)
			done <- err
		}()
		s.take(f)
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
