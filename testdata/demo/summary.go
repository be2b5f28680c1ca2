package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tramsync/agent/status"
)

// state is what is shown while it goes on.
type state struct {
	status.Snapshot
	ok bool // the agent answered
}

func (d *demo) state(ctx context.Context) state {
	var s state
	out, err := d.output(ctx, d.agentBin, "status", "--json", "--config", d.config)
	s.ok = err == nil && json.Unmarshal([]byte(out), &s.Snapshot) == nil
	return s
}

// collected: the agent has dealt with every file that was dropped.
func (d *demo) collected(s state) bool {
	return s.Total.Files >= d.want.files && len(s.Rejected) == d.want.rejected && s.Intake.Waiting == 0
}

// delivered: and the warehouse has all of it.
func (d *demo) delivered(s state) bool { return d.collected(s) && s.Queue.Pending == 0 }

const patience = 3 * time.Minute

// follow shows progress until done says so.
func (d *demo) follow(ctx context.Context, done func(state) bool) error {
	tick := time.NewTicker(400 * time.Millisecond)
	defer tick.Stop()
	var shown string
	moved := time.Now()
	for {
		s := d.state(ctx)
		if s.ok {
			way := "warehouse reached"
			if !s.Warehouse.Online {
				way = "warehouse NOT reached"
			}
			line := fmt.Sprintf("files taken in %3d  waiting %3d  unreadable %d │ queue %4d │ stored %4d │ %s",
				s.Total.Files, s.Intake.Waiting, len(s.Rejected), s.Queue.Pending,
				s.Total.Stored+s.Total.Duplicate, way)
			if line != shown {
				fmt.Printf("   %5.1f s  %s\n", time.Since(d.began).Seconds(), line)
				shown, moved = line, time.Now()
			}
			if done(s) {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-d.agent.done:
			select { // Ctrl-C reaches the agent too, maybe first
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Second):
			}
			return fmt.Errorf("the agent ended: see %s", filepath.Join(d.dir, "agent.log"))
		case <-tick.C:
		}
		if time.Since(moved) > patience && !d.told {
			return errors.New("nothing moved for three minutes")
		}
	}
}

// stored is what the warehouse's own command says.
type stored struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Subject string `json:"subject"`
}

func (d *demo) records(ctx context.Context, args ...string) ([]stored, error) {
	args = append([]string{"records", "--json", "--data", d.warehouseDir}, args...)
	out, err := d.output(ctx, d.warehouseBin, args...)
	if err != nil {
		return nil, err
	}
	var list []stored
	for line := range strings.Lines(out) {
		var r stored
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			return nil, fmt.Errorf("read the warehouse's records: %w", err)
		}
		list = append(list, r)
	}
	return list, nil
}

// summary counts at both ends and compares with what was dropped.
func (d *demo) summary(ctx context.Context) error {
	d.told = true
	s := d.state(ctx)
	all, err := d.records(ctx, "--all")
	if err != nil {
		return err
	}
	current, err := d.records(ctx)
	if err != nil {
		return err
	}
	ids := map[string]int{}
	for _, r := range all {
		ids[r.ID]++
	}
	duplicates := len(all) - len(ids)
	t, w := s.Total, d.want
	withheld := 0
	for _, n := range t.Withheld {
		withheld += n
	}
	fmt.Printf("\nSummary\n")
	fmt.Printf("   files        %d read, %d can't be read\n", t.Files, len(s.Rejected))
	for _, r := range s.Rejected {
		fmt.Printf("                  %s: %s\n", filepath.Base(r.Path), r.EN)
	}
	fmt.Printf("   in the files %d visits and rows = %d stored + %d unchanged since an earlier export + %d withheld\n",
		w.records, len(all), t.Unchanged, withheld)
	fmt.Printf("   withheld     by rule:")
	for _, rule := range slices.Sorted(maps.Keys(t.Withheld)) {
		fmt.Printf(" %s %d", rule, t.Withheld[rule])
	}
	fmt.Printf("\n   warehouse    %d visits and rows now, and %d earlier revisions of them\n",
		len(current), len(all)-len(current))
	fmt.Printf("   duplicates   %d\n", duplicates)
	fmt.Printf("   refused      %d\n", s.Queue.Dead)
	for _, c := range []struct {
		what      string
		got, want int
	}{{"files read", t.Files, w.files}, {"files that can't be read", len(s.Rejected), w.rejected},
		{"stored", len(all), w.records - w.repeated - w.withheld}, {"unchanged", t.Unchanged, w.repeated},
		{"withheld", withheld, w.withheld}, {"queued", t.Queued, len(all)},
		{"current", len(current), len(all) - w.changed},
		{"duplicates", duplicates, 0}, {"refused", s.Queue.Dead, 0}, {"left in the queue", s.Queue.Pending, 0}} {
		if c.got != c.want {
			err = errors.Join(err, fmt.Errorf("%s: %d instead of %d", c.what, c.got, c.want))
		}
	}
	if err == nil {
		fmt.Println("   It adds up.")
	}
	return err
}
