package export

import (
	"regexp"
	"strings"

	"tramsync/sync/wire"
)

// exponent is a number as spreadsheets show what is too long for them: 1.23457E+11, in Vietnamese ones 1,23457E+11.
var exponent = regexp.MustCompile(`^[0-9]([.,][0-9]+)?[eE]\+[0-9]+$`)

// typed turns a value into its column's form.
func (r *Record) typed(c Column, value string) string {
	switch c.Type {
	case Date:
		return isoDate(value)
	case CCCD:
		r.flagExponent(c.Name, value)
		return r.cccd(c.Name, value)
	}
	return value
}

// cccd puts the zeros of province and sex back that a spreadsheet took from the front of twelve digits.
func (r *Record) cccd(name, value string) string {
	value = strings.TrimSpace(value)
	if n := len(value); n < 10 || n > 11 || strings.Trim(value, "0123456789") != "" {
		return value
	}
	r.Findings = append(r.Findings, wire.Finding{Code: "cccd-padded", At: "row." + name})
	return "00"[:12-len(value)] + value
}

// flagExponent flags an identity of which a spreadsheet kept the first digits only.
func (r *Record) flagExponent(name, value string) {
	if exponent.MatchString(strings.TrimSpace(value)) {
		r.Findings = append(r.Findings, wire.Finding{Code: "excel-number", At: "row." + name})
	}
}
