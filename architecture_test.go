// Package tramsync_test holds the rules about the code itself: who may import whom, and the limits of the house style.
package tramsync_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

const module = "tramsync"

// homes are the libraries that exactly one package may import, so that they can be replaced or mended in one place.
func homes() map[string]string {
	return map[string]string{
		"github.com/fsnotify/fsnotify":          "agent/watch",
		"go.etcd.io/bbolt":                      "queue",
		"github.com/hashicorp/go-retryablehttp": "sync/client",
		"github.com/kardianos/service":          "installer/osservice",
		"github.com/minio/selfupdate":           "agent/update",
		"modernc.org/sqlite":                    "warehouse/store",
	}
}

// allowed says what each package may import of ours. A package that isn't named may import nothing of ours. Arrows go
// down only.
func allowed() map[string][]string {
	lower := []string{"config", "queue", "queue/durable", "sync/wire", "sync/screen", "sync/client", "sync/uploader"}
	return map[string][]string{
		"agent": append([]string{
			"agent/app", "agent/status", "agent/check", "agent/export", "agent/intake", "agent/watch",
		}, lower...),
		"agent/app": append([]string{
			"agent/status", "agent/check", "agent/export", "agent/intake", "agent/watch",
		}, lower...),
		"agent/intake":     {"agent/export", "agent/check", "queue", "sync/screen", "sync/wire"},
		"agent/export":     {"agent/export/xlsx", "sync/wire"},
		"agent/check":      {"agent/check/communes", "sync/wire"},
		"agent/status":     {"queue", "queue/durable"},
		"queue":            {"queue/durable"},
		"sync/screen":      {"sync/wire"},
		"sync/client":      {"queue/durable", "sync/wire"},
		"sync/uploader":    {"queue", "sync/client", "sync/wire"},
		"warehouse":        {"sync/screen", "sync/wire", "warehouse/ca", "warehouse/server", "warehouse/store"},
		"warehouse/server": {"sync/wire", "warehouse/ca", "warehouse/store"},
		"warehouse/store":  {"sync/wire"},
		"testdata/demo":    {"agent/status", "testdata/gen"},
		"testdata/zoo":     {"agent/export", "testdata/gen"},
	}
}

// source is one parsed file.
type source struct {
	path, dir string
	file      *ast.File
	fset      *token.FileSet
}

func (s source) test() bool { return strings.HasSuffix(s.path, "_test.go") }

func sources(t *testing.T) []source {
	t.Helper()
	var list []source
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != "." && (strings.HasPrefix(d.Name(), ".") || name == "var" || name == "bin") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		slash := filepath.ToSlash(name)
		list = append(list, source{path: slash, dir: path.Dir(slash), file: f, fset: fset})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 50 {
		t.Fatalf("only %d source files found", len(list))
	}
	return list
}

func imports(s source) []string {
	var out []string
	for _, i := range s.file.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err == nil {
			out = append(out, p)
		}
	}
	return out
}

func TestImports_go_down_only(t *testing.T) {
	for _, s := range sources(t) {
		if s.test() {
			continue
		}
		for _, p := range imports(s) {
			if ours, ok := strings.CutPrefix(p, module+"/"); ok && !slices.Contains(allowed()[s.dir], ours) {
				t.Errorf("%s imports %s, which the design doesn't allow", s.path, p)
			}
		}
	}
}

func TestLibraries_have_one_home(t *testing.T) {
	for _, s := range sources(t) {
		if s.test() {
			continue
		}
		for _, p := range imports(s) {
			for lib, home := range homes() {
				if (p == lib || strings.HasPrefix(p, lib+"/")) && s.dir != home {
					t.Errorf("%s imports %s, whose home is %s", s.path, p, home)
				}
			}
			if p == "log" || p == "io/ioutil" || p == "github.com/pkg/errors" {
				t.Errorf("%s imports %s", s.path, p)
			}
		}
	}
}

func TestPackages_say_what_they_are_for(t *testing.T) {
	vague := []string{"util", "utils", "common", "helpers", "misc", "sync"}
	doc := map[string]bool{}
	for _, s := range sources(t) {
		if s.test() && s.dir != "." {
			continue
		}
		doc[s.dir] = doc[s.dir] || s.file.Doc != nil
	}
	for dir, ok := range doc {
		if !ok {
			t.Errorf("package %s has no doc comment", dir)
		}
		if base := path.Base(dir); slices.Contains(vague, base) {
			t.Errorf("package %s: %q names no thing of the field", dir, base)
		}
	}
}

func TestSize_of_files_and_functions(t *testing.T) {
	const maxFile, maxFunction = 400, 60
	for _, s := range sources(t) {
		if n := s.fset.File(s.file.Pos()).LineCount(); n > maxFile {
			t.Errorf("%s has %d lines, more than %d", s.path, n, maxFile)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1; n > maxFunction {
				t.Errorf("%s: %s has %d lines, more than %d", s.path, f.Name.Name, n, maxFunction)
			}
			if f.Name.Name == "init" && f.Recv == nil {
				t.Errorf("%s: init() runs before anyone asked", s.path)
			}
		}
	}
}

func TestLines_fit_120_columns(t *testing.T) {
	const maxColumns = 120 // a tab is one
	for _, s := range sources(t) {
		raw, err := os.ReadFile(s.path)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(raw), "\n") {
			line = strings.TrimSuffix(line, "\r")
			if n := utf8.RuneCountInString(line); n > maxColumns {
				t.Errorf("%s:%d: %d columns, more than %d", s.path, i+1, n, maxColumns)
			}
		}
	}
}

func TestNobody_sleeps(t *testing.T) {
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "time" && sel.Sel.Name == "Sleep" {
				t.Errorf("%s: time.Sleep: wait for what is waited for", s.fset.Position(n.Pos()))
			}
			return true
		})
	}
}
