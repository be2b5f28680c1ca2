package screen

import (
	"fmt"
	"strings"
	"testing"

	"tramsync/sync/wire"
)

func TestHostileNamesDoNotFillMemory(t *testing.T) {
	rules, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	long := "MA_BENH" + strings.Repeat("_X", maxMaskName)
	if drop, _, _ := rules.Row("x", map[string]string{long: "B20"}, nil); drop != "HIV-ICD" {
		t.Errorf("a long name: %q", drop)
	}
	for record, names := range rules.masks.known {
		for name := range names {
			if len(record.table)+len(record.element)+len(name) > maxMaskName {
				t.Error("a long name is remembered")
			}
		}
	}
	for n := range maxMasks + 100 {
		name := fmt.Sprintf("MA_BENH_%d", n)
		row := wire.TableRow{Fields: []wire.Field{{Name: name, Value: "B20"}}}
		if v := rules.Record("visit", []wire.Table{{Name: "X", Rows: []wire.TableRow{row}}}); v.Drop != "HIV-ICD" {
			t.Fatalf("name %d: %+v", n, v)
		}
	}
	if n := rules.masks.size; n != maxMasks {
		t.Errorf("%d names are remembered, want %d", n, maxMasks)
	}
}
