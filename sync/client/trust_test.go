package client_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"testing"
	"time"

	"tramsync/sync/client"
	"tramsync/sync/wire"
)

func stampOK(w http.ResponseWriter, _ *http.Request) {
	reply(w, 200, "application/json",
		wire.StampAnswer{Station: "99001", Stamp: wire.Stamp{Epoch: 2, Sequence: 7}, ID: "x"})
}

func TestTrust_only_a_server_of_the_CA_and_of_the_name(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	self := newAuthority(t)
	selfSigned := self.sign(&x509.Certificate{DNSNames: []string{"localhost"}}, &self.key.PublicKey, nil)
	both := other.server(nil)
	both.Certificate = append(both.Certificate, ca.cert.Raw)
	from := func(begin, end time.Duration) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = time.Now().Add(begin), time.Now().Add(end) }
	}
	nameOnly := func(c *x509.Certificate) { c.IPAddresses = nil }
	numberOnly := func(c *x509.Certificate) { c.DNSNames = nil }
	tests := []struct {
		name    string
		cert    tls.Certificate
		byName  bool
		trusted bool
	}{
		{"the right one, by number", ca.server(nil), false, true},
		{"the right one, by name", ca.server(nil), true, true},
		{"a certificate for the name, by name", ca.server(nameOnly), true, true},
		{"a certificate for the name, by number", ca.server(nameOnly), false, false},
		{"a certificate for the number, by name", ca.server(numberOnly), true, false},
		{"another name", ca.server(func(c *x509.Certificate) { c.DNSNames = []string{"kho.example"} }), true, false},
		{"another CA", other.server(nil), true, false},
		{"another CA that shows ours too", both, true, false},
		{"expired", ca.server(from(-2*time.Hour, -time.Hour)), true, false},
		{"not yet valid", ca.server(from(time.Hour, 2*time.Hour)), true, false},
		{"self-signed", tls.Certificate{Certificate: [][]byte{selfSigned.Raw}, PrivateKey: self.key}, true, false},
		{"a client's certificate", ca.server(func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
		}), true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, ca, tt.cert, stampOK)
			url := s.URL
			if tt.byName {
				url = s.named()
			}
			c := dial(t, url, ca.identity())
			a, err := c.Stamp(t.Context())
			if tt.trusted {
				if err != nil || a.Epoch != 2 || a.Sequence != 7 || a.ID != "x" {
					t.Errorf("answer %+v, %v", a, err)
				}
				return
			}
			want(t, err, client.Untrusted)
			if _, err := c.Post(t.Context(), []byte("records")); err == nil {
				t.Error("records were delivered")
			}
			if n := s.requests.Load(); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
			if n := s.conns.Load(); n > 4 { // two calls, each with two addresses for a name at most: no retries
				t.Errorf("%d connections", n)
			}
		})
	}
}

func TestTrust_the_certificates_of_the_system_count_for_nothing(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	t.Setenv("SSL_CERT_DIR", t.TempDir())
	s := serve(t, other, other.server(nil), stampOK)
	_, err := dial(t, s.URL, ca.identity()).Stamp(t.Context())
	want(t, err, client.Untrusted)
}

func TestTrust_nothing_older_than_TLS_1_3(t *testing.T) {
	ca := newAuthority(t)
	s := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{ca.server(nil)}, MaxVersion: tls.VersionTLS12}, stampOK)
	_, err := dial(t, s.URL, ca.identity()).Stamp(t.Context())
	want(t, err, client.Transient)
	if n := s.requests.Load(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestTrust_a_refused_client_certificate_is_unauthorized(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	pool := x509.NewCertPool()
	pool.AddCert(other.cert)
	s := serveTLS(t, &tls.Config{Certificates: []tls.Certificate{ca.server(nil)}, ClientCAs: pool,
		ClientAuth: tls.RequireAndVerifyClientCert}, stampOK)
	for range 10 {
		_, err := dial(t, s.URL, ca.identity()).Stamp(t.Context())
		want(t, err, client.Unauthorized)
	}
	if n := s.requests.Load(); n != 0 {
		t.Errorf("%d requests were answered", n)
	}
}

func TestTrust_the_server_sees_the_stations_certificate(t *testing.T) {
	ca := newAuthority(t)
	id := ca.identity()
	name := make(chan string, 1)
	s := serve(t, ca, ca.server(nil), func(w http.ResponseWriter, r *http.Request) {
		name <- r.TLS.PeerCertificates[0].Subject.CommonName
		stampOK(w, r)
	})
	if _, err := dial(t, s.URL, id).Stamp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := <-name; got != id.Agent {
		t.Errorf("the server saw %q", got)
	}
}
