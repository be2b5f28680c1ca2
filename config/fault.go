package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// maxFaults is how many faults are reported: enough for a person, and a bound on what goes to the centre.
const maxFaults = 100

// Fault is one thing that is wrong with a document.
type Fault struct {
	Path    string // the field, like feeds[1].columns.NGAY_TIEM.type; empty: the document as a whole
	Line    int    // counted from 1; 0: unknown
	Problem string
	Hint    string // what to do about it; may be empty
}

// String returns the fault as one line: "line 12: feeds[1].paths[0]: must be an absolute path (hint)".
func (f Fault) String() string {
	var b strings.Builder
	if f.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", f.Line)
	}
	if f.Path != "" {
		b.WriteString(f.Path + ": ")
	}
	b.WriteString(f.Problem)
	if f.Hint != "" {
		b.WriteString(" (" + f.Hint + ")")
	}
	return b.String()
}

// Faults is all that is wrong with a document, ordered by line; never empty as an error. At most 101: where there are
// more than 100, the last says how many are left out.
type Faults []Fault

// Error returns one fault a line.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

func (d *decoder) sorted() Faults {
	fs := d.faults
	slices.SortStableFunc(fs, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
	if more := len(fs) - maxFaults; more > 0 {
		fs = append(fs[:maxFaults:maxFaults], Fault{
			Problem: fmt.Sprintf("%d more faults are left out", more),
			Hint:    "mend these first",
		})
	}
	return fs
}
