package screen

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

//go:embed rules.v1.yaml
var builtin []byte

// Builtin is the rule set compiled into this program.
func Builtin() (*Rules, error) { return Parse(builtin) }

// BuiltinDocument is the text of that rule set, for a health authority to start its own from.
func BuiltinDocument() string { return string(builtin) }

// Rules is a set of exclusion rules.
type Rules struct {
	version version
	basis   string
	groups  map[string][]string
	print   [sha256.Size]byte
	comment string
	own     []rule // of the document itself
	beside  string // the version of the rules compiled in, where they apply too
	rules   []rule // that apply: its own, and behind them those compiled in
	masks   masks
}

// Version names the rules that apply, for reports: yyyy-mm-dd.n, and where those compiled in apply too, both: the
// document's, a plus sign, and that of Beside.
func (r *Rules) Version() string {
	if r.beside == "" {
		return r.version.String()
	}
	return r.version.String() + "+" + r.beside
}

// Beside is the version of the rules compiled in, if they apply too because the document is older; else "".
func (r *Rules) Beside() string { return r.beside }

// WithBuiltin is how programs apply a document in place of the rules compiled in: one that is older than those has them
// at its side, so that what either leaves out is left out. A program is updated before its authority has signed newer
// rules; until then it must neither stop taking in nor forget what it knows. r itself doesn't change.
func (r *Rules) WithBuiltin() (*Rules, error) {
	builtin, err := Builtin()
	if err != nil {
		return nil, err
	}
	if r.version.compare(builtin.version) >= 0 {
		return r, nil
	}
	return &Rules{version: r.version, basis: r.basis, groups: r.groups, print: r.print, comment: r.comment,
		own: r.own, beside: builtin.version.String(), rules: slices.Concat(r.own, builtin.own)}, nil
}

// Fingerprint is SHA-256 of the rule set's document, in hex: two sets of one version are told apart by it.
func (r *Rules) Fingerprint() string { return fmt.Sprintf("%x", r.print) }

// TrustedComment is what the signer wrote into the signature, and signed with it; "" for a set without one.
func (r *Rules) TrustedComment() string { return r.comment }

// Basis is what the rule set says it rests on.
func (r *Rules) Basis() string { return r.basis }

// maxDocument is the size of a rule set's document in bytes; the one compiled in has 16 kB.
const maxDocument = 1 << 20

// document is the rule file as written.
type document struct {
	Schema  int                 `yaml:"schema"`
	Version string              `yaml:"version"`
	Basis   string              `yaml:"basis"`
	Groups  map[string][]string `yaml:"groups"`
	Rules   []ruleText          `yaml:"rules"`
}

type ruleText struct {
	ID       string            `yaml:"id"`
	About    []Subject         `yaml:"about"`
	Reason   string            `yaml:"ly_do"`
	Why      string            `yaml:"why"`
	Kinds    []string          `yaml:"kinds"`
	NotKinds []string          `yaml:"not_kinds"`
	Path     []string          `yaml:"path"`
	Table    string            `yaml:"table"`
	ICD      []string          `yaml:"icd"`
	Text     []string          `yaml:"text"`
	AllText  []string          `yaml:"all_text"`
	Equals   string            `yaml:"equals"`
	Filled   bool              `yaml:"filled"`
	Where    map[string]string `yaml:"where"`
	Fields   []string          `yaml:"fields"`
	Action   action            `yaml:"action"`
	Node     []string          `yaml:"node"`
}

// Parse reads a rule set. It refuses unknown members, rules without a condition, and whatever could never match: a rule
// that silently does nothing is worse than none.
func Parse(doc []byte) (*Rules, error) {
	r, err := parse(doc)
	if err != nil {
		return nil, fmt.Errorf("read exclusion rules: %w", err)
	}
	return r, nil
}

func parse(doc []byte) (*Rules, error) {
	if len(doc) > maxDocument {
		return nil, fmt.Errorf("the document has more than %d bytes", maxDocument)
	}
	var d document
	dec := yaml.NewDecoder(bytes.NewReader(doc))
	dec.KnownFields(true)
	if err := dec.Decode(&d); err != nil {
		return nil, err
	}
	if err := dec.Decode(new(document)); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the first document")
	}
	if d.Schema != 1 || len(d.Rules) == 0 || len(d.Rules) > maxRules {
		return nil, fmt.Errorf("needs schema 1 and 1 to %d rules", maxRules)
	}
	out := &Rules{basis: strings.TrimSpace(d.Basis), groups: d.Groups, print: sha256.Sum256(doc)}
	var err error
	if out.version, err = parseVersion(d.Version); err != nil {
		return nil, err
	}
	g := groups{lists: d.Groups, used: map[string]bool{}, fields: map[string]*patterns{}}
	for i := range d.Rules {
		r, err := g.compile(&d.Rules[i])
		if err == nil {
			err = r.check()
		}
		if err != nil {
			return nil, fmt.Errorf("rule %d (%s): %w", i+1, d.Rules[i].ID, err)
		}
		out.own = append(out.own, r)
	}
	out.rules = out.own
	return out, g.unused()
}

// groups are the document's named lists, which rules take in as $NAME.
type groups struct {
	lists  map[string][]string
	used   map[string]bool
	fields map[string]*patterns // compiled ones, by what they were compiled of
}

func (g *groups) expand(list []string) ([]string, error) {
	var out []string
	for _, item := range list {
		name, isGroup := strings.CutPrefix(item, "$")
		if !isGroup {
			out = append(out, item)
			continue
		}
		if len(g.lists[name]) == 0 {
			return nil, fmt.Errorf("there is no group %q, or nothing in it", name)
		}
		g.used[name] = true
		out = append(out, g.lists[name]...)
	}
	return out, nil
}

// unused refuses what nobody refers to: a name was probably mistyped.
func (g *groups) unused() error {
	for _, name := range slices.Sorted(maps.Keys(g.lists)) {
		if !g.used[name] {
			return fmt.Errorf("no rule uses the group %q", name)
		}
	}
	return nil
}
