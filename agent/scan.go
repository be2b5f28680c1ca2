package main

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tramsync/agent/app"
	"tramsync/agent/intake"
	"tramsync/agent/watch"
	"tramsync/config"
)

// scanned is one file's result.
type scanned struct {
	Path string `json:"path"`
	Feed string `json:"feed"`
	intake.Preview
	Fault string `json:"fault,omitempty"` // in words; hides Preview's
	Code  string `json:"fault_code,omitempty"`
}

func (p *program) scanCommand() *cobra.Command {
	var asJSON, suggest bool
	var feed string
	c := &cobra.Command{Use: "scan PATH...",
		Short: "Try files: say what would be taken in, flagged and withheld; keep and send nothing",
		Long: "Reads files, or all files in folders, as the agent would, and says what would be taken in. " +
			"Nothing is kept or sent. Exit code 1 when a file can't be read.\n" +
			"With --suggest it needs no configuration: it proposes a feed for files of a kind it has never seen.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if suggest {
				return p.suggest(cmd.Context(), args, asJSON)
			}
			conf, err := p.load()
			if err != nil {
				return err
			}
			rules, err := app.LoadRules(conf)
			if err != nil {
				return err
			}
			opt := p.options(conf)
			opt.Log = slog.New(slog.DiscardHandler)
			s := scan{program: p, conf: conf, feed: feed, json: asJSON, intake: app.NewIntake(opt, rules, nil)}
			for _, path := range args {
				if err := s.path(cmd.Context(), path); err != nil {
					return err
				}
			}
			if s.faults > 0 {
				return fmt.Errorf(p.say("%d tệp không đọc được", "%d files can't be read"), s.faults)
			}
			return nil
		}}
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object a file")
	c.Flags().BoolVar(&suggest, "suggest", false, "propose a feed that would read the files; shows names of columns only")
	c.Flags().StringVar(&feed, "feed", "", "read as a file of this feed (default: the feed whose paths match)")
	return c
}

type scan struct {
	*program
	conf   *config.Config
	feed   string
	json   bool
	intake *intake.Intake
	faults int
}

func (s *scan) path(ctx context.Context, path string) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	return filepath.WalkDir(abs, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil || d.IsDir() {
			return err
		}
		info, err := os.Stat(name)
		if err != nil {
			return err
		}
		return s.file(ctx, name, info, name == abs)
	})
}

// file tries one file. named: the person asked for this very file; others in a folder are passed over when no feed
// wants them.
func (s *scan) file(ctx context.Context, path string, info fs.FileInfo, named bool) error {
	feed := s.feed
	if feed == "" {
		feed = watch.FeedOf(s.feeds(), path)
	}
	if feed == "" {
		if !named {
			return nil
		}
		s.began = false
		return fmt.Errorf("%s: no feed's paths match; name one with --feed (%s)",
			path, strings.Join(s.feedNames(), ", "))
	}
	pv, err := s.intake.Preview(ctx, intake.File{Feed: feed, Path: path, Size: info.Size(), ModTime: info.ModTime()})
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	out := scanned{Path: path, Feed: feed, Preview: pv}
	if pv.Fault != nil {
		s.faults++
		out.Fault, out.Code = pv.Fault.Text(s.lang), pv.Fault.Code
	}
	if s.json {
		return s.program.json(out)
	}
	return s.print(out)
}

func (s *scan) feeds() []watch.Feed {
	var out []watch.Feed
	for _, f := range s.conf.Feeds {
		out = append(out, watch.Feed{Name: f.Name, Patterns: f.Paths})
	}
	return out
}

func (s *scan) feedNames() []string {
	var out []string
	for _, f := range s.conf.Feeds {
		out = append(out, f.Name)
	}
	return out
}

func (s *scan) print(r scanned) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n", r.Path, r.Feed)
	if r.Fault != "" {
		fmt.Fprintf(&b, "  ✗ %s: %s\n", s.say("không đọc được", "can't be read"), r.Fault)
		_, err := s.out.Write([]byte(b.String()))
		return err
	}
	fmt.Fprintf(&b, "  ✓ %s: %d\n", s.say("hồ sơ sẽ được thu nhận", "records would be taken in"), r.Records)
	for _, rule := range slices.Sorted(maps.Keys(r.Withheld)) {
		fmt.Fprintf(&b, "  – %s %s: %d\n", s.say("không thu nhận theo quy tắc", "withheld by rule"),
			rule, r.Withheld[rule])
	}
	for _, rule := range slices.Sorted(maps.Keys(r.Trimmed)) {
		fmt.Fprintf(&b, "  – %s %s: %d\n", s.say("bỏ bớt trường theo quy tắc", "fields cut out by rule"),
			rule, r.Trimmed[rule])
	}
	for _, f := range r.Places {
		fmt.Fprintf(&b, "  ! %s%s: %s (%s)\n", place(f), f.At, s.finding(f.Code), f.Code)
	}
	_, err := s.out.Write([]byte(b.String()))
	return err
}

func place(f intake.Place) string {
	switch {
	case f.HoSo > 0:
		return fmt.Sprintf("HOSO %d, ", f.HoSo)
	case f.Line > 0:
		return fmt.Sprintf("dòng/line %d, ", f.Line)
	case f.Row > 0:
		return fmt.Sprintf("bản ghi/row %d, ", f.Row)
	default:
		return ""
	}
}
