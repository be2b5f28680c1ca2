package check

import (
	"slices"
	"strings"

	"tramsync/sync/wire"
)

// identityColumns are those of which a row about a person fills in at least one.
var identityColumns = [...]string{"CCCD", "SO_CCCD", "MA_DINH_DANH"}

// eventColumns say when the thing happened that a row is about, the most telling first. A row has one or two of them.
var eventColumns = [...]string{"NGAY_VAO", "NGAY_KHAM", "NGAY_TIEM", "NGAY_DE", "NGAY_PHA_THAI", "NGAY_THUC_HIEN",
	"NGAY_TU_VONG", "NGAY_CAN", "NGAY_UONG", "NGAY_DANG_KY", "NGAYKETLUAN", "NGAY_KE_DON", "NGAY_CAP_NHAT"}

// Row checks a row of another export by its kind and its columns' canonical names. dateColumns are the columns
// configured as dates, which the decoder has turned into yyyy-MM-dd where it could; no other column is checked as a
// date, since nothing says what form it has. Findings are ordered by column.
func (c *Checker) Row(kind string, row map[string]string, dateColumns []string) []wire.Finding {
	r := rowWalk{checker: c, latest: c.latest(), kind: kind, row: row}
	for name, value := range row {
		value = strings.TrimSpace(value)
		switch {
		case value == "":
		case slices.Contains(dateColumns, name):
			r.date(name, value)
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
	kind    string
	row     map[string]string
	list    []wire.Finding // in no order yet
}

// flag notes a finding when there is one.
func (r *rowWalk) flag(code, column string) {
	if code != "" {
		r.list = append(r.list, wire.Finding{Code: code, At: "row." + column})
	}
}

// date checks a date, and that what happened to somebody happened in their life, and the leaving after the coming.
func (r *rowWalk) date(name, value string) {
	if name == "NGAY_SINH" {
		r.flag(dateFault(isoBirthKind, name, value, r.latest), name)
		return
	}
	r.flag(dateFault(isoKind, name, value, r.latest), name)
	first := ""
	switch {
	case name == "NGAY_RA":
		first = "NGAY_VAO"
	case slices.Contains(eventColumns[:], name):
		first = "NGAY_SINH"
	default:
		return
	}
	start := r.text(first)
	if value >= start {
		return // dates of this form are in order when their texts are
	}
	from, ok := parseISO(start)
	if m, real := parseISO(value); ok && real && m.before(from) {
		r.flag(DateOrder, name)
	}
}

func (r *rowWalk) column(name, value string) {
	k := columnKind(r.kind, name)
	r.flag(formFault(k, value), name)
	switch k {
	case linkKind:
		for _, code := range linkFaults(value) {
			r.flag(code, name)
		}
	case identityKind, numberKind:
		r.identity(name, value)
	case communeKind, districtKind, provinceKind, originKind:
		r.address(k, name, value)
	case facilityKind:
		if r.checker.foreign(value) {
			r.flag(FacilityForeign, name)
		}
		if isFacility(value) && !r.checker.placed(value) {
			r.flag(FacilityProvince, name)
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
	if r.kind == driverKind {
		p.sex, _ = sexOfDriver(r.text("GIOITINHVAL"))
	} else {
		p.sex, _ = sexOfRow(r.text("GIOI_TINH"))
	}
	year, sex := p.matches(value)
	if !year {
		r.flag(CCCDBirthYear, name)
	}
	if !sex {
		r.flag(CCCDSex, name)
	}
	if !isOrigin(value) {
		r.flag(CCCDProvince, name)
	}
}

// address is of the day of the row's event, else of the day the file was read.
func (r *rowWalk) address(k kind, name, value string) {
	a := address{kind: k, value: value, at: r.latest}
	for _, event := range eventColumns {
		if m, ok := parseISO(r.text(event)); ok {
			a.at = m
			break
		}
	}
	if other := sibling(name); other != "" {
		a.sibling = r.text(other)
	}
	r.flag(r.checker.addressFault(a), name)
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
