package gen_test

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExports_README_names_every_file(t *testing.T) {
	entries, err := os.ReadDir("../exports")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(sample(t, "README.md"))
	var files, named []string
	for _, e := range entries {
		if e.Name() != "README.md" && e.Name() != ".gitattributes" {
			files = append(files, e.Name())
		}
		if strings.Contains(readme, "| `"+e.Name()+"` |") {
			named = append(named, e.Name())
		}
	}
	if diff := cmp.Diff(files, named); diff != "" {
		t.Errorf("files of testdata/exports (-there +in README):\n%s", diff)
	}
}

// syntaxError says where a file stops being XML; 0: nowhere.
func syntaxError(file []byte) int {
	d := xml.NewDecoder(bytes.NewReader(file))
	for {
		if _, err := d.Token(); err != nil {
			var syntax *xml.SyntaxError
			if errors.As(err, &syntax) {
				return syntax.Line
			}
			return 0
		}
	}
}

func TestExports_bad_files_are_bad_in_one_place(t *testing.T) {
	t.Run("the truncated one stops inside base64", func(t *testing.T) {
		file := sample(t, "bad_truncated.xml")
		if syntaxError(file) == 0 {
			t.Error("it is well formed")
		}
		after := file[bytes.LastIndex(file, []byte("<NOIDUNGFILE>"))+len("<NOIDUNGFILE>"):]
		if len(after) < 100 || bytes.ContainsAny(after, "<\n") {
			t.Errorf("it ends with %q", after)
		}
	})
	t.Run("the bare ampersand is the only fault", func(t *testing.T) {
		file := sample(t, "bad_bare_ampersand.xml")
		if syntaxError(file) == 0 {
			t.Error("it is well formed")
		}
		if line := syntaxError(bytes.Replace(file, []byte(" & "), []byte(" &amp; "), 1)); line != 0 {
			t.Errorf("mended, it still has a fault in line %d", line)
		}
	})
	t.Run("only the second HOSO has illegal base64", func(t *testing.T) {
		var bad []int
		for i, visit := range parse(t, sample(t, "bad_base64.xml")).Visits {
			for _, f := range visit.Files {
				if _, err := base64.StdEncoding.DecodeString(f.Content.Text); err != nil {
					bad = append(bad, i)
				}
			}
		}
		if diff := cmp.Diff([]int{1}, bad); diff != "" {
			t.Errorf("HOSO with illegal base64 (-want +got):\n%s", diff)
		}
	})
}

func TestExports_signed_file_has_a_signature(t *testing.T) {
	file := sample(t, "his4750_signed.xml")
	if !bytes.HasPrefix(file, []byte("\ufeff")) || !bytes.Contains(file, []byte("\r\n")) {
		t.Error("no BOM or no CRLF")
	}
	got := parse(t, file)
	if len(got.Visits) != 1 || got.Signed == "" {
		t.Errorf("%d visits, signature %q", len(got.Visits), got.Signed)
	}
}

func TestExports_hold_invented_persons_only(t *testing.T) {
	cccd := regexp.MustCompile(`<SO_CCCD>(\d*)</SO_CCCD>`)
	encoded := regexp.MustCompile(`<NOIDUNGFILE>([A-Za-z0-9+/=\s]*)<`)
	for _, name := range []string{
		"bad_base64.xml", "bad_bare_ampersand.xml", "his4750_one.xml", "his4750_signed.xml", "unknown_loaihoso.xml",
	} {
		text := string(sample(t, name))
		for _, content := range encoded.FindAllStringSubmatch(text, -1) {
			if b, err := base64.StdEncoding.DecodeString(content[1]); err == nil {
				text += string(b)
			}
		}
		found := cccd.FindAllStringSubmatch(text, -1)
		if len(found) == 0 {
			t.Errorf("%s: no CCCD", name)
		}
		for _, number := range found {
			if !strings.HasPrefix(number[1], "000") || len(number[1]) != 12 {
				t.Errorf("%s holds the CCCD %s", name, number[1])
			}
		}
	}
}
