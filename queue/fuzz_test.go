package queue_test

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"tramsync/queue"
)

func forFuzz(f *testing.F) *queue.Queue {
	f.Helper()
	q, err := queue.Open(queue.Options{Dir: f.TempDir(), Stream: station, Now: time.Now})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := q.Close(); err != nil {
			f.Error(err)
		}
	})
	return q
}

// FuzzUnpack looks for what a value could hold that makes reading it panic, and that what is read can be packed again.
func FuzzUnpack(f *testing.F) {
	q := forFuzz(f)
	id := bytes.Repeat([]byte{9}, 32)
	for _, text := range []string{"", "x", noise(300), string(make([]byte, 5000))} {
		f.Add(q.Pack(id, time.Unix(1_700_000_000, 0), []byte(text)))
	}
	f.Add([]byte{})
	f.Add(append(make([]byte, 40), 7, 0x28, 0xb5, 0x2f, 0xfd, 0xff))
	f.Fuzz(func(t *testing.T, plain []byte) {
		id, payload, err := q.Unpack(plain)
		if err != nil {
			return
		}
		gotID, gotPayload, err := q.Unpack(q.Pack(id, time.Unix(1, 0), payload))
		if err != nil || !bytes.Equal(gotID, id) || !bytes.Equal(gotPayload, payload) {
			t.Errorf("packed again: %x, %q, %v", gotID, gotPayload, err)
		}
	})
}

// FuzzUnpackLetter does the same for dead letters.
func FuzzUnpackLetter(f *testing.F) {
	q := forFuzz(f)
	record := q.Pack(make([]byte, 32), time.Unix(1, 0), []byte("{}"))
	for _, head := range []string{`{"code":"invalid","reason":"x","died":1}`, `{}`, `[`, ""} {
		f.Add(append(append(binary.BigEndian.AppendUint32(nil, uint32(len(head))), head...), record...))
	}
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0})
	f.Add([]byte{0, 0})
	f.Fuzz(func(t *testing.T, plain []byte) {
		l, body, err := q.UnpackLetter(plain)
		if err != nil {
			return
		}
		if _, payload, err := q.Unpack(body); err != nil || !bytes.Equal(payload, l.Payload) {
			t.Errorf("the record in the letter: %q, %v", payload, err)
		}
	})
}
