package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"aead.dev/minisign"
	"github.com/spf13/cobra"

	"tramsync/sync/screen"
)

// rulesCommand is for the health authority that decides what must never be taken in. Keys and signatures are
// minisign's, so that its own program does as well.
func rulesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "rules",
		Short: "Show, check and sign the rules about what must never be taken in",
		Args:  cobra.NoArgs,
	}
	c.AddCommand(rulesShowCommand(), rulesCheckCommand(), rulesKeygenCommand(), rulesSignCommand())
	return c
}

func rulesShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Print the rules compiled into this program, to start from",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := io.WriteString(c.OutOrStdout(), screen.BuiltinDocument())
			return failed(err)
		},
	}
}

func rulesCheckCommand() *cobra.Command {
	var key string
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "Say in words what a file of rules does, or why it isn't taken",
		Long: "Say in words what a file of rules does, or why it isn't taken. With --key the signature in FILE.minisig is\n" +
			"checked too, as agents and warehouse do.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			rules, err := checkRules(args[0], key)
			if err != nil {
				return failed(err)
			}
			return failed(explain(c.OutOrStdout(), rules))
		},
	}
	c.Flags().StringVar(&key, "key", "", "public key to check the signature with (RW…)")
	return c
}

func checkRules(path, key string) (*screen.Rules, error) {
	if key != "" {
		return screen.Load(path, key)
	}
	doc, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	rules, err := screen.Parse(doc)
	if err != nil {
		return nil, err
	}
	return rules.WithBuiltin()
}

// besideNote says in two languages that the program's own rules apply too, or nothing.
func besideNote(rules *screen.Rules) string {
	if rules.Beside() == "" {
		return ""
	}
	const vi = "Bộ này cũ hơn bộ %s có sẵn trong chương trình (rules show): cả hai cùng áp dụng, cái gì một trong hai " +
		"loại trừ thì bị loại trừ, cho đến khi có bộ mới hơn được ký."
	const en = "This set is older than the program's own, %s (rules show): both apply, and what either leaves out is " +
		"left out, until a newer one is signed."
	return fmt.Sprintf("  vi  "+vi+"\n  en  "+en+"\n", rules.Beside(), rules.Beside())
}

func explain(w io.Writer, rules *screen.Rules) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "version      %s\nSHA-256      %s\n", rules.Version(), rules.Fingerprint())
	b.WriteString(besideNote(rules))
	if comment := rules.TrustedComment(); comment != "" {
		fmt.Fprintf(&b, "signed       %s\n", comment)
	}
	fmt.Fprintf(&b, "basis        %s\n", rules.Basis())
	for _, e := range rules.Explain() {
		about := make([]string, len(e.About))
		for i, s := range e.About {
			about[i] = string(s)
		}
		fmt.Fprintf(&b, "\n%-12s %s\n  vi  %s\n  en  %s\n", e.ID, strings.Join(about, ", "), e.VI, e.EN)
		if e.Reason != "" || e.Why != "" {
			fmt.Fprintf(&b, "      (%s / %s)\n", e.Reason, e.Why)
		}
	}
	for _, g := range rules.FieldGroups() {
		fmt.Fprintf(&b, "\n$%s\n  %s\n", g.Name, strings.Join(g.Fields, " "))
	}
	_, err := w.Write(b.Bytes())
	return err
}

const maxPassword = 1 << 10 // bytes

// askPassword reads one line from standard input.
func askPassword(c *cobra.Command) (string, error) {
	fmt.Fprintln(c.ErrOrStderr(), "Password of the key, on one line (shown as you type; none: --unencrypted):")
	line, err := bufio.NewReader(io.LimitReader(c.InOrStdin(), maxPassword)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", errors.New("the password is empty")
	}
	return line, nil
}

func rulesKeygenCommand() *cobra.Command {
	var out string
	var unencrypted bool
	c := &cobra.Command{
		Use:   "keygen --out FILE",
		Short: "Make a key to sign rules with: FILE, secret, and FILE.pub",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if out == "" {
				return errors.New("--out is missing")
			}
			return failed(makeKey(c, out, unencrypted))
		},
	}
	c.Flags().StringVar(&out, "out", "", "file to write the secret key to; it must not exist")
	c.Flags().BoolVar(&unencrypted, "unencrypted", false, "no password on the secret key")
	return c
}

func makeKey(c *cobra.Command, out string, unencrypted bool) error {
	public, private, err := minisign.GenerateKey(nil)
	if err != nil {
		return err
	}
	var secret []byte
	if unencrypted {
		secret, err = private.MarshalText()
	} else {
		var password string
		if password, err = askPassword(c); err == nil {
			secret, err = minisign.EncryptKey(password, private)
		}
	}
	if err != nil {
		return err
	}
	text, err := public.MarshalText()
	if err != nil {
		return err
	}
	if err := writeNew(out, 0o600, secret); err != nil {
		return err
	}
	if err := writeNew(out+".pub", 0o644, text); err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.OutOrStdout(), public)
	return err
}

// writeNew writes a line of text to a file that must not be there yet: a key is never overwritten.
func writeNew(path string, mode os.FileMode, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(append(bytes.TrimRight(text, "\n"), '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}

func rulesSignCommand() *cobra.Command {
	var key, comment string
	c := &cobra.Command{
		Use:   "sign --key FILE RULES",
		Short: "Sign a file of rules that is fit to be taken: writes RULES.minisig",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if key == "" {
				return errors.New("--key is missing")
			}
			private, err := readKey(c, key)
			if err != nil {
				return failed(err)
			}
			return failed(signRules(c, private, args[0], comment))
		},
	}
	c.Flags().StringVar(&key, "key", "", "file with the secret key")
	c.Flags().StringVar(&comment, "comment", "", "trusted comment, signed too (default: the version and today)")
	return c
}

func readKey(c *cobra.Command, path string) (key minisign.PrivateKey, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return key, err
	}
	text = bytes.TrimSpace(text)
	if !minisign.IsEncrypted(text) {
		err = key.UnmarshalText(text)
		return key, err
	}
	password, err := askPassword(c)
	if err != nil {
		return key, err
	}
	return minisign.DecryptKey(password, text)
}

// signRules signs nothing that agents and warehouse would refuse.
func signRules(c *cobra.Command, key minisign.PrivateKey, path, comment string) error {
	doc, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	rules, err := screen.Parse(doc)
	if err != nil {
		return err
	}
	if comment == "" {
		comment = fmt.Sprintf("tramsync rules %s, signed %s", rules.Version(), time.Now().Format(time.DateOnly))
	}
	r := minisign.NewReader(bytes.NewReader(doc)) // hashed first, as minisign itself does by default
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	signature := r.SignWithComments(key, comment, fmt.Sprintf("signature of tramsync rules %s", rules.Version()))
	public, ok := key.Public().(minisign.PublicKey)
	if !ok {
		return errors.New("the key has no public part")
	}
	if rules, err = screen.ParseSigned(doc, signature, public.String()); err != nil {
		return err
	}
	if err := os.WriteFile(path+screen.SignatureSuffix, signature, 0o644); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "%s%s: %s\nkey %s\n%s", path, screen.SignatureSuffix, comment, public,
		besideNote(rules))
	return err
}
