package export

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// FormatError says why a file can't be read, and where. It never quotes content.
type FormatError struct {
	Code     string `json:"code"`           // which of the reasons below
	HoSo     int    `json:"hoso,omitempty"` // number of the HOSO or HOSOSUCKHOE, from 1
	Document string `json:"document,omitempty"`
	Field    string `json:"field,omitempty"`
	Row      int    `json:"row,omitempty"`  // json: number of the row, from 1
	Line     int    `json:"line,omitempty"` // from 1
	// Offset counts bytes into the file, or into the document when that is named; of UTF-16 as UTF-8.
	Offset int64 `json:"offset,omitempty"`
}

// Error is Text in English.
func (e *FormatError) Error() string { return e.Text("en") }

// Text says place, reason and what to do, in Vietnamese (lang "vi") or English.
func (e *FormatError) Text(lang string) string {
	r := reasonOf(e.Code)
	reason, hint, line, at, row := r.en, r.hintEN, "line %d", "byte %d", "row %d"
	if lang == "vi" {
		reason, hint, line, at, row = r.vi, r.hintVI, "dòng %d", "byte thứ %d", "bản ghi %d"
	}
	var place []string
	add := func(set bool, format string, value any) {
		if set {
			place = append(place, fmt.Sprintf(format, value))
		}
	}
	add(e.HoSo > 0, "HOSO %d", e.HoSo)
	add(e.Document != "", "%s", e.Document)
	add(e.Field != "", "%s", e.Field)
	add(e.Row > 0, row, e.Row)
	add(e.Line > 0, line, e.Line)
	add(e.Offset > 0, at, e.Offset)
	out := reason
	if len(place) > 0 {
		out = strings.Join(place, ", ") + ": " + reason
	}
	if hint != "" {
		out += " → " + hint
	}
	return out
}

// Encode is the form the ledger keeps; DecodeFault reads it.
func (e *FormatError) Encode() string {
	b, err := json.Marshal(e)
	if err != nil {
		return `{"code":"internal"}`
	}
	return string(b)
}

// DecodeFault reads what Encode wrote.
func DecodeFault(s string) *FormatError {
	e := &FormatError{}
	if json.Unmarshal([]byte(s), e) != nil || e.Code == "" {
		return &FormatError{Code: "internal"}
	}
	return e
}

type reason struct{ code, vi, en, hintVI, hintEN string }

func reasonOf(code string) reason {
	i := slices.IndexFunc(reasons, func(r reason) bool { return r.code == code })
	if i < 0 {
		return reasonOf("internal")
	}
	return reasons[i]
}

const (
	againVI, againEN   = "xuất lại tệp này từ phần mềm", "export the file again"
	vendorVI, vendorEN = "báo nhà cung cấp phần mềm", "tell the software's vendor"
	saveVI, saveEN     = "mở bằng Excel và lưu lại dạng .xlsx", "open it in Excel and save it as .xlsx"
)

// reasons never changes.
var reasons = []reason{
	{"empty", "tệp trống", "the file is empty", againVI, againEN},
	{"too-large", "quá lớn", "too large", "xuất khoảng thời gian ngắn hơn", "export a shorter period"},
	{"encoding", "bảng mã ký tự không đúng", "the character encoding is not what it should be", vendorVI, vendorEN},
	{"internal", "lỗi của chương trình khi đọc tệp", "the program failed while reading the file",
		"báo bộ phận hỗ trợ", "tell support"},
	{"too-slow", "đọc tệp mất quá nhiều thời gian", "reading the file takes too long",
		"xuất khoảng thời gian ngắn hơn, hoặc báo bộ phận hỗ trợ", "export a shorter period, or tell support"},
	{"poison", "tệp này làm dừng chương trình đọc nó", "the file takes down the program that reads it",
		"giữ lại tệp và báo bộ phận hỗ trợ", "keep the file and tell support"},
	{"record-size", "hồ sơ lớn hơn 4 MiB", "the record is larger than 4 MiB", vendorVI, vendorEN},
	{"binary", "không phải tệp xuất dữ liệu đọc được", "no export that can be read",
		"xuất dạng Excel (xlsx), CSV, JSON hoặc XML", "export as Excel (xlsx), CSV, JSON or XML"},
	{"looks-like", "tệp có vẻ thuộc loại này, khác với format trong cấu hình",
		"the file seems to be of this kind, which the feed's format doesn't read",
		"đặt format: auto, hoặc để tệp này ở thư mục khác", "set format: auto, or keep such files in another folder"},
	{"no-kind", "tệp là danh sách, nhưng cấu hình không ghi loại dữ liệu (kind)",
		"the file is a list of rows, but the feed has no kind", "thêm kind và key vào cấu hình, nếu tệp nằm đúng thư mục",
		"set the feed's kind and key, if the file belongs into this folder"},
	{"outside", "quá nhiều nội dung ngoài các bản ghi", "too much stands outside the rows",
		"đặt records trong cấu hình", "set the feed's records"},

	{"xml-truncated", "nội dung bị cắt giữa chừng", "the content is cut off", againVI, againEN},
	{"xml-entity", "có dấu & hoặc ký hiệu lạ chưa được mã hóa", "a bare & or an unknown entity", vendorVI, vendorEN},
	{"xml-utf8", "bảng mã ký tự không đúng", "the character encoding is not what it should be", vendorVI, vendorEN},
	{"xml-nesting", "thẻ XML mở và đóng không khớp", "XML tags don't fit together", againVI, againEN},
	{"xml-limit", "quá nhiều hoặc quá sâu các thẻ XML hay giá trị JSON",
		"too many or too deeply nested XML elements or JSON values", vendorVI, vendorEN},
	{"xml-malformed", "không phải XML hợp lệ", "not well-formed XML", vendorVI, vendorEN},

	{"root", "không phải tệp GIAMDINHHS hay bảng theo QĐ 4210/4750", "neither GIAMDINHHS nor a table of QĐ 4210/4750",
		"kiểm tra tệp có nằm đúng thư mục không; tên khác của GIAMDINHHS thì ghi vào roots trong cấu hình",
		"does the file belong into this folder? another name of GIAMDINHHS goes into the feed's roots"},
	{"envelope", "phần ngoài các HOSO quá lớn", "what stands around the HOSO is too large", vendorVI, vendorEN},
	{"hoso", "HOSO không đúng chỗ", "a HOSO is out of place", vendorVI, vendorEN},
	{"no-hoso", "không có HOSO nào tuy tệp ghi là có", "there is no HOSO though the file says so", againVI, againEN},
	{"filehoso", "FILEHOSO hoặc NOIDUNGFILE không đúng chỗ", "a FILEHOSO or NOIDUNGFILE is out of place",
		vendorVI, vendorEN},
	{"base64", "nội dung không phải base64", "the content is not base64", againVI, againEN},
	{"unscreenable", "có phần không đọc được để sàng lọc (PDF, ảnh, tệp nén…)",
		"part of it can't be read to screen it (a PDF, picture, archive …)",
		"xuất dưới dạng văn bản, XML hoặc JSON, không kèm tệp khác", "export text, XML or JSON without other files in it"},

	{"hssk-root", "không phải tệp hồ sơ sức khỏe theo QĐ 831", "no file of health records of QĐ 831",
		"kiểm tra tệp có nằm đúng thư mục không", "does the file belong into this folder?"},
	{"hssk", "HOSOSUCKHOE không đúng chỗ, hoặc có nội dung khác bên cạnh",
		"a HOSOSUCKHOE is out of place, or something else stands beside several", vendorVI, vendorEN},
	{"no-hssk", "không có HOSOSUCKHOE nào tuy tệp có nội dung", "there is no HOSOSUCKHOE though the file holds something",
		vendorVI, vendorEN},

	{"header", "không có dòng tiêu đề", "there is no header line", againVI, againEN},
	{"column", "thiếu cột này, là cột khóa trong cấu hình", "there is no such column, but the feed's key needs it",
		"so tên cột trong tệp với cấu hình (columns)", "compare the file's column names with the feed's columns"},
	{"quote", "dấu ngoặc kép đặt sai hoặc thiếu", "a quotation mark is misplaced or missing", againVI, againEN},
	{"row-long", "dòng có nhiều giá trị hơn số cột", "the row has more values than the header has columns",
		vendorVI, vendorEN},
	{"list-notes", "quá nhiều chữ nằm ngoài các dòng dữ liệu", "too much text stands beside the rows",
		"kiểm tra key và header trong cấu hình", "check the feed's key and header"},
	{"row-size", "bản ghi lớn hơn 1 MiB", "the row is larger than 1 MiB", vendorVI, vendorEN},
	{"xlsx-zip", "không phải tệp Excel (.xlsx), hoặc tệp bị cắt, bị hỏng",
		"not an Excel workbook (.xlsx), or one that is cut off or damaged", againVI, againEN},
	{"xlsx-part", "nội dung của tệp Excel bị hỏng", "the workbook's content is damaged",
		saveVI, saveEN},
	{"xlsx-limit", "tệp Excel lớn bất thường", "the workbook is larger than any real one",
		"xuất khoảng thời gian ngắn hơn", "export a shorter period"},
	{"xlsx-password", "tệp Excel có mật khẩu", "the workbook is locked with a password",
		"mở bằng Excel, bỏ mật khẩu và lưu lại dạng .xlsx", "open it in Excel, remove the password, save it as .xlsx"},
	{"xlsx-other", "không phải tệp Excel dạng .xlsx mà là dạng khác (.xlsb, .ods…)",
		"not a workbook of type .xlsx but of another (.xlsb, .ods…)", saveVI, saveEN},
	{"xls-old", "tệp Excel dạng cũ (.xls)", "a workbook of the old type (.xls)", saveVI, saveEN},
	{"xls-xml", "tệp Excel dạng XML 2003", "a workbook of type XML Spreadsheet 2003", saveVI, saveEN},
	{"sheet", "không có trang tính cần đọc", "there is no such sheet", "so tên trang tính với cấu hình (sheet)",
		"compare the workbook's sheet names with the feed's sheet"},
	{"html-table", "trang HTML không có bảng", "the page has no table",
		"tệp có thể chứa thông báo lỗi; mở bằng trình duyệt để xem", "it may hold an error message: open it in a browser"},
	{"html-truncated", "nội dung bị cắt giữa chừng", "the content is cut off", againVI, againEN},
	{"html-limit", "quá nhiều bảng hoặc bảng quá rộng", "too many tables, or too wide a table", vendorVI, vendorEN},
	{"row-object", "bản ghi không phải đối tượng JSON", "the row is not a JSON object", vendorVI, vendorEN},
	{"json-truncated", "nội dung bị cắt giữa chừng", "the content is cut off", againVI, againEN},
	{"json-malformed", "không phải JSON hợp lệ", "not well-formed JSON", againVI, againEN},
	{"json-limit", "JSON lồng nhau quá sâu", "too deeply nested JSON", vendorVI, vendorEN},
	{"no-rows", "không có danh sách bản ghi", "there is no list of rows",
		"tệp có thể chứa thông báo lỗi; nếu không, đặt records trong cấu hình",
		"it may hold an error message; else set the feed's records"},
}
