package intake_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/intake"
	"tramsync/sync/screen"
	"tramsync/sync/wire"
	"tramsync/testdata/zoo"
)

// parse makes a rule set of one rule.
func parse(t *testing.T, rule string) *screen.Rules {
	t.Helper()
	rules, err := screen.Parse([]byte("schema: 1\nversion: 2027-01-01.1\nrules:\n  - " + rule))
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// Each action leaves out what it says, Preview says the same by rule, and nothing of it is anywhere.
func TestActions(t *testing.T) {
	const drug1 = "<CHI_TIET_THUOC><STT>1</STT><X>bí mật</X></CHI_TIET_THUOC>"
	const drug2 = "<CHI_TIET_THUOC><STT>2</STT><N><M>bí mật</M></N></CHI_TIET_THUOC>"
	const drug3 = "<CHI_TIET_THUOC><STT>3</STT></CHI_TIET_THUOC>"
	visit := zoo.Visits(zoo.HoSo(zoo.Doc("XML1", zoo.Summary("L1")), zoo.Doc("XML2", "<DS>"+drug1+drug2+drug3+"</DS>")))
	rows := "MA;X\nA;bí mật\nB;y\n"
	key := zoo.Visits(zoo.HoSo(zoo.Doc("XML1", "<W>"+zoo.Summary("bí mật")+"</W>"), zoo.Doc("XML2", "<DS>"+drug3+"</DS>")))
	named := "<CHI_TIET_THUOC><STT>2</STT></CHI_TIET_THUOC>"
	tests := []struct {
		name, action, feed, file string
		want                     []string // documents XML2, or columns, of the records
		withheld, trimmed        int
	}{
		{"the visit", "drop_visit", "his", visit, nil, 1, 0},
		{"the records", "drop_record", "his", visit, []string{"<DS>" + drug3 + "</DS>"}, 0, 1},
		{"the fields", "drop_fields", "his", visit, []string{"<DS>" +
			"<CHI_TIET_THUOC><STT>1</STT></CHI_TIET_THUOC><CHI_TIET_THUOC><STT>2</STT><N></N></CHI_TIET_THUOC>" +
			drug3 + "</DS>"}, 0, 1},
		{"the elements", "drop_nodes", "his", visit, []string{"<DS>" + named + drug3 + "</DS>"}, 0, 1},
		{"an element that isn't around all", "drop_nodes, node: [N]", "his", visit, nil, 1, 0},
		{"a named element", "drop_nodes, node: [N, CHI_TIET_THUOC]", "his", visit,
			[]string{"<DS>" + named + drug3 + "</DS>"}, 0, 1},
		{"the whole document", "drop_nodes, node: [DS]", "his", visit, nil, 1, 0},
		{"the row", "drop_visit", "births", rows, []string{"B y"}, 1, 0},
		{"the row as a record", "drop_record", "births", rows, []string{"B y"}, 1, 0},
		{"the column", "drop_fields", "births", rows, []string{"A ", "B y"}, 0, 1},
		{"the row as an element", "drop_nodes", "births", rows, []string{"B y"}, 1, 0},
		{"what is in the key too", "drop_record", "his", key, nil, 1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, rules := newStation(t, nil), parse(t, "{id: C, text: [\"bí mật\"], action: "+tt.action+"}")
			s.with(func(set *intake.Settings) { set.Rules = rules })
			f := s.write(tt.feed, "a", tt.file)
			said, err := s.in.Preview(t.Context(), f)
			if err != nil || said.Withheld["C"] != tt.withheld || said.Trimmed["C"] != tt.trimmed {
				t.Errorf("Preview: %+v, %v", said, err)
			}
			var got []string
			for _, e := range s.take(f) {
				got = append(got, contentOf(&e))
				if excluded, err := rules.Excluded(&e); excluded || err != nil {
					t.Errorf("the warehouse: %v, %v", excluded, err)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if n := s.counts(""); n["withheld.C"] != tt.withheld || n["trimmed.C"] != tt.trimmed {
				t.Errorf("counters %v", n)
			}
			for _, form := range forms("bí mật") {
				if bytes.Contains(s.everything(), form) {
					t.Error("it is still there")
				}
			}
		})
	}
}

// contentOf is a visit's second document, or a row's two columns.
func contentOf(e *wire.Event) string {
	if e.Data.Visit != nil {
		return e.Data.Documents[1].Content
	}
	return e.Data.Row["MA"] + " " + e.Data.Row["X"]
}

// A finding names its column: it goes with it.
func TestFindingsGoWithTheirColumns(t *testing.T) {
	rules := parse(t, "{id: C, filled: true, fields: [\"*.NGAY*\"], action: drop_fields}")
	s := newStation(t, func(set *intake.Settings) { set.Rules = rules })
	got := s.take(s.write("csv", "a.csv", "Mã đối tượng;Mũi số;Ngày tiêm\nA;1;31/09/2026\n"))
	if len(got) != 1 || len(got[0].Data.Findings) != 0 || got[0].Data.Row["NGAY_TIEM"] != "" {
		t.Errorf("%+v", got)
	}
}
