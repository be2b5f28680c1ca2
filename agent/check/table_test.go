package check_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/check"
	"tramsync/sync/wire"
)

// tableCase is a visit's tables as a whole.
type tableCase struct {
	name     string
	tables   []wire.Table
	facility string
	want     []string
}

func tableCases() []tableCase {
	clean := cleanTables()
	last := slices.Clone(clean)
	slices.Reverse(last)
	foreign := cleanTables()
	foreign[0].Rows[0].Fields = append(foreign[0].Rows[0].Fields, wire.Field{Name: "MA_CSKCB", Value: "99003"})
	return []tableCase{
		{"the order of tables doesn't count", last, "99001", nil},
		{"the station's other code is its own", clean, "99002", nil},
		{"space around the facility doesn't count", clean, " 99001 ", nil},
		{"another's facility, where it stands", foreign, "99003", []string{"facility-foreign XML1[1].MA_CSKCB"}},
		{"another's facility that no table names", clean, "99003", []string{"facility-foreign MA_CSKCB"}},
		{"a broken facility isn't another's", clean, "9900", nil},
		{"an unknown table isn't looked into", plus(table("XML16", row("XML16", "MA_LK=L2 NGAY_VAO=x"))), "99001",
			[]string{"table-unknown document[7]"}},
		{"a table without a name", plus(wire.Table{}), "99001", []string{"table-unknown document[7]"}},
		{"a table twice", plus(clean[1]), "99001", []string{"table-duplicate XML2"}},
		{"a table thrice", plus(clean[1], clean[1]), "99001",
			[]string{"table-duplicate XML2", "table-duplicate XML2"}},
		{"the first XML1 counts", plus(table("XML1", row("XML1", "MA_LK=L2"))), "99001",
			[]string{"table-duplicate XML1", "malk-differs XML1[1].MA_LK"}},
		{"empty tables are nothing", plus(table("XML6")), "99001", nil},
		{"no XML1", without("XML1"), "99001", []string{"xml1-missing XML1"}},
		{"an empty XML1", append(without("XML1"), table("XML1")), "99001", []string{"xml1-missing XML1"}},
		{"no tables", nil, "99001", []string{"xml1-missing XML1"}},
	}
}

func table(name string, rows ...wire.TableRow) wire.Table { return wire.Table{Name: name, Rows: rows} }

// plus is the clean visit with more tables.
func plus(more ...wire.Table) []wire.Table { return append(cleanTables(), more...) }

func recordCases() []tableCase {
	blank := "MA_LK=\u200b"
	long := cleanTables()
	for _, t := range long {
		for i := range t.Rows {
			t.Rows[i].Fields[0].Value = strings.Repeat("9", 101)
		}
	}
	slices.Reverse(long)
	wrapper := wire.TableRow{Element: "WRAPPER", Fields: []wire.Field{
		{Name: "MA_LK", Value: "L0"}, {Name: "NGAY_YL", Value: "x"}}}
	return []tableCase{
		{"MA_LK is looked at in XML1, wherever that stands", long, "99001", []string{"malk-too-long XML1[1].MA_LK"}},
		{"without XML1 it is looked at once", []wire.Table{table("XML2", row("XML2", blank), row("XML2", blank))},
			"99001", []string{"malk-unprintable XML2[1].MA_LK", "xml1-missing XML1"}},
		{"without XML1 the first record has it", []wire.Table{table("XML2", wrapper, row("XML2", "MA_LK=L1"))}, "99001",
			[]string{"xml1-missing XML1"}},
		{"a check-in needs no XML1 and has its own stay", []wire.Table{
			table("XML0", row("XML0", "MA_LK=L1 NGAY_VAO=202611201100 NGAY_YL=202611201059"))}, "99001",
			[]string{"date-order XML0[1].NGAY_YL"}},
		{"XML12 has no MA_LK", plus(table("XML12", row("XML12", "NGAY_HOP=20261120"))), "99001", nil},
		{"rows of other elements aren't records", plus(table("XML15", wrapper, row("XML15", "MA_LK=L1 NGAY_X=x"))),
			"99001", []string{"date-invalid XML15[1].NGAY_X"}},
		{"where no row has the record's name all are records", plus(table("XML15", wrapper)), "99001",
			[]string{"malk-differs XML15[1].MA_LK", "date-invalid XML15[1].NGAY_YL"}},
	}
}

func TestChecker_Visit_tables(t *testing.T) {
	for _, c := range append(tableCases(), recordCases()...) {
		t.Run(c.name, func(t *testing.T) {
			wantFindings(t, newChecker().Visit(wire.KindVisit, visit4750(), c.tables, c.facility), c.want...)
		})
	}
}

func TestChecker_Visit_sender(t *testing.T) {
	for sender, want := range map[string][]string{
		"":              nil,
		" 99001 ":       nil,
		"99999":         nil, // a district's centre sends for its stations
		"8930000000001": nil,
		"9901":          {"facility-format THONGTINDONVI.MACSKCB"},
	} {
		t.Run("sender "+sender, func(t *testing.T) {
			v := &wire.Visit{Standard: "4750", Sender: sender}
			wantFindings(t, newChecker().Visit(wire.KindVisit, v, cleanTables(), "99001"), want...)
		})
	}
}

func TestChecker_Visit_without_own_codes_knows_no_foreign_facility(t *testing.T) {
	wantFindings(t, check.New(check.Settings{}).Visit(wire.KindVisit, visit4750(), cleanTables(), "88001"))
}

func TestNew_keeps_a_copy_of_the_codes(t *testing.T) {
	codes := []string{"99001"}
	c := check.New(check.Settings{Facilities: codes})
	codes[0] = "88001"
	wantFindings(t, c.Visit(wire.KindVisit, visit4750(), cleanTables(), "99001"))
}

func TestChecker_Visit_caps_its_findings(t *testing.T) {
	for _, c := range []struct {
		name      string
		rows, all int
	}{
		{"49 are listed", 49, 49},
		{"50 are listed", 50, 50},
		{"of 51 the first 50 are listed", 51, 51},
		{"of 1000 the first 50 are listed", 1000, 51},
	} {
		t.Run(c.name, func(t *testing.T) {
			tables := cleanTables()
			tables[1].Rows = nil
			for range c.rows {
				tables[1].Rows = append(tables[1].Rows, row("XML2", "MA_LK=L1 NGAY_YL=x"))
			}
			got := lines(newChecker().Visit(wire.KindVisit, visit4750(), tables, "99001"))
			if len(got) != c.all {
				t.Fatalf("%d findings, want %d", len(got), c.all)
			}
			want := "date-invalid XML2[49].NGAY_YL"
			if diff := cmp.Diff(want, got[48]); diff != "" {
				t.Error(diff)
			}
			if capped := got[len(got)-1] == "findings-capped record"; capped != (c.rows > check.MaxFindings) {
				t.Errorf("last finding: %s", got[len(got)-1])
			}
		})
	}
}
