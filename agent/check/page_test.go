package check_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/check"
)

const (
	page      = "../../docs/findings.md"
	pageIntro = `# Findings / Các lỗi dữ liệu được đánh dấu

<!-- Made by go generate ./agent/check from agent/check/rule.go: don't edit. -->

Mỗi hồ sơ được kiểm tra trước khi gửi. Lỗi chỉ được **đánh dấu**, hồ sơ vẫn được thu nhận và gửi đầy đủ, không sửa gì.
Mỗi lỗi có mã và vị trí trong hồ sơ, không bao giờ kèm giá trị. Mức: *info* đáng đếm nhưng thường đúng; *warning* có lẽ
sai; *error* sai đến mức không dùng được nguyên trạng.

Every record is checked before it is sent. A finding only **flags**: the record is taken in and sent whole, and nothing
of it is changed. It has a code and a place in the record, never a value. *info* is worth counting, but often right;
*warning* is probably a mistake; *error* keeps the record from being used as it is. Codes never change their meaning.

Vị trí / places:

    XML1[1].SO_CCCD                         field of a table's row, counted from 1
    KSK_XML11[2].NGAY_KQ                    the same of a health check-up
    HSSK831.THONGTINMUITIEM[2].NGAYTIEM     field of a health record's element, counted from 1
    row.NGAY_TIEM                           column of a list's row

| code | severity | tiếng Việt | English |
|---|---|---|---|
`
)

// With -update, as go generate gives it, the page is made anew.
func TestFindings_page_lists_the_rules(t *testing.T) {
	var b strings.Builder
	b.WriteString(pageIntro)
	for _, r := range check.Rules() {
		vi, en := plainMarkdown().Replace(r.VI), plainMarkdown().Replace(r.EN)
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", r.Code, r.Severity, vi, en)
	}
	if update := flag.Lookup("update"); update.Value.String() == "true" {
		if err := os.WriteFile(page, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b.String(), strings.ReplaceAll(string(got), "\r\n", "\n")); diff != "" {
		t.Errorf("docs/findings.md isn't current, run go generate ./agent/check (-want +got):\n%s", diff)
	}
}

// plainMarkdown keeps <province> from being taken for a tag, and a bar for a column's end.
func plainMarkdown() *strings.Replacer {
	return strings.NewReplacer("<", "&lt;", ">", "&gt;", "|", "\\|")
}

// TestMain knows the flag that go generate gives.
func TestMain(m *testing.M) {
	flag.Bool("update", false, "make docs/findings.md anew")
	flag.Parse()
	m.Run()
}
