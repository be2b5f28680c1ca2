package intake

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"tramsync/agent/check"
	"tramsync/agent/export"
	"tramsync/queue"
	"tramsync/sync/screen"
)

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

// TakeIn takes in one file. nil means it was dealt with: taken in, noted as a copy of one that was, or entered as
// rejected. An error means that it waits: ErrChanged, queue.ErrFull, or what the disk said.
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
	src, err := in.load(ctx, f)
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
	_, err = in.s.Queue.Append(entry, func(b *queue.Batch) error { return in.fill(ctx, b, entry, src) })
	var fe *export.FormatError
	if errors.As(err, &fe) {
		log.Warn("file can't be read and stands on the list of rejected files", "place", fe.Error())
		return in.s.Queue.Reject(entry, fe.Encode())
	}
	if err != nil {
		return err
	}
	// No counts: beside a file, "no records" would tell that something in it was withheld.
	log.Info("file taken in", "bytes", f.Size)
	return nil
}

// fill adds a file's records to a batch. Whatever the file seems to be is true only if it didn't change meanwhile: a
// fault of it too.
func (in *Intake) fill(ctx context.Context, b *queue.Batch, f queue.File, src *source) error {
	err := in.read(ctx, src, reading{
		feed: in.feeds[f.Feed], fileID: in.s.Queue.FileID(f.Path),
		withhold: b.Withhold, trim: b.Trim,
		keep: func(it item) error {
			e := &it.event
			var codes []string
			for _, finding := range e.Data.Findings {
				codes = append(codes, finding.Code)
			}
			return b.Add(queue.Item{ID: e.ID, Key: e.Type + " " + e.Subject, Content: e.Data.ContentHash(),
				Payload: it.payload, Findings: codes})
		},
	})
	var fe *export.FormatError
	if err == nil || errors.As(err, &fe) {
		if changed := src.unchanged(ctx); changed != nil {
			return changed
		}
	}
	return err
}
