package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"tramsync/agent/check"
	"tramsync/agent/export"
	"tramsync/agent/intake"
	"tramsync/agent/status"
	"tramsync/agent/watch"
	"tramsync/config"
	"tramsync/queue"
	"tramsync/sync/client"
	"tramsync/sync/screen"
	"tramsync/sync/uploader"
)

// ErrNotDrained says that Run with Once ended with records or files left, because nothing moved any more.
var ErrNotDrained = errors.New("records are still waiting: nothing moved for a minute")

// Options of an App. Config, Log and Now are required.
type Options struct {
	Config     *config.Config
	ConfigPath string
	Version    string
	Built      time.Time // of the program: a clock before it is wrong
	Log        *slog.Logger
	Now        func() time.Time
	// Once: take in what is there, deliver it and return.
	Once bool
	// Trial reads a file in a process of its own, see intake.Settings; nil: none is.
	Trial func(ctx context.Context, f intake.File) error
}

// App is one agent.
type App struct {
	opt     Options
	conf    *config.Config
	queue   *queue.Queue
	rules   *screen.Rules
	intake  *intake.Intake
	watcher *watch.Watcher
	started time.Time
	up      atomic.Pointer[uploader.Uploader] // nil until enrolled
}

// QueueDir and IdentityDir are the folders below the data folder.
func QueueDir(dataDir string) string    { return filepath.Join(dataDir, "queue") }
func IdentityDir(dataDir string) string { return filepath.Join(dataDir, "identity") }

// markName is the file in the data folder that says which export is being read.
const markName = "reading"

// Open opens the queue and builds everything around it. Close it when it isn't run.
func Open(opt Options) (*App, error) {
	a := &App{opt: opt, conf: opt.Config, started: opt.Now()}
	if err := os.MkdirAll(a.conf.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	var err error
	if a.rules, err = LoadRules(a.conf); err != nil {
		return nil, err
	}
	if a.queue, err = OpenQueue(a.conf, opt.Now, 0); err != nil {
		return nil, err
	}
	a.intake = NewIntake(opt, a.rules, a.queue)
	a.watcher = watch.New(watch.Options{Feeds: watchFeeds(a.conf), Log: opt.Log.With("component", "watch")},
		sink{a.intake})
	return a, nil
}

// ErrRules says that the exclusion rules of the configuration can't be used. Without them nothing may be taken in.
var ErrRules = errors.New("không dùng được quy tắc loại trừ nên không thu nhận gì · the exclusion rules " +
	"can't be used, and without them nothing is taken in: put a set and its signature (.minisig) that fit " +
	"exclusion.key there, or remove exclusion from the configuration to use those of the program")

// LoadRules gives the exclusion rules of a configuration: a signed set, together with those compiled in if it is older,
// else those alone.
func LoadRules(conf *config.Config) (*screen.Rules, error) {
	if conf.Exclusion == (config.Exclusion{}) {
		return screen.Builtin()
	}
	rules, err := screen.Load(conf.Exclusion.Rules, conf.Exclusion.Key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRules, err)
	}
	return rules, nil
}

// OpenQueue opens the queue of a configuration. wait is for another process to let go of it; 0: 5 s.
func OpenQueue(conf *config.Config, now func() time.Time, wait time.Duration) (*queue.Queue, error) {
	return queue.Open(queue.Options{Dir: QueueDir(conf.DataDir), Stream: conf.Primary(), MaxBytes: conf.Limits.Queue,
		Now: now, LockWait: wait})
}

// NewIntake builds intake for a configuration. q may be nil for previews.
func NewIntake(opt Options, rules *screen.Rules, q *queue.Queue) *intake.Intake {
	conf := opt.Config
	feeds := make([]intake.Feed, len(conf.Feeds))
	for i, f := range conf.Feeds {
		feeds[i] = intake.Feed{Name: f.Name, Reader: f.Fingerprint(), Settings: export.Settings{
			Station: conf.Primary(), System: f.System, Kind: f.Kind, Format: f.Format, Encoding: f.Encoding,
			Records: f.Records, Sheet: f.Sheet, Header: f.Header, Roots: f.Roots, Facility: f.Facility, Key: f.Key,
			Columns: columns(f.Columns)}}
	}
	mark := ""
	if q != nil {
		mark = filepath.Join(conf.DataDir, markName)
	}
	return intake.New(intake.Settings{
		Mark: mark, Trial: opt.Trial,
		Station: conf.Primary(), Feeds: feeds, Queue: q, Rules: rules, Open: watch.Open, Now: opt.Now,
		Checker: check.New(check.Settings{Facilities: conf.Station.Codes, Now: opt.Now, Floor: opt.Built}),
		Log:     opt.Log.With("component", "intake"), Version: opt.Version,
	})
}

func columns(list []config.Column) []export.Column {
	out := make([]export.Column, len(list))
	for i, c := range list {
		out[i] = export.Column{Name: c.Name, From: c.From}
		if c.Type != "text" {
			out[i].Type = export.ColumnType(c.Type)
		}
	}
	return out
}

func watchFeeds(conf *config.Config) []watch.Feed {
	out := make([]watch.Feed, len(conf.Feeds))
	for i, f := range conf.Feeds {
		out[i] = watch.Feed{Name: f.Name, Patterns: f.Paths, Settle: f.Settle}
	}
	return out
}

// sink hands settled files to intake.
type sink struct{ in *intake.Intake }

func (s sink) Known(f watch.File) bool { return s.in.Known(intakeFile(f)) }

func (s sink) TakeIn(ctx context.Context, f watch.File) error {
	err := s.in.TakeIn(ctx, intakeFile(f))
	if errors.Is(err, queue.ErrFull) {
		return fmt.Errorf("%w: %w", watch.ErrPause, err)
	}
	return err
}

func intakeFile(f watch.File) intake.File {
	return intake.File{Feed: f.Feed, Path: f.Path, Size: f.Size, ModTime: f.ModTime}
}

// Close lets go of what Open opened; Run does it itself.
func (a *App) Close() error { return errors.Join(a.intake.Close(), a.queue.Close()) }

// Run runs the agent until ctx ends, or with Once until everything is delivered (nil) or nothing moves any more
// (ErrNotDrained). It closes the queue.
func (a *App) Run(ctx context.Context) error {
	a.opt.Log.Info("agent starts", "version", a.opt.Version, "station", a.conf.Primary(), "feeds", len(a.conf.Feeds))
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return a.watcher.Run(ctx) })
	g.Go(func() error { return a.deliver(ctx) })
	g.Go(func() error { return a.sweep(ctx) })
	g.Go(func() error {
		if err := status.Serve(ctx, a.conf.DataDir, a.Snapshot, a.queue); err != nil {
			a.opt.Log.Error("commands at the station can't reach this agent; it works on without them", "err", err)
		}
		return nil
	})
	if a.opt.Once {
		g.Go(func() error { return a.drain(ctx) })
	}
	err := g.Wait()
	if errors.Is(err, errDrained) {
		err = nil
	}
	err = errors.Join(err, a.Close())
	a.opt.Log.Info("agent ends")
	return err
}

const identityInterval = 5 * time.Second

// deliver runs the uploader, once there is an identity to deliver with. Without one, records are collected and wait.
func (a *App) deliver(ctx context.Context) error {
	log := a.opt.Log.With("component", "uploader")
	id, err := a.identity(ctx, log)
	if err != nil || ctx.Err() != nil {
		return err
	}
	c, err := client.New(client.Options{URL: a.conf.Warehouse.URL, Identity: id,
		Agent: "tramsync/" + a.opt.Version, Log: log})
	if err != nil {
		return err
	}
	defer c.Close()
	up, err := uploader.New(uploader.Options{Queue: a.queue, Transport: c, Log: log})
	if err != nil {
		return err
	}
	a.up.Store(up)
	return up.Run(ctx)
}

// identity waits until the station is enrolled; with Once it doesn't.
func (a *App) identity(ctx context.Context, log *slog.Logger) (client.Identity, error) {
	again := time.NewTicker(identityInterval)
	defer again.Stop()
	said := ""
	for {
		id, err := client.LoadIdentity(IdentityDir(a.conf.DataDir))
		if err == nil || a.opt.Once {
			return id, err
		}
		if err.Error() != said {
			said = err.Error()
			log.Warn("records are collected and wait", "err", err)
		}
		select {
		case <-ctx.Done():
			return client.Identity{}, nil
		case <-again.C:
		}
	}
}

var errDrained = errors.New("drained")

const (
	drainLook  = 100 * time.Millisecond
	drainLimit = time.Minute
)

// drain ends the agent when nothing is left to do, or nothing has moved for a minute.
func (a *App) drain(ctx context.Context) error {
	tick := time.NewTicker(drainLook)
	defer tick.Stop()
	type mark struct {
		pending, waiting, walks int
		last                    uint64
	}
	var before mark
	moved := time.Now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		s, err := a.queue.Stats()
		if err != nil {
			return err
		}
		p := a.watcher.Progress()
		if p.Idle() && s.Pending == 0 {
			return errDrained
		}
		now := mark{pending: s.Pending, waiting: p.Waiting, walks: min(p.Walks, 1), last: s.Last}
		if now != before {
			before, moved = now, time.Now()
		}
		if time.Since(moved) > drainLimit {
			return fmt.Errorf("%w (%d records, %d files)", ErrNotDrained, s.Pending, p.Waiting)
		}
	}
}

// revision is a short name of the effective configuration.
func revision(conf *config.Config) string {
	return fmt.Sprintf("%x", sha256.Sum256(conf.Redacted()))[:12]
}
