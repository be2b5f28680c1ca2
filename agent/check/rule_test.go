package check_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/check"
)

func TestRules_are_complete_and_in_two_languages(t *testing.T) {
	form := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	for _, r := range check.Rules() {
		if !form.MatchString(r.Code) || seen[r.Code] {
			t.Errorf("code %q has a wrong form or is there twice", r.Code)
		}
		seen[r.Code] = true
		if !slices.Contains([]check.Severity{check.Info, check.Warning, check.Error}, r.Severity) {
			t.Errorf("%s: severity %q", r.Code, r.Severity)
		}
		if r.VI == "" || r.EN == "" || r.VI == r.EN || strings.HasSuffix(r.VI+r.EN, ".") {
			t.Errorf("%s: texts %q, %q", r.Code, r.VI, r.EN)
		}
	}
}

// The tables of cases are the proof that each rule can be found; a rule without a case is a rule without a test.
func TestRules_each_has_a_case(t *testing.T) {
	found := map[string]bool{check.FindingsCapped: true} // has tests of its own
	found[check.PackedDropped] = true                    // in agent/intake
	found[check.DateDoubledMonth], found[check.FacilityProvince] = true, true
	for _, code := range exportCodes() {
		found[code] = true // and so have these, in agent/export
	}
	note := func(want []string) {
		for _, line := range want {
			code, _, _ := strings.Cut(line, " ")
			found[code] = true
		}
	}
	for _, c := range append(visitCases(), earlierPlaceCases()...) {
		note(c.want)
	}
	for _, c := range append(tableCases(), recordCases()...) {
		note(c.want)
	}
	for _, c := range append(rowCases(), driverCases()...) {
		note(c.want)
	}
	var codes []string
	for _, r := range check.Rules() {
		codes = append(codes, r.Code)
	}
	slices.Sort(codes)
	if diff := cmp.Diff(codes, slices.Sorted(maps.Keys(found))); diff != "" {
		t.Errorf("rules and cases (-rules +cases):\n%s", diff)
	}
}

func TestRules_gives_a_copy(t *testing.T) {
	check.Rules()[0].Code = "changed"
	if got := check.Rules()[0].Code; got == "changed" {
		t.Error("a caller changed the rules")
	}
}

func TestLookup(t *testing.T) {
	for _, r := range check.Rules() {
		if got, ok := check.Lookup(r.Code); !ok || got != r {
			t.Errorf("Lookup(%q) = %v, %v", r.Code, got, ok)
		}
	}
	if got, ok := check.Lookup("no-such-code"); ok || got != (check.Rule{}) {
		t.Errorf("Lookup of an unknown code = %v, %v", got, ok)
	}
}

// exportCodes are written out: agent/export, which finds them, has them as words, and records hold them for ever.
func exportCodes() []string {
	return []string{"hoso-count", "key-incomplete", "key-duplicate", "row-short", "lines-skipped", "sheets-skipped",
		"cccd-padded", "excel-number"}
}

func TestLookup_knows_what_the_decoders_find(t *testing.T) {
	named := []string{check.HoSoCount, check.KeyIncomplete, check.KeyDuplicate, check.RowShort, check.LinesSkipped,
		check.SheetsSkipped, check.CCCDPadded, check.ExcelNumber}
	if diff := cmp.Diff(exportCodes(), named); diff != "" {
		t.Errorf("codes (-want +got):\n%s", diff)
	}
	for _, code := range exportCodes() {
		if r, ok := check.Lookup(code); !ok || r.VI == "" || r.EN == "" {
			t.Errorf("Lookup(%q) = %v, %v", code, r, ok)
		}
	}
}
