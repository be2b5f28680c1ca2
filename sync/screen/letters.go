package screen

import (
	"golang.org/x/text/unicode/norm"
)

// letter is a precomposed letter as a folder folds it.
type letter struct {
	folded string // "" for what is no letter
	tone   rune
}

// The blocks of Unicode in which the letters of Vietnamese and its neighbours stand.
const (
	latinFrom, latinTo           = 0x00c0, 0x024f
	vietnameseFrom, vietnameseTo = 0x1ea0, 0x1ef9
	letterCount                  = latinTo - latinFrom + 1 + vietnameseTo - vietnameseFrom + 1
)

// letters are those of both blocks, one behind the other.
var letters = foldLetters()

func foldLetters() (out [letterCount]letter) {
	at := 0
	for _, block := range [][2]rune{{latinFrom, latinTo}, {vietnameseFrom, vietnameseTo}} {
		for r := block[0]; r <= block[1]; r++ {
			var f folder
			for _, d := range norm.NFKD.String(string(r)) {
				f.rune(d)
			}
			if f.letterInText && len(f.ends) == 0 {
				out[at] = letter{folded: string(f.folded), tone: f.tone}
			}
			at++
		}
	}
	return out
}

// letterAt is a letter's place in letters, or -1.
func letterAt(r rune) int {
	at := -1
	switch {
	case r >= latinFrom && r <= latinTo:
		at = int(r - latinFrom)
	case r >= vietnameseFrom && r <= vietnameseTo:
		at = int(r-vietnameseFrom) + latinTo - latinFrom + 1
	}
	if at >= 0 && letters[at].folded == "" {
		return -1
	}
	return at
}
