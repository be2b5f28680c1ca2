package gen

// drug is one line of a commune station's medicine list. Codes, registration
// numbers and prices have the right shape and are invented.
type drug struct {
	code, name, strength, unit, route, form, registered string

	price int // đồng a unit
}

// Routes of QĐ 5086/QĐ-BYT: by mouth, on the skin, into the eye, inhaled.
const (
	oral    = "1.01"
	onSkin  = "3.05"
	inEye   = "6.01"
	inhaled = "5.04"
)

var pharmacy = map[string]drug{
	"paracetamol": {"40.56", "Paracetamol", "500mg", "Viên", oral, "Viên nén", "893100010425", 178},
	"parasiro": {
		"40.56", "Paracetamol (Hạ sốt & giảm đau trẻ em)", "250mg",
		"Gói", oral, "Bột sủi", "VD-20557-14", 1650,
	},
	"amoxicilin": {"40.154", "Amoxicilin", "500mg", "Viên", oral, "Viên nang cứng", "893110027526", 651},
	"amoxgoi":    {"40.154", "Amoxicilin", "250mg", "Gói", oral, "Bột pha hỗn dịch", "VD-18308-13", 1280},
	"amoxclav": {
		"40.155", "Amoxicilin + acid clavulanic", "500mg + 125mg",
		"Viên", oral, "Viên nén bao phim", "VD-31778-19", 2190,
	},
	"cefuroxim":  {"40.184", "Cefuroxim", "500mg", "Viên", oral, "Viên nén bao phim", "893110291900", 2450},
	"cephalexin": {"40.163", "Cefalexin", "500mg", "Viên", oral, "Viên nang cứng", "VD-29723-18", 730},
	"metronid":   {"40.212", "Metronidazol", "250mg", "Viên", oral, "Viên nén", "VD-22945-15", 146},
	"alphachy":   {"40.67", "Alpha chymotrypsin", "4,2mg", "Viên", oral, "Viên nén", "893110347723", 610},
	"loratadin":  {"40.89", "Loratadin", "10mg", "Viên", oral, "Viên nén", "VD-24662-16", 235},
	"cetirizin":  {"40.81", "Cetirizin", "10mg", "Viên", oral, "Viên nén bao phim", "VD-19301-13", 198},
	"clophenira": {"40.84", "Chlorpheniramin", "4mg", "Viên", oral, "Viên nén", "893100204325", 41},
	"acetylcys":  {"40.998", "N-acetylcystein", "200mg", "Gói", oral, "Thuốc cốm", "VD-22667-15", 790},
	"bromhexin":  {"40.991", "Bromhexin hydroclorid", "8mg", "Viên", oral, "Viên nén", "VD-17464-12", 84},
	"salbutamol": {
		"40.979", "Salbutamol sulfat", "2,5mg/2,5ml",
		"Ống", inhaled, "Dung dịch khí dung", "VD-21554-14", 4410,
	},
	"amlodipin": {"40.502", "Amlodipin", "5mg", "Viên", oral, "Viên nang cứng", "893110151624", 132},
	"losartan":  {"40.521", "Losartan kali", "50mg", "Viên", oral, "Viên nén bao phim", "VD-22912-15", 345},
	"perindop":  {"40.526", "Perindopril", "4mg", "Viên", oral, "Viên nén", "VD-24169-16", 487},
	"bisoprolol": {
		"40.506", "Bisoprolol fumarat", "2,5mg",
		"Viên", oral, "Viên nén bao phim", "893110049223", 399,
	},
	"hydrochlo": {"40.664", "Hydrochlorothiazid", "25mg", "Viên", oral, "Viên nén", "VD-30913-18", 158},
	"atorva":    {"40.549", "Atorvastatin", "10mg", "Viên", oral, "Viên nén bao phim", "VD-21312-14", 294},
	"rosuva":    {"40.558", "Rosuvastatin", "10mg", "Viên", oral, "Viên nén bao phim", "893110078924", 520},
	"aspirin": {
		"40.538", "Acid acetylsalicylic", "81mg",
		"Viên", oral, "Viên bao tan trong ruột", "VD-20261-13", 68,
	},
	"metformin": {"40.807", "Metformin", "850mg", "Viên", oral, "Viên nén bao phim", "893110230800", 312},
	"gliclazid": {
		"40.800", "Gliclazid", "30mg",
		"Viên", oral, "Viên giải phóng có kiểm soát", "VD-26466-17", 540,
	},
	"omeprazol": {"40.678", "Omeprazol", "20mg", "Viên", oral, "Viên nang cứng", "VD-24350-16", 203},
	"esomepra":  {"40.679", "Esomeprazol", "40mg", "Viên", oral, "Viên nang cứng", "893110810424", 812},
	"antacid": {
		"40.684", "Nhôm hydroxyd & Magnesi hydroxyd", "800,4mg + 611,76mg",
		"Gói", oral, "Hỗn dịch uống", "VD-26824-17", 2940,
	},
	"domperidon": {"40.688", "Domperidon", "10mg", "Viên", oral, "Viên nén", "VD-28972-18", 105},
	"oresol": {
		"40.725", "Natri clorid & kali clorid & glucose khan", "20,5g",
		"Gói", oral, "Thuốc bột", "VD-29957-18", 1480,
	},
	"berberin":   {"40.730", "Berberin clorid", "100mg", "Viên", oral, "Viên nang cứng", "VD-19319-13", 390},
	"diosmectit": {"40.732", "Diosmectit", "3g", "Gói", oral, "Bột pha hỗn dịch", "893100148624", 1260},
	"meloxicam":  {"40.41", "Meloxicam", "7,5mg", "Viên", oral, "Viên nén", "VD-16392-12", 99},
	"diclofenac": {
		"40.30", "Diclofenac (gel bôi)", "1%/20g",
		"Tuýp", onSkin, "Gel bôi da", "VD-30382-18", 8950,
	},
	"glucosamin": {"40.64", "Glucosamin", "500mg", "Viên", oral, "Viên nang cứng", "VD-25129-16", 280},
	"calcid3": {
		"40.1030", "Calci carbonat & vitamin D3", "1250mg + 125IU",
		"Viên", oral, "Viên nén nhai", "VD-21061-14", 840,
	},
	"sat": {
		"40.432", "Sắt fumarat & acid folic", "200mg + 1mg",
		"Viên", oral, "Viên nén bao phim", "VD-24850-16", 475,
	},
	"vitb": {
		"40.1049", "Vitamin B1 + B6 + B12", "125mg + 125mg + 250mcg",
		"Viên", oral, "Viên nén bao phim", "VD-23583-15", 620,
	},
	"vitc":       {"40.1056", "Vitamin C", "500mg", "Viên", oral, "Viên nén bao phim", "893110416324", 162},
	"betahistin": {"40.576", "Betahistin", "16mg", "Viên", oral, "Viên nén", "VD-27033-17", 420},
	"piracetam":  {"40.578", "Piracetam", "800mg", "Viên", oral, "Viên nén bao phim", "VD-26311-17", 448},
	"rotundin":   {"40.965", "Rotundin", "30mg", "Viên", oral, "Viên nén", "VD-20224-13", 340},
	"tobramycin": {
		"40.209", "Tobramycin (thuốc nhỏ mắt)", "0,3%/5ml",
		"Lọ", inEye, "Dung dịch nhỏ mắt", "VD-27954-17", 2750,
	},
	"natriclorid": {
		"40.1021", "Natri clorid", "0,9%/10ml",
		"Lọ", inEye, "Dung dịch nhỏ mắt, mũi", "VD-29295-18", 1310,
	},
	"kembong":     {"40.659", "Sulfadiazin bạc", "1%/20g", "Tuýp", onSkin, "Kem bôi da", "VD-28280-17", 19500},
	"clotrimazol": {"40.292", "Clotrimazol", "1%/10g", "Tuýp", onSkin, "Kem bôi da", "VD-30573-18", 5400},
	"hoathuyet": {
		"05.125", "Hoạt huyết dưỡng não (Đinh lăng, Bạch quả)", "150mg + 20mg",
		"Viên", oral, "Viên bao đường", "VD-22645-15", 205,
	},
	"boganh": {
		"05.99.3", "Actisô & Rau đắng đất & Bìm bìm", "100mg + 75mg + 5,3mg",
		"Viên", oral, "Viên bao đường", "VD-19790-13", 265,
	},
}

// service is one technical service. Measures are what it finds out; a service
// without any has no XML4.
type service struct {
	code, name, group string
	price             int // đồng
	measures          []measure
}

// measure is one index of XML4: a number in tenths between low and high, or one of words.
type measure struct {
	code, name, unit string
	low, high        int
	words            []string
}

var examination = service{code: "02.1895", name: "Khám bệnh tại trạm y tế xã", group: "13", price: 36500}

var services = map[string]service{
	"glucose": {"23.0075.1494", "Định lượng Glucose máu mao mạch", "1", 15200, []measure{
		{code: "GLU", name: "Glucose (mao mạch)", unit: "mmol/L", low: 42, high: 142},
	}},
	"urine": {"22.0149.1594", "Tổng phân tích nước tiểu (bằng máy tự động)", "1", 27800, []measure{
		{code: "URO", name: "Urobilinogen", unit: "µmol/L", low: 20, high: 170},
		{code: "PRO", name: "Protein niệu", words: []string{"Âm tính", "Âm tính", "Vết", "1+"}},
		{code: "LEU", name: "Bạch cầu niệu", words: []string{"Âm tính", "Âm tính", "1+", "2+"}},
		{code: "SG", name: "Tỷ trọng nước tiểu", words: []string{"1.005", "1.010", "1.015", "1.020", "1.025"}},
	}},
	"blood": {"22.0121.1369", "Tổng phân tích tế bào máu ngoại vi", "1", 47500, []measure{
		{code: "WBC", name: "Số lượng bạch cầu", unit: "G/L", low: 42, high: 158},
		{code: "RBC", name: "Số lượng hồng cầu", unit: "T/L", low: 34, high: 58},
		{code: "HGB", name: "Huyết sắc tố", unit: "g/L", low: 980, high: 1640},
		{code: "PLT", name: "Số lượng tiểu cầu", unit: "G/L", low: 1350, high: 4100},
	}},
	"dengue": {"24.0187.1637", "Dengue virus NS1Ag test nhanh", "1", 136200, []measure{
		{code: "NS1", name: "Dengue NS1Ag", words: []string{"Âm tính", "Âm tính", "Dương tính"}},
	}},
	"hbsag": {"24.0117.1646", "HBsAg test nhanh", "1", 56100, []measure{
		{code: "HBSAG", name: "HBsAg", words: []string{"Âm tính", "Âm tính", "Âm tính", "Dương tính"}},
	}},
	"ecg": {"21.0014.1778", "Điện tim thường", "3", 37900, []measure{
		{code: "ECG", name: "Điện tâm đồ", words: []string{
			"Nhịp xoang đều, trục trung gian", "Nhịp xoang, dày thất trái", "Nhịp xoang nhanh, không có ST chênh",
			"Ngoại tâm thu thất thưa", "Nhịp xoang chậm, blốc nhánh phải không hoàn toàn",
		}},
	}},
	"belly": {"18.0015.0001", "Siêu âm ổ bụng (gan mật, tụy, lách, thận, bàng quang)", "2", 49300, []measure{
		{code: "SAOB", name: "Siêu âm ổ bụng", words: []string{
			"Chưa ghi nhận bất thường", "Gan nhiễm mỡ độ I", "Gan nhiễm mỡ độ II, sỏi thận trái nhỏ",
			"Ứ nước thận phải độ I",
		}},
	}},
	"wound":    {"03.3911.0200", "Thay băng, cắt chỉ vết thương chiều dài ≤ 15 cm", "8", 64300, nil},
	"nebulise": {"02.0032.0898", "Khí dung thuốc giãn phế quản", "8", 27500, nil},
	"needles":  {"08.0278.0230", "Điện châm điều trị hội chứng thắt lưng hông", "8", 78300, nil},
	"massage":  {"08.0389.0280", "Xoa bóp bấm huyệt bằng tay", "8", 76000, nil},
	"infrared": {"17.0011.0237", "Điều trị bằng tia hồng ngoại", "8", 40900, nil},
	"ear":      {"15.0058.0899", "Làm thuốc tai, mũi, thanh quản", "8", 21100, nil},
	"stitches": {"15.0301.0216", "Khâu vết thương đơn giản vùng đầu, mặt, cổ", "8", 194700, nil},
}
