package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"tramsync/sync/wire"
	"tramsync/warehouse/server"
)

// contract is what these tests need of docs/openapi.yaml.
type contract struct {
	Paths      map[string]map[string]operation
	Components struct {
		Responses map[string]response
		Schemas   map[string]schema
	}
}

type operation struct {
	Security  *[]any
	Responses map[string]response
}

type response struct {
	Ref     string `yaml:"$ref"`
	Headers map[string]any
	Content map[string]any
}

type schema struct {
	Required   []string
	Properties map[string]struct {
		Enum []string
	}
	OneOf []struct {
		Required []string
	} `yaml:"oneOf"`
}

func readContract(t *testing.T) *contract {
	t.Helper()
	text, err := os.ReadFile("../../docs/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var c contract
	if err := yaml.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return &c
}

// response finds what an operation says of a status; ok is false when it says nothing.
func (c *contract) response(method, path, status string) (response, bool) {
	r, ok := c.Paths[path][strings.ToLower(method)].Responses[status]
	if name, isRef := strings.CutPrefix(r.Ref, "#/components/responses/"); isRef {
		r, ok = c.Components.Responses[name]
	}
	return r, ok
}

// checked is a transport that holds every answer against the contract.
type checked struct {
	t    *testing.T
	doc  *contract
	next http.RoundTripper
}

func (c checked) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge { // net/http's own
		c.check(r, resp, body)
	}
	return resp, err
}

func (c checked) check(r *http.Request, resp *http.Response, body []byte) {
	c.t.Helper()
	what := fmt.Sprintf("%s %s answers %d", r.Method, r.URL.Path, resp.StatusCode)
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		c.t.Errorf("%s: %v", what, err)
	}
	if resp.StatusCode/100 != 2 {
		var p wire.Problem
		if err := json.Unmarshal(body, &p); err != nil || p.Status != resp.StatusCode || p.Title == "" {
			c.t.Errorf("%s with a body that is no problem: %s", what, body)
		}
		if codes := c.doc.Components.Schemas["Problem"].Properties["code"].Enum; !slices.Contains(codes, p.Code) {
			c.t.Errorf("%s with code %q, which isn't in the contract", what, p.Code)
		}
	}
	if resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusMethodNotAllowed {
		return
	}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	want, ok := c.doc.response(method, r.URL.Path, fmt.Sprint(resp.StatusCode))
	if _, typed := want.Content[kind]; !ok || !typed {
		c.t.Errorf("%s with %s, which isn't in the contract", what, kind)
	}
	if _, retry := want.Headers["Retry-After"]; retry != (resp.Header.Get("Retry-After") != "") {
		c.t.Errorf("%s with Retry-After %q against the contract", what, resp.Header.Get("Retry-After"))
	}
}

func TestContract_Routes(t *testing.T) {
	var documented []string
	for path, operations := range readContract(t).Paths {
		for method := range operations {
			documented = append(documented, strings.ToUpper(method)+" "+path)
		}
	}
	served := server.Routes()
	slices.Sort(documented)
	slices.Sort(served)
	if diff := cmp.Diff(served, documented); diff != "" {
		t.Errorf("operations (-served +documented):\n%s", diff)
	}
}

func TestContract_References(t *testing.T) {
	c := readContract(t)
	for path, operations := range c.Paths {
		for method, op := range operations {
			for status := range op.Responses {
				if r, ok := c.response(method, path, status); !ok || len(r.Content) == 0 {
					t.Errorf("%s %s %s has no content", method, path, status)
				}
			}
		}
	}
}

// The schemas have the members that the Go types write and read, no more and no fewer.
func TestContract_Schemas(t *testing.T) {
	types := map[string]any{
		"EnrolRequest": wire.EnrolRequest{}, "EnrolAnswer": wire.EnrolAnswer{}, "StampAnswer": wire.StampAnswer{},
		"Answer": wire.Answer{}, "Result": wire.Result{}, "Problem": wire.Problem{}, "Event": wire.Event{},
		"Data": wire.Data{}, "Finding": wire.Finding{}, "Origin": wire.Origin{}, "Document": wire.Document{},
		"Form": wire.Form{}, "Envelope": wire.Envelope{},
	}
	schemas := readContract(t).Components.Schemas
	for name, value := range types {
		t.Run(name, func(t *testing.T) {
			want := members(reflect.TypeOf(value))
			got := slices.Sorted(maps.Keys(schemas[name].Properties))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("members (-Go +documented):\n%s", diff)
			}
			for _, r := range schemas[name].Required {
				if !slices.Contains(got, r) {
					t.Errorf("%s is required and not there", r)
				}
			}
		})
	}
	for name, s := range schemas {
		if _, ok := types[name]; !ok && len(s.Properties) > 0 {
			t.Errorf("schema %s is of no Go type", name)
		}
	}
}

// members are the JSON names of a struct's fields, those of embedded structs among them.
func members(typ reflect.Type) []string {
	var list []string
	for f := range typ.Fields() {
		if f.Anonymous {
			inner := f.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			list = append(list, members(inner)...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func TestContract_Enums(t *testing.T) {
	result := readContract(t).Components.Schemas["Result"]
	codes := []string{wire.CodeInvalid, wire.CodeForeign, wire.CodeExcluded, wire.CodeTooLarge, wire.CodeUnstorable}
	if diff := cmp.Diff(codes, result.Properties["code"].Enum); diff != "" {
		t.Errorf("codes (-Go +documented):\n%s", diff)
	}
	statuses := []string{string(wire.Stored), string(wire.Duplicate), string(wire.Rejected)}
	if diff := cmp.Diff(statuses, result.Properties["status"].Enum); diff != "" {
		t.Errorf("statuses (-Go +documented):\n%s", diff)
	}
}

// What an agent sends has the members of exactly one of the contents that the contract knows.
func TestContract_Contents(t *testing.T) {
	contents := readContract(t).Components.Schemas["Data"].OneOf
	key := []string{"99001", "V1"}
	for name, data := range map[string]wire.Data{
		"documents":    visit(t, "V1", xml1("A")).Data,
		"a row":        {Key: key, Row: map[string]string{"A": "1"}},
		"a retraction": wire.Retraction(key, "99001"),
	} {
		text, err := json.Marshal(data)
		if err != nil {
			t.Fatal(err)
		}
		has := decode[map[string]any](t, text)
		fits := 0
		for _, content := range contents {
			missing := func(member string) bool { return has[member] == nil }
			if !slices.ContainsFunc(content.Required, missing) {
				fits++
			}
		}
		if fits != 1 || len(contents) != 3 {
			t.Errorf("%s fits %d of %d contents: %s", name, fits, len(contents), text)
		}
	}
}
