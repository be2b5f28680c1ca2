package export_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/export"
	"tramsync/sync/wire"
)

func TestDecode_origins_of_elements(t *testing.T) {
	s := export.Settings{Format: export.XML, Key: []string{"MA"}, Columns: []export.Column{{Name: "MA"}}}
	var got []string
	for _, r := range mustDecode(t, "<DS>\n\n<R><MA>1</MA>\n</R><R/>\n<X/><R\n MA=\"2\"/></DS>", s) {
		got = append(got, fmt.Sprint(r.Key[0], " index ", r.Origin.Index, " line ", r.Origin.Line))
	}
	if diff := cmp.Diff([]string{"1 index 1 line 3", "2 index 3 line 5"}, got); diff != "" {
		t.Errorf("origins (-want +got):\n%s", diff)
	}
}

func TestDecode_takes_rows_at_their_whole_path_alone(t *testing.T) {
	const file = "<DS><R><MA>1</MA></R><X><R><MA>2</MA></R></X></DS>"
	for path, want := range map[string]int{"/DS/R": 1, "/DS/X/R": 1, "R": 2, "/A/DS/R": 0, "/R": 0, "/X/R": 0, "/DS": 0} {
		s := export.Settings{Format: export.XML, Key: []string{"MA"}, Records: path}
		if list, _ := decode(t, file, s); len(list) != want {
			t.Errorf("%d rows are %s, want %d", len(list), path, want)
		}
	}
}

// Whatever stands around the rows may say of all of them what none says of itself.
func TestRecord_Around(t *testing.T) {
	for _, c := range []struct {
		name, format, file string
		want               []wire.Field
	}{
		{"elements", export.XML, `<DS d="a"><!-- b --><T>Danh <![CDATA[sách]]></T>c<R><MA>1</MA></R><?e f?><R><MA>2</MA>` +
			`</R><K><L m="g"/></K></DS><!-- h -->`,
			[]wire.Field{{Name: "DS@d", Value: "a"}, {Name: "#comment", Value: " b "}, {Name: "T", Value: "Danh sách"},
				{Name: "DS", Value: "c"}, {Name: "#instruction", Value: "e f"}, {Name: "L@m", Value: "g"},
				{Name: "#comment", Value: " h "}}},
		{"objects", export.JSON, `{"a":"x","n":null,"b":{"c":[1.50,{"d":true}]},"data":[{"MA":1},{"MA":2}],"e":"y"}`,
			[]wire.Field{{Name: "a", Value: "x"}, {Name: "c", Value: "1.50"}, {Name: "d", Value: "true"},
				{Name: "e", Value: "y"}}},
		{"documents", export.JSON, `{"a":"x","data":[{"MA":1}]}{"a":"y","data":[{"MA":2}]}`,
			[]wire.Field{{Name: "a", Value: "x"}, {Name: "a", Value: "y"}}},
		{"a list", export.JSON, `[{"MA":1},{"MA":2}]`, nil},
		{"lines", export.JSON, `{"MA":1}{"MA":2}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := mustDecode(t, c.file, export.Settings{Format: c.format, Key: []string{"MA"}})
			if len(list) != 2 {
				t.Fatalf("%d records", len(list))
			}
			for _, r := range list {
				if diff := cmp.Diff(c.want, r.Around); diff != "" {
					t.Errorf("around (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestDecode_rows_cut_off_anywhere_are_a_fault(t *testing.T) {
	for _, c := range []struct{ name, format, file string }{
		{"elements", export.XML, `<DS a="b"><!-- x --><R><MA>1</MA><B><C>2</C></B></R><R><MA>2</MA></R>x</DS>`},
		{"an object alone", export.JSON, `{"MA":"A","V":[1.5,{"a":null}]}`},
	} {
		s := export.Settings{Format: c.format, Key: []string{"MA"}}
		mustDecode(t, c.file, s)
		for n := range len(c.file) {
			list, err := decode(t, c.file[:n], s)
			var fe *export.FormatError
			if !errors.As(err, &fe) || len(list) > 0 {
				t.Errorf("%s cut off after %d bytes: %d records, %v", c.name, n, len(list), err)
			}
		}
	}
}

func TestDecode_holds_one_row_at_a_time(t *testing.T) {
	var elements, objects, lines strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&elements, "<R><MA>%d</MA><T>%s</T></R>\n", i, strings.Repeat("x", 200))
		fmt.Fprintf(&lines, `{"MA":%d,"T":%q}`+"\n", i, strings.Repeat("x", 200))
	}
	objects.WriteString(`{"data":[` + strings.TrimSuffix(strings.ReplaceAll(lines.String(), "\n", ","), ",") + "]}")
	for _, c := range []struct{ name, format, file string }{
		{"elements", export.XML, "<DS>" + elements.String() + "</DS>"}, {"objects", export.JSON, objects.String()},
		{"lines", export.JSON, lines.String()},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, base, peak := 0, heap(), uint64(0)
			err := export.Decode(t.Context(), strings.NewReader(c.file), export.Settings{Format: c.format},
				func(*export.Record) error {
					if n++; n%5000 == 0 {
						peak = max(peak, heap())
					}
					return nil
				})
			if err != nil || n != 20_000 {
				t.Fatalf("%d records, %v", n, err)
			}
			if grown := int64(peak) - int64(base); grown > 1<<20 {
				t.Errorf("of %d bytes %d are in memory", len(c.file), grown)
			}
		})
	}
}

// A feed without a key remembers nothing of its rows; a row of very many columns of one name costs no more than others.
func TestDecode_many_columns_of_one_name(t *testing.T) {
	const n = 60_000
	for _, c := range []struct{ name, format, file string }{
		{"members", export.JSON, `[{` + strings.Repeat(`"a":1,`, n-1) + `"a":1}]`},
		{"leaves", export.XML, "<DS><R>" + strings.Repeat("<a>1</a>", n) + "</R><R/></DS>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := export.Settings{Format: c.format}
			if c.format == export.XML {
				s.Records = "R"
			}
			list := mustDecode(t, c.file, s)
			if len(list) != 1 || len(list[0].Row) != n || list[0].Row[fmt.Sprint("a#", n)] != "1" {
				t.Errorf("%d records", len(list))
			}
		})
	}
}

func TestDecode_refuses_rows_without_end(t *testing.T) {
	x := strings.Repeat("x", 4096)
	for _, c := range []struct{ name, format, head, fill, want string }{
		{"a text beside elements", export.XML, "<DS><R><MA>1</MA></R>", x, "outside"},
		{"a comment beside elements", export.XML, "<DS><!-- ", x, "row-size"},
		{"an attribute", export.XML, `<DS><R a="`, x, "row-size"},
		{"an element's name", export.XML, "<", x, "row-size"},
		{"comments in an element", export.XML, "<DS><R>", "<!-- -->" + x, "row-size"},
		{"a name of a member", export.JSON, `{"`, x, "row-size"},
		{"a line", export.JSON, `{"MA":"1"}{"MA":"`, x, "row-size"},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := source{ReaderAt: endless{head: c.head, fill: c.fill}, size: 300 << 20}
			read := int64(0)
			src.seen = func(from, to int64) error { read += to - from; return nil }
			s := export.Settings{Format: c.format, Key: []string{"MA"}, Records: "R"}
			if c.format == export.JSON {
				s.Records = ""
			}
			err := export.Decode(t.Context(), src, s, func(*export.Record) error { return nil })
			var fe *export.FormatError
			if !errors.As(err, &fe) || fe.Code != c.want {
				t.Errorf("Decode = %v", err)
			}
			if read > 20<<20 {
				t.Errorf("it read %d bytes", read)
			}
		})
	}
}
