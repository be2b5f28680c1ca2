// Tramsync-warehouse is the receiving end of tramsync: it takes in what the agents at the health stations send, and
// shows it.
//
// It guarantees what its packages server, store and ca do. It has no state of its own: everything lies in the
// folder given by --data, which any number of its commands may use at the same time.
//
//	DIR/warehouse.db   records, agents, tokens (SQLite; people may read it with SQL while the server runs)
//	DIR/ca/            the private certificate authority: back it up
//
// Exit codes: 0 fine, 1 failed, 2 wrong use.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

const (
	exitFine   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program: it runs the command that args name until it is done or ctx is cancelled, and gives the exit
// code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := &cobra.Command{
		Use:               "tramsync-warehouse",
		Short:             "Receives and keeps what tramsync agents send",
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.AddCommand(serveCommand(), tokenCommand(), revokeCommand(), recordsCommand(), originalCommand(),
		rulesCommand(), versionCommand())
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitFine
	}
	fmt.Fprintln(stderr, "tramsync-warehouse:", err)
	var failed *failedError
	if errors.As(err, &failed) {
		return exitFailed
	}
	fmt.Fprintln(stderr, "Help: tramsync-warehouse COMMAND --help")
	return exitUsage
}

// failedError is what a command that was used rightly ends with when it fails; every other error is wrong use.
type failedError struct{ err error }

func (e *failedError) Error() string { return e.err.Error() }
func (e *failedError) Unwrap() error { return e.err }

// failed marks err as a failure; nil stays nil.
func failed(err error) error {
	if err == nil {
		return nil
	}
	return &failedError{err}
}
