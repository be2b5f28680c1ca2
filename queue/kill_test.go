package queue_test

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"tramsync/queue"
)

// childEnv makes the test binary a child that works on a queue until it is killed: "FOLDER|ROUND|MODE".
const childEnv = "TRAMSYNC_TEST_QUEUE_CHILD"

// early is the mode of the negative control: the child promises before it acts.
const early = "early"

func TestMain(m *testing.M) {
	if job := os.Getenv(childEnv); job != "" {
		if err := child(strings.Split(job, "|")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// child appends, leases and settles for ever. It prints "append FILE" and "settled ID:FATE …" once that is promised,
// and "settling ID:FATE …" before it may have happened.
func child(job []string) error {
	q, err := queue.Open(queue.Options{Dir: job[0], Stream: station, Now: time.Now})
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		name := fmt.Sprintf("%s-%d", job[1], n)
		if job[2] == early {
			fmt.Println("append", name)
		}
		if _, err := q.Append(export(name), childFill(name)); err != nil {
			return err
		}
		if job[2] != early {
			fmt.Println("append", name)
		}
		if err := childSettle(q, n); err != nil {
			return err
		}
	}
}

// promised are the records of a file: some, and the retraction of the first of them.
func promised(name string) []queue.Item {
	list := items(perFile, name)
	return append(list, retraction(list[0]))
}

func childFill(name string) func(*queue.Batch) error {
	return func(b *queue.Batch) error {
		list := promised(name)
		err := add(list[:perFile])(b)
		b.Retract(list[perFile])
		return err
	}
}

func childSettle(q *queue.Queue, n int) error {
	list, err := q.Lease(perFile+1, 1<<20)
	if err != nil {
		return err
	}
	var out []queue.Outcome
	words := ""
	for _, l := range list[:len(list)-n%2] { // the backlog grows slowly
		fate := []queue.Fate{queue.Stored, queue.Duplicate, queue.Dead}[l.Sequence%3]
		out = append(out, queue.Outcome{Sequence: l.Sequence, Fate: fate})
		words += fmt.Sprintf(" %s:%d", l.ID, fate)
	}
	fmt.Println("settling" + words)
	if err := q.Settle(out); err != nil {
		return err
	}
	fmt.Println("settled" + words)
	q.Release(list)
	return nil
}

const perFile = 4

// ledger is what the children promised.
type ledger struct {
	mode     string
	appended map[string]bool       // files
	begun    map[string]bool       // ids whose settling may have happened
	settled  map[string]queue.Fate // ids whose settling was promised
}

func (l *ledger) note(line string) {
	words := strings.Fields(line)
	switch words[0] {
	case "append":
		l.appended[words[1]] = true
	case "settling":
		for _, w := range words[1:] {
			l.begun[w[:64]] = true
		}
	case "settled":
		for _, w := range words[1:] {
			l.settled[w[:64]] = queue.Fate(w[65] - '0')
		}
	}
}

// round lets a child work until it printed some lines and some time went by, and kills it.
func (l *ledger) round(t *testing.T, dir, name string, lines int, pause time.Duration) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0]) // its cancel is SIGKILL
	cmd.Env = append(os.Environ(), childEnv+"="+dir+"|"+name+"|"+l.mode)
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(pipe)
	for n := 0; in.Scan(); {
		l.note(in.Text())
		if n++; n == lines {
			if pause == 0 {
				cancel()
			} else {
				time.AfterFunc(pause, cancel)
			}
		}
	}
	if err := cmd.Wait(); ctx.Err() == nil {
		t.Fatalf("the child ended by itself: %v", err)
	}
}

// check compares the queue with the promises and gives what is wrong.
func (l *ledger) check(t *testing.T, dir string) []string {
	t.Helper()
	q, err := queue.Open(queue.Options{Dir: dir, Stream: station, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := q.Close(); err != nil {
			t.Error(err)
		}
	}()
	var wrong []string
	r, err := q.Verify(t.Context())
	if err != nil || !r.Clean() {
		wrong = append(wrong, fmt.Sprintf("Verify: %v %q", err, r.Faults))
	}
	waiting, dead := map[string]bool{}, map[string]bool{}
	for _, id := range outbox(t, q) {
		waiting[id] = true
	}
	for _, d := range letters(t, q) {
		dead[d.ID] = true
	}
	for name := range l.appended {
		for _, it := range promised(name) {
			if !waiting[it.ID] && !dead[it.ID] && !l.begun[it.ID] {
				wrong = append(wrong, "lost: a record of file "+name)
			}
		}
	}
	for id, fate := range l.settled {
		if waiting[id] || dead[id] != (fate == queue.Dead) {
			wrong = append(wrong, fmt.Sprintf("settled record %s is back, or not where it should be", id))
		}
	}
	err = q.Files(func(e queue.Entry) bool { // Q1: none is there by half
		for _, it := range promised(strings.TrimPrefix(e.Path, "/xuat/")) {
			if !waiting[it.ID] && !dead[it.ID] && !l.begun[it.ID] {
				wrong = append(wrong, "a file of the ledger is not whole: "+e.Path)
			}
		}
		return true
	}, queue.Taken)
	if err != nil {
		t.Fatal(err)
	}
	return wrong
}

func newLedger(mode string) *ledger {
	return &ledger{mode: mode, appended: map[string]bool{}, begun: map[string]bool{},
		settled: map[string]queue.Fate{}}
}

func TestKill_Q2_nothing_acknowledged_is_lost_and_nothing_settled_comes_back(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 1))
	l, dir := newLedger(""), t.TempDir()
	for i := range 60 {
		l.round(t, dir, fmt.Sprint(i), 1+rnd.IntN(30), time.Duration(rnd.IntN(4000))*time.Microsecond)
		if wrong := l.check(t, dir); len(wrong) > 0 {
			t.Fatalf("round %d: %q", i, wrong)
		}
	}
	if len(l.appended) < 60 || len(l.settled) < 60 {
		t.Errorf("only %d files and %d settled records: the children did too little", len(l.appended), len(l.settled))
	}
	fates := map[queue.Fate]int{}
	for fate := range maps.Values(l.settled) {
		fates[fate]++
	}
	if got := slices.Sorted(maps.Keys(fates)); len(got) != 3 {
		t.Errorf("fates seen: %v", fates)
	}
}

func TestKill_the_oracle_sees_losses(t *testing.T) {
	l, dir := newLedger(early), t.TempDir()
	for i := range 60 {
		l.round(t, dir, fmt.Sprint(i), 1+3*(i%3), 0) // killed right after a promise
		if wrong := l.check(t, dir); len(wrong) > 0 {
			t.Logf("round %d: %s", i, wrong[0])
			return
		}
	}
	t.Error("records promised too early were never missed: the test can't see losses")
}
