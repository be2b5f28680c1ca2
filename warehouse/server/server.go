package server

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"time"

	"tramsync/sync/wire"
	"tramsync/warehouse/ca"
	"tramsync/warehouse/store"
)

// Limits of one connection.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 2 * time.Minute
	writeTimeout      = 2 * time.Minute
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 16 << 10
	// slowestLink is what a body may be sent with, in bytes a second; agents allow themselves no less.
	slowestLink = 2 << 10
	// shutdownTimeout is what requests under way get to finish.
	shutdownTimeout = 15 * time.Second
)

// Agents knows who may send. *store.Store is one.
type Agents interface {
	// Agent finds an agent by its certificate's fingerprint, revoked or not; store.ErrNotFound when there is none.
	Agent(ctx context.Context, fingerprint string) (store.Agent, error)
	// Enrol uses a token up; see store.Store.
	Enrol(ctx context.Context, c store.Claim, issue func() (store.Agent, error)) (store.Agent, error)
}

// Records keeps events. *store.Store is one.
type Records interface {
	// Ingest answers each event in order once all are committed; an error means that none was kept.
	Ingest(ctx context.Context, a store.Agent, events []*wire.Event) ([]wire.Result, error)
	// NewestStamp is the newest stamp Ingest has seen of an agent; zero when it has sent nothing.
	NewestStamp(ctx context.Context, a store.Agent) (wire.StampAnswer, error)
}

// Screener finds what must never be taken in. It must be safe for concurrent use.
type Screener interface {
	// Excluded reports whether e holds such data. An error means that e can't be screened; it is not taken in either.
	Excluded(e *wire.Event) (bool, error)
}

// Config is what a server is built of. It is set by code; nothing but Now may be nil or zero.
type Config struct {
	Agents   Agents
	Records  Records
	Screener Screener
	CA       *ca.Authority
	Hosts    []string // names and addresses agents use, beside localhost; may be empty
	Logger   *slog.Logger
	Now      func() time.Time // nil: time.Now
}

// Server serves the interface.
type Server struct {
	Config
	cert    *ca.ServerCertificate
	codecs  chan *wire.Codec
	limiter *limiter
}

// New makes a server and its TLS certificate. Run starts it.
func New(c Config) (*Server, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Logger = c.Logger.With("component", "server")
	cert, err := c.CA.NewServerCertificate(c.Hosts, c.Now)
	if err != nil {
		return nil, fmt.Errorf("make server: %w", err)
	}
	s := &Server{
		Config:  c,
		cert:    cert,
		codecs:  make(chan *wire.Codec, max(2, runtime.GOMAXPROCS(0))),
		limiter: newLimiter(c.Now),
	}
	for range cap(s.codecs) {
		codec, err := wire.NewCodec(wire.MaxBatchBytes)
		if err != nil {
			return nil, fmt.Errorf("make server: %w", err)
		}
		s.codecs <- codec
	}
	return s, nil
}

// Run serves connections of l until ctx is cancelled, lets requests under way finish for up to 15 s, and returns
// nil then. It closes l.
func (s *Server) Run(ctx context.Context, l net.Listener) error {
	srv := &http.Server{
		Handler:           s.handler(),
		TLSConfig:         s.tlsConfig(),
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.Logger.Handler(), slog.LevelInfo),
		// Requests under way outlive ctx: Shutdown waits for them.
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.ServeTLS(l, "", "") }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	err := srv.Shutdown(wait)
	if errors.Is(err, context.DeadlineExceeded) {
		s.Logger.Warn("requests cut off at shutdown", "after", shutdownTimeout)
		err = srv.Close()
	}
	<-ended
	if err != nil {
		return fmt.Errorf("shut down: %w", err)
	}
	return nil
}

func (s *Server) tlsConfig() *tls.Config {
	anchors := x509.NewCertPool()
	anchors.AddCert(s.CA.Certificate())
	return &tls.Config{
		MinVersion:     tls.VersionTLS13,
		ClientAuth:     tls.VerifyClientCertIfGiven,
		ClientCAs:      anchors,
		GetCertificate: s.cert.Get,
		Time:           s.Now,
	}
}

// route is one operation of the interface.
type route struct {
	method, path string
	agents       bool // only with a certificate on the allow list
	handle       func(*call) (any, error)
}

func (s *Server) routes() []route {
	return []route{
		{method: http.MethodPost, path: wire.PathEnrol, handle: s.enrol},
		{method: http.MethodPost, path: wire.PathBatches, agents: true, handle: s.batch},
		{method: http.MethodGet, path: wire.PathStamp, agents: true, handle: s.stamp},
		{method: http.MethodGet, path: pathHealth, handle: s.health},
	}
}

const pathHealth = "/healthz"

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	for _, rt := range s.routes() {
		mux.Handle(rt.method+" "+rt.path, s.serve(rt))
		mux.Handle(rt.path, s.serve(route{path: rt.path, handle: func(c *call) (any, error) {
			c.w.Header().Set("Allow", allow(rt.method))
			return nil, problem(http.StatusMethodNotAllowed, "method", "this path has another method")
		}}))
	}
	mux.Handle("/", s.serve(route{path: "other", handle: func(*call) (any, error) {
		return nil, problem(http.StatusNotFound, "not_found", "there is nothing at this path")
	}}))
	return mux
}

// allow is the Allow header of a path: the standard mux serves HEAD wherever it serves GET.
func allow(method string) string {
	if method == http.MethodGet {
		return "GET, HEAD"
	}
	return method
}

func (s *Server) health(*call) (any, error) { return plain("ok\n"), nil }

func (s *Server) stamp(c *call) (any, error) {
	answer, err := s.Records.NewestStamp(c.r.Context(), c.agent)
	if err != nil {
		return nil, unavailable(err)
	}
	return answer, nil
}

// authenticate finds the agent whose certificate the connection has proved.
func (s *Server) authenticate(c *call) error {
	if len(c.r.TLS.PeerCertificates) == 0 {
		return problem(http.StatusUnauthorized, "certificate_missing",
			"this path needs an agent's certificate: enrol first")
	}
	agent, err := s.Agents.Agent(c.r.Context(), Fingerprint(c.r.TLS.PeerCertificates[0]))
	if errors.Is(err, store.ErrNotFound) || err == nil && !agent.Revoked.IsZero() {
		c.agent.ID = cmp.Or(agent.ID, "unknown")
		return problem(http.StatusUnauthorized, "certificate_unknown",
			"the certificate is not, or no longer, on this warehouse's list: enrol again")
	}
	if err != nil {
		return unavailable(err)
	}
	c.agent = agent
	return nil
}
