// Package check looks at a record before it is queued and says what seems wrong with it: identity and insurance card
// numbers, dates, ICD-10 codes, facilities, doctors, the tables of a visit and the MA_LK that joins them.
//
// It guarantees that a finding holds no value of the record, only a code and a place; that the same record gives the
// same findings in the same order; and that a record never gets more than MaxFindings and one that says so.
//
// It never rejects, changes or drops anything: bad records are the warehouse's to mend with the people who made them.
// It doesn't know whether a code exists in a list (ICD-10, communes, facilities of others), nor whether a person does.
//
// A Checker keeps no state and is safe for concurrent use.
//
//	wire.Visit + tables ──▶ Visit ──▶ {cccd-format, XML1[1].SO_CCCD}
//	row by columns      ──▶ Row   ──▶ {date-invalid, row.NGAY_TIEM}
package check

import (
	"slices"
	"time"

	"tramsync/sync/wire"
)

// MaxFindings bounds the findings of one record; FindingsCapped follows when there were more.
const MaxFindings = 50

// Settings is what the checks know of the station and its PC.
type Settings struct {
	// Facilities are the station's own codes. Without any, no facility is foreign.
	Facilities []string
	// Now is the PC's clock, which may be wrong. Without one, no date is in the future.
	Now func() time.Time
	// Floor is a time that has certainly passed (when the program was built). A clock that stands before it is
	// wrong, and no date is called future by it.
	Floor time.Time
}

// Checker checks the records of one station.
type Checker struct {
	facilities []string
	now        func() time.Time
	floor      time.Time
}

// New makes a checker. It keeps a copy of s.Facilities.
func New(s Settings) *Checker {
	return &Checker{facilities: slices.Clone(s.Facilities), now: s.Now, floor: s.Floor}
}

// foreign reports whether code is a proper facility code, but none of the station's.
func (c *Checker) foreign(code string) bool {
	return len(c.facilities) > 0 && isFacility(code) && !slices.Contains(c.facilities, code)
}

// latest is the last moment that isn't in the future. There is a day's grace, since the clocks of the HIS and of this
// PC differ. It is unknown when the clock is wrong or missing.
func (c *Checker) latest() moment {
	if c.now == nil {
		return moment{}
	}
	now := c.now()
	if now.Before(c.floor) {
		return moment{}
	}
	return momentOf(now.Add(24 * time.Hour))
}

// findings collects up to MaxFindings.
type findings struct {
	list []wire.Finding
}

func (f *findings) add(code, at string) {
	switch {
	case len(f.list) < MaxFindings:
		f.list = append(f.list, wire.Finding{Code: code, At: at})
	case len(f.list) == MaxFindings:
		f.list = append(f.list, wire.Finding{Code: FindingsCapped, At: "record"})
	}
}

func (f *findings) full() bool { return len(f.list) > MaxFindings }
