package intake_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/export"
	"tramsync/agent/intake"
	"tramsync/sync/wire"
	"tramsync/testdata/gen"
	"tramsync/testdata/zoo"
)

const (
	vaccinations = "STT;Mã đối tượng;Mũi số;Ngày tiêm;Họ tên\n1;A;1;01/09/2026;MẪU\n2;B;1;31/09/2026;\n"
	children     = `{"code":"200","data":[{"MA_DOI_TUONG":"A","TRANSACTION_ID":1,"X":1.10},` +
		`{"MA_DOI_TUONG":"B","TRANSACTION_ID":2}]}`
)

func visits(e gen.Envelope, numbers ...int) string {
	var list []gen.Visit
	for _, n := range numbers {
		list = append(list, gen.New(1).Visit(n))
	}
	return string(gen.File(e, list...))
}

func TestTakeIn_of_visits(t *testing.T) {
	s := newStation(t, nil)
	file := visits(gen.Envelope{Wrap: 64}, 0, 1, 2)
	got := s.take(s.write("his", "a.xml", file))
	if len(got) != 3 {
		t.Fatalf("%d records", len(got))
	}
	for i, e := range got {
		v := gen.New(1).Visit(i)
		want := wire.Event{SpecVersion: "1.0", Source: "/stations/99001/feeds/his", Type: "vn.tramsync.his.visit",
			Subject: wire.Subject([]string{v.Facility, v.MaLK}), ID: e.ID, Time: e.Time,
			DataContentType: "application/json", Data: e.Data}
		if diff := cmp.Diff(want, e); diff != "" {
			t.Errorf("record (-want +got):\n%s", diff)
		}
		if at, err := time.Parse(time.RFC3339, e.Time); err != nil || !at.Equal(clock()) {
			t.Errorf("time %s, want the clock's", e.Time)
		}
		for k, d := range v.Docs {
			if e.Data.Documents[k].Type != d.Type || e.Data.Documents[k].Content != d.Content {
				t.Errorf("visit %d: document %s is not as it was", i, d.Type)
			}
		}
		o := e.Data.Origin
		if o.HoSo != i+1 || len(o.File) != 16 || len(o.SHA256) != 64 {
			t.Errorf("origin %+v", o)
		}
	}
	counted := pick(s.counts(""), "files", "queued", "unchanged", "rejected")
	if diff := cmp.Diff(map[string]int{"files": 1, "queued": 3}, counted); diff != "" {
		t.Errorf("counters (-want +got):\n%s", diff)
	}
}

func pick(m map[string]int, names ...string) map[string]int {
	out := map[string]int{}
	for _, n := range names {
		if m[n] != 0 {
			out[n] = m[n]
		}
	}
	return out
}

func TestTakeIn_of_rows(t *testing.T) {
	s := newStation(t, nil)
	got := s.take(s.write("csv", "a.csv", vaccinations))
	if diff := cmp.Diff([]string{"A/1", "B/1"}, keys(got)); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]wire.Finding{{Code: "date-invalid", At: "row.NGAY_TIEM"}}, got[1].Data.Findings); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"csv/date-invalid": 1}, s.counts("finding.")); diff != "" {
		t.Errorf("findings counted (-want +got):\n%s", diff)
	}
	want := map[string]string{"MA": "A", "MUI": "1", "NGAY_TIEM": "2026-09-01", "Họ tên": "MẪU"}
	if diff := cmp.Diff(want, got[0].Data.Row); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
	got = s.take(s.write("json", "a.json", children))
	if diff := cmp.Diff([]string{"A/1", "B/2"}, keys(got)); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if got[0].Data.Row["X"] != "1.10" || got[0].Type != "vn.tramsync.v20.suy_dinh_duong" ||
		got[1].Data.Origin.Index != 2 {
		t.Errorf("record %+v", got)
	}
}

func TestTakeIn_takes_only_what_is_new(t *testing.T) {
	s := newStation(t, nil)
	first := s.write("his", "a.xml", visits(gen.Envelope{}, 0, 1))
	s.take(first)
	changed := string(gen.File(gen.Envelope{}, gen.New(1).Visit(0).Changed(), gen.New(1).Visit(1)))
	steps := []struct {
		name string
		file func() intake.File
		want int
	}{
		{"the same file again", func() intake.File { return first }, 0},
		{"renamed", func() intake.File {
			path := filepath.Join(s.exports, "b.xml")
			if err := os.Rename(first.Path, path); err != nil {
				t.Fatal(err)
			}
			return s.file("his", path)
		}, 0},
		{"touched", func() intake.File { return s.write("his", "b.xml", visits(gen.Envelope{}, 0, 1)) }, 0},
		{"in another envelope", func() intake.File {
			return s.write("his", "b.xml", visits(gen.Envelope{Date: "20270101", CRLF: true, Wrap: 76}, 1, 0))
		}, 0},
		{"with one visit more", func() intake.File { return s.write("his", "c.xml", visits(gen.Envelope{}, 0, 1, 2)) },
			1},
		{"with a correction", func() intake.File { return s.write("his", "b.xml", changed) }, 1},
		{"an old copy of what it was before", func() intake.File {
			return s.writeAt("his", "copy.xml", visits(gen.Envelope{}, 0, 1), first.ModTime)
		}, 0},
		{"corrected back", func() intake.File { return s.write("his", "b.xml", visits(gen.Envelope{}, 0, 1)) }, 1},
		{"an old copy of the correction", func() intake.File {
			return s.writeAt("his", "copy2.xml", changed, first.ModTime)
		}, 0},
		{"the correction put back in its place, with an old time", func() intake.File {
			return s.writeAt("his", "b.xml", changed, first.ModTime)
		}, 1},
	}
	for _, step := range steps {
		if got := s.take(step.file()); len(got) != step.want {
			t.Errorf("%s: %d records, want %d", step.name, len(got), step.want)
		}
	}
}

func TestTakeIn_of_bad_files(t *testing.T) {
	s := newStation(t, nil)
	bad := strings.Replace(visits(gen.Envelope{}, 0, 1), "</HOSO>", "<FILEHOSO><NOIDUNGFILE>*#", 1)
	f := s.write("his", "a.xml", visits(gen.Envelope{}, 0)+"<!-- "+zoo.Canary)
	if got := s.take(f); len(got) != 0 {
		t.Errorf("%d records of a bad file", len(got))
	}
	want := []*export.FormatError{{Code: "xml-truncated", Line: 13, Offset: s.rejected()[0].Offset}}
	if diff := cmp.Diff(want, s.rejected()); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
	if s.counts("")["rejected"] != 1 || s.counts("")["files"] != 0 {
		t.Errorf("counters %v", s.counts(""))
	}
	if strings.Contains(s.log.String(), "CANARY") || !strings.Contains(s.log.String(), "line 13") {
		t.Errorf("log: %s", s.log)
	}
	// Sound visits before the bad one aren't kept either.
	if got := s.take(s.write("his", "b.xml", bad)); len(got) != 0 || len(s.pending()) != 0 {
		t.Errorf("%d records of a file whose end is bad", len(s.pending()))
	}
	other := newOther(s, "2")
	if other.Known(f) {
		t.Error("another version of the program doesn't read it again")
	}
	if got := s.take(s.write("his", "a.xml", visits(gen.Envelope{}, 0))); len(got) != 1 {
		t.Errorf("corrected, it gives %d records", len(got))
	}
	if got := s.rejected(); len(got) != 1 {
		t.Errorf("%d files are rejected, want the other one", len(got))
	}
}

// newOther is another version of the program on the same queue.
func newOther(s *station, version string) *intake.Intake {
	settings := s.settings
	settings.Version = version
	return intake.New(settings)
}

func TestTakeIn_refuses_records_that_are_too_large(t *testing.T) {
	s := newStation(t, nil)
	long := strings.Replace(zoo.Summary("L2"), "J00", strings.Repeat("x", 4<<20), 1)
	s.take(s.write("his", "a.xml",
		zoo.Visits(zoo.HoSo(zoo.Doc("XML1", zoo.Summary("L1"))), zoo.HoSo(zoo.Doc("XML1", long)))))
	if diff := cmp.Diff([]*export.FormatError{{Code: "record-size", HoSo: 2}}, s.rejected()); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
	if n := len(s.pending()); n != 0 {
		t.Errorf("%d records", n)
	}
}

func TestTakeIn_survives_a_panic(t *testing.T) {
	s := newStation(t, nil)
	calm := s.settings
	s.with(func(set *intake.Settings) { set.Now = func() time.Time { panic(zoo.Canary) } })
	f := s.write("his", "a.xml", visits(gen.Envelope{}, 0))
	if got := s.take(f); len(got) != 0 {
		t.Errorf("%d records", len(got))
	}
	if diff := cmp.Diff([]*export.FormatError{{Code: "internal"}}, s.rejected()); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
	if log := s.log.String(); strings.Contains(log, "CANARY") || !strings.Contains(log, "decoder fault") {
		t.Errorf("log: %s", log)
	}
	if p, err := s.in.Preview(t.Context(), f); err != nil || p.Fault == nil || p.Fault.Code != "internal" {
		t.Errorf("Preview = %+v, %v", p, err)
	}
	s.settings = calm
	s.with(func(set *intake.Settings) { set.Checker = nil }) // panics at the second file's first record
	s.take(s.write("his", "b.xml", visits(gen.Envelope{}, 1)))
	s.settings = calm
	s.with(func(set *intake.Settings) { set.Version = "2" })
	if got := s.take(f); len(got) != 1 {
		t.Errorf("mended, it gives %d records", len(got))
	}
}

func TestTakeIn_errors_hold_no_path(t *testing.T) {
	s := newStation(t, nil)
	missing := intake.File{Feed: "his", Path: filepath.Join(s.exports, "x.NGUYEN VAN PATH"), Size: 1, ModTime: clock()}
	folder := intake.File{Feed: "his", Path: s.exports, Size: 4096, ModTime: clock()}
	unknown := s.write("his", "NGUYEN VAN NAME.xml", "x")
	unknown.Feed = "other"
	for name, f := range map[string]intake.File{"missing": missing, "a folder": folder, "of no feed": unknown} {
		_, previewErr := s.in.Preview(t.Context(), f)
		for _, err := range []error{s.in.TakeIn(t.Context(), f), previewErr} {
			if err == nil || strings.Contains(fmt.Sprintf("%v %+v", err, err), "NGUYEN") {
				t.Errorf("a file that is %s: %v", name, err)
			}
		}
		if s.in.Known(f) {
			t.Errorf("a file that is %s: known", name)
		}
	}
	if err := s.in.TakeIn(t.Context(), missing); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("TakeIn = %v, want one that says that it doesn't exist", err)
	}
}

func TestTakeIn_ends_with_its_context(t *testing.T) {
	s := newStation(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	s.with(func(set *intake.Settings) { set.Now = func() time.Time { cancel(); return clock() } })
	f := s.write("his", "a.xml", visits(gen.Envelope{}, 0))
	if err := s.in.TakeIn(ctx, f); !errors.Is(err, context.Canceled) {
		t.Errorf("TakeIn = %v", err)
	}
	if err := s.in.TakeIn(ctx, f); !errors.Is(err, context.Canceled) {
		t.Errorf("TakeIn again = %v", err)
	}
	if s.in.Known(f) || len(s.pending()) > 0 || len(s.rejected()) > 0 {
		t.Error("something was kept")
	}
}
