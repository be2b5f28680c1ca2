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
	SexValue        = "sex-value"
	BHYTFormat      = "bhyt-format"
	BHYTListsDiffer = "bhyt-lists-differ"
	DateInvalid     = "date-invalid"
	DateFuture      = "date-future"
	DateBefore1900  = "date-before-1900"
	DateOrder       = "date-order"
	ICDFormat       = "icd-format"
	ICDTooMany      = "icd-too-many"
	ICDMainMissing  = "icd-main-missing"
	DoctorFormat    = "doctor-format"
	FacilityMissing = "facility-missing"
	FacilityFormat  = "facility-format"
	FacilityForeign = "facility-foreign"
	MaLKMissing     = "malk-missing"
	MaLKTooLong     = "malk-too-long"
	MaLKUnprintable = "malk-unprintable"
	MaLKDiffers     = "malk-differs"
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
)

// rules never changes.
var rules = []Rule{
	{CCCDMissing, Info, "Không có số CCCD/mã định danh", "No CCCD or personal identification number"},
	{CCCDFormat, Warning, "Số CCCD/CMND/hộ chiếu sai định dạng (CCCD có 12 chữ số, kể cả số 0 ở đầu)",
		"CCCD, CMND or passport number of a wrong form (a CCCD has 12 digits, leading zeros included)"},
	{CCCDBirthYear, Info, "Năm sinh trong số CCCD khác ngày sinh",
		"The year of birth in the CCCD differs from the date of birth"},
	{CCCDSex, Info, "Giới tính trong số CCCD khác giới tính đã ghi",
		"The sex in the CCCD differs from the one recorded"},
	{SexValue, Warning, "Giới tính không phải 1 (nam), 2 (nữ) hoặc 3 (chưa xác định)",
		"The sex is not 1 (male), 2 (female) or 3 (undetermined)"},
	{BHYTFormat, Warning, "Số thẻ BHYT sai định dạng (15 ký tự, 10 chữ số hoặc 12 chữ số)",
		"Insurance card number of a wrong form (15 characters, 10 digits or 12 digits)"},
	{BHYTListsDiffer, Warning, "Số lượng thẻ BHYT và số lượng ngày hiệu lực không bằng nhau",
		"There are not as many dates of validity as insurance cards"},
	{DateInvalid, Warning, "Ngày giờ không có thật hoặc sai định dạng",
		"A date that doesn't exist or has a wrong form"},
	{DateFuture, Warning, "Ngày ở tương lai", "A date in the future"},
	{DateBefore1900, Warning, "Ngày trước năm 1900", "A date before the year 1900"},
	{DateOrder, Warning, "Thứ tự ngày không hợp lý (vào viện, y lệnh, ra viện)",
		"Dates in the wrong order (admission, order, discharge)"},
	{ICDFormat, Warning, "Mã bệnh ICD-10 sai định dạng", "ICD-10 code of a wrong form"},
	{ICDTooMany, Warning, "Quá nhiều mã bệnh kèm theo (tối đa 12 mã, 100 ký tự)",
		"Too many secondary diagnoses (at most 12 codes, 100 characters)"},
	{ICDMainMissing, Warning, "Thiếu mã bệnh chính", "No main diagnosis code"},
	{DoctorFormat, Info, "Mã người hành nghề sai định dạng", "Practitioner's code of a wrong form"},
	{FacilityMissing, Warning, "Thiếu mã cơ sở khám chữa bệnh", "No facility code"},
	{FacilityFormat, Warning, "Mã cơ sở khám chữa bệnh sai định dạng (5 chữ số)",
		"Facility code of a wrong form (5 digits)"},
	{FacilityForeign, Warning, "Mã cơ sở khám chữa bệnh không phải của trạm này",
		"The facility code is not one of this station's"},
	{MaLKMissing, Error, "Thiếu mã liên kết (MA_LK)", "No visit identifier (MA_LK)"},
	{MaLKTooLong, Error, "Mã liên kết (MA_LK) dài quá 100 ký tự",
		"The visit identifier (MA_LK) is longer than 100 characters"},
	{MaLKUnprintable, Error, "Mã liên kết (MA_LK) có ký tự không in được",
		"The visit identifier (MA_LK) has unprintable characters"},
	{MaLKDiffers, Error, "Mã liên kết (MA_LK) không giống nhau giữa các bảng",
		"The visit identifier (MA_LK) is not the same in all tables"},
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
