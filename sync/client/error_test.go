package client_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tramsync/sync/client"
	"tramsync/sync/wire"
)

// kindOf is the kind that an answer must have: the contract, written down once more.
func kindOf(status int, byWarehouse bool) client.Kind {
	switch status {
	case 408:
		return client.Transient
	case 413:
		return client.TooLarge
	case 429, 503:
		return client.Throttled
	}
	switch {
	case status >= 500:
		return client.Transient
	case !byWarehouse, status < 400:
		return client.Foreign
	case status == 401, status == 403:
		return client.Unauthorized
	default:
		return client.Refused
	}
}

func TestError_kind_of_every_status(t *testing.T) {
	var status, form atomic.Int32
	_, c := warehouse(t, func(w http.ResponseWriter, r *http.Request) {
		p := wire.Problem{Title: "Title", Detail: "detail", Code: "code", Status: int(status.Load())}
		switch form.Load() {
		case 0:
			replyProblem(w, p)
		case 1: // a page
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(p.Status)
			_, _ = w.Write([]byte("<html>Đăng nhập Wi-Fi</html>")) // some statuses have no body
		case 2: // looks like a problem, but says nothing
			reply(w, p.Status, wire.ProblemContentType, map[string]string{"error": "x"})
		case 3: // the right body under another type
			reply(w, p.Status, "application/json", p)
		}
	})
	for s := 200; s < 600; s++ {
		for f := range 4 {
			if s == 200 && f == 3 {
				continue // a proper answer
			}
			status.Store(int32(s))
			form.Store(int32(f))
			_, err := c.Post(t.Context(), []byte("x"))
			bodiless := s == 204 || s == 304 || s == 200 // no problem can come with these
			byWarehouse := f == 0 && !bodiless
			var ce *client.Error
			if !errors.As(err, &ce) {
				t.Fatalf("%d, form %d: error %v", s, f, err)
			}
			named := byWarehouse && s >= 400
			if ce.Kind != kindOf(s, byWarehouse) || ce.Status != s || ce.Warehouse != named || (ce.Code == "code") != named {
				t.Errorf("%d, form %d: %+v", s, f, ce)
			}
			if named && (ce.Message != "Title: detail" || !strings.Contains(err.Error(), "Title: detail")) {
				t.Errorf("%d: message %q, text %q", s, ce.Message, err)
			}
			if strings.Contains(err.Error(), "Wi-Fi") {
				t.Errorf("%d: a body is in the error: %v", s, err)
			}
		}
	}
}

func TestError_redirects_are_not_followed(t *testing.T) {
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	t.Cleanup(other.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		_, c := warehouse(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, status) })
		_, err := c.Post(t.Context(), []byte("records"))
		want(t, err, client.Foreign)
	}
	if n := elsewhere.Load(); n != 0 {
		t.Errorf("%d requests went to the other server", n)
	}
}

func TestError_Retry_After(t *testing.T) {
	tests := map[string]time.Duration{
		"": 0, "0": 0, "1": time.Second, "120": 2 * time.Minute, " 30 ": 30 * time.Second, "86400": 24 * time.Hour,
		"-5": 0, "1.5": 0, "soon": 0, "99999999999999999999": 0, "9223372036854775807": 0, "1000001": 0,
		"Wed, 21 Oct 2026 07:28:00 GMT": 0, // it would trust the PC's clock
	}
	for header, after := range tests {
		for _, status := range []int{429, 503} {
			s, c := warehouse(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Retry-After"] = []string{header}
				replyProblem(w, wire.Problem{Title: "Busy", Status: status})
			})
			_, err := c.Post(t.Context(), []byte("x"))
			if ce := want(t, err, client.Throttled); ce.RetryAfter != after {
				t.Errorf("%q: wait %v, want %v", header, ce.RetryAfter, after)
			}
			if n := s.requests.Load(); n != 1 {
				t.Errorf("%q: %d requests: the client itself waited and tried again", header, n)
			}
		}
	}
}

func TestError_text_holds_no_address_name_or_body(t *testing.T) {
	addr := &net.TCPAddr{IP: net.IPv4(10, 9, 8, 7), Port: 8440}
	op := func(name string, err error) error {
		return &net.OpError{Op: name, Net: "tcp", Addr: addr, Source: addr, Err: err}
	}
	in := func(err error) error {
		return &url.Error{Op: "Post", URL: "https://kho.tinh.example:8440/v1/batches", Err: err}
	}
	refusal := op("dial", os.NewSyscallError("connect", syscall.ECONNREFUSED))
	tests := []struct {
		err  error
		want string
	}{
		{in(refusal), "dial: connect: connection refused"},
		{in(op("proxyconnect", refusal)), "proxyconnect: dial: connect: connection refused"},
		{in(fmt.Errorf("readLoop: %w", op("read", syscall.ECONNRESET))), "read: connection reset by peer"},
		{in(op("dial", &net.DNSError{Name: "kho.tinh.example", Server: "10.9.8.7:53", IsNotFound: true})),
			"its name is not known"},
		{in(op("dial", &net.DNSError{Name: "kho.tinh.example", Err: "read udp 10.9.8.7:53: i/o timeout", IsTimeout: true})),
			"looking up its name takes too long"},
		{in(&net.DNSError{Name: "kho.tinh.example", Err: "server misbehaving", Server: "10.9.8.7"}),
			"looking up its name fails"},
		{in(x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"x"}}, Host: "kho.tinh.example"}),
			"its certificate is for another name"},
		{in(context.DeadlineExceeded), "context deadline exceeded"},
	}
	for _, tt := range tests {
		e := &client.Error{Kind: client.Transient, Status: 502, Message: "no", Err: tt.err}
		if got, want := e.Error(), "transient (HTTP 502): no: "+tt.want; got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if !errors.Is(e, tt.err) {
			t.Errorf("%v isn't found in the error", tt.err)
		}
	}
}

func TestError_text_of_real_failures_holds_no_address_name_or_body(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	gone := serve(t, ca, ca.server(nil), stampOK)
	gone.Close()
	plain := httptest.NewServer(http.HandlerFunc(stampOK)) // no TLS at all
	t.Cleanup(plain.Close)
	numberOnly := func(c *x509.Certificate) { c.DNSNames = nil }
	reply := func(status int) *site {
		return serve(t, ca, ca.server(nil), func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "BODY-CANARY", status)
		})
	}
	for name, address := range map[string]string{
		"nobody there": gone.URL, "another CA": serve(t, other, other.server(nil), stampOK).URL,
		"another name": serve(t, ca, ca.server(numberOnly), stampOK).named(),
		"no TLS":       strings.Replace(plain.URL, "http:", "https:", 1),
		"a page":       reply(200).URL, "401": reply(401).URL, "500": reply(500).URL,
		"reset": serve(t, ca, ca.server(nil), func(w http.ResponseWriter, _ *http.Request) { reset(t, w) }).URL,
	} {
		_, err := dial(t, address, ca.identity()).Post(t.Context(), []byte("BODY-CANARY"))
		if err == nil {
			t.Fatalf("%s: no error", name)
		}
		u, parseErr := url.Parse(address)
		if parseErr != nil {
			t.Fatal(parseErr)
		}
		for _, secret := range []string{u.Host, u.Port(), "127.0.0.1", "localhost", "::1", "CANARY", wire.PathBatches} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the text holds %q: %v", name, secret, err)
			}
		}
	}
}

func TestKind_String(t *testing.T) {
	for k, want := range map[client.Kind]string{client.Transient: "transient", client.TooLarge: "too large",
		client.Foreign: "foreign", 0: "unknown", 8: "unknown", -1: "unknown"} {
		if got := k.String(); got != want {
			t.Errorf("%d is %q, want %q", k, got, want)
		}
	}
}
