package export

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// labelKind says what a line is that begins with a label.
type labelKind int

const (
	noLabel   labelKind = iota
	total               // rows may follow
	signature           // the list has ended
)

// labels are words with which lines begin that are no rows. alone: nothing but numbers may follow, since the word means
// other things too.
var labels = []struct {
	words string
	kind  labelKind
	alone bool
}{
	{"tổng", total, true}, {"cộng", total, true}, {"tổng cộng", total, false}, {"tổng số", total, false},
	{"cộng trang", total, false}, {"cộng dồn", total, false}, {"lũy kế", total, false}, {"luỹ kế", total, false},
	{"người lập", signature, false}, {"người báo cáo", signature, false}, {"người tổng hợp", signature, false},
	{"người thống kê", signature, false}, {"người kiểm tra", signature, false}, {"người ghi", signature, false},
	{"cán bộ lập", signature, false}, {"cán bộ thống kê", signature, false}, {"thủ trưởng", signature, false},
	{"trạm trưởng", signature, false}, {"trưởng trạm", signature, false}, {"trưởng khoa", signature, false},
	{"giám đốc", signature, false}, {"phó giám đốc", signature, false}, {"kế toán", signature, false},
	{"xác nhận của", signature, false}, {"ký tên", signature, false}, {"ký ghi rõ", signature, false},
	{"ký, ghi rõ", signature, false}, {"ký và ghi rõ", signature, false}, {"ký, họ tên", signature, false},
	{"ký, đóng dấu", signature, false}, {"đã ký", signature, false}, {"nơi nhận", signature, false},
}

// signed is the line of place and date above signatures: "Xã Mẫu, ngày … tháng … năm 2026".
var signed = regexp.MustCompile(`^(.{0,60}[ ,])?ngay[^\pL]*thang[^\pL]*nam[^\pL]*$`)

// labelOf tells the first cell of totals and signatures by its words, with their marks or wholly without.
func labelOf(text string) labelKind {
	if len(text) > 200 || !strings.Contains(text, " ") && !strings.ContainsAny(text[:min(1, len(text))], "TtCc") {
		return noLabel // most are codes
	}
	text = strings.Join(strings.Fields(strings.ToLower(norm.NFC.String(text))), " ")
	text = strings.TrimLeft(text, "(*-+.: ")
	bare := withoutMarks(text)
	if signed.MatchString(bare) {
		return signature
	}
	for _, l := range labels {
		words := l.words
		if bare == text {
			words = withoutMarks(words)
		}
		rest, ok := strings.CutPrefix(text, words)
		if !ok {
			continue
		}
		if l.alone && strings.ContainsFunc(rest, unicode.IsLetter) {
			continue
		}
		if rest == "" || !unicode.IsLetter([]rune(rest)[0]) {
			return l.kind
		}
	}
	return noLabel
}

// withoutMarks is a text in its bare letters.
func withoutMarks(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ':
			return 'd'
		}
		return r
	}, norm.NFD.String(text))
}
