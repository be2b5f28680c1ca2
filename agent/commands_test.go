package main_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tramsync/agent/status"
	"tramsync/testdata/gen"
)

type snapshot = status.Snapshot

// TestStatus_says_the_same_in_both_forms, with the agent running and not, in words a nurse understands.
func TestStatus_says_the_same_in_both_forms(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	s.drop(s.his, "a.xml", gen.File(gen.Envelope{}, gen.New(3).Visit(1)))
	s.drop(s.his, "BN TRAN THI MAU.xml", s.sample("bad_truncated.xml"))
	a := s.startAgent()
	s.await("delivered", func(n snapshot) bool { return n.Total.Stored == 1 && len(n.Rejected) == 1 })
	vi, en := s.must(s.agent("status")), s.must(s.agent("status", "--lang", "en"))
	for _, w := range []string{
		"Trạm Y tế xã Mẫu (mã 99001)", "Có tệp không đọc được, cần xuất lại", "Chờ gửi:          0 hồ sơ",
		"BN TRAN THI MAU.xml", "nội dung bị cắt giữa chừng → xuất lại tệp này từ phần mềm",
		"1 hồ sơ mới", "1 đã vào kho",
	} {
		if !strings.Contains(vi, w) {
			t.Errorf("the Vietnamese status lacks %q:\n%s", w, vi)
		}
	}
	for _, w := range []string{
		"Some files can't be read", "BN TRAN THI MAU.xml", "the content is cut off", "1 stored",
	} {
		if !strings.Contains(en, w) {
			t.Errorf("the English status lacks %q:\n%s", w, en)
		}
	}
	snap := s.status()
	if !snap.Program.Running || !snap.Warehouse.Online || snap.Queue.Pending != 0 ||
		snap.Rejected[0].Code != "xml-truncated" {
		t.Errorf("JSON: %+v", snap)
	}
	a.kill()
	if vi := s.must(s.agent("status")); !strings.Contains(vi, "KHÔNG chạy") ||
		!strings.Contains(vi, "BN TRAN THI MAU.xml") {
		t.Errorf("with the agent stopped:\n%s", vi)
	}
	if snap := s.status(); snap.Program.Running || snap.Total.Stored != 1 {
		t.Errorf("JSON with the agent stopped: %+v", snap)
	}
}

// TestBad_files stand on the list with place and reason until a corrected export comes, and stop nothing else.
func TestBad_files_are_listed_until_corrected(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	bad := map[string]string{
		"bad_truncated.xml": "xml-truncated", "bad_base64.xml": "base64", "bad_bare_ampersand.xml": "xml-entity",
	}
	for name := range bad {
		s.drop(s.his, name, s.sample(name))
	}
	s.drop(s.his, "good.xml", gen.File(gen.Envelope{}, gen.New(4).Visit(1)))
	s.drop(s.v20, "tiemchung_x.csv", []byte("Mã đối tượng;Vắc xin\nDT1;MR\n"))
	bad["tiemchung_x.csv"] = "column"
	s.once()
	snap := s.status()
	if len(snap.Rejected) != len(bad) {
		t.Fatalf("rejected: %+v", snap.Rejected)
	}
	for _, r := range snap.Rejected {
		if want := bad[filepath.Base(r.Path)]; r.Code != want {
			t.Errorf("%s: %s (%s), want %s", r.Path, r.Code, r.EN, want)
		}
	}
	if n := len(s.records()); n != 1 {
		t.Errorf("%d records stored, want the good file's one", n)
	}
	r := s.agent("scan", "--json", s.his)
	if r.code != 1 || !strings.Contains(r.out, `"fault_code": "xml-truncated"`) ||
		!strings.Contains(r.out, `"records": 1`) {
		t.Errorf("scan: exit code %d\n%s%s", r.code, r.out, r.err)
	}
	if r := s.agent("queue", "ls"); r.code != 0 || strings.Count(r.out, "\n") != 1 {
		t.Errorf("something of the bad files is in the queue:\n%s%s", r.out, r.err)
	}
	s.drop(s.his, "bad_truncated.xml", s.sample("his4750_one.xml"))
	s.once()
	for _, r := range s.status().Rejected {
		if filepath.Base(r.Path) == "bad_truncated.xml" {
			t.Error("the corrected file is still listed")
		}
	}
	if n := len(s.records()); n != 2 {
		t.Errorf("%d records stored, want 2", n)
	}
}

func TestScan_shows_what_would_be_withheld_without_showing_whom(t *testing.T) {
	t.Parallel()
	s := emptyStation(t)
	s.configure("https://warehouse.invalid")
	v := gen.New(2).Visit(3).Withheld("Z21")
	s.drop(s.his, "mix.xml", gen.File(gen.Envelope{}, gen.New(2).Visit(4), v))
	for _, lang := range []string{"vi", "en"} {
		r := s.agent("scan", "--lang", lang, filepath.Join(s.his, "mix.xml"))
		if r.code != 0 || !strings.Contains(r.out, "HIV-ICD: 1") || !strings.Contains(r.out, ": 1\n") {
			t.Errorf("%s: exit code %d\n%s%s", lang, r.code, r.out, r.err)
		}
		for _, id := range v.Identifiers() {
			if strings.Contains(r.out+r.err, id) {
				t.Errorf("scan shows %q", id)
			}
		}
	}
	if _, err := os.Stat(s.data); err == nil {
		t.Error("scan made the data folder")
	}
}

func TestExit_codes(t *testing.T) {
	t.Parallel()
	s := emptyStation(t)
	s.configure("https://warehouse.invalid")
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	content := []byte("schema: 1\nstation: {code: 99001}\nfeeds: []\nsomething: 1\n")
	if err := os.WriteFile(broken, content, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		code int
		says []string
	}{
		"version":       {[]string{"version"}, 0, []string{"tramsync"}},
		"completion":    {[]string{"completion", "bash"}, 0, []string{"__start_tramsync"}},
		"a good config": {[]string{"check-config"}, 0, []string{"settle: 100ms"}},
		"a broken config": {[]string{"check-config", broken}, 2,
			[]string{"station.code", "feeds", "something", "line 2", "line 4"}},
		"run with a broken config":  {[]string{"run", "--config", broken}, 2, []string{"station.code"}},
		"no config":                 {[]string{"run", "--config", broken + ".not"}, 2, nil},
		"an unknown command":        {[]string{"sync"}, 2, []string{"unknown command"}},
		"an unknown flag":           {[]string{"run", "--twice"}, 2, []string{"--twice"}},
		"a bad language":            {[]string{"status", "--lang", "fr"}, 2, []string{"--lang"}},
		"requeue without an id":     {[]string{"queue", "requeue"}, 2, nil},
		"requeue of an unknown id":  {[]string{"queue", "requeue", "00"}, 1, []string{"no such dead letter"}},
		"scan outside of all feeds": {[]string{"scan", broken}, 2, []string{"--feed"}},
		"run once, not enrolled":    {[]string{"run", "--once"}, 1, []string{"not enrolled"}},
		"queue ls":                  {[]string{"queue", "ls"}, 0, []string{"NUMBER"}},
		"queue dead":                {[]string{"queue", "dead", "--json"}, 0, nil},
		"queue verify":              {[]string{"queue", "verify", "--json"}, 0, []string{`"pending": 0`}},
	} {
		t.Run(name, func(t *testing.T) {
			args := c.args
			if !strings.Contains(strings.Join(args, " "), "--config") {
				args = append(args, "--config", s.config)
			}
			r := s.exec(s.bin.agent, args...)
			if r.code != c.code {
				t.Errorf("exit code %d, want %d\n%s%s", r.code, c.code, r.out, r.err)
			}
			for _, w := range c.says {
				if !strings.Contains(r.out+r.err, w) {
					t.Errorf("%q isn't said:\n%s%s", w, r.out, r.err)
				}
			}
		})
	}
}

// TestLooking_makes_nothing: a queue would belong to whoever looked first, and not to the service.
func TestLooking_makes_nothing(t *testing.T) {
	t.Parallel()
	s := emptyStation(t)
	s.configure("https://warehouse.invalid")
	if vi := s.must(s.agent("status")); !strings.Contains(vi, "KHÔNG chạy") {
		t.Errorf("status:\n%s", vi)
	}
	if snap := s.status(); snap.Program.Running || snap.Total.Withheld == nil {
		t.Errorf("JSON: %+v", snap)
	}
	for _, args := range [][]string{{"ls"}, {"dead"}, {"verify"}, {"requeue", "--all"}} {
		s.must(s.agent(append([]string{"queue"}, args...)...))
	}
	if _, err := os.Stat(s.data); !os.IsNotExist(err) {
		t.Errorf("the data folder was made: %v", err)
	}
}

// TestRun_once_says_when_records_are_left: exit code 3 after a minute without movement.
func TestRun_once_says_when_records_are_left(t *testing.T) {
	if testing.Short() {
		t.Skip("waits a minute")
	}
	t.Parallel()
	s := newStation(t)
	s.warehouse.kill()
	s.drop(s.his, "a.xml", gen.File(gen.Envelope{}, gen.New(2).Visit(3)))
	if r := s.agent("run", "--once"); r.code != 3 || !strings.Contains(r.err, "1 records") {
		t.Errorf("exit code %d\n%s", r.code, tail(r.err))
	}
	snap := s.status()
	if snap.Queue.Pending != 1 {
		t.Errorf("pending %d", snap.Queue.Pending)
	}
}

// TestQueue_commands_work_beside_a_running_agent: they ask it.
func TestQueue_commands_work_beside_a_running_agent(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	s.warehouse.kill()
	s.drop(s.his, "a.xml", gen.File(gen.Envelope{}, gen.New(2).Visit(3), gen.New(2).Visit(4)))
	s.startAgent()
	s.await("queued", func(n snapshot) bool { return n.Queue.Pending == 2 })
	lines := strings.Split(strings.TrimSpace(s.must(s.agent("queue", "ls", "--json"))), "\n")
	var first struct{ Sequence int }
	if len(lines) != 2 || json.Unmarshal([]byte(lines[0]), &first) != nil || first.Sequence != 1 {
		t.Errorf("queue ls: %q", lines)
	}
	if r := s.agent("queue", "verify"); r.code != 0 || !strings.Contains(r.out, "2 hồ sơ chờ gửi") {
		t.Errorf("queue verify: %d %s%s", r.code, r.out, r.err)
	}
	if r := s.agent("queue", "requeue", "ff"); r.code != 1 || !strings.Contains(r.err, "no such dead letter") {
		t.Errorf("queue requeue: %d %s", r.code, r.err)
	}
	if r := s.agent("run", "--once"); r.code != 1 || !strings.Contains(r.err, "in use by another") {
		t.Errorf("a second agent: exit code %d %s", r.code, r.err)
	}
}
