package wire

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
)

// TableOf names the table that an element belongs to, whatever its document is called: by its record element, or one of
// the wrappers that QĐ 4750's appendix and QĐ 4210's put around it. "" for any other element.
func TableOf(element string) string {
	switch element {
	case "CHI_TIEU_TRANG_THAI_KCB", "DSACH_TRANG_THAI_KCB":
		return "XML0"
	case "CHITIEU_CHITIET_THUOC", "DSACH_CHI_TIET_THUOC":
		return "XML2"
	case "CHITIEU_CHITIET_DVKT_VTYT", "DSACH_CHI_TIET_DVKT":
		return "XML3"
	case "CHITIEU_CHITIET_DICHVUCANLAMSANG", "DSACH_CHI_TIET_CLS":
		return "XML4"
	case "CHITIEU_CHITIET_DIENBIENLAMSANG", "DSACH_CHI_TIET_DIEN_BIEN_BENH":
		return "XML5"
	case "CHI_TIEU_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS",
		"DSACH_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS":
		return "XML6"
	case "CHI_TIEU_DU_LIEU_GIAY_CHUNG_SINH", "DSACH_GIAYCHUNGSINH":
		return "XML9"
	case "CHI_TIEU_DIEUTRI_BENHLAO", "DSACH_CHITIET_DIEUTRI_BENHLAO":
		return "XML15"
	}
	for _, table := range []string{"XML0", "XML1", "XML2", "XML3", "XML4", "XML5", "XML6", "XML7", "XML8", "XML9",
		"XML10", "XML11", "XML12", "XML13", "XML14", "XML15"} {
		if RecordElement(table) == element {
			return table
		}
	}
	return ""
}

// Enclosing gives, for each of the offsets that has one, the range of the innermost element with one of the names that
// holds it, all in CleanXML(document). One that doesn't parse has none.
func Enclosing(document []byte, names []string, offsets []int64) map[int64][2]int64 {
	type opened struct {
		name  xml.Name
		start int64
	}
	var stack []opened
	var passed []int64 // offsets that the end of no such element has come after yet
	ahead := slices.Sorted(slices.Values(offsets))
	found := make(map[int64][2]int64, len(offsets))
	in := ScanXML(string(CleanXML(document)))
	for {
		t, err := in.Next()
		if errors.Is(err, io.EOF) && len(stack) == 0 {
			return found
		}
		if err != nil {
			return nil
		}
		switch t.Kind {
		case XMLStart:
			stack = append(stack, opened{name: t.Name, start: t.Start})
		case XMLEnd:
			n := len(stack) - 1
			if n < 0 || stack[n].name != t.Name {
				return nil
			}
			start := stack[n].start
			for stack = stack[:n]; len(ahead) > 0 && ahead[0] < t.End; ahead = ahead[1:] {
				passed = append(passed, ahead[0])
			}
			if !slices.Contains(names, t.Name.Local) {
				continue
			}
			for n := len(passed) - 1; n >= 0 && passed[n] >= start; n-- {
				found[passed[n]] = [2]int64{start, t.End}
				passed = passed[:n]
			}
		}
	}
}
