package main

import (
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"tramsync/agent/app"
	"tramsync/sync/client"
	"tramsync/sync/wire"
)

func (p *program) runCommand() *cobra.Command {
	var once bool
	var format, level string
	c := &cobra.Command{Use: "run", Short: "Run the agent in the foreground", Args: cobra.NoArgs,
		Long: "Runs the agent in the foreground, logging to standard error, until it is interrupted. " +
			"With --once it takes in what is there,\n" +
			"delivers it and ends: exit code 0 when nothing is left, " +
			"3 when something is and nothing moved for a minute.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			conf, err := p.load()
			if err != nil {
				return err
			}
			opt := p.options(conf)
			if opt.Log, err = logger(p.err, format, level); err != nil {
				p.began = false
				return err
			}
			opt.Once, opt.Trial = once, p.trial
			a, err := app.Open(opt)
			if err != nil {
				return err
			}
			return a.Run(cmd.Context())
		}}
	c.Flags().BoolVar(&once, "once", false, "take in what is there, deliver it and end")
	c.Flags().StringVar(&format, "log-format", "text", "text or json")
	c.Flags().StringVar(&level, "log-level", "info", "debug, info, warn or error")
	return c
}

func logger(w io.Writer, format, level string) (*slog.Logger, error) {
	var opt slog.HandlerOptions
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("--log-level must be debug, info, warn or error")
	}
	opt.Level = l
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, &opt)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, &opt)), nil
	default:
		return nil, fmt.Errorf("--log-format must be text or json")
	}
}

func (p *program) enrolCommand() *cobra.Command {
	var server, token string
	c := &cobra.Command{Use: "enrol", Short: "Make this station known to the warehouse, once", Args: cobra.NoArgs,
		Long: "Makes a key on this PC and has the warehouse certify it. " +
			"The token comes from the centre (tramsync-warehouse token) and works once.\n" +
			"With --token - it is read from standard input, so that it doesn't show in the list of processes.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			conf, err := p.load()
			if err != nil {
				return err
			}
			if token == "-" {
				raw, err := io.ReadAll(io.LimitReader(p.in, 4<<10))
				if err != nil {
					return fmt.Errorf("read token: %w", err)
				}
				token = strings.TrimSpace(string(raw))
			}
			t, err := wire.ParseToken(token)
			if err != nil {
				p.began = false
				return err
			}
			if server == "" {
				server = conf.Warehouse.URL
			}
			opt := p.options(conf)
			id, err := client.Enrol(cmd.Context(), client.EnrolOptions{URL: server, Token: t, Station: conf.Primary(),
				Dir: app.IdentityDir(conf.DataDir), Agent: "tramsync/" + version,
				Log: slog.New(slog.DiscardHandler), Now: opt.Now})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.out, p.say("Đã đăng ký trạm %s với %s (mã máy %s, chứng thư đến %s).\n",
				"Station %s is enrolled with %s (agent %s, certificate until %s).\n"),
				id.Station, server, id.Agent, id.Expires().Format("2006-01-02"))
			return err
		}}
	c.Flags().StringVar(&server, "server", "", "the warehouse's address (default: the configuration's)")
	c.Flags().StringVar(&token, "token", "", "the enrolment token; - reads it from standard input")
	return c
}

func (p *program) say(vi, en string) string {
	if p.lang == "vi" {
		return vi
	}
	return en
}
