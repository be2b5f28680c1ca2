package intake

import (
	"context"
	"errors"
	"fmt"

	"tramsync/agent/export"
	"tramsync/sync/wire"
)

// Preview is what taking a file in would give. It holds counts and places, nothing of any person.
type Preview struct {
	Records  int            `json:"records"`            // that would be taken in
	Kinds    map[string]int `json:"kinds"`              // of them, by kind
	Withheld map[string]int `json:"withheld,omitempty"` // by rule
	Trimmed  map[string]int `json:"trimmed,omitempty"`  // records that fields would be cut out of, by rule
	Findings map[string]int `json:"findings,omitempty"` // by code
	Places   []Place        `json:"places,omitempty"`   // of the findings, the first hundred
	// Fault is why the file would be rejected; then all else is what came before it.
	Fault *export.FormatError `json:"fault,omitempty"`
}

// Place is where a finding is.
type Place struct {
	HoSo int    `json:"hoso,omitempty"`
	Line int    `json:"line,omitempty"`
	Row  int    `json:"row,omitempty"`
	At   string `json:"at"`
	Code string `json:"code"`
}

const maxPlaces = 100

// Preview reads a file as TakeIn would and keeps nothing. An error is about the file as a file (missing, not readable),
// a fault of its content is in the result.
func (in *Intake) Preview(ctx context.Context, f File) (Preview, error) {
	feed, ok := in.feeds[f.Feed]
	if !ok {
		return Preview{}, fmt.Errorf("preview file: unknown feed %q", f.Feed)
	}
	p := Preview{Kinds: map[string]int{}, Withheld: map[string]int{}, Trimmed: map[string]int{},
		Findings: map[string]int{}}
	if rule := in.s.Rules.File(feed.Settings.Kind, f.Path, f.Feed); rule != "" {
		p.Withheld[rule]++
		return p, nil
	}
	src, err := in.load(ctx, f)
	if err != nil {
		return Preview{}, err
	}
	defer src.close()
	err = in.read(ctx, src, reading{
		feed: feed, fileID: noFileID,
		withhold: func(rule string) { p.Withheld[rule]++ },
		trim:     func(rule string) { p.Trimmed[rule]++ },
		retract:  func(wire.Event) error { return nil },
		keep:     func(it item) error { p.add(it.event); return nil },
	})
	var fe *export.FormatError
	if errors.As(err, &fe) {
		p.Fault = fe
		return p, nil
	}
	return p, err
}

// noFileID is as long as a file's id, so that records have the size they would have.
const noFileID = "0000000000000000"

func (p *Preview) add(e wire.Event) {
	p.Records++
	if _, kind, err := wire.ParseType(e.Type); err == nil {
		p.Kinds[kind]++
	}
	for _, finding := range e.Data.Findings {
		p.Findings[finding.Code]++
		if len(p.Places) < maxPlaces {
			o := e.Data.Origin
			p.Places = append(p.Places, Place{HoSo: o.HoSo, Line: o.Line, Row: o.Index, At: finding.At,
				Code: finding.Code})
		}
	}
}
