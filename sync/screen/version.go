package screen

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// version is yyyy-mm-dd.n: a day, and a number for the sets of that day.
type version struct {
	day    string
	number int
}

var versionForm = regexp.MustCompile(`^([0-9]{4}-[0-9]{2}-[0-9]{2})\.([1-9][0-9]{0,3})$`)

func parseVersion(s string) (version, error) {
	m := versionForm.FindStringSubmatch(s)
	if m == nil {
		return version{}, fmt.Errorf("version is not of the form yyyy-mm-dd.n")
	}
	if _, err := time.Parse(time.DateOnly, m[1]); err != nil {
		return version{}, fmt.Errorf("version does not begin with a day of the calendar")
	}
	n, err := strconv.Atoi(m[2])
	return version{day: m[1], number: n}, err
}

func (v version) compare(o version) int {
	return cmp.Or(cmp.Compare(v.day, o.day), cmp.Compare(v.number, o.number))
}

// String is the version as written.
func (v version) String() string { return fmt.Sprintf("%s.%d", v.day, v.number) }
