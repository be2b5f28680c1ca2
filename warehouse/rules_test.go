package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aead.dev/minisign"

	"tramsync/sync/screen"
	"tramsync/sync/wire"
)

// ownRules are the rules compiled in, with a word more, of a later version.
func ownRules(t *testing.T) string {
	t.Helper()
	doc := strings.Replace(mustRun(t, "rules", "show"), "version: 2026-", "version: 2999-", 1)
	doc = strings.Replace(doc, `sex_work_words: [`, `sex_work_words: ["chim hót", `, 1)
	path := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(path, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// olderRules have a word that those compiled in have not, and nothing else.
func olderRules(t *testing.T) string {
	t.Helper()
	doc := "schema: 1\nversion: 2001-01-01.1\nrules:\n" +
		"  - {id: OLD, about: [hiv, drugs, sex_work], text: [\"chim hót\"]}\n"
	path := filepath.Join(t.TempDir(), "older.yaml")
	if err := os.WriteFile(path, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// keygen makes a key without a password and gives its file and public half.
func keygen(t *testing.T) (file, public string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "key")
	return file, strings.TrimSpace(mustRun(t, "rules", "keygen", "--unencrypted", "--out", file))
}

func TestRulesShow(t *testing.T) {
	if got := mustRun(t, "rules", "show"); got != screen.BuiltinDocument() || !strings.Contains(got, "\nschema: 1\n") {
		t.Errorf("%d bytes", len(got))
	}
}

func TestRulesAreSignedAndChecked(t *testing.T) {
	rules := ownRules(t)
	key, public := keygen(t)
	if got := mustRun(t, "rules", "sign", "--key", key, "--comment", "Sở Y tế Mẫu 2999", rules); !strings.Contains(got,
		"Sở Y tế Mẫu 2999\nkey "+public) {
		t.Errorf("signed: %s", got)
	}
	got := mustRun(t, "rules", "check", "--key", public, rules)
	for _, want := range []string{"version      2999-", "signed       Sở Y tế Mẫu 2999\n", "basis        Kế hoạch 2698",
		"\nHIV-T6       hiv, drugs, sex_work\n  vi  bỏ cả hồ sơ khi bảng XML6 có bản ghi\n" +
			"  en  leaves out the whole record if table XML6 has a record\n      (Bảng 6", "“chim hót”",
		"\n$code_fields\n  *.*MA_BENH*"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if got := mustRun(t, "rules", "check", rules); strings.Contains(got, "signed ") {
		t.Errorf("a signature that wasn't checked is shown: %s", got)
	}
	if got := mustRun(t, "rules", "sign", "--key", key, rules); !strings.Contains(got, "tramsync rules 2999-") {
		t.Errorf("signed again: %s", got)
	}
	info, err := os.Stat(key)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the secret key: %v, %v", info.Mode(), err)
	}
	if text, err := os.ReadFile(key + ".pub"); err != nil || !strings.HasSuffix(string(text), "\n"+public+"\n") {
		t.Errorf("the public key: %q, %v", text, err)
	}
}

// Rules older than the program's own are signed and checked, and both commands say that the program's apply too.
func TestOlderRulesSayWhatElseApplies(t *testing.T) {
	key, public := keygen(t)
	path := olderRules(t)
	own, err := screen.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"check", path}, {"sign", "--key", key, path}, {"check", "--key", public, path}} {
		got := mustRun(t, append([]string{"rules"}, args...)...)
		for _, want := range []string{"  vi  Bộ này cũ hơn bộ " + own.Version() + " ",
			"  en  This set is older than the program's own, " + own.Version() + " (rules show): both apply"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", args[0], want, got)
			}
		}
		if args[0] == "sign" {
			continue
		}
		version := "version      2001-01-01.1+" + own.Version() + "\n"
		if !strings.HasPrefix(got, version) || !strings.Contains(got, "“chim hót”") || strings.Contains(got, "HIV-T6") {
			t.Errorf("other rules than the file's are explained:\n%s", got)
		}
	}
	if got := mustRun(t, "rules", "check", ownRules(t)); strings.Contains(got, own.Version()) {
		t.Errorf("newer rules: %s", got)
	}
}

func TestRulesRefuse(t *testing.T) {
	rules, unsigned := ownRules(t), filepath.Join(t.TempDir(), "unsigned.yaml")
	key, public := keygen(t)
	_, another := keygen(t)
	mustRun(t, "rules", "sign", "--key", key, rules)
	partial := "schema: 1\nversion: 2999-12-31.1\nrules:\n  - {id: A, about: [hiv, drugs], text: [x]}\n"
	bad, missing := filepath.Join(t.TempDir(), "bad.yaml"), filepath.Join(t.TempDir(), "none")
	for path, text := range map[string]string{unsigned: partial, bad: "schema: 2\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"a bad document", []string{"check", bad}, exitFailed, "schema 1"},
		{"a missing document", []string{"check", missing}, exitFailed, "no such file"},
		{"no document", []string{"check"}, exitUsage, "1 arg"},
		{"another key", []string{"check", "--key", another, rules}, exitFailed, "another key"},
		{"no key", []string{"check", "--key", "RW", rules}, exitFailed, "not a minisign key"},
		{"no signature", []string{"check", "--key", public, unsigned}, exitFailed, "no signature"},
		{"signing a bad document", []string{"sign", "--key", key, bad}, exitFailed, "schema 1"},
		{"signing without a subject", []string{"sign", "--key", key, unsigned}, exitFailed, "no rule is about sex_work"},
		{"signing without key", []string{"sign", rules}, exitUsage, "--key"},
		{"signing with no key's file", []string{"sign", "--key", bad, rules}, exitFailed, "invalid private key"},
		{"signing with a comment of two lines", []string{"sign", "--key", key, "--comment", "a\nb", rules}, exitFailed,
			"signature"},
		{"a key without a place", []string{"keygen", "--unencrypted"}, exitUsage, "--out"},
		{"a key in another's place", []string{"keygen", "--unencrypted", "--out", key}, exitFailed, "exists"},
		{"serving unsigned rules", []string{"--rules", unsigned, "--rules-key", public}, exitFailed, "no signature"},
		{"serving rules without key", []string{"--rules", rules}, exitUsage, "go together"},
		{"serving with a key alone", []string{"--rules-key", public}, exitUsage, "go together"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			args := append([]string{"rules"}, tt.args...)
			if strings.HasPrefix(tt.name, "serving") {
				args = append([]string{"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0"}, tt.args...)
			}
			if code, _, errs := command(t, args...); code != tt.code || !strings.Contains(errs, tt.want) {
				t.Errorf("exit %d: %s", code, errs)
			}
		})
	}
	if _, err := os.Stat(unsigned + screen.SignatureSuffix); err == nil {
		t.Error("what agents would refuse was signed")
	}
}

// asks runs a rules command that reads a password.
func asks(t *testing.T, stdin string, args ...string) (string, error) {
	t.Helper()
	c := rulesCommand()
	var out bytes.Buffer
	c.SetIn(strings.NewReader(stdin))
	c.SetOut(&out)
	c.SetErr(&out)
	c.SilenceUsage, c.SilenceErrors = true, true
	c.SetArgs(args)
	err := c.ExecuteContext(t.Context())
	return out.String(), err
}

func TestKeysHavePasswords(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key")
	for _, stdin := range []string{"", "\n"} {
		if out, err := asks(t, stdin, "keygen", "--out", key); err == nil || !strings.Contains(out, "Password") {
			t.Errorf("%q: %v, %s", stdin, err, out)
		}
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("a key without a password was written")
	}
	if testing.Short() {
		t.Skip("minisign's key derivation takes 2 s and 1 GiB each time")
	}
	if out, err := asks(t, "mật khẩu\r\n", "keygen", "--out", key); err != nil {
		t.Fatal(err, out)
	}
	text, err := os.ReadFile(key)
	if err != nil || !minisign.IsEncrypted(bytes.TrimSpace(text)) {
		t.Fatalf("the key isn't encrypted: %v", err)
	}
	rules := ownRules(t)
	if out, err := asks(t, "mật khẩu", "sign", "--key", key, rules); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// What its rules exclude a warehouse refuses, and what those compiled in do if they are newer.
func TestServeScreensWithItsRules(t *testing.T) {
	for name, c := range map[string]struct {
		rules func(*testing.T) string
		words map[string]bool
	}{
		"newer rules": {ownRules, map[string]bool{"chim hót": true, "nghiện ma túy": true, "khỏe": false}},
		"older rules": {olderRules, map[string]bool{"chim hót": true, "nghiện ma túy": true, "khỏe": false}},
		"rules without words of those compiled in": {newerRules,
			map[string]bool{"chim hót": true, "nghiện ma túy": false, "khỏe": false}},
	} {
		t.Run(name, func(t *testing.T) { serveScreens(t, c.rules(t), c.words) })
	}
}

// newerRules are olderRules of a later version.
func newerRules(t *testing.T) string {
	t.Helper()
	path := olderRules(t)
	doc, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, bytes.Replace(doc, []byte("2001-"), []byte("2999-"), 1), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// serveScreens sends a row for each word and wants those refused of which excluded is true.
func serveScreens(t *testing.T, rules string, excluded map[string]bool) {
	t.Helper()
	dir := t.TempDir()
	key, public := keygen(t)
	mustRun(t, "rules", "sign", "--key", key, rules)
	url, stop := serving(t, dir, "--rules", rules, "--rules-key", public)
	c, _ := agent(t, url, strings.TrimSpace(mustRun(t, "token", "--data", dir, "--station", "99001")))
	words := slices.Sorted(maps.Keys(excluded))
	var batch [][]byte
	for i, word := range words {
		_, e := event(t, "V20", "tiem_chung", wire.Data{Key: []string{word[:1]}, Facility: "99001",
			Row: map[string]string{"GHI_CHU": word}}, wire.Sequence(i+1))
		batch = append(batch, e)
	}
	var answer wire.Answer
	post(t, c, url+wire.PathBatches, wire.BatchContentType, wire.JoinBatch(batch), &answer)
	if len(answer.Results) != len(words) {
		t.Fatalf("answers %+v", answer.Results)
	}
	for i, r := range answer.Results {
		if got := r.Code == wire.CodeExcluded; got != excluded[words[i]] || !got && r.Status != wire.Stored {
			t.Errorf("%s: %+v", words[i], r)
		}
	}
	if code := stop(); code != exitFine {
		t.Errorf("exit %d", code)
	}
}
