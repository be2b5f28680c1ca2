package main_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"tramsync/testdata/gen"
)

// encodings are the forms in which a search looks for a text: UTF-8, UTF-16 and base64 at its three alignments.
func encodings(text string) [][]byte {
	var le, be []byte
	for _, u := range utf16.Encode([]rune(text)) {
		le = binary.LittleEndian.AppendUint16(le, u)
		be = binary.BigEndian.AppendUint16(be, u)
	}
	out := [][]byte{[]byte(text), le, be}
	for shift := range 3 {
		padded := append(bytes.Repeat([]byte{'x'}, shift), text...)
		b64 := base64.StdEncoding.EncodeToString(padded)
		// The first group mixes with what stands before, the last with what follows.
		from, to := []int{0, 4, 4}[shift], len(b64)-4
		if to > from+8 {
			out = append(out, []byte(b64[from:to]))
		}
	}
	return out
}

// hunt looks for texts in all files below the folders and says where it found one.
func hunt(t *testing.T, texts []string, places map[string][]byte) []string {
	t.Helper()
	var found []string
	for _, text := range texts {
		for _, form := range encodings(text) {
			for name, content := range places {
				if bytes.Contains(content, form) {
					found = append(found, text+" in "+name)
				}
			}
		}
	}
	return found
}

func readFolder(t *testing.T, places map[string][]byte, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		places[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWithheld_visits_leave_no_trace: G7. Alone in a file and among others, delivered and waiting in the queue.
func TestWithheld_visits_leave_no_trace(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	src := gen.New(7)
	var secret, open []string
	for i, kind := range gen.Kinds() {
		v, w, clean := src.Visit(10+i).Withheld(kind), src.Visit(30+i).Withheld(kind), src.Visit(50+i)
		secret = append(append(secret, v.Identifiers()...), w.Identifiers()...)
		open = append(open, clean.Identifiers()...)
		s.drop(s.his, "ho_so_"+string(rune('a'+i))+".xml", gen.File(gen.Envelope{Wrap: 64}, v))
		s.drop(s.his, "nhieu_"+string(rune('a'+i))+".xml",
			gen.File(gen.Envelope{Inline: i%2 == 0, UTF16: i == 3}, clean, w))
	}
	s.drop(s.his, "mix.xml", s.sample("his4750_exclusion_mix.xml"))
	for _, n := range []string{"7", "8", "9"} {
		secret = append(secret, "99001_2026_11_BN00000"+n+"_"+n, "00019900000"+n, "GD499990000000"+n, "HS00000"+n)
	}
	s.warehouse.kill()
	a := s.startAgent()
	s.await("collected", func(n snapshot) bool { return n.Total.Files == 11 && n.Intake.Waiting == 0 })
	waiting := map[string][]byte{"log": []byte(s.agent("status").out)}
	a.kill()
	readFolder(t, waiting, s.data)
	waiting["agent's log"] = []byte(s.logs.String())
	s.startWarehouse()
	s.once()
	done := map[string][]byte{"agent's log": []byte(s.logs.String())}
	readFolder(t, done, s.data)
	readFolder(t, done, s.central)
	readFolder(t, done, filepath.Dir(s.central)+"/central.log")
	done["records"] = []byte(s.must(s.centre("records", "--json", "--all")))
	for _, places := range []map[string][]byte{waiting, done} {
		if found := hunt(t, secret, places); len(found) > 0 {
			t.Errorf("%d traces of withheld visits:\n%s", len(found), strings.Join(found, "\n"))
		}
	}
	// Controls: the search finds what is there, and the visits beside the withheld ones were taken in.
	if found := hunt(t, open, done); len(found) < len(open) {
		t.Errorf("the search found %d of %d identifiers that must be there", len(found), len(open))
	}
	exports := map[string][]byte{}
	readFolder(t, exports, s.his)
	if found := hunt(t, secret, exports); len(found) < len(gen.Kinds()) {
		t.Errorf("the search finds only %d traces in the exports themselves", len(found))
	}
	if n := len(s.records()); n != len(gen.Kinds())+1 {
		t.Errorf("%d records stored, want %d", n, len(gen.Kinds())+1)
	}
	withheld := 0
	for _, n := range s.status().Total.Withheld {
		withheld += n
	}
	if want := 2*len(gen.Kinds()) + 3; withheld != want {
		t.Errorf("%d withheld, want %d", withheld, want)
	}
}

// TestWaiting_records_are_sealed: nothing of a clean visit is readable at rest either.
func TestWaiting_records_are_sealed(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	s.warehouse.kill()
	v := gen.New(8).Visit(1)
	path := s.drop(s.his, "NGUYEN VAN BI MAT.xml", gen.File(gen.Envelope{}, v))
	a := s.startAgent()
	s.await("collected", func(n snapshot) bool { return n.Queue.Pending == 1 })
	a.kill()
	places := map[string][]byte{"agent's log": []byte(s.logs.String())}
	readFolder(t, places, s.data)
	if found := hunt(t, append(v.Identifiers(), "NGUYEN VAN BI MAT", path), places); len(found) > 0 {
		t.Errorf("readable at rest: %v", found)
	}
}
