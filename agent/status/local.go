package status

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"tramsync/queue"
	"tramsync/queue/durable"
)

// ErrNotRunning says that no agent answers for this data folder.
var ErrNotRunning = errors.New("the agent is not running")

// Queuer is the part of the queue that commands at the station work on: the queue itself, or a running agent's.
type Queuer interface {
	Outbox(each func(queue.Waiting) bool) error
	DeadLetters(each func(queue.Letter) bool) error
	Requeue(id string) (int, error)
	Verify(ctx context.Context) (queue.Report, error)
}

// Ledger is the part of the queue that knows the export files: the queue itself, or a running agent's.
type Ledger interface {
	Files(each func(queue.Entry) bool, states ...queue.State) error
	Dismiss(path string) (bool, error)
}

// Commands is all that commands at the station work on.
type Commands interface {
	Queuer
	Ledger
}

const localName = "local.json"

// contact is what the file holds that leads to a running agent.
type contact struct {
	Address string `json:"address"`
	Secret  string `json:"secret"`
}

// Serve answers commands at the station until ctx ends. dir is the data folder.
func Serve(ctx context.Context, dir string, snapshot func() (Snapshot, error), q Commands) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen for commands: %w", err)
	}
	c := contact{Address: l.Addr().String(), Secret: rand.Text()}
	raw, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("listen for commands: %w", err)
	}
	path := filepath.Join(dir, localName)
	if err := durable.WriteFile(path, raw); err != nil {
		return errors.Join(fmt.Errorf("listen for commands: %w", err), l.Close())
	}
	srv := &http.Server{
		Handler: guard(c, routes(snapshot, q)), ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 16 << 10,
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	select {
	case err = <-done:
	case <-ctx.Done():
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if err = srv.Shutdown(stop); err != nil {
			err = srv.Close()
		}
		<-done
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, os.Remove(path))
}

// guard lets in who knows the secret. Checking Host as well keeps web pages out that point a name of theirs at
// 127.0.0.1.
func guard(c contact, next http.Handler) http.Handler {
	want := []byte("Bearer " + c.Secret)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != c.Address || subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), want) != 1 {
			http.Error(w, "not allowed", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func routes(snapshot func() (Snapshot, error), q Commands) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) {
		s, err := snapshot()
		reply(w, s, err)
	})
	mux.HandleFunc("GET /outbox", func(w http.ResponseWriter, _ *http.Request) { stream(w, q.Outbox) })
	mux.HandleFunc("GET /dead", func(w http.ResponseWriter, _ *http.Request) { stream(w, q.DeadLetters) })
	mux.HandleFunc("POST /requeue", func(w http.ResponseWriter, r *http.Request) {
		n, err := q.Requeue(r.URL.Query().Get("id"))
		if errors.Is(err, queue.ErrNotFound) {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		reply(w, n, err)
	})
	mux.HandleFunc("GET /files", func(w http.ResponseWriter, r *http.Request) {
		var states []queue.State
		for _, name := range r.URL.Query()["state"] {
			var state queue.State
			if err := state.UnmarshalText([]byte(name)); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			states = append(states, state)
		}
		stream(w, func(each func(queue.Entry) bool) error { return q.Files(each, states...) })
	})
	mux.HandleFunc("POST /dismiss", func(w http.ResponseWriter, r *http.Request) {
		found, err := q.Dismiss(r.URL.Query().Get("path"))
		reply(w, found, err)
	})
	mux.HandleFunc("GET /verify", func(w http.ResponseWriter, r *http.Request) {
		report, err := q.Verify(r.Context())
		reply(w, report, err)
	})
	return mux
}

func reply(w http.ResponseWriter, v any, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the caller is gone: nobody to tell
}

// stream writes a list one JSON value a line, and "end" in the trailer when it is complete.
func stream[T any](w http.ResponseWriter, list func(func(T) bool) error) {
	w.Header().Set("Trailer", "X-Complete")
	enc := json.NewEncoder(w)
	err := list(func(v T) bool { return enc.Encode(v) == nil })
	w.Header().Set("X-Complete", strconv.FormatBool(err == nil))
}

// Remote is a running agent. It is Commands.
type Remote struct {
	contact contact
	http    *http.Client
}

// Dial finds the agent that runs on a data folder; ErrNotRunning when there is none.
func Dial(ctx context.Context, dir string) (*Remote, error) {
	raw, err := os.ReadFile(filepath.Join(dir, localName))
	if errors.Is(err, os.ErrNotExist) {
		return nil, ErrNotRunning
	}
	if err != nil {
		return nil, fmt.Errorf("find the running agent: %w (administrators only)", err)
	}
	r := &Remote{http: &http.Client{Transport: &http.Transport{}}}
	if json.Unmarshal(raw, &r.contact) != nil {
		return nil, ErrNotRunning
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if _, err := r.Snapshot(ctx); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotRunning, err)
	}
	return r, nil
}

// Snapshot asks for the agent's state.
func (r *Remote) Snapshot(ctx context.Context) (Snapshot, error) {
	var s Snapshot
	err := r.ask(ctx, http.MethodGet, "/status", func(body io.Reader) error { return json.NewDecoder(body).Decode(&s) })
	return s, err
}

// Verify has the agent check its queue.
func (r *Remote) Verify(ctx context.Context) (queue.Report, error) {
	var report queue.Report
	err := r.ask(ctx, http.MethodGet, "/verify", func(body io.Reader) error {
		return json.NewDecoder(body).Decode(&report)
	})
	return report, err
}

// Requeue is queue.Requeue at the running agent.
func (r *Remote) Requeue(id string) (int, error) {
	n := 0
	err := r.ask(context.Background(), http.MethodPost, "/requeue?id="+url.QueryEscape(id),
		func(body io.Reader) error { return json.NewDecoder(body).Decode(&n) })
	return n, err
}

// Outbox is queue.Outbox at the running agent.
func (r *Remote) Outbox(each func(queue.Waiting) bool) error { return lines(r, "/outbox", each) }

// DeadLetters is queue.DeadLetters at the running agent, without the records themselves.
func (r *Remote) DeadLetters(each func(queue.Letter) bool) error { return lines(r, "/dead", each) }

// Files is queue.Files at the running agent.
func (r *Remote) Files(each func(queue.Entry) bool, states ...queue.State) error {
	query := url.Values{}
	for _, s := range states {
		query.Add("state", s.String())
	}
	return lines(r, "/files?"+query.Encode(), each)
}

// Dismiss is queue.Dismiss at the running agent.
func (r *Remote) Dismiss(path string) (bool, error) {
	found := false
	err := r.ask(context.Background(), http.MethodPost, "/dismiss?path="+url.QueryEscape(path),
		func(body io.Reader) error { return json.NewDecoder(body).Decode(&found) })
	return found, err
}

func lines[T any](r *Remote, path string, each func(T) bool) error {
	return r.ask(context.Background(), http.MethodGet, path, func(body io.Reader) error {
		for dec := json.NewDecoder(body); ; {
			var v T
			if err := dec.Decode(&v); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			if !each(v) {
				return errStop
			}
		}
	})
}

var errStop = errors.New("stopped")

func (r *Remote) ask(ctx context.Context, method, path string, read func(io.Reader) error) error {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+r.contact.Address+path, nil)
	if err != nil {
		return fmt.Errorf("ask the running agent: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+r.contact.Secret)
	resp, err := r.http.Do(req)
	if err != nil {
		return fmt.Errorf("ask the running agent: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return queue.ErrNotFound
	default:
		text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
		return errors.Join(fmt.Errorf("ask the running agent: %s", text), err)
	}
	if err := read(resp.Body); errors.Is(err, errStop) {
		return nil
	} else if err != nil {
		return fmt.Errorf("ask the running agent: %w", err)
	}
	if resp.Trailer.Get("X-Complete") == "false" {
		return fmt.Errorf("ask the running agent: the list is not complete")
	}
	return nil
}
