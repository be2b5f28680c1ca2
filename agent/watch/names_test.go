package watch_test

import (
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/watch"
)

// oddNames are file names that some program or person has given an export, by what is odd about them.
func oddNames() map[string]string {
	return map[string]string{
		"composed letters":             "bảng kê tiêm chủng.xml",
		"decomposed letters":           "ba\u0309ng ke\u0302 tie\u0302m chu\u0309ng 2.xml",
		"spaces at the beginning":      "  a.xml",
		"quotes":                       "Trạm 'Y tế' số 1.xml",
		"a shell's signs":              "$(a);&`b`%TEMP%^.xml",
		"a pattern's signs":            "[a]{b,c}!.xml",
		"a leading dash":               "-rf.xml",
		"signs beyond 16 bits":         "\U0001F489\U00020000.xml",
		"an extension in a large hand": "A.XML.xml",
		"255 units":                    strings.Repeat("a", 251) + ".xml",
		"a name like a temporary one":  "tmp.part.xml",
		"a zero-width space":           "a\u200bb.xml",
	}
}

func TestWatcher_OddNamesAreNamesLikeOthers(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		var want []string
		for _, name := range oddNames() {
			b.write(name, "x")
			b.date(name, 1000)
			want = append(want, "his "+name)
		}
		b.watch()
		b.pass(settle)
		slices.Sort(want)
		slices.Sort(b.sink.taken)
		if diff := cmp.Diff(want, b.sink.taken); diff != "" {
			t.Errorf("taken (-want +got):\n%s", diff)
		}
	})
}

// A person can type the pattern's letters in the other form than the program that writes the file.
func TestWatcher_APatternOfComposedLettersFindsDecomposedOnes(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.opt.Feeds[0].Patterns = []string{b.dir + "/tiêm*/chủng*.xml"}
		b.write("tie\u0302m 2026/chu\u0309ng.xml", "x")
		b.watch()
		b.pass(settle)
		b.wantTaken("his tie\u0302m 2026/chu\u0309ng.xml")
	})
}

func TestWatcher_APathLongerThan260CharactersIsAPath(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		name := strings.Repeat("thư mục dài lê thê/", 16) + "a.xml"
		b.write(name, "x")
		b.watch()
		b.pass(settle)
		b.wantTaken("his " + name)
		if n := len([]rune(b.path(name))); n <= 260 {
			t.Errorf("%d characters are not long", n)
		}
	})
}

func TestOpen_OddNamesAreOpened(t *testing.T) {
	dir := t.TempDir()
	for _, what := range slices.Sorted(maps.Keys(oddNames())) {
		path := dir + string(os.PathSeparator) + oddNames()[what]
		if err := os.WriteFile(path, []byte(what), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := watch.Open(path)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		buf := make([]byte, 100)
		n, err := f.Read(buf)
		if err = errors.Join(err, f.Close()); err != nil || string(buf[:n]) != what {
			t.Errorf("%s: got %q, %v", what, buf[:n], err)
		}
	}
}
