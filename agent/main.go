// Command tramsync is the agent on a health station's PC: it watches the export folders of HIS and V20, keeps their
// records while the network is down, and delivers them to the province's warehouse. See README.md.
//
// This package turns flags into calls and errors into exit codes, nothing else.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"tramsync/agent/app"
	"tramsync/config"
)

// Set by the linker: -X main.version=… -X main.built=… (RFC 3339, the commit's time, so that builds are reproducible).
var (
	version = "dev"
	built   = ""
)

// Exit codes; scripts rely on them.
const (
	exitFine       = 0
	exitFailed     = 1
	exitUsage      = 2 // wrong use or bad configuration
	exitNotDrained = 3
)

// The garbage collector works harder, so that the program stays small on a PC that it shares with the HIS: at half the
// growth that is usual, and harder still from softMemory bytes on. Measured with a file of 46 MB that is taken in while
// it is sent: 55 MB at the peak instead of 88, for a tenth more of the processor's time.
const (
	softMemory = 36 << 20
	growth     = 50 // percent of what is in use
)

func main() {
	debug.SetGCPercent(growth)
	debug.SetMemoryLimit(softMemory)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// program is what the commands share.
type program struct {
	in       io.Reader
	out, err io.Writer
	config   string // path
	lang     string
	began    bool // a command's own work has begun: errors before that are wrong use
}

// run is the whole program but for the process around it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{in: stdin, out: stdout, err: stderr}
	root := p.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var faults config.Faults
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, app.ErrRules):
		fmt.Fprintln(stderr, err)
		return exitUsage
	case errors.As(err, &faults):
		fmt.Fprintln(stderr, faults.Error())
		return exitUsage
	case !p.began:
		fmt.Fprintf(stderr, "%v\nSee: tramsync --help\n", err)
		return exitUsage
	case errors.Is(err, app.ErrNotDrained):
		fmt.Fprintln(stderr, err)
		return exitNotDrained
	default:
		fmt.Fprintln(stderr, err)
		return exitFailed
	}
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use: "tramsync",
		Short: "Đồng bộ dữ liệu trạm y tế về kho dữ liệu tỉnh · " +
			"Delivers a health station's exports to the province's warehouse",
		Long: `tramsync watches the export folders of HIS and V20 on a health station's PC, keeps their records
while the network is down, and delivers each to the province's warehouse exactly once.

Exit codes: 0 fine, 1 failed, 2 wrong use or bad configuration, 3 records are still waiting.`,
		SilenceUsage: true, SilenceErrors: true,
		PersistentPreRun: func(*cobra.Command, []string) { p.began = true },
	}
	root.PersistentFlags().StringVar(&p.config, "config", defaultConfig(), "the configuration file")
	root.PersistentFlags().StringVar(&p.lang, "lang", "vi", "language of what is shown: vi or en")
	root.AddCommand(p.runCommand(), p.enrolCommand(), p.statusCommand(), p.scanCommand(), p.queueCommand(),
		p.filesCommand(), p.trialCommand(), p.checkConfigCommand(), p.versionCommand())
	return root
}

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print the program's version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(p.out, "tramsync %s %s/%s %s\n",
				version, runtime.GOOS, runtime.GOARCH, runtime.Version())
			return err
		}}
}

func (p *program) checkConfigCommand() *cobra.Command {
	return &cobra.Command{Use: "check-config [FILE]", Short: "Check a configuration and print what it amounts to",
		Long: "Checks a configuration. " +
			"Prints it with all defaults filled in, or every fault with its place, one a line (exit code 2).",
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				p.config = args[0]
			}
			conf, err := p.load()
			if err != nil {
				return err
			}
			if _, err := app.LoadRules(conf); err != nil {
				return err
			}
			_, err = p.out.Write(conf.Redacted())
			return err
		}}
}

// load reads the configuration. A file that isn't there is wrong use too.
func (p *program) load() (*config.Config, error) {
	if p.lang != "vi" && p.lang != "en" {
		p.began = false
		return nil, fmt.Errorf("--lang must be vi or en")
	}
	conf, err := config.Load(p.config)
	if err != nil {
		var faults config.Faults
		p.began = errors.As(err, &faults)
		return nil, err
	}
	return conf, nil
}

func (p *program) options(conf *config.Config) app.Options {
	at, err := time.Parse(time.RFC3339, built)
	if err != nil {
		at = time.Time{} // a developer's build: no floor for the clock
	}
	return app.Options{Config: conf, ConfigPath: p.config, Version: version, Built: at, Now: time.Now}
}

// defaultConfig is where the installer puts the configuration.
func defaultConfig() string {
	if runtime.GOOS == "windows" {
		return os.Getenv("ProgramData") + `\tramsync\config.yaml`
	}
	return "/etc/tramsync/config.yaml"
}
