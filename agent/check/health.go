package check

import (
	"fmt"
	"slices"
	"strings"

	"tramsync/sync/wire"
)

// healthElements are the elements of a health record in which something is checked. Places name them.
func healthElements() [5]string {
	return [...]string{"THONGTINCHUNG", "QUANHE_GIADINH", "THONGTINMUITIEM", "HOSOKHAMCHUABENH", "CHANDOANBENH"}
}

// healthWalk is one health record being checked.
type healthWalk struct {
	checker *Checker
	found   findings
	latest  moment
	element string
	numbers [5]int // rows of each element so far
	number  int    // of the row in its element, from 1
	row     *wire.TableRow
}

// health checks a health record. Its list of sexes is its own and not known here, so that nothing is compared with
// them.
func (c *Checker) health(tables []wire.Table, facility string) []wire.Finding {
	w := healthWalk{checker: c, latest: c.latest()}
	if c.foreign(strings.TrimSpace(facility)) {
		w.found.add(FacilityForeign, "HEADER.SENDER_CODE")
	}
	elements := healthElements()
	for i := range tables {
		if tables[i].Name != wire.DocHealthRecord {
			w.found.add(TableUnknown, fmt.Sprintf("document[%d]", i+1))
			continue
		}
		for j := range tables[i].Rows {
			w.row = &tables[i].Rows[j]
			e := slices.Index(elements[:], w.row.Element)
			if e < 0 || w.found.full() {
				continue
			}
			w.numbers[e]++
			w.element, w.number = elements[e], w.numbers[e]
			w.fields()
			w.missing()
		}
	}
	return w.found.list
}

func (w *healthWalk) flag(code, field string) {
	if code != "" {
		w.found.add(code, fmt.Sprintf("%s.%s[%d].%s", wire.DocHealthRecord, w.element, w.number, field))
	}
}

func (w *healthWalk) fields() {
	for i := range w.row.Fields {
		f := &w.row.Fields[i]
		k := healthFieldKind(f.Name)
		if value := strings.TrimSpace(f.Value); k != otherKind && value != "" {
			w.field(k, f.Name, value)
		}
	}
}

func (w *healthWalk) field(k kind, name, value string) {
	if k >= cardDateKind {
		w.flag(dateFault(k, name, value, w.latest), name)
	} else {
		w.flag(formFault(k, value), name)
	}
	switch k {
	case linkKind:
		for _, code := range linkFaults(value) {
			w.flag(code, name)
		}
	case numberKind:
		w.identity(name, value)
	case communeKind, districtKind, provinceKind, originKind:
		a := address{kind: k, value: value, at: w.latest}
		if other := sibling(name); other != "" {
			a.sibling = text(w.row, other)
		}
		w.flag(w.checker.addressFault(a), name)
	case slashKind:
		w.order(name, value)
	}
}

func (w *healthWalk) identity(name, value string) {
	if !isCCCD(value) {
		return
	}
	p := person{birthYear: birthYear(text(w.row, "NGAYSINH"))}
	if year, _ := p.matches(value); !year {
		w.flag(CCCDBirthYear, name)
	}
	if !isOrigin(value) {
		w.flag(CCCDProvince, name)
	}
}

// order compares the end of a treatment with its beginning.
func (w *healthWalk) order(name, value string) {
	if name != "NGAYKETTHUC" {
		return
	}
	from, ok := parseSlashed(text(w.row, "NGAYBATDAU"))
	if to, ended := parseSlashed(value); ok && ended && to.before(from) {
		w.flag(DateOrder, name)
	}
}

func (w *healthWalk) missing() {
	if w.element == "THONGTINCHUNG" && text(w.row, "MADINHDANH") == "" {
		w.flag(CCCDMissing, "MADINHDANH")
	}
}

// healthFieldKind is the kind of a health record's field.
func healthFieldKind(name string) kind {
	switch name {
	case "MADINHDANH":
		return numberKind
	case "SOCMND":
		return identityKind
	case "MATHE":
		return cardKind
	case "MABHXH":
		return insuranceKind
	case "DIENTHOAI_CD", "DIENTHOAI_DD", "DIENTHOAI", "DIDONG":
		return phoneKind
	case "MA_LK":
		return linkKind
	case "MABACSI":
		return doctorKind
	case "MABENH":
		return icdsKind
	case "NGAYSINH":
		return slashBirthKind
	case "NGAYCAP", "NGAYTIEM", "NGAYHENTIEM", "NGAYKHAM", "NGAYBATDAU", "NGAYKETTHUC":
		return slashKind
	default:
		return placeKind(name)
	}
}
