package server_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tramsync/sync/wire"
	"tramsync/warehouse/ca"
	"tramsync/warehouse/server"
	"tramsync/warehouse/store"
)

// canary stands for data that must never be taken in.
const canary = "CANARY-7F3A"

type screener struct{}

func (screener) Excluded(e *wire.Event) (bool, error) {
	text := e.Data.Row["GHI_CHU"]
	if e.Data.Visit != nil {
		text = e.Data.Documents[0].Content
	}
	if strings.Contains(text, "UNREADABLE") {
		return false, fmt.Errorf("can't read %s", text)
	}
	return strings.Contains(text, canary), nil
}

// warehouse is a server on loopback with everything real behind it.
type warehouse struct {
	t     *testing.T
	doc   *contract
	store *store.Store
	ca    *ca.Authority
	dir   string
	url   string
	log   *syncBuffer
	clock *clock
	stop  func() error // ends the server and says how that went
}

func start(t *testing.T, change ...func(*server.Config)) *warehouse {
	t.Helper()
	w := &warehouse{t: t, doc: readContract(t), dir: t.TempDir(), log: &syncBuffer{}, clock: &clock{at: time.Now()}}
	var err error
	w.store, err = store.Open(t.Context(), store.Config{Path: filepath.Join(w.dir, "w.db"), Now: w.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close() })
	if w.ca, err = ca.Open(w.dir, time.Now()); err != nil {
		t.Fatal(err)
	}
	c := server.Config{Agents: w.store, Records: w.store, Screener: screener{}, CA: w.ca,
		Logger: slog.New(slog.NewJSONHandler(w.log, nil)), Now: w.clock.now}
	for _, f := range change {
		f(&c)
	}
	srv, err := server.New(c)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.url = "https://" + l.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- srv.Run(ctx, l) }()
	w.stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() {
		if err := w.stop(); err != nil {
			t.Error(err)
		}
	})
	return w
}

type clock struct {
	mu sync.Mutex // guards at
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type syncBuffer struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// client is a client with these certificates, shown whatever authorities the server asks for.
func (w *warehouse) client(certs ...tls.Certificate) *http.Client {
	anchors := x509.NewCertPool()
	anchors.AddCert(w.ca.Certificate())
	conf := &tls.Config{RootCAs: anchors}
	if len(certs) > 0 {
		conf.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			return &certs[0], nil
		}
	}
	tr := &http.Transport{TLSClientConfig: conf}
	w.t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: checked{t: w.t, doc: w.doc, next: tr}}
}

// enrolled is a client of an agent that is enrolled for a station.
func (w *warehouse) enrolled(station string) (*http.Client, store.Agent) {
	w.t.Helper()
	key := newKey(w.t)
	status, body := w.enrol(w.token(station).String(), station, newCSR(w.t, key))
	if status != http.StatusOK {
		w.t.Fatalf("enrolment: %d %s", status, body)
	}
	answer := decode[wire.EnrolAnswer](w.t, body)
	block, _ := pem.Decode([]byte(answer.Certificate))
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		w.t.Fatal(err)
	}
	agent, err := w.store.Agent(w.t.Context(), server.Fingerprint(cert))
	if err != nil {
		w.t.Fatal(err)
	}
	return w.client(tls.Certificate{Certificate: [][]byte{block.Bytes}, PrivateKey: key}), agent
}

func (w *warehouse) token(station string) wire.Token {
	w.t.Helper()
	token := wire.NewToken(station, w.ca.Certificate())
	if err := w.store.AddToken(w.t.Context(), token, 168*time.Hour); err != nil {
		w.t.Fatal(err)
	}
	return token
}

func (w *warehouse) enrol(token, station, csr string) (int, []byte) {
	w.t.Helper()
	body, err := json.Marshal(wire.EnrolRequest{Token: token, Station: station, CSR: csr})
	if err != nil {
		w.t.Fatal(err)
	}
	status, _, answer := w.do(w.client(), http.MethodPost, wire.PathEnrol, jsonHeader(), body)
	return status, answer
}

func jsonHeader() http.Header { return http.Header{"Content-Type": {"application/json"}} }

func batchHeader() http.Header { return http.Header{"Content-Type": {wire.BatchContentType}} }

func (w *warehouse) do(c *http.Client, method, path string, h http.Header, body []byte) (int, http.Header, []byte) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header = h
	resp, err := c.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, answer
}

// deliver sends events as a batch and gives their results.
func (w *warehouse) deliver(c *http.Client, events ...[]byte) []wire.Result {
	w.t.Helper()
	status, _, body := w.do(c, http.MethodPost, wire.PathBatches, batchHeader(), wire.JoinBatch(events))
	if status != http.StatusOK {
		w.t.Fatalf("batch: %d %s", status, body)
	}
	return decode[wire.Answer](w.t, body).Results
}

func decode[T any](t *testing.T, body []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return v
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newCSR(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
}

// visit is a visit's event of station 99001 as an agent marshals it.
func visit(t *testing.T, maLK, document string) wire.Event {
	t.Helper()
	return wire.NewEvent("99001", "his", "HIS", wire.KindVisit, time.Now(), wire.Data{
		Key: []string{"99001", maLK}, Facility: "99001",
		Visit: &wire.Visit{MaLK: maLK, Documents: []wire.Document{wire.NewDocument("XML1", []byte(document), nil)}},
	})
}

// retraction is what takes back such a visit.
func retraction(maLK string) wire.Event {
	return wire.NewEvent("99001", "his", "HIS", wire.KindVisit, testTime(),
		wire.Retraction([]string{"99001", maLK}, "99001"))
}

func xml1(name string) string { return "<TONG_HOP><HO_TEN>" + name + "</HO_TEN></TONG_HOP>" }

// stamped is e's JSON with a stamp of epoch 1.
func stamped(t *testing.T, e wire.Event, sequence wire.Sequence) []byte {
	t.Helper()
	plain, err := e.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	out, err := wire.StampJSON(plain, wire.Stamp{Epoch: 1, Sequence: sequence})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
