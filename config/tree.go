package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// maxDepth is more than any valid document nests; it bounds the paths of faults.
const maxDepth = 10

// place is a node and where it stands. A nil node is one that is absent or whose fault is reported already: reading
// from it gives zero values without further faults.
type place struct {
	path string
	node *yaml.Node
}

var plainName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,60}$`)

func (p place) field(name string, n *yaml.Node) place {
	if !plainName.MatchString(name) {
		if r := []rune(name); len(r) > 60 {
			name = string(r[:60]) + "…"
		}
		name = strconv.Quote(name)
	}
	if p.path != "" {
		name = p.path + "." + name
	}
	return newPlace(name, n)
}

func (p place) item(i int) place {
	return newPlace(fmt.Sprintf("%s[%d]", p.path, i), p.node.Content[i])
}

func newPlace(path string, n *yaml.Node) place {
	if n != nil && n.Kind == yaml.AliasNode {
		n = nil // reported by structure
	}
	return place{path: path, node: n}
}

// tree reads the document into nodes and reports everything about its form. It returns false when there is nothing
// to decode.
func (d *decoder) tree(doc []byte) (place, bool) {
	if f, bad := unreadable(doc); bad {
		d.faults = append(d.faults, f)
		return place{}, false
	}
	loader, err := yaml.NewLoader(bytes.NewReader(doc))
	if err != nil {
		d.faults = append(d.faults, syntaxFault(err))
		return place{}, false
	}
	var root, second yaml.Node
	if err := loader.Load(&root); err != nil || len(root.Content) == 0 {
		d.faults = append(d.faults, syntaxFault(err))
		return place{}, false
	}
	switch err := loader.Load(&second); {
	case err == nil:
		d.faults = append(d.faults, Fault{Line: second.Line, Problem: "a second document begins here",
			Hint: "a configuration is one document; remove the line ---"})
	case !errors.Is(err, io.EOF):
		d.faults = append(d.faults, syntaxFault(err))
	}
	d.structure(place{node: root.Content[0]}, 0)
	return newPlace("", root.Content[0]), true
}

// unreadable reports what keeps a document from being read as text at all.
func unreadable(doc []byte) (Fault, bool) {
	if len(doc) > MaxDocument {
		return Fault{Problem: "is larger than 256 KiB", Hint: "is this the configuration file?"}, true
	}
	line := 1
	for i := 0; i < len(doc); {
		r, size := utf8.DecodeRune(doc[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return Fault{Line: line, Problem: "is not UTF-8", Hint: "save the file as UTF-8"}, true
		case r == '\n':
			line++
		case r < ' ' && r != '\t' && r != '\r':
			return Fault{Line: line, Problem: "has a control character", Hint: "save the file as plain text"}, true
		}
		i += size
	}
	return Fault{}, false
}

func syntaxFault(err error) Fault {
	if err == nil || errors.Is(err, io.EOF) {
		return Fault{Problem: "is empty", Hint: "begin with schema: 1"}
	}
	f := Fault{Problem: "is not YAML", Hint: "look for a missing quote, bracket, colon or indentation"}
	if le := (*yaml.LoadError)(nil); errors.As(err, &le) {
		f.Line = le.Mark.Line
		switch le.Stage {
		case yaml.ScannerStage, yaml.ParserStage: // texts of other stages quote the document
			f.Problem += ": " + le.Message
		case yaml.ComposerStage:
			f.Problem, f.Hint = "aliases are not accepted", "put text that begins with * into quotes"
		}
	}
	return f
}

// structure reports what no part of a document may use: anchors, aliases, merge keys, keys that are not text, and keys
// that occur twice.
func (d *decoder) structure(p place, depth int) {
	n := p.node
	if depth > maxDepth {
		d.fault(p, "is nested too deeply", "")
		return
	}
	if n.Kind == yaml.AliasNode {
		d.fault(p, "aliases are not accepted", "write the value out")
		return
	}
	if n.Anchor != "" {
		d.fault(p, "anchors are not accepted", "remove the & and write values out where they are used")
	}
	switch n.Kind {
	case yaml.SequenceNode:
		for i, c := range n.Content {
			d.structure(place{path: fmt.Sprintf("%s[%d]", p.path, i), node: c}, depth+1)
		}
	case yaml.MappingNode:
		d.keys(p, depth)
	}
}

func (d *decoder) keys(p place, depth int) {
	first := make(map[string]int, len(p.node.Content)/2)
	for i := 0; i+1 < len(p.node.Content); i += 2 {
		key, value := p.node.Content[i], p.node.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			d.fault(place{path: p.path, node: key}, "has a key that is not text", "")
			d.structure(place{path: p.path, node: value}, depth+1)
			continue
		}
		at := p.field(key.Value, nil)
		if key.Anchor != "" {
			d.fault(place{path: at.path, node: key}, "anchors are not accepted", "remove the & and its name")
		}
		if key.ShortTag() == "!!merge" {
			d.fault(place{path: at.path, node: key}, "merge keys are not accepted", "write the values out")
		} else if line, twice := first[key.Value]; twice {
			d.fault(place{path: at.path, node: key}, fmt.Sprintf("occurs twice, first on line %d", line), "")
		} else {
			first[key.Value] = key.Line
		}
		d.structure(place{path: at.path, node: value}, depth+1)
	}
}
