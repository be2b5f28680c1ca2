package intake

import (
	"strings"
	"time"

	"tramsync/agent/export"
	"tramsync/sync/wire"
)

// withheld deals with a record that a rule keeps out: what was sent of it earlier is taken back. Where the key is a
// fingerprint that can only be the same content, which older rules allowed.
func (in *Intake) withheld(r *export.Record, read time.Time, to reading) error {
	if in.keyExcluded(to.feed, r) {
		return nil
	}
	s := to.feed.Settings
	return to.retract(wire.NewEvent(in.s.Station, to.feed.Name, s.System, r.Kind, read,
		wire.Retraction(r.Key, r.Facility)))
}

// keyExcluded reports whether the rules would keep out what a retraction consists of. Its key may have been allowed by
// earlier rules; it must not be sent once more.
func (in *Intake) keyExcluded(feed Feed, r *export.Record) bool {
	known := map[string]string{"KEY": strings.Join(r.Key, " "), "FACILITY": r.Facility}
	for _, column := range feed.Settings.Key { // by their own names, which rules may ask for
		if v, ok := r.Row[column]; ok {
			known[column] = v
		}
	}
	drop, columns, _ := in.s.Rules.Row(r.Kind, known, nil)
	return drop != "" || len(columns) > 0
}
