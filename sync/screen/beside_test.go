package screen_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/screen"
	"tramsync/sync/wire"
	"tramsync/testdata/gen"
)

// olderRules use an id of the rules compiled in for something else.
const olderRules = `
schema: 1
version: 2001-01-01.1
basis: a test
groups: {code_fields: ["*.MA_CU"]}
rules:
  - {id: A, about: [hiv, drugs, sex_work], icd: [J00]}
  - {id: HIV-ICD, text: ["chim hót"]}
  - {id: B, filled: true, fields: ["*.GHI_CHU"], action: drop_fields}
  - {id: C, path: [mật], action: drop_file}
  - {id: D, icd: [J01], fields: [$code_fields]}
`

// olderBuiltin is the document compiled in, of a version long ago.
func olderBuiltin() string {
	return strings.Replace(screen.BuiltinDocument(), "version: 2026-", "version: 2001-", 1)
}

func withBuiltin(t testing.TB, doc string) *screen.Rules {
	t.Helper()
	rules, err := screen.Parse([]byte(doc))
	if err == nil {
		rules, err = rules.WithBuiltin()
	}
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

func TestOlderSignedRulesApplyBesideThoseCompiledIn(t *testing.T) {
	a := newAuthority(t)
	rules, err := screen.Load(a.sign(olderRules), a.key)
	if err != nil {
		t.Fatal(err)
	}
	own := builtin(t).Version()
	if rules.Version() != "2001-01-01.1+"+own || rules.Beside() != own {
		t.Errorf("Version %s, Beside %s", rules.Version(), rules.Beside())
	}
	if rules.TrustedComment() != "Sở Y tế Mẫu" || rules.Basis() != "a test" {
		t.Errorf("of the document: %q, %q", rules.TrustedComment(), rules.Basis())
	}
	alone, err := screen.Parse([]byte(olderRules))
	if err != nil {
		t.Fatal(err)
	}
	if rules.Fingerprint() != alone.Fingerprint() {
		t.Error("the fingerprint isn't the signed document's")
	}
	if diff := cmp.Diff(alone.Explain(), rules.Explain()); diff != "" {
		t.Errorf("explains other rules than the document's:\n%s", diff)
	}
	if diff := cmp.Diff(alone.FieldGroups(), rules.FieldGroups()); diff != "" {
		t.Errorf("shows other groups than the document's:\n%s", diff)
	}
}

func TestWithBuiltinTellsOlderFromNewer(t *testing.T) {
	own := builtin(t).Version()
	day, number, _ := strings.Cut(own, ".")
	for version, beside := range map[string]string{
		own: "", day + ".9999": "", "2999-12-31.1": "", "2001-01-01.9999": own,
		"2026-11-21." + number: own, "2026-11-22.1": own,
	} {
		rules, err := screen.Parse([]byte(strings.Replace(signedRules, "2999-12-31.1", version, 1)))
		if err != nil {
			t.Fatal(err)
		}
		both, err := rules.WithBuiltin()
		if err != nil || both.Beside() != beside {
			t.Errorf("%s: beside %q, %v; want %q", version, both.Beside(), err, beside)
		}
		want := map[bool]string{true: "", false: "drop HIV-ICD"}[beside == ""]
		if got := verdict(t, both, "visit", "XML1.MA_BENH_CHINH=B20"); got != want {
			t.Errorf("%s: %q, want %q", version, got, want)
		}
		if got := verdict(t, rules, "visit", "XML1.MA_BENH_CHINH=B20"); got != "" || rules.Version() != version {
			t.Errorf("%s: what WithBuiltin was called on has changed: %q, %s", version, got, rules.Version())
		}
	}
}

func TestWhatEitherLeavesOutIsLeftOut(t *testing.T) {
	rules := withBuiltin(t, olderRules)
	tests := []struct {
		name  string
		kind  string
		cells []string
		want  string
	}{
		{"neither says anything", "visit", []string{"XML1.MA_BENH_CHINH=J02"}, ""},
		{"the older ones", "visit", []string{"XML1.MA_BENH_CHINH=J00"}, "drop A"},
		{"those compiled in", "visit", []string{"XML1.MA_BENH_CHINH=B20"}, "drop HIV-ICD"},
		{"the older ones' rule of the same id", "visit", []string{"XML1.GHI_CHU_KHAC=chim hót"}, "drop HIV-ICD"},
		{"both, the older ones first", "visit", []string{"XML1.MA_BENH_CHINH=J00", "XML1.MA_BENH_KT=B20"}, "drop A"},
		{"both, those compiled in first", "visit", []string{"XML1.MA_BENH_CHINH=B20", "XML1.MA_BENH_KT=J00"}, "drop A"},
		{"a group of the same name is each one's own", "visit", []string{"XML1.MA_CU=J01"}, "drop D"},
		{"nor does it reach over", "visit", []string{"XML1.MA_BENH_CHINH=J01"}, ""},
		{"one cuts", "visit", []string{"XML1.GHI_CHU=khỏe"}, "cut B: XML1.GHI_CHU"},
		{"one cuts and the other withholds", "visit", []string{"XML1.GHI_CHU=khỏe", "XML1.MA_BENH_CHINH=B20"},
			"drop HIV-ICD"},
		{"a row by the older ones", "tiem_chung", []string{"MA_BENH=J00"}, "drop A"},
		{"a row by those compiled in", "tiem_chung", []string{"LY_DO=nghiện ma túy"}, "drop TXT"},
		{"a row is cut", "tiem_chung", []string{"GHI_CHU=khỏe"}, "cut B: GHI_CHU"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := verdict(t, rules, tt.kind, tt.cells...); got != tt.want {
				t.Errorf("verdict %q, want %q", got, tt.want)
			}
			e := event(wire.Data{Row: map[string]string{}}, "HIS", "tiem_chung")
			for _, c := range tt.cells {
				name, value, _ := strings.Cut(c, "=")
				e.Data.Row[name[strings.Index(name, ".")+1:]] = value
			}
			if got, err := rules.Excluded(e); err != nil || got != (tt.want != "") {
				t.Errorf("Excluded = %v, %v", got, err)
			}
		})
	}
	for path, want := range map[string]string{"/srv/hồ sơ mật/a.xml": "C", "/srv/hiv/a.xml": "PATH", "/srv/a.xml": ""} {
		if got := rules.File("visit", path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// The most rules that there can be: the first and last of each document still hold.
func TestSixtyFourOlderRulesHaveThoseCompiledInBeside(t *testing.T) {
	doc := "schema: 1\nversion: 2001-01-01.1\nrules:\n"
	for i := range 64 {
		doc += fmt.Sprintf("  - {id: R%d, equals: \"%d\", fields: [\"*.F%d\"], action: drop_visit}\n", i, i, i)
	}
	rules := withBuiltin(t, doc)
	for cells, want := range map[string]string{
		"XML1.F0=0": "drop R0", "XML1.F63=63": "drop R63", "XML1.F63=62": "", "XML6.A=x": "drop HIV-T6",
		"XML6.A=x XML1.F63=63": "drop R63", "XML1.F63=63 XML1.F0=0 XML6.A=x": "drop R0",
	} {
		if got := verdict(t, rules, "visit", strings.Fields(cells)...); got != want {
			t.Errorf("%s: %q, want %q", cells, got, want)
		}
	}
	own := builtin(t).Explain()
	last := strings.Replace(olderBuiltin(), "\nrules:\n", "\nrules:\n  - {id: NONE, text: [zzz]}\n", 1)
	if n := len(withBuiltin(t, last).Explain()); n != len(own)+1 {
		t.Errorf("%d rules explained, want %d", n, len(own)+1)
	}
}

// FuzzBeside wants the verdict of two rule sets to be what each says on its own, together.
func FuzzBeside(f *testing.F) {
	older, err := screen.Parse([]byte(olderRules))
	if err != nil {
		f.Fatal(err)
	}
	own, both := builtin(f), withBuiltin(f, olderRules)
	for n, kind := range gen.Kinds() {
		for _, d := range gen.New(1).Visit(n).Withheld(kind).Docs {
			f.Add("visit", d.Type, d.Content)
		}
	}
	f.Add("hssk_831", "HSSK831", "<D><DSYEUTO><LOAI>3</LOAI><GHI_CHU>x</GHI_CHU></DSYEUTO></D>")
	f.Add("kham_suc_khoe", "KSK_XML11", "<W><R><TEN_CHI_SO>THC</TEN_CHI_SO><GHI_CHU>J00</GHI_CHU></R></W>")
	f.Add("thai_san", "XML15", "<W><A><KQ_HIV>HIV</KQ_HIV><GHI_CHU>x</GHI_CHU></A><!--chim hót--></W>")
	f.Fuzz(func(t *testing.T, kind, name, doc string) {
		parsed, err := wire.ParseTable(name, []byte(doc))
		if err != nil {
			return
		}
		tables := []wire.Table{parsed}
		a, b, v := older.Record(kind, tables), own.Record(kind, tables), both.Record(kind, tables)
		want := screen.Verdict{Drop: a.Drop}
		if want.Drop == "" {
			want.Drop = b.Drop
		}
		if want.Drop == "" {
			want.Cut, want.CutBy = slices.Concat(a.Cut, b.Cut), slices.Concat(a.CutBy, b.CutBy)
		}
		if diff := cmp.Diff(canonical(want), canonical(v)); diff != "" {
			t.Fatalf("together they say (-want +got):\n%s", diff)
		}
	})
}

// canonical gives cuts and rules one order, and each once.
func canonical(v screen.Verdict) string {
	var cuts []string
	for _, c := range v.Cut {
		cuts = append(cuts, fmt.Sprint(c))
	}
	slices.Sort(cuts)
	by := slices.Sorted(slices.Values(v.CutBy))
	return fmt.Sprintln(v.Drop, slices.Compact(cuts), slices.Compact(by))
}
