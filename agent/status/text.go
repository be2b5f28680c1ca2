package status

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// WriteText writes the snapshot for people, in Vietnamese (lang "vi") or English. finding gives a finding's sentence
// by its code.
func (s *Snapshot) WriteText(w io.Writer, lang string, finding func(code string) string) error {
	p := printer{s: s, say: func(vi, en string) string {
		if lang == "vi" {
			return vi
		}
		return en
	}, finding: finding}
	p.head()
	p.delivery()
	p.intake()
	p.today()
	p.rejected()
	_, err := io.WriteString(w, p.out.String())
	return err
}

type printer struct {
	s       *Snapshot
	say     func(vi, en string) string
	finding func(code string) string
	out     strings.Builder
}

func (p *printer) line(vi, en string, args ...any) {
	fmt.Fprintf(&p.out, p.say(vi, en)+"\n", args...)
}

// head gives the one line that matters first.
func (p *printer) head() {
	s := p.s
	p.line("%s (mã %s)", "%s (code %s)", cmpOr(s.Station.Name, p.say("Trạm y tế", "Health station")), s.Station.Code)
	verdict := p.verdict()
	p.line("%s", "%s", verdict)
	p.out.WriteByte('\n')
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// verdict is one sentence: what state this is, and who has to do something.
func (p *printer) verdict() string {
	s := p.s
	switch {
	case s.Program.RulesFault != "":
		return p.say("⚠ Quy tắc loại trừ không dùng được nên chương trình không thu nhận gì. Báo bộ phận CNTT.",
			"⚠ The exclusion rules can't be used, so nothing is taken in. Tell IT.") + "\n  " + s.Program.RulesFault
	case !s.Program.Running:
		return p.say("⚠ Chương trình đồng bộ KHÔNG chạy. Báo bộ phận CNTT.", "⚠ The agent is NOT running. Tell IT.")
	case !s.Warehouse.Enrolled:
		return p.say("⚠ Trạm chưa đăng ký với kho dữ liệu. Báo bộ phận CNTT.",
			"⚠ This station is not enrolled with the warehouse. Tell IT.")
	case s.Intake.Paused:
		return p.say("⚠ Hàng đợi đã đầy: tệp mới nằm chờ trong thư mục xuất. Không mất dữ liệu. Báo bộ phận CNTT.",
			"⚠ The queue is full: new files wait in their folders. Nothing is lost. Tell IT.")
	case s.Warehouse.ErrorKind == "unauthorized" || s.Warehouse.ErrorKind == "untrusted":
		return p.say("⚠ Kho dữ liệu và trạm không nhận ra nhau (chứng thư). Hồ sơ được giữ lại. Báo bộ phận CNTT.",
			"⚠ Warehouse and station don't recognise each other (certificates). Records are kept. Tell IT.")
	case s.Warehouse.LastError != "":
		return p.say("⚠ Chưa gửi được tới kho dữ liệu. Hồ sơ được giữ lại và sẽ tự gửi khi có mạng.",
			"⚠ The warehouse can't be reached. Records are kept and will be sent when the network is back.")
	case len(s.Intake.Folders) > 0:
		return p.say("⚠ Có thư mục xuất không đọc được. Báo bộ phận CNTT.",
			"⚠ An export folder can't be read. Tell IT.")
	case s.Intake.Failing > 0:
		return p.say("⚠ Có tệp chưa mở hoặc chưa lưu được, đang thử lại. Nếu kéo dài, báo bộ phận CNTT.",
			"⚠ Some files can't be opened or kept yet and are tried again. If that lasts, tell IT.")
	case len(s.Rejected) > 0:
		return p.say("⚠ Có tệp không đọc được, cần xuất lại (xem bên dưới).",
			"⚠ Some files can't be read and must be exported again (see below).")
	case s.Queue.Dead+s.Queue.Damaged > 0:
		return p.say("⚠ Có hồ sơ bị kho dữ liệu từ chối. Báo bộ phận CNTT.",
			"⚠ The warehouse refused some records. Tell IT.")
	case s.Queue.Pending+s.Intake.Waiting > 0:
		return p.say("… Đang gửi.", "… Sending.")
	default:
		return p.say("✓ Mọi hồ sơ đã được gửi.", "✓ Everything has been sent.")
	}
}

func (p *printer) delivery() {
	s := p.s
	p.line("Chờ gửi:          %d hồ sơ%s", "Waiting to be sent: %d records%s", s.Queue.Pending, p.oldest())
	if d := s.Warehouse.LastDelivery; !d.IsZero() {
		p.line("Lần gửi gần nhất: %s (%s)", "Last delivery:      %s (%s)", p.when(d), p.ago(d))
	} else {
		p.line("Lần gửi gần nhất: chưa có", "Last delivery:      none yet")
	}
	if s.Queue.Dead > 0 {
		p.line("Bị kho từ chối:   %d hồ sơ (xem: tramsync queue dead)",
			"Refused:            %d records (see: tramsync queue dead)", s.Queue.Dead)
	}
	if s.Queue.Damaged > 0 {
		p.line("Bị hỏng trên đĩa: %d hồ sơ (xem: tramsync queue verify)",
			"Damaged on disk:    %d records (see: tramsync queue verify)", s.Queue.Damaged)
	}
	if e := s.Warehouse.LastError; e != "" {
		p.line("Lỗi gần nhất:     %s", "Last error:         %s", e)
		if !s.Warehouse.NextTry.IsZero() {
			p.line("Thử lại lúc:      %s", "Next try:           %s", s.Warehouse.NextTry.Format("15:04:05"))
		}
	}
	p.line("Kho dữ liệu:      %s", "Warehouse:          %s", s.Warehouse.URL)
	if left := s.Warehouse.Expires.Sub(s.Time); s.Warehouse.Enrolled && left < 60*24*time.Hour {
		p.line("Chứng thư:        hết hạn %s",
			"Certificate:        expires %s", s.Warehouse.Expires.Format(time.DateOnly))
	}
	p.line("Phiên bản:        %s, cấu hình %s, quy tắc loại trừ %s",
		"Version:            %s, config %s, exclusion rules %s",
		s.Program.Version, s.Program.Revision, s.Program.Rules)
}

func (p *printer) oldest() string {
	if p.s.Queue.Oldest.IsZero() {
		return ""
	}
	return fmt.Sprintf(p.say(", cũ nhất từ %s", ", the oldest from %s"), p.when(p.s.Queue.Oldest))
}

func (p *printer) intake() {
	in := p.s.Intake
	if in.Waiting > 0 {
		p.line("Tệp đang chờ đọc: %d", "Files to be read:   %d", in.Waiting)
	}
	if in.Failing > 0 {
		p.line("Tệp chưa đọc được: %d (%s), sẽ thử lại",
			"Files held up:      %d (%s), tried again", in.Failing, in.Failure)
	}
	if in.Empty > 0 {
		p.line("Tệp trống:        %d (chưa có nội dung)", "Empty files:        %d", in.Empty)
	}
	if h := in.Hints; h.Failures+h.Missed > 0 {
		p.line("Báo có tệp mới:   ngắt %d lần (quá tải: %d), %d tệp chỉ thấy khi quét thư mục; không mất tệp nào",
			"File events:        broke off %d times (overflow: %d), %d files found by walks only; no file is lost",
			h.Failures, h.Overflows, h.Missed)
	}
	for _, f := range in.Folders {
		p.line("Không đọc được thư mục %s (%s): %s", "Can't read folder %s (%s): %s", f.Folder, f.Feed, f.Error)
	}
}

func (p *printer) today() {
	t := p.s.Today
	p.out.WriteByte('\n')
	p.line("Hôm nay: %d tệp, %d hồ sơ mới, %d không đổi, %d đã vào kho.",
		"Today: %d files, %d new records, %d unchanged, %d stored.",
		t.Files, t.Queued, t.Unchanged, t.Stored+t.Duplicate)
	if n := sum(t.Withheld); n > 0 {
		p.line("Không thu nhận theo quy định: %d (%s)", "Withheld by rule: %d (%s)", n, list(t.Withheld))
	}
	if n := sum(t.Trimmed); n > 0 {
		p.line("Đã bỏ bớt trường theo quy định: %d (%s)", "Fields cut out by rule: %d (%s)", n, list(t.Trimmed))
	}
	if n := sum(t.Findings); n > 0 {
		p.line("Điểm cần xem lại trong dữ liệu (hồ sơ vẫn được gửi): %d", "Findings in the data (sent all the same): %d", n)
	}
	for _, feed := range slices.Sorted(maps.Keys(t.FindingsByFeed)) {
		fmt.Fprintf(&p.out, "  %s:\n", feed)
		codes := t.FindingsByFeed[feed]
		for _, code := range slices.Sorted(maps.Keys(codes)) {
			fmt.Fprintf(&p.out, "  • %d × %s (%s)\n", codes[code], p.finding(code), code)
		}
	}
}

func sum(m map[string]int) int {
	n := 0
	for _, v := range m {
		n += v
	}
	return n
}

func list(m map[string]int) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s: %d", k, m[k]))
	}
	return strings.Join(parts, ", ")
}

func (p *printer) rejected() {
	if len(p.s.Rejected) == 0 {
		return
	}
	p.out.WriteByte('\n')
	p.line("Tệp không đọc được:", "Files that can't be read:")
	for _, r := range p.s.Rejected {
		fmt.Fprintf(&p.out, "  • %s\n    %s\n", filepath.Base(r.Path), p.say(r.VI, r.EN))
		p.line("    thư mục %s", "    in %s", filepath.Dir(r.Path))
		if r.Gone {
			p.line("    tệp không còn ở đó; bỏ khỏi danh sách: tramsync files dismiss --gone",
				"    it isn't there any more; take it off the list: tramsync files dismiss --gone")
		}
	}
}

func (p *printer) when(t time.Time) string {
	if t.Format(time.DateOnly) == p.s.Time.Format(time.DateOnly) {
		return fmt.Sprintf(p.say("hôm nay %s", "today %s"), t.Format("15:04"))
	}
	return t.Format("02/01/2006 15:04")
}

func (p *printer) ago(t time.Time) string {
	d := p.s.Time.Sub(t)
	switch {
	case d < time.Minute:
		return p.say("vừa xong", "just now")
	case d < time.Hour:
		return fmt.Sprintf(p.say("%d phút trước", "%d min ago"), int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf(p.say("%d giờ trước", "%d h ago"), int(d.Hours()))
	default:
		return fmt.Sprintf(p.say("%d ngày trước", "%d days ago"), int(d.Hours()/24))
	}
}
