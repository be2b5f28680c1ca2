package check

import (
	"slices"
	"strings"

	"tramsync/sync/wire"
)

// identityColumns are those of which a row about a person fills in at least one.
var identityColumns = [...]string{"CCCD", "SO_CCCD", "MA_DINH_DANH"}

// Row checks a row of another export by its columns' canonical names. dateColumns are the columns configured as dates,
// which the decoder has turned into yyyy-MM-dd where it could; no other column is checked as a date, since nothing says
// what form it has. Findings are ordered by column.
func (c *Checker) Row(row map[string]string, dateColumns []string) []wire.Finding {
	r := rowWalk{checker: c, latest: c.latest(), row: row}
	for name, value := range row {
		value = strings.TrimSpace(value)
		switch {
		case value == "":
		case slices.Contains(dateColumns, name):
			r.flag(dateFault(isoKind, name, value, r.latest), name)
		default:
			r.column(name, value)
		}
	}
	r.missing()
	return r.sorted()
}

// rowWalk is one row being checked.
type rowWalk struct {
	checker *Checker
	latest  moment
	row     map[string]string
	list    []wire.Finding // in no order yet
}

// flag notes a finding when there is one.
func (r *rowWalk) flag(code, column string) {
	if code != "" {
		r.list = append(r.list, wire.Finding{Code: code, At: "row." + column})
	}
}

func (r *rowWalk) column(name, value string) {
	k := columnKind(name)
	r.flag(formFault(k, value), name)
	switch k {
	case identityKind, numberKind:
		r.identity(name, value)
	case facilityKind:
		if r.checker.foreign(value) {
			r.flag(FacilityForeign, name)
		}
	case icdsKind:
		if tooManyICDs(name, value) {
			r.flag(ICDTooMany, name)
		}
	}
}

func (r *rowWalk) identity(name, value string) {
	if !isCCCD(value) {
		return
	}
	p := person{birthYear: birthYear(r.text("NGAY_SINH"))}
	p.sex, _ = sexOfRow(r.text("GIOI_TINH"))
	year, sex := p.matches(value)
	if !year {
		r.flag(CCCDBirthYear, name)
	}
	if !sex {
		r.flag(CCCDSex, name)
	}
}

// missing flags the first identity column when all there are have nothing in them.
func (r *rowWalk) missing() {
	first := ""
	for _, name := range identityColumns {
		if _, ok := r.row[name]; !ok {
			continue
		}
		if r.text(name) != "" {
			return
		}
		if first == "" {
			first = name
		}
	}
	if first != "" {
		r.flag(CCCDMissing, first)
	}
}

// sorted puts the findings in an order that a map doesn't give.
func (r *rowWalk) sorted() []wire.Finding {
	slices.SortStableFunc(r.list, func(a, b wire.Finding) int { return strings.Compare(a.At, b.At) })
	var found findings
	for _, f := range r.list {
		found.add(f.Code, f.At)
	}
	return found.list
}

func (r *rowWalk) text(column string) string { return strings.TrimSpace(r.row[column]) }
