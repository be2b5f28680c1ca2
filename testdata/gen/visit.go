package gen

import (
	"fmt"
	"slices"
	"strings"
)

// Max bounds the numbers of visits and rows: they lie in [0, Max).
const Max = 1_000_000

// Standard is the decision that a visit's tables follow.
type Standard string

// The decisions in use: QĐ 4750/QĐ-BYT since 01/07/2024, QĐ 4210/QĐ-BYT before.
const (
	QD4750 Standard = "4750"
	QD4210 Standard = "4210"
)

// Source makes visits and rows from a seed.
type Source struct{ seed uint64 }

// New returns the source of a seed.
func New(seed uint64) *Source { return &Source{seed: seed} }

// Each kind of item has dice of its own.
const (
	visitDice uint64 = iota + 1
	vaccinationDice
	nutritionDice
	childDice
)

// Doc is one table of a visit as it stands in an export before base64.
type Doc struct {
	Type    string // LOAIHOSO: XML1, XML2 …
	Content string // inner XML in UTF-8, with or without a declaration, one line
}

// Visit is one HOSO.
type Visit struct {
	MaLK     string // unique within Facility; one of three forms, by n
	MaBN     string
	Facility string // MA_CSKCB
	Standard Standard
	Docs     []Doc // in the order of the table numbers; XML1, XML2, XML3 and XML5 always

	identifiers []string
}

// Visit returns the n-th visit of the seed. About 92 of 100 follow QĐ 4750, the
// others QĐ 4210. It panics unless n lies in [0, Max).
func (s *Source) Visit(n int) Visit {
	checkNumber(n)
	std := QD4750
	if n%13 == 5 {
		std = QD4210
	}
	st := newStay(roll(s.seed, visitDice, n), n, std)
	v := Visit{MaLK: st.key, MaBN: st.patient.code, Facility: facility, Standard: std}
	for _, t := range st.tables() {
		v.Docs = append(v.Docs, Doc{t.name, st.render(t)})
	}
	p := st.patient
	for _, id := range longOnes(st.key, p.name, p.code, p.cccd, p.card, p.phone, p.mother) {
		if slices.ContainsFunc(v.Docs, func(d Doc) bool { return strings.Contains(d.Content, id) }) {
			v.identifiers = append(v.identifiers, id)
		}
	}
	return v
}

func checkNumber(n int) {
	if n < 0 || n >= Max {
		panic(fmt.Sprintf("gen: number %d outside [0, %d)", n, Max))
	}
}

// Identifiers returns the strings that this visit's tables hold and no other's: names,
// CCCD, card, patient code, telephone, MA_LK. A MA_LK of seven digits is left out,
// being short enough to occur by chance.
func (v Visit) Identifiers() []string { return v.identifiers }

// render writes a table down. Vendors with long MA_LK put a declaration before
// inner documents, the others don't; QĐ 4210 was always without.
func (s stay) render(t table) string {
	if s.std == QD4210 {
		for i, row := range t.rows {
			t.rows[i] = s.older(t.name, row)
		}
	}
	content := document(s.std, t.name, t.rows...)
	if s.std == QD4750 && strings.Contains(s.key, "_") {
		return declaration + content
	}
	return content
}
