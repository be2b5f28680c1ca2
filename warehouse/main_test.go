package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
	"tramsync/warehouse/store"
)

// command runs the program and gives what it writes.
func command(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs)
	return code, out.String(), errs.String()
}

// mustRun is a command that must succeed.
func mustRun(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := command(t, args...)
	if code != exitFine || errs != "" {
		t.Fatalf("%v: exit %d: %s", args, code, errs)
	}
	return out
}

// serving starts the server and gives its address and what ends it with its exit code.
func serving(t *testing.T, dir string, flags ...string) (url string, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	ended := make(chan int, 1)
	var log bytes.Buffer
	go func() {
		args := append([]string{"serve", "--data", dir, "--listen", "127.0.0.1:0"}, flags...)
		code := run(ctx, args, write, &log)
		write.Close()
		ended <- code
	}()
	line, err := bufio.NewReader(read).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "listening on ")
	if err != nil || !ok {
		cancel()
		t.Fatalf("line %q, exit %d: %s", line, <-ended, &log)
	}
	stop = func() int {
		cancel()
		return <-ended
	}
	t.Cleanup(func() { cancel() })
	return url, stop
}

// agent enrols with a token and gives a client with the certificate it got.
func agent(t *testing.T, url, token string) (*http.Client, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := wire.ParseToken(token)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(wire.EnrolRequest{Token: token, Station: parsed.Station,
		CSR: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))})
	if err != nil {
		t.Fatal(err)
	}
	pinned := client(t, &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(s tls.ConnectionState) error {
		if got := wire.PinOf(s.PeerCertificates[1]); got != parsed.Pin {
			return fmt.Errorf("pin %x", got)
		}
		return nil
	}})
	var answer wire.EnrolAnswer
	post(t, pinned, url+wire.PathEnrol, "application/json", body, &answer)
	block, _ := pem.Decode([]byte(answer.Certificate))
	anchors := x509.NewCertPool()
	anchors.AppendCertsFromPEM([]byte(answer.CA))
	return client(t, &tls.Config{RootCAs: anchors,
		Certificates: []tls.Certificate{{Certificate: [][]byte{block.Bytes}, PrivateKey: key}}}), answer.Agent
}

func client(t *testing.T, c *tls.Config) *http.Client {
	t.Helper()
	tr := &http.Transport{TLSClientConfig: c}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

func post(t *testing.T, c *http.Client, url, kind string, body []byte, answer any) {
	t.Helper()
	resp, err := c.Post(url, kind, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s, %v", url, resp.StatusCode, text, err)
	}
	if err := json.Unmarshal(text, answer); err != nil {
		t.Fatal(err)
	}
}

// export is a file of one visit, and the visit as an agent takes it apart.
func export(t *testing.T, name string) (string, wire.Data) {
	t.Helper()
	packed := base64.StdEncoding.EncodeToString([]byte("<TONG_HOP><HO_TEN>" + name + "</HO_TEN></TONG_HOP>"))
	before, after := "<HOSO>\r\n<NOIDUNGFILE>", "</NOIDUNGFILE></HOSO>"
	doc, err := wire.UnwrapBase64("XML1", packed, packed)
	if err != nil {
		t.Fatal(err)
	}
	v := &wire.Visit{MaLK: "V1", Documents: []wire.Document{doc}}
	v.Envelope.Parts = []string{before, after}
	return before + packed + after, wire.Data{Key: []string{"99001", "V1"}, Facility: "99001", Visit: v}
}

func event(t *testing.T, system, kind string, data wire.Data, sequence wire.Sequence) (string, []byte) {
	t.Helper()
	e := wire.NewEvent("99001", strings.ToLower(system), system, kind, time.Unix(0, 0), data)
	plain, err := e.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	out, err := wire.StampJSON(plain, wire.Stamp{Epoch: 1, Sequence: sequence})
	if err != nil {
		t.Fatal(err)
	}
	return e.ID, out
}

func TestRun_FromTokenToRecords(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	token := strings.TrimSuffix(mustRun(t, "token", "--data", dir, "--station", "99001"), "\n")
	url, stop := serving(t, dir, "--host", "kho.example", "--log-json")
	c, name := agent(t, url, token)
	file, first := export(t, "NGUYỄN VĂN THỬ")
	_, second := export(t, "NGUYỄN VĂN SỬA")
	id1, sent1 := event(t, "HIS", wire.KindVisit, first, 1)
	id2, sent2 := event(t, "HIS", wire.KindVisit, second, 2)
	id3, sent3 := event(t, "V20", "tiem_chung", wire.Data{Key: []string{"\x1b[2J"}, Row: map[string]string{"A": "1"},
		Origin: wire.Origin{File: "7f01", SHA256: "5e3a", Sheet: "Trẻ em", Line: 4, Index: 2}}, 3)
	var answer wire.Answer
	post(t, c, url+wire.PathBatches, wire.BatchContentType, wire.JoinBatch([][]byte{sent1, sent2, sent3}), &answer)
	stored := []wire.Result{{ID: id1, Status: "stored"}, {ID: id2, Status: "stored"}, {ID: id3, Status: "stored"}}
	if diff := cmp.Diff(stored, answer.Results); diff != "" {
		t.Fatalf("results (-want +got):\n%s", diff)
	}
	// All commands work beside the running server.
	t.Run("records lists what is current", func(t *testing.T) { checkTable(t, dir) })
	t.Run("records --json gives the events as they came", func(t *testing.T) { checkJSON(t, dir, sent1, sent2, sent3) })
	t.Run("original gives the file back byte for byte", func(t *testing.T) {
		if got := mustRun(t, "original", "--data", dir, id1); got != file {
			t.Errorf("got %q, want %q", got, file)
		}
	})
	t.Run("original of a row says where it was read from", func(t *testing.T) { checkPlace(t, dir, id3) })
	t.Run("a revoked agent is refused at once", func(t *testing.T) {
		mustRun(t, "revoke", "--data", dir, name)
		resp, err := c.Get(url + wire.PathStamp)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("answered %d", resp.StatusCode)
		}
	})
	if code := stop(); code != exitFine {
		t.Errorf("serve ended with %d", code)
	}
}

func checkPlace(t *testing.T, dir, id string) {
	t.Helper()
	line := mustRun(t, "original", "--data", dir, id)
	var got struct{ Received time.Time }
	if err := json.Unmarshal([]byte(line), &got); err != nil {
		t.Fatal(err)
	}
	for _, listed := range strings.Split(mustRun(t, "records", "--data", dir, "--json"), "\n") {
		if strings.Contains(listed, id) && !strings.Contains(listed, got.Received.Format(time.RFC3339Nano)) {
			t.Errorf("received %v, but listed as %s", got.Received, listed)
		}
	}
	before, _, _ := strings.Cut(line, `,"received":`)
	want := `{"file":"7f01","sha256":"5e3a","sheet":"Trẻ em","line":4,"index":2,"station":"99001","feed":"v20"`
	if before != want || !strings.HasSuffix(line, "\"}\n") || got.Received.IsZero() {
		t.Errorf("got %q, want %q", line, want)
	}
}

func checkTable(t *testing.T, dir string) {
	t.Helper()
	lines := strings.Split(mustRun(t, "records", "--data", dir), "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "STATION") {
		t.Fatalf("lines %q", lines)
	}
	for i, want := range [][]string{
		{"99001", "vn.tramsync.his.visit", "2", "99001/V1"}, {"99001", "vn.tramsync.v20.tiem_chung", "1", "·[2J"},
	} {
		got := strings.Fields(lines[i+1])
		if _, err := time.Parse(time.RFC3339, got[3]); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, append(got[:3:3], got[4:]...)); diff != "" {
			t.Errorf("line %d (-want +got):\n%s", i+1, diff)
		}
	}
	if got := strings.Count(mustRun(t, "records", "--data", dir, "--all"), " * "); got != 2 {
		t.Errorf("%d records are marked as current", got)
	}
	if got := strings.Count(mustRun(t, "records", "--data", dir, "--station", "99002"), "\n"); got != 1 {
		t.Errorf("%d lines for a station that sent nothing", got)
	}
}

func checkJSON(t *testing.T, dir string, sent ...[]byte) {
	t.Helper()
	type ours struct {
		Revision int
		Received time.Time
		Current  *bool
	}
	check := func(line string, sent []byte, revision int, current *bool) {
		t.Helper()
		prefix := string(sent[:len(sent)-1]) + `,"revision":`
		var got ours
		if err := json.Unmarshal([]byte(line), &got); err != nil || !strings.HasPrefix(line, prefix) {
			t.Fatalf("line %s, %v", line, err)
		}
		if got.Revision != revision || time.Since(got.Received) > time.Hour || !cmp.Equal(got.Current, current) {
			t.Errorf("members %+v", got)
		}
	}
	yes, no := true, false
	lines := strings.Split(mustRun(t, "records", "--data", dir, "--json"), "\n")
	check(lines[0], sent[1], 2, nil)
	check(lines[1], sent[2], 1, nil)
	all := strings.Split(mustRun(t, "records", "--data", dir, "--json", "--all", "--station", "99001"), "\n")
	check(all[0], sent[0], 1, &no)
	check(all[1], sent[1], 2, &yes)
	check(all[2], sent[2], 1, &yes)
	if len(lines) != 3 || len(all) != 4 {
		t.Errorf("%d and %d lines", len(lines), len(all))
	}
}

func TestRun_ExitCodes(t *testing.T) {
	dir := t.TempDir()
	mustRun(t, "token", "--data", dir, "--station", "99001")
	tests := []struct {
		name string
		args []string
		code int
		says string
	}{
		{"version", []string{"version"}, 0, ""},
		{"an unknown command", []string{"server"}, 2, "unknown command"},
		{"an unknown flag", []string{"version", "--x"}, 2, "unknown flag"},
		{"an argument too many", []string{"records", "--data", dir, "x"}, 2, "unknown command"},
		{"serve without a folder", []string{"serve"}, 2, `"data" not set`},
		{"token without a station", []string{"token", "--data", dir}, 2, `"station" not set`},
		{"a station with letters", []string{"token", "--data", dir, "--station", "TRAM1"}, 2, "5 to 13 digits"},
		{"records of such a station", []string{"records", "--data", dir, "--station", "x"}, 2, "5 to 13 digits"},
		{"a token that is never valid", []string{"token", "--data", dir, "--station", "99001", "--valid", "0s"}, 2,
			"--valid"},
		{"an address without a port", []string{"serve", "--data", dir, "--listen", "x"}, 2, "--listen"},
		{"an address that isn't ours", []string{"serve", "--data", dir, "--listen", "192.0.2.1:0"}, 1, "bind"},
		{"original without an id", []string{"original", "--data", dir}, 2, "accepts 1 arg"},
		{"original of an unknown id", []string{"original", "--data", dir, "0"}, 1, "no record"},
		{"revoking an unknown agent", []string{"revoke", "--data", dir, "a-none"}, 1, "no agent"},
		{"records of a folder without a warehouse", []string{"records", "--data", t.TempDir()}, 1, "no warehouse"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, out, errs := command(t, tt.args...)
			if code != tt.code || !strings.Contains(errs, tt.says) || code != 0 && out != "" {
				t.Errorf("exit %d, %q, %q", code, out, errs)
			}
		})
	}
}

func TestRun_TokenIsValidForAsLongAsItSays(t *testing.T) {
	dir := t.TempDir()
	out := mustRun(t, "token", "--data", dir, "--station", "99001", "--valid", "1h")
	token, err := wire.ParseToken(out)
	if err != nil || out != token.String()+"\n" {
		t.Fatalf("%q, %v", out, err)
	}
	for _, tt := range []struct {
		after time.Duration
		want  error
	}{{61 * time.Minute, store.ErrTokenExpired}, {59 * time.Minute, nil}} {
		now := func() time.Time { return time.Now().Add(tt.after) }
		st, err := store.Open(t.Context(), store.Config{Path: filepath.Join(dir, databaseFile), Now: now})
		if err != nil {
			t.Fatal(err)
		}
		_, err = st.Enrol(t.Context(), store.Claim{Token: token, Station: "99001"}, func() (store.Agent, error) {
			return store.Agent{ID: "a-1", Station: "99001", Certificate: []byte("x")}, nil
		})
		if !errors.Is(err, tt.want) {
			t.Errorf("after %v: %v", tt.after, err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRun_Version(t *testing.T) {
	if got := mustRun(t, "version"); got != "tramsync-warehouse dev\n" {
		t.Errorf("got %q", got)
	}
}
