package export_test

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tramsync/agent/export"
	"tramsync/testdata/zoo"
)

// decode reads a file and gives its records as long as it can be read.
func decode(t testing.TB, file string, s export.Settings) ([]*export.Record, error) {
	t.Helper()
	var out []*export.Record
	err := export.Decode(t.Context(), bytes.NewReader([]byte(file)), s, func(r *export.Record) error {
		r.Seal()
		out = append(out, r)
		return nil
	})
	return out, err
}

// mustDecode is decode of a file that can be read.
func mustDecode(t testing.TB, file string, s export.Settings) []*export.Record {
	t.Helper()
	out, err := decode(t, file, s)
	if err != nil {
		t.Fatalf("Decode: %v", err)
	}
	return out
}

// visit reads a file of one record.
func visit(t testing.TB, file string) *export.Record {
	t.Helper()
	list := mustDecode(t, file, his())
	if len(list) != 1 {
		t.Fatalf("%d records, want 1", len(list))
	}
	return list[0]
}

func his() export.Settings {
	return export.Settings{Station: "99001", System: "HIS", Kind: "visit", Format: export.GiamDinhHS}
}

var fingerprint = regexp.MustCompile(`~[0-9a-f]{32}`)

// line says what a record is, as zoo.Case.Want does.
func line(r *export.Record) string {
	words := []string{r.Kind, fingerprint.ReplaceAllString(strings.Join(r.Key, "/"), "~"), "@" + r.Facility}
	if v := r.Visit; v != nil {
		for i := range v.Documents {
			words = append(words, v.Documents[i].Type)
		}
		standard := v.Standard
		if standard == "" {
			standard = "-"
		}
		words = append(words, standard)
		if v.Signed {
			words = append(words, "signed")
		}
		if v.Envelope.Extract {
			words = append(words, "extract")
		}
		if v.Envelope.Encoding != "" {
			words = append(words, v.Envelope.Encoding)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Row)) {
		words = append(words, name+"="+strings.ReplaceAll(r.Row[name], "\n", `\n`))
	}
	for _, f := range r.Findings {
		words = append(words, fmt.Sprintf("!%s@%s", f.Code, f.At))
	}
	return strings.Join(words, " ")
}

func lines(list []*export.Record) []string {
	var out []string
	for _, r := range list {
		out = append(out, line(r))
	}
	return out
}

// good are the zoo's files that can be read.
func good() []zoo.Case {
	return slices.DeleteFunc(zoo.Cases(), func(c zoo.Case) bool { return c.Fault != nil })
}
