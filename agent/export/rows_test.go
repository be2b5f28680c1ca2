package export_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"tramsync/agent/export"
)

func TestRecord_CutRow(t *testing.T) {
	s := export.Settings{Station: "99001", Kind: "thai_san", Format: export.CSV, Key: []string{"MA"}}
	full := mustDecode(t, "MA;A;B\n1;x;y\n;SECRET;y\n", s)
	without := mustDecode(t, "MA;B\n1;y\n;y\n", s)
	for i, r := range full {
		before := strings.Join(r.Key, "/")
		r.CutRow([]string{"A"})
		if diff := cmp.Diff(without[i].Row, r.Row); diff != "" {
			t.Errorf("row %d (-want +got):\n%s", i+1, diff)
		}
		if diff := cmp.Diff(without[i].Key, r.Key); diff != "" {
			t.Errorf("key of row %d (-want +got):\n%s", i+1, diff)
		}
		if after := strings.Join(r.Key, "/"); (after == before) != (i == 0) {
			t.Errorf("key of row %d was %s and is %s", i+1, before, after)
		}
		if event(r).ID != event(without[i]).ID {
			t.Errorf("row %d gives away by its id that something was cut", i+1)
		}
	}
}

func TestDecode_origins_of_rows(t *testing.T) {
	list := export.Settings{Format: export.CSV, Key: []string{"MA"}}
	var got []string
	for _, r := range mustDecode(t, "\n\nMA;B\n\n1;\"x\r\ny\"\r\n2;\n;\n3;z", list) {
		got = append(got, fmt.Sprint(r.Key[0], " line ", r.Origin.Line))
	}
	list.Format = export.JSON
	for _, r := range mustDecode(t, `[{"MA":1},{},{"MA":2}]`, list) {
		got = append(got, fmt.Sprint(r.Key[0], " index ", r.Origin.Index))
	}
	want := []string{"1 line 5", "2 line 7", "3 line 9", "1 index 1", "2 index 3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("origins (-want +got):\n%s", diff)
	}
}

// The content of a row under one key decides, not what another export of the same list looks like.
func TestDecode_ids_of_rows(t *testing.T) {
	s := export.Settings{Station: "99001", Kind: "x", Format: export.CSV, Key: []string{"MA"},
		Columns: []export.Column{{Name: "MA", From: []string{"Mã"}},
			{Name: "NGAY", From: []string{"Ngày"}, Type: export.Date}}}
	id := func(file string) string { return event(mustDecode(t, file, s)[0]).ID }
	first := id("STT;Mã;Ngày;B\n1;A;01/09/2026;x\n")
	for name, file := range map[string]string{
		"another order of columns": "B;Ngày;Mã;STT\nx;01/09/2026;A;1\n",
		"another running number":   "STT;Mã;Ngày;B\n77;A;01/09/2026;x\n",
		"another form of the date": "STT;Mã;Ngày;B\n1;A;2026-09-01;x\n",
		"canonical names":          "MA;NGAY;B\nA;01/09/2026;x\n",
		"commas and UTF-16":        utf16le("STT,Mã,Ngày,B\r\n1,A,01/09/2026,x\r\n"),
	} {
		if id(file) != first {
			t.Errorf("%s makes it news", name)
		}
	}
	for name, file := range map[string]string{
		"another value": "STT;Mã;Ngày;B\n1;A;01/09/2026;y\n", "another column": "STT;Mã;Ngày;B;C\n1;A;01/09/2026;x;z\n",
		"another key": "STT;Mã;Ngày;B\n1;a;01/09/2026;x\n",
	} {
		if id(file) == first {
			t.Errorf("%s is no news", name)
		}
	}
}

// Every letter of Vietnamese with a mark stands in TCVN 5712 once.
func TestDecode_tcvn3_has_every_letter(t *testing.T) {
	want := map[rune]bool{}
	for _, tone := range []string{"", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"} {
		for _, vowel := range "aăâeêioôơuưyAĂÂEÊIOÔƠUƯYđĐ" {
			letter := []rune(norm.NFC.String(string(vowel) + tone))
			if len(letter) == 1 && letter[0] > 0x7f {
				want[letter[0]] = true
			}
		}
	}
	file := []byte("MA;V\nA;")
	for b := 1; b < 0x100; b++ {
		if !strings.ContainsRune("\r\n\";", rune(b)) {
			file = append(file, byte(b), '.')
		}
	}
	s := export.Settings{Format: export.CSV, Encoding: "tcvn3", Key: []string{"MA"}}
	got := map[rune]bool{}
	for _, r := range mustDecode(t, string(file), s)[0].Row["V"] {
		if r > 0xa0 && !unicode.Is(unicode.Mn, r) {
			if got[r] {
				t.Errorf("%c stands there twice", r)
			}
			got[r] = true
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) != 134 {
		t.Errorf("%d letters (-want +got):\n%s", len(got), diff)
	}
}
