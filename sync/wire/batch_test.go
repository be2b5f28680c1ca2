package wire_test

import (
	"bytes"
	"errors"
	"runtime"
	"strings"
	"testing"

	"tramsync/sync/wire"
)

func TestBatchesGoThereAndBack(t *testing.T) {
	for name, events := range map[string][]string{
		"no event": {}, "one": {`{"id":"a"}`}, "some, of any form": {`{"id":"a"}`, `1`, `null`, `"x"`, `[[]]`},
	} {
		t.Run(name, func(t *testing.T) {
			var in [][]byte
			for _, e := range events {
				in = append(in, []byte(e))
			}
			body := wire.JoinBatch(in)
			if want := "[" + strings.Join(events, ",") + "]"; string(body) != want {
				t.Fatalf("body = %s, want %s", body, want)
			}
			got, err := wire.SplitBatch(body)
			if err != nil || got == nil || len(got) != len(events) {
				t.Fatalf("SplitBatch = %v, %v", got, err)
			}
			for i := range got {
				if string(got[i]) != events[i] {
					t.Errorf("event %d = %s", i, got[i])
				}
			}
		})
	}
}

func TestSplitBatchKeepsToItsLimits(t *testing.T) {
	full := wire.JoinBatch(slicesOf([]byte("0"), wire.MaxBatchRecords))
	if got, err := wire.SplitBatch(full); err != nil || len(got) != wire.MaxBatchRecords {
		t.Errorf("a full batch: %d, %v", len(got), err)
	}
	largest := append(append([]byte{'['}, bytes.Repeat([]byte(" "), wire.MaxBatchBytes-2)...), ']')
	if _, err := wire.SplitBatch(largest); err != nil {
		t.Errorf("a batch of the largest size: %v", err)
	}
	if _, err := wire.SplitBatch(append(largest, ' ')); !errors.Is(err, wire.ErrTooLarge) {
		t.Errorf("a byte too many: %v", err)
	}
	more := wire.JoinBatch(slicesOf([]byte("0"), wire.MaxBatchRecords+1))
	if _, err := wire.SplitBatch(more); !errors.Is(err, wire.ErrTooLarge) {
		t.Errorf("a record too many: %v", err)
	}
	record := append(append([]byte{'"'}, bytes.Repeat([]byte("x"), wire.MaxRecordBytes-2)...), '"')
	if got, err := wire.SplitBatch(wire.JoinBatch([][]byte{record})); err != nil || len(got) != 1 {
		t.Errorf("the largest record alone: %d, %v", len(got), err)
	}
}

func TestSplitBatchStopsAtTheFirstRecordTooMany(t *testing.T) {
	body := wire.JoinBatch(slicesOf([]byte("0"), 2_000_000))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := wire.SplitBatch(body)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, wire.ErrTooLarge) {
		t.Errorf("error = %v", err)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 4<<20 {
		t.Errorf("took %d bytes of memory", n)
	}
}

func TestSplitBatchRefusesWhatIsNoArray(t *testing.T) {
	for name, body := range map[string]string{
		"nothing": "", "null": "null", "an object": `{"a":[]}`, "a string": `"[]"`, "an open array": `[1`,
		"a comma too many": `[1,]`, "a comma too early": `[,1]`, "no comma": `[1 2]`, "two arrays": `[1][2]`,
		"more behind": `[1]x`, "another bracket": `[1}`, "half an event": `[{"id":"a"]`, "no UTF-8 outside": "[1]\xff",
		"very deep": strings.Repeat("[", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := wire.SplitBatch([]byte(body))
			if err == nil || errors.Is(err, wire.ErrTooLarge) || got != nil {
				t.Errorf("SplitBatch = %d events, %v", len(got), err)
			}
		})
	}
}

func slicesOf(one []byte, n int) [][]byte {
	list := make([][]byte, n)
	for i := range list {
		list[i] = one
	}
	return list
}
