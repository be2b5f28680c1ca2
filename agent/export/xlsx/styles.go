package xlsx

import (
	"encoding/xml"
	"strconv"
	"strings"
)

const maxFormats = 100_000 // Excel has at most 65,490 styles

// format says how a cell shows its number.
type format struct {
	kind  formatKind
	width int // of padded
}

type formatKind int

const (
	plain   formatKind = iota
	date               // a day, or a day and its time
	clock              // a time of day
	elapsed            // hours that may be more than a day's
	padded             // zeros alone: a number of a fixed width, as people make Excel keep leading zeros
)

func (w *Workbook) readStyles(name string) error {
	codes := map[int]format{}
	return w.archive.each(name, func(p *part, t xml.StartElement) error {
		switch {
		case t.Name.Local == "numFmt" && p.within("numFmts", "numFmt"):
			id, err := strconv.Atoi(attr(t, "numFmtId"))
			if err != nil || len(codes) == maxFormats {
				return fault(Damaged)
			}
			codes[id] = classify(attr(t, "formatCode"))
		case t.Name.Local == "xf" && p.within("cellXfs", "xf"):
			if len(w.formats) == maxFormats {
				return fault(Limit)
			}
			id, err := strconv.Atoi(attr(t, "numFmtId"))
			if err != nil {
				id = 0
			}
			f, custom := codes[id]
			if !custom {
				f = builtin(id)
			}
			w.formats = append(w.formats, f)
		}
		return nil
	})
}

// builtin gives the formats that a file doesn't spell out (ECMA-376 part 1, 18.8.30); 27 to 36 and 50 to 58 are dates
// in East Asian programs.
func builtin(id int) format {
	switch {
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 36, id >= 50 && id <= 58:
		return format{kind: date}
	case id >= 18 && id <= 21, id == 45, id == 47:
		return format{kind: clock}
	case id == 46:
		return format{kind: elapsed}
	}
	return format{}
}

// classify reads a format code as far as its first section: letters of dates outside quotes and brackets. An m beside
// hours or seconds is minutes.
func classify(code string) format {
	letters, brackets := skeleton(code)
	letters = strings.NewReplacer("am/pm", "", "a/p", "").Replace(letters)
	switch {
	case strings.ContainsAny(letters, "dy"), strings.Contains(letters, "m") && !strings.ContainsAny(letters, "hs") &&
		!strings.ContainsAny(brackets, "hms"):
		return format{kind: date}
	case strings.ContainsAny(brackets, "hms"):
		return format{kind: elapsed}
	case strings.ContainsAny(letters, "hs"):
		return format{kind: clock}
	case len(code) > 1 && strings.Trim(code, "0") == "":
		return format{kind: padded, width: len(code)}
	}
	return format{}
}

// skeleton is a format code's first section in lower case without what is shown as it stands, and apart from it the
// units of elapsed time in brackets. Other brackets hold colours, conditions and languages.
func skeleton(code string) (letters, brackets string) {
	var b, in strings.Builder
	code = strings.ToLower(code)
	for i := 0; i < len(code) && code[i] != ';'; i++ {
		switch code[i] {
		case '"', '[':
			closing := "\""
			if code[i] == '[' {
				closing = "]"
			}
			n := strings.Index(code[i+1:], closing)
			if n < 0 {
				return b.String(), in.String()
			}
			inner := code[i+1 : i+1+n]
			if closing == "]" && inner != "" && strings.Trim(inner, inner[:1]) == "" {
				in.WriteString(inner[:1])
			}
			i += n + 1
		case '\\', '_', '*':
			i++
		default:
			b.WriteByte(code[i])
		}
	}
	return b.String(), in.String()
}
