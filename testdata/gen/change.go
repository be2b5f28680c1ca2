package gen

import (
	"fmt"
	"slices"
	"time"
)

// Kinds are what [Visit.Withheld] can put into a visit.
func Kinds() []string { return []string{"B20", "Z21", "F11", "XML6", "text"} }

// Changed returns the visit as its station sends it after a correction: the same
// MA_LK, one more note in the diagnosis of every table, paid a day later. The
// correction of a correction differs from both.
func (v Visit) Changed() Visit {
	diagnosis := "CHAN_DOAN_RV"
	if v.Standard == QD4210 {
		diagnosis = "TEN_BENH"
	}
	v.Docs = slices.Clone(v.Docs)
	for i, d := range v.Docs {
		v.Docs[i].Content, _ = editFirst(d.Content, diagnosis, func(s string) string { return s + ", có bổ sung" })
	}
	v.edit("XML1", "NGAY_TTOAN", func(s string) string {
		paid, err := time.Parse(minute, s)
		if err != nil {
			panic("gen: NGAY_TTOAN: " + err.Error())
		}
		return paid.AddDate(0, 0, 1).Format(minute)
	})
	return v
}

// Withheld returns the visit with one thing in it that must not be taken in; the
// rest stays as it was, so that only a rule for just this place can catch it:
//
//	B20   B20.0 as the main diagnosis (MA_BENH_CHINH; QĐ 4210: MA_BENH)
//	Z21   Z21 as the second code of MA_BENH_KT (QĐ 4210: MA_BENHKHAC)
//	F11   F11.2 as the second code of XML3.MA_BENH
//	XML6  a record of the HIV/AIDS table, in the layout of QĐ 4750
//	text  "nghiện ma túy" in CHAN_DOAN_RV (QĐ 4210: TEN_BENH)
//
// It panics on any other kind.
func (v Visit) Withheld(kind string) Visit {
	main, further, diagnosis := "MA_BENH_CHINH", "MA_BENH_KT", "CHAN_DOAN_RV"
	if v.Standard == QD4210 {
		main, further, diagnosis = "MA_BENH", "MA_BENHKHAC", "TEN_BENH"
	}
	v.Docs = slices.Clone(v.Docs)
	switch kind {
	case "B20":
		v.edit("XML1", main, func(string) string { return "B20.0" })
	case "Z21":
		v.edit("XML1", further, func(string) string { return "R53;Z21" })
	case "F11":
		v.edit("XML3", "MA_BENH", func(s string) string { return s + ";F11.2" })
	case "XML6":
		after := slices.IndexFunc(v.Docs, func(d Doc) bool { return d.Type == "XML5" }) + 1
		v.Docs = slices.Insert(v.Docs, after, Doc{"XML6", document(QD4750, "XML6", v.careRecord())})
	case "text":
		v.edit("XML1", diagnosis, func(s string) string { return s + "; tiền sử nghiện ma túy" })
	default:
		panic(fmt.Sprintf("gen: no kind %q of withheld visit", kind))
	}
	return v
}

// edit changes a field of one of v's tables. The caller has cloned v.Docs.
func (v Visit) edit(table, field string, change func(string) string) {
	i := slices.IndexFunc(v.Docs, func(d Doc) bool { return d.Type == table })
	content, ok := editFirst(v.Docs[i].Content, field, change)
	if !ok {
		panic(fmt.Sprintf("gen: no %s in %s", field, table))
	}
	v.Docs[i].Content = content
}

func (v Visit) careRecord() values {
	return values{
		"MA_LK": v.MaLK, "NGAYKD_HIV": "20200101", "NOI_LAY_MAU_XN": v.Facility, "NOI_XN_KD": v.Facility,
		"NOI_BDDT_ARV": v.Facility, "BDDT_ARV": "20200201", "MA_LOAI_BN": "1", "NHOM_DOI_TUONG": "5",
		"MA_TINH_TRANG_DK": "0", "MA_CSKCB": v.Facility,
	}
}
