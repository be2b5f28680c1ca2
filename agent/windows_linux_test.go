package main_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/export"
	"tramsync/testdata/zoo"
)

// TestWindows_build_takes_the_zoo_in runs the Windows agent under Wine beside a Linux one, each with its own warehouse,
// over the same files: both must find the same in them.
func TestWindows_build_takes_the_zoo_in(t *testing.T) {
	if os.Getenv("TRAMSYNC_WINE") == "" {
		t.Skip("needs Wine: make test-wine")
	}
	files := newMenagerie(t)
	linux, windows := emptyStation(t), emptyStation(t)
	windows.bin.agent = windowsAgent(t)
	var scans [2]string
	var ids [2][]string
	for i, s := range []*station{linux, windows} {
		drive := []string{"", "Z:"}[i]
		s.startWarehouse()
		files.configure(s, drive)
		s.must(s.agent("enrol", "--token", s.token()))
		r := s.agent("scan", "--json", "--lang", "en", drive+files.folder)
		if r.code != 1 || !strings.Contains(r.err, fmt.Sprint(files.bad, " files can't be read")) {
			t.Fatalf("scan: exit code %d\n%s", r.code, r.err)
		}
		out := strings.ReplaceAll(r.out, `\\`, "/")
		scans[i] = strings.ReplaceAll(out, "Z:", "")
		s.once()
		n := s.status().Total
		if n.Files+n.FilesRejected != files.count || n.FilesRejected != files.bad || n.Stored == 0 {
			t.Errorf("of %d files, %d of them bad: %+v", files.count, files.bad, n)
		}
		for _, rec := range s.records("--all") {
			ids[i] = append(ids[i], rec.Subject+" "+rec.ID)
		}
		slices.Sort(ids[i])
		ids[i] = slices.Compact(ids[i]) // a record that comes back after another of its key is stored again
	}
	if diff := cmp.Diff(strings.Split(scans[0], "\n"), strings.Split(scans[1], "\n")); diff != "" {
		t.Errorf("scan (-Linux +Windows):\n%s", diff)
	}
	if diff := cmp.Diff(ids[0], ids[1]); diff != "" {
		t.Errorf("stored (-Linux +Windows):\n%s", diff)
	}
	t.Logf("%d files, %d of them bad: %d records", files.count, files.bad, len(ids[0]))
}

// windowsAgent builds the agent for Windows and gives a program that runs it under Wine.
func windowsAgent(t *testing.T) string {
	t.Helper()
	exe := filepath.Join(binFolder, "tramsync.exe")
	build := exec.Command("go", "build", "-o", exe, "tramsync/agent")
	build.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build for Windows: %v\n%s", err, out)
	}
	runner, err := filepath.Abs("../.ci/wine/exec")
	if err != nil {
		t.Fatal(err)
	}
	script := exe + ".sh"
	text := fmt.Sprintf("#!/bin/sh\nexec '%s' '%s' \"$@\"\n", runner, exe)
	if err := os.WriteFile(script, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	return script
}

// menagerie is the zoo's files of two formats in folders, one for each feed that they need.
type menagerie struct {
	folder     string
	feeds      []map[string]any // without paths; the name is the folder's
	count, bad int
}

func newMenagerie(t *testing.T) *menagerie {
	t.Helper()
	m := &menagerie{folder: t.TempDir()}
	for _, c := range zoo.Cases() {
		if c.Settings.Format != export.GiamDinhHS && c.Settings.Format != export.CSV || c.File == "" {
			continue // what is empty doesn't settle
		}
		folder := filepath.Join(m.folder, m.feed(c.Settings))
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, fmt.Sprintf("%03d.dat", m.count))
		if err := os.WriteFile(path, []byte(c.File), 0o644); err != nil {
			t.Fatal(err)
		}
		m.count++
		if c.Fault != nil {
			m.bad++
		}
	}
	return m
}

// feed gives the name of the feed with these settings.
func (m *menagerie) feed(s export.Settings) string {
	f := map[string]any{"system": s.System, "format": s.Format, "settle": "100ms"}
	if len(s.Roots) > 0 {
		f["roots"] = s.Roots
	}
	if s.Format == export.CSV {
		f["kind"] = "zoo_" + s.Kind // one without a preset, which would add columns
		columns := map[string]any{}
		for _, c := range s.Columns {
			column := map[string]any{"from": c.From}
			if c.Type != export.Text {
				column["type"] = c.Type
			}
			columns[c.Name] = column
		}
		f["columns"] = columns
		for name, value := range map[string]string{"encoding": s.Encoding, "facility": s.Facility} {
			if value != "" {
				f[name] = value
			}
		}
		if len(s.Key) > 0 {
			f["key"] = s.Key
		}
		if s.Header > 0 {
			f["header"] = s.Header
		}
	}
	for i, other := range m.feeds {
		if cmp.Equal(f, other) {
			return fmt.Sprint("feed-", i)
		}
	}
	m.feeds = append(m.feeds, f)
	return fmt.Sprint("feed-", len(m.feeds)-1)
}

// configure writes a station's configuration; its paths begin with drive. All JSON is YAML.
func (m *menagerie) configure(s *station, drive string) {
	s.t.Helper()
	var feeds []map[string]any
	for i, f := range m.feeds {
		named := map[string]any{"name": fmt.Sprint("feed-", i)}
		named["paths"] = []string{fmt.Sprint(drive, m.folder, "/feed-", i, "/*.dat")}
		for k, v := range f {
			named[k] = v
		}
		feeds = append(feeds, named)
	}
	raw, err := json.MarshalIndent(map[string]any{"schema": 1, "station": map[string]any{"code": "99001"},
		"data_dir": drive + s.data, "warehouse": map[string]any{"url": s.address}, "feeds": feeds}, "", " ")
	if err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(s.config, raw, 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.config = drive + s.config
}
