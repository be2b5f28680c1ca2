package intake_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tramsync/agent/check"
	"tramsync/agent/export"
	"tramsync/agent/intake"
	"tramsync/queue"
	"tramsync/sync/screen"
	"tramsync/sync/wire"
)

// clock stands at noon of 21/11/2026 in Vietnam.
func clock() time.Time { return time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC) }

// station is an Intake with a real queue, real rules and folders of its own.
type station struct {
	t        testing.TB
	exports  string // folder
	data     string // the queue's
	q        *queue.Queue
	in       *intake.Intake
	settings intake.Settings
	log      *bytes.Buffer
	writes   int
}

// newStation makes one; change may alter its settings, which restart does again.
func newStation(t testing.TB, change func(*intake.Settings)) *station {
	t.Helper()
	s := &station{t: t, exports: filepath.Join(t.TempDir(), "NGUYEN VAN FOLDER"), data: t.TempDir(),
		log: new(bytes.Buffer)}
	if err := os.Mkdir(s.exports, 0o755); err != nil {
		t.Fatal(err)
	}
	s.open(0)
	s.defaults()
	s.with(change)
	return s
}

func (s *station) defaults() {
	s.t.Helper()
	rules, err := screen.Builtin()
	if err != nil {
		s.t.Fatal(err)
	}
	s.settings = intake.Settings{Station: "99001", Feeds: feeds(), Queue: s.q, Rules: rules,
		Checker: check.New(check.Settings{Facilities: []string{"99001"}, Now: clock}), Open: os.Open, Now: clock,
		Log: slog.New(slog.NewTextHandler(s.log, nil)), Version: "1"}
}

func (s *station) open(maxBytes int64) {
	s.t.Helper()
	q, err := queue.Open(queue.Options{Dir: s.data, Stream: "99001", Now: clock, MaxBytes: maxBytes})
	if err != nil {
		s.t.Fatal(err)
	}
	s.q, s.settings.Queue = q, q
	s.t.Cleanup(func() {
		if err := q.Close(); err != nil {
			s.t.Error(err)
		}
	})
}

// with starts anew with other settings.
func (s *station) with(change func(*intake.Settings)) {
	if change != nil {
		change(&s.settings)
	}
	if s.in != nil {
		s.close()
	} else {
		s.t.Cleanup(s.close)
	}
	s.in = intake.New(s.settings)
}

func (s *station) close() {
	if err := s.in.Close(); err != nil {
		s.t.Error(err)
	}
}

func feeds() []intake.Feed {
	list := export.Settings{Station: "99001", System: "V20", Kind: "tiem_chung", Format: export.CSV,
		Facility: "MA_CSKCB",
		Key:      []string{"MA", "MUI"}, Columns: []export.Column{{Name: "MA", From: []string{"Mã đối tượng"}},
			{Name: "MUI", From: []string{"Mũi số"}}, {Name: "NGAY_TIEM", From: []string{"Ngày tiêm"}, Type: export.Date}}}
	births := list
	births.Kind, births.Key, births.Columns = "thai_san", []string{"MA"}, nil
	objects := export.Settings{Station: "99001", System: "V20", Kind: "suy_dinh_duong", Format: export.JSON,
		Key: []string{"MA_DOI_TUONG", "TRANSACTION_ID"}}
	secret := objects
	secret.Kind = "hiv"
	visits := export.Settings{Station: "99001", System: "HIS", Kind: "visit", Format: export.GiamDinhHS}
	return []intake.Feed{{Name: "his", Settings: visits, Reader: "r1"}, {Name: "csv", Settings: list, Reader: "r2"},
		{Name: "births", Settings: births, Reader: "r3"}, {Name: "json", Settings: objects, Reader: "r4"},
		{Name: "secret", Settings: secret, Reader: "r5"}}
}

// write puts a file down, each newer than the one before, and gives it as the watcher would.
func (s *station) write(feed, name, content string) intake.File {
	s.t.Helper()
	s.writes++
	return s.writeAt(feed, name, content, clock().Add(time.Duration(s.writes)*time.Minute))
}

func (s *station) writeAt(feed, name, content string, at time.Time) intake.File {
	s.t.Helper()
	path := filepath.Join(s.exports, name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		s.t.Fatal(err)
	}
	if err := os.Chtimes(path, at, at); err != nil {
		s.t.Fatal(err)
	}
	return s.file(feed, path)
}

func (s *station) file(feed, path string) intake.File {
	s.t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		s.t.Fatal(err)
	}
	return intake.File{Feed: feed, Path: path, Size: info.Size(), ModTime: info.ModTime()}
}

// take takes a file in, which must work, and gives the records that it queued.
func (s *station) take(f intake.File) []wire.Event {
	s.t.Helper()
	before := len(s.pending())
	if err := s.in.TakeIn(s.t.Context(), f); err != nil {
		s.t.Fatalf("TakeIn: %v", err)
	}
	if !s.in.Known(f) {
		s.t.Error("the file is not known afterwards")
	}
	return s.pending()[before:]
}

// pending are the records in the outbox.
func (s *station) pending() []wire.Event {
	s.t.Helper()
	var out []wire.Event
	for _, payload := range s.payloads() {
		var e wire.Event
		if err := json.Unmarshal(payload, &e); err != nil {
			s.t.Fatal(err)
		}
		if err := e.Validate(); err != nil {
			s.t.Errorf("record %d: %v", len(out)+1, err)
		}
		out = append(out, e)
	}
	return out
}

func (s *station) payloads() [][]byte {
	s.t.Helper()
	leased, err := s.q.Lease(1<<20, 1<<30)
	if err != nil {
		s.t.Fatal(err)
	}
	defer s.q.Release(leased)
	var out [][]byte
	for _, l := range leased {
		out = append(out, l.Payload)
	}
	return out
}

// deliver empties the outbox as the warehouse does.
func (s *station) deliver() {
	s.t.Helper()
	leased, err := s.q.Lease(1<<20, 1<<30)
	if err != nil {
		s.t.Fatal(err)
	}
	var out []queue.Outcome
	for _, l := range leased {
		out = append(out, queue.Outcome{Sequence: l.Sequence, Fate: queue.Stored})
	}
	if err := s.q.Settle(out); err != nil {
		s.t.Fatal(err)
	}
}

// counts are the counters whose names begin with a prefix, without it.
func (s *station) counts(prefix string) map[string]int {
	s.t.Helper()
	all, err := s.q.Counts("")
	if err != nil {
		s.t.Fatal(err)
	}
	out := map[string]int{}
	for name, n := range all {
		if short, ok := strings.CutPrefix(name, prefix); ok {
			out[short] = n
		}
	}
	return out
}

func (s *station) rejected() []*export.FormatError {
	s.t.Helper()
	var out []*export.FormatError
	err := s.q.Files(func(e queue.Entry) bool {
		out = append(out, export.DecodeFault(e.Fault))
		return true
	}, queue.Rejected)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// keys are what records are about.
func keys(events []wire.Event) []string {
	var out []string
	for _, e := range events {
		out = append(out, e.Subject)
	}
	slices.Sort(out)
	return out
}
