// Command demo shows the main job on one computer: it starts the warehouse and an agent as two processes, drops
// exports into the agent's folders, takes the warehouse away while more arrive, brings it back, and counts at the end
// whether everything is there once. `make run` calls it.
//
// It uses only what a user has: the two programs, their folders and their output. Everything lies under one folder
// that is made anew.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func main() {
	bin := flag.String("bin", "bin", "folder with the two programs")
	dir := flag.String("dir", "var/demo", "folder to work in; made anew")
	once := flag.Bool("once", false, "end after the summary")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *bin, *dir, *once)
	stop()
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, bin, dir string, once bool) error {
	d, err := newDemo(bin, dir)
	if err != nil {
		return err
	}
	defer d.stop()
	if err := d.setUp(ctx); err != nil {
		return err
	}
	if err := d.play(ctx); err != nil {
		return err
	}
	if err := d.summary(ctx); err != nil || once {
		return err
	}
	fmt.Printf("\nStill running. Drop exports of your own into\n  %s\n  %s\n"+
		"and ask with   %s status --config %s   Ctrl-C ends it.\n\n",
		d.his, d.v20, d.agentBin, d.config)
	return d.follow(ctx, func(state) bool { return false })
}

// play is the story.
func (d *demo) play(ctx context.Context) error {
	d.say("1. Exports of HIS and V20 arrive while the warehouse is up")
	if err := d.firstExports(); err != nil {
		return err
	}
	if err := d.follow(ctx, d.delivered); err != nil {
		return err
	}
	d.say("2. The warehouse is gone (killed); the station goes on working")
	d.warehouse.kill()
	if err := d.laterExports(); err != nil {
		return err
	}
	until := time.Now().Add(6 * time.Second)
	if err := d.follow(ctx, func(s state) bool { return d.collected(s) && time.Now().After(until) }); err != nil {
		return err
	}
	d.say("3. The warehouse is back")
	if err := d.startWarehouse(ctx); err != nil {
		return err
	}
	return d.follow(ctx, d.delivered)
}

func (d *demo) say(text string) { fmt.Printf("\n%s\n", text) }

// setUp makes the folders, starts the warehouse, enrols the station and starts the agent.
func (d *demo) setUp(ctx context.Context) error {
	d.say("0. A warehouse and a station, made anew in " + d.dir)
	if err := d.startWarehouse(ctx); err != nil {
		return err
	}
	token, err := d.output(ctx, d.warehouseBin, "token", "--data", d.warehouseDir, "--station", "99001")
	if err != nil {
		return err
	}
	conf := strings.NewReplacer("@DATA@", d.data, "@HIS@", d.his, "@V20@", d.v20, "@URL@", d.address,
		"settle: 3s", "settle: 1s")
	raw, err := os.ReadFile(filepath.Join("testdata", "config", "station.yaml"))
	if err != nil {
		return fmt.Errorf("read the example configuration (run from the project's folder): %w", err)
	}
	if err := os.WriteFile(d.config, []byte(conf.Replace(string(raw))), 0o600); err != nil {
		return err
	}
	said, err := d.output(ctx, d.agentBin, "enrol", "--lang", "en", "--config", d.config,
		"--token", strings.TrimSpace(token))
	if err != nil {
		return err
	}
	fmt.Print("   ", said)
	d.agent, err = start(filepath.Join(d.dir, "agent.log"), d.agentBin, "run", "--config", d.config)
	return err
}
