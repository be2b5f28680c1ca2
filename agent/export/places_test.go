package export_test

import (
	"fmt"
	"strings"
	"testing"

	"tramsync/testdata/zoo"
)

// twoLists are three visits in two lists, with an empty signature before them.
func twoLists() string {
	visit := func(n int) string { return zoo.HoSo(zoo.Doc("XML1", zoo.Summary(fmt.Sprintf("PERSON%d", n)))) }
	return "<GIAMDINHHS><THONGTINDONVI><CHUKYDONVI/><TEN>MARKER</TEN></THONGTINDONVI>" +
		"<THONGTINHOSO><DANHSACHHOSO>" + visit(1) + "<!-- BETWEEN -->" + visit(2) +
		"</DANHSACHHOSO><DANHSACHHOSO>" + visit(3) + "</DANHSACHHOSO></THONGTINHOSO></GIAMDINHHS>"
}

func TestDecode_keeps_of_several_lists_what_is_every_visits(t *testing.T) {
	list := mustDecode(t, twoLists(), his())
	if len(list) != 3 {
		t.Fatalf("%d records", len(list))
	}
	for i, r := range list {
		if r.Visit.Signed {
			t.Errorf("record %d: an empty signature has become one", i+1)
		}
		if shown := fmt.Sprint(r.Tables); !strings.Contains(shown, "MARKER") || strings.Contains(shown, "BETWEEN") {
			t.Errorf("record %d shows screening %s", i+1, shown)
		}
		original, err := r.Visit.Original()
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(original), "<HOSO>"); n != 1 {
			t.Errorf("record %d keeps %d HOSO", i+1, n)
		}
	}
}
