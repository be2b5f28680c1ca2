package export

import (
	"strings"
	"time"
)

// Shape is what a value looks like.
type Shape string

// The shapes. A value has the first that fits.
const (
	ShapeDigits12 Shape = "digits12"   // as identity numbers
	ShapeDate     Shape = "date"       // in a layout that the decoders know, of a year from 1900 to 2100
	ShapeDigits9  Shape = "digits9-11" // as older identity numbers, insurance numbers, telephones
	ShapeNumber   Shape = "number"
	ShapeICD      Shape = "icd" // one code or several as in ICD-10
	ShapeText     Shape = "text"
)

func shapeOf(value string) Shape {
	digits := strings.Trim(value, "0123456789") == ""
	switch n := len(value); {
	case digits && n == 12 && value[0] == '0':
		return ShapeDigits12
	case isDate(value):
		return ShapeDate
	case digits && n == 12:
		return ShapeDigits12
	case digits && n >= 9 && n <= 11:
		return ShapeDigits9
	case isDecimal(value):
		return ShapeNumber
	case isICD(value):
		return ShapeICD
	}
	return ShapeText
}

func isDate(value string) bool {
	day, _, _ := strings.Cut(isoDate(value), "T")
	t, err := time.Parse(time.DateOnly, day)
	return err == nil && t.Year() >= 1900 && t.Year() <= 2100
}

// isDecimal takes a decimal point or comma.
func isDecimal(value string) bool {
	whole, part, _ := strings.Cut(strings.Replace(strings.TrimPrefix(value, "-"), ",", ".", 1), ".")
	return whole != "" && strings.Trim(whole+part, "0123456789") == ""
}

func isICD(value string) bool {
	codes := strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(";, ", r) })
	for _, code := range codes {
		code = strings.Replace(strings.TrimRight(code, "†*+"), ".", "", 1)
		if len(code) < 3 || len(code) > 5 || code[0] < 'A' || code[0] > 'Z' || strings.Trim(code[1:], "0123456789") != "" {
			return false
		}
	}
	return len(codes) > 0
}
