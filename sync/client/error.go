package client

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
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
	Untrusted                    // not our warehouse: another CA, another name, or a certificate out of its time
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

// Error says what happened, then what lies below, without addresses and host names.
func (e *Error) Error() string {
	out := e.Kind.String()
	if e.Status > 0 {
		out += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.Message != "" {
		out += ": " + e.Message
	}
	if e.Err != nil {
		out += ": " + cause(e.Err)
	}
	return out
}

// Unwrap gives what lies below.
func (e *Error) Unwrap() error { return e.Err }

// foreign is the error for what can't be the warehouse's answer.
func foreign(status int) *Error {
	return &Error{Kind: Foreign, Status: status,
		Message: "something between here and the warehouse answered in its place"}
}

// transportError sorts an error of a call that got no answer.
func transportError(err error) *Error {
	switch {
	case untrusted(err):
		return &Error{Kind: Untrusted, Err: err,
			Message: "the server is not the warehouse this station was enrolled with"}
	case refusesCertificate(err):
		return &Error{Kind: Unauthorized, Message: "the warehouse refuses this station's certificate", Err: err}
	default:
		return &Error{Kind: Transient, Message: "the warehouse can't be reached", Err: err}
	}
}

// untrusted reports whether the server failed to prove itself.
func untrusted(err error) bool {
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var host x509.HostnameError
	var verify *tls.CertificateVerificationError
	return errors.Is(err, errPin) || errors.As(err, &unknown) || errors.As(err, &invalid) || errors.As(err, &host) ||
		errors.As(err, &verify)
}

// refusesCertificate reports whether the server ended the handshake with one of the alerts of RFC 8446, 6.2 about our
// certificate. Package tls has no exported type for them outside QUIC, only their texts.
func refusesCertificate(err error) bool {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" {
		return false
	}
	// From bad_certificate to certificate_required.
	for _, alert := range []tls.AlertError{42, 43, 44, 45, 46, 48, 49, 116} {
		if op.Err.Error() == alert.Error() {
			return true
		}
	}
	return false
}

// cause says what an error of package net/http is about without the addresses and names that it holds: they are in the
// configuration, and logs that leave the station needn't know them.
func cause(err error) string {
	var ue *url.Error
	var op *net.OpError
	var dns *net.DNSError
	var host x509.HostnameError
	switch {
	case errors.As(err, &host):
		return "its certificate is for another name"
	case errors.As(err, &dns):
		return lookupCause(dns)
	case errors.As(err, &op):
		return op.Op + ": " + cause(op.Err)
	case errors.As(err, &ue):
		return cause(ue.Err)
	default:
		return err.Error()
	}
}

// lookupCause doesn't use the error's own text, which can hold the addresses of name servers.
func lookupCause(err *net.DNSError) string {
	switch {
	case err.IsNotFound:
		return "its name is not known"
	case err.IsTimeout:
		return "looking up its name takes too long"
	default:
		return "looking up its name fails"
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
	case !e.Warehouse, code < 400: // the warehouse neither redirects nor has successes beside 200
		return foreign(code)
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
