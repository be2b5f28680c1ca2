package screen

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"tramsync/sync/wire"
)

const (
	maxReason = 300 // characters of a reason
	maxWhere  = 8   // bits, see judgement.records
)

type action string

const (
	dropVisit  action = "drop_visit"  // everything of the record; the default
	dropRecord action = "drop_record" // the table's record in which the field stands, or the row of a list
	dropFields action = "drop_fields" // the field alone
	dropNodes  action = "drop_nodes"  // the nearest of the elements that node names, or the one the field stands in
	dropFile   action = "drop_file"   // the file isn't opened
)

// Subject is what a rule is about.
type Subject string

// The three subjects, of each of which a rule set must have a rule (Kế hoạch 2698/KH-UBND, 2.3d).
const (
	AboutHIV     Subject = "hiv"
	AboutDrugs   Subject = "drugs"
	AboutSexWork Subject = "sex_work"
)

func subjects() []Subject { return []Subject{AboutHIV, AboutDrugs, AboutSexWork} }

// rule is one compiled rule: at most one of the conditions table, icd, text, all, equals and filled is set, and none
// when where is the condition itself.
type rule struct {
	id       string
	about    []Subject
	kinds    []string
	notKinds []string
	path     *phrases
	table    string
	icd      []icdRange
	text     *phrases
	all      []*phrases // each must match somewhere in the record
	equals   string
	filled   bool
	where    []condition
	fields   *patterns // nil: every field
	action   action
	nodes    []string
	source   ruleText // as written, but for the groups of fields expanded
}

// condition is a value that another field of the same record must have.
type condition struct {
	field *patterns
	value string
}

var (
	ruleID   = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{0,19}$`)
	kindForm = regexp.MustCompile(`^[a-z0-9_]{1,40}$`)
	nodeForm = regexp.MustCompile(`^[\pL_][\pL\pN_.-]{0,99}$`)
)

func (g *groups) compile(in *ruleText) (rule, error) {
	for _, list := range []*[]string{
		&in.Kinds, &in.NotKinds, &in.Path, &in.ICD, &in.Text, &in.AllText, &in.Node,
	} {
		var err error
		if *list, err = g.expand(*list); err != nil {
			return rule{}, err
		}
	}
	if in.Action == "" {
		in.Action = dropVisit
	}
	r := rule{id: in.ID, about: in.About, kinds: in.Kinds, notKinds: in.NotKinds, table: in.Table, equals: in.Equals,
		filled: in.Filled, action: in.Action, nodes: in.Node, source: *in}
	if err := r.compile(in); err != nil {
		return rule{}, err
	}
	fields, err := g.expand(in.Fields)
	if err == nil && r.conditions() == 0 && len(fields) == 0 {
		fields = slices.Sorted(maps.Keys(in.Where))
	}
	id := strings.Join(fields, " ")
	if g.fields[id] == nil && err == nil {
		g.fields[id], err = compileFields(fields)
	}
	r.fields = g.fields[id]
	return r, err
}

func (r *rule) compile(in *ruleText) (err error) {
	for _, t := range in.AllText {
		ps, err := newPhrases([]string{t})
		if err != nil {
			return err
		}
		r.all = append(r.all, ps)
	}
	if r.path, err = newPhrases(in.Path); err != nil {
		return err
	}
	if r.text, err = newPhrases(in.Text); err != nil {
		return err
	}
	if r.icd, err = parseICD(in.ICD); err != nil {
		return err
	}
	for _, pattern := range slices.Sorted(maps.Keys(in.Where)) {
		ps, err := compileFields([]string{pattern})
		if err != nil {
			return err
		}
		r.where = append(r.where, condition{field: ps, value: in.Where[pattern]})
	}
	return nil
}

// conditions counts those a field is judged by.
func (r *rule) conditions() int {
	n := 0
	for _, set := range []bool{
		r.table != "", len(r.icd) > 0, len(r.text.list) > 0, len(r.all) > 0, r.equals != "", r.filled,
	} {
		if set {
			n++
		}
	}
	return n
}

func (r *rule) check() error {
	badKind := func(kind string) bool { return !kindForm.MatchString(kind) }
	badSubject := func(s Subject) bool { return !slices.Contains(subjects(), s) }
	switch {
	case !ruleID.MatchString(r.id):
		return fmt.Errorf("id must be 1 to 20 capitals, digits and hyphens")
	case slices.ContainsFunc(r.kinds, badKind), slices.ContainsFunc(r.notKinds, badKind):
		return fmt.Errorf("kinds must be 1 to 40 small letters, digits and underscores")
	case slices.ContainsFunc(r.about, badSubject):
		return fmt.Errorf("about must be of hiv, drugs and sex_work")
	case len([]rune(r.source.Reason)) > maxReason || len([]rune(r.source.Why)) > maxReason:
		return fmt.Errorf("ly_do and why have up to %d characters", maxReason)
	case r.action == dropFile:
		either := (len(r.kinds) == 0) != (len(r.path.list) == 0)
		if r.conditions()+len(r.notKinds)+len(r.where) > 0 || !either || r.fields != nil {
			return fmt.Errorf("drop_file goes with either kinds or path, and with nothing else")
		}
		return nil
	case len(r.path.list) > 0:
		return fmt.Errorf("path goes with drop_file only")
	}
	if err := r.checkAction(); err != nil {
		return err
	}
	return r.checkCondition()
}

func (r *rule) checkAction() error {
	switch r.action {
	case dropVisit, dropRecord, dropFields, dropNodes:
	default:
		return fmt.Errorf("action must be drop_visit, drop_record, drop_fields, drop_nodes or drop_file")
	}
	badNode := func(name string) bool { return !nodeForm.MatchString(name) }
	switch {
	case len(r.nodes) > 0 && r.action != dropNodes:
		return fmt.Errorf("node goes with drop_nodes only")
	case slices.ContainsFunc(r.nodes, badNode):
		return fmt.Errorf("node must name elements")
	case len(r.all) > 0 && r.action != dropVisit:
		return fmt.Errorf("all_text goes with drop_visit: its words may stand in several records")
	case r.table != "" && r.action != dropVisit && r.action != dropRecord:
		return fmt.Errorf("table goes with drop_visit and drop_record")
	}
	return nil
}

func (r *rule) checkCondition() error {
	n := r.conditions()
	switch {
	case n > 1 || n == 0 && len(r.where) == 0:
		return fmt.Errorf("must have exactly one of table, icd, text, all_text, equals, filled, or where")
	case n == 0 && len(r.source.Fields) > 0:
		return fmt.Errorf("where alone names its fields itself")
	case (r.equals != "" || r.filled) && r.fields == nil:
		return fmt.Errorf("equals and filled need fields")
	case r.equals != strings.TrimSpace(r.equals):
		return fmt.Errorf("equals is compared without white space around it")
	case len(r.where) > maxWhere:
		return fmt.Errorf("where has at most %d fields", maxWhere)
	case len(r.where) > 0 && (len(r.all) > 0 || r.table != ""):
		return fmt.Errorf("where goes with conditions on single fields")
	case slices.ContainsFunc(r.where, func(w condition) bool {
		return w.value == "" || w.value != strings.TrimSpace(w.value)
	}):
		return fmt.Errorf("where is compared without white space around values, and with something")
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

func (r *rule) extent() Extent {
	switch r.action {
	case dropRecord:
		return WholeRecord
	case dropNodes:
		return WholeNode
	default:
		return FieldAlone
	}
}
