package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"github.com/spf13/cobra"

	"tramsync/agent/app"
	"tramsync/agent/intake"
)

// A file that was being read when the agent died, by a power cut or by its fault, is read in a process of its own
// first. That process says so when it begins and when it is through: one that doesn't get through was taken down by
// the file.
const (
	trialBegins  = "begins\n"
	trialThrough = "through\n"

	trialTime   = 30 * time.Minute
	trialMemory = 512 << 20 // bytes: several times of what any file should need
)

// trial reads a file in a process of its own.
func (p *program) trial(ctx context.Context, f intake.File) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("try file apart: %w", err)
	}
	ask, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("try file apart: %w", err)
	}
	ctx, stop := context.WithTimeout(ctx, trialTime)
	defer stop()
	// The file's name goes by standard input: arguments show in the list of processes.
	c := exec.CommandContext(ctx, self, "trial", "--config", p.config)
	var said bytes.Buffer
	c.Stdin, c.Stdout, c.WaitDelay = bytes.NewReader(ask), &said, time.Second
	err = c.Run()
	switch {
	case said.String() == trialBegins+trialThrough:
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return ctx.Err()
	case said.String() == trialBegins:
		return fmt.Errorf("%w: %w", intake.ErrPoison, err)
	default: // it never came to the file
		return fmt.Errorf("try file apart: %w", err)
	}
}

// trialCommand is that process. It isn't for people.
func (p *program) trialCommand() *cobra.Command {
	memory := int64(trialMemory)
	c := &cobra.Command{Use: "trial", Hidden: true, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			conf, err := p.load()
			if err != nil {
				return err
			}
			rules, err := app.LoadRules(conf)
			if err != nil {
				return err
			}
			var f intake.File
			if err := json.NewDecoder(p.in).Decode(&f); err != nil {
				return fmt.Errorf("read what to try: %w", err)
			}
			opt := p.options(conf)
			opt.Log = slog.New(slog.DiscardHandler)
			in := app.NewIntake(opt, rules, nil)
			if _, err := fmt.Fprint(p.out, trialBegins); err != nil {
				return err
			}
			debug.SetMemoryLimit(memory * 3 / 4)
			go guardMemory(cmd.Context(), memory)
			// Whatever is wrong with the file is for the agent to find again.
			if _, err := in.Preview(cmd.Context(), f); cmd.Context().Err() != nil {
				return err
			}
			_, err = fmt.Fprint(p.out, trialThrough)
			return err
		}}
	c.Flags().Int64Var(&memory, "memory", memory, "bytes")
	return c
}

// guardMemory ends the process when it takes more memory than it may: before the PC suffers.
func guardMemory(ctx context.Context, limit int64) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	for {
		metrics.Read(sample)
		if sample[0].Value.Uint64()+sample[1].Value.Uint64() > uint64(limit) {
			os.Exit(exitFailed)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
