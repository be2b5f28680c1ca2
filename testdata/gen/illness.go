package gen

// illness is a reason to come to a commune station, with what belongs to it.
// None lies in the ranges that must not be taken in (B20–B24, Z21, F11–F19 …).
type illness struct {
	code, name string
	complaints []string
	signs      []string
	drugs      []string // keys of pharmacy
	services   []string // keys of services
	chronic    bool     // medicine for a month, then back again
	child      bool     // children have it too
}

var illnesses = []illness{
	{
		code: "J00", name: "Viêm mũi họng cấp [cảm thường]",
		complaints: []string{"Ho, sổ mũi", "Sốt, chảy mũi trong", "Đau rát họng, hắt hơi"},
		signs:      []string{"niêm mạc mũi sung huyết, nhiều dịch trong", "họng đỏ nhẹ, phổi không ran"},
		drugs:      []string{"paracetamol", "clophenira", "vitc", "natriclorid", "bromhexin"},
		services:   []string{"ear", "blood"}, child: true,
	},
	{
		code: "J02.9", name: "Viêm họng cấp, không xác định",
		complaints: []string{"Đau họng, nuốt vướng", "Sốt, đau họng", "Khàn tiếng, ho khan"},
		signs:      []string{"họng đỏ, amidan không sưng", "thành sau họng có hạt, hạch góc hàm không to"},
		drugs:      []string{"amoxicilin", "paracetamol", "alphachy", "vitc", "loratadin"},
		services:   []string{"ear", "blood"}, child: true,
	},
	{
		code: "J03.9", name: "Viêm amidan cấp, không xác định",
		complaints: []string{"Sốt cao, đau họng", "Nuốt đau, hơi thở hôi"},
		signs:      []string{"amidan hai bên sưng đỏ, có giả mạc mỏng", "amidan độ II, hạch cổ di động"},
		drugs:      []string{"amoxclav", "paracetamol", "alphachy", "vitc"},
		services:   []string{"ear", "blood"}, child: true,
	},
	{
		code: "J06.9", name: "Nhiễm trùng đường hô hấp trên cấp, không xác định",
		complaints: []string{"Ho, sốt nhẹ", "Sốt, ho có đàm", "Sổ mũi, ho về đêm"},
		signs:      []string{"họng đỏ, phổi thông khí rõ", "phổi trong, không co kéo", "mũi nhiều dịch nhầy"},
		drugs:      []string{"paracetamol", "acetylcys", "cetirizin", "amoxicilin", "vitc"},
		services:   []string{"blood", "nebulise"}, child: true,
	},
	{
		code: "J20.9", name: "Viêm phế quản cấp, không xác định",
		complaints: []string{"Ho đàm vàng, sốt", "Ho nhiều, khò khè", "Ho khạc đàm, tức ngực"},
		signs: []string{
			"phổi ran ngáy rải rác hai bên", "phổi ran ẩm to hạt đáy phải",
			"không khó thở, không tím",
		},
		drugs:    []string{"cefuroxim", "acetylcys", "paracetamol", "salbutamol", "bromhexin"},
		services: []string{"nebulise", "blood"}, child: true,
	},
	{
		code: "J30.4", name: "Viêm mũi dị ứng, không xác định",
		complaints: []string{"Hắt hơi từng cơn, ngứa mũi", "Nghẹt mũi khi trời lạnh"},
		signs:      []string{"cuốn mũi phù nề, nhợt màu", "dịch mũi trong, không mủ"},
		drugs:      []string{"loratadin", "natriclorid", "vitc", "cetirizin"},
		services:   []string{"ear", "blood"}, child: true,
	},
	{
		code: "J45.9", name: "Hen, không phân loại",
		complaints: []string{"Khó thở, khò khè về đêm", "Nặng ngực, ho khi gắng sức"},
		signs:      []string{"phổi ran rít ran ngáy hai bên", "thì thở ra kéo dài, nói trọn câu"},
		drugs:      []string{"salbutamol", "acetylcys", "cetirizin", "bromhexin"},
		services:   []string{"nebulise", "blood", "ecg"}, chronic: true,
	},
	{
		code: "I10", name: "Tăng huyết áp vô căn (nguyên phát)",
		complaints: []string{
			"Nhức đầu, chóng mặt", "Tái khám tăng huyết áp",
			"Hết thuốc huyết áp", "Nặng đầu, mỏi gáy",
		},
		signs:    []string{"tim đều rõ, T1 T2 nghe rõ", "không phù, không yếu liệt", "phổi trong, bụng mềm"},
		drugs:    []string{"amlodipin", "losartan", "perindop", "atorva", "aspirin", "hydrochlo", "bisoprolol"},
		services: []string{"ecg", "glucose", "urine", "blood"}, chronic: true,
	},
	{
		code: "I11.9", name: "Bệnh tim do tăng huyết áp, không suy tim",
		complaints: []string{"Hồi hộp, mệt khi đi bộ", "Tái khám tim mạch"},
		signs:      []string{"mỏm tim ở liên sườn V ngoài đường trung đòn", "tim đều, không âm thổi"},
		drugs:      []string{"bisoprolol", "losartan", "atorva", "aspirin", "amlodipin"},
		services:   []string{"ecg", "urine", "glucose"}, chronic: true,
	},
	{
		code: "I25.9", name: "Bệnh tim thiếu máu cục bộ mạn, không xác định",
		complaints: []string{"Tức ngực trái thoáng qua", "Đau ngực khi leo dốc"},
		signs:      []string{"không đau ngực lúc khám", "tim đều, mạch ngoại vi bắt rõ"},
		drugs:      []string{"aspirin", "rosuva", "bisoprolol", "perindop"},
		services:   []string{"ecg", "blood", "glucose"}, chronic: true,
	},
	{
		code: "E11", name: "Đái tháo đường không phụ thuộc insulin",
		complaints: []string{"Tái khám đái tháo đường", "Khát nước, tiểu nhiều", "Tê đầu ngón chân"},
		signs: []string{
			"bàn chân không loét, mạch mu chân rõ", "không dấu mất nước",
			"da khô, cảm giác nông bình thường",
		},
		drugs:    []string{"metformin", "gliclazid", "atorva", "perindop", "vitb"},
		services: []string{"glucose", "urine", "ecg", "blood"}, chronic: true,
	},
	{
		code: "E78.5", name: "Tăng lipid máu, không xác định",
		complaints: []string{"Kiểm tra mỡ máu", "Tái khám rối loạn mỡ máu"},
		signs:      []string{"thể trạng thừa cân, vòng bụng to", "không u vàng mi mắt"},
		drugs:      []string{"rosuva", "atorva", "boganh", "aspirin"},
		services:   []string{"glucose", "belly", "ecg"}, chronic: true,
	},
	{
		code: "K29.7", name: "Viêm dạ dày, không đặc hiệu",
		complaints: []string{"Đau thượng vị sau ăn", "Nóng rát dạ dày, ợ hơi", "Đầy bụng, khó tiêu"},
		signs:      []string{"bụng mềm, ấn đau nhẹ thượng vị", "không đề kháng thành bụng, gan lách không to"},
		drugs:      []string{"omeprazol", "antacid", "domperidon", "esomepra"},
		services:   []string{"belly", "blood"},
	},
	{
		code: "K21.9", name: "Bệnh trào ngược dạ dày - thực quản không viêm thực quản",
		complaints: []string{"Ợ chua, nóng sau xương ức", "Buồn nôn, ho khi nằm"},
		signs:      []string{"bụng mềm, không điểm đau khu trú", "họng đỏ nhẹ vùng sụn phễu"},
		drugs:      []string{"esomepra", "domperidon", "antacid", "omeprazol"},
		services:   []string{"belly", "blood"},
	},
	{
		code: "A09.9", name: "Viêm dạ dày - ruột và đại tràng không rõ nguyên nhân",
		complaints: []string{"Tiêu lỏng 5 lần/ngày", "Đau quặn bụng, tiêu chảy", "Nôn, tiêu lỏng"},
		signs: []string{
			"bụng mềm, nhu động ruột tăng", "môi khô nhẹ, véo da mất nhanh",
			"không dấu mất nước nặng",
		},
		drugs:    []string{"oresol", "diosmectit", "berberin", "domperidon", "metronid"},
		services: []string{"blood", "belly"}, child: true,
	},
	{
		code: "K59.0", name: "Táo bón",
		complaints: []string{"Đi cầu khó, phân cứng", "3 ngày chưa đi cầu"},
		signs:      []string{"bụng mềm, chướng nhẹ", "sờ thấy khối phân hố chậu trái"},
		drugs:      []string{"boganh", "vitb", "domperidon"},
		services:   []string{"belly", "blood"}, child: true,
	},
	{
		code: "M54.5", name: "Đau vùng thắt lưng",
		complaints: []string{"Đau lưng lan xuống mông", "Đau thắt lưng sau khuân vác", "Cúi ngửa đau"},
		signs:      []string{"ấn đau cạnh cột sống L4-L5, Lasègue âm tính", "co cứng cơ cạnh sống, không yếu chi"},
		drugs:      []string{"meloxicam", "vitb", "paracetamol", "diclofenac", "glucosamin"},
		services:   []string{"needles", "massage", "infrared"},
	},
	{
		code: "M17.9", name: "Thoái hóa khớp gối, không xác định",
		complaints: []string{"Đau khớp gối khi đi lại", "Cứng gối buổi sáng", "Lên cầu thang đau gối"},
		signs:      []string{"khớp gối lạo xạo khi vận động, không sưng nóng", "bập bềnh xương bánh chè (-)"},
		drugs:      []string{"glucosamin", "meloxicam", "calcid3", "diclofenac", "paracetamol"},
		services:   []string{"infrared", "needles", "massage"}, chronic: true,
	},
	{
		code: "M25.5", name: "Đau khớp",
		complaints: []string{"Đau khớp vai phải", "Nhức khớp bàn tay", "Đau khớp khi trở trời"},
		signs:      []string{"khớp không biến dạng, tầm vận động giảm nhẹ", "không sưng nóng đỏ"},
		drugs:      []string{"paracetamol", "meloxicam", "diclofenac", "vitb"},
		services:   []string{"massage", "infrared"},
	},
	{
		code: "G44.2", name: "Đau đầu do căng thẳng",
		complaints: []string{"Đau đầu hai bên thái dương", "Đau đầu, mất ngủ"},
		signs:      []string{"cổ mềm, không dấu thần kinh khu trú", "đồng tử hai bên đều, phản xạ ánh sáng tốt"},
		drugs:      []string{"paracetamol", "rotundin", "vitb", "hoathuyet"},
		services:   []string{"massage", "glucose"},
	},
	{
		code: "H81.9", name: "Rối loạn chức năng tiền đình, không xác định",
		complaints: []string{"Chóng mặt khi thay đổi tư thế", "Chóng mặt, buồn nôn, ù tai"},
		signs:      []string{"Romberg (-), không rung giật nhãn cầu", "nghiệm pháp ngón tay chỉ mũi đúng"},
		drugs:      []string{"betahistin", "piracetam", "hoathuyet", "vitb"},
		services:   []string{"ecg", "glucose"},
	},
	{
		code: "N39.0", name: "Nhiễm khuẩn hệ tiết niệu, vị trí không xác định",
		complaints: []string{"Tiểu gắt, tiểu buốt", "Đau hạ vị, tiểu lắt nhắt"},
		signs:      []string{"cầu bàng quang (-), chạm thận (-)", "ấn tức nhẹ hạ vị"},
		drugs:      []string{"cefuroxim", "paracetamol", "vitc", "cephalexin"},
		services:   []string{"urine", "belly", "blood"},
	},
	{
		code: "L20.9", name: "Viêm da cơ địa, không xác định",
		complaints: []string{"Ngứa da hai khuỷu tay", "Mảng đỏ ngứa ở má"},
		signs:      []string{"da khô, mảng hồng ban tróc vảy, không rỉ dịch", "vết cào gãi rải rác"},
		drugs:      []string{"loratadin", "cetirizin", "vitc"},
		services:   []string{"blood", "wound"}, child: true,
	},
	{
		code: "B35.4", name: "Nấm da thân",
		complaints: []string{"Ngứa, mảng tròn ở lưng", "Nổi đốm đỏ ngứa vùng bụng"},
		signs:      []string{"mảng hồng ban bờ đa cung, trung tâm lành", "thương tổn giới hạn rõ, có vảy mịn"},
		drugs:      []string{"clotrimazol", "loratadin", "vitc"},
		services:   []string{"wound", "blood"}, child: true,
	},
	{
		code: "H10.9", name: "Viêm kết mạc, không đặc hiệu",
		complaints: []string{"Đỏ mắt, cộm, chảy ghèn", "Ngứa mắt, chảy nước mắt"},
		signs:      []string{"kết mạc cương tụ, giác mạc trong", "ghèn vàng ít, thị lực không giảm"},
		drugs:      []string{"tobramycin", "natriclorid", "vitc", "paracetamol"},
		services:   []string{"wound", "blood"}, child: true,
	},
	{
		code: "D50.9", name: "Thiếu máu do thiếu sắt, không đặc hiệu",
		complaints: []string{"Mệt mỏi, hoa mắt", "Da xanh, ăn kém"},
		signs:      []string{"niêm nhợt nhẹ, móng không dẹt", "tim đều, không âm thổi"},
		drugs:      []string{"sat", "vitc", "vitb", "calcid3"},
		services:   []string{"blood", "urine"},
	},
	{
		code: "A90", name: "Sốt xuất huyết Dengue",
		complaints: []string{"Sốt cao liên tục, nhức hốc mắt", "Sốt, đau cơ, buồn nôn"},
		signs:      []string{"dấu dây thắt (+), chưa xuất huyết tự nhiên", "gan không to, chi ấm, mạch rõ"},
		drugs:      []string{"paracetamol", "oresol", "vitc"},
		services:   []string{"dengue", "blood"}, child: true,
	},
	{
		code: "S61.9", name: "Vết thương hở của cổ tay và bàn tay, phần không xác định",
		complaints: []string{"Đứt tay do dao", "Vết thương bàn tay do tôn cắt"},
		signs:      []string{"vết thương # 3 cm, bờ gọn, không đứt gân", "vết thương khô, không mủ, đầu chi hồng"},
		drugs:      []string{"cephalexin", "paracetamol", "alphachy", "kembong"},
		services:   []string{"wound", "stitches"}, child: true,
	},
	{
		code: "T30.0", name: "Bỏng, vùng cơ thể không đặc hiệu, mức độ không đặc hiệu",
		complaints: []string{"Bỏng nước sôi cẳng tay", "Bỏng bô xe máy"},
		signs:      []string{"bỏng độ II nông # 1%, có bóng nước", "nền hồng, không hoại tử"},
		drugs:      []string{"kembong", "paracetamol", "cephalexin", "vitc"},
		services:   []string{"wound", "blood"}, child: true,
	},
	{
		code: "B18.1", name: "Viêm gan virus B mạn, không có đồng nhiễm viêm gan virus D",
		complaints: []string{"Tái khám viêm gan B", "Mệt mỏi, ăn chậm tiêu"},
		signs:      []string{"củng mạc không vàng, gan không to", "không sao mạch, không báng bụng"},
		drugs:      []string{"boganh", "vitb", "vitc"},
		services:   []string{"hbsag", "belly", "blood"}, chronic: true,
	},
}

// childDrug is what a small child gets instead.
var childDrug = map[string]string{
	"paracetamol": "parasiro", "amoxicilin": "amoxgoi", "cefuroxim": "amoxgoi", "amoxclav": "amoxgoi",
	"cephalexin": "amoxgoi", "bromhexin": "acetylcys",
}

var (
	since = []string{
		"2 ngày nay", "3 ngày nay", "từ hôm qua", "từ sáng nay",
		"1 tuần nay", "khoảng 5 ngày", "nửa tháng nay", "từ tối qua",
	}
	advices = []string{
		"Uống thuốc theo toa, tái khám khi hết thuốc", "Ăn nhạt, hạn chế mỡ & đường, tập thể dục 30 phút mỗi ngày",
		"Uống nhiều nước, nghỉ ngơi, theo dõi nhiệt độ", "Tái khám ngay khi sốt > 38,5 độ hoặc khó thở",
		"Giữ ấm, súc họng nước muối", "Không tự ý ngưng thuốc", "Theo dõi huyết áp tại nhà sáng & chiều",
		"Ăn chín uống sôi, rửa tay bằng xà phòng", "Vệ sinh vùng da tổn thương, tránh gãi",
		"Tránh mang vác nặng, tập vận động nhẹ",
	}
	treatments = []string{
		"Thuốc uống", "Điều trị ngoại trú, thuốc uống theo toa", "Thuốc & theo dõi tại nhà",
		"Nội khoa, hướng dẫn dinh dưỡng",
		"Thuốc uống, vật lý trị liệu", "Kê đơn, tư vấn lối sống", "Cấp thuốc 1 đợt, hẹn tái khám",
	}
	progress = []string{
		"Bệnh tỉnh, tiếp xúc tốt", "Tỉnh, da niêm hồng", "Tổng trạng trung bình", "Bệnh tỉnh táo, sinh hiệu ổn",
		"Thể trạng gầy, tỉnh", "Không phù, không xuất huyết dưới da",
	}
	outcomes = []string{
		"Sau xử trí bệnh ổn, cho về", "Đỡ đau, cho toa về", "Giảm triệu chứng, dặn dò tái khám",
		"Hết sốt, ăn uống được",
		"Theo dõi 30 phút sau dùng thuốc: không phản ứng", "Sinh hiệu ổn, người bệnh đồng ý về nhà theo dõi",
	}
)
