package screen

import (
	"maps"
	"slices"

	"tramsync/sync/wire"
)

// documentTable is the name under which rules look at what no decision names.
const documentTable = "DOCUMENT"

// listRow is a row of a list as tables.
//
//	column ──▶ its value, or its members ──▶ what is in these
//	               │                             │         │ more than text
//	               └───────── tables[0] ◀────────┘         ▼
//	             a row for each column, of its name    tables[1]: a row for each element
type listRow struct {
	tables  [2]wire.Table
	objects [][]int  // of tables[0]: which object of the row each field is a member of; 0 is the row
	owners  []string // of tables[1]: the column that each row stands in
	count   int      // of objects
}

// readRow gives each column a row of a table, so that a rule that looks at a column looks at all that is in it too.
func readRow(kind string, row map[string]string) *listRow {
	l := &listRow{tables: [2]wire.Table{{Name: kind, Rows: make([]wire.TableRow, 0, len(row))}, {Name: documentTable}},
		objects: make([][]int, 0, len(row))}
	for _, column := range slices.Sorted(maps.Keys(row)) {
		l.add(column, row[column])
	}
	return l
}

func (l *listRow) add(column, value string) {
	fields, objects, count := members(column, value, l.count)
	var inner []wire.TableRow
	if !wire.IsPlain(value) {
		inner, _ = inside(fields, objects) // of an error Packed tells
	}
	for i := range inner {
		count++
		for _, f := range inner[i].Fields {
			if f.Name == "#text" { // of a text file it would be for rules
				f.Name = column
			}
			fields, objects = append(fields, f), append(objects, count)
		}
	}
	l.count = count
	l.tables[0].Rows = append(l.tables[0].Rows, wire.TableRow{Element: column, Fields: fields})
	l.objects = append(l.objects, objects)
	if isDocument(inner) {
		l.tables[1].Rows = append(l.tables[1].Rows, inner...)
		l.owners = append(l.owners, slices.Repeat([]string{column}, len(inner))...)
	}
}

// columnOf is the column that a place is in, "" for what stands around the row, and whether it is the row's own value.
func (l *listRow) columnOf(p Place) (column string, own bool) {
	switch p.Table {
	case 0:
		return l.tables[0].Rows[p.Row].Element, l.objects[p.Row][p.Field] == 0
	case 1:
		return l.owners[p.Row], false
	default:
		return "", false
	}
}

// surroundingTables are what stands around a row. What nobody can look into isn't taken in either.
func surroundingTables(kind string, around []wire.Field) []wire.Table {
	if len(around) == 0 {
		return nil
	}
	row := wire.TableRow{Fields: around}
	inner, _ := row.Inner()
	tables := []wire.Table{{Name: kind, Rows: append([]wire.TableRow{row}, inner...)}}
	if isDocument(inner) {
		tables = append(tables, wire.Table{Name: documentTable, Rows: inner})
	}
	return tables
}

// isDocument tells a document of elements or objects from text, which reads as if it stood in the column as it is.
func isDocument(rows []wire.TableRow) bool {
	return slices.ContainsFunc(rows, func(r wire.TableRow) bool { return r.Element != "#text" && r.Element != "html" })
}

// inside reads what stands in values, those of one object together.
func inside(fields []wire.Field, objects []int) (rows []wire.TableRow, err error) {
	if len(fields) == 1 {
		return (&wire.TableRow{Fields: fields}).Inner()
	}
	of := map[int][]wire.Field{}
	for i, f := range fields {
		of[objects[i]] = append(of[objects[i]], f)
	}
	for _, n := range slices.Sorted(maps.Keys(of)) {
		inner, problem := (&wire.TableRow{Fields: of[n]}).Inner()
		if rows = append(rows, inner...); problem != nil {
			err = problem
		}
	}
	return rows, err
}

// Packed gives the columns of a row that hold what nobody can look into, as a PDF or a picture in base64. They may say
// anything, and must be left out.
func Packed(row map[string]string) []string {
	var out []string
	for column, value := range row {
		if wire.IsPlain(value) {
			continue
		}
		fields, objects, _ := members(column, value, 0)
		if _, err := inside(fields, objects); err != nil {
			out = append(out, column)
		}
	}
	slices.Sort(out)
	return out
}
