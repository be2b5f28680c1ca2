package main_test

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tramsync/sync/client"
	"tramsync/testdata/gen"
)

// TestWarehouse_lets_no_stranger_in: no certificate, one of another CA, one that was revoked.
func TestWarehouse_lets_no_stranger_in(t *testing.T) {
	t.Parallel()
	s, other := newStation(t), newStation(t)
	mine, theirs := s.identity(t), other.identity(t)
	get := func(certificates ...tls.Certificate) int {
		return s.get(t, "/v1/stamp", certificates...)
	}
	if code := get(pair(t, mine)); code != http.StatusOK {
		t.Errorf("the enrolled agent: HTTP %d", code)
	}
	if code := get(); code != http.StatusUnauthorized {
		t.Errorf("without a certificate: HTTP %d", code)
	}
	if code := get(pair(t, theirs)); code == http.StatusOK {
		t.Errorf("with another warehouse's certificate: HTTP %d", code)
	}
	s.must(s.centre("revoke", mine.Agent))
	if code := get(pair(t, mine)); code != http.StatusUnauthorized {
		t.Errorf("with a revoked certificate: HTTP %d", code)
	}
}

func (s *station) identity(t *testing.T) client.Identity {
	t.Helper()
	id, err := client.LoadIdentity(filepath.Join(s.data, "identity"))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func pair(t *testing.T, id client.Identity) tls.Certificate {
	t.Helper()
	c, err := tls.X509KeyPair([]byte(id.Certificate), []byte(id.Key))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// get asks the warehouse; 0 when it hangs up.
func (s *station) get(t *testing.T, path string, certificates ...tls.Certificate) int {
	t.Helper()
	c := http.Client{Transport: &http.Transport{DisableKeepAlives: true,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true, Certificates: certificates}}}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return resp.StatusCode
}

func TestEnrolment_refuses_tokens_that_are_used_up_expired_or_for_another_station(t *testing.T) {
	t.Parallel()
	s := emptyStation(t)
	s.startWarehouse()
	s.configure("")
	again := emptyStation(t)
	again.address = s.address
	again.configure("")
	token := s.token()
	s.must(s.agent("enrol", "--token", token))
	old := strings.TrimSpace(s.must(s.centre("token", "--station", "99001", "--valid", "1ms")))
	foreign := strings.TrimSpace(s.must(s.centre("token", "--station", "99002")))
	for name, c := range map[string]struct{ token, says string }{
		"used":                 {token, "token_used|used"},
		"expired":              {old, "expired"},
		"another station's":    {foreign, "99002"},
		"cut off while copied": {token[:40], "copied whole"},
	} {
		r := again.agent("enrol", "--lang", "en", "--token", c.token)
		ok := false
		for word := range strings.SplitSeq(c.says, "|") {
			ok = ok || strings.Contains(r.err, word)
		}
		if r.code == 0 || !ok {
			t.Errorf("%s: exit code %d, %q", name, r.code, r.err)
		}
		if strings.Contains(r.err, c.token) {
			t.Errorf("%s: the message repeats the token", name)
		}
	}
	if _, err := client.LoadIdentity(filepath.Join(again.data, "identity")); err == nil {
		t.Error("an identity was saved")
	}
}

// TestAgent_talks_to_no_impostor: a server with another CA at the same address gets nothing.
func TestAgent_talks_to_no_impostor(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	s.warehouse.kill()
	real := s.central
	s.central = filepath.Join(t.TempDir(), "impostor")
	s.startWarehouse()
	s.drop(s.his, "a.xml", gen.File(gen.Envelope{}, gen.New(9).Visit(1)))
	a := s.startAgent()
	snap := s.await("refusal", func(n snapshot) bool { return n.Queue.Pending == 1 && n.Warehouse.ErrorKind != "" })
	if snap.Warehouse.ErrorKind != "untrusted" {
		t.Errorf("the agent calls it %q: %s", snap.Warehouse.ErrorKind, snap.Warehouse.LastError)
	}
	if n := len(s.records()); n != 0 {
		t.Errorf("the impostor got %d records", n)
	}
	token := s.token() // the impostor's own token
	log, err := os.ReadFile(s.central + ".log")
	if err != nil || strings.Contains(string(log), "path=/v1/") {
		t.Errorf("the impostor saw requests: %v\n%s", err, log)
	}
	a.kill()
	s.warehouse.kill()
	s.central = real
	s.startWarehouse()
	if r := s.agent("enrol", "--lang", "en", "--token", token); r.code == 0 {
		t.Error("the real warehouse's address was accepted with the impostor's token")
	}
	s.once()
	if n := len(s.records()); n != 1 {
		t.Errorf("the warehouse got %d records in the end, want 1", n)
	}
}
