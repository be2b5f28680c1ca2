package screen_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aead.dev/minisign"

	"tramsync/sync/screen"
)

const signedRules = `
schema: 1
version: 2999-12-31.1
basis: a test
rules:
  - {id: A, about: [hiv], text: ["hiv"]}
  - {id: B, about: [drugs, sex_work], text: ["ma túy"]}
`

// authority is a key pair that signs rules.
type authority struct {
	t       testing.TB
	private minisign.PrivateKey
	key     string
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	public, private, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{t: t, private: private, key: public.String()}
}

// sign writes rules and their signature into a folder of their own and gives the rules' path.
func (a *authority) sign(doc string) string {
	a.t.Helper()
	path := filepath.Join(a.t.TempDir(), "quy tắc.yaml")
	signature := minisign.SignWithComments(a.private, []byte(doc), "Sở Y tế Mẫu", "x")
	put(a.t, path, doc)
	put(a.t, path+screen.SignatureSuffix, string(signature))
	return path
}

func put(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLoadTakesSignedRules(t *testing.T) {
	a := newAuthority(t)
	for _, key := range []string{a.key, " " + a.key + "\n", "untrusted comment: x\n" + a.key + "\n"} {
		rules, err := screen.Load(a.sign(signedRules), key)
		if err != nil {
			t.Fatal(err)
		}
		if rules.Version() != "2999-12-31.1" || rules.TrustedComment() != "Sở Y tế Mẫu" || rules.Basis() != "a test" {
			t.Errorf("%s, %q, %q", rules.Version(), rules.TrustedComment(), rules.Basis())
		}
		if got := verdict(t, rules, "k", "A=ma túy"); got != "drop B" {
			t.Errorf("verdict = %q", got)
		}
		if got := verdict(t, rules, "k", "MA_BENH=B20"); got != "" {
			t.Errorf("a rule compiled in still holds: %q", got)
		}
	}
	rules, err := screen.Load(a.sign(screen.BuiltinDocument()), a.key)
	if err != nil {
		t.Fatalf("the rules compiled in, signed: %v", err)
	}
	if own := builtin(t); rules.Fingerprint() != own.Fingerprint() || len(own.Fingerprint()) != 64 ||
		own.TrustedComment() != "" {
		t.Errorf("fingerprints %s and %s", rules.Fingerprint(), own.Fingerprint())
	}
}

// Signatures that the C program of minisign 0.11 made, hashed first as is its default, and not.
func TestLoadTakesMinisignsOwnSignatures(t *testing.T) {
	const dir = "testdata/minisign/"
	key, err := os.ReadFile(dir + "rules.pub")
	if err != nil {
		t.Fatal(err)
	}
	rules, err := screen.Load(dir+"rules.yaml", string(key))
	if err != nil || rules.TrustedComment() != "Sở Y tế Mẫu, bản thử" {
		t.Fatalf("Load: %v", err)
	}
	doc, err := os.ReadFile(dir + "rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	legacy, err := os.ReadFile(dir + "legacy.minisig")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := screen.ParseSigned(doc, legacy, string(key)); err != nil {
		t.Errorf("not hashed: %v", err)
	}
}

func TestLoadRefuses(t *testing.T) {
	a, other := newAuthority(t), newAuthority(t)
	changed := func(change func(path string)) string {
		path := a.sign(signedRules)
		change(path)
		return path
	}
	swap := func(old, text string) string { return strings.Replace(signedRules, old, text, 1) }
	tests := []struct {
		name, path, key string
		want            error // nil: another one
	}{
		{"another key", a.sign(signedRules), other.key, screen.ErrOtherKey},
		{"no key", a.sign(signedRules), "", screen.ErrPublicKey},
		{"half a key", a.sign(signedRules), a.key[:40], screen.ErrPublicKey},
		{"a key's file name", a.sign(signedRules), "/etc/key.pub", screen.ErrPublicKey},
		{"no signature", changed(func(p string) { os.Remove(p + ".minisig") }), a.key, screen.ErrUnsigned},
		{"an empty signature", changed(func(p string) { put(t, p+".minisig", "") }), a.key, screen.ErrSignature},
		{"a signature that is none", changed(func(p string) { put(t, p+".minisig", "x\ny\nz\n") }), a.key,
			screen.ErrSignature},
		{"another document's signature", changed(func(p string) { put(t, p, swap("ma túy", "ma tuy")) }), a.key,
			screen.ErrSignature},
		{"one byte more", changed(func(p string) { put(t, p, signedRules+"\n") }), a.key, screen.ErrSignature},
		{"another trusted comment", changed(func(p string) { alter(t, p+".minisig", "Sở Y tế Mẫu", "Sở Y tế khác") }),
			a.key, screen.ErrSignature},
		{"no rules", changed(func(p string) { os.Remove(p) }), a.key, os.ErrNotExist},
		{"rules too large", a.sign(signedRules + strings.Repeat("#\n", 1<<19)), a.key, nil},
		{"a signature too large", changed(func(p string) { put(t, p+".minisig", strings.Repeat("x", 5000)) }), a.key, nil},
		{"another form of version", a.sign(swap("2999-12-31.1", "v2")), a.key, nil},
		{"no YAML", a.sign("{"), a.key, nil},
		{"nothing", a.sign(""), a.key, nil},
		{"an unknown member", a.sign(swap("text:", "words:")), a.key, nil},
		{"no rules in it", a.sign("schema: 1\nversion: 2999-12-31.1\nrules: []\n"), a.key, nil},
		{"an older one without HIV", a.sign(strings.Replace(swap("2999", "1999"), "about: [hiv], ", "", 1)), a.key,
			screen.ErrIncomplete},
		{"nothing about HIV", a.sign(swap("about: [hiv], ", "")), a.key, screen.ErrIncomplete},
		{"nothing about drugs", a.sign(swap("drugs, ", "")), a.key, screen.ErrIncomplete},
		{"nothing about prostitution", a.sign(swap(", sex_work", "")), a.key, screen.ErrIncomplete},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rules, err := screen.Load(tt.path, tt.key)
			if err == nil || rules != nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("Load = %v, %v; want %v", rules, err, tt.want)
			}
			if large := strings.HasSuffix(tt.name, "too large"); large && !strings.Contains(err.Error(), "more than") {
				t.Errorf("Load: %v", err)
			}
		})
	}
}

func alter(t testing.TB, path, old, text string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(b, []byte(old)) {
		t.Fatal("nothing to alter", err)
	}
	put(t, path, strings.Replace(string(b), old, text, 1))
}

// The signature is checked before the document is parsed: of what isn't signed nothing is believed, its faults neither.
func TestUnsignedRulesAreNotRead(t *testing.T) {
	a := newAuthority(t)
	path := a.sign(signedRules)
	put(t, path, "{ not YAML")
	if _, err := screen.Load(path, a.key); !errors.Is(err, screen.ErrSignature) {
		t.Errorf("Load: %v", err)
	}
}

func FuzzParseSigned(f *testing.F) {
	a := newAuthority(f)
	good := minisign.SignWithComments(a.private, []byte(signedRules), "c", "u")
	f.Add([]byte(signedRules), good)
	f.Add([]byte(signedRules+"\n"), good)
	f.Add([]byte(signedRules), bytes.Replace(good, []byte("trusted comment: c"), []byte("trusted comment: d"), 1))
	f.Add([]byte(""), []byte("untrusted comment: \n\ntrusted comment: \n\n"))
	f.Fuzz(func(t *testing.T, doc, signature []byte) {
		rules, err := screen.ParseSigned(doc, signature, a.key)
		if (err == nil) == (rules == nil) {
			t.Fatalf("rules %v and error %v", rules, err)
		}
		if err != nil {
			return
		}
		// Nobody else can sign: it must be the one signature, of the one document.
		if string(doc) != signedRules || rules.TrustedComment() != "c" {
			t.Fatalf("taken: %q, %q", doc, signature)
		}
	})
}
