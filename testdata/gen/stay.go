package gen

import (
	"fmt"
	"strings"
	"time"
)

// stay is what happened at one visit, before it is written into tables.
type stay struct {
	std       Standard
	key       string
	patient   person
	illnesses []illness // the main one first
	doctor    string
	cover     int // percent that the insurer pays; 0: no card
	overnight bool
	treated   string

	arrived, left, paid time.Time
	again               time.Time // the appointment; zero if there is none

	reason   string
	drugs    []prescription
	services []service
	findings []finding
	notes    []string
	extra    []string // further tables: XML7, 8, 11, 13
}

type prescription struct {
	drug
	daily, days, quantity int
}

// cents is the price of the whole prescription in hundredths of a đồng.
func (p prescription) cents() int { return p.price * p.quantity * 100 }

type finding struct {
	service service
	measure measure
	value   string
}

// newStay makes up visit n.
func newStay(d dice, n int, std Standard) stay {
	s := stay{std: std, arrived: arrival(d, n, std)}
	s.patient = newPerson(d, n, s.arrived)
	s.key = linkKey(n, s.arrived, s.patient)
	s.illnesses = illnessesOf(d, s.patient)
	s.doctor = fmt.Sprintf("00000%d/ZZ-CCHN", d.below(5))
	if s.patient.card != "" {
		s.cover = pick(d, []int{100, 100, 100, 100, 100, 100, 100, 80, 95})
	}
	s.overnight = d.in(2)
	s.left = s.arrived.Add(time.Duration(d.between(18, 95)) * time.Minute)
	if s.overnight {
		s.left = s.left.AddDate(0, 0, d.between(1, 3))
	}
	s.paid = s.left.Add(time.Duration(d.between(1, 25)) * time.Minute)
	s.reason = pick(d, s.illnesses[0].complaints)
	if d.in(70) {
		s.reason += " " + pick(d, since)
	}
	s.treated = pick(d, treatments)
	s.prescribe(d)
	s.serve(d)
	s.observe(d)
	s.arrange(d)
	return s
}

// visitsADay is how many visits a day of the generated station has.
const visitsADay = 40

// workingDays is how many days the visits spread over: Monday to Saturday, 44 weeks.
const workingDays = 264

// arrival spreads visits over the station's days, in order. Beyond
// visitsADay × workingDays they fill the same days again.
func arrival(d dice, n int, std Standard) time.Time {
	monday := time.Date(2026, 1, 5, 7, 0, 0, 0, time.UTC)
	if std == QD4210 {
		monday = time.Date(2023, 1, 9, 7, 0, 0, 0, time.UTC)
	}
	day := n / visitsADay % workingDays
	minutes := n%visitsADay*13 + d.below(13)
	return monday.AddDate(0, 0, day/6*7+day%6).Add(time.Duration(minutes) * time.Minute)
}

// linkKey makes MA_LK in the three forms seen: facility_year_month_patient_exam,
// date and serial, seven digits. Serials start at 6000 so that none reads as a
// time of the day.
func linkKey(n int, day time.Time, p person) string {
	switch n % 5 {
	case 0, 1:
		return fmt.Sprintf("%s_%s_%s_%d", facility, day.Format("2006_01"), p.code, n%7+1)
	case 2, 3:
		round := n / (visitsADay * workingDays)
		return fmt.Sprintf("%s%04d", day.Format("060102"), 6000+round*visitsADay+n%visitsADay)
	default:
		return "7" + p.digits
	}
}

func illnessesOf(d dice, p person) []illness {
	var fitting []illness
	for _, i := range illnesses {
		if i.child || p.age >= 18 {
			fitting = append(fitting, i)
		}
	}
	count := 1
	switch {
	case p.age >= 60:
		count += d.below(4)
	case p.age >= 18:
		count += d.below(2)
	}
	return several(d, fitting, count)
}

// codes joins the ICD-10 codes from the first-th on.
func (s stay) codes(first int) string {
	var codes []string
	for _, i := range s.illnesses[first:] {
		codes = append(codes, i.code)
	}
	return strings.Join(codes, ";")
}

// diagnosis names all illnesses.
func (s stay) diagnosis() string {
	var names []string
	for _, i := range s.illnesses {
		names = append(names, i.name)
	}
	return strings.Join(names, "; ")
}

// prescribe chooses one to five drugs for the illnesses.
func (s *stay) prescribe(d dice) {
	var keys []string
	for _, i := range s.illnesses {
		keys = append(keys, several(d, i.drugs, d.between(2, 4))...)
	}
	taken := map[string]bool{}
	for _, key := range keys[:min(len(keys), pick(d, []int{1, 2, 2, 3, 3, 3, 4, 5}))] {
		if other, ok := childDrug[key]; ok && s.patient.age < 7 {
			key = other
		}
		if taken[key] {
			continue
		}
		taken[key] = true
		p := prescription{drug: pharmacy[key], daily: d.between(1, 3), days: d.between(3, 7)}
		if s.illnesses[0].chronic {
			p.daily, p.days = d.between(1, 2), pick(d, []int{14, 28, 28, 30})
		}
		p.quantity = p.daily * p.days
		if p.route != oral && p.route != inhaled {
			p.quantity = d.between(1, 2)
		}
		s.drugs = append(s.drugs, p)
	}
}

// serve chooses the examination and up to two more services; a visit with few
// drugs has more done.
func (s *stay) serve(d dice) {
	count := pick(d, []int{0, 0, 0, 1, 1, 2})
	if len(s.drugs) < 3 {
		count = d.between(1, 2)
	}
	s.services = []service{examination}
	for _, key := range several(d, s.illnesses[0].services, count) {
		sv := services[key]
		s.services = append(s.services, sv)
		for _, m := range sv.measures {
			s.findings = append(s.findings, finding{sv, m, measured(d, m)})
		}
	}
}

func measured(d dice, m measure) string {
	if m.words != nil {
		return pick(d, m.words)
	}
	tenths := d.between(m.low, m.high)
	return fmt.Sprintf("%d.%d", tenths/10, tenths%10)
}

// observe writes one or two notes on the patient's state.
func (s *stay) observe(d dice) {
	pulse, upper, tenths := d.between(64, 98), d.between(100, 134), d.between(365, 374)
	switch s.illnesses[0].code[:1] {
	case "I":
		upper = d.between(128, 172)
	case "J", "A":
		tenths = d.between(370, 392)
	}
	vital := fmt.Sprintf("Mạch %d lần/phút, HA %d/%d mmHg, nhiệt độ %d,%d°C, nhịp thở %d lần/phút, SpO2 %d%%",
		pulse, upper/2*2, upper*6/10, tenths/10, tenths%10, d.between(16, 24), d.between(95, 99))
	s.notes = []string{fmt.Sprintf("%s. %s; %s. %s.",
		pick(d, progress), vital, pick(d, s.illnesses[0].signs), pick(d, advices))}
	if d.in(40) || len(s.drugs) < 3 {
		s.notes = append(s.notes, fmt.Sprintf("%s. Mạch %d lần/phút, nhiệt độ < 37,5°C. %s.",
			pick(d, outcomes), pulse-d.below(6), pick(d, advices)))
	}
}

// arrange decides on the appointment and on the rarer papers of QĐ 4750.
func (s *stay) arrange(d dice) {
	if s.illnesses[0].chronic || d.in(25) {
		s.again = s.arrived.AddDate(0, 0, pick(d, []int{5, 7, 14, 28, 28, 30}))
	}
	if s.overnight {
		s.extra = append(s.extra, "XML7")
	}
	if s.overnight || d.in(6) {
		s.extra = append(s.extra, "XML8")
	}
	if s.patient.age >= 18 && s.patient.age < 60 && d.in(6) {
		s.extra = append(s.extra, "XML11")
	}
	if d.in(8) {
		s.extra = append(s.extra, "XML13")
	}
}
