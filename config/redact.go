package config

import (
	"fmt"
	"net/url"
	"strconv"

	"go.yaml.in/yaml/v4"
)

// Redacted returns the effective configuration, defaults included, as a document that [Parse] reads as an equal value.
// It holds no secrets: there are none in a valid configuration, and an address that was put together by other means
// is printed without its user, password and query. Equal configurations give equal bytes.
func (c *Config) Redacted() []byte {
	station := mapping().add("codes", texts(c.Station.Codes)).addText("name", c.Station.Name)
	warehouse := mapping().addText("url", withoutSecrets(c.Warehouse.URL)).addText("profile", c.Warehouse.Profile)
	feeds := list()
	for _, f := range c.Feeds {
		feeds.Content = append(feeds.Content, f.document())
	}
	root := mapping().
		add("schema", number(c.Schema)).
		add("station", station.node()).
		addText("data_dir", c.DataDir).
		add("warehouse", warehouse.node())
	if c.Exclusion != (Exclusion{}) {
		root.add("exclusion", mapping().addText("rules", c.Exclusion.Rules).addText("key", c.Exclusion.Key).node())
	}
	root.add("feeds", feeds).
		add("limits", mapping().addText("queue", size(c.Limits.Queue)).node())
	out, err := yaml.Dump(root.node(), yaml.WithV4Defaults(), yaml.WithLineWidth(-1))
	if err != nil {
		return fmt.Appendf(nil, "# cannot be printed: %v\n", err) // only text that is not UTF-8
	}
	return out
}

func (f Feed) document() *yaml.Node {
	m := mapping().
		addText("name", f.Name).
		addText("system", f.System).
		addText("kind", f.Kind).
		addText("format", f.Format).
		addText("encoding", f.Encoding).
		add("paths", texts(f.Paths)).
		addText("settle", f.Settle.String())
	if f.Key != nil {
		m.add("key", texts(f.Key))
	}
	if len(f.Columns) > 0 {
		columns := mapping()
		for _, c := range f.Columns {
			columns.add(c.Name, mapping().add("from", texts(c.From)).addText("type", c.Type).node())
		}
		m.add("columns", columns.node())
	}
	m.addText("facility", f.Facility).addText("records", f.Records).addText("sheet", f.Sheet)
	if f.Header > 0 {
		m.add("header", number(f.Header))
	}
	if len(f.Roots) > 0 {
		m.add("roots", texts(f.Roots))
	}
	return m.node()
}

func withoutSecrets(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return "redacted"
	case u.User == nil && u.RawQuery == "" && u.Fragment == "":
		return address
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// size prints what the queue's limit is read from: whole MiB.
func size(n int64) string {
	if n%gibibyte == 0 {
		return fmt.Sprintf("%dGiB", n/gibibyte)
	}
	return fmt.Sprintf("%dMiB", n/mebibyte)
}

// builder makes a mapping in a fixed order.
type builder yaml.Node

func mapping() *builder {
	return &builder{Kind: yaml.MappingNode, Tag: "!!map"}
}

func (b *builder) node() *yaml.Node { return (*yaml.Node)(b) }

func (b *builder) add(name string, value *yaml.Node) *builder {
	b.Content = append(b.Content, text(name), value)
	return b
}

// addText adds text unless it is empty, which stands for absent.
func (b *builder) addText(name, value string) *builder {
	if value == "" {
		return b
	}
	return b.add(name, text(value))
}

func text(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
}

func number(n int) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(n)}
}

func list() *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
}

func texts(items []string) *yaml.Node {
	n := list()
	n.Style = yaml.FlowStyle
	for _, s := range items {
		n.Content = append(n.Content, text(s))
	}
	return n
}
