package server_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"tramsync/sync/wire"
	"tramsync/warehouse/ca"
	"tramsync/warehouse/server"
	"tramsync/warehouse/store"
)

func testTime() time.Time { return time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC) }

// certificate is a certificate of an authority that no list knows.
func certificate(t *testing.T, a *ca.Authority) tls.Certificate {
	t.Helper()
	key := newKey(t)
	cert, err := a.IssueAgent("a-aaaaaaaaaaaaaaaa", "99001", key.Public(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key}
}

func TestServer_Certificates(t *testing.T) {
	w := start(t)
	revoked, agent := w.enrolled("99001")
	if status, _, body := w.do(revoked, http.MethodGet, wire.PathStamp, nil, nil); status != 200 {
		t.Fatalf("before it is revoked: %d %s", status, body)
	}
	if err := w.store.Revoke(t.Context(), agent.ID); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		client *http.Client
		code   string
	}{
		{"none is missing", w.client(), "certificate_missing"},
		{"one that is not on the list is unknown", w.client(certificate(t, w.ca)), "certificate_unknown"},
		{"a revoked one is unknown, on an open connection too", revoked, "certificate_unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, op := range [][2]string{{http.MethodGet, wire.PathStamp}, {http.MethodPost, wire.PathBatches}} {
				status, _, body := w.do(tt.client, op[0], op[1], batchHeader(), []byte("[]"))
				if p := decode[wire.Problem](t, body); status != 401 || p.Code != tt.code {
					t.Errorf("%s: %d %s", op[1], status, body)
				}
			}
		})
	}
	t.Run("one of another authority ends the handshake", func(t *testing.T) {
		foreign, err := ca.Open(t.TempDir(), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		checkRefused(t, w, w.client(certificate(t, foreign)))
	})
	t.Run("the server's own key can't be used as an agent's", func(t *testing.T) {
		own, err := w.ca.NewServerCertificate(nil, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := own.Get(nil)
		if err != nil {
			t.Fatal(err)
		}
		checkRefused(t, w, w.client(*cert))
	})
	t.Run("an expired one ends the handshake", func(t *testing.T) {
		client, _ := w.enrolled("99001")
		w.clock.advance(366 * 24 * time.Hour)
		defer w.clock.advance(-366 * 24 * time.Hour)
		checkRefused(t, w, client)
	})
}

// checkRefused checks that the client can't even ask whether the server is there.
func checkRefused(t *testing.T, w *warehouse, client *http.Client) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(r)
	if err == nil {
		resp.Body.Close()
		t.Errorf("answered %d", resp.StatusCode)
	}
}

func TestServer_TLS(t *testing.T) {
	w := start(t)
	anchors := x509.NewCertPool()
	anchors.AddCert(w.ca.Certificate())
	dial := func(t *testing.T, c *tls.Config) (*tls.Conn, error) {
		t.Helper()
		conn, err := (&tls.Dialer{Config: c}).DialContext(t.Context(), "tcp", strings.TrimPrefix(w.url, "https://"))
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { conn.Close() })
		return conn.(*tls.Conn), nil
	}
	t.Run("TLS 1.2 is refused", func(t *testing.T) {
		if _, err := dial(t, &tls.Config{RootCAs: anchors, MaxVersion: tls.VersionTLS12}); err == nil {
			t.Error("accepted")
		}
	})
	t.Run("the chain ends in the authority of the pin", func(t *testing.T) {
		conn, err := dial(t, &tls.Config{RootCAs: anchors, ServerName: "localhost"})
		if err != nil {
			t.Fatal(err)
		}
		chain := conn.ConnectionState().PeerCertificates
		if len(chain) != 2 || wire.PinOf(chain[1]) != wire.PinOf(w.ca.Certificate()) {
			t.Errorf("chain of %d", len(chain))
		}
	})
	t.Run("a header of 64 KiB is refused", func(t *testing.T) {
		h := http.Header{"X-Fill": {strings.Repeat("x", 64<<10)}}
		if status, _, _ := w.do(w.client(), http.MethodGet, "/healthz", h, nil); status != 431 {
			t.Errorf("answered %d", status)
		}
	})
	t.Run("an agent that speaks HTTP/2 is served", func(t *testing.T) {
		client, _ := w.enrolled("99001")
		client.Transport.(checked).next.(*http.Transport).ForceAttemptHTTP2 = true
		got := w.deliver(client, stamped(t, visit(t, "V1", xml1("A")), 1))
		if got[0].Status != wire.Stored {
			t.Errorf("%+v", got)
		}
	})
}

func TestServer_Stamp(t *testing.T) {
	w := start(t)
	client, _ := w.enrolled("99001")
	other, _ := w.enrolled("99001")
	check := func(c *http.Client, want string) {
		t.Helper()
		status, _, body := w.do(c, http.MethodGet, wire.PathStamp, nil, nil)
		if status != 200 || string(body) != want {
			t.Errorf("%d %s, want %s", status, body, want)
		}
	}
	check(client, `{"epoch":0,"sequence":"00000000000000000000","station":"99001"}`)
	e := visit(t, "V1", xml1("A"))
	w.deliver(client, stamped(t, e, 7))
	check(client, `{"epoch":1,"sequence":"00000000000000000007","id":"`+e.ID+`","station":"99001"}`)
	check(other, `{"epoch":0,"sequence":"00000000000000000000","station":"99001"}`)
}

func TestServer_Paths(t *testing.T) {
	w := start(t)
	tests := []struct {
		name, method, path string
		status             int
		body, allow        string
	}{
		{"health says only ok", "GET", "/healthz", 200, "ok\n", ""},
		{"health has a head", "HEAD", "/healthz", 200, "", ""},
		{"health can't be posted to", "POST", "/healthz", 405, `"code":"method"`, "GET, HEAD"},
		{"batches can't be read", "GET", wire.PathBatches, 405, `"code":"method"`, "POST"},
		{"another path is not found", "GET", "/admin?x=SECRET-PATH", 404, `"code":"not_found"`, ""},
		{"nor is the root", "POST", "/", 404, `"code":"not_found"`, ""},
		{"a strange method is one too many", "SECRETMETHOD", wire.PathStamp, 405, `"code":"method"`, "GET, HEAD"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, header, body := w.do(w.client(), tt.method, tt.path, nil, nil)
			if status != tt.status || !strings.Contains(string(body), tt.body) || header.Get("Allow") != tt.allow {
				t.Errorf("%d %q, Allow %q", status, body, header.Get("Allow"))
			}
		})
	}
	if strings.Contains(w.log.String(), "SECRET") || strings.Contains(w.log.String(), "admin") {
		t.Errorf("what a stranger wrote is in the log:\n%s", w.log)
	}
}

// gate lets Ingest go on when it is told to.
type gate struct {
	server.Records
	entered, leave chan struct{}
}

func (g gate) Ingest(ctx context.Context, a store.Agent, events []*wire.Event) ([]wire.Result, error) {
	close(g.entered)
	<-g.leave
	return g.Records.Ingest(ctx, a, events)
}

func TestServer_Run_FinishesWhatIsUnderWay(t *testing.T) {
	g := gate{entered: make(chan struct{}), leave: make(chan struct{})}
	w := start(t, func(c *server.Config) {
		g.Records = c.Records
		c.Records = g
	})
	client, _ := w.enrolled("99001")
	event := stamped(t, visit(t, "V1", xml1("A")), 1)
	results, stopped := make(chan []wire.Result, 1), make(chan error, 1)
	go func() {
		defer close(results) // also when deliver ends the test
		results <- w.deliver(client, event)
	}()
	<-g.entered
	go func() { stopped <- w.stop() }()
	waitRefused(t, w.url)
	close(g.leave)
	if got := <-results; len(got) != 1 || got[0].Status != wire.Stored {
		t.Errorf("results %+v", got)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// waitRefused returns when the server takes no more connections.
func waitRefused(t *testing.T, url string) {
	t.Helper()
	for t.Context().Err() == nil {
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "https://"))
		if err != nil {
			return
		}
		conn.Close()
	}
}

func TestServer_Run_ReportsALostListener(t *testing.T) {
	w := start(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	srv, err := server.New(server.Config{Agents: w.store, Records: w.store, Screener: screener{}, CA: w.ca,
		Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := srv.Run(t.Context(), l); err == nil {
		t.Error("no error")
	}
}

func TestServer_PlainHTTPIsRefused(t *testing.T) {
	w := start(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.url, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 400 {
		t.Errorf("answered %d", resp.StatusCode)
	}
}
