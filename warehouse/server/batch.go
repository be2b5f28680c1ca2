package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"mime"
	"net/http"
	"strings"
	"time"

	"tramsync/sync/wire"
	"tramsync/warehouse/store"
)

const (
	// maxPackedBytes bounds a body as it travels: zstd makes what can't be compressed slightly larger.
	maxPackedBytes = wire.MaxBatchBytes + 64<<10
	// maxIDBytes is more than an id has (64); longer ones aren't worth an answer.
	maxIDBytes = 128
)

// batch is POST /v1/batches.
func (s *Server) batch(c *call) (any, error) {
	packed, err := readBatch(c)
	if err != nil {
		return nil, err
	}
	var codec *wire.Codec
	select {
	case codec = <-s.codecs:
		defer func() { s.codecs <- codec }()
	case <-c.r.Context().Done():
		return nil, unavailable(c.r.Context().Err())
	}
	list, err := unpack(codec, encodingOf(c.r), packed)
	if err != nil {
		return nil, err
	}
	results, err := s.take(c.r.Context(), c.agent, list)
	if err != nil {
		return nil, err
	}
	c.count = make(map[wire.Status]int)
	for _, r := range results {
		c.count[r.Status]++
	}
	return wire.Answer{Results: results}, nil
}

// readBatch checks what the header says and reads the body.
func readBatch(c *call) ([]byte, error) {
	if err := wantType(c.r, wire.BatchContentType); err != nil {
		return nil, err
	}
	switch encodingOf(c.r) {
	case "", "identity", wire.ContentEncoding:
	default:
		return nil, problem(http.StatusUnsupportedMediaType, "content_encoding",
			"the content encoding must be zstd or identity")
	}
	body, err := c.read(maxPackedBytes)
	if err != nil {
		return nil, err
	}
	// net/http counts the write timeout from the header on, and over 64 kbit/s the body alone can take that long.
	if err := http.NewResponseController(c.w).SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return nil, err
	}
	return body, nil
}

// encodingOf is the content coding, whose name has no case (RFC 9110, 8.4.1).
func encodingOf(r *http.Request) string { return strings.ToLower(r.Header.Get("Content-Encoding")) }

func wantType(r *http.Request, want string) error {
	if got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || got != want {
		return problem(http.StatusUnsupportedMediaType, "content_type", "the content type must be "+want)
	}
	return nil
}

// read reads the body, of which no more than limit bytes are taken from the connection.
func (c *call) read(limit int64) ([]byte, error) {
	tooLarge := problem(http.StatusRequestEntityTooLarge, wire.CodeTooLarge, "the body is larger than its limit")
	if c.r.ContentLength > limit {
		return nil, tooLarge
	}
	size := c.r.ContentLength
	if size < 0 {
		size = limit
	}
	allowed := readTimeout + time.Duration(size/slowestLink)*time.Second
	if err := http.NewResponseController(c.w).SetReadDeadline(time.Now().Add(allowed)); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, limit))
	c.bytes = len(body)
	var over *http.MaxBytesError
	if errors.As(err, &over) {
		return nil, tooLarge
	}
	if err != nil {
		// Not 400: that would say that the records are at fault.
		return nil, problem(http.StatusRequestTimeout, "body_incomplete", "the body did not come whole, or not in time")
	}
	return body, nil
}

func unpack(codec *wire.Codec, encoding string, body []byte) ([]json.RawMessage, error) {
	var err error
	if encoding == wire.ContentEncoding {
		body, err = codec.Decompress(body)
	}
	var list []json.RawMessage
	if err == nil {
		list, err = wire.SplitBatch(body)
	}
	if errors.Is(err, wire.ErrTooLarge) {
		return nil, problem(http.StatusRequestEntityTooLarge, wire.CodeTooLarge,
			"the batch has more records or bytes than a batch may have")
	}
	if err != nil {
		return nil, problem(http.StatusBadRequest, wire.CodeInvalid, "the body is not a JSON array, or not zstd")
	}
	return list, nil
}

// take answers a batch in order: what the checks reject here, the rest from the store.
func (s *Server) take(ctx context.Context, a store.Agent, list []json.RawMessage) ([]wire.Result, error) {
	results := make([]wire.Result, len(list))
	events := make([]*wire.Event, 0, len(list))
	places := make([]int, 0, len(list))
	for i, raw := range list {
		event, result, err := s.check(a, raw)
		if err != nil {
			return nil, err
		}
		if event == nil {
			results[i] = result
			continue
		}
		events, places = append(events, event), append(places, i)
	}
	if len(events) == 0 {
		return results, nil
	}
	kept, err := s.Records.Ingest(ctx, a, events)
	if err != nil {
		return nil, unavailable(err)
	}
	for i, at := range places {
		results[at] = kept[i]
	}
	return results, nil
}

// check decodes an event and looks for reasons not to take it in. A nil event is answered by the result; an error
// is about the batch.
func (s *Server) check(a store.Agent, raw json.RawMessage) (*wire.Event, wire.Result, error) {
	var e wire.Event
	decodeErr := json.Unmarshal(raw, &e)
	if decodeErr != nil {
		e = wire.Event{ID: idOf(raw)}
	}
	if e.ID == "" || len(e.ID) > maxIDBytes {
		return nil, wire.Result{}, problem(http.StatusBadRequest, wire.CodeInvalid,
			"the batch holds an event without an id")
	}
	reject := func(code, message string) (*wire.Event, wire.Result, error) {
		return nil, wire.Result{ID: e.ID, Status: wire.Rejected, Code: code, Message: message}, nil
	}
	if decodeErr != nil {
		return reject(wire.CodeInvalid, "a member of the event has the wrong JSON type")
	}
	if err := e.Validate(); err != nil {
		return reject(wire.CodeInvalid, err.Error())
	}
	if e.Station() != a.Station {
		return reject(wire.CodeForeign, "the event is of another station than the certificate")
	}
	if e.Epoch < 1 || e.Sequence < 1 || e.Sequence > math.MaxInt64 {
		return reject(wire.CodeInvalid, "epoch and sequence must be 1 or more and have 31 and 63 bits")
	}
	excluded, err := s.Screener.Excluded(&e)
	if err != nil {
		return reject(wire.CodeUnstorable, "the event can't be screened: "+faultOf(err))
	}
	if excluded {
		return reject(wire.CodeExcluded, "the event holds data that must never be taken in")
	}
	return &e, wire.Result{}, nil
}

// faultOf says where a document can't be read, and leaves out the rest of the error, which might quote the record.
func faultOf(err error) string {
	var fault *wire.SyntaxError
	if errors.As(err, &fault) {
		return "a document is not readable: " + fault.Error()
	}
	return "a document is not readable"
}

// idOf reads the id of an event that is otherwise not of the right form; "" when there is none.
func idOf(raw json.RawMessage) string {
	var e struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(raw, &e) != nil {
		return ""
	}
	return e.ID
}
