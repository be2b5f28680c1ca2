package screen

import (
	"bytes"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"go.yaml.in/yaml/v4"
)

//go:embed rules.v1.yaml
var builtin []byte

// Builtin is the rule set compiled into this program.
func Builtin() (*Rules, error) { return Parse(builtin) }

// Rules is a set of exclusion rules.
type Rules struct {
	version string
	rules   []rule

	// masks remembers which rules look at a field, by the field's name: names are few and come again with each record.
	masks     sync.Map // "TABLE.FIELD" as written → uint64
	maskCount atomic.Int32
}

const (
	maxRules = 64   // bits of a mask
	maxMasks = 8192 // beyond, names are looked up anew each time: hostile exports can't fill memory
)

// Version names the rule set, for reports.
func (r *Rules) Version() string { return r.version }

type action string

const (
	drop     action = "drop"
	cut      action = "cut"
	dropFile action = "drop_file"
)

// document is the rule file as written.
type document struct {
	Schema  int                 `yaml:"schema"`
	Version string              `yaml:"version"`
	Basis   string              `yaml:"basis"`
	Groups  map[string][]string `yaml:"groups"`
	Rules   []struct {
		ID       string   `yaml:"id"`
		Kinds    []string `yaml:"kinds"`
		NotKinds []string `yaml:"not_kinds"`
		Path     []string `yaml:"path"`
		Table    string   `yaml:"table"`
		ICD      []string `yaml:"icd"`
		Text     []string `yaml:"text"`
		AllText  []string `yaml:"all_text"`
		Equals   string   `yaml:"equals"`
		Filled   bool     `yaml:"filled"`
		Fields   []string `yaml:"fields"`
		Action   action   `yaml:"action"`
	} `yaml:"rules"`
}

// rule is one compiled rule: at most one of the conditions table, icd, text, all, equals and filled is set.
type rule struct {
	id       string
	kinds    []string
	notKinds []string
	path     phrases
	table    string
	icd      []icdRange
	text     phrases
	all      []phrases // each must match somewhere in the record
	equals   string
	filled   bool
	fields   *regexp.Regexp // nil: every field
	action   action
}

var ruleID = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{0,19}$`)

// Parse reads a rule set. It refuses unknown members, rules without a condition and ICD ranges it can't read: a rule that silently never matches is
// worse than none.
func Parse(doc []byte) (*Rules, error) {
	var d document
	dec := yaml.NewDecoder(bytes.NewReader(doc))
	dec.KnownFields(true)
	if err := dec.Decode(&d); err != nil {
		return nil, fmt.Errorf("read exclusion rules: %w", err)
	}
	if d.Schema != 1 || d.Version == "" || len(d.Rules) == 0 || len(d.Rules) > maxRules {
		return nil, fmt.Errorf("read exclusion rules: needs schema 1, a version and 1 to %d rules", maxRules)
	}
	out := &Rules{version: d.Version}
	for i, in := range d.Rules {
		r := rule{id: in.ID, kinds: in.Kinds, notKinds: in.NotKinds, table: in.Table,
			equals: in.Equals, filled: in.Filled, action: in.Action}
		r.path, r.text = newPhrases(in.Path), newPhrases(in.Text)
		for _, t := range in.AllText {
			r.all = append(r.all, newPhrases([]string{t}))
		}
		var err error
		if r.icd, err = parseICD(in.ICD); err == nil {
			r.fields, err = compileFields(in.Fields)
		}
		if err == nil {
			err = r.check()
		}
		if err != nil {
			return nil, fmt.Errorf("read exclusion rules: rule %d (%s): %w", i+1, in.ID, err)
		}
		out.rules = append(out.rules, r)
	}
	return out, nil
}

func (r *rule) check() error {
	conditions := 0
	for _, set := range []bool{r.table != "", len(r.icd) > 0, len(r.text) > 0, len(r.all) > 0, r.equals != "", r.filled} {
		if set {
			conditions++
		}
	}
	switch {
	case !ruleID.MatchString(r.id):
		return fmt.Errorf("id must be 1 to 20 capitals, digits and hyphens")
	case r.action == dropFile:
		if conditions > 0 || len(r.kinds)+len(r.path) == 0 {
			return fmt.Errorf("drop_file goes with kinds or path only")
		}
	case r.action != drop && r.action != cut:
		return fmt.Errorf("action must be drop, cut or drop_file")
	case conditions != 1 || len(r.path) > 0:
		return fmt.Errorf("must have exactly one of table, icd, text, all_text, equals, filled")
	case r.action == cut && (r.table != "" || len(r.all) > 0):
		return fmt.Errorf("cut needs a condition on single fields")
	case (r.equals != "" || r.filled) && r.fields == nil:
		return fmt.Errorf("equals and filled need fields")
	}
	return nil
}

func (r *rule) appliesTo(kind string) bool {
	if len(r.kinds) > 0 && !slices.Contains(r.kinds, kind) {
		return false
	}
	return !slices.Contains(r.notKinds, kind)
}

// compileFields makes one expression of TABLE.FIELD patterns.
func compileFields(patterns []string) (*regexp.Regexp, error) {
	if len(patterns) == 0 {
		return nil, nil
	}
	alt := make([]string, len(patterns))
	for i, p := range patterns {
		table, field, ok := strings.Cut(p, ".")
		if !ok || table == "" || field == "" {
			return nil, fmt.Errorf("field pattern %q is not TABLE.FIELD", p)
		}
		star := func(s string) string { return strings.ReplaceAll(regexp.QuoteMeta(s), `\*`, `.*`) }
		alt[i] = star(foldName(table)) + `\.` + star(foldName(field))
	}
	re, err := regexp.Compile(`^(?:` + strings.Join(alt, "|") + `)$`)
	if err != nil {
		return nil, fmt.Errorf("compile field patterns: %w", err)
	}
	return re, nil
}
