package intake

import (
	"cmp"
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
	"tramsync/sync/wire"
)

// Feed says how the files of one feed are read.
type Feed struct {
	Name     string
	Settings export.Settings
	Reader   string // fingerprint of the settings
}

// Settings of an Intake. All are required but the last three.
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

	// Mark is the path of a small file that says which export is being read, so that one that takes the process down
	// is known at the next start. "": none is kept.
	Mark string
	// Trial reads a file as Preview does in a process of its own, bounded in memory and time, before it is read again
	// by one that it may have taken down: nil, an error that wraps ErrPoison, or one for which the file waits. nil: no
	// file is tried apart.
	Trial func(ctx context.Context, f File) error
	// Limit is how long reading one file may take; 0: 30 min. One that is over already rejects every file.
	Limit time.Duration
}

// readLimit is far more than the largest file takes on the oldest PC.
const readLimit = 30 * time.Minute

// Intake takes in files.
type Intake struct {
	s     Settings
	feeds map[string]Feed
	mark  *mark
}

// New makes an Intake. It doesn't fail for want of a mark: that is said in the log.
func New(s Settings) *Intake {
	in := &Intake{s: s, feeds: make(map[string]Feed, len(s.Feeds))}
	in.s.Limit = cmp.Or(s.Limit, readLimit)
	var err error
	if in.mark, err = openMark(s.Mark); err != nil {
		s.Log.Error("a file that takes the agent down can't be told", "err", err)
		in.mark = &mark{}
	}
	for _, f := range s.Feeds {
		f.Reader = strings.Join([]string{f.Reader, s.Rules.Version(), s.Version}, " ")
		in.feeds[f.Name] = f
	}
	return in
}

// Close lets go of the mark. Nothing is taken in afterwards.
func (in *Intake) Close() error { return in.mark.close() }

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
	if _, ok := in.feeds[f.Feed]; !ok {
		return fmt.Errorf("take in file: unknown feed %q", f.Feed)
	}
	entry := in.entry(f)
	log := in.s.Log.With("feed", f.Feed, "file_id", in.s.Queue.FileID(f.Path))
	id := fmt.Sprint(in.s.Queue.FileID(f.Path), " ", f.Size, " ", f.ModTime.UnixNano())
	if err := in.try(ctx, f, id); errors.Is(err, ErrPoison) {
		log.Error("file took the agent down and stands on the list of rejected files", "err", err)
		return in.s.Queue.Reject(entry, (&export.FormatError{Code: "poison"}).Encode())
	} else if err != nil {
		return err
	}
	in.note(in.mark.begin(id))
	err := in.takeIn(ctx, f, entry, log)
	in.note(in.mark.end())
	return err
}

// note says that the mark can't be kept. That isn't worth leaving a file where it is.
func (in *Intake) note(err error) {
	if err != nil {
		in.s.Log.Warn("a file that takes the agent down couldn't be told", "err", withoutPath(err))
	}
}

// try has a file that was being read when the last process died read in another process first.
func (in *Intake) try(ctx context.Context, f File, id string) error {
	if in.s.Trial == nil || !in.mark.suspected(id) {
		return nil
	}
	err := in.s.Trial(ctx, f)
	if err == nil || errors.Is(err, ErrPoison) {
		in.mark.clear(id)
	}
	return err
}

func (in *Intake) takeIn(ctx context.Context, f File, entry queue.File, log *slog.Logger) error {
	feed := in.feeds[f.Feed]
	if rule := in.s.Rules.File(feed.Settings.Kind, f.Path, f.Feed); rule != "" {
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

var errTooSlow = errors.New("reading the file took too long")

// fill adds a file's records to a batch. Whatever the file seems to be is true only if it didn't change meanwhile: a
// fault of it too.
func (in *Intake) fill(ctx context.Context, b *queue.Batch, f queue.File, src *source) error {
	limited, stop := context.WithTimeoutCause(ctx, in.s.Limit, errTooSlow)
	defer stop()
	err := in.read(limited, src, reading{
		feed: in.feeds[f.Feed], fileID: in.s.Queue.FileID(f.Path),
		withhold: b.Withhold, trim: b.Trim,
		retract: func(e wire.Event) error {
			payload, err := e.Marshal()
			if err != nil {
				return err
			}
			b.Retract(queueItem(item{event: e, payload: payload}))
			return nil
		},
		keep: func(it item) error { return b.Add(queueItem(it)) },
	})
	if err != nil && ctx.Err() == nil && errors.Is(context.Cause(limited), errTooSlow) {
		err = &export.FormatError{Code: "too-slow"}
	}
	var fe *export.FormatError
	if err == nil || errors.As(err, &fe) {
		if changed := src.unchanged(ctx); changed != nil {
			return changed
		}
	}
	return err
}

// queueItem is a record as the queue knows it. Its key is that of the warehouse.
func queueItem(it item) queue.Item {
	e := &it.event
	var codes []string
	for _, finding := range e.Data.Findings {
		codes = append(codes, finding.Code)
	}
	return queue.Item{ID: e.ID, Key: e.Type + " " + e.Subject, Content: e.Data.ContentHash(), Payload: it.payload,
		Findings: codes}
}
