package wire

import (
	"bytes"
	"encoding/xml"
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

// Enclosing gives the range of the innermost element with one of the names that holds an offset, both in
// CleanXML(document). ok is false when there is none, or the document doesn't parse.
func Enclosing(document []byte, names []string, offset int64) (start, end int64, ok bool) {
	type opened struct {
		name  xml.Name
		start int64
	}
	var stack []opened
	dec := NewXMLReader(bytes.NewReader(CleanXML(document)))
	for {
		at := dec.InputOffset()
		tok, err := dec.RawToken()
		if err != nil {
			return 0, 0, false
		}
		switch t := tok.(type) {
		case xml.StartElement:
			stack = append(stack, opened{name: t.Name, start: at})
		case xml.EndElement:
			n := len(stack) - 1
			if n < 0 || stack[n].name != t.Name {
				return 0, 0, false
			}
			e := stack[n]
			if stack = stack[:n]; e.start > offset || dec.InputOffset() <= offset {
				continue
			}
			if slices.Contains(names, e.name.Local) {
				return e.start, dec.InputOffset(), true
			}
		}
	}
}
