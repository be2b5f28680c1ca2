package gen_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/testdata/gen"
)

func readCSV(t *testing.T, file []byte) [][]string {
	t.Helper()
	text, hasBOM := bytes.CutPrefix(file, []byte("\ufeff"))
	if !hasBOM {
		t.Fatal("no BOM")
	}
	if bytes.Count(text, []byte("\n")) != bytes.Count(text, []byte("\r\n")) {
		t.Error("line ends are not all CRLF")
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func sample(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("../exports/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestVaccinationCSV(t *testing.T) {
	rows := gen.New(1).Vaccinations(10, 60)
	got := readCSV(t, gen.VaccinationCSV(rows...))
	t.Run("has the columns of the sample", func(t *testing.T) {
		if diff := cmp.Diff(readCSV(t, sample(t, "v20_tiem_chung_like.csv"))[0], got[0]); diff != "" {
			t.Errorf("header (-sample +got):\n%s", diff)
		}
	})
	t.Run("has one line a row, with the row's key", func(t *testing.T) {
		if len(got) != 51 {
			t.Fatalf("%d lines, want 51", len(got))
		}
		for i, line := range got[1:] {
			key := []string{line[1], line[6], line[7], line[9]}
			if diff := cmp.Diff(rows[i].Key(), key); diff != "" {
				t.Errorf("row %d (-want +got):\n%s", i, diff)
			}
		}
	})
	t.Run("quotes a vaccine that holds a semicolon", func(t *testing.T) {
		if !strings.Contains(string(gen.VaccinationCSV(rows...)), `;"DPT; nhắc lại";`) {
			t.Error("no such vaccine")
		}
	})
}

func TestSource_Vaccinations(t *testing.T) {
	s := gen.New(1)
	rows := s.Vaccinations(0, 2000)
	t.Run("are the same in any slice of numbers", func(t *testing.T) {
		if diff := cmp.Diff(rows[700:710], s.Vaccinations(700, 710)); diff != "" {
			t.Errorf("rows 700 to 709 differ:\n%s", diff)
		}
	})
	t.Run("have different keys", func(t *testing.T) {
		keys := map[string]int{}
		for i, r := range rows {
			key := strings.Join(r.Key(), "/")
			if other, taken := keys[key]; taken {
				t.Errorf("rows %d and %d share %s", i, other, key)
			}
			keys[key] = i
		}
	})
	t.Run("lack or spoil one CCCD in a hundred", func(t *testing.T) {
		missing, short := 0, 0
		for _, r := range rows {
			switch len(r.CCCD) {
			case 0:
				missing++
			case 11:
				short++
			case 12:
			default:
				t.Errorf("CCCD %s", r.CCCD)
			}
		}
		if missing != 10 || short != 10 {
			t.Errorf("%d missing, %d short, want 10 and 10 of 2000", missing, short)
		}
	})
	t.Run("name persons that no other code has", func(t *testing.T) {
		for i, r := range rows[:200] {
			for j, other := range rows[:200] {
				shared := slices.ContainsFunc(r.Identifiers(), func(id string) bool {
					return slices.Contains(other.Identifiers(), id)
				})
				if shared != (i/4 == j/4) {
					t.Errorf("rows %d and %d: shared identifier %v", i, j, shared)
				}
			}
		}
	})
	t.Run("panic outside the numbers", func(t *testing.T) {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		s.Vaccinations(5, 4)
	})
}

// order lists the keys of the first object in the data list.
func order(t *testing.T, file []byte) []string {
	t.Helper()
	var reply struct {
		Code string
		Data []json.RawMessage
	}
	if err := json.Unmarshal(file, &reply); err != nil {
		t.Fatal(err)
	}
	if reply.Code != "200" || len(reply.Data) == 0 {
		t.Fatalf("code %s, %d rows", reply.Code, len(reply.Data))
	}
	d := json.NewDecoder(bytes.NewReader(reply.Data[0]))
	var keys []string
	for isKey := false; ; isKey = !isKey {
		token, err := d.Token()
		if err != nil {
			return keys
		}
		if name, ok := token.(string); ok && isKey {
			keys = append(keys, name)
		}
	}
}

func TestNutritionJSON(t *testing.T) {
	s := gen.New(1)
	rows := s.Nutrition(3, 40)
	file := gen.NutritionJSON(rows...)
	t.Run("has the fields of the sample in their order", func(t *testing.T) {
		want := order(t, sample(t, "v20_suy_dinh_duong_like.json"))
		if len(want) != 22 {
			t.Fatalf("the sample has %d fields", len(want))
		}
		if diff := cmp.Diff(want, order(t, file)); diff != "" {
			t.Errorf("fields (-sample +got):\n%s", diff)
		}
	})
	t.Run("holds the rows", func(t *testing.T) {
		var reply struct{ Data []gen.Nutrition }
		if err := json.Unmarshal(file, &reply); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(rows, reply.Data); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
	t.Run("holds rows with different keys and their own identifiers", func(t *testing.T) {
		keys := map[string]bool{}
		for _, r := range rows {
			keys[strings.Join(r.Key(), "/")] = true
			for _, id := range r.Identifiers() {
				if n := strings.Count(string(file), `"`+id+`"`); n != 1 {
					t.Errorf("%s stands %d times in the file", id, n)
				}
			}
		}
		if len(keys) != len(rows) {
			t.Errorf("%d keys of %d rows", len(keys), len(rows))
		}
	})
	t.Run("lists the children of the vaccination list", func(t *testing.T) {
		if a, b := s.Vaccinations(12, 13)[0], rows[0]; a.Code != b.Code || a.Name != b.Name || a.Born != b.Born {
			t.Errorf("child 3 is %s %s and %s %s", a.Code, a.Name, b.Code, b.Name)
		}
	})
	t.Run("without rows is an empty list", func(t *testing.T) {
		if got := string(gen.NutritionJSON()); !strings.Contains(got, `"data": []`) {
			t.Errorf("got %s", got)
		}
	})
}
