package client_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/client"
	"tramsync/sync/wire"
)

func TestPost_sends_what_the_contract_says(t *testing.T) {
	answer := wire.Answer{Results: []wire.Result{{ID: "a", Status: wire.Stored},
		{ID: "b", Status: wire.Rejected, Code: "invalid"}}}
	type request struct{ Method, Path, Type, Encoding, Agent, Body string }
	got := make(chan request, 1)
	_, c := warehouse(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		h := r.Header
		got <- request{r.Method, r.URL.Path, h.Get("Content-Type"), h.Get("Content-Encoding"), h.Get("User-Agent"),
			string(body)}
		reply(w, 200, "application/json; charset=utf-8", answer)
	})
	a, err := c.Post(t.Context(), []byte("zstd bytes"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(answer, a); diff != "" {
		t.Error(diff)
	}
	want := request{"POST", wire.PathBatches, wire.BatchContentType, wire.ContentEncoding, "tramsync/test", "zstd bytes"}
	if diff := cmp.Diff(want, <-got); diff != "" {
		t.Error(diff)
	}
}

func TestClient_keeps_the_path_of_its_base_address(t *testing.T) {
	ca := newAuthority(t)
	paths := make(chan string, 2)
	s := serve(t, ca, ca.server(nil), func(w http.ResponseWriter, r *http.Request) { paths <- r.URL.Path; stampOK(w, r) })
	for _, base := range []string{"/kho", "/kho/"} {
		if _, err := dial(t, s.URL+base, ca.identity()).Stamp(t.Context()); err != nil {
			t.Error(err)
		}
		if got := <-paths; got != "/kho/v1/stamp" {
			t.Errorf("path %q", got)
		}
	}
}

func TestStamp_without_a_station_is_no_stamp(t *testing.T) {
	for _, body := range []any{map[string]any{}, nil, wire.Stamp{Epoch: 1, Sequence: 1}} {
		_, c := warehouse(t, func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, "application/json", body) })
		_, err := c.Stamp(t.Context())
		want(t, err, client.Foreign)
	}
}

func TestNew_refuses_other_addresses(t *testing.T) {
	id := newAuthority(t).identity()
	for _, address := range []string{"", "http://kho.example", "kho.example:8440", "https://", "https:///v1",
		"ftp://kho.example", "https://kho example", "://"} {
		_, err := client.New(client.Options{URL: address, Identity: id, Log: slog.New(slog.DiscardHandler)})
		if err == nil || strings.Contains(err.Error(), "kho") {
			t.Errorf("%q: error %v", address, err)
		}
	}
	id.CA = ""
	if _, err := client.New(client.Options{URL: "https://kho.example", Identity: id}); err == nil {
		t.Error("an identity without a CA was taken")
	}
}

// bodies is a handler that keeps what it was sent and fails the first attempts.
type bodies struct {
	t    *testing.T
	mu   sync.Mutex
	list [][]byte
	fail []func(http.ResponseWriter, *http.Request)
}

func (b *bodies) handle(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := len(b.list); n < len(b.fail) {
		part := make([]byte, 100_000)
		if _, err := io.ReadFull(r.Body, part); err != nil {
			b.t.Error(err)
		}
		b.list = append(b.list, part)
		b.fail[n](w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Error(err)
	}
	b.list = append(b.list, body)
	reply(w, 200, "application/json", wire.Answer{Results: []wire.Result{{ID: "a", Status: wire.Stored}}})
}

func TestPost_a_retry_after_a_broken_connection_sends_the_same_bytes(t *testing.T) {
	b := &bodies{t: t}
	status := func(code int) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // so that the answer isn't lost
			http.Error(w, "<html>bad gateway", code)
		}
	}
	cut := func(w http.ResponseWriter, _ *http.Request) { reset(t, w) }
	for _, fail := range [][]func(http.ResponseWriter, *http.Request){
		{cut}, {cut, cut}, {status(502), cut}, {cut, status(504)}} {
		b.list, b.fail = nil, fail
		_, c := warehouse(t, b.handle)
		body := bytes.Repeat([]byte("0123456789abcdef"), 1<<16) // 1 MiB: the reset comes in the middle
		copy(body[500_000:], "not the same all over")
		if _, err := c.Post(t.Context(), body); err != nil {
			t.Fatal(err)
		}
		if len(b.list) != len(fail)+1 {
			t.Fatalf("%d attempts", len(b.list))
		}
		for i, got := range b.list {
			if !bytes.Equal(got, body[:len(got)]) {
				t.Errorf("attempt %d sent other bytes", i+1)
			}
		}
		if last := b.list[len(fail)]; len(last) != len(body) {
			t.Errorf("the last attempt sent %d of %d bytes", len(last), len(body))
		}
	}
}

func TestPost_gives_up_after_three_attempts(t *testing.T) {
	s, c := warehouse(t, func(w http.ResponseWriter, _ *http.Request) { reset(t, w) })
	_, err := c.Post(t.Context(), []byte("x"))
	want(t, err, client.Transient)
	if n := s.requests.Load(); n != 3 {
		t.Errorf("%d attempts", n)
	}
}

func TestJitter_is_random_and_bounded(t *testing.T) {
	for attempt, most := range []time.Duration{time.Second, 1500 * time.Millisecond, 2500 * time.Millisecond} {
		lo, hi := time.Hour, time.Duration(0)
		for range 2000 {
			d := client.Jitter(attempt)
			lo, hi = min(lo, d), max(hi, d)
		}
		if lo < 500*time.Millisecond || hi > most || hi-lo < (most-500*time.Millisecond)*9/10 {
			t.Errorf("before retry %d from %v to %v", attempt+1, lo, hi)
		}
	}
}

func TestAnswer_is_read_to_its_limit_only(t *testing.T) {
	padded := func(n int) []byte { return append([]byte(`{"results":[]}`), bytes.Repeat([]byte{' '}, n-14)...) }
	send := func(body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(body) // the client may have gone
		}
	}
	_, c := warehouse(t, send(padded(wire.MaxAnswerBytes)))
	if _, err := c.Post(t.Context(), nil); err != nil {
		t.Errorf("an answer of the largest size: %v", err)
	}
	_, c = warehouse(t, send(padded(wire.MaxAnswerBytes+1)))
	_, err := c.Post(t.Context(), nil)
	want(t, err, client.Foreign)
	_, c = warehouse(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for r.Context().Err() == nil { // without end
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
	})
	_, err = c.Post(t.Context(), nil)
	want(t, err, client.Foreign)
}

func TestCall_ends_when_the_server_says_nothing(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	s, c := warehouse(t, hang)
	c.Limit(time.Minute, 100*time.Millisecond)
	_, err := c.Stamp(t.Context())
	want(t, err, client.Transient)
	if n := s.requests.Load(); n != 3 {
		t.Errorf("%d attempts", n)
	}
	_, c = warehouse(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = http.NewResponseController(w).Flush() // the header comes, the body doesn't
		<-r.Context().Done()
	})
	c.Limit(100*time.Millisecond, time.Minute)
	_, err = c.Stamp(t.Context())
	want(t, err, client.Transient)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

func TestCall_a_large_body_gets_the_time_it_takes_on_a_slow_link(t *testing.T) {
	_, c := warehouse(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-time.After(300 * time.Millisecond):
		case <-r.Context().Done():
		}
		reply(w, 200, "application/json", wire.Answer{})
	})
	c.Limit(50*time.Millisecond, time.Minute)
	_, err := c.Post(t.Context(), []byte("short"))
	want(t, err, client.Transient)
	if _, err := c.Post(t.Context(), make([]byte, 64<<10)); err != nil { // 16 s at 4 KiB/s
		t.Errorf("64 KiB: %v", err)
	}
}

func TestCall_ends_with_its_context(t *testing.T) {
	entered := make(chan struct{}, 9)
	_, c := warehouse(t, func(_ http.ResponseWriter, r *http.Request) {
		entered <- struct{}{}
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-entered
		cancel()
	}()
	if _, err := c.Stamp(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
