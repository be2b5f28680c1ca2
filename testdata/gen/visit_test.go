package gen_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/testdata/gen"
)

// Everything drawn from a seed goes into this sum: it must be the same on every
// platform and with every Go version, and changes only when gen does.
func TestSource_the_bytes_of_a_seed_are_fixed(t *testing.T) {
	s := gen.New(7)
	sum := sha256.New()
	for n := range 100 {
		sum.Write(gen.File(gen.Envelope{Signed: n%2 == 0}, s.Visit(n*997), s.Visit(n).Changed()))
	}
	sum.Write(gen.VaccinationCSV(s.Vaccinations(0, 500)...))
	sum.Write(gen.NutritionJSON(s.Nutrition(0, 100)...))
	const want = "70fdb6f2c1cb3fcf7bc1f835768a12bf4fdf78afd3af0327d1f9895c5d0e464a"
	if got := hex.EncodeToString(sum.Sum(nil)); got != want {
		t.Errorf("SHA-256 of seed 7 = %s, want %s", got, want)
	}
}

func TestSource_Visit(t *testing.T) {
	a, b := gen.New(1), gen.New(1)
	t.Run("is the same in any order of calls", func(t *testing.T) {
		for n := 200; n >= 0; n-- {
			b.Visit(n * 3)
		}
		for n := range 50 {
			if diff := cmp.Diff(a.Visit(n).Docs, b.Visit(n).Docs); diff != "" {
				t.Fatalf("visit %d differs (-first +second):\n%s", n, diff)
			}
		}
	})
	t.Run("has other contents under another seed", func(t *testing.T) {
		if text(a.Visit(3)) == text(gen.New(2).Visit(3)) {
			t.Error("seeds 1 and 2 give the same visit 3")
		}
	})
	t.Run("follows QĐ 4210 in five to ten of a hundred cases", func(t *testing.T) {
		old := 0
		for n := range 1000 {
			if a.Visit(n).Standard == gen.QD4210 {
				old++
			}
		}
		if old < 50 || old > 100 {
			t.Errorf("%d of 1000 visits follow QĐ 4210", old)
		}
	})
	for _, n := range []int{-1, gen.Max} {
		t.Run(fmt.Sprintf("panics for number %d", n), func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			a.Visit(n)
		})
	}
}

func TestVisit_Identifiers(t *testing.T) {
	s := gen.New(1)
	owner := map[string]int{}
	keys := map[string]int{}
	numbers := []int{gen.Max / 2, gen.Max - 2, gen.Max - 1}
	for n := range 700 {
		numbers = append(numbers, n)
	}
	for _, n := range numbers {
		v := s.Visit(n)
		body := text(v)
		if other, taken := keys[v.MaLK]; taken {
			t.Errorf("visits %d and %d share MA_LK %s", n, other, v.MaLK)
		}
		keys[v.MaLK] = n
		if len(v.Identifiers()) < 2 {
			t.Errorf("visit %d has only %q", n, v.Identifiers())
		}
		for _, id := range v.Identifiers() {
			if other, taken := owner[id]; taken && other != n {
				t.Errorf("visits %d and %d share %s", n, other, id)
			}
			owner[id] = n
			if !strings.Contains(body, id) {
				t.Errorf("visit %d does not hold its identifier %s", n, id)
			}
		}
	}
	rows := string(gen.VaccinationCSV(s.Vaccinations(0, 400)...)) + string(gen.NutritionJSON(s.Nutrition(0, 200)...))
	for id := range owner {
		if strings.Contains(rows, id) {
			t.Errorf("%s of a visit stands in a V20 list", id)
		}
	}
	onlyIn(t, s, owner, numbers[:30])
}

// onlyIn checks that no identifier of another visit occurs in these visits, not
// even across two fields' digits.
func onlyIn(t *testing.T, s *gen.Source, owner map[string]int, numbers []int) {
	t.Helper()
	for _, n := range numbers {
		body := text(s.Visit(n))
		for id, who := range owner {
			if who != n && strings.Contains(body, id) {
				t.Errorf("visit %d holds %s of visit %d", n, id, who)
			}
		}
	}
}

func TestVisit_MaLK(t *testing.T) {
	s := gen.New(1)
	forms := map[string]int{}
	for n := range 100 {
		v := s.Visit(n)
		switch {
		case strings.HasPrefix(v.MaLK, "99001_20") && strings.Contains(v.MaLK, "_"+v.MaBN+"_"):
			forms["facility, month, patient, examination"]++
		case len(v.MaLK) == 10 && v.MaLK[:2] >= "23" && v.MaLK[:2] <= "26":
			forms["date and serial"]++
		case len(v.MaLK) == 7:
			forms["seven digits"]++
		default:
			t.Errorf("visit %d: unknown form of MA_LK %s", n, v.MaLK)
		}
		for _, d := range v.Docs {
			if !strings.Contains(d.Content, "<MA_LK>"+v.MaLK+"</MA_LK>") {
				t.Errorf("visit %d: %s has not MA_LK %s", n, d.Type, v.MaLK)
			}
		}
	}
	want := map[string]int{"facility, month, patient, examination": 40, "date and serial": 40, "seven digits": 20}
	if diff := cmp.Diff(want, forms); diff != "" {
		t.Errorf("forms of MA_LK (-want +got):\n%s", diff)
	}
}
