package screen

import (
	"regexp"
	"slices"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// slowly folds a value by decomposing it, as is done with what isn't in the table of letters.
func slowly(value string) []string {
	var f folder
	for _, r := range norm.NFKD.String(value) {
		f.rune(r)
	}
	f.endWord()
	var out []string
	at := 0
	for _, end := range f.ends {
		out = append(out, string(f.folded[at:end]))
		at = end
	}
	if !f.letterInText {
		return nil
	}
	return out
}

func TestLettersFoldAsTheirDecompositionsDo(t *testing.T) {
	for r := rune(latinFrom); r <= 0x1eff; r++ {
		for _, s := range []string{string(r), "A" + string(r) + "ế1 x", "ừ" + string(r), string(r) + "\u0301Đ"} {
			if got, want := new(folder).words(s), slowly(s); !slices.Equal(got, want) {
				t.Errorf("%U in %q: %q, want %q", r, s, got, want)
			}
		}
	}
	n := 0
	for _, l := range letters {
		if l.folded != "" {
			n++
		}
	}
	if n < 450 || letterAt('×') >= 0 || letterAt('ễ') < 0 || letterAt('Đ') < 0 {
		t.Errorf("%d letters", n)
	}
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{
		"Nghiện ma túy", "NGHI\u1ec6N", "a\u0323\u0302", "ＨＩＶ…½", "\ufeffH\u200bIV", "a\xffb", "2 viên",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, want := new(folder).words(s), slowly(s)
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %q, want %q", s, got, want)
		}
		for _, w := range got {
			if w == "" {
				t.Fatalf("%q: an empty word", s)
			}
		}
	})
}

// What is taken for a code is one, and a code set apart is always found.
func FuzzCodes(f *testing.F) {
	for _, s := range []string{"B20.0†", "I10;b200", "Z20,6", "mãB20", "B20B24", "1B20", "B2", "\xffB20"} {
		f.Add(s)
	}
	form := regexp.MustCompile(`^[A-Z][0-9]{2}[A-Z0-9]*$`)
	f.Fuzz(func(t *testing.T, s string) {
		for _, c := range appendCodes(nil, s) {
			if !form.MatchString(c) {
				t.Fatalf("%q: %q is no code", s, c)
			}
		}
		if got := appendCodes(nil, s+"; b20.1†"); len(got) == 0 || got[len(got)-1] != "B201" {
			t.Fatalf("%q: %q", s, got)
		}
	})
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"A", "A", true}, {"A", "AB", false}, {"A", "", false}, {"*", "", true}, {"*", "X", true}, {"A*", "AB", true},
		{"A*", "BA", false}, {"*A", "BA", true}, {"*A", "AB", false}, {"*A*", "XAY", true}, {"*A*", "XY", false},
		{"A*B*C", "AXBYC", true}, {"A*B*C", "ABC", true}, {"A*B*C", "ACB", false}, {"A*A", "A", false},
		{"*AB*AB", "AB", false}, {"*AB*AB", "ABAB", true}, {"A**B", "AB", true}, {"A*B", "AXBYB", true},
	} {
		if got := glob(c.pattern, c.s); got != c.want {
			t.Errorf("glob(%s, %s) = %v", c.pattern, c.s, got)
		}
	}
}

func TestVersionsAreComparedAsDayAndNumber(t *testing.T) {
	order := []string{"2026-11-22.1", "2026-11-22.2", "2026-11-22.10", "2026-12-01.1", "2027-01-01.1"}
	for i, a := range order {
		for k, b := range order {
			va, errA := parseVersion(a)
			vb, errB := parseVersion(b)
			if errA != nil || errB != nil {
				t.Fatal(errA, errB)
			}
			if got := va.compare(vb); got != min(max(i-k, -1), 1) {
				t.Errorf("%s and %s: %d", a, b, got)
			}
			if va.String() != a {
				t.Errorf("String = %s", va)
			}
		}
	}
	for _, s := range []string{"", "1", "2026-11-22", "2026-11-22.0", "2026-11-22.01", "2026-02-30.1", "2026-11-22.1 ",
		"26-11-22.1", "2026-11-22.12345", "2026-11-22.-1", "v2026-11-22.1"} {
		if v, err := parseVersion(s); err == nil {
			t.Errorf("%q is %v", s, v)
		}
	}
}
