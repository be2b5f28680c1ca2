package wire_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"testing"

	"tramsync/sync/wire"
)

const (
	secret  = "DUONGTINH"
	trimDoc = "<T><A>1</A><S_HIV>" + secret + "</S_HIV><B>ễ</B><R_HIV>" + secret + "</R_HIV><C>3</C></T>"
	trimmed = "<T><A>1</A><B>ễ</B><C>3</C></T>"
)

// secretRanges are the fields of doc with the secret in them.
func secretRanges(t *testing.T, doc []byte) [][2]int64 {
	t.Helper()
	table, err := wire.ParseTable("XML15", doc)
	if err != nil {
		t.Fatal(err)
	}
	var out [][2]int64
	for _, r := range table.Rows {
		for _, f := range r.Fields {
			if bytes.Contains([]byte(f.Value), []byte(secret)) {
				out = append(out, [2]int64{f.Start, f.End})
			}
		}
	}
	return out
}

func TestCutOutLeavesNothingOfTheFields(t *testing.T) {
	b64 := base64.StdEncoding.EncodeToString
	utf := utf16Bytes("\ufeff"+trimDoc, binary.LittleEndian)
	nested := "<W><T><A_HIV>" + secret + "</A_HIV><U><B_HIV>" + secret + "</B_HIV><X>1</X></U><Y>2</Y></T></W>"
	mixed := "<W><T_HIV>" + secret + "<A_HIV>" + secret + "</A_HIV>x</T_HIV><Y>2</Y></W>"
	marks := "\ufeff<T>\ufeff" + trimDoc[3:]
	tests := []struct{ name, doc, raw, want string }{
		{"as it is", trimDoc, b64([]byte(trimDoc)), trimmed},
		{"in CDATA", trimDoc, "<![CDATA[" + b64([]byte(trimDoc)) + "]]>", trimmed},
		{"with marks before and inside", marks, b64([]byte(marks)), trimmed},
		{"in UTF-16", string(utf), b64(utf), trimmed},
		{"an inner record before the rest of the outer", nested, b64([]byte(nested)),
			"<W><T><U><X>1</X></U><Y>2</Y></T></W>"},
		{"a field within another", mixed, b64([]byte(mixed)), "<W><Y>2</Y></W>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := wire.UnwrapBase64("XML15", tt.raw, b64([]byte(tt.doc)))
			if err != nil {
				t.Fatal(err)
			}
			source := []byte("<N>" + tt.raw + "</N>")
			v := &wire.Visit{Documents: []wire.Document{wire.NewDocument("XML1", []byte("<a/>"), nil), d},
				Envelope: wire.Envelope{Parts: []string{"<M>", "</M><N>", "</N>"}, Whole: source}}
			v.CutOut(1, secretRanges(t, []byte(tt.doc)))
			v.Seal(source) // as a caller might who forgets
			if got := string(v.Documents[1].Bytes()); got != tt.want {
				t.Errorf("left: %s\nwant: %s", got, tt.want)
			}
			e := wire.NewEvent("99001", "his", "HIS", "visit", read, wire.Data{Key: []string{"k"}, Visit: v})
			nothingLeft(t, &e, tt.doc)
			if got, err := v.Original(); err == nil {
				t.Errorf("Original = %q", got)
			}
			if err := e.Validate(); err != nil {
				t.Errorf("Validate: %v", err)
			}
		})
	}
}

// nothingLeft looks for the secret in the marshalled event: as it is, and in the base64 it had.
func nothingLeft(t *testing.T, e *wire.Event, doc string) {
	t.Helper()
	text, err := e.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	packed := base64.StdEncoding.EncodeToString([]byte(doc))
	for _, trace := range []string{secret, packed[len(packed)/2 : len(packed)/2+16],
		base64.StdEncoding.EncodeToString([]byte(packed))[40:60]} {
		if bytes.Contains(text, []byte(trace)) {
			t.Errorf("%q is left in %s", trace, text)
		}
	}
}

func TestCutOutTakesAnyRanges(t *testing.T) {
	const doc = "0123456789"
	tests := []struct {
		name   string
		ranges [][2]int64
		want   string
	}{
		{"none", nil, doc},
		{"one", [][2]int64{{2, 4}}, "01456789"},
		{"out of order", [][2]int64{{6, 8}, {2, 4}}, "014589"},
		{"touching", [][2]int64{{2, 4}, {4, 6}}, "016789"},
		{"overlapping", [][2]int64{{2, 5}, {4, 8}}, "0189"},
		{"one within another", [][2]int64{{1, 9}, {3, 4}}, "09"},
		{"the same twice", [][2]int64{{2, 4}, {2, 4}}, "01456789"},
		{"everything", [][2]int64{{0, 10}}, ""},
		{"beyond the end", [][2]int64{{8, 12}, {20, 30}}, "01234567"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := &wire.Visit{Documents: []wire.Document{wire.NewDocument("X", []byte(doc), &wire.Form{Raw: doc})}}
			v.CutOut(0, tt.ranges)
			if got := string(v.Documents[0].Bytes()); got != tt.want || v.Documents[0].Form != nil {
				t.Errorf("left %q in form %+v, want %q", got, v.Documents[0].Form, tt.want)
			}
			if !v.Envelope.Trimmed {
				t.Error("the visit isn't marked as trimmed")
			}
		})
	}
}
