package gen_test

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"strings"
	"testing"

	"tramsync/testdata/gen"
)

// record is one record of an inner document, read by the standard decoder.
type record struct {
	name   string
	order  []string
	fields map[string]string
}

// node is any element.
type node struct {
	XMLName  xml.Name
	Text     string `xml:",chardata"`
	Children []node `xml:",any"`
}

// records reads the records called name, whatever is around them.
func records(t *testing.T, content, name string) []record {
	t.Helper()
	var root node
	if err := xml.Unmarshal([]byte(content), &root); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, content)
	}
	return collect(root, name)
}

func collect(n node, name string) []record {
	if n.XMLName.Local != name {
		var all []record
		for _, c := range n.Children {
			all = append(all, collect(c, name)...)
		}
		return all
	}
	r := record{name: name, fields: map[string]string{}}
	for _, c := range n.Children {
		r.order = append(r.order, c.XMLName.Local)
		r.fields[c.XMLName.Local] = c.Text
	}
	return []record{r}
}

// shape is a table of fields_4750.json, the list taken from the decision's appendix.
type shape struct {
	Root   string
	List   string
	Record string
	Fields []struct{ Name string }
}

func shapes(t *testing.T) map[string]shape {
	t.Helper()
	b, err := os.ReadFile("fields_4750.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]shape
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func (s shape) order() string {
	var names []string
	for _, f := range s.Fields {
		names = append(names, f.Name)
	}
	return strings.Join(names, " ")
}

// doc returns the content of v's table, or "".
func doc(v gen.Visit, table string) string {
	for _, d := range v.Docs {
		if d.Type == table {
			return d.Content
		}
	}
	return ""
}

// first returns a field of the first record of a table.
func first(t *testing.T, v gen.Visit, table, name, field string) string {
	t.Helper()
	all := records(t, doc(v, table), name)
	if len(all) == 0 {
		t.Fatalf("%s of %s has no %s", table, v.MaLK, name)
	}
	value, ok := all[0].fields[field]
	if !ok {
		t.Fatalf("%s of %s has no field %s", table, v.MaLK, field)
	}
	return value
}

// text is everything a visit's tables hold.
func text(v gen.Visit) string {
	var b strings.Builder
	for _, d := range v.Docs {
		b.WriteString(d.Content)
		b.WriteByte('\n')
	}
	return b.String()
}

// of returns the first visit of a standard from n on.
func of(s *gen.Source, std gen.Standard, n int) gen.Visit {
	for {
		if v := s.Visit(n); v.Standard == std {
			return v
		}
		n++
	}
}

// declaration opens inner documents that are not inline.
const declaration = `<?xml version="1.0" encoding="utf-8"?>`

var standards = []gen.Standard{gen.QD4750, gen.QD4210}
