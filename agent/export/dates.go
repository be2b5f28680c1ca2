package export

import (
	"strings"
	"time"
)

// isoDate turns a date as V20 exports write it into yyyy-mm-dd, with the time when there is one. Anything else, and
// dates that don't exist, stay as they are: agent/check flags them.
func isoDate(value string) string {
	v := strings.TrimSpace(value)
	for _, layout := range []string{"02/01/2006", "2/1/2006", "2006-01-02", "02-01-2006", "2-1-2006", "20060102",
		"02.01.2006"} {
		if t, err := time.Parse(layout, v); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	for _, layout := range []string{"02/01/2006 15:04", "02/01/2006 15:04:05", "2/1/2006 15:04", "2/1/2006 15:04:05",
		"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "200601021504",
		"20060102150405"} {
		// Parse takes fractions of a second that no layout has: such a value would lose them.
		if t, err := time.Parse(layout, v); err == nil && t.Nanosecond() == 0 {
			return t.Format("2006-01-02T15:04:05")
		}
	}
	return value
}
