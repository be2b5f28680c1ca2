package gen

import (
	"fmt"
	"strings"
	"time"
)

// table is one inner document before it is written down.
type table struct {
	name string
	rows []values
}

const (
	minute     = "200601021504"
	day        = "20060102"
	department = "K01"
	manager    = "9900000001" // MA_TTDV
)

// tables writes the stay into its tables, in their order.
func (s stay) tables() []table {
	var b bill
	drugs := s.drugRows(&b)
	b.drugs = b.all
	done := s.serviceRows(&b)
	all := []table{{"XML1", []values{s.summary().with(b.totals())}}, {"XML2", drugs}, {"XML3", done}}
	if len(s.findings) > 0 {
		all = append(all, table{"XML4", s.findingRows()})
	}
	all = append(all, table{"XML5", s.noteRows()})
	if s.std == QD4210 {
		return all
	}
	for _, name := range s.extra {
		all = append(all, table{name, []values{s.paper(name)}})
	}
	if !s.again.IsZero() {
		all = append(all, table{"XML14", []values{s.appointment()}})
	}
	return all
}

// summary is XML1 without its amounts.
func (s stay) summary() values {
	p := s.patient
	v := s.who().with(values{
		"MA_LK": s.key, "STT": "1", "MA_BN": p.code, "SO_CCCD": p.cccd, "MATINH_CU_TRU": "99", "MAXA_CU_TRU": "99999",
		"DIEN_THOAI": p.phone, "MA_QUOCTICH": "000", "MA_DANTOC": p.people, "MA_NGHE_NGHIEP": p.trade,
		"LY_DO_VV": s.reason, "CHAN_DOAN_VAO": s.illnesses[0].name,
		"MA_DOITUONG_KCB": s.admission(), "SO_NGAY_DTRI": fmt.Sprint(s.days()), "PP_DIEU_TRI": s.treated,
		"KET_QUA_DTRI": "1", "MA_LOAI_RV": "1", "NGAY_TTOAN": s.paid.Format(minute),
		"NAM_QT": s.paid.Format("2006"), "THANG_QT": s.paid.Format("01"), "MA_LOAI_KCB": s.kind(),
		"MA_KHOA": department, "MA_CSKCB": facility, "CAN_NANG": fmt.Sprintf("%d.%d", p.weight/10, p.weight%10),
		"MA_HSBA": "HS" + s.arrived.Format("06") + p.digits, "MA_TTDV": manager,
	})
	if p.card != "" {
		v["MA_DKBD"] = p.registered
		v["GT_THE_TU"] = s.arrived.Format("2006") + "0101"
	}
	if !s.again.IsZero() {
		v["NGAY_TAI_KHAM"] = s.again.Format(day)
		v["GHI_CHU"] = "Hẹn tái khám ngày " + s.again.Format("02/01/2006")
	}
	return v
}

// who is what XML1 and the papers of a visit have in common.
func (s stay) who() values {
	p := s.patient
	return values{
		"HO_TEN": p.name, "NGAY_SINH": p.born, "GIOI_TINH": p.sex(), "DIA_CHI": p.address,
		"MA_THE_BHYT": p.card, "GT_THE_DEN": p.cardUntil,
		"NGAY_VAO": s.arrived.Format(minute), "NGAY_RA": s.left.Format(minute),
		"CHAN_DOAN_RV": s.diagnosis(), "MA_BENH_CHINH": s.illnesses[0].code, "MA_BENH_KT": s.codes(1),
	}
}

// admission is MA_DOITUONG_KCB: at the place of registration, another one, or self-paid.
func (s stay) admission() string {
	switch {
	case s.patient.card == "":
		return "9"
	case s.patient.registered == facility:
		return "1.1"
	default:
		return "1.3"
	}
}

// kind is MA_LOAI_KCB: kept at the station, a chronic illness, or an examination.
func (s stay) kind() string {
	switch {
	case s.overnight:
		return "06"
	case s.illnesses[0].chronic:
		return "05"
	default:
		return "01"
	}
}

func (s stay) days() int { return int(s.left.Sub(s.arrived)/(24*time.Hour)) + 1 }

// line is what rows of XML2 and XML3 have in common.
func (s stay) line(number int) values {
	return values{
		"MA_LK": s.key, "STT": fmt.Sprint(number), "MA_KHOA": department, "MA_BAC_SI": s.doctor,
		"MA_PTTT": "1", "NGAY_YL": s.arrived.Format(minute),
		"NGAY_TH_YL": s.arrived.Add(6 * time.Minute).Format(minute),
	}
}

func (s stay) drugRows(b *bill) []values {
	var rows []values
	for i, p := range s.drugs {
		cost := b.add(p.cents(), s.cover)
		tender := fmt.Sprintf("%04d/QĐ-TEST;G1;N%d;%d", 100+p.price%97, p.price%4+1, s.arrived.Year())
		rows = append(rows, s.line(i+1).with(cost.columns(s.cover)).with(values{
			"MA_THUOC": p.code, "MA_NHOM": "4", "TEN_THUOC": p.name, "DON_VI_TINH": p.unit, "HAM_LUONG": p.strength,
			"DUONG_DUNG": p.route, "DANG_BAO_CHE": p.form, "LIEU_DUNG": p.dose(), "CACH_DUNG": p.advice(),
			"SO_DANG_KY": p.registered, "TT_THAU": tender, "SO_LUONG": fmt.Sprintf("%d.000", p.quantity),
			"DON_GIA": fmt.Sprintf("%d.000", p.price), "NGUON_CTRA": "1",
		}))
	}
	return rows
}

// dose is LIEU_DUNG.
func (p prescription) dose() string {
	if p.route == onSkin || p.route == inEye {
		return fmt.Sprintf("[%d Lần/ngày]", p.daily)
	}
	return fmt.Sprintf("[%d %s/ngày]", p.daily, p.unit)
}

// advice is CACH_DUNG.
func (p prescription) advice() string {
	unit := strings.ToLower(p.unit)
	switch p.route {
	case onSkin:
		return fmt.Sprintf("Bôi ngoài da vùng tổn thương, ngày %d lần", p.daily)
	case inEye:
		return fmt.Sprintf("Nhỏ mỗi bên %d giọt, ngày %d lần", p.daily, p.daily+1)
	case inhaled:
		return fmt.Sprintf("Khí dung ngày %d lần, mỗi lần 1 %s", p.daily, unit)
	}
	times := []string{"sáng", "sáng, chiều", "sáng, trưa, chiều"}[p.daily-1]
	return fmt.Sprintf("Uống %s, mỗi lần 1 %s sau ăn, dùng %d ngày", times, unit, p.days)
}

func (s stay) serviceRows(b *bill) []values {
	var rows []values
	for i, sv := range s.services {
		cost := b.add(sv.price*100, s.cover)
		price := fmt.Sprintf("%d.000", sv.price)
		insured := price
		if s.cover == 0 {
			insured = "0"
		}
		rows = append(rows, s.line(i+1).with(cost.columns(s.cover)).with(values{
			"MA_DICH_VU": sv.code, "MA_NHOM": sv.group, "TEN_DICH_VU": sv.name, "DON_VI_TINH": "Lần",
			"SO_LUONG": "1.000", "DON_GIA_BV": price, "DON_GIA_BH": insured, "TYLE_TT_DV": "100",
			"NGUOI_THUC_HIEN": s.doctor, "MA_BENH": s.codes(0),
			"NGAY_KQ": s.arrived.Add(15 * time.Minute).Format(minute),
		}))
	}
	return rows
}

func (s stay) findingRows() []values {
	var rows []values
	for i, f := range s.findings {
		rows = append(rows, values{
			"MA_LK": s.key, "STT": fmt.Sprint(i + 1), "MA_DICH_VU": f.service.code, "MA_CHI_SO": f.measure.code,
			"TEN_CHI_SO": f.measure.name, "GIA_TRI": f.value, "DON_VI_DO": f.measure.unit,
			"NGAY_KQ": s.arrived.Add(15 * time.Minute).Format(minute), "MA_BS_DOC_KQ": s.doctor,
		})
		if len(f.value) > 40 { // GIA_TRI holds 50 characters: longer findings go into a field without a limit
			rows[i]["GIA_TRI"], rows[i]["KET_LUAN"] = "", f.value
		}
	}
	return rows
}

func (s stay) noteRows() []values {
	var rows []values
	for i, note := range s.notes {
		at := s.arrived
		if i > 0 {
			at = s.left
		}
		rows = append(rows, values{
			"MA_LK": s.key, "STT": fmt.Sprint(i + 1), "DIEN_BIEN_LS": note, "THOI_DIEM_DBLS": at.Format(minute),
			"NGUOI_THUC_HIEN": s.doctor,
		})
	}
	return rows
}
