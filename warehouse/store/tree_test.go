package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
)

// keep stores a visit of the given documents, type and content by turns, and gives all rows.
func keep(t *testing.T, kind string, documents ...string) []string {
	t.Helper()
	path := newPath(t)
	st := openStore(t, path, ticking())
	v := &wire.Visit{}
	for i := 0; i < len(documents); i += 2 {
		v.Documents = append(v.Documents, wire.NewDocument(documents[i], []byte(documents[i+1]), nil))
	}
	e := wire.NewEvent("99001", "his", "HIS", kind, time.Unix(0, 0),
		wire.Data{Key: []string{"99001", "P1"}, Facility: "99001", Visit: v})
	for _, r := range ingest(t, st, enrol(t, st, "99001"), incoming(t, e, wire.Stamp{Epoch: 1, Sequence: 1})) {
		if r.Status != wire.Stored {
			t.Fatalf("%s: %s", r.Status, r.Message)
		}
	}
	return query(t, path, `SELECT concat_ws('|', visit, table_name, row_number, fields) FROM rows ORDER BY rowid`)
}

// A health record by QĐ 831, without an element that no row comes of.
const healthRecord = `<HOSOSUCKHOE><THONGTINCHUNG><HOTEN>NGUYỄN VĂN THỬ</HOTEN></THONGTINCHUNG>
<TIENSU><YEUTO><DSYEUTO><LOAI>1</LOAI></DSYEUTO><DSYEUTO><LOAI>2</LOAI></DSYEUTO></YEUTO></TIENSU>
<DANHSACH><HOSOKHAM><CHANDOAN><BENH><MABENH>J00</MABENH></BENH></CHANDOAN><NGAYKHAM>20/11/2026</NGAYKHAM></HOSOKHAM>
<HOSOKHAM><NGAYKHAM>21/11/2026</NGAYKHAM><CHANDOAN><BENH><MABENH>J01</MABENH></BENH><BENH><MABENH>J02</MABENH></BENH>
</CHANDOAN></HOSOKHAM></DANHSACH></HOSOSUCKHOE>`

func TestStore_RowsOfTrees(t *testing.T) {
	tests := []struct {
		name, kind string
		documents  []string
		want       []string
	}{
		{"a health record's elements are tables, in order and with what they stand in", "hssk_831",
			[]string{"HSSK831", healthRecord}, []string{
				`99001/P1|HSSK831.THONGTINCHUNG|1|{"HOTEN":"NGUYỄN VĂN THỬ"}`,
				`99001/P1|HSSK831.DSYEUTO|1|{"LOAI":"1"}`,
				`99001/P1|HSSK831.DSYEUTO|2|{"LOAI":"2"}`,
				`99001/P1|HSSK831.HOSOKHAM|1|{"NGAYKHAM":"20/11/2026"}`,
				`99001/P1|HSSK831.BENH|1|{"#in":"HSSK831.HOSOKHAM#1","MABENH":"J00"}`,
				`99001/P1|HSSK831.HOSOKHAM|2|{"NGAYKHAM":"21/11/2026"}`,
				`99001/P1|HSSK831.BENH|2|{"#in":"HSSK831.HOSOKHAM#2","MABENH":"J01"}`,
				`99001/P1|HSSK831.BENH|3|{"#in":"HSSK831.HOSOKHAM#2","MABENH":"J02"}`,
			}},
		{"attributes are fields, comments aren't", "cda",
			[]string{"CDA", `<?x y?><!-- c --><ClinicalDocument xmlns="urn:hl7-org:v3" id="7"><!-- d -->` +
				`<code code="J00" codeSystem="2.16"/><a><code code="J01"/></a><a><!-- e --></a></ClinicalDocument>`}, []string{
				`99001/P1|CDA.ClinicalDocument|1|{"ClinicalDocument@id":"7","code@code":"J00",` +
					`"code@codeSystem":"2.16"}`,
				`99001/P1|CDA.a|1|{"#in":"CDA.ClinicalDocument#1","code@code":"J01"}`,
			}},
		{"an element in one of its name", "document",
			[]string{"DOCUMENT", "<a><x>1</x><a><x>2</x><a><x>3</x></a></a><a><x>4</x></a></a>"}, []string{
				`99001/P1|DOCUMENT.a|1|{"x":"1"}`,
				`99001/P1|DOCUMENT.a|2|{"#in":"DOCUMENT.a#1","x":"2"}`,
				`99001/P1|DOCUMENT.a|3|{"#in":"DOCUMENT.a#2","x":"3"}`,
				`99001/P1|DOCUMENT.a|4|{"#in":"DOCUMENT.a#1","x":"4"}`,
			}},
		{"plain text is one row", "document", []string{"DOCUMENT", "Phiếu khám\nNGUYỄN VĂN THỬ"},
			[]string{`99001/P1|DOCUMENT|1|{"#text":"Phiếu khám\nNGUYỄN VĂN THỬ"}`}},
		{"documents of one type count on, beside a known table", "kham_suc_khoe",
			[]string{"KSK_XML1", "<A><x>1</x></A>", "XML1", xml1("B"), "KSK_XML1", "<A><x>2</x></A>", "KSK_XML2", ""},
			[]string{
				`99001/P1|KSK_XML1.A|1|{"x":"1"}`, `99001/P1|XML1|1|{"HO_TEN":"B","MA_LK":"V1"}`,
				`99001/P1|KSK_XML1.A|2|{"x":"2"}`,
			}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, keep(t, tt.kind, tt.documents...)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}
