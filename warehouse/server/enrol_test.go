package server_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
)

func TestServer_Enrol(t *testing.T) {
	w := start(t)
	key := newKey(t)
	token := w.token("99001")
	status, body := w.enrol(token.String(), "99001", newCSR(t, key))
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	answer := decode[wire.EnrolAnswer](t, body)

	t.Run("the certificate's content is ours", func(t *testing.T) { checkCertificate(t, w.clock.now(), answer, key) })
	t.Run("the authority is the one the token's pin names", func(t *testing.T) {
		block, _ := pem.Decode([]byte(answer.CA))
		authority, err := x509.ParseCertificate(block.Bytes)
		if err != nil || wire.PinOf(authority) != token.Pin {
			t.Errorf("pin %x, %v", token.Pin, err)
		}
	})
	t.Run("asking again with the same key gives the same answer", func(t *testing.T) {
		status, body := w.enrol(token.String(), "99001", newCSR(t, key))
		if diff := cmp.Diff(answer, decode[wire.EnrolAnswer](t, body)); diff != "" || status != http.StatusOK {
			t.Errorf("%d (-want +got):\n%s", status, diff)
		}
	})
	t.Run("with another key the token is used", func(t *testing.T) {
		status, body := w.enrol(token.String(), "99001", newCSR(t, newKey(t)))
		if p := decode[wire.Problem](t, body); status != 403 || p.Code != "token_used" {
			t.Errorf("%d %s", status, body)
		}
	})
	t.Run("an Ed25519 key is as good", func(t *testing.T) {
		_, ed, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if status, body := w.enrol(w.token("99001").String(), "99001", newCSR(t, ed)); status != http.StatusOK {
			t.Errorf("%d %s", status, body)
		}
	})
	t.Run("the log names agent and station and holds no token", func(t *testing.T) {
		log := w.log.String()
		if !strings.Contains(log, `"agent":"`+answer.Agent+`","station":"99001"`) {
			t.Errorf("log:\n%s", log)
		}
		if strings.Contains(log, strings.Split(token.String(), ".")[2]) {
			t.Error("the token's secret is in the log")
		}
	})
}

func checkCertificate(t *testing.T, now time.Time, answer wire.EnrolAnswer, key *ecdsa.PrivateKey) {
	t.Helper()
	block, rest := pem.Decode([]byte(answer.Certificate))
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil || len(rest) > 0 {
		t.Fatal(err, rest)
	}
	got := []any{cert.Subject.String(), cert.URIs[0].String(), cert.IsCA, cert.ExtKeyUsage, len(cert.DNSNames),
		now.Sub(cert.NotBefore).Round(time.Minute), cert.NotAfter.Format(time.DateOnly)}
	want := []any{"CN=" + answer.Agent, "urn:tramsync:station:99001", false,
		[]x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, 0,
		24 * time.Hour, now.UTC().AddDate(1, 0, 0).Format(time.DateOnly)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !key.PublicKey.Equal(cert.PublicKey) || !strings.HasPrefix(answer.Agent, "a-") || len(answer.Agent) != 18 {
		t.Errorf("agent %q, key %v", answer.Agent, cert.PublicKey)
	}
}

func TestServer_Enrol_Refusals(t *testing.T) {
	w := start(t)
	old, good := w.token("99001"), w.token("99002")
	w.clock.advance(168 * time.Hour)
	fresh := w.token("99001")
	csr := newCSR(t, newKey(t))
	tests := []struct {
		name, token, station, csr string
		status                    int
		code                      string
	}{
		{"an expired token", old.String(), "99001", csr, 403, "token_expired"},
		{"an unknown token", wire.NewToken("99001", w.ca.Certificate()).String(), "99001", csr, 403, "token_unknown"},
		{"a token for another station", fresh.String(), "99002", csr, 409, "station_mismatch"},
		{"a token renamed to another station", strings.Replace(fresh.String(), "99001", "99002", 1), "99002", csr,
			403, "token_unknown"},
		{"half a token", good.String()[:30], "99002", csr, 400, "invalid"},
		{"no request", fresh.String(), "99001", "", 400, "invalid"},
		{"a request with an RSA key", fresh.String(), "99001", newCSR(t, rsaKey(t)), 400, "invalid"},
		{"a request with a P-384 key", fresh.String(), "99001", newCSR(t, p384Key(t)), 400, "invalid"},
		{"a request whose signature is wrong", fresh.String(), "99001", flipLast(t, csr), 400, "invalid"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, body := w.enrol(tt.token, tt.station, tt.csr)
			if p := decode[wire.Problem](t, body); status != tt.status || p.Code != tt.code {
				t.Errorf("%d %s", status, body)
			}
		})
	}
	t.Run("none of that used the token up", func(t *testing.T) {
		if status, body := w.enrol(fresh.String(), "99001", csr); status != http.StatusOK {
			t.Errorf("%d %s", status, body)
		}
	})
}

func TestServer_Enrol_HostileBodies(t *testing.T) {
	w := start(t)
	tests := []struct {
		name   string
		header http.Header
		body   string
		status int
		code   string
	}{
		{"not JSON", jsonHeader(), "{", 400, "invalid"},
		{"too large", jsonHeader(), strings.Repeat(" ", 17<<10), 413, "too_large"},
		{"another type", batchHeader(), "{}", 415, "content_type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, _, body := w.do(w.client(), http.MethodPost, wire.PathEnrol, tt.header, []byte(tt.body))
			if p := decode[wire.Problem](t, body); status != tt.status || p.Code != tt.code {
				t.Errorf("%d %s", status, body)
			}
		})
	}
}

func TestServer_Enrol_FailuresAreLimited(t *testing.T) {
	w := start(t)
	csr := newCSR(t, newKey(t))
	unknown := wire.NewToken("99001", w.ca.Certificate()).String()
	good := w.token("99001").String()
	try := func(token string, want int) {
		t.Helper()
		if status, body := w.enrol(token, "99001", csr); status != want {
			t.Errorf("%d %s, want %d", status, body, want)
		}
	}
	for range 12 { // what succeeds doesn't count
		try(good, 200)
	}
	for range 10 {
		try(unknown, 403)
	}
	_, header, _ := w.do(w.client(), http.MethodPost, wire.PathEnrol, jsonHeader(), []byte("{}"))
	if got := header.Get("Retry-After"); got != "6" {
		t.Errorf("Retry-After %q", got)
	}
	try(good, 429)
	w.clock.advance(6 * time.Second)
	try(good, 200)
	try(unknown, 403)
	try(good, 429)
}

func TestServer_Enrol_StoreFails(t *testing.T) {
	w := start(t)
	token := w.token("99001").String()
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	status, body := w.enrol(token, "99001", newCSR(t, newKey(t)))
	if p := decode[wire.Problem](t, body); status != 503 || p.Code != "unavailable" {
		t.Errorf("%d %s", status, body)
	}
}

func rsaKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func p384Key(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// flipLast changes the last byte of a request, which is of its signature.
func flipLast(t *testing.T, csr string) string {
	t.Helper()
	block, _ := pem.Decode([]byte(csr))
	block.Bytes[len(block.Bytes)-1] ^= 1
	return string(pem.EncodeToMemory(block))
}

// A body that breaks off says nothing against its content: 400 would make agents give records up.
func TestServer_ABodyThatBreaksOffIsTriedAgain(t *testing.T) {
	w := start(t)
	anchors := x509.NewCertPool()
	anchors.AddCert(w.ca.Certificate())
	conn, err := tls.Dial("tcp", strings.TrimPrefix(w.url, "https://"),
		&tls.Config{RootCAs: anchors, ServerName: "localhost"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = io.WriteString(conn, "POST /v1/enrol HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"+
		"Content-Length: 100\r\n\r\n{\"token\":")
	if err := errors.Join(err, conn.CloseWrite()); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusRequestTimeout || !strings.Contains(string(body), "body_incomplete") {
		t.Errorf("HTTP %d %s, %v", resp.StatusCode, body, err)
	}
}
