package app_test

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"tramsync/agent/app"
	"tramsync/agent/status"
	"tramsync/queue"
)

// What an agent beside a folder of old exports may cost. A walk is to take 3 s at most on a PC that has nothing else to
// do, which a test can't know.
const (
	oldFiles  = 200_000
	maxIdle   = 0.01 // of a core
	maxGrowth = 60   // MB
)

// BenchmarkWalk is an agent beside a folder of 200,000 files that it has taken in: what a walk takes, what share of a
// core it costs while nothing happens, and the memory it has of its own. Pages of the ledger that the system maps in
// are told apart: they are its cache of the file, which it takes back when memory is short.
func BenchmarkWalk(b *testing.B) {
	p := newPC(b, "https://127.0.0.1:1")
	p.opt.Log = slog.New(slog.DiscardHandler)
	p.opt.Config.DataDir = memoryDir(b)
	p.takenIn(b, oldFiles)
	for b.Loop() {
		debug.FreeOSMemory() // what filling the ledger left
		own, mapped := memory(b)
		used := cpuTime(b)
		a, stop := p.run(b)
		s := await(b, a, "walked", func(s status.Snapshot) bool { return !s.Intake.LastWalk.IsZero() })
		in := s.Intake
		ownNow, mappedNow := memory(b)
		idle := (cpuTime(b) - used).Seconds() / (in.WalkSeconds + in.NextWalk.Sub(in.LastWalk).Seconds())
		if err := stop(); err != nil {
			b.Fatal(err)
		}
		if in.Waiting > 0 || s.Queue.Pending > 0 {
			b.Errorf("not all files are known: %+v", in)
		}
		if idle > maxIdle || ownNow-own > maxGrowth {
			b.Errorf("being idle costs %.2f %% of a core and %.0f MB", idle*100, ownNow-own)
		}
		b.ReportMetric(in.WalkSeconds, "s/walk")
		b.ReportMetric(idle*100, "%core")
		b.ReportMetric(ownNow-own, "MB-own")
		b.ReportMetric(mappedNow-mapped, "MB-mapped")
	}
}

// memoryDir is a folder that costs no disk syncs, where there is one: filling a ledger needs one a file.
func memoryDir(b *testing.B) string {
	b.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "tramsync-")
	if err != nil {
		return b.TempDir()
	}
	b.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// takenIn makes files and the ledger that knows them.
func (p *pc) takenIn(b *testing.B, files int) {
	b.Helper()
	q, err := app.OpenQueue(p.opt.Config, p.opt.Now, 0)
	if err != nil {
		b.Fatal(err)
	}
	for i := range files {
		path := filepath.Join(p.his, fmt.Sprintf("XML4750_99001_2026%06d.xml", i))
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			b.Fatal(err)
		}
		info, err := os.Lstat(path)
		if err != nil {
			b.Fatal(err)
		}
		f := queue.File{Feed: "his", Path: path, Size: info.Size(), ModTime: info.ModTime(), Reader: "r"}
		if err := q.Note(f); err != nil {
			b.Fatal(err)
		}
	}
	if err := q.Close(); err != nil {
		b.Fatal(err)
	}
}

// memory is what this process has of its own and what it maps of files, in MB.
func memory(b *testing.B) (own, mapped float64) {
	b.Helper()
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		var kb float64
		name, rest, _ := strings.Cut(line, ":")
		switch _, err = fmt.Sscanf(rest, "%f kB", &kb); name {
		case "RssAnon":
			own = kb / 1024
		case "RssFile", "RssShmem": // of a disk, of memory
			mapped += kb / 1024
		}
	}
	if own == 0 {
		b.Fatalf("no memory figures: %v", err)
	}
	return own, mapped
}

func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
