package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/screen"
	"tramsync/testdata/gen"
)

// coldRule excludes what everybody has once a year, and the rules compiled in do not.
const coldRule = "  - {id: COLD, icd: [J00]}\n"

// olderRules are an authority's, of a time before those compiled in.
const olderRules = "schema: 1\nversion: 2001-01-01.1\nrules:\n" +
	"  - {id: REST, about: [hiv, drugs, sex_work], text: [zzz]}\n" + coldRule

// newerRules are those compiled in, of a later version and with a rule more.
func newerRules() string {
	return strings.Replace(screen.BuiltinDocument(), "\nversion: 2026-", "\nversion: 2999-", 1) + coldRule
}

func builtinVersion(t *testing.T) string {
	t.Helper()
	rules, err := screen.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return rules.Version()
}

// keys makes a key pair as a health authority does.
func (s *station) keys() (file, public string) {
	s.t.Helper()
	file = filepath.Join(s.t.TempDir(), "key")
	return file, strings.TrimSpace(s.must(s.exec(s.bin.warehouse, "rules", "keygen", "--unencrypted", "--out", file)))
}

// sign writes rules and their signature.
func (s *station) sign(key, doc string) (path string) {
	s.t.Helper()
	path = s.drop(s.t.TempDir(), "loại trừ.yaml", []byte(doc))
	s.must(s.exec(s.bin.warehouse, "rules", "sign", "--key", key, path))
	return path
}

// exclude configures the station with signed rules.
func (s *station) exclude(rules, public string) {
	s.t.Helper()
	s.configure("")
	conf, err := os.ReadFile(s.config)
	if err == nil {
		conf = append(conf, "\nexclusion: {rules: '"+rules+"', key: "+public+"}\n"...)
		err = os.WriteFile(s.config, conf, 0o600)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// coldAndClean gives a visit for a cold and one for something else.
func coldAndClean(t *testing.T) (cold, clean gen.Visit) {
	t.Helper()
	src, found := gen.New(12), map[bool]gen.Visit{}
	for n := 1; len(found) < 2 && n < 1000; n++ {
		v, isCold := src.Visit(n), false
		for _, d := range v.Docs {
			isCold = isCold || strings.Contains(d.Content, "J00")
		}
		found[isCold] = v
	}
	if len(found) < 2 {
		t.Fatal("there are no such visits")
	}
	return found[true], found[false]
}

// TestSigned_rules decide what is taken in: by the station, and by a warehouse that has them too.
func TestSigned_rules_decide_what_is_taken_in(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ doc, version string }{
		"newer than the program's": {newerRules(), "2999-" + builtinVersion(t)[len("2026-"):]},
		"older than the program's": {olderRules, "2001-01-01.1+" + builtinVersion(t)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := emptyStation(t)
			key, public := s.keys()
			rules := s.sign(key, c.doc)
			s.serveArgs = []string{"--rules", rules, "--rules-key", public}
			s.startWarehouse()
			s.exclude(rules, public)
			s.must(s.agent("enrol", "--token", s.token()))
			if out := s.must(s.agent("check-config")); !strings.Contains(out, public) {
				t.Errorf("check-config:\n%s", out)
			}
			cold, clean := coldAndClean(t)
			path := s.drop(s.his, "a.xml", gen.File(gen.Envelope{}, cold, clean, gen.New(13).Visit(1).Withheld("Z21")))
			out := s.must(s.agent("scan", "--lang", "en", path))
			if !strings.Contains(out, "COLD: 1") || !strings.Contains(out, "HIV-ICD: 1") {
				t.Errorf("scan:\n%s", out)
			}
			s.once()
			snap := s.status()
			if diff := cmp.Diff(map[string]int{"COLD": 1, "HIV-ICD": 1}, snap.Total.Withheld); diff != "" {
				t.Errorf("withheld (-want +got):\n%s", diff)
			}
			if snap.Program.Rules != c.version {
				t.Errorf("status has rules %s, want %s", snap.Program.Rules, c.version)
			}
			if out := s.must(s.agent("status", "--lang", "en")); !strings.Contains(out, "exclusion rules "+c.version+"\n") {
				t.Errorf("status:\n%s", out)
			}
			s.holdsOnly(clean, cold)
		})
	}
}

// holdsOnly wants one visit in the warehouse and nothing of another.
func (s *station) holdsOnly(clean, cold gen.Visit) {
	s.t.Helper()
	list := s.records("--all")
	if len(list) != 1 {
		s.t.Fatalf("%d records stored, want 1", len(list))
	}
	if got := list[0].content(); !strings.Contains(got, clean.Identifiers()[0]) || strings.Contains(got, "J00") {
		s.t.Error("the record isn't the clean visit's")
	}
	places := map[string][]byte{"logs": []byte(s.logs.String())}
	readFolder(s.t, places, s.data)
	readFolder(s.t, places, s.central)
	if found := hunt(s.t, cold.Identifiers(), places); len(found) > 0 {
		s.t.Errorf("traces of what the signed rules exclude: %v", found)
	}
}

// TestUnusable_rules stop everything that would take something in, and say what to do.
func TestUnusable_rules_stop_the_agent(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	key, public := s.keys()
	_, other := s.keys()
	_, clean := coldAndClean(t)
	path := s.drop(s.his, "a.xml", gen.File(gen.Envelope{}, clean))
	signed := func(damage func(rules string) error) string {
		rules := s.sign(key, newerRules())
		if err := damage(rules); err != nil {
			t.Fatal(err)
		}
		return rules
	}
	write := func(doc string) func(string) error {
		return func(rules string) error { return os.WriteFile(rules, []byte(doc), 0o600) }
	}
	whole := signed(func(string) error { return nil })
	for _, c := range []struct{ name, rules, public, says string }{
		{"unsigned", signed(func(r string) error { return os.Remove(r + screen.SignatureSuffix) }), public,
			"there is no signature beside the rules"},
		{"altered", signed(write(newerRules() + "  - {id: MORE, text: [more]}\n")), public,
			"the signature does not fit the rules"},
		{"an older text under a newer one's signature", signed(write(olderRules)), public,
			"the signature does not fit the rules"},
		{"signed with another key", whole, other, "the rules are signed with another key"},
		{"missing", signed(os.Remove), public, "no such file"},
	} {
		s.exclude(c.rules, c.public)
		for _, args := range [][]string{{"check-config"}, {"scan", path}, {"run", "--once"}} {
			r := s.agent(args...)
			if r.code != 2 || !strings.Contains(r.err, c.says) ||
				!strings.Contains(r.err, "put a set and its signature (.minisig) that fit exclusion.key there") {
				t.Errorf("%s, %s: exit code %d\n%s", c.name, args[0], r.code, tail(r.err))
			}
			if r.out != "" {
				t.Errorf("%s, %s: goes on nevertheless:\n%s", c.name, args[0], r.out)
			}
		}
		if out := s.must(s.agent("status")); !strings.Contains(out, "⚠ Quy tắc loại trừ không dùng được") ||
			!strings.Contains(out, c.says) {
			t.Errorf("%s: status doesn't say so:\n%s", c.name, out)
		}
	}
	if list := s.files(); len(list) > 0 {
		t.Errorf("read without rules: %+v", list)
	}
	if list := s.records("--all"); len(list) > 0 {
		t.Errorf("%d records were taken in without rules", len(list))
	}
	s.exclude(whole, public)
	s.once()
	if list := s.records(); len(list) != 1 {
		t.Errorf("%d records with rules that can be used, want 1", len(list))
	}
}
