package client

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"mime"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"tramsync/sync/wire"
)

// Bounds of one call. The short retries are for a lost packet or a proxy that restarts, not for an outage.
const (
	callLimit     = 2 * time.Minute // and what the body takes at slowestLink
	slowestLink   = 4 << 10         // bytes a second: half of 64 kbit/s
	connectLimit  = 15 * time.Second
	answerLimit   = 30 * time.Second
	retries       = 2
	retryShortest = 500 * time.Millisecond
	retryLongest  = 5 * time.Second
)

// Options of a Client.
type Options struct {
	URL      string       // the warehouse's base address, https
	Identity Identity     // the station's certificate and its CA
	Agent    string       // for User-Agent: name and version of the program
	Log      *slog.Logger // required
}

// Client talks to one warehouse as one agent.
type Client struct {
	base  string
	agent string
	limit time.Duration
	http  *retryablehttp.Client
}

// New makes a Client. It doesn't connect.
func New(o Options) (*Client, error) {
	conf, err := o.Identity.tlsConfig()
	if err != nil {
		return nil, err
	}
	return newClient(o.URL, o.Agent, conf, o.Log)
}

func newClient(base, agent string, conf *tls.Config, log *slog.Logger) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("warehouse address must be https://HOST[:PORT]")
	}
	rc := retryablehttp.NewClient()
	rc.HTTPClient = &http.Client{
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: connectLimit, KeepAlive: 30 * time.Second}).DialContext,
			TLSClientConfig:        conf,
			TLSHandshakeTimeout:    connectLimit,
			ResponseHeaderTimeout:  answerLimit,
			IdleConnTimeout:        90 * time.Second,
			MaxIdleConnsPerHost:    2,
			MaxResponseHeaderBytes: 64 << 10,
		},
		// A redirect would carry records to somebody who didn't prove to be the warehouse.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	rc.RetryMax = retries
	rc.CheckRetry = checkRetry
	rc.Backoff = jitter
	rc.ErrorHandler = retryablehttp.PassthroughErrorHandler
	rc.Logger = nil // it would print addresses to stderr
	rc.RequestLogHook = func(_ retryablehttp.Logger, r *http.Request, attempt int) {
		if attempt > 0 {
			log.Debug("request tried again", "path", r.URL.Path, "attempt", attempt)
		}
	}
	return &Client{base: u.String(), agent: agent, limit: callLimit, http: rc}, nil
}

// checkRetry repeats what a moment may mend. Throttling goes up to the caller: the library would obey any Retry-After
// without a cap.
func checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if err != nil {
		return transportError(err).Kind == Transient, nil
	}
	return resp.StatusCode == http.StatusBadGateway || resp.StatusCode == http.StatusGatewayTimeout, nil
}

// jitter is a random wait up to a bound that doubles with each attempt (full jitter).
func jitter(lo, _ time.Duration, attempt int, _ *http.Response) time.Duration {
	bound := min(retryShortest<<attempt, retryLongest)
	return lo/2 + rand.N(bound)
}

// Post delivers a batch, compressed as wire.ContentEncoding says. The same bytes may be posted again at any time: the
// answer to each record is then duplicate.
func (c *Client) Post(ctx context.Context, body []byte) (wire.Answer, error) {
	var a wire.Answer
	header := http.Header{"Content-Type": {wire.BatchContentType}, "Content-Encoding": {wire.ContentEncoding}}
	if err := c.call(ctx, request{http.MethodPost, wire.PathBatches, header, body}, &a); err != nil {
		return wire.Answer{}, err
	}
	return a, nil
}

// Stamp asks for the newest stamp that the warehouse holds of this agent.
func (c *Client) Stamp(ctx context.Context) (wire.StampAnswer, error) {
	var a wire.StampAnswer
	if err := c.call(ctx, request{method: http.MethodGet, path: wire.PathStamp}, &a); err != nil {
		return wire.StampAnswer{}, err
	}
	if a.Station == "" { // some other JSON: taken for a stamp it would say that the warehouse has nothing of this agent
		return wire.StampAnswer{}, foreign(http.StatusOK)
	}
	return a, nil
}

// request is what one call sends.
type request struct {
	method, path string
	header       http.Header // beside what every request has
	body         []byte      // nil: none
}

// call sends one request and reads a JSON answer into out. Errors are *Error, or the context's.
func (c *Client) call(ctx context.Context, r request, out any) error {
	ctx, cancel := context.WithTimeout(ctx, c.limit+time.Duration(len(r.body))*time.Second/slowestLink)
	defer cancel()
	address, err := url.JoinPath(c.base, r.path)
	if err != nil {
		return fmt.Errorf("build address: %w", err)
	}
	var raw any
	if r.body != nil {
		raw = r.body // []byte: the library repeats it byte for byte
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, r.method, address, raw)
	if err != nil {
		return fmt.Errorf("build request: %w", err)
	}
	for name, values := range r.header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", c.agent)
	req.Header.Set("Accept", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		return transportError(err)
	}
	defer func() { _ = resp.Body.Close() }() // read to its end or given up: nothing to lose
	answer, err := io.ReadAll(io.LimitReader(resp.Body, wire.MaxAnswerBytes+1))
	if err != nil {
		return transportError(err)
	}
	if resp.StatusCode != http.StatusOK {
		return answerError(resp, answer)
	}
	if len(answer) > wire.MaxAnswerBytes || mediaType(resp) != "application/json" || unmarshal(answer, out) != nil {
		if ctx.Err() != nil { // we hung up, and the server ended its answer in good order
			return transportError(ctx.Err())
		}
		return foreign(resp.StatusCode)
	}
	return nil
}

// Close lets go of idle connections.
func (c *Client) Close() { c.http.HTTPClient.CloseIdleConnections() }

func mediaType(resp *http.Response) string {
	t, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return t
}

func unmarshal(body []byte, out any) error { return json.Unmarshal(body, out) }
