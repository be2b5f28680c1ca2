// Package check looks at a record before it is queued and says what seems wrong with it: identity and insurance card
// numbers, dates, ICD-10 codes, communes and provinces, facilities, doctors, amounts, the tables of a visit and the
// MA_LK that joins them. docs/findings.md lists every kind of finding.
//
// It guarantees that a finding holds no value of the record, only a code and a place; that the same record gives the
// same findings in the same order; and that a record never gets more than MaxFindings and one that says so.
//
// It never rejects, changes or drops anything: bad records are the warehouse's to mend with the people who made them.
// It doesn't know whether a code exists in a list (ICD-10, drugs, facilities of others) but for communes and provinces,
// nor whether a person does, nor what other records say: that one visit came under two MA_LK only the warehouse sees.
//
// A Checker keeps no state and is safe for concurrent use.
//
//	kind, wire.Visit + tables ──▶ Visit ─┬ HIS visit, check-in ──▶ {cccd-format, XML1[1].SO_CCCD}
//	                                     ├ health check-up      ──▶ {date-invalid, KSK_XML11[2].NGAY_KQ}
//	                                     ├ health record        ──▶ {date-invalid, HSSK831.THONGTINMUITIEM[2].NGAYTIEM}
//	                                     └ other documents      ──▶ nothing
//	kind, row by columns      ──▶ Row ─────────────────────────▶ {date-invalid, row.NGAY_TIEM}
package check

import (
	"slices"
	"time"

	"tramsync/sync/wire"
)

//go:generate go test -run TestFindings_page_lists_the_rules -update

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
	provinces  []string // of facilities, where no list has them
	now        func() time.Time
	floor      time.Time
}

// New makes a checker. It keeps a copy of s.Facilities.
func New(s Settings) *Checker {
	own := slices.Clone(s.Facilities)
	return &Checker{facilities: own, provinces: unlistedProvinces(own), now: s.Now, floor: s.Floor}
}

// driverKind is that of rows of drivers' health certificates (CV 507/BHXH-CNTT 2023).
const driverKind = "gksklx"

// Visit checks a record's documents by its kind: a HIS visit's tables, as Visit.Tables gives them, in their order, a
// health check-up's or a health record. Documents of other kinds have nothing that could be checked. facility is the
// place of care that the record is filed under. Tables whose names aren't known are named by their place and not
// looked into: a name of the file's own making could hold anything.
func (c *Checker) Visit(kind string, v *wire.Visit, tables []wire.Table, facility string) []wire.Finding {
	switch kind {
	case wire.KindVisit, wire.KindTable:
		return c.visit(v, tables, facility)
	case wire.KindCheckUp:
		return c.checkUp(v, tables, facility)
	case wire.KindHealthRecord:
		return c.health(tables, facility)
	default:
		return nil
	}
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
