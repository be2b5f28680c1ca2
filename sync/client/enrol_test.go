package client_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/client"
	"tramsync/sync/wire"
)

// registry is a warehouse that enrols: one token, used up with the first key.
type registry struct {
	t      *testing.T
	ca     *authority
	token  wire.Token
	change func(*wire.EnrolAnswer) // of the answer
	lose   bool                    // the answers

	mu   sync.Mutex
	used *ecdsa.PublicKey
	keys []*ecdsa.PublicKey // one for each request
}

func newRegistry(t *testing.T) *registry {
	ca := newAuthority(t)
	return &registry{t: t, ca: ca, token: wire.NewToken("99001", ca.cert)}
}

// ServeHTTP enrols or answers for an enrolled agent.
func (g *registry) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == wire.PathStamp && len(r.TLS.PeerCertificates) > 0 {
		stampOK(w, r)
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	var q wire.EnrolRequest
	err := json.NewDecoder(r.Body).Decode(&q)
	if err != nil || r.Method != http.MethodPost || r.URL.Path != wire.PathEnrol {
		g.t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	block, _ := pem.Decode([]byte(q.CSR))
	csr, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil || csr.CheckSignature() != nil || len(csr.Subject.Names) > 0 {
		g.t.Errorf("certificate request: %v", err)
	}
	key := csr.PublicKey.(*ecdsa.PublicKey)
	g.keys = append(g.keys, key)
	switch {
	case q.Token != g.token.String() || q.Station != "99001":
		replyProblem(w, wire.Problem{Title: "Forbidden", Status: 403, Code: "token_unknown", Detail: "not issued here"})
		return
	case g.used != nil && !g.used.Equal(key):
		replyProblem(w, wire.Problem{Title: "Forbidden", Status: 403, Code: "token_used", Detail: "ask for a new one"})
		return
	}
	g.used = key
	if g.lose {
		reset(g.t, w)
		return
	}
	a := g.answer(key)
	if g.change != nil {
		g.change(&a)
	}
	reply(w, 200, "application/json", a)
}

func (g *registry) answer(key *ecdsa.PublicKey) wire.EnrolAnswer {
	leaf := g.ca.sign(&x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}, key, g.ca.cert)
	return wire.EnrolAnswer{Agent: "agent-7", Station: "99001", CA: g.ca.pem(),
		Certificate: encode("CERTIFICATE", leaf.Raw)}
}

func (g *registry) serve(cert tls.Certificate) *site { return serve(g.t, g.ca, cert, g.ServeHTTP) }

func (g *registry) options(url, dir string) client.EnrolOptions {
	return client.EnrolOptions{URL: url, Token: g.token, Station: "99001", Dir: dir, Agent: "tramsync/test",
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Unix(1_800_000_000, 0) }}
}

// files are the names in a folder, "" when there is none.
func files(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o600 && os.PathSeparator == '/' {
			t.Errorf("%s has mode %v", e.Name(), got)
		}
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

func TestEnrol(t *testing.T) {
	for _, byName := range []bool{false, true} {
		g, dir := newRegistry(t), filepath.Join(t.TempDir(), "data", "identity")
		s := g.serve(g.ca.server(nil))
		url := s.URL
		if byName {
			url = s.named()
		}
		id, err := client.Enrol(t.Context(), g.options(url, dir))
		if err != nil {
			t.Fatal(err)
		}
		if id.Agent != "agent-7" || id.Station != "99001" || id.Server != url || id.CA != g.ca.pem() ||
			!id.Enrolled.Equal(time.Unix(1_800_000_000, 0)) {
			t.Errorf("identity %+v", id)
		}
		if left := time.Until(id.Expires()); left < 50*time.Minute || left > time.Hour {
			t.Errorf("it expires in %v", left)
		}
		if got := files(t, dir); got != "identity.json" {
			t.Errorf("files %q", got)
		}
		loaded, err := client.LoadIdentity(dir)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(id, loaded); diff != "" {
			t.Errorf("loaded: %s", diff)
		}
		if _, err := dial(t, url, loaded).Stamp(t.Context()); err != nil {
			t.Errorf("with the new identity: %v", err)
		}
	}
}

func TestEnrol_sends_nothing_to_a_server_that_has_not_shown_the_pinned_CA(t *testing.T) {
	g, other := newRegistry(t), newAuthority(t)
	leafOnly := g.ca.server(nil)
	leafOnly.Certificate = leafOnly.Certificate[:1]
	borrowed := other.server(nil) // shows the right CA, which didn't sign it
	borrowed.Certificate[1] = g.ca.cert.Raw
	// A certificate made by anybody over the CA's public key, with another CA's signature.
	forged := other.sign(&x509.Certificate{IsCA: true, BasicConstraintsValid: true}, &g.ca.key.PublicKey, other.cert)
	underForged := other.server(nil)
	underForged.Certificate[1] = forged.Raw
	noCA := g.ca.server(nil)
	noCA.PrivateKey = g.ca.key
	noCA.Certificate = [][]byte{g.ca.sign(&x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}},
		&g.ca.key.PublicKey, nil).Raw}
	tests := map[string]tls.Certificate{
		"the CA's key in a server's certificate": noCA,
		"another CA":                             other.server(nil),
		"the leaf alone":                         leafOnly,
		"a borrowed CA":                          borrowed,
		"a forged CA":                            underForged,
		"another name": g.ca.server(func(c *x509.Certificate) {
			c.DNSNames, c.IPAddresses = []string{"kho.example"}, nil
		}),
		"expired": g.ca.server(func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
		}),
		"a client's certificate": g.ca.server(func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		}),
	}
	for name, cert := range tests {
		t.Run(name, func(t *testing.T) {
			s := g.serve(cert)
			dir := t.TempDir()
			_, err := client.Enrol(t.Context(), g.options(s.URL, dir))
			want(t, err, client.Untrusted)
			if n := s.requests.Load(); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
			if got := files(t, dir); got != "enrolment.key" {
				t.Errorf("files %q", got)
			}
			secret := strings.Split(g.token.String(), ".")[2]
			if text := err.Error(); strings.Contains(text, secret) || strings.Contains(text, "127.0.0.1") {
				t.Errorf("the text says too much: %s", text)
			}
		})
	}
}

func TestEnrol_with_a_token_for_another_station_does_nothing(t *testing.T) {
	g, dir := newRegistry(t), filepath.Join(t.TempDir(), "identity")
	s := g.serve(g.ca.server(nil))
	o := g.options(s.URL, dir)
	o.Station = "99002"
	_, err := client.Enrol(t.Context(), o)
	if err == nil || err.Error() != "enrol: the token is for station 99001, the configuration for 99002" {
		t.Errorf("error %v", err)
	}
	if n := s.conns.Load(); n != 0 || files(t, dir) != "" {
		t.Errorf("%d connections, files %q", n, files(t, dir))
	}
}

func TestEnrol_refuses_answers_that_are_not_for_it(t *testing.T) {
	other := newAuthority(t)
	tests := map[string]func(*wire.EnrolAnswer){
		"another station":                   func(a *wire.EnrolAnswer) { a.Station = "99002" },
		"another CA":                        func(a *wire.EnrolAnswer) { a.CA = other.pem() },
		"no CA":                             func(a *wire.EnrolAnswer) { a.CA = "" },
		"a CA that is none":                 func(a *wire.EnrolAnswer) { a.CA = encode("CERTIFICATE", []byte("x")) },
		"a certificate over another key":    func(a *wire.EnrolAnswer) { a.Certificate = other.identity().Certificate },
		"a certificate that is no such one": func(a *wire.EnrolAnswer) { a.Certificate = "x" },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			g, dir := newRegistry(t), t.TempDir()
			g.change = change
			s := g.serve(g.ca.server(nil))
			if _, err := client.Enrol(t.Context(), g.options(s.URL, dir)); err == nil {
				t.Error("no error")
			}
			if got := files(t, dir); got != "enrolment.key" {
				t.Errorf("files %q", got)
			}
			g.change = nil // the centre mends it: the same token still works
			if _, err := client.Enrol(t.Context(), g.options(s.URL, dir)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestEnrol_a_used_token_says_so(t *testing.T) {
	g := newRegistry(t)
	s := g.serve(g.ca.server(nil))
	if _, err := client.Enrol(t.Context(), g.options(s.URL, t.TempDir())); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	_, err := client.Enrol(t.Context(), g.options(s.URL, dir))
	ce := want(t, err, client.Unauthorized)
	text := err.Error()
	if ce.Code != "token_used" || !strings.Contains(text, "ask for a new one") || strings.Contains(text, "tramsync1") {
		t.Errorf("error %v", err)
	}
	if got := files(t, dir); got != "enrolment.key" {
		t.Errorf("files %q", got)
	}
}

func TestEnrol_after_a_lost_answer_asks_with_the_same_key(t *testing.T) {
	g, dir := newRegistry(t), t.TempDir()
	s := g.serve(g.ca.server(nil))
	g.lose = true
	_, err := client.Enrol(t.Context(), g.options(s.URL, dir))
	want(t, err, client.Transient)
	if got := files(t, dir); got != "enrolment.key" {
		t.Fatalf("files %q", got)
	}
	g.mu.Lock()
	g.lose = false
	g.mu.Unlock()
	if _, err := client.Enrol(t.Context(), g.options(s.URL, dir)); err != nil {
		t.Fatal(err)
	}
	if len(g.keys) < 2 {
		t.Fatalf("%d requests", len(g.keys))
	}
	for _, key := range g.keys {
		if !key.Equal(g.keys[0]) {
			t.Error("another key was used")
		}
	}
	if got := files(t, dir); got != "identity.json" {
		t.Errorf("files %q", got)
	}
}

func TestEnrol_refuses_other_addresses_and_ends_with_its_context(t *testing.T) {
	g := newRegistry(t)
	for _, url := range []string{"", "http://127.0.0.1:1", "127.0.0.1:8440", "https://%zz"} {
		_, err := client.Enrol(t.Context(), g.options(url, t.TempDir()))
		if err == nil || strings.Contains(err.Error(), "127") {
			t.Errorf("%q: error %v", url, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := g.serve(g.ca.server(nil))
	if _, err := client.Enrol(ctx, g.options(s.URL, t.TempDir())); err == nil || s.requests.Load() != 0 {
		t.Errorf("error %v, %d requests", err, s.requests.Load())
	}
}

func TestEnrol_a_damaged_pending_key_is_made_anew(t *testing.T) {
	g, dir := newRegistry(t), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "enrolment.key"), []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Enrol(t.Context(), g.options(g.serve(g.ca.server(nil)).URL, dir)); err != nil {
		t.Error(err)
	}
}
