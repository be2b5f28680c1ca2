package wire_test

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
)

func TestEventsSurviveJSON(t *testing.T) {
	odd := visitData()
	odd.Documents[0] = wire.NewDocument("XML1", []byte("<a>\xff\xfe</a>"), &wire.Form{Wrap: 76, EOL: "\n", Lead: "\n"})
	odd.Documents[1].Content = "<a b=\"1\">&amp; \u2028 Nguyễn \u0000</a>"
	odd.Findings = []wire.Finding{{Code: "date-invalid", At: "XML1[1].NGAY_SINH"}}
	odd.Origin = wire.Origin{File: "f", SHA256: "s", HoSo: 1, Line: 2, Index: 3}
	odd.Envelope = wire.Envelope{Encoding: wire.UTF16LE, Whole: []byte{0xff, 0xfe}, Extract: true, Trimmed: true}
	for name, e := range map[string]wire.Event{
		"a visit": visitEvent(), "a row": rowEvent(), "a retraction": retractionEvent(),
		"a visit with everything odd": wire.NewEvent("99001", "his", "HIS", wire.KindVisit, read, odd),
	} {
		t.Run(name, func(t *testing.T) {
			text, err := e.Marshal()
			if err != nil {
				t.Fatal(err)
			}
			if bytes.ContainsAny(text, "\n") || bytes.Contains(text, []byte(`\u003c`)) {
				t.Errorf("not on one line, or < escaped: %s", text)
			}
			var got wire.Event
			if err := json.Unmarshal(text, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(e, got); diff != "" {
				t.Error(diff)
			}
			if err := got.Validate(); err != nil {
				t.Errorf("Validate: %v", err)
			}
		})
	}
}

func TestNewEventFillsTheEnvelope(t *testing.T) {
	got := rowEvent()
	want := wire.Event{SpecVersion: "1.0", ID: got.ID, Source: "/stations/99001/feeds/v20",
		Type: "vn.tramsync.v20.tiem_chung", Subject: "D1/1", Time: "2026-11-21T01:02:03Z",
		DataContentType: "application/json", Data: rowData()}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.Station() != "99001" {
		t.Errorf("Station = %q", got.Station())
	}
	got.Source = "/stations/x/feeds/v20"
	if got.Station() != "" {
		t.Errorf("Station of a bad source = %q", got.Station())
	}
}

// The warehouse learns that a record is gone and nothing of why.
func TestRetractionSaysNothingElse(t *testing.T) {
	e := retractionEvent()
	text, err := e.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"specversion":"1.0","id":"` + e.ID + `","source":"/stations/99001/feeds/his",` +
		`"type":"vn.tramsync.his.visit","subject":"99001/V1","time":"2026-11-21T01:02:03Z",` +
		`"datacontenttype":"application/json",` +
		`"data":{"key":["99001","V1"],"facility":"99001","origin":{},"retracted":true}}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Error(diff)
	}
	for name, change := range map[string]func(d *wire.Data){
		"a finding":  func(d *wire.Data) { d.Findings = []wire.Finding{{Code: "cccd-format"}} },
		"an origin":  func(d *wire.Data) { d.Origin.SHA256 = "5e3a" },
		"documents":  func(d *wire.Data) { d.Visit = visitData().Visit },
		"no content": func(d *wire.Data) { d.Visit = &wire.Visit{} },
		"a row":      func(d *wire.Data) { d.Row = map[string]string{"A": "1"} },
		"no columns": func(d *wire.Data) { d.Row = map[string]string{} },
	} {
		t.Run("not with "+name, func(t *testing.T) {
			data := wire.Retraction([]string{"99001", "V1"}, "99001")
			change(&data)
			bad := wire.NewEvent("99001", "his", "HIS", wire.KindVisit, read, data)
			if bad.Validate() == nil {
				t.Error("valid")
			}
		})
	}
}

func TestValidateRefuses(t *testing.T) {
	tests := []struct {
		name   string
		change func(e *wire.Event)
		want   string
	}{
		{"another specversion", func(e *wire.Event) { e.SpecVersion = "0.3" }, "specversion"},
		{"another content type", func(e *wire.Event) { e.DataContentType = "text/xml" }, "datacontenttype"},
		{"a source without a feed", func(e *wire.Event) { e.Source = "/stations/99001" }, "source"},
		{"a source with letters as station", func(e *wire.Event) { e.Source = "/stations/9900A/feeds/his" }, "source"},
		{"a source with more behind", func(e *wire.Event) { e.Source += "/x" }, "source"},
		{"a source with a line end behind", func(e *wire.Event) { e.Source += "\n" }, "source"},
		{"an unknown system", func(e *wire.Event) { e.Type = "vn.tramsync.lis.visit" }, "type"},
		{"a system in capitals", func(e *wire.Event) { e.Type = "vn.tramsync.HIS.visit" }, "type"},
		{"no kind", func(e *wire.Event) { e.Type = "vn.tramsync.his." }, "type"},
		{"a time without zone", func(e *wire.Event) { e.Time = "2026-11-21T01:02:03" }, "time"},
		{"no time", func(e *wire.Event) { e.Time = "" }, "time"},
		{"no key", func(e *wire.Event) { e.Data.Key, e.Subject = nil, "" }, "subject"},
		{"another subject", func(e *wire.Event) { e.Subject = "99001/V2" }, "subject"},
		{"another key", func(e *wire.Event) { e.Data.Key = []string{"99001/V1"} }, "subject"},
		{"neither documents nor row", func(e *wire.Event) { e.Data.Visit = nil }, "neither documents nor a row nor"},
		{"documents and row", func(e *wire.Event) { e.Data.Row = map[string]string{"A": "1"} }, "or several"},
		{"documents that are retracted", func(e *wire.Event) { e.Data.Retracted = true }, "or several"},
		{"a visit without documents", func(e *wire.Event) { e.Data.Documents = nil }, "neither documents"},
		{"text beside the binary that the id covers", func(e *wire.Event) {
			e.Data.Documents[0].Binary = e.Data.Documents[0].Bytes()
		}, "document 1 has both"},
		{"line ends as long as it likes", func(e *wire.Event) {
			e.Data.Documents[1].Form = &wire.Form{Wrap: 1, EOL: strings.Repeat("\n", 1000)}
		}, "document 2 has an impossible form"},
		{"lines of less than nothing", func(e *wire.Event) {
			e.Data.Documents[0].Form = &wire.Form{Wrap: -1}
		}, "impossible form"},
		{"another content", func(e *wire.Event) { e.Data.Documents[0].Content = "<a/>" }, "id"},
		{"another station in the source", func(e *wire.Event) { e.Source = "/stations/99002/feeds/his" }, "id"},
		{"another kind in the type", func(e *wire.Event) { e.Type = "vn.tramsync.his.table" }, "id"},
		{"no id", func(e *wire.Event) { e.ID = "" }, "id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := visitEvent()
			tt.change(&e)
			err := e.Validate()
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Validate = %v, want an error about %q", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "V1") {
				t.Errorf("the error quotes the record: %v", err)
			}
		})
	}
}

func TestSubjectsOfTwoKeysAreNeverTheSame(t *testing.T) {
	tests := []struct {
		key  []string
		want string
	}{
		{[]string{"99001", "V1"}, "99001/V1"},
		{[]string{"99001/V1"}, "99001%2FV1"},
		{[]string{"99001%2FV1"}, "99001%252FV1"},
		{[]string{"99001%", "2FV1"}, "99001%25/2FV1"},
		{[]string{"", ""}, "/"},
		{[]string{"a", "", "b"}, "a//b"},
		{[]string{"Nguyễn Thử"}, "Nguyễn Thử"},
	}
	for _, tt := range tests {
		if got := wire.Subject(tt.key); got != tt.want {
			t.Errorf("Subject(%q) = %q, want %q", tt.key, got, tt.want)
		}
	}
}

func TestStampJSON(t *testing.T) {
	e := visitEvent()
	text, err := e.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	before := bytes.Clone(text)
	got, err := wire.StampJSON(text, wire.Stamp{Epoch: 3, Sequence: 41})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, before) {
		t.Error("the unstamped event was changed")
	}
	e.Epoch, e.Sequence = 3, 41
	want, err := e.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for name, bad := range map[string]string{
		"one with a stamp": string(got), "one with a sequence": `{"sequence":"00000000000000000001","id":"a"}`,
		"an empty object": `{}`, "an array": `[{"id":1}]`, "nothing": ``, "a brace": `{`,
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			if out, err := wire.StampJSON([]byte(bad), wire.Stamp{Epoch: 1, Sequence: 1}); err == nil {
				t.Errorf("stamped: %s", out)
			}
		})
	}
}

func TestSequenceText(t *testing.T) {
	for q, want := range map[wire.Sequence]string{
		1: `"00000000000000000001"`, 41: `"00000000000000000041"`, math.MaxUint64: `"18446744073709551615"`,
	} {
		text, err := json.Marshal(q)
		if err != nil || string(text) != want {
			t.Errorf("%d is written %s, %v; want %s", uint64(q), text, err, want)
		}
		var back wire.Sequence
		if err := json.Unmarshal(text, &back); err != nil || back != q {
			t.Errorf("%s is read as %d, %v", text, uint64(back), err)
		}
	}
	for _, bad := range []string{
		`""`, `"-1"`, `"+1"`, `"1.5"`, `"0x10"`, `"1_0"`, `"18446744073709551616"`, `5`, `" 1"`,
	} {
		var q wire.Sequence
		if err := json.Unmarshal([]byte(bad), &q); err == nil {
			t.Errorf("%s is read as %d", bad, uint64(q))
		}
	}
}

func TestStampAfter(t *testing.T) {
	tests := []struct {
		s, o wire.Stamp
		want bool
	}{
		{wire.Stamp{Epoch: 1, Sequence: 2}, wire.Stamp{Epoch: 1, Sequence: 1}, true},
		{wire.Stamp{Epoch: 1, Sequence: 1}, wire.Stamp{Epoch: 1, Sequence: 1}, false},
		{wire.Stamp{Epoch: 1, Sequence: 1}, wire.Stamp{Epoch: 1, Sequence: 2}, false},
		{wire.Stamp{Epoch: 2, Sequence: 1}, wire.Stamp{Epoch: 1, Sequence: 9}, true},
		{wire.Stamp{Epoch: 1, Sequence: 9}, wire.Stamp{Epoch: 2, Sequence: 1}, false},
		{wire.Stamp{Epoch: 1, Sequence: 1}, wire.Stamp{}, true},
	}
	for _, tt := range tests {
		if got := tt.s.After(tt.o); got != tt.want {
			t.Errorf("%v after %v = %v", tt.s, tt.o, got)
		}
	}
}
