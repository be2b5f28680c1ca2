package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"tramsync/agent/check"
	"tramsync/agent/export"
	"tramsync/queue"
	"tramsync/sync/screen"
	"tramsync/sync/wire"
)

// ErrChanged says that a file changed while it was read: it hasn't settled after all and waits.
var ErrChanged = errors.New("the file changed while it was read")

// inMemory is the size up to which a file is copied out and closed at once, so that its writer is disturbed as briefly as can be.
const inMemory = 8 << 20

// Feed says how the files of one feed are read.
type Feed struct {
	Name     string
	Settings export.Settings
	Reader   string // fingerprint of the settings
}

// Settings of an Intake. All are required.
type Settings struct {
	Station string
	Feeds   []Feed
	Queue   *queue.Queue // not needed by Preview
	Rules   *screen.Rules
	Checker *check.Checker
	Open    func(path string) (*os.File, error) // opens without disturbing the writer
	Now     func() time.Time
	Log     *slog.Logger
	Version string // of the program: a rejected file is read again by another version
}

// Intake takes in files.
type Intake struct {
	s     Settings
	feeds map[string]Feed
}

// New makes an Intake.
func New(s Settings) *Intake {
	in := &Intake{s: s, feeds: make(map[string]Feed, len(s.Feeds))}
	for _, f := range s.Feeds {
		f.Reader = strings.Join([]string{f.Reader, s.Rules.Version(), s.Version}, " ")
		in.feeds[f.Name] = f
	}
	return in
}

// File is a settled export file.
type File struct {
	Feed, Path string
	Size       int64
	ModTime    time.Time
}

func (in *Intake) entry(f File) queue.File {
	return queue.File{Feed: f.Feed, Path: f.Path, Size: f.Size, ModTime: f.ModTime, Reader: in.feeds[f.Feed].Reader}
}

// Known reports whether the file was dealt with as it stands now. An unreadable ledger knows nothing.
func (in *Intake) Known(f File) bool {
	known, err := in.s.Queue.Known(in.entry(f))
	return err == nil && known
}

// TakeIn takes in one file. nil means it was dealt with: taken in, noted as a copy of one that was, or entered as rejected. An error means that it waits: ErrChanged, queue.ErrFull, or
// what the disk said.
func (in *Intake) TakeIn(ctx context.Context, f File) error {
	feed, ok := in.feeds[f.Feed]
	if !ok {
		return fmt.Errorf("take in file: unknown feed %q", f.Feed)
	}
	entry := in.entry(f)
	log := in.s.Log.With("feed", f.Feed, "file_id", in.s.Queue.FileID(f.Path))
	if rule := in.s.Rules.File(feed.Settings.Kind, f.Path); rule != "" {
		_, err := in.s.Queue.Append(entry, func(b *queue.Batch) error { b.Withhold(rule); return nil })
		return err
	}
	src, err := in.load(f)
	if err != nil {
		return err
	}
	defer src.close()
	entry.SHA256 = src.sum
	replay, err := in.s.Queue.Replay(entry)
	if err != nil {
		return err
	}
	if replay {
		log.Info("file is a copy of one taken in before", "bytes", f.Size)
		return in.s.Queue.Note(entry)
	}
	receipt, err := in.s.Queue.Append(entry, func(b *queue.Batch) error {
		if err := in.fill(ctx, b, feed, entry, src); err != nil {
			return err
		}
		return src.unchanged()
	})
	var fe *export.FormatError
	if errors.As(err, &fe) {
		log.Warn("file can't be read and stands on the list of rejected files", "place", fe.Error())
		return in.s.Queue.Reject(entry, fe.Encode())
	}
	if err != nil {
		return err
	}
	log.Info("file taken in", "bytes", f.Size, "records", receipt.Queued, "unchanged", receipt.Unchanged)
	return nil
}

// fill adds a file's records to a batch. A panic in a decoder becomes a fault of the file: one poisonous export must not stop the others.
func (in *Intake) fill(ctx context.Context, b *queue.Batch, feed Feed, f queue.File, src *source) (err error) {
	defer func() {
		if p := recover(); p != nil {
			in.s.Log.Error("decoder fault", "feed", feed.Name, "stack", string(debug.Stack()))
			err = &export.FormatError{Code: "internal"}
		}
	}()
	read := in.s.Now()
	return export.Decode(ctx, src, feed.Settings, func(r *export.Record) error {
		v := in.judge(r)
		if v.Drop != "" {
			b.Withhold(v.Drop)
			return nil
		}
		for _, rule := range v.CutBy {
			b.Trim(rule)
		}
		r.Origin.File, r.Origin.SHA256 = in.s.Queue.FileID(f.Path), fmt.Sprintf("%x", f.SHA256)
		e := in.event(feed, r, read)
		for _, finding := range e.Data.Findings {
			b.Find(finding.Code)
		}
		payload, err := e.Marshal()
		if err != nil {
			return err
		}
		if len(payload) > wire.MaxRecordBytes-stampRoom {
			return &export.FormatError{Code: "record-size", HoSo: r.Origin.HoSo, Line: r.Origin.Line, Row: r.Origin.Index}
		}
		return b.Add(queue.Item{ID: e.ID, Key: e.Type + " " + e.Subject, Content: e.Data.ContentHash(), Payload: payload})
	})
}

// stampRoom is what the stamp adds to a record when it is sent.
const stampRoom = 64

// event makes the wire's record of a decoded one: flagged, and sealed against its original.
func (in *Intake) event(feed Feed, r *export.Record, read time.Time) wire.Event {
	r.Seal()
	findings := r.Findings
	if r.Visit != nil {
		findings = append(findings, in.s.Checker.Visit(r.Visit, r.Tables[:len(r.Visit.Documents)], r.Facility)...)
	} else {
		findings = append(findings, in.s.Checker.Row(r.Row, feed.Settings.Dates())...)
	}
	data := wire.Data{Key: r.Key, Facility: r.Facility, Findings: findings, Origin: r.Origin, Visit: r.Visit, Row: r.Row}
	return wire.NewEvent(in.s.Station, feed.Name, feed.Settings.System, r.Kind, read, data)
}

// judge screens a record and cuts out of it what must not be kept. What can't be cut out (an attribute, a comment, text around the documents) withholds the whole record.
func (in *Intake) judge(r *export.Record) screen.Verdict {
	if r.Visit == nil {
		drop, fields, by := in.s.Rules.Row(r.Kind, r.Row)
		for _, name := range fields {
			delete(r.Row, name)
		}
		return screen.Verdict{Drop: drop, CutBy: by}
	}
	v := in.s.Rules.Record(r.Kind, r.Tables)
	ranges := map[int][][2]int64{}
	for _, p := range v.Cut {
		f := r.Tables[p.Table].Rows[p.Row].Fields[p.Field]
		if p.Table >= len(r.Visit.Documents) || f.End == 0 {
			return screen.Verdict{Drop: v.CutBy[0]}
		}
		ranges[p.Table] = append(ranges[p.Table], [2]int64{f.Start, f.End})
	}
	for doc, list := range ranges {
		r.Visit.CutOut(doc, list)
	}
	return v
}

// source is a file's content: in memory, or the open file when it is large.
type source struct {
	io.ReaderAt
	size int64
	sum  [sha256.Size]byte
	file *os.File // nil when in memory
}

// Size of the content in bytes.
func (s *source) Size() int64 { return s.size }

func (s *source) close() {
	if s.file != nil {
		_ = s.file.Close() // only read from: nothing can be lost
	}
}

// load opens and reads the file, and proves that it is still the one that settled.
func (in *Intake) load(f File) (*source, error) {
	file, err := in.s.Open(f.Path)
	if err != nil {
		return nil, fmt.Errorf("open export: %w", withoutPath(err))
	}
	s := &source{ReaderAt: file, file: file, size: f.Size}
	h := sha256.New()
	var buf bytes.Buffer
	out := io.Writer(h)
	if f.Size <= inMemory {
		buf.Grow(int(f.Size) + bytes.MinRead)
		out = io.MultiWriter(h, &buf)
	}
	n, err := io.Copy(out, io.NewSectionReader(file, 0, export.MaxFile+1))
	if err == nil {
		err = sameFile(file, f, n)
	}
	if err != nil {
		s.close()
		return nil, withoutPath(err)
	}
	s.sum = [sha256.Size]byte(h.Sum(nil))
	if f.Size <= inMemory {
		s.close()
		s.file, s.ReaderAt = nil, bytes.NewReader(buf.Bytes())
	}
	return s, nil
}

func sameFile(file *os.File, f File, read int64) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.Size() != f.Size || !info.ModTime().Equal(f.ModTime) || (read != f.Size && f.Size <= export.MaxFile) {
		return ErrChanged
	}
	return nil
}

// unchanged proves that a file read in place had one content all the time.
func (s *source) unchanged() error {
	if s.file == nil {
		return nil
	}
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(s.file, 0, export.MaxFile+1)); err != nil {
		return fmt.Errorf("read export again: %w", withoutPath(err))
	}
	if [sha256.Size]byte(h.Sum(nil)) != s.sum {
		return ErrChanged
	}
	return nil
}

// withoutPath takes the file's name out of an error of package os: it may hold a patient's name.
func withoutPath(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return fmt.Errorf("%s %s: %w", pe.Op, filepath.Ext(pe.Path), pe.Err)
	}
	return err
}
