// Package client is the agent's way to the warehouse: HTTPS with the station's own certificate, one trusted CA, a few
// short retries and typed errors.
//
// It guarantees that nothing is sent before the server has proved itself by the private CA (for enrolment: by the pin
// in the token), that a request is repeated byte for byte, and that every call ends: connecting, waiting for an
// answer and reading it are bounded. Errors say what kind of failure it was, whether the warehouse itself said so,
// and never hold a body, a header or a token.
//
// It doesn't wait out an outage: the uploader owns the long schedule. A Client is safe for concurrent use.
package client
