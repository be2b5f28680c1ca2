package status_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tramsync/agent/status"
)

func text(t *testing.T, s status.Snapshot, lang string) string {
	t.Helper()
	var b strings.Builder
	if err := s.WriteText(&b, lang, func(code string) string { return "«" + code + "»" }); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// healthy is an agent with nothing to complain of.
func healthy() status.Snapshot {
	now := time.Date(2026, 11, 22, 15, 30, 0, 0, time.Local)
	return status.Snapshot{Time: now, Station: status.Station{Code: "99001", Name: "Trạm Y tế xã Mẫu"},
		Program: status.Program{Running: true, Version: "1.0.0", Revision: "abc", Rules: "1"},
		Warehouse: status.Warehouse{Enrolled: true, Online: true,
			LastDelivery: now.Add(-5 * time.Minute), Expires: now.AddDate(1, 0, 0)},
		Today: status.Counts{Files: 12, Queued: 15, Unchanged: 3, Stored: 15}}
}

func TestText_first_says_what_state_this_is(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*status.Snapshot)
		vi, en string
	}{
		"all well": {func(*status.Snapshot) {}, "✓ Mọi hồ sơ đã được gửi.", "✓ Everything has been sent."},
		"sending":  {func(s *status.Snapshot) { s.Queue.Pending = 3 }, "… Đang gửi.", "… Sending."},
		"not running": {func(s *status.Snapshot) { s.Program.Running = false },
			"KHÔNG chạy. Báo bộ phận CNTT", "NOT running. Tell IT"},
		"not enrolled": {func(s *status.Snapshot) { s.Warehouse.Enrolled = false }, "chưa đăng ký", "not enrolled"},
		"queue full":   {func(s *status.Snapshot) { s.Intake.Paused = true }, "Hàng đợi đã đầy", "queue is full"},
		"certificates": {func(s *status.Snapshot) { s.Warehouse.ErrorKind = "untrusted" },
			"chứng thư", "certificates"},
		"network": {func(s *status.Snapshot) { s.Warehouse.LastError = "x" },
			"sẽ tự gửi khi có mạng", "will be sent when the network is back"},
		"folder": {func(s *status.Snapshot) { s.Intake.Folders = []status.Folder{{Feed: "his"}} },
			"thư mục xuất không đọc được", "folder can't be read"},
		"rejected file": {func(s *status.Snapshot) { s.Rejected = []status.Rejected{{Path: "/x/a.xml"}} },
			"cần xuất lại", "exported again"},
		"dead letters": {func(s *status.Snapshot) { s.Queue.Dead = 1 },
			"bị kho dữ liệu từ chối", "refused some records"},
	} {
		t.Run(name, func(t *testing.T) {
			s := healthy()
			c.change(&s)
			for lang, want := range map[string]string{"vi": c.vi, "en": c.en} {
				second := strings.Split(text(t, s, lang), "\n")[1]
				if !strings.Contains(second, want) {
					t.Errorf("%s: the second line is %q, want %q in it", lang, second, want)
				}
			}
		})
	}
}

func TestText_of_a_healthy_station_in_full(t *testing.T) {
	want := `Trạm Y tế xã Mẫu (mã 99001)
✓ Mọi hồ sơ đã được gửi.

Chờ gửi:          0 hồ sơ
Lần gửi gần nhất: hôm nay 15:25 (5 phút trước)
Kho dữ liệu:      
Phiên bản:        1.0.0, cấu hình abc, quy tắc loại trừ 1

Hôm nay: 12 tệp, 15 hồ sơ mới, 3 không đổi, 15 đã vào kho.
`
	if got := text(t, healthy(), "vi"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestText_names_what_a_person_can_mend(t *testing.T) {
	s := healthy()
	s.Today.Withheld = map[string]int{"TXT": 1, "HIV-ICD": 2}
	s.Today.Findings = map[string]int{"cccd-format": 4}
	s.Today.FindingsByFeed = map[string]map[string]int{"his": {"cccd-format": 3}, "v20": {"cccd-format": 1}}
	s.Warehouse.LastError, s.Warehouse.NextTry = "transient: no route", s.Time.Add(time.Minute)
	s.Warehouse.LastDelivery = s.Time.AddDate(0, 0, -9)
	s.Queue.Pending, s.Queue.Oldest = 7, s.Time.AddDate(0, 0, -8)
	s.Rejected = []status.Rejected{{Path: "/srv/his/a.xml", VI: "dòng 3: hỏng", EN: "line 3: broken"},
		{Path: "/srv/his/b.xml", VI: "dòng 4: hỏng", EN: "line 4: broken", Gone: true}}
	s.Intake.Folders = []status.Folder{{Feed: "v20", Folder: "/srv/v20", Error: "permission denied"}}
	s.Intake.Hints = status.Hints{Failures: 3, Overflows: 2, Missed: 41}
	s.Warehouse.Expires = s.Time.AddDate(0, 0, 10)
	got := text(t, s, "vi")
	folder := filepath.FromSlash("/srv/his")
	for _, w := range []string{
		"Không thu nhận theo quy định: 3 (HIV-ICD: 2, TXT: 1)",
		"gửi): 4\n  his:\n  • 3 × «cccd-format» (cccd-format)\n  v20:\n  • 1 ×",
		"transient: no route", "15:31:00",
		"13/11/2026 15:30 (9 ngày trước)", "7 hồ sơ, cũ nhất từ 14/11/2026",
		"a.xml\n    dòng 3: hỏng\n    thư mục " + folder + "\n  • b.xml",
		"thư mục " + folder + "\n    tệp không còn ở đó",
		"/srv/v20 (v20): permission denied", "hết hạn 2026-12-02",
		"ngắt 3 lần (quá tải: 2), 41 tệp chỉ thấy khi quét thư mục; không mất tệp nào",
	} {
		if !strings.Contains(got, w) {
			t.Errorf("%q is missing in:\n%s", w, got)
		}
	}
}
