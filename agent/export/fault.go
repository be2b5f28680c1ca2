package export

import (
	"encoding/json"
	"fmt"
	"strings"
)

// FormatError says why a file can't be read, and where. It never quotes content.
type FormatError struct {
	Code     string `json:"code"`           // which of the reasons below
	HoSo     int    `json:"hoso,omitempty"` // number of the HOSO, from 1
	Document string `json:"document,omitempty"`
	Field    string `json:"field,omitempty"`
	Row      int    `json:"row,omitempty"`    // json: number of the row, from 1
	Line     int    `json:"line,omitempty"`   // from 1
	Offset   int64  `json:"offset,omitempty"` // bytes into the file, or into the document when that is named
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

type reason struct{ vi, en, hintVI, hintEN string }

func reasonOf(code string) reason {
	again := reason{hintVI: "xuất lại tệp này từ phần mềm", hintEN: "export the file again"}
	vendor := reason{hintVI: "báo nhà cung cấp phần mềm", hintEN: "tell the software's vendor"}
	with := func(r reason, vi, en string) reason { r.vi, r.en = vi, en; return r }
	switch code {
	case "empty":
		return with(again, "tệp trống", "the file is empty")
	case "too-large":
		return reason{"quá lớn", "too large", "xuất khoảng thời gian ngắn hơn", "export a shorter period"}
	case "xml-truncated", "json-truncated":
		return with(again, "nội dung bị cắt giữa chừng", "the content is cut off")
	case "xml-entity":
		return with(vendor, "có dấu & hoặc ký hiệu lạ chưa được mã hóa", "a bare & or an unknown entity")
	case "xml-utf8", "encoding":
		return with(vendor, "bảng mã ký tự không đúng", "the character encoding is not what it should be")
	case "xml-nesting":
		return with(again, "thẻ XML mở và đóng không khớp", "XML tags don't fit together")
	case "xml-limit":
		return with(vendor, "quá nhiều hoặc quá sâu các thẻ XML", "too many or too deeply nested XML elements")
	case "xml-malformed":
		return with(vendor, "không phải XML hợp lệ", "not well-formed XML")
	case "root":
		return reason{"không phải tệp GIAMDINHHS hay bảng theo QĐ 4210/4750", "neither GIAMDINHHS nor a table of QĐ 4210/4750",
			"kiểm tra tệp có nằm đúng thư mục không", "does the file belong into this folder?"}
	case "envelope":
		return with(vendor, "phần ngoài các HOSO quá lớn", "what stands around the HOSO is too large")
	case "filehoso":
		return with(vendor, "FILEHOSO hoặc NOIDUNGFILE không đúng chỗ", "a FILEHOSO or NOIDUNGFILE is out of place")
	case "base64":
		return with(again, "nội dung không phải base64", "the content is not base64")
	}
	return rowReason(code, again, vendor)
}

func rowReason(code string, again, vendor reason) reason {
	with := func(r reason, vi, en string) reason { r.vi, r.en = vi, en; return r }
	switch code {
	case "header":
		return with(again, "không có dòng tiêu đề", "there is no header line")
	case "column":
		return reason{"thiếu cột này, là cột khóa trong cấu hình", "there is no such column, but the feed's key needs it",
			"so tên cột trong tệp với cấu hình (columns)", "compare the file's column names with the feed's columns"}
	case "quote":
		return with(again, "dấu ngoặc kép đặt sai hoặc thiếu", "a quotation mark is misplaced or missing")
	case "row-long":
		return with(vendor, "dòng có nhiều giá trị hơn số cột", "the row has more values than the header has columns")
	case "row-size":
		return with(vendor, "bản ghi lớn hơn 1 MiB", "the row is larger than 1 MiB")
	case "row-object":
		return with(vendor, "bản ghi không phải đối tượng JSON", "the row is not a JSON object")
	case "json-malformed":
		return with(again, "không phải JSON hợp lệ", "not well-formed JSON")
	case "no-rows":
		return reason{"không có danh sách bản ghi", "there is no list of rows",
			"tệp có thể chứa thông báo lỗi; nếu không, đặt records trong cấu hình", "it may hold an error message; else set the feed's records"}
	case "record-size":
		return with(vendor, "hồ sơ lớn hơn 4 MiB", "the record is larger than 4 MiB")
	default:
		return reason{"lỗi của chương trình khi đọc tệp", "the program failed while reading the file",
			"báo bộ phận hỗ trợ", "tell support"}
	}
}
