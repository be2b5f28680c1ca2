package main_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/testdata/gen"
)

// fileLine is what a line of `files --json` must tell, and may.
type fileLine struct {
	Path, Feed, State, Fault, SHA256 string
	FaultCode                        string `json:"fault_code"`
	Size                             int64
	Records, Findings                int
	Modified, Read                   string
	Gone                             bool
}

// files lists the ledger; what changes from run to run is checked here and left out.
func (s *station) files(args ...string) map[string]fileLine {
	s.t.Helper()
	got := map[string]fileLine{}
	for line := range strings.Lines(s.must(s.agent(append([]string{"files", "--json"}, args...)...))) {
		dec := json.NewDecoder(strings.NewReader(line))
		dec.DisallowUnknownFields() // least of all how many records of it were queued
		var l fileLine
		if err := dec.Decode(&l); err != nil {
			s.t.Fatalf("%v in %s", err, line)
		}
		if l.Modified == "" || l.Read == "" || l.Size == 0 || len(l.SHA256) != 64 || (l.Fault == "") != (l.FaultCode == "") {
			s.t.Errorf("incomplete: %s", line)
		}
		l.Modified, l.Read, l.Size, l.SHA256, l.Fault = "", "", 0, "", ""
		got[filepath.Base(l.Path)] = l
	}
	return got
}

func (s *station) wantFiles(what string, got map[string]fileLine, want ...fileLine) {
	s.t.Helper()
	list := map[string]fileLine{}
	for _, l := range want {
		l.Path, l.Feed = filepath.Join(s.his, l.Path), "his"
		list[filepath.Base(l.Path)] = l
	}
	if diff := cmp.Diff(list, got); diff != "" {
		s.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestFiles_lists_what_was_read_and_what_cannot_be(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	src := gen.New(5)
	two := gen.File(gen.Envelope{}, src.Visit(1), src.Visit(2))
	s.drop(s.his, "two.xml", two)
	s.drop(s.his, "withheld.xml", gen.File(gen.Envelope{}, src.Visit(3).Withheld("Z21"), src.Visit(4)))
	s.drop(s.his, "bad.xml", s.sample("bad_truncated.xml"))
	s.drop(s.his, "mended.xml", s.sample("bad_base64.xml"))
	s.once()
	s.drop(s.his, "copy.xml", two)
	s.touch("copy.xml", "two.xml")
	miscounted := bytes.Replace(gen.File(gen.Envelope{}, src.Visit(5)), []byte("<SOLUONGHOSO>1<"),
		[]byte("<SOLUONGHOSO>7<"), 1)
	s.drop(s.his, "mended.xml", miscounted)
	a := s.startAgent()
	s.await("all read", func(n snapshot) bool { return n.Total.FilesReplayed == 1 && n.Total.Stored == 4 })
	bad := fileLine{Path: "bad.xml", State: "rejected", FaultCode: "xml-truncated"}
	all := []fileLine{{Path: "two.xml", State: "taken", Records: 2}, {Path: "withheld.xml", State: "taken", Records: 2},
		{Path: "mended.xml", State: "taken", Records: 1, Findings: 1}, {Path: "copy.xml", State: "copied"}, bad}
	s.wantFiles("with the agent", s.files(), all...)
	s.wantFiles("rejected, with the agent", s.files("--rejected"), bad)
	vi, en := s.must(s.agent("files")), s.must(s.agent("files", "--lang", "en", "--last", "2"))
	for _, want := range []string{"KHÔNG ĐỌC ĐƯỢC", "withheld.xml", "bản sao", "nội dung bị cắt giữa chừng",
		"5 trong 5 tệp"} {
		if !strings.Contains(vi, want) {
			t.Errorf("%q is missing in:\n%s", want, vi)
		}
	}
	if !strings.Contains(en, "2 of 5 files") || strings.Contains(en, "two.xml") {
		t.Errorf("the last two:\n%s", en)
	}
	snap := s.status()
	if len(snap.Days) != 1 || snap.Days[0].Stored != 4 || snap.Today.Findings["hoso-count"] != 1 ||
		snap.Days[0].FindingsByFeed["his"]["hoso-count"] != 1 {
		t.Errorf("days %+v, findings today %v", snap.Days, snap.Today.Findings)
	}
	a.kill()
	s.wantFiles("without the agent", s.files(), all...)

	if r := s.agent("files", "dismiss", filepath.Join(s.his, "bad.xml")); r.code != 1 {
		t.Errorf("a file that is still there was dismissed: %+v", r)
	}
	if err := os.Remove(filepath.Join(s.his, "bad.xml")); err != nil {
		t.Fatal(err)
	}
	if r := s.agent("files", "dismiss"); r.code != 2 {
		t.Errorf("dismiss of nothing: %+v", r)
	}
	s.must(s.agent("files", "dismiss", "--gone"))
	s.wantFiles("after the dismissal", s.files("--rejected"))
	if r := s.agent("files", "dismiss", filepath.Join(s.his, "bad.xml")); r.code != 1 {
		t.Errorf("dismissed twice: %+v", r)
	}
}

// touch gives a file the time of another.
func (s *station) touch(name, as string) {
	s.t.Helper()
	info, err := os.Stat(filepath.Join(s.his, as))
	if err == nil {
		err = os.Chtimes(filepath.Join(s.his, name), info.ModTime(), info.ModTime())
	}
	if err != nil {
		s.t.Fatal(err)
	}
}
