package export

import (
	"cmp"
	"strings"

	"tramsync/sync/wire"
)

// identify sets what a visit says of itself, by its tables: MA_LK, standard, facility and key. The key is facility and
// MA_LK, which is unique within a facility only. A check-up without an MA_LK is known by who came and when. Without
// either the content stands in, or visits would overwrite each other.
func (r *Record) identify(s Settings) {
	v := r.Visit
	v.MaLK, v.Standard = firstValue(r.Tables, "MA_LK"), standardOf(r.Tables)
	r.Facility = cmp.Or(firstValue(r.Tables, "MA_CSKCB"), v.Sender, s.Station)
	r.Key = []string{r.Facility}
	if r.Kind == wire.KindCheckUp {
		v.Standard = "ksk"
	}
	person, day := firstValue(r.Tables, "SO_CCCD"), firstValue(r.Tables, "NGAY_VAO")
	switch {
	case v.MaLK != "":
		r.Key = append(r.Key, v.MaLK)
	case r.Kind == wire.KindCheckUp && isNumberOf(person, 12) && day != "":
		r.Key = append(r.Key, person, day)
	default:
		r.addPrint()
	}
}

// isNumberOf: that many digits, not all zero as where there is none.
func isNumberOf(s string, digits int) bool {
	return len(s) == digits && strings.Trim(s, "0123456789") == "" && strings.Trim(s, "0") != ""
}

// firstValue is a field's first value, looked for in XML1 first, then in the order of the documents.
func firstValue(tables []wire.Table, name string) string {
	find := func(t *wire.Table) string {
		for i := range t.Rows {
			if v := strings.TrimSpace(t.Rows[i].Value(name)); v != "" {
				return v
			}
		}
		return ""
	}
	for i := range tables {
		if strings.TrimPrefix(tables[i].Name, wire.CheckUpPrefix) == "XML1" {
			if v := find(&tables[i]); v != "" {
				return v
			}
		}
	}
	for i := range tables {
		if v := find(&tables[i]); v != "" {
			return v
		}
	}
	return ""
}

// standardOf tells the decision by XML1's fields: QĐ 4210 calls the diagnosis MA_BENH, QĐ 130 MA_BENH_CHINH, and QĐ
// 4750 added NHOM_MAU to that. QĐ 3176 has 4750's fields.
func standardOf(tables []wire.Table) string {
	has := map[string]bool{}
	for i := range tables {
		if tables[i].Name != "XML1" {
			continue
		}
		for _, r := range tables[i].Records() {
			for _, f := range r.Fields {
				has[f.Name] = true
			}
		}
	}
	switch {
	case has["NHOM_MAU"]:
		return "4750"
	case has["MA_BENH_CHINH"]:
		return "130"
	case has["MA_BENH"] || has["TEN_BENH"]:
		return "4210"
	default:
		return ""
	}
}
