package export_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/export"
	"tramsync/sync/wire"
	"tramsync/testdata/zoo"
)

func TestDecode_zoo(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range zoo.Cases() {
		if seen[c.Name] {
			t.Errorf("two files are called %q", c.Name)
		}
		seen[c.Name] = true
		t.Run(c.Name, func(t *testing.T) {
			got, err := decode(t, c.File, c.Settings)
			if c.Fault != nil {
				wantFault(t, err, *c.Fault)
				return
			}
			if err != nil {
				t.Fatalf("Decode: %v", err)
			}
			if diff := cmp.Diff(c.Want, lines(got)); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
		})
	}
}

// wantFault compares all but the offset's value, and looks for content in the texts.
func wantFault(t *testing.T, err error, want export.FormatError) {
	t.Helper()
	var got *export.FormatError
	if !errors.As(err, &got) {
		t.Fatalf("Decode = %v, want a FormatError", err)
	}
	place := *got
	place.Offset = min(place.Offset, 1)
	if diff := cmp.Diff(want, place); diff != "" {
		t.Errorf("fault (-want +got):\n%s", diff)
	}
	for _, text := range []string{err.Error(), got.Text("vi"), got.Text("en"), got.Encode()} {
		if strings.Contains(strings.ToUpper(text), "CANARY") {
			t.Errorf("%q quotes the file", text)
		}
	}
}

func TestDecode_bad_files_of_the_zoo_hold_a_canary(t *testing.T) {
	packed := regexp.MustCompile(`[A-Za-z0-9+/=]{20,}`)
	for _, c := range zoo.Cases() {
		text := c.File
		if c.Fault == nil || strings.Contains(text, "CANARY") {
			continue
		}
		for range 3 { // base64 of base64 of base64 is one of them
			for _, m := range packed.FindAllString(text, -1) {
				if b, err := base64.StdEncoding.DecodeString(m[:len(m)/4*4]); err == nil {
					text += string(b)
				}
			}
		}
		if strings.Trim(c.File, " \r\n\t\x00\ufeff") != "" && !strings.Contains(text, "CANARY") {
			t.Errorf("%s: nothing to quote", c.Name)
		}
	}
}

func TestRecord_gives_back_its_file(t *testing.T) {
	for _, c := range good() {
		t.Run(c.Name, func(t *testing.T) {
			list := mustDecode(t, c.File, c.Settings)
			for _, r := range list {
				if r.Visit == nil {
					return
				}
				checkOriginal(t, c.File, c.Settings, travelled(t, r))
			}
		})
	}
}

// travelled is the record as the warehouse gets it.
func travelled(t testing.TB, r *export.Record) *export.Record {
	t.Helper()
	e := event(r)
	body, err := e.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	var back wire.Event
	if err := json.Unmarshal(body, &back); err != nil {
		t.Fatal(err)
	}
	if err := back.Validate(); err != nil {
		t.Fatalf("Validate: %v", err)
	}
	if back.ID != e.ID {
		t.Errorf("id %s became %s on the way", e.ID, back.ID)
	}
	return &export.Record{Kind: r.Kind, Key: r.Key, Visit: back.Data.Visit, Row: back.Data.Row}
}

func event(r *export.Record) wire.Event {
	data := wire.Data{Key: r.Key, Facility: r.Facility, Findings: r.Findings, Origin: r.Origin, Visit: r.Visit,
		Row: r.Row}
	return wire.NewEvent("99001", "feed", "HIS", r.Kind, time.Unix(0, 0), data)
}

// checkOriginal wants the file, or of one of several visits a file that gives the same record again.
func checkOriginal(t testing.TB, file string, s export.Settings, r *export.Record) {
	t.Helper()
	got, err := r.Visit.Original()
	if err != nil {
		t.Fatalf("Original: %v", err)
	}
	if !r.Visit.Envelope.Extract {
		if string(got) != file {
			t.Errorf("Original differs from the file:\n%s", cmp.Diff(file, string(got)))
		}
		return
	}
	again := mustDecode(t, string(got), s)
	if len(again) != 1 {
		t.Fatalf("the extract holds %d records", len(again))
	}
	if want, got := event(r).ID, event(again[0]).ID; want != got {
		t.Errorf("the extract's id is %s, not %s", got, want)
	}
}

func TestRecord_keeps_nothing_twice(t *testing.T) {
	whole := map[string]bool{"a comment that is no UTF-8": true, "UTF-16 with half a character": true}
	for _, c := range good() {
		for _, r := range mustDecode(t, c.File, c.Settings) {
			if r.Visit == nil {
				continue
			}
			if kept := r.Visit.Envelope.Whole != nil; kept != whole[c.Name] {
				t.Errorf("%s: kept whole is %v", c.Name, kept)
			}
		}
	}
	plain := zoo.Visits(zoo.HoSo(zoo.Doc("XML1", zoo.Summary("L1"))))
	for _, eol := range []string{"\n", "\r\n"} {
		start := strings.Index(plain, "<NOIDUNGFILE>") + len("<NOIDUNGFILE>")
		end := strings.Index(plain, "</NOIDUNGFILE>")
		var wrapped strings.Builder
		for i, ch := range plain[start:end] {
			if i > 0 && i%64 == 0 {
				wrapped.WriteString(eol)
			}
			wrapped.WriteRune(ch)
		}
		r := visit(t, plain[:start]+wrapped.String()+plain[end:])
		if diff := cmp.Diff(&wire.Form{Wrap: 64, EOL: eol}, r.Visit.Documents[0].Form); diff != "" {
			t.Errorf("form of base64 in lines that end with %q (-want +got):\n%s", eol, diff)
		}
	}
}

func TestDecode_gives_text_that_travels(t *testing.T) {
	for _, c := range good() {
		for _, r := range mustDecode(t, c.File, c.Settings) {
			texts := append([]string{r.Facility}, r.Key...)
			for name, value := range r.Row {
				texts = append(texts, name, value)
			}
			for _, s := range texts {
				if !utf8.ValidString(s) {
					t.Errorf("%s: %q is no UTF-8", c.Name, s)
				}
			}
		}
	}
}
