package wire_test

import (
	"slices"
	"testing"
	"time"

	"tramsync/sync/wire"
)

var read = time.Date(2026, 11, 21, 1, 2, 3, 0, time.UTC)

func visitData() wire.Data {
	return wire.Data{
		Key:      []string{"99001", "V1"},
		Facility: "99001",
		Visit: &wire.Visit{
			MaLK: "V1",
			Documents: []wire.Document{
				wire.NewDocument("XML1", []byte("<TONG_HOP><MA_LK>V1</MA_LK></TONG_HOP>"), nil),
				wire.NewDocument("XML2", []byte("<DS><T><MA_LK>V1</MA_LK></T></DS>"), nil),
				wire.NewDocument("XML2", []byte("<DS><T><STT>1</STT></T></DS>"), nil),
			},
			Envelope: wire.Envelope{Parts: []string{"<a>", "</a><a>", "</a><a>", "</a>"}},
		},
	}
}

func rowData() wire.Data {
	return wire.Data{Key: []string{"D1", "1"}, Facility: "99001", Row: map[string]string{"A": "1", "B": "2"}}
}

func retractionEvent() wire.Event {
	return wire.NewEvent("99001", "his", "HIS", wire.KindVisit, read, wire.Retraction([]string{"99001", "V1"}, "99001"))
}

func visitEvent() wire.Event {
	return wire.NewEvent("99001", "his", "HIS", wire.KindVisit, read, visitData())
}

func rowEvent() wire.Event {
	return wire.NewEvent("99001", "v20", "V20", "tiem_chung", read, rowData())
}

// A station keeps its ids for ever: whoever changes these makes every record of every station a new one.
func TestIDsAreTheSameForEver(t *testing.T) {
	const (
		visit = "ad999840e03abeb6a3b28553f73677d092301034950d5fff3ca89fd2b38faba5"
		row   = "710b2d4ca81501958cdbba8214aa3826862af60accc0a4da8db138d3acda19a0"
		gone  = "b56e571c3d2254d5d0be5fe04b87e33a1626f613d0cffaa2cbaf15d9c8a3b719"
	)
	v, r, g := visitEvent(), rowEvent(), retractionEvent()
	if v.ID != visit {
		t.Errorf("id of the visit = %s, want %s", v.ID, visit)
	}
	if r.ID != row {
		t.Errorf("id of the row = %s, want %s", r.ID, row)
	}
	if g.ID != gone {
		t.Errorf("id of the retraction = %s, want %s", g.ID, gone)
	}
}

func TestIDOfARetractionIsThatOfItsKey(t *testing.T) {
	id := func(feed, kind, facility string, at time.Time, key ...string) string {
		e := wire.NewEvent("99001", feed, "HIS", kind, at, wire.Retraction(key, facility))
		if err := e.Validate(); err != nil {
			t.Error(err)
		}
		return e.ID
	}
	first := retractionEvent().ID
	if got := id("his-2", wire.KindVisit, "99002", read.Add(time.Hour), "99001", "V1"); got != first {
		t.Error("read later, in another feed, with another facility, it has another id")
	}
	for _, other := range []string{
		id("his", wire.KindVisit, "99001", read, "99001", "V2"), id("his", wire.KindTable, "99001", read, "99001", "V1"),
	} {
		if other == first {
			t.Error("the retraction of another key or kind has the same id")
		}
	}
}

func TestIDOfAVisit(t *testing.T) {
	tests := []struct {
		name   string
		change func(d *wire.Data)
		same   bool
	}{
		{"documents in another order", func(d *wire.Data) { slices.Reverse(d.Documents) }, true},
		{"another NGAYLAP", func(d *wire.Data) { d.Envelope.Parts[0] = "<a><NGAYLAP>20261122</NGAYLAP>" }, true},
		{"wrapped in another way", func(d *wire.Data) {
			d.Documents[0].Form = &wire.Form{Wrap: 64, EOL: "\r\n"}
		}, true},
		{"kept whole", func(d *wire.Data) { d.Envelope = wire.Envelope{Whole: []byte("<a/>")} }, true},
		{"another sender", func(d *wire.Data) { d.Sender = "99002" }, true},
		{"new findings", func(d *wire.Data) { d.Findings = []wire.Finding{{Code: "cccd-format"}} }, true},
		{"from another file", func(d *wire.Data) { d.Origin = wire.Origin{File: "x", HoSo: 7} }, true},
		{"bytes where there was text", func(d *wire.Data) {
			d.Documents[0].Binary, d.Documents[0].Content = []byte(d.Documents[0].Content), ""
		}, true},
		{"signed now", func(d *wire.Data) { d.Signed = true }, false},
		{"a document more", func(d *wire.Data) { d.Documents = append(d.Documents, d.Documents[0]) }, false},
		{"a document less", func(d *wire.Data) { d.Documents = d.Documents[:2] }, false},
		{"another table's name", func(d *wire.Data) { d.Documents[0].Type = "XML7" }, false},
		{"a byte changed", func(d *wire.Data) { d.Documents[0].Content += " " }, false},
		{"a letter moved from content to type", func(d *wire.Data) {
			d.Documents[0].Type, d.Documents[0].Content = "XML1<", d.Documents[0].Content[1:]
		}, false},
		{"contents of two documents swapped", func(d *wire.Data) {
			docs := d.Documents
			docs[0].Content, docs[1].Content = docs[1].Content, docs[0].Content
		}, false},
		{"another key", func(d *wire.Data) { d.Key = []string{"99001", "V2"} }, false},
		{"a key's values joined", func(d *wire.Data) { d.Key = []string{"99001/V1"} }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := visitData()
			tt.change(&d)
			e := wire.NewEvent("99001", "his", "HIS", wire.KindVisit, read, d)
			if got := e.ID == visitEvent().ID; got != tt.same {
				t.Errorf("same id = %v, want %v", got, tt.same)
			}
		})
	}
}

func TestIDOfARowHasNoAmbiguity(t *testing.T) {
	id := func(row map[string]string) string {
		d := wire.Data{Key: []string{"1"}, Row: row}
		return wire.NewEvent("99001", "v20", "V20", "k", read, d).ID
	}
	rows := []map[string]string{
		{"A": "1", "B": "2"}, {"A": "2", "B": "1"}, {"A1": "", "B": "2"}, {"A": "1B", "2": ""}, {"A": "1B2"},
		{"A": "1"}, {"A": "1", "B": ""}, {"A": "1", "": ""}, {}, {"row": ""}, {"visit": "unsigned"},
	}
	seen := map[string]int{}
	for i, row := range rows {
		if j, ok := seen[id(row)]; ok {
			t.Errorf("rows %d and %d have one id", j, i)
		}
		seen[id(row)] = i
	}
}

func TestIDDependsOnWhoSaysWhat(t *testing.T) {
	base := rowEvent().ID
	tests := []struct {
		name, station, feed, system, kind string
		same                              bool
	}{
		{"another feed, as when it was renamed", "99001", "v20-moi", "V20", "tiem_chung", true},
		{"the system in small letters", "99001", "v20", "v20", "tiem_chung", true},
		{"another station", "99002", "v20", "V20", "tiem_chung", false},
		{"another system", "99001", "v20", "HIS", "tiem_chung", false},
		{"another kind", "99001", "v20", "V20", "thai_san", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := wire.NewEvent(tt.station, tt.feed, tt.system, tt.kind, read.Add(time.Hour), rowData())
			if got := e.ID == base; got != tt.same {
				t.Errorf("same id = %v, want %v", got, tt.same)
			}
			if err := e.Validate(); err != nil {
				t.Errorf("Validate: %v", err)
			}
		})
	}
}

func TestContentHashLeavesTheVisitAsItIs(t *testing.T) {
	d := visitData()
	slices.Reverse(d.Documents)
	want := slices.Clone(d.Documents)
	d.ContentHash()
	for i := range want {
		if d.Documents[i].Content != want[i].Content {
			t.Errorf("document %d moved", i)
		}
	}
}
