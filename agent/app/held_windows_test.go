package app_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows"

	"tramsync/agent/status"
	"tramsync/agent/watch"
	"tramsync/testdata/gen"
)

// holdVariable and moveVariable name a file to this program when it plays another one, see TestOtherProgram.
const (
	holdVariable = "TRAMSYNC_TEST_HOLD"
	moveVariable = "TRAMSYNC_TEST_MOVE"
)

// TestOtherProgram is no test but what other programs at a station do: one opens a file for itself alone until its
// standard input ends, one renames and deletes a file.
func TestOtherProgram(t *testing.T) {
	if path := os.Getenv(moveVariable); path != "" {
		if err := os.Rename(path, path+".old"); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(path + ".old"); err != nil {
			t.Fatal(err)
		}
	}
	path := os.Getenv(holdVariable)
	if path == "" {
		return
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		t.Fatal(err)
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE, 0, nil, windows.OPEN_EXISTING, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stdout.WriteString("held\n"); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test ends this, or is gone
	if err := windows.CloseHandle(h); err != nil {
		t.Fatal(err)
	}
}

func otherProgram(t *testing.T, variable, path string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "-test.run=^TestOtherProgram$")
	cmd.Env = append(os.Environ(), variable+"="+path)
	return cmd
}

// hold has another program hold a file, and returns how to end it.
func hold(t *testing.T, path string) func() {
	t.Helper()
	cmd := otherProgram(t, holdVariable, path)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	if line, err := lines.ReadString('\n'); line != "held\n" {
		t.Fatalf("the other program: %q, %v", line, err)
	}
	return func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
		_, _ = io.Copy(io.Discard, lines) // "PASS"
		if err := cmd.Wait(); err != nil {
			t.Errorf("the other program: %v", err)
		}
	}
}

// TestApp_leaves_alone_what_another_program_holds: G6. Such a file waits, and nothing waits for it.
func TestApp_leaves_alone_what_another_program_holds(t *testing.T) {
	p := newPC(t, "https://127.0.0.1:1")
	p.drop(t, "held.xml", gen.New(1).Visit(1))
	p.drop(t, "free.xml", gen.New(1).Visit(2))
	release := hold(t, filepath.Join(p.his, "held.xml"))
	if _, err := os.ReadFile(filepath.Join(p.his, "held.xml")); err == nil {
		t.Fatal("the file is not held")
	}
	a, _ := p.run(t)
	s := await(t, a, "the free file", func(s status.Snapshot) bool { return s.Total.Files == 1 && s.Intake.Failing == 1 })
	if s.Intake.Waiting != 1 || s.Intake.Failure == "" || s.Intake.Paused || len(s.Rejected) > 0 {
		t.Errorf("while one file is held: %+v", s.Intake)
	}
	p.drop(t, "later.xml", gen.New(1).Visit(3))
	await(t, a, "a later file", func(s status.Snapshot) bool { return s.Queue.Pending == 2 && s.Intake.Waiting == 1 })
	release()
	s = await(t, a, "the held file", func(s status.Snapshot) bool { return s.Intake.Waiting == 0 })
	if s.Intake.Failing != 0 || s.Intake.Failure != "" || s.Queue.Pending != 3 || s.Total.Files != 3 {
		t.Errorf("after it was let go: %+v, %+v", s.Intake, s.Queue)
	}
}

// TestApp_is_in_nobodys_way: G6. What the agent has open can be renamed and deleted.
func TestApp_is_in_nobodys_way(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.xml")
	if err := os.WriteFile(path, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := watch.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if out, err := otherProgram(t, moveVariable, path).CombinedOutput(); err != nil {
		t.Errorf("the other program: %v\n%s", err, out)
	}
	if raw, err := io.ReadAll(f); err != nil || string(raw) != "content" {
		t.Errorf("read %q, %v", raw, err)
	}
}
