// Package communes knows the codes of Vietnam's communes and provinces of the General Statistics Office: the 10,033
// communes that were until 30/06/2025, the 3,321 in 34 provinces that are since 01/07/2025, and which became which.
//
// It guarantees the content of new.csv and old_to_new.csv, the Government's lists of 2025, which are its sources:
// communes.bin is made of them, and a test compares. It holds no names.
//
// A code is no place: nearly all new communes took over an old one's code for a larger area. Codes that had been given
// up before 2025, and the few that changed early in that year, are unknown to it.
//
// It keeps no state and is safe for concurrent use.
//
//	communes.bin, 20 kB
//	  new    a bit for each code
//	  old    a bit for each code
//	  runs   number of them, then each one's first code and its province (both lists agree)
//	  blocks for each 256 codes, where in what follows their old communes begin
//	  what became of each old commune: new codes as distances, more to come marked by the lowest bit
package communes

import (
	_ "embed"
	"sort"
)

//go:generate go test -run TestPacked_is_made_of_the_lists -update

// Since is the day from which the new communes are valid, as yyyymmdd (NQ 202/2025/QH15).
const Since = 20250701

//go:embed communes.bin
var packed string

// Places in packed.
const (
	maxCode  = 1 << 15 // no code reaches it
	newAt    = 0
	oldAt    = newAt + maxCode/8
	runsAt   = oldAt + maxCode/8
	runSize  = 3
	perBlock = 256
)

// Code is a commune's code. The zero Code is no commune's.
type Code uint16

// Parse reads a code of five digits and reports whether it has this form. What no list can hold is the zero Code.
func Parse(s string) (Code, bool) {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	if n >= maxCode {
		n = 0
	}
	return Code(n), len(s) == 5
}

// Known reports whether the code is or was a commune's.
func (c Code) Known() bool { return c.in(newAt) || c.in(oldAt) }

// Valid reports whether the code was a commune's on a day, given as yyyymmdd.
func (c Code) Valid(day int) bool {
	if day < Since {
		return c.in(oldAt)
	}
	return c.in(newAt)
}

// Province is the province, of the 34, in which the commune lies today; 0 for an unknown code.
func (c Code) Province() int {
	if !c.Known() {
		return 0
	}
	after := sort.Search(runs(), func(i int) bool { return Code(pair(runsAt+1+i*runSize)) > c })
	return int(packed[runsAt+1+(after-1)*runSize+2])
}

// Successors are the new communes that have a part of an old one's area, in ascending order: one, or up to five of
// those 441 that were split. None for a code that wasn't in use before Since.
func (c Code) Successors() []Code {
	if !c.in(oldAt) {
		return nil
	}
	block := c / perBlock
	blocks := runsAt + 1 + runs()*runSize
	at := blocks + maxCode/perBlock*2 + pair(blocks+int(block)*2)
	var list []Code
	for before := block * perBlock; before < c; before++ {
		if before.in(oldAt) {
			_, at = entry(before, at, nil)
		}
	}
	list, _ = entry(c, at, list)
	return list
}

func (c Code) in(list int) bool { return c < maxCode && packed[list+int(c/8)]&(1<<(c%8)) != 0 }

func runs() int { return int(packed[runsAt]) }

// pair is a number of two bytes.
func pair(at int) int { return int(packed[at])<<8 | int(packed[at+1]) }

// entry reads what became of an old commune, adding it to list, and gives the place of the next one.
func entry(c Code, at int, list []Code) ([]Code, int) {
	for {
		n, shift := 0, 0
		for ; packed[at] >= 0x80; at++ {
			n |= int(packed[at]&0x7f) << shift
			shift += 7
		}
		n |= int(packed[at]) << shift
		at++
		distance := n >> 2
		if n&2 != 0 {
			distance = -distance
		}
		c = Code(int(c) + distance)
		list = append(list, c)
		if n&1 == 0 {
			return list, at
		}
	}
}
