package check

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"tramsync/sync/wire"
)

// Visit checks a visit's tables, as Visit.Tables gives them, in their order. facility is the place of care that the
// record is filed under. Tables whose names aren't known are named by their place and not looked into: a name of the
// file's own making could hold anything.
func (c *Checker) Visit(v *wire.Visit, tables []wire.Table, facility string) []wire.Finding {
	w := walk{latest: c.latest(), old: v.Standard == "4210"}
	if facility = strings.TrimSpace(facility); c.foreign(facility) {
		w.foreign = facility
	}
	w.survey(tables)
	if sender := strings.TrimSpace(v.Sender); sender != "" && !isFacility(sender) {
		w.found.add(FacilityFormat, "THONGTINDONVI.MACSKCB")
	}
	for i := range tables {
		w.table(tables, i)
	}
	if w.foreign != "" {
		w.found.add(FacilityForeign, "MA_CSKCB") // no table names it
	}
	if w.summary == nil && !onlyCheckIn(tables) {
		w.found.add(XML1Missing, "XML1")
	}
	return w.found.list
}

// onlyCheckIn reports whether the record is a check-in, a document of its own that has no XML1.
func onlyCheckIn(tables []wire.Table) bool {
	for i := range tables {
		if tables[i].Name != "XML0" {
			return false
		}
	}
	return len(tables) > 0
}

// walk is one visit being checked.
type walk struct {
	found   findings
	latest  moment
	old     bool           // QĐ 4210/QĐ-BYT
	foreign string         // the record's facility when it isn't the station's, until a table names it
	summary *wire.TableRow // XML1's first record
	maLK    string         // that all tables must have
	linked  bool           // its form has been checked
	in, out moment         // NGAY_VAO and NGAY_RA of the summary
	name    string         // of the table being walked
	number  int            // of the row in it, from 1
	row     *wire.TableRow
}

// survey finds what rows are compared with, wherever in the file it stands.
func (w *walk) survey(tables []wire.Table) {
	for i := range tables {
		if tables[i].Name == "XML1" && w.summary == nil {
			w.summary = firstRecord(&tables[i])
		}
	}
	if w.summary != nil {
		w.maLK = text(w.summary, "MA_LK")
		w.in, w.out = momentIn(w.summary, "NGAY_VAO"), momentIn(w.summary, "NGAY_RA")
	}
	for i := range tables {
		if w.maLK == "" && wire.RecordElement(tables[i].Name) != "" {
			w.maLK = firstMaLK(&tables[i])
		}
	}
}

// records is the filter for a table's records, those rows that wire.Table.Records copies.
type records struct {
	element string
	all     bool // no row has the element's name
}

func recordsOf(t *wire.Table) records {
	name := wire.RecordElement(t.Name)
	for i := range t.Rows {
		if t.Rows[i].Element == name {
			return records{element: name}
		}
	}
	return records{all: true}
}

func (r records) has(row *wire.TableRow) bool { return r.all || row.Element == r.element }

func firstRecord(t *wire.Table) *wire.TableRow {
	records := recordsOf(t)
	for i := range t.Rows {
		if records.has(&t.Rows[i]) {
			return &t.Rows[i]
		}
	}
	return nil
}

func firstMaLK(t *wire.Table) string {
	records := recordsOf(t)
	for i := range t.Rows {
		if maLK := text(&t.Rows[i], "MA_LK"); maLK != "" && records.has(&t.Rows[i]) {
			return maLK
		}
	}
	return ""
}

func (w *walk) table(tables []wire.Table, i int) {
	w.name = tables[i].Name
	if wire.RecordElement(w.name) == "" {
		w.found.add(TableUnknown, fmt.Sprintf("document[%d]", i+1))
		return
	}
	for j := range tables[:i] {
		if tables[j].Name == w.name {
			w.found.add(TableDuplicate, w.name)
			break
		}
	}
	w.number = 0
	records, rows := recordsOf(&tables[i]), tables[i].Rows
	for j := range rows {
		if w.row = &rows[j]; !records.has(w.row) || w.found.full() {
			continue
		}
		w.number++
		w.fields()
		w.missing()
	}
}

func (w *walk) flag(code, field string) {
	w.found.add(code, fmt.Sprintf("%s[%d].%s", w.name, w.number, field))
}

func (w *walk) fields() {
	for i := range w.row.Fields {
		f := &w.row.Fields[i]
		k := fieldKind(f.Name)
		if k == otherKind {
			continue
		}
		if value := strings.TrimSpace(f.Value); value != "" {
			w.field(k, f.Name, value)
		}
	}
}

func (w *walk) field(k kind, name, value string) {
	code := ""
	if k >= cardDateKind {
		code = dateFault(k, name, value, w.latest)
	} else {
		code = formFault(k, value)
	}
	if code != "" {
		w.flag(code, name)
	}
	switch k {
	case linkKind:
		w.link(value)
	case identityKind:
		w.identity(name, value)
	case cardKind:
		w.cards(name, value)
	case facilityKind:
		if value == w.foreign {
			w.flag(FacilityForeign, name)
			w.foreign = ""
		}
	case icdsKind:
		if tooManyICDs(name, value) {
			w.flag(ICDTooMany, name)
		}
	case momentKind:
		w.order(name, value)
	}
}

// link checks the form where MA_LK stands first, and elsewhere only that it is the same.
func (w *walk) link(value string) {
	if value != w.maLK {
		w.flag(MaLKDiffers, "MA_LK")
		return
	}
	if w.linked || w.summary != nil && w.row != w.summary {
		return
	}
	w.linked = true
	if utf8.RuneCountInString(value) > maxMaLK {
		w.flag(MaLKTooLong, "MA_LK")
	}
	if !isPrintable(value) {
		w.flag(MaLKUnprintable, "MA_LK")
	}
}

func (w *walk) identity(name, value string) {
	if name != "SO_CCCD" || !isCCCD(value) {
		return
	}
	var p person
	if m, ok := parseDate(birthKind, text(w.row, "NGAY_SINH")); ok {
		p.birthYear = m.year()
	}
	p.sex, _ = sexOf(text(w.row, "GIOI_TINH"))
	year, sex := p.matches(value)
	if !year {
		w.flag(CCCDBirthYear, name)
	}
	if !sex {
		w.flag(CCCDSex, name)
	}
}

// cards compares the parallel lists. A list that isn't there at all is no fault of its length.
func (w *walk) cards(name, value string) {
	n := count(value)
	for _, other := range [...]string{"GT_THE_TU", "GT_THE_DEN"} {
		if dates := count(text(w.row, other)); dates != 0 && dates != n {
			w.flag(BHYTListsDiffer, name)
			return
		}
	}
}

// order compares a moment with the stay: the row's own, else, for orders, the summary's.
func (w *walk) order(name, value string) {
	if name != "NGAY_RA" && name != "NGAY_VAO_NOI_TRU" && name != "NGAY_YL" {
		return
	}
	m, ok := parseDate(momentKind, value)
	if !ok {
		return
	}
	in, out := momentIn(w.row, "NGAY_VAO"), moment{}
	if name == "NGAY_YL" {
		out = momentIn(w.row, "NGAY_RA")
		if in.unit == 0 {
			in, out = w.in, w.out
		}
	}
	if m.before(in) || out.before(m) {
		w.flag(DateOrder, name)
	}
}

// missing looks for what a row must have. XML12 has no MA_LK.
func (w *walk) missing() {
	if w.name != "XML12" && text(w.row, "MA_LK") == "" {
		w.flag(MaLKMissing, "MA_LK")
	}
	if w.row != w.summary {
		return
	}
	main := "MA_BENH_CHINH"
	if w.old {
		main = "MA_BENH"
	} else if text(w.row, "SO_CCCD") == "" {
		w.flag(CCCDMissing, "SO_CCCD")
	}
	if text(w.row, main) == "" {
		w.flag(ICDMainMissing, main)
	}
	if text(w.row, "MA_CSKCB") == "" {
		w.flag(FacilityMissing, "MA_CSKCB")
	}
}

func text(row *wire.TableRow, name string) string { return strings.TrimSpace(row.Value(name)) }

func momentIn(row *wire.TableRow, name string) moment {
	if m, ok := parseDate(momentKind, text(row, name)); ok {
		return m
	}
	return moment{}
}
