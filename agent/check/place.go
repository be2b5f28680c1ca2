package check

import (
	"slices"

	"tramsync/agent/check/communes"
)

// placeKind is the kind of a field of an address, as the HIS tables, QĐ 831/QĐ-BYT and V20 call them.
func placeKind(name string) kind {
	switch name {
	case "MAXA_CU_TRU", "MAXA_THUONGTRU", "MAXA_HIENTAI", "HK_MA_XA", "TT_MA_XA":
		return communeKind
	case "MAHUYEN_CU_TRU", "MAHUYEN_THUONGTRU", "MAHUYEN_HIENTAI", "HK_MA_HUYEN", "TT_MA_HUYEN":
		return districtKind
	case "MATINH_CU_TRU", "MATINH_THUONGTRU", "MATINH_HIENTAI", "HK_MA_TINH", "TT_MA_TINH":
		return provinceKind
	case "MATINH_KHAISINH":
		return originKind
	default:
		return otherKind
	}
}

// sibling is the commune's field beside a province's, and the other way round; "" where there is none.
func sibling(name string) string {
	switch name {
	case "MAXA_CU_TRU":
		return "MATINH_CU_TRU"
	case "MAXA_THUONGTRU":
		return "MATINH_THUONGTRU"
	case "MAXA_HIENTAI":
		return "MATINH_HIENTAI"
	case "HK_MA_XA":
		return "HK_MA_TINH"
	case "TT_MA_XA":
		return "TT_MA_TINH"
	case "MATINH_CU_TRU":
		return "MAXA_CU_TRU"
	case "MATINH_THUONGTRU":
		return "MAXA_THUONGTRU"
	case "MATINH_HIENTAI":
		return "MAXA_HIENTAI"
	case "HK_MA_TINH":
		return "HK_MA_XA"
	case "TT_MA_TINH":
		return "TT_MA_XA"
	default:
		return ""
	}
}

// address is a field of an address, what stands in its sibling, and when somebody lived there.
type address struct {
	kind           kind
	value, sibling string
	at             moment // unknown: any time
}

// reformed reports whether the address is certainly of a day since the communes changed.
func (a address) reformed() bool { return a.at.unit != 0 && a.at.at/day >= communes.Since }

// addressFault is the code of what is wrong with a field of an address, "" when nothing is. The same code for another
// area, as most new communes have it, is no fault.
func (c *Checker) addressFault(a address) string {
	switch a.kind {
	case communeKind:
		if c.unlisted(a.sibling) {
			return ""
		}
		return communeFault(a)
	case provinceKind:
		return c.provinceFault(a)
	case originKind:
		if communes.Province(a.value) == 0 && !c.unlisted(a.value) {
			return ProvinceUnknown
		}
	case districtKind:
		if a.reformed() {
			return DistrictFilled
		}
	}
	return ""
}

func communeFault(a address) string {
	code, ok := communes.Parse(a.value)
	switch {
	case !ok:
		return CommuneFormat
	case !code.Known():
		return CommuneUnknown
	case a.at.unit == 0 || code.Valid(int(a.at.at/day)):
		return ""
	case !a.reformed():
		return CommuneNew
	case len(code.Successors()) > 1:
		return CommuneSplit
	default:
		return CommuneOld
	}
}

func (c *Checker) provinceFault(a address) string {
	if c.unlisted(a.value) {
		return ""
	}
	province := communes.Province(a.value)
	if province == 0 {
		return ProvinceUnknown
	}
	commune, _ := communes.Parse(a.sibling)
	switch now := communes.Merged(province); {
	case commune.Known() && commune.Province() != now:
		return ProvinceDiffers
	case a.reformed() && province != now:
		return ProvinceOld
	default:
		return ""
	}
}

// unlistedProvinces are those of the station's own codes that no list has.
func unlistedProvinces(facilities []string) []string {
	var list []string
	for _, f := range facilities {
		if isFacility(f) && communes.Province(f[:2]) == 0 {
			list = append(list, f[:2])
		}
	}
	return list
}

// unlisted reports whether a province is in no list, but the station's own code begins with it: then the lists say
// nothing about it, nor about its communes.
func (c *Checker) unlisted(province string) bool {
	if len(province) == 3 && province[0] == '0' {
		province = province[1:]
	}
	return slices.Contains(c.provinces, province)
}

// placed reports whether a facility's code of 5 digits begins with a province's. Without codes of its own, the station
// could be anywhere, and so could others.
func (c *Checker) placed(facility string) bool {
	return len(c.facilities) == 0 || len(facility) != 5 || communes.Province(facility[:2]) != 0 ||
		c.unlisted(facility[:2])
}

// address is of the day the visit began, else of the day the file was made or read.
func (w *walk) address(k kind, name, value string) {
	a := address{kind: k, value: value, at: w.in}
	if a.at.unit == 0 {
		a.at = momentIn(w.row, "NGAY_VAO")
	}
	if a.at.unit == 0 {
		a.at = w.issued
	}
	if a.at.unit == 0 {
		a.at = w.latest
	}
	if other := sibling(name); other != "" {
		a.sibling = text(w.row, other)
	}
	if code := w.checker.addressFault(a); code != "" {
		w.flag(code, name)
	}
}
