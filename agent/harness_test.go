// Tests of the two programs as a user runs them: real processes, real TLS, real files. They are the acceptance tests
// of the promise G1–G8.
package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"tramsync/agent/status"
)

// programs are built once, by the first test that needs them.
type programs struct{ agent, warehouse string }

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "tramsync-e2e-")
	if err != nil {
		panic(err)
	}
	binFolder = dir
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// binFolder is set once, before any test runs.
var binFolder string

func build(t *testing.T) programs {
	t.Helper()
	exe := ""
	if runtime.GOOS == "windows" {
		exe = ".exe"
	}
	p := programs{
		agent:     filepath.Join(binFolder, "tramsync"+exe),
		warehouse: filepath.Join(binFolder, "tramsync-warehouse"+exe),
	}
	for path, pkg := range map[string]string{p.agent: "tramsync/agent", p.warehouse: "tramsync/warehouse"} {
		if out, err := exec.Command("go", "build", "-o", path, pkg).CombinedOutput(); err != nil {
			t.Fatalf("build %s: %v\n%s", pkg, err, out)
		}
	}
	return p
}

// station is a station's PC and its province's warehouse, each with its folders.
type station struct {
	t                       *testing.T
	bin                     programs
	his, v20, data, central string
	config                  string
	address                 string
	warehouse               *process
	logs                    *logBuffer // of all agents that ran
	serveArgs               []string
}

// logBuffer collects what several processes write.
type logBuffer struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newStation starts a warehouse and enrols a station with it.
func newStation(t *testing.T) *station {
	t.Helper()
	s := emptyStation(t)
	s.startWarehouse()
	s.configure("")
	s.must(s.agent("enrol", "--token", s.token()))
	return s
}

func emptyStation(t *testing.T) *station {
	t.Helper()
	dir := t.TempDir()
	s := &station{
		t: t, bin: build(t), his: filepath.Join(dir, "his"), v20: filepath.Join(dir, "v20"),
		data: filepath.Join(dir, "data"), central: filepath.Join(dir, "central"),
		config: filepath.Join(dir, "station.yaml"), logs: &logBuffer{},
	}
	for _, f := range []string{s.his, s.v20} {
		if err := os.Mkdir(f, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// configure writes the example configuration for this station.
func (s *station) configure(address string) {
	s.t.Helper()
	if address == "" {
		address = s.address
	}
	raw, err := os.ReadFile(filepath.Join("..", "testdata", "config", "station.yaml"))
	if err != nil {
		s.t.Fatal(err)
	}
	r := strings.NewReplacer("@DATA@", s.data, "@HIS@", s.his, "@V20@", s.v20, "@URL@", address,
		"settle: 3s", "settle: 100ms", "format: csv", "format: csv\n    settle: 100ms",
		"format: json", "format: json\n    settle: 100ms")
	if err := os.WriteFile(s.config, []byte(r.Replace(string(raw))), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// result of a command that ran to its end.
type result struct {
	code     int
	out, err string
}

func (s *station) must(r result) string {
	s.t.Helper()
	if r.code != 0 {
		s.t.Fatalf("exit code %d\n%s%s", r.code, r.out, r.err)
	}
	return r.out
}

// agent runs the agent's program with this station's configuration.
func (s *station) agent(args ...string) result {
	s.t.Helper()
	return s.exec(s.bin.agent, append(args, "--config", s.config)...)
}

// central runs the warehouse's program on its folder.
func (s *station) centre(args ...string) result {
	s.t.Helper()
	return s.exec(s.bin.warehouse, append(args, "--data", s.central)...)
}

func (s *station) exec(name string, args ...string) result {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	if cmd.ProcessState == nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	s.logs.Write(errOut.Bytes())
	return result{code: cmd.ProcessState.ExitCode(), out: out.String(), err: errOut.String()}
}

// once runs the agent until everything is delivered.
func (s *station) once() {
	s.t.Helper()
	s.must(s.agent("run", "--once"))
}

func (s *station) token() string {
	s.t.Helper()
	return strings.TrimSpace(s.must(s.centre("token", "--station", "99001")))
}

// process is a program that goes on.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
}

func (p *process) kill() {
	if p != nil {
		_ = p.cmd.Process.Kill() // it may have ended
		<-p.done
	}
}

// startAgent runs the agent in the background; its log is kept.
func (s *station) startAgent() *process {
	s.t.Helper()
	r, w := io.Pipe()
	cmd := exec.Command(s.bin.agent, "run", "--config", s.config)
	cmd.Stderr = w
	copied := make(chan struct{})
	go func() {
		_, _ = io.Copy(s.logs, r) // ends with the process
		close(copied)
	}()
	return s.begin(cmd, func() {
		_ = w.Close()
		<-copied
	})
}

func (s *station) begin(cmd *exec.Cmd, ended func()) *process {
	s.t.Helper()
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	p := &process{cmd: cmd, done: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // tests kill it
		ended()
		close(p.done)
	}()
	s.t.Cleanup(p.kill)
	return p
}

// startWarehouse starts the warehouse, on its old port when it had one.
func (s *station) startWarehouse() {
	s.t.Helper()
	listen := "127.0.0.1:0"
	if s.address != "" {
		listen = strings.TrimPrefix(s.address, "https://")
	}
	args := append([]string{"serve", "--data", s.central, "--listen", listen}, s.serveArgs...)
	cmd := exec.Command(s.bin.warehouse, args...)
	cmd.Stderr = s.warehouseLog()
	r, w := io.Pipe()
	cmd.Stdout = w
	s.warehouse = s.begin(cmd, func() { _ = w.Close() })
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		s.t.Fatalf("the warehouse doesn't start: %v", err)
	}
	s.address = strings.TrimSpace(strings.TrimPrefix(line, "listening on "))
}

func (s *station) warehouseLog() *os.File {
	s.t.Helper()
	f, err := os.OpenFile(s.central+".log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = f.Close() })
	return f
}

// drop puts an export into a folder.
func (s *station) drop(folder, name string, content []byte) string {
	s.t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		s.t.Fatal(err)
	}
	return path
}

func (s *station) sample(name string) []byte {
	s.t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "testdata", "exports", name))
	if err != nil {
		s.t.Fatal(err)
	}
	return content
}

// stored is a record as the warehouse lists it.
type stored struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Subject  string `json:"subject"`
	Epoch    int    `json:"epoch"`
	Sequence string `json:"sequence"`
	Revision int    `json:"revision"`
	Current  bool   `json:"current"`
	Data     struct {
		Documents []struct{ Type, Content string } `json:"documents"`
		Row       map[string]string                `json:"row"`
		Retracted bool                             `json:"retracted"`
	} `json:"data"`
}

func (s *station) records(args ...string) []stored {
	s.t.Helper()
	out := s.must(s.centre(append([]string{"records", "--json"}, args...)...))
	var list []stored
	for line := range strings.Lines(out) {
		var r stored
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			s.t.Fatalf("%v in %.80s", err, line)
		}
		list = append(list, r)
	}
	return list
}

func (s *station) status() status.Snapshot {
	s.t.Helper()
	var snap status.Snapshot
	if err := json.Unmarshal([]byte(s.must(s.agent("status", "--json"))), &snap); err != nil {
		s.t.Fatal(err)
	}
	return snap
}

// await asks the running agent until its status is as wanted.
func (s *station) await(what string, ok func(status.Snapshot) bool) status.Snapshot {
	s.t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	var last status.Snapshot
	for range 600 {
		var snap status.Snapshot
		if r := s.agent("status", "--json"); r.code == 0 && json.Unmarshal([]byte(r.out), &snap) == nil {
			if ok(snap) {
				return snap
			}
			last = snap
		}
		<-tick.C
	}
	s.t.Fatalf("%s: not within a minute; last status: %+v", what, last)
	return last
}

// expect compares what is stored with what must be: each subject with its content once.
func expect(got []stored, want map[string]string) []string {
	var faults []string
	seen := map[string]bool{}
	for _, r := range got {
		content, known := want[r.Subject]
		switch {
		case !known:
			faults = append(faults, fmt.Sprintf("a record nobody exported: %s", r.Subject))
		case seen[r.Subject]:
			faults = append(faults, fmt.Sprintf("twice: %s", r.Subject))
		case r.Revision != 1:
			faults = append(faults, fmt.Sprintf("revision %d of what never changed: %s", r.Revision, r.Subject))
		case r.content() != content:
			faults = append(faults, fmt.Sprintf("other content: %s", r.Subject))
		}
		seen[r.Subject] = true
	}
	for subject := range want {
		if !seen[subject] {
			faults = append(faults, fmt.Sprintf("lost: %s", subject))
		}
	}
	return faults
}

// content is a visit's documents, or a row's fields that a generator knows, as one text.
func (r *stored) content() string {
	if r.Data.Row != nil {
		return "row"
	}
	var b strings.Builder
	for _, d := range r.Data.Documents {
		b.WriteString(d.Type + "\n" + d.Content + "\n")
	}
	return b.String()
}
