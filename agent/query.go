package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tramsync/agent/app"
	"tramsync/agent/check"
	"tramsync/agent/status"
	"tramsync/config"
	"tramsync/queue"
)

// lockWait is short: a person is waiting.
const lockWait = time.Second

// noQueue stands for the queue of an agent that has never run: looking must not make one, or it would belong to whoever
// looked first.
type noQueue struct{}

func (noQueue) Outbox(func(queue.Waiting) bool) error              { return nil }
func (noQueue) DeadLetters(func(queue.Letter) bool) error          { return nil }
func (noQueue) Files(func(queue.Entry) bool, ...queue.State) error { return nil }
func (noQueue) Dismiss(string) (bool, error)                       { return false, nil }
func (noQueue) Verify(context.Context) (queue.Report, error)       { return queue.Report{}, nil }
func (noQueue) Requeue(id string) (int, error) {
	if id != "" {
		return 0, queue.ErrNotFound
	}
	return 0, nil
}

// attach finds the running agent of a configuration or, when none runs, opens its queue. Both are nil when the agent
// has never run.
func attach(ctx context.Context, conf *config.Config, now func() time.Time) (*status.Remote, *queue.Queue, error) {
	remote, err := status.Dial(ctx, conf.DataDir)
	if err == nil {
		return remote, nil, nil
	}
	if !errors.Is(err, status.ErrNotRunning) {
		return nil, nil, err
	}
	if !queue.Exists(app.QueueDir(conf.DataDir)) {
		return nil, nil, nil
	}
	q, openErr := app.OpenQueue(conf, now, lockWait)
	if errors.Is(openErr, queue.ErrLocked) {
		return nil, nil, fmt.Errorf("an agent is running but doesn't answer (is it just starting?): %w", err)
	}
	return nil, q, openErr
}

func (p *program) statusCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{Use: "status", Short: "Say how the agent is doing", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			conf, err := p.load()
			if err != nil {
				return err
			}
			s, err := p.snapshot(cmd.Context(), conf)
			if err != nil {
				return err
			}
			if asJSON {
				return p.json(s)
			}
			return s.WriteText(p.out, p.lang, p.finding)
		}}
	c.Flags().BoolVar(&asJSON, "json", false, "the same facts as JSON")
	return c
}

// finding is a finding's sentence.
func (p *program) finding(code string) string {
	rule, _ := check.Lookup(code)
	return p.say(rule.VI, rule.EN)
}

func (p *program) snapshot(ctx context.Context, conf *config.Config) (status.Snapshot, error) {
	opt := p.options(conf)
	remote, q, err := attach(ctx, conf, opt.Now)
	if err != nil {
		return status.Snapshot{}, err
	}
	if remote != nil {
		return remote.Snapshot(ctx)
	}
	s, err := app.Offline(opt, q)
	if q != nil {
		err = errors.Join(err, q.Close())
	}
	return s, err
}

func (p *program) json(v any) error {
	enc := newEncoder(p.out)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func newEncoder(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc
}

// onQueue runs do on the queue, wherever it is open.
func (p *program) onQueue(ctx context.Context, do func(status.Commands) error) error {
	conf, err := p.load()
	if err != nil {
		return err
	}
	remote, q, err := attach(ctx, conf, time.Now)
	if err != nil {
		return err
	}
	switch {
	case remote != nil:
		return do(remote)
	case q == nil:
		return do(noQueue{})
	}
	return errors.Join(do(q), q.Close())
}

func (p *program) queueCommand() *cobra.Command {
	c := &cobra.Command{Use: "queue", Short: "Look at what waits for the warehouse", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			p.began = false
			return fmt.Errorf("queue needs a command: ls, dead, requeue or verify")
		}}
	c.AddCommand(p.queueLs(), p.queueDead(), p.queueRequeue(), p.queueVerify())
	return c
}

func (p *program) queueLs() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{Use: "ls", Short: "List the records that wait, oldest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.onQueue(cmd.Context(), func(q status.Commands) error {
				return list(p, asJSON, q.Outbox, "NUMBER\tID\tQUEUED\tBYTES\t", func(w queue.Waiting) string {
					note := ""
					if w.Damaged {
						note = "damaged"
					}
					return fmt.Sprintf("%d\t%.16s\t%s\t%d\t%s",
						w.Sequence, w.ID, w.Queued.Format(time.DateTime), w.Bytes, note)
				})
			})
		}}
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return c
}

func (p *program) queueDead() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{Use: "dead", Short: "List the records that the warehouse refused for good, with its reasons",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.onQueue(cmd.Context(), func(q status.Commands) error {
				return list(p, asJSON, q.DeadLetters, "NUMBER\tID\tREFUSED\tCODE\tREASON", func(l queue.Letter) string {
					return fmt.Sprintf("%d\t%s\t%s\t%s\t%s",
						l.Sequence, l.ID, l.Died.Format(time.DateTime), l.Code, l.Reason)
				})
			})
		}}
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	return c
}

// list prints what each gives: as JSON lines, or as a table.
func list[T any](p *program, asJSON bool, each func(func(T) bool) error, head string, row func(T) string) error {
	if asJSON {
		enc := json.NewEncoder(p.out)
		var writeErr error
		err := each(func(v T) bool { writeErr = enc.Encode(v); return writeErr == nil })
		return errors.Join(err, writeErr)
	}
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, head)
	err := each(func(v T) bool { _, err := fmt.Fprintln(w, row(v)); return err == nil })
	return errors.Join(err, w.Flush())
}

func (p *program) queueRequeue() *cobra.Command {
	var all bool
	c := &cobra.Command{Use: "requeue [ID]", Short: "Send refused records again", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if all == (len(args) == 1) {
				p.began = false
				return fmt.Errorf("requeue needs the ID of a record (see: tramsync queue dead), or --all")
			}
			id := ""
			if len(args) == 1 {
				id = args[0]
			}
			return p.onQueue(cmd.Context(), func(q status.Commands) error {
				n, err := q.Requeue(id)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(p.out, p.say("Đã đưa lại %d hồ sơ vào hàng đợi.\n",
					"%d records are in the queue again.\n"), n)
				return err
			})
		}}
	c.Flags().BoolVar(&all, "all", false, "all of them")
	return c
}

func (p *program) queueVerify() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{Use: "verify", Short: "Check the queue's file, seals and counters", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.onQueue(cmd.Context(), func(q status.Commands) error {
				r, err := q.Verify(cmd.Context())
				if err != nil {
					return err
				}
				if asJSON {
					err = p.json(r)
				} else {
					err = p.printReport(r)
				}
				if err == nil && !r.Clean() {
					return fmt.Errorf("the queue has %d faults; nothing was changed", len(r.Faults))
				}
				return err
			})
		}}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func (p *program) printReport(r queue.Report) error {
	for _, f := range r.Faults {
		if _, err := fmt.Fprintln(p.out, f); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(p.out, p.say("%d hồ sơ chờ gửi, %d bị từ chối, %d tệp trong sổ, %d lỗi.\n",
		"%d records waiting, %d refused, %d files in the ledger, %d faults.\n"),
		r.Pending, r.Dead, r.Files, len(r.Faults))
	return err
}
