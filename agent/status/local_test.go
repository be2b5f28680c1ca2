package status_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/status"
	"tramsync/queue"
)

// fakeQueue answers like a queue with two records and one dead letter.
type fakeQueue struct{ requeued chan string }

func (fakeQueue) Outbox(each func(queue.Waiting) bool) error {
	for i := range 2 {
		if !each(queue.Waiting{Sequence: uint64(i + 1), ID: "id"}) {
			break
		}
	}
	return nil
}

func (fakeQueue) DeadLetters(each func(queue.Letter) bool) error {
	each(queue.Letter{Sequence: 7, Code: "invalid", Reason: "because", Payload: []byte("a patient")})
	return errors.New("the disk is gone")
}

func (q fakeQueue) Requeue(id string) (int, error) {
	if id == "unknown" {
		return 0, queue.ErrNotFound
	}
	q.requeued <- id
	return 3, nil
}

func (fakeQueue) Files(each func(queue.Entry) bool, states ...queue.State) error {
	for _, s := range append(states, queue.Copied) {
		if !each(queue.Entry{Path: "/srv/" + s.String(), State: s}) {
			break
		}
	}
	return nil
}

func (fakeQueue) Dismiss(path string) (bool, error) { return path == "/srv/a&b c.xml", nil }

func (fakeQueue) Verify(context.Context) (queue.Report, error) { return queue.Report{Pending: 2}, nil }

// serve runs a server on a folder until the test ends and gives its contact file.
func serve(t *testing.T, dir string) (fakeQueue, map[string]string) {
	t.Helper()
	q := fakeQueue{requeued: make(chan string, 1)}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	snapshot := func() (status.Snapshot, error) {
		return status.Snapshot{Station: status.Station{Code: "99001"}}, nil
	}
	go func() { ended <- status.Serve(ctx, dir, snapshot, q) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Serve ended with %v", err)
		}
		if _, err := os.Stat(filepath.Join(dir, "local.json")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the contact file is left: %v", err)
		}
	})
	for {
		raw, err := os.ReadFile(filepath.Join(dir, "local.json"))
		var contact map[string]string
		if err == nil && json.Unmarshal(raw, &contact) == nil {
			return q, contact
		}
		select {
		case err := <-ended:
			t.Fatalf("Serve ended with %v", err)
		default:
		}
	}
}

func TestDial_reaches_the_running_agent(t *testing.T) {
	dir := t.TempDir()
	q, _ := serve(t, dir)
	r, err := status.Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	snap, err := r.Snapshot(t.Context())
	if err != nil || snap.Station.Code != "99001" {
		t.Errorf("snapshot %+v, %v", snap.Station, err)
	}
	var seqs []uint64
	if err := r.Outbox(func(w queue.Waiting) bool { seqs = append(seqs, w.Sequence); return true }); err != nil {
		t.Error(err)
	}
	if err := r.Outbox(func(w queue.Waiting) bool { seqs = append(seqs, 10*w.Sequence); return false }); err != nil {
		t.Error(err)
	}
	if d := cmp.Diff([]uint64{1, 2, 10}, seqs); d != "" {
		t.Error(d)
	}
	var files []string
	if err := r.Files(func(e queue.Entry) bool { files = append(files, e.Path); return true },
		queue.Rejected, queue.Taken); err != nil {
		t.Error(err)
	}
	if d := cmp.Diff([]string{"/srv/rejected", "/srv/taken", "/srv/copied"}, files); d != "" {
		t.Error(d)
	}
	for path, want := range map[string]bool{"/srv/a&b c.xml": true, "/srv/a": false} {
		if found, err := r.Dismiss(path); err != nil || found != want {
			t.Errorf("dismiss %s: %v, %v", path, found, err)
		}
	}
	if report, err := r.Verify(t.Context()); err != nil || report.Pending != 2 {
		t.Errorf("verify: %+v, %v", report, err)
	}
	if n, err := r.Requeue("a&b=c"); err != nil || n != 3 || <-q.requeued != "a&b=c" {
		t.Errorf("requeue: %d, %v", n, err)
	}
	if _, err := r.Requeue("unknown"); !errors.Is(err, queue.ErrNotFound) {
		t.Errorf("requeue of an unknown id: %v", err)
	}
}

func TestRemote_says_when_a_list_is_not_complete_and_never_carries_a_record(t *testing.T) {
	dir := t.TempDir()
	serve(t, dir)
	r, err := status.Dial(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []queue.Letter
	if err := r.DeadLetters(func(l queue.Letter) bool { got = append(got, l); return true }); err == nil {
		t.Error("no error though the list broke off")
	}
	if len(got) != 1 || got[0].Reason != "because" || got[0].Payload != nil {
		t.Errorf("letters: %+v", got)
	}
}

func TestServe_lets_in_only_who_knows_the_secret(t *testing.T) {
	dir := t.TempDir()
	_, contact := serve(t, dir)
	for name, c := range map[string]struct {
		host, auth string
		code       int
	}{
		"the right secret":               {contact["address"], "Bearer " + contact["secret"], http.StatusOK},
		"no secret":                      {contact["address"], "", http.StatusForbidden},
		"another secret":                 {contact["address"], "Bearer x", http.StatusForbidden},
		"a web page's name for loopback": {"evil.example", "Bearer " + contact["secret"], http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
				"http://"+contact["address"]+"/status", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Host = c.host
			if c.auth != "" {
				req.Header.Set("Authorization", c.auth)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode != c.code {
				t.Errorf("HTTP %d, want %d", resp.StatusCode, c.code)
			}
		})
	}
	info, err := os.Stat(filepath.Join(dir, "local.json"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" { // there it inherits its folder's rights
		t.Errorf("the contact file is %v: others must not read it", info.Mode())
	}
}

func TestDial_without_an_agent(t *testing.T) {
	for name, content := range map[string]string{
		"no contact file":       "",
		"a damaged one":         "{",
		"one left from a crash": `{"address":"127.0.0.1:1","secret":"x"}`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if content != "" {
				if err := os.WriteFile(filepath.Join(dir, "local.json"), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := status.Dial(t.Context(), dir); !errors.Is(err, status.ErrNotRunning) {
				t.Errorf("error %v, want ErrNotRunning", err)
			}
		})
	}
}
