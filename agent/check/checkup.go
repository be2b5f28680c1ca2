package check

import (
	"slices"
	"strings"

	"tramsync/sync/wire"
)

// checkUp checks a health check-up's tables, whose layout isn't public but for some names: of what a table must have,
// and where, nothing is said.
func (c *Checker) checkUp(v *wire.Visit, tables []wire.Table, facility string) []wire.Finding {
	w := walk{checker: c, latest: c.latest(), loose: true}
	for i := range tables {
		for j := range tables[i].Rows {
			if w.in.unit == 0 {
				w.in = dayIn(&tables[i].Rows[j], "NGAY_VAO")
			}
		}
		if w.maLK == "" {
			w.maLK = firstMaLK(&tables[i])
		}
	}
	w.around(v, facility)
	for i := range tables {
		w.table(tables, i)
	}
	if w.foreign != "" {
		w.found.add(FacilityForeign, "MA_CSKCB")
	}
	return w.found.list
}

// nobody flags an identity number that has its field, but isn't there.
func (w *walk) nobody() {
	if slices.ContainsFunc(w.row.Fields, isEmptyCCCD) {
		w.flag(CCCDMissing, "SO_CCCD")
	}
}

func isEmptyCCCD(f wire.Field) bool { return f.Name == "SO_CCCD" && strings.TrimSpace(f.Value) == "" }

// dayIn reads a day, with or without its time.
func dayIn(row *wire.TableRow, name string) moment {
	if m, ok := parseDate(issuedKind, text(row, name)); ok {
		return m
	}
	return moment{}
}
