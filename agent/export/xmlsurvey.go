package export

import (
	"slices"
	"strings"

	"tramsync/sync/wire"
)

// maxNodes bounds how many different elements and columns a file of rows may have.
const maxNodes = 20_000

// xmlNode is all elements of one name at one place of a file.
type xmlNode struct {
	name    string
	path    string // from the root, as /DS/BN
	depth   int
	count   int
	columns []string // leaf children and attributes
	nodes   map[string]*xmlNode
}

// xmlSurvey is a first walk over a file whose feed doesn't name the element that is a row.
type xmlSurvey struct {
	*xmlWalk
	all   []*xmlNode
	root  xmlNode
	nodes []surveyed      // open
	known map[string]bool // columns by path
	words bool            // the file holds something
}

type surveyed struct {
	node   *xmlNode
	parent bool
}

// findRecords gives the element that is a row, as Settings.Records does, or "" in a file without any content: the one
// that has the key's columns as leaves or attributes and most of the others, else the outermost that repeats. That
// nothing repeats is no-rows where no configured column says otherwise: it may be an error message.
func findRecords(t text, m *mapping) (string, error) {
	s := &xmlSurvey{xmlWalk: newXMLWalk(t, maxRow, "row-size", "outside"), known: map[string]bool{}}
	if err := s.run(s); err != nil {
		return "", err
	}
	if !s.words {
		return "", nil
	}
	var best *xmlNode
	var most []int
	for _, n := range s.all {
		rank := m.rank(n)
		if rank != nil && (best == nil || slices.Compare(rank, most) > 0) {
			best, most = n, rank
		}
	}
	if best == nil {
		return "", &FormatError{Code: "no-rows"}
	}
	alike := func(n *xmlNode) bool { return n != best && strings.EqualFold(n.name, best.name) }
	if slices.ContainsFunc(s.all, alike) {
		return best.path, nil
	}
	return best.name, nil
}

// rank compares what may be rows, the best first; nil is for what can't be.
func (m *mapping) rank(n *xmlNode) []int {
	if len(n.columns) == 0 {
		return nil
	}
	header := m.canonical(n.columns)
	whole, configured, repeats := 0, 0, 0
	if m.missingKey(header) == "" {
		whole = 1
	}
	for _, c := range m.settings.Columns {
		if slices.Contains(header, c.Name) {
			configured++
		}
	}
	if n.count > 1 {
		repeats = 1
	}
	switch key := len(m.settings.Key) > 0; {
	case key && !m.hasKey(header), !key && !m.lone && configured+repeats == 0:
		return nil
	}
	if repeats == 0 {
		return []int{whole, configured, 0, len(n.columns), -n.depth}
	}
	return []int{whole, configured, 1, -n.depth, len(n.columns)}
}

func (s *xmlSurvey) open(t *wire.XMLToken) error {
	parent := &s.root
	if n := len(s.nodes); n > 0 {
		parent, s.nodes[n-1].parent = s.nodes[n-1].node, true
	}
	name := t.Name.Local
	node := parent.nodes[name]
	if node == nil {
		if len(s.all)+len(s.known) >= maxNodes {
			return s.fault("outside")
		}
		name = strings.Clone(name) // of the text around it, which would stay in memory
		node = &xmlNode{name: name, path: parent.path + "/" + name, depth: parent.depth + 1, nodes: map[string]*xmlNode{}}
		if parent.nodes == nil {
			parent.nodes = map[string]*xmlNode{}
		}
		parent.nodes[name] = node
		s.all = append(s.all, node)
	}
	node.count++
	for _, a := range attributes(t) {
		s.words = s.words || strings.TrimSpace(a.Value) != ""
		s.column(node, "@"+a.Name.Local)
	}
	s.nodes = append(s.nodes, surveyed{node: node})
	return nil
}

// close tells a leaf by having had no children.
func (s *xmlSurvey) close(*wire.XMLToken) error {
	n := len(s.nodes)
	top := s.nodes[n-1]
	if s.nodes = s.nodes[:n-1]; n > 1 && !top.parent {
		s.column(s.nodes[n-2].node, top.node.name)
	}
	return nil
}

func (s *xmlSurvey) column(n *xmlNode, name string) {
	if path := n.path + "/" + name; !s.known[path] && len(s.known) < maxNodes {
		s.known[path] = true
		n.columns = append(n.columns, name)
	}
}

func (s *xmlSurvey) text(name, value string) error {
	s.words = s.words || name == "" && strings.TrimSpace(value) != ""
	return nil
}
