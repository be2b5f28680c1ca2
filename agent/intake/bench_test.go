package intake_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tramsync/agent/intake"
	"tramsync/sync/wire"
	"tramsync/testdata/gen"
)

func BenchmarkTakeIn(b *testing.B) {
	b.Run("files of 1 visit", func(b *testing.B) { takeIn(b, 1) })
	b.Run("files of 100 visits", func(b *testing.B) { takeIn(b, 100) })
	b.Run("a 40 MB file of 1500 visits", takeInMonth)
}

func takeIn(b *testing.B, perFile int) {
	s := newStation(b, nil)
	src, next := gen.New(1), 0
	file := func() intake.File {
		var list []gen.Visit
		for range perFile {
			list = append(list, src.Visit(next%gen.Max))
			next++
		}
		return s.write("his", fmt.Sprint(next, ".xml"), string(gen.File(gen.Envelope{}, list...)))
	}
	for b.Loop() {
		b.StopTimer()
		f := file()
		b.SetBytes(f.Size)
		b.StartTimer()
		if err := s.in.TakeIn(b.Context(), f); err != nil {
			b.Fatal(err)
		}
	}
	if n := s.counts("")["queued"]; n != next {
		b.Errorf("%d of %d visits are queued", n, next)
	}
	b.ReportMetric(float64(next)/b.Elapsed().Seconds(), "visits/s")
}

const (
	monthVisits = 1500
	monthEnv    = "TRAMSYNC_TAKE_IN" // the file for the other process to take in
	maxPeak     = 60_000_000         // bytes of a process that takes in a station's month
)

// month is a station's month in one file of some 40 MB: visits of 27 kB, each with the rows of one or two others.
func month() []byte {
	src := gen.New(1)
	visits := make([]gen.Visit, monthVisits)
	for i := range visits {
		visits[i] = src.Visit(i)
		for k := 0; k <= i%2; k++ {
			lengthen(&visits[i], src.Visit(i+(k+1)*monthVisits))
		}
	}
	return gen.File(gen.Envelope{}, visits...)
}

// lengthen gives the tables of v the records that those of another visit have.
func lengthen(v *gen.Visit, other gen.Visit) {
	for i := range v.Docs {
		for _, d := range other.Docs {
			if d.Type != v.Docs[i].Type || !slices.Contains([]string{"XML2", "XML3", "XML4", "XML5"}, d.Type) {
				continue
			}
			element := "<" + wire.RecordElement(d.Type) + ">"
			closing := "</" + element[1:]
			from, to := strings.Index(d.Content, element), strings.LastIndex(d.Content, closing)+len(closing)
			rows := strings.ReplaceAll(d.Content[from:to], other.MaLK, v.MaLK)
			v.Docs[i].Content = strings.Replace(v.Docs[i].Content, element, rows+element, 1)
		}
	}
}

// takeInMonth measures in processes of their own with one processor, so that neither the speed nor the peak is
// another's. The processor's time counts all of the process: what else runs on the PC doesn't change it much.
func takeInMonth(b *testing.B) {
	path := filepath.Join(b.TempDir(), "month.xml")
	file := month()
	if err := os.WriteFile(path, file, 0o644); err != nil {
		b.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(file)))
	var taken, busy time.Duration
	var peak int64
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), self, "-test.run=^TestTakeIn_of_a_month$", "-test.v")
		// The bounds of memory are those that the agent's main gives itself.
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "GOGC=50", "GOMEMLIMIT=36MiB", monthEnv+"="+path)
		out, err := cmd.CombinedOutput()
		if err != nil {
			b.Fatalf("%v: %s", err, out)
		}
		taken += time.Duration(reported(b, out, "nanoseconds"))
		busy += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		peak = max(peak, reported(b, out, "peak"))
	}
	b.ReportMetric(float64(len(file))*float64(b.N)/1e6/busy.Seconds(), "MB/cpu-s")
	b.ReportMetric(monthVisits*float64(b.N)/taken.Seconds(), "visits/s")
	b.ReportMetric(float64(peak)/1e6, "peak-MB")
	if peak > maxPeak {
		b.Errorf("the process had %d bytes at its peak, more than %d", peak, maxPeak)
	}
}

func reported(b *testing.B, out []byte, name string) int64 {
	b.Helper()
	_, rest, _ := bytes.Cut(out, []byte(name+"="))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	n, err := strconv.ParseInt(string(line), 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// TestTakeIn_of_a_month is takeInMonth's other process.
func TestTakeIn_of_a_month(t *testing.T) {
	path := os.Getenv(monthEnv)
	if path == "" {
		t.Skip("only the benchmark needs it")
	}
	s := newStation(t, nil)
	began := time.Now()
	if err := s.in.TakeIn(t.Context(), s.file("his", path)); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("nanoseconds=%d\npeak=%d\n", time.Since(began), peakMemory(t))
	if n := s.counts("")["queued"]; n != monthVisits {
		t.Errorf("%d of %d visits are queued", n, monthVisits)
	}
}

// peakMemory is the most that this process ever had in memory, 0 where the system doesn't say.
func peakMemory(t *testing.T) int64 {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	line, _, _ := strings.Cut(rest, "kB")
	kb, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kb << 10
}
