package client_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tramsync/sync/client"
	"tramsync/sync/wire"
)

// authority is a private CA made for one test.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func serial(t *testing.T) *big.Int {
	t.Helper()
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 100))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t, key: newKey(t)}
	a.cert = a.sign(&x509.Certificate{Subject: pkix.Name{CommonName: "test CA"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign}, &a.key.PublicKey, nil)
	return a
}

// sign signs a certificate with this CA's key; parent nil means with itself.
func (a *authority) sign(c *x509.Certificate, pub *ecdsa.PublicKey, parent *x509.Certificate) *x509.Certificate {
	a.t.Helper()
	c.SerialNumber = serial(a.t)
	if c.NotBefore.IsZero() {
		c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	}
	if parent == nil {
		parent = c
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, pub, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	out, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return out
}

// server is a certificate for a server of this CA, with the CA's own behind it.
func (a *authority) server(change func(*x509.Certificate)) tls.Certificate {
	a.t.Helper()
	c := &x509.Certificate{DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if change != nil {
		change(c)
	}
	key := newKey(a.t)
	leaf := a.sign(c, &key.PublicKey, a.cert)
	return tls.Certificate{Certificate: [][]byte{leaf.Raw, a.cert.Raw}, PrivateKey: key}
}

func encode(typ string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: typ, Bytes: der}))
}

func (a *authority) pem() string { return encode("CERTIFICATE", a.cert.Raw) }

// identity is an agent of this CA.
func (a *authority) identity() client.Identity {
	a.t.Helper()
	key := newKey(a.t)
	leaf := a.sign(&x509.Certificate{Subject: pkix.Name{CommonName: "agent-1"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}, &key.PublicKey, a.cert)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	return client.Identity{Agent: "agent-1", Station: "99001", Key: encode("PRIVATE KEY", der),
		Certificate: encode("CERTIFICATE", leaf.Raw), CA: a.pem()}
}

// site is a server on the loopback.
type site struct {
	*httptest.Server
	requests atomic.Int32
	conns    atomic.Int32
}

// serve starts a server with cert that asks for a certificate of ca and answers with handle.
func serve(t *testing.T, ca *authority, cert tls.Certificate, handle http.HandlerFunc) *site {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AddCert(ca.cert)
	return serveTLS(t, &tls.Config{Certificates: []tls.Certificate{cert}, ClientAuth: tls.VerifyClientCertIfGiven,
		ClientCAs: pool}, handle)
}

func serveTLS(t *testing.T, conf *tls.Config, handle http.HandlerFunc) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		handle(w, r)
	}))
	s.TLS = conf
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.conns.Add(1)
		}
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// named is the server's address by name instead of number.
func (s *site) named() string { return strings.Replace(s.URL, "127.0.0.1", "localhost", 1) }

// warehouse is a server of a new CA, and a client of it that retries at once.
func warehouse(t *testing.T, handle http.HandlerFunc) (*site, *client.Client) {
	t.Helper()
	ca := newAuthority(t)
	s := serve(t, ca, ca.server(nil), handle)
	return s, dial(t, s.URL, ca.identity())
}

func dial(t *testing.T, url string, id client.Identity) *client.Client {
	t.Helper()
	c, err := client.New(client.Options{URL: url, Identity: id, Agent: "tramsync/test",
		Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.Hurry()
	return c
}

// reply writes JSON.
func reply(w http.ResponseWriter, status int, contentType string, v any) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may have gone
}

func replyProblem(w http.ResponseWriter, p wire.Problem) {
	reply(w, p.Status, wire.ProblemContentType, p)
}

// want fails unless err is a *client.Error of the given kind.
func want(t *testing.T, err error, kind client.Kind) *client.Error {
	t.Helper()
	var ce *client.Error
	if !errors.As(err, &ce) {
		t.Fatalf("error %v", err)
	}
	if ce.Kind != kind {
		t.Errorf("kind %v, want %v: %v", ce.Kind, kind, err)
	}
	return ce
}

// reset ends a connection in a way that the other side sees as an error.
func reset(t *testing.T, w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	if raw, ok := conn.(*tls.Conn).NetConn().(*net.TCPConn); ok {
		_ = raw.SetLinger(0) // makes Close send a reset
		_ = raw.Close()
	}
}
