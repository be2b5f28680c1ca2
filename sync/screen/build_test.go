package screen_test

import (
	"html"
	"slices"
	"strings"
	"testing"

	"tramsync/sync/screen"
	"tramsync/sync/wire"
)

func builtin(t testing.TB) *screen.Rules {
	t.Helper()
	rules, err := screen.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

// parse makes a rule set of the lines of its rules.
func parse(t testing.TB, rules ...string) *screen.Rules {
	t.Helper()
	r, err := screen.Parse([]byte("schema: 1\nversion: 2027-01-01.1\nrules:\n  - " + strings.Join(rules, "\n  - ")))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func table(t testing.TB, name, doc string) wire.Table {
	t.Helper()
	out, err := wire.ParseTable(name, []byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// cells makes tables of cells written XML1.MA_BENH_CHINH=B20.0, all of a table in one record.
func cells(t testing.TB, list ...string) []wire.Table {
	t.Helper()
	var names []string
	bodies := map[string]string{}
	for _, c := range list {
		place, value, _ := strings.Cut(c, "=")
		name, field, _ := strings.Cut(place, ".")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		bodies[name] += "<" + field + ">" + html.EscapeString(value) + "</" + field + ">"
	}
	var out []wire.Table
	for _, name := range names {
		element := wire.RecordElement(name)
		out = append(out, table(t, name, "<W><"+element+"><MA_LK>V1</MA_LK>"+bodies[name]+"</"+element+"></W>"))
	}
	return out
}

// verdict says in one line what the rules make of a record: "", "drop ID", or "cut ID ID: PLACE PLACE". The record is
// a visit of cells, or a row of another kind, whose cells are COLUMN=VALUE.
func verdict(t testing.TB, rules *screen.Rules, kind string, list ...string) string {
	t.Helper()
	if kind == wire.KindVisit {
		return told(rules, kind, cells(t, list...))
	}
	row := map[string]string{}
	for _, c := range list {
		column, value, _ := strings.Cut(c, "=")
		row[column] = value
	}
	drop, cut, by := rules.Row(kind, row, nil)
	return line(drop, cut, by)
}

func told(rules *screen.Rules, kind string, tables []wire.Table) string {
	v := rules.Record(kind, tables)
	var cut []string
	for _, p := range v.Cut {
		tb := &tables[p.Table]
		extent := []string{"", "record of ", "node of "}[p.Extent]
		cut = append(cut, extent+tb.Name+"."+tb.Rows[p.Row].Fields[p.Field].Name)
	}
	return line(v.Drop, cut, v.CutBy)
}

func line(drop string, cut, by []string) string {
	switch {
	case drop != "" && len(cut)+len(by) > 0:
		return "both drop and cut"
	case drop != "":
		return "drop " + drop
	case len(cut)+len(by) > 0:
		return "cut " + strings.Join(by, " ") + ": " + strings.Join(cut, " ")
	}
	return ""
}
