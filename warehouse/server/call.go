package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"tramsync/sync/wire"
	"tramsync/warehouse/store"
)

// retryUnavailable is what an agent is asked to wait when the store fails.
const retryUnavailable = 30 * time.Second

// call is one request being answered, and what its log line will say.
type call struct {
	w     http.ResponseWriter
	r     *http.Request
	agent store.Agent
	bytes int                 // of the body as it came
	count map[wire.Status]int // records by answer; nil: not a batch
}

// plain is an answer in plain text.
type plain string

// failure is an answer that isn't 2xx. cause goes to the log only.
type failure struct {
	wire.Problem
	retry time.Duration // 0: no Retry-After
	cause error
}

// Error is for the log.
func (f *failure) Error() string {
	if f.cause == nil {
		return f.Code
	}
	return f.Code + ": " + f.cause.Error()
}

// Unwrap gives the cause.
func (f *failure) Unwrap() error { return f.cause }

func problem(status int, code, detail string) *failure {
	return &failure{Problem: wire.Problem{Title: http.StatusText(status), Status: status, Code: code, Detail: detail}}
}

func unavailable(cause error) *failure {
	f := problem(http.StatusServiceUnavailable, "unavailable", "the warehouse can't store at the moment: send again")
	f.retry, f.cause = retryUnavailable, cause
	return f
}

// serve makes a handler of a route: certificate, answer, log line.
func (s *Server) serve(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		c := &call{w: w, r: r}
		answer, err := s.answer(rt, c)
		var f *failure
		if err != nil && !errors.As(err, &f) {
			f = problem(http.StatusInternalServerError, "internal", "the warehouse has a fault")
			f.cause = err
		}
		status := http.StatusOK
		if f != nil {
			status = f.Status
			c.fail(f)
		} else if err := c.reply(answer); err != nil {
			s.Logger.Error("write answer", "path", rt.path, "err", err)
		}
		s.log(rt, c, f, status, time.Since(start))
	})
}

// answer runs the route's handler. A panic ends its request only, and its value, which could hold anything, goes
// nowhere.
func (s *Server) answer(rt route, c *call) (answer any, err error) {
	defer func() {
		if v := recover(); v != nil {
			answer, err = nil, fmt.Errorf("panic of type %T at %s", v, debug.Stack())
		}
	}()
	if rt.agents {
		if err := s.authenticate(c); err != nil {
			return nil, err
		}
	}
	return rt.handle(c)
}

func (c *call) reply(answer any) error {
	body, kind := []byte(nil), "application/json"
	if text, ok := answer.(plain); ok {
		body, kind = []byte(text), "text/plain; charset=utf-8"
	} else {
		var err error
		if body, err = json.Marshal(answer); err != nil {
			return err
		}
	}
	c.w.Header().Set("Content-Type", kind)
	c.w.Header().Set("Cache-Control", "no-store")
	c.write(http.StatusOK, body)
	return nil
}

func (c *call) fail(f *failure) {
	body, err := json.Marshal(f.Problem)
	if err != nil {
		body = nil // a Problem has only texts and a number
	}
	if f.retry > 0 {
		c.w.Header().Set("Retry-After", strconv.Itoa(int((f.retry+time.Second-1)/time.Second)))
	}
	c.w.Header().Set("Content-Type", wire.ProblemContentType)
	c.w.Header().Set("Cache-Control", "no-store")
	c.write(f.Status, body)
}

// write sends an answer. When that fails the agent has gone and sends again: nobody is there to tell.
func (c *call) write(status int, body []byte) {
	c.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(body)
}

func (s *Server) log(rt route, c *call, f *failure, status int, took time.Duration) {
	attrs := []slog.Attr{
		slog.String("method", method(c.r.Method)), slog.String("path", rt.path), slog.Int("status", status),
		slog.String("agent", c.agent.ID), slog.String("station", c.agent.Station),
		slog.Int("bytes", c.bytes), slog.Duration("duration", took),
	}
	for _, st := range []wire.Status{wire.Stored, wire.Duplicate, wire.Rejected} {
		if c.count != nil {
			attrs = append(attrs, slog.Int(string(st), c.count[st]))
		}
	}
	level := slog.LevelInfo
	if f != nil {
		attrs = append(attrs, slog.String("code", f.Code))
		if f.cause != nil {
			attrs = append(attrs, slog.Any("err", f.cause))
			if !errors.Is(f.cause, context.Canceled) {
				level = slog.LevelError
			}
		}
	}
	s.Logger.LogAttrs(context.WithoutCancel(c.r.Context()), level, "request", attrs...)
}

// method keeps what a stranger writes in place of a method out of the log.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch,
		http.MethodOptions:
		return m
	default:
		return "other"
	}
}
