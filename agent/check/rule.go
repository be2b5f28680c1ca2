package check

import "slices"

// Severity says how much a finding matters.
type Severity string

// The severities.
const (
	Info    Severity = "info"    // worth counting, but often right: a newborn has no CCCD
	Warning Severity = "warning" // probably a mistake
	Error   Severity = "error"   // a mistake that keeps the record from being used as it is
)

// Rule is a kind of finding, and how to tell people of it.
type Rule struct {
	Code     string // stable; the warehouse counts by it
	Severity Severity
	VI, EN   string // one sentence each, without full stop
}

// Codes of the findings.
const (
	CCCDMissing     = "cccd-missing"
	CCCDFormat      = "cccd-format"
	CCCDBirthYear   = "cccd-birth-year"
	CCCDSex         = "cccd-sex"
	CCCDProvince    = "cccd-province"
	SexValue        = "sex-value"
	BHYTFormat      = "bhyt-format"
	BHYTListsDiffer = "bhyt-lists-differ"
	BHXHFormat      = "bhxh-format"
	DKBDFormat      = "dkbd-format"
	DKBDNewborn     = "dkbd-newborn"
	PhoneFormat     = "phone-format"
	CodeDigits      = "code-digits"

	DateInvalid      = "date-invalid"
	DateFuture       = "date-future"
	DateBefore1900   = "date-before-1900"
	DateOrder        = "date-order"
	DateDoubledMonth = "date-doubled-month"

	CommuneFormat   = "commune-format"
	CommuneUnknown  = "commune-unknown"
	CommuneOld      = "commune-old"
	CommuneSplit    = "commune-split"
	CommuneNew      = "commune-new"
	DistrictFilled  = "district-filled"
	ProvinceUnknown = "province-unknown"
	ProvinceOld     = "province-old"
	ProvinceDiffers = "province-differs"

	ICDFormat      = "icd-format"
	ICDTooMany     = "icd-too-many"
	ICDMainMissing = "icd-main-missing"
	YHCTTooLong    = "yhct-too-long"
	YHCTAlone      = "yhct-alone"
	CareType       = "care-type"
	NumberFormat   = "number-format"
	NumberComma    = "number-comma"

	DoctorFormat       = "doctor-format"
	DoctorDigits       = "doctor-seven-digits"
	ManagerFormat      = "manager-format"
	FacilityMissing    = "facility-missing"
	FacilityFormat     = "facility-format"
	FacilityProvince   = "facility-province"
	FacilityForeign    = "facility-foreign"
	CertificateFormat  = "certificate-format"
	PrescriptionFormat = "prescription-format"

	MaLKMissing     = "malk-missing"
	MaLKTooLong     = "malk-too-long"
	MaLKUnprintable = "malk-unprintable"
	MaLKDiffers     = "malk-differs"
	STTDuplicate    = "stt-duplicate"
	TableUnknown    = "table-unknown"
	TableDuplicate  = "table-duplicate"
	XML1Missing     = "xml1-missing"
	FindingsCapped  = "findings-capped"
)

// Codes of what agent/export notices while it reads a file.
const (
	HoSoCount     = "hoso-count"
	KeyIncomplete = "key-incomplete"
	KeyDuplicate  = "key-duplicate"
	RowShort      = "row-short"
	LinesSkipped  = "lines-skipped"
	SheetsSkipped = "sheets-skipped"
	CCCDPadded    = "cccd-padded"
	ExcelNumber   = "excel-number"
)

// PackedDropped is what agent/intake notices when it takes in a row.
const PackedDropped = "packed-dropped"

// rules never changes. In its order people read it.
var rules = []Rule{
	{CCCDMissing, Info, "Không có số CCCD/mã định danh", "No CCCD or personal identification number"},
	{CCCDFormat, Warning, "Số CCCD/CMND/hộ chiếu sai định dạng (CCCD có 12 chữ số, kể cả số 0 ở đầu)",
		"CCCD, CMND or passport number of a wrong form (a CCCD has 12 digits, leading zeros included)"},
	{CCCDBirthYear, Info, "Năm sinh trong số CCCD khác ngày sinh",
		"The year of birth in the CCCD differs from the date of birth"},
	{CCCDSex, Info, "Giới tính trong số CCCD khác giới tính đã ghi",
		"The sex in the CCCD differs from the one recorded"},
	{CCCDProvince, Info, "Ba chữ số đầu của số CCCD không phải mã tỉnh hoặc mã quốc gia",
		"The first three digits of the CCCD are no province's and no country's"},
	{SexValue, Warning,
		"Giới tính không phải 1 (nam), 2 (nữ) hoặc 3 (chưa xác định); giấy khám sức khỏe lái xe: 0 (nam), 1 (nữ)",
		"The sex is not 1 (male), 2 (female) or 3 (undetermined); in a driver's certificate: 0 (male), 1 (female)"},
	{BHYTFormat, Warning, "Số thẻ BHYT sai định dạng (15 ký tự, 10 chữ số hoặc 12 chữ số)",
		"Insurance card number of a wrong form (15 characters, 10 digits or 12 digits)"},
	{BHYTListsDiffer, Warning, "Số lượng thẻ BHYT và số lượng ngày hiệu lực hoặc nơi đăng ký ban đầu không bằng nhau",
		"There are not as many dates of validity or facilities of registration as insurance cards"},
	{BHXHFormat, Info, "Mã số BHXH sai định dạng (10 chữ số)", "Social insurance number of a wrong form (10 digits)"},
	{DKBDFormat, Warning, "Mã nơi đăng ký KCB ban đầu sai định dạng (5 chữ số, 2 chữ số đầu là mã tỉnh)",
		"Facility of registration of a wrong form (5 digits, the first two a province's)"},
	{DKBDNewborn, Info, "Nơi đăng ký KCB ban đầu <mã tỉnh>000 chỉ dùng cho trẻ sơ sinh (thẻ TE1)",
		"The facility of registration <province>000 is for newborns only (card TE1)"},
	{PhoneFormat, Info, "Số điện thoại sai định dạng (10 chữ số, bắt đầu bằng 0)",
		"Phone number of a wrong form (10 digits, the first one 0)"},
	{CodeDigits, Info, "Mã dân tộc, quốc tịch hoặc nghề nghiệp không đủ chữ số (có thể đã mất số 0 ở đầu)",
		"Code of people, nationality or occupation with too few or too many digits (leading zeros may be lost)"},

	{DateInvalid, Warning, "Ngày giờ không có thật hoặc sai định dạng",
		"A date that doesn't exist or has a wrong form"},
	{DateFuture, Warning, "Ngày ở tương lai", "A date in the future"},
	{DateBefore1900, Warning, "Ngày trước năm 1900", "A date before the year 1900"},
	{DateOrder, Warning, "Thứ tự ngày không hợp lý (sinh, vào viện, y lệnh, ra viện)",
		"Dates in the wrong order (birth, admission, order, discharge)"},
	{DateDoubledMonth, Info, "Ngày lập (NGAYLAP) ghi tháng hai lần", "The file's date (NGAYLAP) has its month twice"},

	{CommuneFormat, Warning, "Mã xã sai định dạng (5 chữ số, kể cả số 0 ở đầu)",
		"Commune code of a wrong form (5 digits, leading zeros included)"},
	{CommuneUnknown, Info, "Mã xã không có trong danh mục trước hoặc từ ngày 01/07/2025",
		"Commune code that is in neither list, of before or since 01/07/2025"},
	{CommuneOld, Info, "Mã xã đã hết hiệu lực từ ngày 01/07/2025 (danh mục xã đã thay đổi)",
		"Commune code that is no longer valid since 01/07/2025 (the list of communes changed)"},
	{CommuneSplit, Info,
		"Mã xã đã hết hiệu lực từ ngày 01/07/2025 và xã cũ được chia về nhiều xã mới: cần địa chỉ để xác định",
		"Commune code no longer valid since 01/07/2025, of a commune split among several new ones: the address decides"},
	{CommuneNew, Info, "Mã xã chỉ có hiệu lực từ ngày 01/07/2025, sau ngày của hồ sơ",
		"Commune code that is valid only since 01/07/2025, after the record's date"},
	{DistrictFilled, Info, "Vẫn ghi mã huyện sau ngày 01/07/2025 (không còn cấp huyện)",
		"A district is given after 01/07/2025, when there are none any more"},
	{ProvinceUnknown, Info, "Mã tỉnh không có trong danh mục", "Province code that is in no list"},
	{ProvinceOld, Info, "Mã tỉnh đã hết hiệu lực từ ngày 01/07/2025 (tỉnh đã sáp nhập)",
		"Province code that is no longer valid since 01/07/2025 (the province was merged)"},
	{ProvinceDiffers, Warning, "Xã không thuộc tỉnh đã ghi", "The commune does not lie in the province given"},

	{ICDFormat, Warning, "Mã bệnh ICD-10 sai định dạng", "ICD-10 code of a wrong form"},
	{ICDTooMany, Warning, "Quá nhiều mã bệnh kèm theo (tối đa 12 mã, 100 ký tự)",
		"Too many secondary diagnoses (at most 12 codes, 100 characters)"},
	{ICDMainMissing, Warning, "Thiếu mã bệnh chính", "No main diagnosis code"},
	{YHCTTooLong, Warning, "Mã bệnh y học cổ truyền dài quá 255 ký tự",
		"The codes of traditional medicine are longer than 255 characters"},
	{YHCTAlone, Info, "Có mã bệnh y học cổ truyền nhưng không có mã bệnh ICD-10 tương ứng",
		"A code of traditional medicine without the ICD-10 code it belongs to"},
	{CareType, Warning, "Mã loại khám chữa bệnh không có trong danh mục (01 đến 16)",
		"Type of care that is not in the list (01 to 16)"},
	{NumberFormat, Warning, "Số sai định dạng (chữ số, dấu chấm thập phân, tối đa 3 chữ số lẻ)",
		"Number of a wrong form (digits, decimal point, at most 3 decimals)"},
	{NumberComma, Warning, "Số dùng dấu phẩy; quy định dùng dấu chấm thập phân",
		"Number with a comma, where a decimal point is prescribed"},

	{DoctorFormat, Info, "Mã người hành nghề sai định dạng", "Practitioner's code of a wrong form"},
	{DoctorDigits, Info, "Số chứng chỉ hành nghề có 7 chữ số (quy định 6)",
		"The practice certificate's number has 7 digits (6 are prescribed)"},
	{ManagerFormat, Info, "Mã thủ trưởng đơn vị (MA_TTDV) sai định dạng (10 chữ số)",
		"Code of the head of the unit (MA_TTDV) of a wrong form (10 digits)"},
	{FacilityMissing, Warning, "Thiếu mã cơ sở khám chữa bệnh", "No facility code"},
	{FacilityFormat, Warning, "Mã cơ sở khám chữa bệnh sai định dạng (5 chữ số)",
		"Facility code of a wrong form (5 digits)"},
	{FacilityProvince, Warning, "Hai chữ số đầu của mã cơ sở khám chữa bệnh không phải mã tỉnh",
		"The first two digits of the facility code are no province's"},
	{FacilityForeign, Warning, "Mã cơ sở khám chữa bệnh không phải của trạm này",
		"The facility code is not one of this station's"},
	{CertificateFormat, Warning, "Số giấy khám sức khỏe lái xe sai định dạng (NNNNN/GKSKLX/<mã cơ sở>/YY)",
		"Number of a driver's health certificate of a wrong form (NNNNN/GKSKLX/<facility>/YY)"},
	{PrescriptionFormat, Warning, "Mã đơn thuốc sai định dạng (mã cơ sở, 7 ký tự, -c, -h hoặc -n)",
		"Prescription number of a wrong form (facility, 7 characters, -c, -h or -n)"},

	{MaLKMissing, Error, "Thiếu mã liên kết (MA_LK)", "No visit identifier (MA_LK)"},
	{MaLKTooLong, Error, "Mã liên kết (MA_LK) dài quá 100 ký tự",
		"The visit identifier (MA_LK) is longer than 100 characters"},
	{MaLKUnprintable, Error, "Mã liên kết (MA_LK) có ký tự không in được",
		"The visit identifier (MA_LK) has unprintable characters"},
	{MaLKDiffers, Error, "Mã liên kết (MA_LK) không giống nhau giữa các bảng",
		"The visit identifier (MA_LK) is not the same in all tables"},
	{STTDuplicate, Warning, "Số thứ tự (STT) bị trùng trong một bảng", "The same row number (STT) twice in one table"},
	{TableUnknown, Warning, "Loại hồ sơ không phải XML0 đến XML15", "The document type is not one of XML0 to XML15"},
	{TableDuplicate, Warning, "Một loại bảng xuất hiện nhiều lần trong hồ sơ",
		"The same table occurs more than once in the visit"},
	{XML1Missing, Warning, "Hồ sơ không có bảng tổng hợp XML1", "The visit has no summary table XML1"},

	{HoSoCount, Info, "Số lượng hồ sơ ghi trong tệp (SOLUONGHOSO) khác số hồ sơ có thật",
		"The number of visits that the file states (SOLUONGHOSO) is not the number it holds"},
	{KeyIncomplete, Warning, "Thiếu giá trị ở cột khóa nên không nhận ra được khi bản ghi này được sửa",
		"A key column has no value, so a later correction of this row can't be recognised"},
	{KeyDuplicate, Warning, "Hai dòng khác nhau trong tệp có cùng khóa",
		"Two different rows of the file have the same key"},
	{RowShort, Warning, "Dòng có ít giá trị hơn số cột", "The row has fewer values than the header has columns"},
	{LinesSkipped, Info, "Có dòng tổng cộng, tiêu đề nhóm hoặc chữ ký không được lấy làm bản ghi",
		"Lines with totals, headings or signatures were not taken for records"},
	{SheetsSkipped, Info, "Có trang tính bị ẩn hoặc không đúng mẫu không được đọc",
		"Sheets that are hidden or have other columns were not read"},
	{CCCDPadded, Info, "Số CCCD bị mất số 0 ở đầu, đã được thêm lại",
		"The CCCD had lost its leading zeros; they were put back"},
	{ExcelNumber, Warning, "Mã số bị Excel đổi thành dạng số nên mất các chữ số cuối",
		"The identifier was turned into a number by Excel and has lost its last digits"},
	{PackedDropped, Warning, "Cột có tệp không đọc được để sàng lọc (PDF, ảnh, tệp nén…) nên đã bị bỏ",
		"The column held a file that can't be read to screen it (a PDF, picture, archive …) and was left out"},
	{FindingsCapped, Info, "Còn nhiều lỗi khác không được liệt kê", "There are more findings than are listed"},
}

// Rules lists every kind of finding. The caller owns the list.
func Rules() []Rule { return slices.Clone(rules) }

// Lookup finds the rule of a finding's code.
func Lookup(code string) (Rule, bool) {
	for i := range rules {
		if rules[i].Code == code {
			return rules[i], true
		}
	}
	return Rule{}, false
}
