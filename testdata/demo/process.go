package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// demo is the set-up.
type demo struct {
	dir, data, his, v20, warehouseDir string
	config                            string
	agentBin, warehouseBin            string
	address                           string // of the warehouse; its port stays the same when it comes back
	agent, warehouse                  *process
	want                              tally
	began                             time.Time
	told                              bool // the summary is out: from here on it may stand still
}

func newDemo(bin, dir string) (*demo, error) {
	bin, err := filepath.Abs(bin)
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	if err := clearDemo(dir); err != nil {
		return nil, fmt.Errorf("clear the demo's folder: %w", err)
	}
	station := filepath.Join(dir, "station")
	d := &demo{
		dir: dir, data: filepath.Join(dir, "agent"),
		his: filepath.Join(station, "his"), v20: filepath.Join(station, "v20"),
		warehouseDir: filepath.Join(dir, "warehouse"), config: filepath.Join(dir, "station.yaml"),
		agentBin: filepath.Join(bin, "tramsync"), warehouseBin: filepath.Join(bin, "tramsync-warehouse"),
		began: time.Now(),
	}
	for _, f := range []string{d.his, d.v20} {
		if err := os.MkdirAll(f, 0o755); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// clearDemo removes an earlier demo, and nothing else that a mistyped -dir might name.
func clearDemo(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, "warehouse.log")); err != nil {
		return fmt.Errorf("%s holds something else than an earlier demo", dir)
	}
	return os.RemoveAll(dir)
}

// process is a program in the background.
type process struct {
	cmd  *exec.Cmd
	log  *os.File
	done chan struct{}
}

// start runs a program with its log in a file.
func start(log, name string, args ...string) (*process, error) {
	f, err := os.OpenFile(log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.Command(name, args...), log: f, done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = f, f
	return p, p.begin()
}

func (p *process) begin() error {
	if err := p.cmd.Start(); err != nil {
		return errors.Join(err, p.log.Close())
	}
	go func() {
		_ = p.cmd.Wait() // how it ended shows in its log
		_ = p.log.Close()
		close(p.done)
	}()
	return nil
}

func (p *process) kill() {
	if p != nil {
		_ = p.cmd.Process.Kill() // it may be gone already
		<-p.done
	}
}

// startWarehouse starts it on a free port, or on its old one, and waits until it listens.
func (d *demo) startWarehouse(ctx context.Context) error {
	listen := "127.0.0.1:0"
	if d.address != "" {
		u, err := url.Parse(d.address)
		if err != nil {
			return err
		}
		listen = u.Host
	}
	f, err := os.OpenFile(filepath.Join(d.dir, "warehouse.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	cmd := exec.Command(d.warehouseBin, "serve", "--data", d.warehouseDir, "--listen", listen)
	p := &process{cmd: cmd, log: f, done: make(chan struct{})}
	p.cmd.Stderr = f
	r, w := io.Pipe()
	p.cmd.Stdout = w
	if err := p.begin(); err != nil {
		return err
	}
	d.warehouse = p
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(r).ReadString('\n') // "" when it ended
		line <- text
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-p.done:
		return fmt.Errorf("the warehouse ended at once: see %s", f.Name())
	case text := <-line:
		_, address, ok := strings.Cut(strings.TrimSpace(text), "listening on ")
		if !ok {
			return fmt.Errorf("the warehouse said %q instead of where it listens", text)
		}
		d.address = address
		fmt.Printf("   warehouse %s\n", text[:len(text)-1])
		return nil
	}
}

// output runs a command to its end.
func (d *demo) output(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", filepath.Base(name), args[0], err, errOut.String())
	}
	return string(out), nil
}

// stop ends both programs.
func (d *demo) stop() {
	d.agent.kill()
	d.warehouse.kill()
}
