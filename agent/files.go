package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tramsync/agent/export"
	"tramsync/agent/status"
	"tramsync/queue"
)

// listed is a file of the ledger as people see it. What was queued from it isn't told: beside what it held that would
// say how much was withheld.
type listed struct {
	Path     string      `json:"path"`
	Feed     string      `json:"feed"`
	State    queue.State `json:"state"`
	Size     int64       `json:"size"`
	Modified time.Time   `json:"modified"`
	Read     time.Time   `json:"read"`
	SHA256   string      `json:"sha256"`
	Records  int         `json:"records"` // visits and rows in it
	Findings int         `json:"findings"`
	Fault    string      `json:"fault,omitempty"`
	Code     string      `json:"fault_code,omitempty"`
	Gone     bool        `json:"gone,omitempty"`
}

func (p *program) listed(e queue.Entry) listed {
	l := listed{Path: e.Path, Feed: e.Feed, State: e.State, Size: e.Size, Modified: e.ModTime, Read: e.Time,
		SHA256: e.SHA256, Records: e.Read, Findings: e.Findings, Gone: !e.Gone.IsZero()}
	if e.State == queue.Rejected {
		fault := export.DecodeFault(e.Fault)
		l.Fault, l.Code = fault.Text(p.lang), fault.Code
	}
	return l
}

// shownFiles is how many files a person is shown unless more are asked for.
const shownFiles = 50

func (p *program) filesCommand() *cobra.Command {
	var asJSON, rejected bool
	var last int
	c := &cobra.Command{Use: "files", Short: "List the export files that were read, and those that can't be",
		Long: "Lists every export file the agent has dealt with, the newest last. File names can hold patients' " +
			"names: they are shown here, at the station, and nowhere else.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var states []queue.State
			if rejected {
				states = []queue.State{queue.Rejected}
			}
			return p.onQueue(cmd.Context(), func(q status.Commands) error {
				if asJSON {
					return p.filesJSON(q, states)
				}
				return p.filesText(q, states, last)
			})
		}}
	c.Flags().BoolVar(&rejected, "rejected", false, "only those that can't be read")
	c.Flags().IntVar(&last, "last", shownFiles, "how many to show, 0 for all; not with --json, which shows all")
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line, in no order")
	c.AddCommand(p.dismissCommand())
	return c
}

func (p *program) filesJSON(q status.Ledger, states []queue.State) error {
	var writeErr error
	enc := newEncoder(p.out)
	err := q.Files(func(e queue.Entry) bool {
		writeErr = enc.Encode(p.listed(e))
		return writeErr == nil
	}, states...)
	return errors.Join(err, writeErr)
}

func (p *program) filesText(q status.Ledger, states []queue.State, last int) error {
	var list []listed
	if err := q.Files(func(e queue.Entry) bool { list = append(list, p.listed(e)); return true }, states...); err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b listed) int {
		return cmp.Or(a.Read.Compare(b.Read), a.Modified.Compare(b.Modified), cmp.Compare(a.Path, b.Path))
	})
	total := len(list)
	if last > 0 && total > last {
		list = list[total-last:]
	}
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, p.say("ĐỌC LÚC\tNGUỒN\tTRẠNG THÁI\tHỒ SƠ\tCẦN XEM\tTỆP", "READ\tFEED\tSTATE\tRECORDS\tFINDINGS\tFILE"))
	for _, l := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%s\n",
			l.Read.Local().Format(time.DateTime), l.Feed, p.state(l), l.Records, l.Findings, l.Path)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return p.filesFoot(list, total)
}

// filesFoot says what is wrong with the rejected ones, and how many there are in all.
func (p *program) filesFoot(list []listed, total int) error {
	for _, l := range list {
		if l.Fault == "" {
			continue
		}
		if _, err := fmt.Fprintf(p.out, "\n%s\n  %s\n", l.Path, l.Fault); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(p.out, p.say("\n%d trong %d tệp.\n", "\n%d of %d files.\n"), len(list), total)
	return err
}

func (p *program) state(l listed) string {
	text := map[queue.State]string{
		queue.Taken:    p.say("đã đọc", "taken in"),
		queue.Copied:   p.say("bản sao", "copy"),
		queue.Rejected: p.say("KHÔNG ĐỌC ĐƯỢC", "REJECTED"),
	}[l.State]
	if l.Gone {
		text += p.say(", không còn", ", gone")
	}
	return text
}

func (p *program) dismissCommand() *cobra.Command {
	var gone bool
	c := &cobra.Command{Use: "dismiss [PATH...]", Short: "Take files that can't be read, and are gone, off the list",
		Long: "Takes rejected files off the list when they aren't in their folders any more. One that still lies " +
			"there would be read, and rejected, again: mend it, export it again, or take it away first.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if gone == (len(args) > 0) {
				p.began = false
				return errors.New("dismiss needs the paths of files (see: tramsync files --rejected), or --gone")
			}
			return p.onQueue(cmd.Context(), func(q status.Commands) error { return p.dismiss(q, args) })
		}}
	c.Flags().BoolVar(&gone, "gone", false, "all that aren't in their folders any more")
	return c
}

func (p *program) dismiss(q status.Ledger, paths []string) error {
	all := len(paths) == 0
	if all {
		err := q.Files(func(e queue.Entry) bool { paths = append(paths, e.Path); return true }, queue.Rejected)
		if err != nil {
			return err
		}
	}
	n := 0
	for _, path := range paths {
		path, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			if all {
				continue
			}
			return fmt.Errorf(p.say("%s: tệp vẫn còn ở đó", "%s: the file is still there"), path)
		}
		found, err := q.Dismiss(path)
		if err != nil {
			return err
		}
		if !found && !all {
			return fmt.Errorf(p.say("%s: không có trong danh sách", "%s: not on the list"), path)
		}
		n++
	}
	_, err := fmt.Fprintf(p.out, p.say("Đã bỏ %d tệp khỏi danh sách.\n", "%d files are off the list.\n"), n)
	return err
}
