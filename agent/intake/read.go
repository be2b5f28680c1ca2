package intake

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"tramsync/agent/check"
	"tramsync/agent/export"
	"tramsync/sync/screen"
	"tramsync/sync/wire"
)

// stampRoom is what the stamp adds to a record when it is sent.
const stampRoom = 64

// reading is what is done with the records of one file, the same for TakeIn and Preview.
type reading struct {
	feed     Feed
	fileID   string
	withhold func(rule string)
	trim     func(rule string)
	retract  func(wire.Event) error // takes back what was sent for the event's key, if anything was
	keep     func(item) error
}

// item is a record ready for the queue.
type item struct {
	event   wire.Event
	payload []byte
}

// read decodes a file, screens and checks its records. A panic in a decoder becomes a fault of the file: one poisonous
// export must not stop the others.
func (in *Intake) read(ctx context.Context, src *source, to reading) (err error) {
	defer func() {
		if p := recover(); p != nil { // p may quote the file
			in.s.Log.Error("decoder fault", "feed", to.feed.Name, "stack", string(debug.Stack()))
			err = &export.FormatError{Code: "internal"}
		}
	}()
	now := in.s.Now()
	return export.Decode(ctx, src, to.feed.Settings, func(r *export.Record) error {
		v, it := in.judge(to.feed, r), item{}
		if v.Drop == "" {
			if err := dropPacked(to.feed, r); err != nil {
				return err
			}
			r.Origin.File, r.Origin.SHA256 = to.fileID, fmt.Sprintf("%x", src.sum)
			it.event = in.event(to.feed, r, now)
			v = in.judgeAgain(v, &it.event)
		}
		if v.Drop != "" {
			to.withhold(v.Drop)
			return in.withheld(r, now, to)
		}
		for _, rule := range v.CutBy {
			to.trim(rule)
		}
		var err error
		if it.payload, err = it.event.Marshal(); err != nil {
			return err
		}
		if len(it.payload) > wire.MaxRecordBytes-stampRoom {
			o := r.Origin
			return &export.FormatError{Code: "record-size", HoSo: o.HoSo, Line: o.Line, Row: o.Index}
		}
		return to.keep(it)
	})
}

// event makes the wire's record of a decoded one: flagged, and sealed against its original.
func (in *Intake) event(feed Feed, r *export.Record, read time.Time) wire.Event {
	r.Seal()
	findings := r.Findings
	if r.Visit != nil {
		findings = append(findings, in.s.Checker.Visit(r.Kind, r.Visit, r.Tables[:len(r.Visit.Documents)], r.Facility)...)
	} else {
		findings = append(findings, in.s.Checker.Row(r.Kind, r.Row, feed.Settings.Dates())...)
	}
	data := wire.Data{Key: r.Key, Facility: r.Facility, Findings: findings, Origin: r.Origin, Visit: r.Visit,
		Row: r.Row}
	return wire.NewEvent(in.s.Station, feed.Name, feed.Settings.System, r.Kind, read, data)
}

// judge screens a record and cuts out of it what must not be kept. What can't be cut out withholds the whole record.
func (in *Intake) judge(feed Feed, r *export.Record) screen.Verdict {
	if r.Visit == nil {
		return in.judgeRow(feed, r)
	}
	v := in.s.Rules.Record(r.Kind, r.Tables)
	if len(v.Cut) == 0 {
		return v
	}
	ranges, ok := v.Ranges(r.Visit, r.Tables)
	if !ok {
		return withheld(v)
	}
	for doc, list := range ranges {
		if err := r.CutVisit(doc, list); err != nil { // nothing is left of it, say
			return withheld(v)
		}
	}
	return v
}

// judgeAgain makes sure that nothing of what was cut out is left anywhere in the record, its key and findings included.
func (in *Intake) judgeAgain(v screen.Verdict, e *wire.Event) screen.Verdict {
	if len(v.CutBy) == 0 {
		return v
	}
	if excluded, err := in.s.Rules.Excluded(e); excluded || err != nil {
		return withheld(v)
	}
	return v
}

// withheld is for a record that can't be cut as a verdict says.
func withheld(v screen.Verdict) screen.Verdict { return screen.Verdict{Drop: v.CutBy[0]} }

// judgeRow can't cut out of a row what it is known by.
func (in *Intake) judgeRow(feed Feed, r *export.Record) screen.Verdict {
	drop, columns, by := in.s.Rules.Row(r.Kind, r.Row, r.Around)
	if drop != "" {
		return screen.Verdict{Drop: drop}
	}
	if slices.ContainsFunc(columns, feed.isKnownBy) || len(columns) > 0 && len(columns) == len(r.Row) {
		return screen.Verdict{Drop: by[0]}
	}
	if len(columns) > 0 {
		r.CutRow(columns)
	}
	return screen.Verdict{CutBy: by}
}

// isKnownBy reports whether rows of the feed are known by a column.
func (f Feed) isKnownBy(column string) bool {
	return column == f.Settings.Facility || slices.Contains(f.Settings.Key, column)
}

// dropPacked cuts columns out of a row that nobody can look into, and says so. Where nothing would be left to know the
// row by, the file can't be taken in.
func dropPacked(feed Feed, r *export.Record) error {
	columns := screen.Packed(r.Row)
	if len(columns) == 0 {
		return nil
	}
	at := slices.IndexFunc(columns, feed.isKnownBy)
	if at < 0 && len(columns) == len(r.Row) {
		at = 0
	}
	if at >= 0 {
		return &export.FormatError{Code: "unscreenable", Line: r.Origin.Line, Row: r.Origin.Index, Field: columns[at]}
	}
	r.CutRow(columns)
	for _, column := range columns {
		r.Findings = append(r.Findings, wire.Finding{Code: check.PackedDropped, At: "row." + column})
	}
	return nil
}
