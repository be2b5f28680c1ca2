package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/config"
)

// FuzzParse: no document makes Parse panic; what parses survives printing and parsing again; what does not has faults.
func FuzzParse(f *testing.F) {
	for _, doc := range []string{full, short, rows, "", "a: &x [*x]", "? {a: b}\n: c", "%YAML 1.1\n---\nschema: 1"} {
		f.Add("linux", []byte(doc))
	}
	f.Add("windows", []byte("schema: 1\nstation: {code: '99001'}\nwarehouse: {url: https://k}\n"+
		`feeds: [{name: a, system: HIS, format: csv, paths: ['D:\V20\**\*.csv', '\\s\h\*']}]`))
	f.Fuzz(func(t *testing.T, goos string, doc []byte) {
		c, err := config.ParseOn(goos, `C:\ProgramData`, doc)
		if err != nil {
			if faults, ok := err.(config.Faults); !ok || len(faults) == 0 || faults.Error() == "" {
				t.Fatalf("not faults: %#v", err)
			}
			return
		}
		again, err := config.ParseOn(goos, `C:\ProgramData`, c.Redacted())
		if err != nil {
			t.Fatalf("what was printed is refused: %v\n%s", err, c.Redacted())
		}
		if diff := cmp.Diff(c, again); diff != "" {
			t.Error(diff)
		}
	})
}
