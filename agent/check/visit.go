package check

import (
	"fmt"
	"strings"

	"tramsync/sync/wire"
)

// visit checks a HIS visit's tables.
func (c *Checker) visit(v *wire.Visit, tables []wire.Table, facility string) []wire.Finding {
	w := walk{checker: c, latest: c.latest(), old: v.Standard == "4210"}
	w.survey(tables)
	w.around(v, facility)
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
	checker *Checker
	found   findings
	latest  moment
	issued  moment         // the file's date
	old     bool           // QĐ 4210/QĐ-BYT
	loose   bool           // a check-up
	foreign string         // the record's facility when it isn't the station's, until a table names it
	summary *wire.TableRow // XML1's first record
	maLK    string         // that all tables must have
	linked  bool           // its form has been checked
	in, out moment         // NGAY_VAO and NGAY_RA of the summary
	name    string         // of the table being walked
	number  int            // of the row in it, from 1
	row     *wire.TableRow
	seen    [maxSTT / 64]uint64 // STT of the table's rows, a bit for each
}

// maxSTT bounds the numbers that are looked at for being there twice. The largest table seen has 418 rows.
const maxSTT = 1024

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
	name := wire.RecordElement(t.Name) // of a check-up's none is known
	for i := range t.Rows {
		if name != "" && t.Rows[i].Element == name {
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
	if !w.known(w.name) {
		w.found.add(TableUnknown, fmt.Sprintf("document[%d]", i+1))
		return
	}
	for j := range tables[:i] {
		if tables[j].Name == w.name {
			w.found.add(TableDuplicate, w.name)
			break
		}
	}
	w.number, w.seen = 0, [maxSTT / 64]uint64{}
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

// known reports whether a table's name is one of its standard's, so that it says nothing of a person.
func (w *walk) known(table string) bool {
	if w.loose {
		number, ok := strings.CutPrefix(table, wire.CheckUpPrefix+"XML")
		return ok && len(number) <= 2 && isDigits(number)
	}
	return wire.RecordElement(table) != ""
}

func (w *walk) flag(code, field string) {
	w.found.add(code, fmt.Sprintf("%s[%d].%s", w.name, w.number, field))
}

func (w *walk) fields() {
	for i := range w.row.Fields {
		f := &w.row.Fields[i]
		if f.Value == "" {
			continue
		}
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
	switch {
	case k == momentKind && w.loose:
		k = dateKind
	case k == careKind && w.old:
		k = oldCareKind
	}
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
	case numberingKind:
		w.numbering(value)
	case identityKind:
		w.identity(name, value)
	case cardKind:
		w.cards(name, value)
	case registeredKind:
		w.registered(name, value)
	case communeKind, districtKind, provinceKind, originKind:
		w.address(k, name, value)
	case facilityKind:
		w.facility(name, value)
	case icdsKind:
		if tooManyICDs(name, value) {
			w.flag(ICDTooMany, name)
		}
	case traditionalKind:
		w.traditional(name)
	case momentKind:
		w.order(name, value)
	}
}

func (w *walk) facility(name, value string) {
	if value == w.foreign {
		w.flag(FacilityForeign, name)
		w.foreign = ""
	}
	if isFacility(value) && !w.checker.placed(value) {
		w.flag(FacilityProvince, name)
	}
}

// numbering looks for rows of one number: who stores them by it keeps one.
func (w *walk) numbering(value string) {
	if len(value) > 4 || !isDigits(value) {
		return
	}
	n := number(value)
	if n >= maxSTT {
		return
	}
	bit := uint64(1) << (n % 64)
	if w.seen[n/64]&bit != 0 {
		w.flag(STTDuplicate, "STT")
	}
	w.seen[n/64] |= bit
}

// traditional looks for the ICD-10 code that one of traditional medicine belongs to.
func (w *walk) traditional(name string) {
	for _, icd := range [...]string{"MA_BENH_CHINH", "MA_BENH", "MA_BENH_KT"} {
		if text(w.row, icd) != "" {
			return
		}
	}
	w.flag(YHCTAlone, name)
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
	for _, code := range linkFaults(value) {
		w.flag(code, "MA_LK")
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
	if w.loose {
		w.nobody()
		return
	}
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
