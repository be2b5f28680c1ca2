package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tramsync/agent/export"
	"tramsync/agent/intake"
	"tramsync/testdata/gen"
)

const (
	takerEnv  = "TRAMSYNC_TEST_TAKER" // folder of exports
	dataEnv   = "TRAMSYNC_TEST_DATA"  // folder of the queue
	markedEnv = "TRAMSYNC_TEST_MARK"  // path of the mark, or nothing
	poison    = "poison.xml"
)

// TestTaker is no test but an agent's process, which poison.xml takes down.
func TestTaker(t *testing.T) {
	dir := os.Getenv(takerEnv)
	if dir == "" {
		return
	}
	s := &station{t: t, exports: dir, data: os.Getenv(dataEnv), log: new(bytes.Buffer)}
	s.open(0)
	s.defaults()
	s.with(func(set *intake.Settings) {
		set.Mark = os.Getenv(markedEnv)
		set.Open = func(path string) (*os.File, error) {
			if filepath.Base(path) == poison {
				os.Exit(99)
			}
			return os.Open(path)
		}
		set.Trial = func(context.Context, intake.File) error { return fmt.Errorf("%w: 99", intake.ErrPoison) }
	})
	for _, name := range []string{"a.xml", poison, "z.xml"} {
		if f := s.file("his", filepath.Join(dir, name)); !s.in.Known(f) {
			if err := s.in.TakeIn(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// takers runs one process after the other until one gets through, and says how many died.
func takers(t *testing.T, s *station, mark string) int {
	t.Helper()
	for died := range 5 {
		c := exec.Command(os.Args[0], "-test.run=^TestTaker$")
		c.Env = append(os.Environ(), takerEnv+"="+s.exports, dataEnv+"="+s.data, markedEnv+"="+mark)
		out, err := c.CombinedOutput()
		var ee *exec.ExitError
		switch {
		case err == nil:
			return died
		case !errors.As(err, &ee) || ee.ExitCode() != 99:
			t.Fatalf("%v\n%s", err, out)
		}
	}
	return 5
}

func TestPoison_takes_the_agent_down_once(t *testing.T) {
	for name, tt := range map[string]struct {
		marked bool
		died   int
	}{"with the mark": {true, 1}, "control: without it, for ever": {false, 5}} {
		t.Run(name, func(t *testing.T) {
			s := newStation(t, nil)
			src := gen.New(1)
			for i, name := range []string{"a.xml", poison, "z.xml"} {
				s.write("his", name, string(gen.File(gen.Envelope{}, src.Visit(i))))
			}
			if err := s.q.Close(); err != nil {
				t.Fatal(err)
			}
			mark := ""
			if tt.marked {
				mark = filepath.Join(t.TempDir(), "reading")
			}
			if died := takers(t, s, mark); died != tt.died {
				t.Errorf("%d processes died, want %d", died, tt.died)
			}
			s.open(0)
			if !tt.marked {
				return
			}
			if n := s.counts("")["queued"]; n != 2 {
				t.Errorf("%d visits are queued, want those of the two other files", n)
			}
			wantRejected(t, s, export.FormatError{Code: "poison"})
			if raw, err := os.ReadFile(mark); err != nil || strings.TrimSpace(string(raw)) != "{}" {
				t.Errorf("the mark says %s, %v", raw, err)
			}
		})
	}
}

func TestTakeIn_tries_what_was_being_read_when_the_process_died(t *testing.T) {
	tried, answer := 0, error(nil)
	mark := filepath.Join(t.TempDir(), "reading")
	s := newStation(t, func(set *intake.Settings) {
		set.Mark = mark
		set.Trial = func(context.Context, intake.File) error { tried++; return answer }
	})
	f := s.write("his", "a.xml", string(gen.File(gen.Envelope{}, gen.New(1).Visit(1))))
	died := fmt.Sprintf(`{"reading":"%s %d %d"}`, s.q.FileID(f.Path), f.Size, f.ModTime.UnixNano())
	away := errors.New("no process can be started")
	for _, step := range []struct {
		name, mark string
		answer     error
		tried      int
		waits      bool
	}{
		{"a trial that can't be made leaves the file where it is", died, away, 1, true},
		{"until it can", "", nil, 2, false},
		{"once is enough", "", nil, 2, false},
		{"a mark of something else is no matter", `{"reading":"x 1 2"} trailing`, nil, 2, false},
		{"nor is one that can't be read", `{"rea`, nil, 2, false},
	} {
		answer = step.answer
		if step.mark != "" {
			if err := os.WriteFile(mark, []byte(step.mark), 0o600); err != nil {
				t.Fatal(err)
			}
			s.with(nil)
		}
		if err := s.in.TakeIn(t.Context(), f); tried != step.tried || errors.Is(err, away) != step.waits {
			t.Errorf("%s: tried %d times, %v", step.name, tried, err)
		}
	}
	if n := s.counts("")["queued"]; n != 1 {
		t.Errorf("%d visits are queued", n)
	}
}

func TestTakeIn_gives_up_on_a_file_that_takes_too_long(t *testing.T) {
	s := newStation(t, func(set *intake.Settings) { set.Limit = -time.Second })
	f := s.write("his", "a.xml", string(gen.File(gen.Envelope{}, gen.New(1).Visit(1))))
	if err := s.in.TakeIn(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	wantRejected(t, s, export.FormatError{Code: "too-slow"})
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := s.in.TakeIn(stopped, f); !errors.Is(err, context.Canceled) {
		t.Errorf("when the agent stops: %v", err)
	}
}
