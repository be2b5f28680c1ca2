package screen_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"tramsync/sync/wire"
)

func TestExcluded(t *testing.T) {
	doc := func(name, text string) wire.Data {
		return wire.Data{Visit: &wire.Visit{Documents: []wire.Document{
			wire.NewDocument("XML1", []byte("<TONG_HOP><MA_BENH_CHINH>I10</MA_BENH_CHINH></TONG_HOP>"), nil),
			wire.NewDocument(name, []byte(text), nil)}}}
	}
	cell := func(name, value string) wire.Data { return wire.Data{Row: map[string]string{name: value}} }
	tests := []struct {
		name  string
		event *wire.Event
		want  bool
	}{
		{"a clean visit", event(doc("XML2", "<R><A>1</A></R>"), "HIS", "visit"), false},
		{"a visit to drop", event(doc("XML6", "<R><A>1</A></R>"), "HIS", "visit"), true},
		{"a visit with a field to cut", event(doc("XML15", "<R><BDDT_ARV>1</BDDT_ARV></R>"), "HIS", "visit"), true},
		{"a document in bytes", event(doc("XML2", "\xff\xfeH\x00"), "HIS", "visit"), false},
		{"a clean row", event(cell("A", "1"), "V20", "thai_san"), false},
		{"a row to drop", event(cell("ICD", "B20"), "V20", "thai_san"), true},
		{"a row with a field to cut", event(cell("A", "HIV"), "V20", "thai_san"), true},
		{"a row of a kind that is never taken in", event(cell("A", "1"), "V20", "hiv"), true},
	}
	tests[3].event.Data.Documents[1].Binary = []byte("\xff\xfe<\x00R\x00/\x00>\x00")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := builtin(t).Excluded(tt.event)
			if err != nil || got != tt.want {
				t.Errorf("Excluded = %v, %v; want %v", got, err, tt.want)
			}
		})
	}
	for name, e := range map[string]*wire.Event{
		"a document that can't be read": event(doc("XML2", "<R>"), "HIS", "visit"), "another type": {Type: "x"},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := builtin(t).Excluded(e); err == nil {
				t.Errorf("Excluded = %v without an error", got)
			}
		})
	}
}

const cleanVisit = "<TONG_HOP><MA_LK>V1</MA_LK></TONG_HOP>"

// hidingPlace puts text somewhere into a record of a visit.
type hidingPlace struct {
	name string
	put  func(e *wire.Event, s string)
}

func hidingPlaces() []hidingPlace {
	packed := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	return []hidingPlace{
		{"key", func(e *wire.Event, s string) { e.Data.Key[0] = s }},
		{"facility", func(e *wire.Event, s string) { e.Data.Facility = s }},
		{"MA_LK", func(e *wire.Event, s string) { e.Data.MaLK = s }},
		{"sender", func(e *wire.Event, s string) { e.Data.Sender = s }},
		{"standard", func(e *wire.Event, s string) { e.Data.Standard = s }},
		{"sheet", func(e *wire.Event, s string) { e.Data.Origin.Sheet = s }},
		{"file", func(e *wire.Event, s string) { e.Data.Origin.File = s }},
		{"finding", func(e *wire.Event, s string) { e.Data.Findings = []wire.Finding{{Code: "x", At: "row." + s}} }},
		{"finding's code", func(e *wire.Event, s string) { e.Data.Findings = []wire.Finding{{Code: s}} }},
		{"document's type", func(e *wire.Event, s string) { e.Data.Documents[0].Type = s }},
		{"encoding", func(e *wire.Event, s string) { e.Data.Envelope.Encoding = s }},
		{"lead", func(e *wire.Event, s string) { e.Data.Documents[0].Form = &wire.Form{Lead: s} }},
		{"trail", func(e *wire.Event, s string) { e.Data.Documents[0].Form = &wire.Form{Trail: s} }},
		{"raw", func(e *wire.Event, s string) {
			e.Data.Documents[0].Form = &wire.Form{Raw: packed("<X><Y>" + s + "</Y></X>")}
		}},
		{"raw beside the document", func(e *wire.Event, s string) {
			e.Data.Documents[0].Form = &wire.Form{Raw: "<!-- " + s + " -->" + packed(cleanVisit)}
		}},
		{"parts", func(e *wire.Event, s string) { e.Data.Envelope.Parts = []string{"<A><B>", "</B><C>" + s + "</C></A>"} }},
		{"parts that are no XML", func(e *wire.Event, s string) { e.Data.Envelope.Parts = []string{"<A ", s} }},
		{"an attribute in the parts", func(e *wire.Event, s string) {
			e.Data.Envelope.Parts = []string{`<A b="` + s + `">`, "</A>"}
		}},
		{"base64 in the parts", func(e *wire.Event, s string) {
			e.Data.Envelope.Parts = []string{"<A><B>" + packed("<X><Y>"+s+"</Y></X>"), "</B></A>"}
		}},
		{"XML as text in the parts", func(e *wire.Event, s string) {
			e.Data.Envelope.Parts = []string{"<A><B><![CDATA[<X><Y>" + s + "</Y></X>]]>", "</B></A>"}
		}},
		{"the file whole", func(e *wire.Event, s string) { e.Data.Envelope.Whole = []byte("<A><B>" + s + "</B></A>") }},
		{"a document in the file whole", func(e *wire.Event, s string) {
			e.Data.Envelope.Whole = []byte("<A><NOIDUNGFILE>" + packed("<X><Y>"+s+"</Y></X>") + "</NOIDUNGFILE></A>")
		}},
		{"the file whole, no UTF-8", func(e *wire.Event, s string) {
			e.Data.Envelope.Whole = []byte("<A><!-- \xff" + s + "\xff --></A>")
		}},
		{"base64 in what is no XML", func(e *wire.Event, s string) {
			e.Data.Envelope.Parts = []string{"<A ", packed("Kết quả xét nghiệm máu là: " + s)}
		}},
		{"the file whole, no XML", func(e *wire.Event, s string) { e.Data.Envelope.Whole = []byte(s + ";2") }},
	}
}

// Everything that a record of a visit carries is judged, wherever a station wouldn't have left it.
func TestExcludedLooksEverywhere(t *testing.T) {
	rules := builtin(t)
	for _, tt := range hidingPlaces() {
		t.Run(tt.name, func(t *testing.T) {
			for word, want := range map[string]bool{"HIV": true, "nghiện ma túy": true, "xx": false, "IHV": false} {
				e := event(wire.Data{Visit: &wire.Visit{
					Documents: []wire.Document{wire.NewDocument("XML1", []byte(cleanVisit), nil)}}}, "HIS", "visit")
				tt.put(e, word)
				if got, err := rules.Excluded(e); err != nil || got != want {
					t.Errorf("%s: %v, %v", word, got, err)
				}
			}
		})
	}
}

// A code in a table that only the whole file has is found by its element.
func TestTheFileWholeIsJudgedByItsElements(t *testing.T) {
	rules := builtin(t)
	const own = "<TONG_HOP><MA_LK>V1</MA_LK></TONG_HOP>"
	b64 := base64.StdEncoding.EncodeToString
	file := func(inside string) []byte {
		return []byte("<GIAMDINHHS><NOIDUNGFILE>" + b64([]byte(own)) + "</NOIDUNGFILE><NOIDUNGFILE>" + inside +
			"</NOIDUNGFILE></GIAMDINHHS>")
	}
	tests := []struct {
		name, inside string
		want, fault  bool
	}{
		{"nothing more", "", false, false},
		{"the document again, wrapped", b64([]byte(own))[:40] + "\r\n" + b64([]byte(own))[40:], false, false},
		{"the document again, in CDATA", "<![CDATA[" + own + "]]>", false, false},
		{"a clean document", b64([]byte("<TONG_HOP><MA_BENH>J00</MA_BENH></TONG_HOP>")), false, false},
		{"a code", b64([]byte("<TONG_HOP><MA_BENH>B20</MA_BENH></TONG_HOP>")), true, false},
		{"a code, inline", "<TONG_HOP><MA_BENH>B20</MA_BENH></TONG_HOP>", true, false},
		{"XML6", b64([]byte("<HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS><A>1</A>" +
			"</HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS>")), true, false},
		{"what can't be read", b64([]byte("\x00\x01%PDF-1.4 \xff\xfe\x00 binary")), false, true},
		{"no base64", "%%%", false, true},
		{"a word", "HIV", false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := &wire.Visit{Documents: []wire.Document{wire.NewDocument("XML1", []byte(own), nil)}}
			v.Envelope.Whole = file(tt.inside)
			got, err := rules.Excluded(event(wire.Data{Visit: v}, "HIS", "visit"))
			if got != tt.want || (err != nil) != tt.fault {
				t.Errorf("Excluded = %v, %v", got, err)
			}
		})
	}
}

// What can't be read can't be judged, whatever part of the file it is.
func TestWhatIsNoTextIsAnError(t *testing.T) {
	rules := builtin(t)
	packed := base64.StdEncoding.EncodeToString([]byte("%PDF-1.7 \x00\xff and whatever else is in it"))
	for name, text := range map[string]string{
		"bytes": "\x01\x02\x80\xff\xfe\x03", "a PDF": "%PDF-1.7 x", "a zip": "PK\x03\x04\x14\x00",
		"a PDF in base64 in XML": "<A><B>" + packed + "</B></A>", "in what is no XML": "<A><B>" + packed + "</A>",
		"in words": "tệp " + packed, "XML too deep": strings.Repeat("<a>", 70) + "\n" + packed + "\n",
	} {
		for place, put := range map[string]func(*wire.Visit){
			"whole": func(v *wire.Visit) { v.Envelope.Whole = []byte(text) },
			"parts": func(v *wire.Visit) { v.Envelope.Parts = []string{text, ""} },
			"lead":  func(v *wire.Visit) { v.Documents[0].Form = &wire.Form{Lead: text} },
		} {
			v := &wire.Visit{Documents: []wire.Document{wire.NewDocument("XML1", []byte("<A><B>1</B></A>"), nil)}}
			put(v)
			if got, err := rules.Excluded(event(wire.Data{Visit: v}, "HIS", "visit")); err == nil {
				t.Errorf("%s, %s: %v without an error", name, place, got)
			}
		}
	}
}

// In a signature's numbers any word may come up; elsewhere it is one.
func TestWordsInSignaturesAreChance(t *testing.T) {
	rules := builtin(t)
	number := strings.Repeat("x/HIV/aB", 6) // base64 of what is no text
	for place, want := range map[string]bool{
		"<A><CHUKYDONVI><SignatureValue>%</SignatureValue></CHUKYDONVI>": false,
		"<A><CHUKYDONVI>%</CHUKYDONVI>":                                  false,
		"<A><SIGNATURE>%</SIGNATURE>":                                    false,
		"<A><GHICHU>%</GHICHU>":                                          true,
		"<A><CHUKYDONVI a=\"%\"/>":                                       true,
		"<A><CHUKYDONVI>Hồ sơ HIV</CHUKYDONVI>":                          true,
		"<A><B>tiem chich va nhiem HIV tu nam truoc</B>":                 true,
	} {
		v := &wire.Visit{Documents: []wire.Document{wire.NewDocument("XML1", []byte("<A><B>1</B></A>"), nil)}}
		v.Envelope.Parts = []string{strings.Replace(place, "%", number, 1), "</A>"}
		if got, err := rules.Excluded(event(wire.Data{Visit: v}, "HIS", "visit")); err != nil || got != want {
			t.Errorf("%s: %v, %v", place, got, err)
		}
	}
}

func TestAFeedThatSaysSoIsExcluded(t *testing.T) {
	rules := builtin(t)
	data := wire.Data{Row: map[string]string{"A": "1"}, Key: []string{"k"}}
	for feed, want := range map[string]bool{"phong-chong-hiv": true, "methadone": true, "his": false, "xml6": true} {
		e := event(data, "V20", "tiem_chung")
		e.Source = wire.Source("99001", feed)
		if got, err := rules.Excluded(e); err != nil || got != want {
			t.Errorf("%s: %v, %v", feed, got, err)
		}
		if got := rules.File("tiem_chung", "/srv/x.csv", feed) != ""; got != want {
			t.Errorf("%s at the station: %v", feed, got)
		}
	}
	e := event(data, "V20", "tiem_chung")
	e.Source = "x"
	if got, err := rules.Excluded(e); err == nil {
		t.Errorf("another source: %v", got)
	}
}
