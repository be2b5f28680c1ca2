package screen

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"tramsync/sync/wire"
)

//go:embed rules.v1.yaml
var builtin []byte

// Builtin is the rule set compiled into this program.
func Builtin() (*Rules, error) { return Parse(builtin) }

// Rules is a set of exclusion rules.
type Rules struct {
	version string
	rules   []rule
	masks   masks
}

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
	Rules   []ruleText          `yaml:"rules"`
}

type ruleText struct {
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
}

// rule is one compiled rule: at most one of the conditions table, icd, text, all, equals and filled is set.
type rule struct {
	id       string
	kinds    []string
	notKinds []string
	path     *phrases
	table    string
	icd      []icdRange
	text     *phrases
	all      []*phrases // each must match somewhere in the record
	equals   string
	filled   bool
	fields   *regexp.Regexp // nil: every field
	action   action
}

var (
	ruleID    = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{0,19}$`)
	kindForm  = regexp.MustCompile(`^[a-z0-9_]{1,40}$`)
	fieldForm = regexp.MustCompile(`^[A-Za-z0-9_*]+\.[A-Za-z0-9_*]+$`)
)

// Parse reads a rule set. It refuses unknown members, rules without a condition, and whatever could never match: a rule
// that silently does nothing is worse than none.
func Parse(doc []byte) (*Rules, error) {
	var d document
	dec := yaml.NewDecoder(bytes.NewReader(doc))
	dec.KnownFields(true)
	if err := dec.Decode(&d); err != nil {
		return nil, fmt.Errorf("read exclusion rules: %w", err)
	}
	if err := dec.Decode(new(document)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read exclusion rules: something follows the first document")
	}
	if d.Schema != 1 || d.Version == "" || len(d.Rules) == 0 || len(d.Rules) > maxRules {
		return nil, fmt.Errorf("read exclusion rules: needs schema 1, a version and 1 to %d rules", maxRules)
	}
	out := &Rules{version: d.Version}
	for i, in := range d.Rules {
		r, err := compile(in)
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

func compile(in ruleText) (rule, error) {
	r := rule{id: in.ID, kinds: in.Kinds, notKinds: in.NotKinds, table: in.Table,
		equals: in.Equals, filled: in.Filled, action: in.Action}
	for _, t := range in.AllText {
		ps, err := newPhrases([]string{t})
		if err != nil {
			return rule{}, err
		}
		r.all = append(r.all, ps)
	}
	var err error
	if r.path, err = newPhrases(in.Path); err != nil {
		return rule{}, err
	}
	if r.text, err = newPhrases(in.Text); err != nil {
		return rule{}, err
	}
	if r.icd, err = parseICD(in.ICD); err != nil {
		return rule{}, err
	}
	r.fields, err = compileFields(in.Fields)
	return r, err
}

func (r *rule) check() error {
	conditions := 0
	for _, set := range []bool{
		r.table != "", len(r.icd) > 0, len(r.text.list) > 0, len(r.all) > 0, r.equals != "", r.filled,
	} {
		if set {
			conditions++
		}
	}
	badKind := func(kind string) bool { return !kindForm.MatchString(kind) }
	switch {
	case !ruleID.MatchString(r.id):
		return fmt.Errorf("id must be 1 to 20 capitals, digits and hyphens")
	case slices.ContainsFunc(r.kinds, badKind), slices.ContainsFunc(r.notKinds, badKind):
		return fmt.Errorf("kinds must be 1 to 40 small letters, digits and underscores")
	case r.action == dropFile:
		if conditions+len(r.notKinds) > 0 || len(r.kinds)+len(r.path.list) == 0 || r.fields != nil {
			return fmt.Errorf("drop_file goes with kinds or path only")
		}
	case r.action != drop && r.action != cut:
		return fmt.Errorf("action must be drop, cut or drop_file")
	case conditions != 1 || len(r.path.list) > 0:
		return fmt.Errorf("must have exactly one of table, icd, text, all_text, equals, filled")
	case r.action == cut && (r.table != "" || len(r.all) > 0):
		return fmt.Errorf("cut needs a condition on single fields")
	case (r.equals != "" || r.filled) && r.fields == nil:
		return fmt.Errorf("equals and filled need fields")
	case r.equals != strings.TrimSpace(r.equals):
		return fmt.Errorf("equals is compared without white space around it")
	case r.table != "" && (wire.RecordElement(r.table) == "" || r.fields != nil):
		return fmt.Errorf("table must be XML0 to XML15, and goes without fields")
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
		if !fieldForm.MatchString(p) {
			return nil, fmt.Errorf("field pattern %q is not TABLE.FIELD of letters, digits, underscores and *", p)
		}
		alt[i] = strings.ReplaceAll(regexp.QuoteMeta(strings.ToUpper(p)), `\*`, `.*`)
	}
	re, err := regexp.Compile(`^(?:` + strings.Join(alt, "|") + `)$`)
	if err != nil {
		return nil, fmt.Errorf("compile field patterns: %w", err)
	}
	return re, nil
}
