package export_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"testing"
	"unicode/utf8"

	"tramsync/agent/export"
	"tramsync/testdata/zoo"
)

// FuzzDecode_json_members compares a row with what encoding/json makes of the same object.
func FuzzDecode_json_members(f *testing.F) {
	for _, s := range []string{`{}`, `{"A":1,"B":"x"}`, ` { "A" : [ 1 , {"x":"]}\""} ] , "B" : true , "C":null}`,
		`{"A":"\\","B":{"a":{},"b":"\u0041"},"C":-1.5e3,"D":""}`, `{"A":"\"}","B":[],"C":{}}`, "{\"A\"\t:\r\n\"\\\\\\\"\"}",
	} {
		f.Add([]byte(s))
	}
	plain := regexp.MustCompile(`^[A-R]{1,8}$`)
	guard := zoo.Guard(f)
	f.Fuzz(func(t *testing.T, object []byte) {
		defer guard()()
		var want map[string]json.RawMessage
		if !utf8.Valid(object) || json.Unmarshal(object, &want) != nil || want == nil {
			return
		}
		for name := range want {
			if !plain.MatchString(name) {
				return
			}
		}
		file := append(append([]byte("["), object...), ']')
		list, err := decode(t, string(file), export.Settings{Format: export.JSON})
		if err != nil || len(want) == 0 {
			return // too deep
		}
		row := list[0].Row
		if len(row) < len(want) {
			t.Fatalf("%d columns of %d members", len(row), len(want))
		}
		if len(row) > len(want) {
			return // members of one name, of which the map has the last
		}
		for name, value := range want {
			if got := row[name]; got != text(t, value) {
				t.Errorf("%s is %q, not %s", name, got, value)
			}
		}
	})
}

// text is a value as a row has it.
func text(t *testing.T, value json.RawMessage) string {
	var s string
	if json.Unmarshal(value, &s) == nil { // a string, or null
		return s
	}
	var b bytes.Buffer
	if err := json.Compact(&b, value); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
