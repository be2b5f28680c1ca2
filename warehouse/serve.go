package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/spf13/cobra"

	"tramsync/sync/screen"
	"tramsync/warehouse/ca"
	"tramsync/warehouse/server"
)

type serveOptions struct {
	data     string
	listen   string
	hosts    []string
	rules    string
	rulesKey string
	logJSON  bool
}

func serveCommand() *cobra.Command {
	var o serveOptions
	c := &cobra.Command{
		Use:   "serve --data DIR",
		Short: "Serve the agents until SIGINT or SIGTERM",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if _, _, err := net.SplitHostPort(o.listen); err != nil {
				return fmt.Errorf("--listen %q: not of the form HOST:PORT or :PORT", o.listen)
			}
			if (o.rules == "") != (o.rulesKey == "") {
				return errors.New("--rules and --rules-key go together")
			}
			return failed(serve(c, o))
		},
	}
	addDataFlag(c, &o.data)
	c.Flags().StringVar(&o.listen, "listen", ":8440", "address to listen on; port 0 is any free one")
	c.Flags().StringArrayVar(&o.hosts, "host", nil, "name or address agents reach this server by (again for more)")
	c.Flags().StringVar(&o.rules, "rules", "", "signed rules to screen with instead of those compiled in")
	c.Flags().StringVar(&o.rulesKey, "rules-key", "", "public key that must have signed them (RW…)")
	c.Flags().BoolVar(&o.logJSON, "log-json", false, "log JSON instead of text")
	return c
}

func serve(c *cobra.Command, o serveOptions) (err error) {
	ctx, log := c.Context(), newLogger(c, o.logJSON)
	rules, err := loadRules(o, log)
	if err != nil {
		return err
	}
	st, err := makeStore(ctx, o.data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	authority, err := ca.Open(o.data, time.Now())
	if err != nil {
		return err
	}
	srv, err := server.New(server.Config{
		Agents: st, Records: st, Screener: rules, CA: authority,
		Hosts: serverNames(o), Logger: log,
	})
	if err != nil {
		return err
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", o.listen)
	if err != nil {
		return err
	}
	if err := announce(c, listener, o.listen); err != nil {
		return errors.Join(err, listener.Close())
	}
	return srv.Run(ctx, listener)
}

// loadRules gives the rules that the agents have too.
func loadRules(o serveOptions, log *slog.Logger) (*screen.Rules, error) {
	load := screen.Builtin
	if o.rules != "" {
		load = func() (*screen.Rules, error) { return screen.Load(o.rules, o.rulesKey) }
	}
	rules, err := load()
	if err == nil {
		log.Info("exclusion rules", "version", rules.Version(), "sha256", rules.Fingerprint(),
			"signed", rules.TrustedComment())
	}
	return rules, err
}

// announce says where the server can be reached from this computer: at the address it was told to listen on, or at
// localhost.
func announce(c *cobra.Command, l net.Listener, listen string) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "listening on https://%s\n", net.JoinHostPort(host, port))
	return err
}

// serverNames are the names for the server's certificate: those given, the one listened on and the computer's.
func serverNames(o serveOptions) []string {
	names := append([]string(nil), o.hosts...)
	if host, _, err := net.SplitHostPort(o.listen); err == nil && host != "" {
		names = append(names, host)
	}
	// A certificate's names are ASCII; a Vietnamese computer name isn't how agents would reach it.
	if name, err := os.Hostname(); err == nil && name != "" && isASCII(name) {
		names = append(names, name)
	}
	return names
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func newLogger(c *cobra.Command, asJSON bool) *slog.Logger {
	if asJSON {
		return slog.New(slog.NewJSONHandler(c.ErrOrStderr(), nil))
	}
	return slog.New(slog.NewTextHandler(c.ErrOrStderr(), nil))
}
