package main_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tramsync/testdata/gen"
)

// tryFile runs the process in which a file is read apart, and gives what it says.
func (s *station) tryFile(path string, args ...string) (said string, code int) {
	s.t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		s.t.Fatal(err)
	}
	ask, err := json.Marshal(map[string]any{"Feed": "his", "Path": path, "Size": info.Size(),
		"ModTime": info.ModTime().Format(time.RFC3339Nano)})
	if err != nil {
		s.t.Fatal(err)
	}
	c := exec.CommandContext(s.t.Context(), s.bin.agent, append([]string{"trial", "--config", s.config}, args...)...)
	c.Stdin = strings.NewReader(string(ask))
	out, _ := c.Output() // the exit code is looked at
	return string(out), c.ProcessState.ExitCode()
}

func TestTrial_says_whether_a_file_lets_go_of_the_process(t *testing.T) {
	t.Parallel()
	s := emptyStation(t)
	s.configure("https://warehouse.invalid")
	var visits []gen.Visit
	for i := range 1000 {
		visits = append(visits, gen.New(6).Visit(i))
	}
	s.drop(s.his, "good.xml", gen.File(gen.Envelope{}, visits...))
	s.drop(s.his, "bad.xml", s.sample("bad_truncated.xml"))
	good, bad := filepath.Join(s.his, "good.xml"), filepath.Join(s.his, "bad.xml")
	for path, what := range map[string]string{good: "a good file", bad: "a file that only can't be read"} {
		if said, code := s.tryFile(path); said != "begins\nthrough\n" || code != 0 {
			t.Errorf("%s: %q, exit code %d", what, said, code)
		}
	}
	if said, code := s.tryFile(good, "--memory", "1"); said != "begins\n" || code == 0 {
		t.Errorf("a file that takes too much memory: %q, exit code %d", said, code)
	}
	if err := os.WriteFile(s.config, []byte("schema: 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, code := s.tryFile(good); said != "" || code != 2 {
		t.Errorf("a configuration that isn't valid: %q, exit code %d", said, code)
	}
	if _, err := os.Stat(s.data); err == nil {
		t.Error("a trial left something behind")
	}
}
