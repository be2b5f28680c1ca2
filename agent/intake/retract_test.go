package intake_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/intake"
	"tramsync/sync/wire"
	"tramsync/testdata/gen"
	"tramsync/testdata/zoo"
)

// visitOf is a HOSO with a diagnosis, which may be one that must not be taken in.
func visitOf(maLK, diagnosis string) string {
	return zoo.HoSo(zoo.Doc("XML1", strings.Replace(zoo.Summary(maLK), "J00", diagnosis, 1)))
}

// said is what records say: the subject, with a minus where it is retracted.
func said(events []wire.Event) []string {
	out := []string{}
	for _, e := range events {
		subject := e.Subject
		if e.Data.Retracted {
			subject = "-" + subject
		}
		out = append(out, subject)
	}
	return out
}

// exported is one step: a file that a feed's software writes, and what is to be queued of it.
type exported struct {
	name, feed, file string
	want             []string
}

func (s *station) takeAll(t *testing.T, steps []exported) {
	t.Helper()
	for i, step := range steps {
		got := s.take(s.write(step.feed, fmt.Sprintf("%d.xml", i), step.file))
		if diff := cmp.Diff(step.want, said(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
}

func TestTakeIn_retracts_what_is_excluded_now(t *testing.T) {
	none := []string{}
	tests := []struct {
		name  string
		steps []exported
	}{
		{"a visit, once, until it is allowed again", []exported{
			{"first", "his", zoo.Visits(visitOf("L1", "J00"), visitOf("L2", "J00")), []string{"99002/L1", "99002/L2"}},
			{"excluded", "his", zoo.Visits(visitOf("L1", "B20"), visitOf("L2", "J00")), []string{"-99002/L1"}},
			{"excluded otherwise", "his", zoo.Visits(visitOf("L1", "F11"), visitOf("L3", "B20")), none},
			{"allowed as it was", "his", zoo.Visits(visitOf("L1", "J00")), []string{"99002/L1"}},
			{"excluded again", "his", zoo.Visits(visitOf("L1", "B20")), []string{"-99002/L1"}},
		}},
		{"a visit that comes twice in a file by what comes later", []exported{
			{"corrected to be excluded", "his", zoo.Visits(visitOf("L1", "J00"), visitOf("L1", "B20")),
				[]string{"99002/L1", "-99002/L1"}},
			{"corrected to be allowed", "his", zoo.Visits(visitOf("L2", "B20"), visitOf("L2", "J00")),
				[]string{"99002/L2"}},
			{"the same again, with a new visit", "his", zoo.Visits(visitOf("L2", "B20"), visitOf("L2", "J00"),
				visitOf("L3", "J00")), []string{"99002/L3"}},
			{"corrected twice", "his", zoo.Visits(visitOf("L2", "B20"), visitOf("L2", "J01"), visitOf("L2", "B20")),
				[]string{"99002/L2", "-99002/L2"}},
		}},
		{"a visit without MA_LK never: nothing else had its key", []exported{
			{"first", "his", zoo.Visits(visitOf("", "J00")), []string{"99002/~" + fingerprintOf("J00")}},
			{"excluded", "his", zoo.Visits(visitOf("", "B20")), none},
		}},
		{"a row by its key", []exported{
			{"first", "csv", "Mã đối tượng;Mũi số;Ghi chú\nA;1;\nB;1;\n", []string{"A/1", "B/1"}},
			{"excluded", "csv", "Mã đối tượng;Mũi số;Ghi chú\nA;1;HIV (+)\nB;1;\n", []string{"-A/1"}},
			{"once more", "csv", "Mã đối tượng;Mũi số;Ghi chú\nA;1;HIV (+)\nB;1;x\n", []string{"B/1"}},
			{"allowed", "csv", "Mã đối tượng;Mũi số;Ghi chú\nA;1;khỏe\n", []string{"A/1"}},
			{"with a key that isn't whole", "csv", "Mã đối tượng;Mũi số;Ghi chú\nA;;HIV (+)\n", none},
			{"beside a row of the same key", "csv", "Mã đối tượng;Mũi số;Ghi chú\nA;1;khỏe\nA;1;HIV (+)\n",
				[]string{"A/1/~ad800807769c3bbce4e46d3fbda59606"}},
		}},
		{"nothing of which only fields are cut out", []exported{
			{"first", "his", tuberculosis(""), []string{"99002/L1"}},
			{"cut", "his", tuberculosis("<BDDT_ARV>1</BDDT_ARV>") + " ", none},
			{"excluded", "his", tuberculosis("<PHANLOAI_LAO_HIV>1</PHANLOAI_LAO_HIV>"), []string{"-99002/L1"}},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStation(t, nil)
			s.takeAll(t, tt.steps)
			retracted := 0
			for _, step := range tt.steps {
				for _, w := range step.want {
					if strings.HasPrefix(w, "-") {
						retracted++
					}
				}
			}
			if got := s.counts("")["retracted"]; got != retracted {
				t.Errorf("%d are counted, want %d", got, retracted)
			}
		})
	}
}

// fingerprintOf is what stands in for the MA_LK of a visit without one.
func fingerprintOf(diagnosis string) string {
	v := &wire.Visit{Documents: []wire.Document{wire.NewDocument("XML1",
		[]byte(strings.Replace(zoo.Summary(""), "J00", diagnosis, 1)), nil)}}
	hash := (&wire.Data{Visit: v}).ContentHash()
	return fmt.Sprintf("%x", hash[:16])
}

func TestTakeIn_retractions_say_nothing_of_why(t *testing.T) {
	s := newStation(t, nil)
	first := zoo.Visits(visitOf("L1", "J00"))
	s.take(s.write("his", "a.xml", first))
	s.deliver()
	out := strings.Replace(zoo.Visits(visitOf("L1", "B20")), "</HOSO>", "<GHI_CHU>"+zoo.Canary+"</GHI_CHU></HOSO>", 1)
	got := s.take(s.write("his", "a.xml", out))
	want := wire.NewEvent("99001", "his", "HIS", wire.KindVisit, clock(),
		wire.Retraction([]string{"99002", "L1"}, "99002"))
	if diff := cmp.Diff([]wire.Event{want}, got); diff != "" {
		t.Fatalf("queued (-want +got):\n%s", diff)
	}
	for _, trace := range []string{zoo.Canary, "B20", "HIV-ICD"} {
		for _, p := range s.payloads() {
			if bytes.Contains(p, []byte(trace)) {
				t.Errorf("%s is in what is sent", trace)
			}
		}
		if strings.Contains(s.log.String(), trace) || strings.Contains(s.log.String(), "retract") {
			t.Errorf("log: %s", s.log)
		}
	}
	s.deliver()
	if got := s.take(s.writeAt("his", "copy.xml", first, clock())); len(got) != 0 {
		t.Errorf("an old copy of the first export is news: %q", said(got))
	}
	p, err := s.in.Preview(t.Context(), s.write("his", "b.xml", out))
	if err != nil || p.Records != 0 || p.Withheld["HIV-ICD"] != 1 {
		t.Errorf("Preview = %+v, %v", p, err)
	}
}

func TestTakeIn_retracts_nothing_by_a_file_that_is_rejected(t *testing.T) {
	s := newStation(t, nil)
	s.take(s.write("his", "a.xml", zoo.Visits(visitOf("L1", "J00"))))
	bad := zoo.Visits(visitOf("L1", "B20"), zoo.HoSo("<FILEHOSO><NOIDUNGFILE>*#</NOIDUNGFILE></FILEHOSO>"))
	if got := s.take(s.write("his", "b.xml", bad)); len(got) != 0 || len(s.rejected()) != 1 {
		t.Errorf("queued %q, %d files rejected", said(got), len(s.rejected()))
	}
	if got := said(s.take(s.write("his", "b.xml", zoo.Visits(visitOf("L1", "B20"))))); len(got) != 1 {
		t.Errorf("exported again: queued %q", got)
	}
}

func TestTakeIn_retracts_what_new_rules_exclude(t *testing.T) {
	s := newStation(t, nil)
	list := []string{visitOf("L1", "J00"), visitOf("", "J00"), visitOf("L2", "J99")}
	sent := said(s.take(s.write("his", "a.xml", zoo.Visits(list...))))
	s.with(func(set *intake.Settings) { set.Rules = parse(t, `{id: C, icd: [J00], action: drop_visit}`) })
	got := said(s.take(s.write("his", "b.xml", zoo.Visits(list...))))
	slices.Sort(got)
	want := []string{"-" + sent[0], "-" + sent[1]}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" || !strings.Contains(sent[1], "~") {
		t.Errorf("queued (-want +got):\n%s", diff)
	}
}

// A key that new rules exclude was sent under older ones. It isn't sent again to say that it is gone.
func TestTakeIn_retracts_nothing_whose_key_is_excluded(t *testing.T) {
	rows := func(n int) string { return fmt.Sprintf("MA;X\nbí mật;%d\nkhác;%[1]d\n", n) }
	places := func(n int) string { return fmt.Sprintf("MA;MA_CSKCB;X\nA;bí mật;%d\nkhác;;%[1]d\n", n) }
	visits := func(n int) string {
		return zoo.Visits(visitOf("BM-1", fmt.Sprintf("J0%d", n)), visitOf("khác", fmt.Sprintf("J0%d", n)))
	}
	for _, c := range []struct {
		name, feed string
		file       func(int) string
		rule, want string
	}{
		{"by a column", "births", rows, `text: ["bí mật"], action: drop_fields`, "khác"},
		{"by its column", "births", rows, `text: ["bí mật"], fields: [thai_san.MA], action: drop_visit`, "khác"},
		{"as all else", "births", rows, `text: ["bí mật"], action: drop_visit`, "khác"},
		{"by its facility", "births", places, `text: ["bí mật"], action: drop_visit`, "khác"},
		{"by its MA_LK", "his", visits, `text: ["BM"], action: drop_visit`, "99002/khác"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStation(t, nil)
			if got := s.take(s.write(c.feed, "a", c.file(1))); len(got) != 2 {
				t.Fatalf("%d records", len(got))
			}
			s.with(func(set *intake.Settings) { set.Rules = parse(t, "{id: C, "+c.rule+"}") })
			got := said(s.take(s.write(c.feed, "a", c.file(2))))
			if diff := cmp.Diff([]string{c.want}, got); diff != "" {
				t.Errorf("queued (-want +got):\n%s", diff)
			}
			if s.counts("withheld.")["C"] != 1 {
				t.Error("it isn't withheld at all")
			}
		})
	}
}

// The same id whenever, from whichever file: the warehouse takes a retraction that comes again for a duplicate.
func TestTakeIn_retractions_of_one_key_have_one_id(t *testing.T) {
	s := newStation(t, nil)
	ids := map[string]bool{}
	for i, kind := range gen.Kinds() {
		v := gen.New(1).Visit(1)
		s.with(func(set *intake.Settings) { set.Now = func() time.Time { return clock().AddDate(0, i, 0) } })
		s.take(s.write("his", "a.xml", string(gen.File(gen.Envelope{}, v))))
		for _, e := range s.take(s.write("his", "b.xml", string(gen.File(gen.Envelope{}, v.Withheld(kind))))) {
			ids[e.ID] = e.Data.Retracted
		}
	}
	if len(ids) != 1 {
		t.Errorf("%d ids of %d retractions", len(ids), len(gen.Kinds()))
	}
}
