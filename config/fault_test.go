package config_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"tramsync/config"
)

func TestFault_String(t *testing.T) {
	tests := []struct {
		name  string
		fault config.Fault
		want  string
	}{
		{"all parts", config.Fault{Path: "feeds[1].paths[0]", Line: 12, Problem: "is bad", Hint: "mend it"},
			"line 12: feeds[1].paths[0]: is bad (mend it)"},
		{"only the problem", config.Fault{Problem: "is bad"}, "is bad"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.fault.String(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestParse_ReportsEveryFaultInOrder(t *testing.T) {
	_, err := parseLinux(t, `limits: {queue: lots}
station: {code: 99001, nam: x}
warehouse: {url: "http://kho.example"}
feeds:
  - name: A
    paths: [x]
    settle: soon
colour: blue
`)
	wantFaults(t, err,
		"line 1: schema: is missing",
		"line 1: limits.queue: must be a whole number with MiB or GiB (like 1GiB)",
		"line 2: station.nam: is not a known field (known here: code, codes, name)",
		`line 2: station.code: must be text (put it in quotes: without them leading zeros get lost)`,
		"line 3: warehouse.url: must begin with https:// (patient data is only sent encrypted)",
		"line 5: feeds[0].name: must be 1 to 40 of a-z, 0-9 and -",
		"line 5: feeds[0].system: is missing",
		"line 6: feeds[0].paths[0]: must be an absolute path (begin with /)",
		"line 7: feeds[0].settle: must be a duration (like 3s or 500ms)",
		"line 8: colour: is not a known field (known here: schema, station, data_dir, warehouse, exclusion, feeds, "+
			"limits)",
	)
}

func TestParse_BoundsTheNumberOfFaults(t *testing.T) {
	var doc strings.Builder
	doc.WriteString(short)
	for i := range 150 {
		fmt.Fprintf(&doc, "x%d: 1\n", i)
	}
	_, err := parseLinux(t, doc.String())
	var faults config.Faults
	if !errors.As(err, &faults) || len(faults) != 101 {
		t.Fatalf("%d faults", len(faults))
	}
	if got, want := faults[100].String(), "50 more faults are left out (mend these first)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParse_FaultsHoldNoValues(t *testing.T) {
	const secret = "mat-khau-bi-mat"
	docs := []string{
		"schema: " + secret,
		"schema: *" + secret,
		"schema: !!int " + secret,
		strings.Replace(short, `"https://`, `"https://user:`+secret+`@`, 1),
		strings.Replace(short, `"https://`, `"https://%zz`+secret, 1),
		strings.Replace(short, `"https://kho.tinh.example"`, `"`+secret+`"`, 1),
		strings.ReplaceAll(short, "99001", secret),
		strings.ReplaceAll(short, "/srv", secret),
		strings.ReplaceAll(short, "giamdinhhs", secret),
	}
	for _, doc := range docs {
		_, err := parseLinux(t, doc)
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("got %v", err)
		}
	}
}
