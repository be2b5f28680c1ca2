package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// Limits of one batch, at both ends.
const (
	BatchContentType = "application/cloudevents-batch+json"
	MaxBatchRecords  = 500
	MaxBatchBytes    = 4 << 20 // decoded
	// MaxRecordBytes is the largest record that still travels, alone in its batch: a long in-patient stay is 1.7 MB
	// as a file.
	MaxRecordBytes = MaxBatchBytes - 2
	// MaxAnswerBytes bounds what the agent reads of an answer.
	MaxAnswerBytes = 1 << 20
)

// Status is what became of a record.
type Status string

// The three statuses. Whatever an answer doesn't name is kept and sent again.
const (
	Stored    Status = "stored"    // committed, and its key's current revision or history now holds it
	Duplicate Status = "duplicate" // known already: nothing changed
	Rejected  Status = "rejected"  // never to be sent again as it is; Code and Message say why
)

// Codes of rejected records.
const (
	CodeInvalid    = "invalid"    // not a well-formed record, or id and content disagree
	CodeForeign    = "foreign"    // the record names another station than the certificate
	CodeExcluded   = "excluded"   // the warehouse's own screening found what must never be taken in: erase it
	CodeTooLarge   = "too_large"  // over MaxRecordBytes
	CodeUnstorable = "unstorable" // the warehouse can't keep it (say, a document that isn't XML)
)

// Result is the answer for one record.
type Result struct {
	ID      string `json:"id"`
	Status  Status `json:"status"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"` // for people; holds nothing of the record
}

// Answer is the answer to a batch: committed before it is sent.
type Answer struct {
	Results []Result `json:"results"`
}

// JoinBatch makes a batch's body of marshalled events.
func JoinBatch(events [][]byte) []byte {
	n := 2
	for _, e := range events {
		n += len(e) + 1
	}
	body := append(make([]byte, 0, n), '[')
	for i, e := range events {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, e...)
	}
	return append(body, ']')
}

var errNoArray = errors.New("read batch: the body is not one whole JSON array")

// SplitBatch takes a batch's body apart without reading the events themselves, so that one bad event spoils no
// other. It stops at the first record too many, since a hostile body could hold millions of them. Errors:
// ErrTooLarge, or that the body is not one JSON array.
func SplitBatch(body []byte) ([]json.RawMessage, error) {
	if len(body) > MaxBatchBytes {
		return nil, ErrTooLarge
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	if tok, err := dec.Token(); err != nil || tok != json.Delim('[') {
		return nil, errNoArray
	}
	list := []json.RawMessage{}
	for dec.More() {
		if len(list) == MaxBatchRecords {
			return nil, ErrTooLarge
		}
		var event json.RawMessage
		if err := dec.Decode(&event); err != nil {
			return nil, errNoArray
		}
		list = append(list, event)
	}
	if _, err := dec.Token(); err != nil {
		return nil, errNoArray
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errNoArray
	}
	return list, nil
}
