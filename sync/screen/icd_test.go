package screen_test

import (
	"strings"
	"testing"

	"tramsync/sync/wire"
)

func TestEveryWayToWriteACode(t *testing.T) {
	rules := builtin(t)
	for _, s := range []string{
		"B20", "B20.0", "B200", "b20", "b20.0", "B20†", "B20*", "B20+", "B20.0†", " B20 ", "B20.", "(B20)", "B20-",
		"I10;B20", "I10,B20", "I10 B20", "I10; B20.1 ;E11", "I10.B20", "I10\nB20", "I10/B20", "Nhiễm trùng (B20.1)",
		"mãB20", "B20A", "B2001", "B2001A", "B20.0123", "B20.01A2", "B20ở", "B20_1", "I10-B20", "cafe-B20-f00d",
		"f12ab34c-0000-4000-8000-000000000001 B20",
	} {
		if got := verdict(t, rules, "visit", "XML1.MA_BENH_KT="+s); got != "drop HIV-ICD" {
			t.Errorf("%q: %q", s, got)
		}
	}
	for _, s := range []string{
		"", "I10", "B2", "B 20", "AB20", "1B20", "B-20", "B19.9", "B25", "B250", "20B", "bệnhB20", "U07.1;E11.9", "20",
		"vitamin B12", "B20AB", "B20A1", "B20000", "B200045", "B20.01234", "B20ab34c", "B200001A", "B20nghi",
	} {
		if got := verdict(t, rules, "visit", "XML1.MA_BENH_KT="+s); got != "" {
			t.Errorf("%q: %q", s, got)
		}
	}
}

// The parts of a UUID may look like codes; a code may stand beside one, and what only looks like one isn't.
func TestUUIDsAreNoCodes(t *testing.T) {
	rules := builtin(t)
	for _, s := range []string{
		"f12ab34c-0000-4000-8000-000000000001", "00000000-b20a-4000-8000-000000000001",
		"00000000-0000-4000-8000-000000000001 J00", "urn:uuid:00000000-0000-4b21-b21c-000000000001",
		"{00000000-0000-4000-B240-F11000000000}", "id=00000000-b200-f110-b21a-000000000001;",
		"00000000b200400080000000000000f1",
	} {
		for _, field := range []string{"CDA.code@code", "DOCUMENT.P", "FHIR.valueString", "XML1.MA_BENH_KT"} {
			name, field, _ := strings.Cut(field, ".")
			v := rules.Record("document", []wire.Table{{Name: name, Rows: []wire.TableRow{{Element: "R",
				Fields: []wire.Field{{Name: field, Value: s}}}}}})
			if v.Drop != "" {
				t.Errorf("%s in %s.%s: %s", s, name, field, v.Drop)
			}
		}
	}
	for _, s := range []string{
		"B20 f12ab34c-0000-4000-8000-000000000001", "00000000-b20a-4000-8000-00000000001", "b20-4000",
		"00000000-b20a-4000-8000-000000000001ff",
		"0f12ab34c-b200-4000-8000-000000000001", "00000000_b20a_4000_8000_000000000001",
	} {
		if got := verdict(t, rules, "visit", "XML1.MA_BENH_KT="+s); got != "drop HIV-ICD" {
			t.Errorf("%s: %q", s, got)
		}
	}
}

func TestTheEdgesOfTheGroups(t *testing.T) {
	tests := []struct{ rule, in, out string }{
		{"HIV-ICD", "B20 B21.9 B22 B23.8 B24 Z21 R75 O98.7 O987 F02.4 Z20.6 Z20,6 I10;Z20,6 Z11.4 Z71.7 Z83.0",
			"B19 B25 Z20 Z20.5 Z20,5 Z20,60 Z20,6X I10,E11 " +
				"Z20.7 Z22 R74 R76 O98 O98.6 O98.8 F02 F02.3 Z11 Z11.3 Z71 Z71.6 Z83 Z83.1"},
		{"DRUG-ICD", "F11 F11.2 F12 F13.0 F14 F15 F16 F16.9 F18 F19 F19.5 Z50.3 Z71.5 Z72.2 Z04.0 Z86.4 Z81.3 P96.1 " +
			"P04.4 R78.1 R78.3 R78.5",
			"F10 F10.2 F17 F17.2 F20 F09 F21 Z50.2 Z72.1 Z72.3 Z04 Z86.3 Z81.2 P96.2 P04.5 R78 R78.0 R78.6"},
		{"SEXW-ICD", "Z72.5 Z725", "Z72 Z72.6"},
	}
	rules := builtin(t)
	for _, tt := range tests {
		for _, code := range strings.Fields(tt.in) {
			if got := verdict(t, rules, "visit", "XML1.MA_BENH_CHINH="+code); got != "drop "+tt.rule {
				t.Errorf("%s: %q, want drop %s", code, got, tt.rule)
			}
		}
		for _, code := range strings.Fields(tt.out) {
			if got := verdict(t, rules, "visit", "XML1.MA_BENH_CHINH="+code); got != "" {
				t.Errorf("%s: %q, want nothing", code, got)
			}
		}
	}
}
