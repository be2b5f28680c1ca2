package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"tramsync/agent/intake"
	"tramsync/testdata/zoo"
)

// What the station takes in, the warehouse's own screening doesn't refuse: a refused record would be erased.
func TestBothEndsJudgeAlike(t *testing.T) {
	odd := strings.Replace(zoo.Visits(zoo.HoSo(zoo.Doc("XML1", zoo.Summary("L1")))), "<GIAMDINHHS>",
		"<!-- \xff --><GIAMDINHHS>", 1)
	cases := append(zooFiles(t), zoo.Case{Name: "kept whole", Settings: feeds()[0].Settings, File: odd})
	s := newStation(t, func(set *intake.Settings) {
		for i, c := range cases {
			set.Feeds = append(set.Feeds, intake.Feed{Name: fmt.Sprint("zoo-", i), Settings: c.Settings})
		}
	})
	whole, trimmed := 0, 0
	for i, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			s.t = t
			for _, e := range s.take(s.write(fmt.Sprint("zoo-", i), fmt.Sprint(i, ".x"), c.File)) {
				if excluded, err := s.settings.Rules.Excluded(&e); excluded || err != nil {
					t.Errorf("excluded: %v, %v", excluded, err)
				}
				if v := e.Data.Visit; v != nil && v.Envelope.Whole != nil {
					whole++
				}
				if v := e.Data.Visit; v != nil && v.Envelope.Trimmed {
					trimmed++
				}
			}
		})
	}
	if whole == 0 || trimmed == 0 {
		t.Errorf("%d records hold their file whole, %d were trimmed", whole, trimmed)
	}
}
