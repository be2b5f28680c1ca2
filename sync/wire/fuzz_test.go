package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tramsync/sync/wire"
	"tramsync/testdata/gen"
	"tramsync/testdata/zoo"
)

// addSamples gives the fuzzer every sample export and some generated documents.
func addSamples(f *testing.F) {
	f.Helper()
	paths, err := filepath.Glob(filepath.FromSlash("../../testdata/exports/*.xml"))
	if err != nil || len(paths) == 0 {
		f.Fatalf("no samples: %v", err)
	}
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for n := range 8 {
		for _, d := range gen.New(1).Visit(n).Docs {
			f.Add([]byte(d.Content))
		}
	}
}

func FuzzParseTable(f *testing.F) {
	addSamples(f)
	f.Add([]byte(trimDoc))
	guard := zoo.Guard(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		defer guard()()
		before := bytes.Clone(doc)
		table, err := wire.ParseTable("XML1", doc)
		if !bytes.Equal(doc, before) {
			t.Fatal("the document was changed")
		}
		if err != nil {
			var se *wire.SyntaxError
			if !errors.As(err, &se) {
				t.Fatalf("not a SyntaxError: %v", err)
			}
			return
		}
		text := wire.CleanXML(doc)
		for _, r := range table.Rows {
			checkRange(t, text, r.Element, r.Start, r.End)
			for _, fd := range r.Fields {
				checkRange(t, text, fd.Name, fd.Start, fd.End)
			}
		}
	})
}

func checkRange(t *testing.T, text []byte, name string, start, end int64) {
	t.Helper()
	if end == 0 && start == 0 {
		return
	}
	if start < 0 || end <= start || end > int64(len(text)) || text[start] != '<' || text[end-1] != '>' ||
		!bytes.Contains(text[start:end], []byte(name)) {
		t.Fatalf("%d to %d of %d is not an element %q", start, end, len(text), name)
	}
}

func FuzzUnwrapBase64(f *testing.F) {
	for _, s := range []string{"", "QUJD", "QUI=\r\n", "\nQUJD\n  QUI=", "QUI", "QR==", "QUJD\nRUZH\n\nSA==", "QQ ="} {
		f.Add(s)
	}
	f.Add(wrapped(64, "\n", ""))
	f.Add(wrapped(76, "\r\n", "  "))
	f.Fuzz(func(t *testing.T, raw string) {
		d, err := wire.UnwrapBase64("XML1", raw, raw)
		if err != nil {
			return
		}
		v := &wire.Visit{Documents: []wire.Document{d}, Envelope: wire.Envelope{Parts: []string{"<", ">"}}}
		if got, err := v.Original(); err != nil || string(got) != "<"+raw+">" {
			t.Fatalf("Original = %q, %v; want %q", got, err, raw)
		}
		e := wire.NewEvent("99001", "his", "HIS", "visit", read, wire.Data{Key: []string{"k"}, Visit: v})
		if err := e.Validate(); err != nil {
			t.Fatalf("form %+v is refused: %v", d.Form, err)
		}
	})
}

func FuzzEvent(f *testing.F) {
	for _, e := range []wire.Event{visitEvent(), rowEvent(), retractionEvent()} {
		text, err := e.Marshal()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"data":{"documents":null,"row":{"a":"b"},"envelope":{"parts":["a"]}},"sequence":"1"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var e wire.Event
		if json.Unmarshal(text, &e) != nil || e.Validate() != nil {
			return
		}
		out, err := e.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		var again wire.Event
		if err := json.Unmarshal(out, &again); err != nil {
			t.Fatal(err)
		}
		if err := again.Validate(); err != nil || again.ID != e.ID {
			t.Fatalf("a valid event isn't after a journey: %v", err)
		}
		if e.Data.Visit != nil {
			if _, err := e.Data.Original(); err == nil && e.Data.Envelope.Trimmed {
				t.Fatal("a trimmed visit has an original")
			}
		}
	})
}

func FuzzSplitBatch(f *testing.F) {
	for _, s := range []string{"[]", "[1,2]", `[{"id":"a"},null]`, "[", "null", "[1]]", "[[[["} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		list, err := wire.SplitBatch(body)
		if (err == nil) != (json.Valid(body) && bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("["))) {
			t.Fatalf("SplitBatch = %v, but valid JSON: %v", err, json.Valid(body))
		}
		if err != nil {
			return
		}
		parts := make([][]byte, len(list))
		for i := range list {
			parts[i] = list[i]
		}
		again, err := wire.SplitBatch(wire.JoinBatch(parts))
		if err != nil || len(again) != len(list) {
			t.Fatalf("joined again: %d of %d, %v", len(again), len(list), err)
		}
	})
}

func FuzzDecompress(f *testing.F) {
	c := newCodec(f)
	for _, s := range []string{"", "[]", `[{"id":"a"}]`} {
		f.Add(c.Compress([]byte(s)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		c := newCodec(t)
		if out, err := c.Decompress(body); len(out) > codecLimit || (err != nil && out != nil) {
			t.Fatalf("%d bytes, %v", len(out), err)
		}
		if out, err := c.Decompress(c.Compress(body)); err != nil || !bytes.Equal(out, body) {
			t.Fatalf("came back as %d of %d bytes, %v", len(out), len(body), err)
		}
	})
}

func FuzzParseToken(f *testing.F) {
	f.Add(testToken().String())
	f.Add("tramsync1.99001.AA.AA")
	f.Fuzz(func(t *testing.T, s string) {
		token, err := wire.ParseToken(s)
		if err != nil {
			return
		}
		if again, err := wire.ParseToken(token.String()); err != nil || again != token {
			t.Fatalf("written and read again: %v, same: %v", err, again == token)
		}
	})
}
