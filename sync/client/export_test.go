package client

import (
	"net/http"
	"time"
)

// Hurry makes the short retries follow each other at once.
func (c *Client) Hurry() {
	c.http.Backoff = func(time.Duration, time.Duration, int, *http.Response) time.Duration { return time.Millisecond }
}

// Limit sets how long a call without a body may take, and how long an answer's header may.
func (c *Client) Limit(call, header time.Duration) {
	c.limit = call
	c.http.HTTPClient.Transport.(*http.Transport).ResponseHeaderTimeout = header
}

// Jitter is the wait before a short retry.
func Jitter(attempt int) time.Duration { return jitter(time.Second, 0, attempt, nil) }
