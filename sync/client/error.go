package client

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tramsync/sync/wire"
)

// Kind of a failure, by what to do about it.
type Kind int

// The kinds.
const (
	Transient    Kind = iota + 1 // network or server trouble: try again later
	Throttled                    // the server asks to wait
	TooLarge                     // send less at once
	Refused                      // the request is at fault: sending it again as it is won't help
	Unauthorized                 // the warehouse doesn't accept this agent
	Untrusted                    // the server isn't our warehouse: another CA, another name, or a certificate out of its time
	Foreign                      // something else answers in the warehouse's place: a proxy, a log-in page
)

// String names the kind, for logs.
func (k Kind) String() string {
	names := [...]string{"", "transient", "throttled", "too large", "refused", "unauthorized", "untrusted", "foreign"}
	if k < 1 || int(k) >= len(names) {
		return "unknown"
	}
	return names[k]
}

// Error is a failed call.
type Error struct {
	Kind       Kind
	Status     int           // of HTTP; 0: no answer
	Code       string        // the warehouse's, if it said one
	Message    string        // for people
	RetryAfter time.Duration // as asked, in the seconds form only: the date form would trust the PC's clock
	Warehouse  bool          // the warehouse itself said so (RFC 9457 body), not something in between
	Err        error         // what lies below, if anything
}

// Error says what happened, then what lies below.
func (e *Error) Error() string {
	out := e.Kind.String()
	if e.Status > 0 {
		out += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.Message != "" {
		out += ": " + e.Message
	}
	if e.Err != nil {
		out += ": " + e.Err.Error()
	}
	return out
}

// Unwrap gives what lies below.
func (e *Error) Unwrap() error { return e.Err }

// transportError sorts an error of a call that got no answer.
func transportError(err error) *Error {
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var host x509.HostnameError
	var alert tls.AlertError
	var verify *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errPin), errors.As(err, &unknown), errors.As(err, &invalid), errors.As(err, &host), errors.As(err, &verify):
		return &Error{Kind: Untrusted, Message: "the server is not the warehouse this station was enrolled with", Err: err}
	case errors.As(err, &alert):
		return &Error{Kind: Unauthorized, Message: "the warehouse refuses this station's certificate", Err: err}
	default:
		return &Error{Kind: Transient, Message: "the warehouse can't be reached", Err: err}
	}
}

// answerError sorts an answer that isn't a success. body is what was read of it.
func answerError(resp *http.Response, body []byte) *Error {
	e := &Error{Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header.Get("Retry-After"))}
	if p, ok := problem(resp, body); ok {
		e.Warehouse, e.Code = true, p.Code
		e.Message = strings.TrimSuffix(strings.Join([]string{p.Title, p.Detail}, ": "), ": ")
	}
	switch code := resp.StatusCode; {
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
		e.Kind = Throttled
	case code >= 500, code == http.StatusRequestTimeout:
		e.Kind = Transient
	case code == http.StatusRequestEntityTooLarge:
		e.Kind = TooLarge
	case !e.Warehouse:
		e.Kind, e.Message = Foreign, "something between here and the warehouse answered in its place"
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		e.Kind = Unauthorized
	default:
		e.Kind = Refused
	}
	return e
}

// retryAfter reads the seconds form of RFC 9110.
func retryAfter(header string) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(header))
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	return time.Duration(n) * time.Second
}

func problem(resp *http.Response, body []byte) (wire.Problem, bool) {
	var p wire.Problem
	if mediaType(resp) != wire.ProblemContentType || unmarshal(body, &p) != nil || p.Title == "" {
		return wire.Problem{}, false
	}
	return p, true
}
