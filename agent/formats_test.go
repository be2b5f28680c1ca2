package main_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
	"tramsync/testdata/zoo"
)

// TestWithheld_records_of_every_format_leave_no_trace: G7, G8, with the agent killed on its way and the warehouse away.
func TestWithheld_records_of_every_format_leave_no_trace(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	s.configureFeeds(everyFormat)
	s.warehouse.kill()
	clean := s.exhibit(t, 100, false)
	a := s.startAgent()
	s.await("half of them", func(n snapshot) bool { return n.Total.Files >= len(clean)/2 })
	a.kill()
	secret := s.exhibit(t, 200, true)
	files := len(clean) + len(secret)
	a = s.startAgent()
	s.await("collected", func(n snapshot) bool { return n.Total.Files == files && n.Intake.Waiting == 0 })
	said := s.agent("queue", "ls", "--json").out
	a.kill()
	waiting := map[string][]byte{"agent's log": []byte(s.logs.String()), "queue ls": []byte(said)}
	readFolder(t, waiting, s.data)
	names := namesOf(clean, secret)
	if found := hunt(t, append(names, zoo.Canary), waiting); len(found) > 0 {
		t.Errorf("readable while it waits:\n%s", strings.Join(found, "\n"))
	}

	s.startWarehouse()
	s.once()
	done := map[string][]byte{"agent's log": []byte(s.logs.String()),
		"records": []byte(s.must(s.centre("records", "--json", "--all"))), "originals": s.originals()}
	for _, folder := range []string{s.data, s.central, s.central + ".log"} {
		readFolder(t, done, folder)
	}
	if found := hunt(t, []string{zoo.Canary}, done); len(found) > 0 {
		t.Errorf("traces of what is withheld:\n%s", strings.Join(found, "\n"))
	}
	s.foundWhereItMustBe(t, names, secret, done)
	s.countedAs(t, names, secret)
}

// namesOf are those of everybody who must be taken in.
func namesOf(lists ...[]exhibit) []string {
	var out []string
	for _, e := range slices.Concat(lists...) {
		if !e.alone || !strings.Contains(e.content, zoo.Canary) {
			out = append(out, e.who)
		}
	}
	return out
}

// originals are all that the warehouse gives of them, errors too.
func (s *station) originals() []byte {
	s.t.Helper()
	var out []byte
	for _, r := range s.records("--all") {
		o := s.centre("original", r.ID)
		out = append(out, o.out+o.err...)
	}
	return out
}

// foundWhereItMustBe is the control of the search.
func (s *station) foundWhereItMustBe(t *testing.T, names []string, secret []exhibit, done map[string][]byte) {
	t.Helper()
	database := maps.Clone(done)
	maps.DeleteFunc(database, func(place string, _ []byte) bool { return filepath.Dir(place) != s.central })
	for _, name := range names {
		for what, places := range map[string]map[string][]byte{"the list of records": {"": done["records"]},
			"the warehouse's files": database} {
			if len(hunt(t, []string{name}, places)) == 0 {
				t.Errorf("%s isn't found in %s", name, what)
			}
		}
	}
	for _, e := range secret {
		if len(hunt(t, []string{zoo.Canary}, map[string][]byte{"": []byte(e.content)})) == 0 {
			t.Errorf("the search finds nothing in %s itself", e.name)
		}
	}
}

// countedAs checks what was kept, and that each secret was found by the rule that it is for, at the station: the
// warehouse had nothing to refuse.
func (s *station) countedAs(t *testing.T, names []string, secret []exhibit) {
	t.Helper()
	withheld, trimmed := map[string]int{}, map[string]int{}
	for _, e := range secret {
		if e.trimmed {
			trimmed[e.rule]++
		} else {
			withheld[e.rule]++
		}
	}
	n := s.status()
	if diff := cmp.Diff(withheld, n.Total.Withheld); diff != "" {
		t.Errorf("withheld by rule (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(trimmed, n.Total.Trimmed); diff != "" {
		t.Errorf("trimmed by rule (-want +got):\n%s", diff)
	}
	if n.Total.Erased+n.Total.Dead+n.Total.FilesRejected > 0 || n.Total.Stored != len(names) {
		t.Errorf("of %d records: %+v, rejected %+v", len(names), n.Total, n.Rejected)
	}
	s.stored(t, "in the end", len(names), len(names))
}

// TestOriginal_of_every_format: the file byte for byte, or where in it the row stood.
func TestOriginal_of_every_format(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	s.configureFeeds(everyFormat)
	began := time.Now().Add(-time.Minute)
	list := s.exhibit(t, 100, false)
	s.once()
	ids := s.idsBy(func(line string) string {
		i := slices.IndexFunc(list, func(e exhibit) bool { return strings.Contains(line, e.who) })
		return list[max(i, 0)].who
	})
	files := map[string]bool{}
	for _, e := range list {
		got := s.must(s.centre("original", ids[e.who]))
		if e.origin == (wire.Origin{}) {
			if got != e.content {
				t.Errorf("%s in %s: %d bytes came back of %d, not the same", e.name, e.feed, len(got), len(e.content))
			}
			continue
		}
		var place struct {
			wire.Origin
			Station, Feed string
			Received      time.Time
		}
		if err := json.Unmarshal([]byte(got), &place); err != nil {
			t.Errorf("%s in %s: %v in %q", e.name, e.feed, err, got)
			continue
		}
		want := e.origin
		want.SHA256, want.File = fmt.Sprintf("%x", sha256.Sum256([]byte(e.content))), place.File
		if diff := cmp.Diff(want, place.Origin); diff != "" {
			t.Errorf("%s in %s (-want +got):\n%s", e.name, e.feed, diff)
		}
		if place.Station != "99001" || place.Feed != e.feed || place.Received.Before(began) || len(place.File) != 16 {
			t.Errorf("%s in %s: %s", e.name, e.feed, got)
		}
		files[place.File] = true
	}
	if want := 2 * (len(specimens()) - len(documents())); len(files) != want {
		t.Errorf("rows of %d files have %d hashes of paths", want, len(files))
	}
}

// idsBy are the ids of current records, by what name makes of the line that lists them.
func (s *station) idsBy(name func(line string) string) map[string]string {
	s.t.Helper()
	out := map[string]string{}
	for line := range strings.Lines(s.must(s.centre("records", "--json"))) {
		var r stored
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			s.t.Fatalf("%v in %.80s", err, line)
		}
		out[name(line)] = r.ID
	}
	return out
}
