package gen

import "fmt"

// paper makes the record of one of the rarer tables.
func (s stay) paper(name string) values {
	switch name {
	case "XML7":
		return s.discharge()
	case "XML8":
		return s.abstract()
	case "XML11":
		return s.sickLeave()
	default:
		return s.transfer()
	}
}

// story is QT_BENHLY, the course of the illness in a sentence or two.
func (s stay) story() string {
	return fmt.Sprintf("Bệnh khởi phát với %s, tự dùng thuốc ở nhà không đỡ nên đến trạm. %s", s.reason, s.notes[0])
}

// results is TOMTAT_KQ.
func (s stay) results() string {
	if len(s.findings) == 0 {
		return "Không làm cận lâm sàng"
	}
	f := s.findings[0]
	return fmt.Sprintf("%s: %s %s", f.measure.name, f.value, f.measure.unit)
}

// discharge is XML7.
func (s stay) discharge() values {
	p := s.patient
	return values{
		"MA_LK": s.key, "SO_LUU_TRU": "LT" + p.digits, "MA_YTE": "99.001." + p.digits, "MA_KHOA_RV": department,
		"NGAY_VAO": s.arrived.Format(minute), "NGAY_RA": s.left.Format(minute), "CHAN_DOAN_RV": s.diagnosis(),
		"PP_DIEUTRI": s.treated, "GHI_CHU": "Tái khám khi có dấu hiệu bất thường", "MA_TTDV": manager,
		"MA_BS": s.doctor, "TEN_BS": "Y sĩ MẪU", "NGAY_CT": s.left.Format(day), "HO_TEN_ME": p.mother,
	}
}

// abstract is XML8.
func (s stay) abstract() values {
	return values{
		"MA_LK": s.key, "MA_LOAI_KCB": s.kind(), "HO_TEN_ME": s.patient.mother, "NGUOI_GIAM_HO": s.patient.mother,
		"NGAY_VAO": s.arrived.Format(minute), "NGAY_RA": s.left.Format(minute), "CHAN_DOAN_VAO": s.illnesses[0].name,
		"CHAN_DOAN_RV": s.diagnosis(), "QT_BENHLY": s.story(), "TOMTAT_KQ": s.results(), "PP_DIEUTRI": s.treated,
		"KET_QUA_DTRI": "1", "MA_TTDV": manager, "NGAY_CT": s.left.Format(day),
	}
}

// sickLeave is XML11.
func (s stay) sickLeave() values {
	p := s.patient
	return values{
		"MA_LK": s.key, "SO_CT": facility + "." + p.digits, "SO_SERI": "TS" + p.digits, "SO_KCB": "KB" + p.digits,
		"DON_VI": "Công ty TNHH May Ví Dụ & Cộng sự", "MA_BHXH": "9901" + p.digits, "MA_THE_BHYT": p.card,
		"CHAN_DOAN_RV": s.diagnosis(), "PP_DIEUTRI": s.treated, "SO_NGAY_NGHI": "2", "TU_NGAY": s.arrived.Format(day),
		"DEN_NGAY": s.arrived.AddDate(0, 0, 1).Format(day), "MA_TTDV": manager, "MA_BS": s.doctor,
		"NGAY_CT": s.arrived.Format(day), "MAU_SO": "CT07",
	}
}

// transfer is XML13.
func (s stay) transfer() values {
	p := s.patient
	return s.who().with(values{
		"MA_LK": s.key, "SO_HOSO": "HS" + p.digits, "SO_CHUYENTUYEN": "CT" + p.digits,
		"GIAY_CHUYEN_TUYEN": "GCT" + p.digits, "MA_CSKCB": facility, "MA_NOI_DI": facility, "MA_NOI_DEN": "99010",
		"MA_QUOCTICH": "000", "MA_DANTOC": p.people, "MA_NGHE_NGHIEP": p.trade, "DAU_HIEU_LS": s.notes[0],
		"QT_BENHLY": s.story(), "TOMTAT_KQ": s.results(), "PP_DIEUTRI": s.treated,
		"TEN_DICH_VU": s.services[len(s.services)-1].name, "TEN_THUOC": s.drugs[0].name, "PP_DIEU_TRI": s.treated,
		"MA_LOAI_RV": "2", "MA_LYDO_CT": "1", "HUONG_DIEU_TRI": "Khám chuyên khoa & điều trị tiếp",
		"PHUONGTIEN_VC": "Xe gắn máy, người nhà đưa đi", "HOTEN_NGUOI_HT": "Điều dưỡng MẪU", "MA_BAC_SI": s.doctor,
		"MA_TTDV": manager,
	})
}

// appointment is XML14.
func (s stay) appointment() values {
	return s.who().with(values{
		"MA_LK": s.key, "SO_GIAYHEN_KL": "GH" + s.patient.digits, "MA_CSKCB": facility,
		"NGAY_HEN_KL": s.again.Format(day), "MA_DOITUONG_KCB": s.admission(), "MA_BAC_SI": s.doctor, "MA_TTDV": manager,
		"NGAY_CT": s.arrived.Format(day),
	})
}
