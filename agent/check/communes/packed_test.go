package communes_test

import (
	"bytes"
	"encoding/binary"
	"flag"
	"maps"
	"os"
	"slices"
	"testing"
)

const maxCode = 1 << 15

// With -update, as go generate gives it, communes.bin is made anew.
func TestPacked_is_made_of_the_lists(t *testing.T) {
	want := pack(t, read(t))
	if update := flag.Lookup("update"); update.Value.String() == "true" {
		if err := os.WriteFile("communes.bin", want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("communes.bin")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Error("communes.bin isn't what the lists make: run go generate ./agent/check/communes")
	}
	if len(got) > 20<<10 {
		t.Errorf("communes.bin has %d bytes", len(got))
	}
}

// TestMain knows the flag that go generate gives.
func TestMain(m *testing.M) {
	flag.Bool("update", false, "make communes.bin anew")
	flag.Parse()
	m.Run()
}

// pack writes the lists as the package's doc comment says.
func pack(t *testing.T, l lists) []byte {
	t.Helper()
	where := maps.Clone(l.province) // of old communes too
	for old, list := range l.successors {
		for _, c := range list {
			if p, ok := where[old]; ok && p != l.province[c] {
				t.Fatalf("%05d lies in two provinces", old)
			}
			where[old] = l.province[c]
		}
	}
	out := append(bits(maps.Keys(l.province)), bits(maps.Keys(l.successors))...)
	out = append(out, provinceRuns(where)...)
	blocks, stream := conversions(l.successors)
	return append(append(out, blocks...), stream...)
}

func bits(codes func(func(int) bool)) []byte {
	out := make([]byte, maxCode/8)
	for c := range codes {
		out[c/8] |= 1 << (c % 8)
	}
	return out
}

func provinceRuns(where map[int]int) []byte {
	out, last := []byte{0}, 0
	for _, c := range slices.Sorted(maps.Keys(where)) {
		if where[c] != last {
			last = where[c]
			out[0]++
			out = append(binary.BigEndian.AppendUint16(out, uint16(c)), byte(last))
		}
	}
	return out
}

func conversions(successors map[int][]int) (blocks, stream []byte) {
	for c := range maxCode {
		if c%256 == 0 {
			blocks = binary.BigEndian.AppendUint16(blocks, uint16(len(stream)))
		}
		from, list := c, successors[c]
		for i, to := range list {
			n := uint64(max(to-from, from-to)) << 2
			if to < from {
				n |= 2
			}
			if i < len(list)-1 {
				n |= 1
			}
			stream = binary.AppendUvarint(stream, n)
			from = to
		}
	}
	return blocks, stream
}
