package export_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/export"
	"tramsync/agent/export/xlsx"
	"tramsync/sync/wire"
)

// files are the package's sources, without tests.
func files(t *testing.T) []*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		return ""
	}
	return s
}

// used are the codes that the sources give to FormatErrors: Code: "…", out.Code = "…" and arguments of fault methods.
func used(t *testing.T) map[string]bool {
	codes := map[string]bool{}
	for _, code := range []string{"internal", "record-size", "poison", "too-slow"} { // agent/intake's
		codes[code] = true
	}
	for _, code := range []string{wire.SyntaxTruncated, wire.SyntaxEntity, wire.SyntaxUTF8, wire.SyntaxNesting,
		wire.SyntaxLimit, wire.SyntaxMalformed, wire.SyntaxJSON, wire.SyntaxJSONTruncated, wire.SyntaxUnscreenable,
		xlsx.NotZip, xlsx.OldXLS, xlsx.Password, xlsx.Other, xlsx.Damaged, xlsx.Limit, xlsx.RowSize} {
		codes[code] = true
	}
	note := func(e ast.Expr) {
		if s := literal(e); s != "" {
			codes[s] = true
		}
	}
	for _, f := range files(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if id, ok := n.Type.(*ast.Ident); !ok || id.Name != "FormatError" && id.Name != "note" {
					return true
				}
				for _, e := range n.Elts {
					kv, ok := e.(*ast.KeyValueExpr)
					if !ok {
						continue
					}
					if key, ok := kv.Key.(*ast.Ident); ok && (key.Name == "Code" || key.Name == "fault") {
						note(kv.Value)
					}
				}
			case *ast.AssignStmt:
				for i, left := range n.Lhs {
					if sel, ok := left.(*ast.SelectorExpr); ok && sel.Sel.Name == "Code" && i < len(n.Rhs) {
						note(n.Rhs[i])
					}
				}
			case *ast.CallExpr:
				sel, ok := n.Fun.(*ast.SelectorExpr)
				if ok && strings.HasSuffix(strings.ToLower(sel.Sel.Name), "fault") {
					for _, arg := range n.Args {
						note(arg)
					}
				}
			}
			return true
		})
	}
	return codes
}

// listed are the first members of the reasons.
func listed(t *testing.T) []string {
	var out []string
	for _, f := range files(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && v.Names[0].Name == "reasons" {
				for _, e := range v.Values[0].(*ast.CompositeLit).Elts {
					out = append(out, literal(e.(*ast.CompositeLit).Elts[0]))
				}
			}
			return true
		})
	}
	slices.Sort(out)
	return out
}

func TestFormatError_has_words_for_every_code_in_use(t *testing.T) {
	if diff := cmp.Diff(slices.Sorted(maps.Keys(used(t))), listed(t)); diff != "" {
		t.Errorf("codes (-used +with words):\n%s", diff)
	}
	unknown := (&export.FormatError{Code: "no such code"}).Text("en")
	for _, code := range listed(t) {
		e := &export.FormatError{Code: code}
		vi, en := e.Text("vi"), e.Text("en")
		if code != "internal" && en == unknown {
			t.Errorf("%s has the words of an unknown code", code)
		}
		for _, text := range []string{vi, en} {
			reason, hint, ok := strings.Cut(text, " → ")
			if !ok || reason == "" || hint == "" {
				t.Errorf("%s: %q doesn't say what is wrong and what to do", code, text)
			}
		}
		if vi == en || !strings.ContainsAny(vi, "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ") {
			t.Errorf("%s: %q is not Vietnamese", code, vi)
		}
	}
}

func TestFormatError_Text(t *testing.T) {
	all := everyField()
	for lang, want := range map[string]string{
		"vi": "HOSO 2, XML1, NOIDUNGFILE, bản ghi 3, dòng 4, byte thứ 5: nội dung không phải base64 → " +
			"xuất lại tệp này từ phần mềm",
		"en": "HOSO 2, XML1, NOIDUNGFILE, row 3, line 4, byte 5: the content is not base64 → export the file again",
		"":   "HOSO 2, XML1, NOIDUNGFILE, row 3, line 4, byte 5: the content is not base64 → export the file again",
	} {
		if got := all.Text(lang); got != want {
			t.Errorf("Text(%q) = %q", lang, got)
		}
	}
	got := (&export.FormatError{Code: "empty"}).Error()
	if want := "the file is empty → export the file again"; got != want {
		t.Errorf("Error() = %q", got)
	}
}

func everyField() *export.FormatError {
	return &export.FormatError{Code: "base64", HoSo: 2, Document: "XML1", Field: "NOIDUNGFILE", Row: 3, Line: 4,
		Offset: 5}
}

func TestDecodeFault(t *testing.T) {
	e := everyField()
	if diff := cmp.Diff(e, export.DecodeFault(e.Encode())); diff != "" {
		t.Errorf("DecodeFault(Encode) (-want +got):\n%s", diff)
	}
	for _, s := range []string{"", "x", "{}", `{"code":7}`, `{"line":1}`} {
		if diff := cmp.Diff(&export.FormatError{Code: "internal"}, export.DecodeFault(s)); diff != "" {
			t.Errorf("DecodeFault(%q) (-want +got):\n%s", s, diff)
		}
	}
}
