package check

import (
	"strings"

	"tramsync/sync/wire"
)

// around checks what stands around the tables.
func (w *walk) around(v *wire.Visit, facility string) {
	if facility = strings.TrimSpace(facility); w.checker.foreign(facility) {
		w.foreign = facility
	}
	if sender := strings.TrimSpace(v.Sender); sender != "" && !isFacility(sender) {
		w.found.add(FacilityFormat, "THONGTINDONVI.MACSKCB")
	} else if !w.checker.placed(sender) {
		w.found.add(FacilityProvince, "THONGTINDONVI.MACSKCB")
	}
	issued := issuedOn(v)
	if issued == "" {
		return
	}
	if code := dateFault(issuedKind, "NGAYLAP", issued, w.latest); code != "" {
		w.found.add(code, "THONGTINHOSO.NGAYLAP")
	}
	if m, ok := parseDate(issuedKind, issued); ok {
		w.issued = m
	}
}

// issuedOn is NGAYLAP as it stands before the documents, "" where there is none.
func issuedOn(v *wire.Visit) string {
	if len(v.Envelope.Parts) == 0 {
		return ""
	}
	_, rest, found := strings.Cut(v.Envelope.Parts[0], "<NGAYLAP>")
	issued, _, ended := strings.Cut(rest, "</NGAYLAP>")
	if !found || !ended {
		return ""
	}
	return strings.TrimSpace(issued)
}
