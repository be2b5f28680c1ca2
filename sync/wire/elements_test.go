package wire_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
)

func TestTableOfKnowsRecordsAndTheirWrappers(t *testing.T) {
	for n := range 16 {
		table := fmt.Sprintf("XML%d", n)
		if got := wire.TableOf(wire.RecordElement(table)); got != table {
			t.Errorf("the record of %s belongs to %q", table, got)
		}
	}
	for element, want := range map[string]string{
		"CHI_TIEU_TRANG_THAI_KCB": "XML0", "DSACH_TRANG_THAI_KCB": "XML0", "DSACH_CHI_TIET_THUOC": "XML2",
		"CHITIEU_CHITIET_THUOC": "XML2", "CHITIEU_CHITIET_DVKT_VTYT": "XML3", "DSACH_CHI_TIET_DVKT": "XML3",
		"CHITIEU_CHITIET_DICHVUCANLAMSANG": "XML4", "DSACH_CHI_TIET_CLS": "XML4",
		"CHITIEU_CHITIET_DIENBIENLAMSANG": "XML5", "DSACH_CHI_TIET_DIEN_BIEN_BENH": "XML5",
		"CHI_TIEU_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS": "XML6",
		"DSACH_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS":    "XML6",
		"CHI_TIEU_DU_LIEU_GIAY_CHUNG_SINH":                     "XML9", "DSACH_GIAYCHUNGSINH": "XML9",
		"CHI_TIEU_DIEUTRI_BENHLAO": "XML15", "DSACH_CHITIET_DIEUTRI_BENHLAO": "XML15",
		"": "", "GIAMDINHHS": "", "tong_hop": "", "XML6": "",
	} {
		if got := wire.TableOf(element); got != want {
			t.Errorf("TableOf(%s) = %q, want %q", element, got, want)
		}
	}
}

func TestEnclosingFindsTheInnermostElement(t *testing.T) {
	const doc = "<A><B><C>1</C><B><C>ễ</C></B></B><!--<B>--><B/></A>"
	tests := []struct {
		name   string
		names  []string
		at     int64
		want   string
		absent bool
	}{
		{"around a leaf", []string{"B"}, 6, "<B><C>1</C><B><C>ễ</C></B></B>", false},
		{"the inner of two", []string{"B"}, 20, "<B><C>ễ</C></B>", false},
		{"at its first byte", []string{"C"}, 6, "<C>1</C>", false},
		{"at its last byte", []string{"C"}, 13, "<C>1</C>", false},
		{"behind its last byte", []string{"C"}, 14, "", true},
		{"the nearest of several names", []string{"A", "C", "B"}, 18, "<C>ễ</C>", false},
		{"the root", []string{"A"}, 18, doc, false},
		{"an element without content", []string{"B"}, 45, "<B/>", false},
		{"of no such name", []string{"b", "X"}, 6, "", true},
		{"of no name", nil, 6, "", true},
		{"beyond the end", []string{"A"}, 1000, "", true},
		{"before the beginning", []string{"A"}, -1, "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, ok := wire.Enclosing([]byte(doc), tt.names, []int64{tt.at})[tt.at]
			if ok == tt.absent || ok && doc[r[0]:r[1]] != tt.want {
				t.Errorf("Enclosing = %d, %v; want %q", r, ok, tt.want)
			}
		})
	}
	for name, broken := range map[string]string{
		"cut off": "<A><B>1</B>", "crossed": "<A><B>1</A></B>", "no XML": "A B", "nothing": "", "an end alone": "</A>",
	} {
		if found := wire.Enclosing([]byte(broken), []string{"A", "B"}, []int64{0, 4}); len(found) > 0 {
			t.Errorf("%s: found %v", name, found)
		}
	}
}

func TestEnclosingCountsInCleanText(t *testing.T) {
	doc := []byte("\ufeff<A>\ufeff<B>\x01</B></A>")
	r := wire.Enclosing(doc, []string{"B"}, []int64{4})[4]
	if got := string(wire.CleanXML(doc)[r[0]:r[1]]); got != "<B> </B>" {
		t.Errorf("Enclosing = %q", got)
	}
}

func TestEnclosingTakesManyOffsets(t *testing.T) {
	const doc = "<A><B>1</B><C><B>2</B>3</C><B/></A>"
	want := map[int64][2]int64{4: {3, 11}, 10: {3, 11}, 15: {14, 22}, 30: {27, 31}}
	got := wire.Enclosing([]byte(doc), []string{"B"}, []int64{30, 4, 15, 24, 4, 0, 10, 100})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	want = map[int64][2]int64{4: {0, 35}, 15: {11, 27}, 24: {11, 27}, 30: {0, 35}, 0: {0, 35}}
	if diff := cmp.Diff(want, wire.Enclosing([]byte(doc), []string{"A", "C"}, []int64{0, 4, 15, 24, 30})); diff != "" {
		t.Error(diff)
	}
}
