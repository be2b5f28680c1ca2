package main_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tramsync/testdata/gen"
)

// TestExports_again: G4. The same files under the same and other names, and re-enveloped, give nothing new; a changed
// visit gives one revision, and changed back it is current again.
func TestExports_again(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	src := gen.New(5)
	visits := []gen.Visit{src.Visit(1), src.Visit(2), src.Visit(3)}
	first := gen.File(gen.Envelope{}, visits...)
	path := s.drop(s.his, "a.xml", first)
	list := gen.VaccinationCSV(src.Vaccinations(0, 10)...)
	s.drop(s.v20, "tiemchung_a.csv", list)
	s.once()
	s.stored(t, "the first time", 13, 13)

	s.drop(s.his, "a.xml", first)
	s.drop(s.his, "bản sao của a.xml", first)
	s.drop(s.v20, "tiemchung_b.csv", list)
	s.once()
	s.stored(t, "the same files again, and under other names", 13, 13)

	s.drop(s.his, "b.xml", gen.File(gen.Envelope{Date: "20261130", Wrap: 64, CRLF: true, BOM: true},
		visits[2], visits[0], visits[1]))
	s.drop(s.v20, "tiemchung_c.csv", gen.VaccinationCSV(src.Vaccinations(0, 12)...))
	s.once()
	s.stored(t, "in another envelope and order, the list with two more rows", 15, 15)

	s.drop(s.his, "c.xml", gen.File(gen.Envelope{Date: "20261201"}, visits[0], visits[1].Changed(), visits[2]))
	s.once()
	s.stored(t, "one visit changed", 15, 16)
	s.current(t, visits[1].Changed(), 2)

	later := time.Now().Add(time.Minute)
	s.drop(s.his, "a.xml", first)
	if err := os.Chtimes(path, later, later); err != nil {
		t.Fatal(err)
	}
	s.once()
	s.stored(t, "and changed back", 15, 17)
	s.current(t, visits[1], 3)

	history := map[string]bool{}
	for _, r := range s.records("--all") {
		if r.Subject == "99001/"+visits[1].MaLK {
			history[fmt.Sprint(r.Epoch, r.Sequence)] = true
		}
	}
	if len(history) != 3 {
		t.Errorf("%d stamps in the history, want 3", len(history))
	}
}

func (s *station) stored(t *testing.T, when string, current, all int) {
	t.Helper()
	if n := len(s.records()); n != current {
		t.Errorf("%s: %d records, want %d", when, n, current)
	}
	if n := len(s.records("--all")); n != all {
		t.Errorf("%s: %d revisions, want %d", when, n, all)
	}
}

// current checks a visit's current revision.
func (s *station) current(t *testing.T, v gen.Visit, revision int) {
	t.Helper()
	want := map[string]string{}
	expectVisits(want, v)
	for _, r := range s.records() {
		if content, ok := want[r.Subject]; ok {
			if r.Revision != revision || r.content() != content {
				t.Errorf("%s: revision %d, content as expected: %v; want revision %d",
					r.Subject, r.Revision, r.content() == content, revision)
			}
			return
		}
	}
	t.Errorf("no record of %s", v.MaLK)
}

// TestOriginal_is_given_back_byte_for_byte, whatever the exporter's habits are.
func TestOriginal_is_given_back_byte_for_byte(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	src := gen.New(6)
	files := map[string][]byte{}
	for _, name := range []string{
		"his4750_one.xml", "his4750_inline_and_empty_tables.xml", "his4750_inner_bom_utf16decl.xml",
		"his4750_utf16le_file.xml", "his4750_bare_xml1.xml", "his4210_one.xml", "his4750_signed.xml",
		"unknown_loaihoso.xml",
	} {
		files[name] = s.sample(name)
	}
	for i, e := range []gen.Envelope{
		{}, {Wrap: 64}, {Wrap: 76, CRLF: true, BOM: true, Signed: true}, {Inline: true, CRLF: true},
		{UTF16: true, Signed: true},
	} {
		files[fmt.Sprintf("gen%d.xml", i)] = gen.File(e, src.Visit(100+i))
	}
	seen := map[string]bool{}
	for name, content := range files {
		s.drop(s.his, name, content)
		s.once()
		found := false
		for _, r := range s.records() {
			if seen[r.ID] {
				continue
			}
			seen[r.ID], found = true, true
			if got := []byte(s.must(s.centre("original", r.ID))); !bytes.Equal(got, content) {
				t.Errorf("%s: %d bytes came back of %d, not the same", name, len(got), len(content))
			}
		}
		if !found {
			t.Errorf("%s: not stored", name)
		}
		if err := os.Remove(filepath.Join(s.his, name)); err != nil {
			t.Fatal(err)
		}
	}
}
