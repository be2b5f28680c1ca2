package communes_test

import (
	"encoding/csv"
	"maps"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/check/communes"
)

// lists are the sources as they stand.
type lists struct {
	province   map[int]int   // of each new commune
	successors map[int][]int // of each old one
}

func read(t *testing.T) lists {
	t.Helper()
	l := lists{map[int]int{}, map[int][]int{}}
	for _, line := range lines(t, "new.csv") {
		l.province[number(t, line[0])] = number(t, line[2])
	}
	for _, line := range lines(t, "old_to_new.csv") {
		old := number(t, line[0])
		l.successors[old] = append(l.successors[old], number(t, line[1]))
	}
	for _, list := range l.successors {
		slices.Sort(list)
	}
	return l
}

func lines(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil || len(all) < 2 {
		t.Fatal(len(all), err)
	}
	return all[1:]
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func code(t *testing.T, s string) communes.Code {
	t.Helper()
	c, ok := communes.Parse(s)
	if !ok {
		t.Fatalf("%q has not the form of a code", s)
	}
	return c
}

// Every number of five digits is asked for, so that nothing is known but what the lists hold.
func TestCodes_are_those_of_the_lists(t *testing.T) {
	l := read(t)
	split := 0
	for n := range 100_000 {
		c := code(t, strconv.Itoa(100_000 + n)[1:])
		old, isOld := l.successors[n]
		province, isNew := l.province[n]
		if isOld && !isNew {
			province = l.province[old[0]]
		}
		if c.Valid(communes.Since-1) != isOld || c.Valid(communes.Since) != isNew || c.Known() != (isOld || isNew) {
			t.Errorf("%05d: valid before %v, since %v, known %v", n, c.Valid(20250630), c.Valid(20250701), c.Known())
		}
		if c.Province() != province {
			t.Errorf("%05d: province %d, want %d", n, c.Province(), province)
		}
		var got []int
		for _, s := range c.Successors() {
			got = append(got, int(s))
		}
		if !slices.Equal(old, got) {
			t.Errorf("%05d: successors %v, want %v", n, got, old)
		}
		if len(got) > 1 {
			split++
		}
	}
	counts := []int{len(l.province), len(l.successors), split}
	if diff := cmp.Diff([]int{3321, 10033, 441}, counts); diff != "" {
		t.Errorf("new, old and split communes (-want +got):\n%s", diff)
	}
}

func TestParse_takes_five_digits_only(t *testing.T) {
	for _, s := range []string{"", "4", "0004", "000004", "0000a", "0000 ", "-0004", "+0004", "0004４"} {
		if c, ok := communes.Parse(s); ok {
			t.Errorf("Parse(%q) = %d", s, c)
		}
	}
	if c, ok := communes.Parse("00004"); !ok || c != 4 {
		t.Errorf("Parse(00004) = %d, %v", c, ok)
	}
}

func TestCode_beyond_the_lists_is_nothing(t *testing.T) {
	for _, c := range []communes.Code{0, 32767, 32768, 65535} {
		if c.Known() || c.Valid(communes.Since) || c.Valid(0) || c.Province() != 0 || c.Successors() != nil {
			t.Errorf("code %d is known", c)
		}
	}
}

func TestMerged_agrees_with_the_lists(t *testing.T) {
	today, before := map[int]bool{}, map[int]bool{}
	for _, province := range read(t).province {
		today[province] = true
	}
	now := map[int]bool{}
	for n := -1; n < 1000; n++ {
		switch m := communes.Merged(n); {
		case m == 0:
		case communes.Merged(m) != m:
			t.Errorf("province %d became %d, which isn't one", n, m)
		default:
			before[n], now[m] = true, true
		}
	}
	if diff := cmp.Diff(today, now); diff != "" {
		t.Errorf("provinces of today (-want +got):\n%s", diff)
	}
	if len(now) != 34 || len(before) != 63 {
		t.Errorf("%d provinces became %d", len(before), len(now))
	}
	merged := []int{}
	for _, n := range slices.Sorted(maps.Keys(before)) {
		if communes.Merged(n) == 86 {
			merged = append(merged, n)
		}
	}
	if diff := cmp.Diff([]int{83, 84, 86}, merged); diff != "" {
		t.Errorf("what became Vĩnh Long (-want +got):\n%s", diff)
	}
}

func TestProvince(t *testing.T) {
	for s, want := range map[string]int{
		"01": 1, "001": 1, "86": 86, "086": 86, "83": 83, "096": 96,
		"": 0, "1": 0, "0086": 0, "00": 0, "000": 0, "03": 0, "97": 0, "99": 0, "186": 0, "8a": 0, "+8": 0, " 86": 0,
		"342": 0, // 86 and 256
	} {
		if got := communes.Province(s); got != want {
			t.Errorf("Province(%q) = %d, want %d", s, got, want)
		}
	}
}
