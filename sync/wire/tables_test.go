package wire_test

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
)

// flat writes a table down: ELEMENT[NAME=VALUE …] a row.
func flat(t *wire.Table) []string {
	var out []string
	for _, r := range t.Rows {
		var fields []string
		for _, f := range r.Fields {
			fields = append(fields, f.Name+"="+f.Value)
		}
		out = append(out, r.Element+"["+strings.Join(fields, " ")+"]")
	}
	return out
}

func TestParseTable(t *testing.T) {
	tests := []struct {
		name, doc string
		want      []string
	}{
		{"two wrappers", "<W><DS><T><A>1</A><B>2</B></T><T><A>3</A></T></DS></W>", []string{"T[A=1 B=2]", "T[A=3]"}},
		{"one wrapper", "<DS><T><A>1</A></T></DS>", []string{"T[A=1]"}},
		{"no wrapper", "<T><A>1</A><B/></T>", []string{"T[A=1 B=]"}},
		{"an empty wrapper", "<W><DS/></W>", nil},
		{"an empty root", "<W/>", nil},
		{"a record without text", "<W><T><A> </A><B></B></T></W>", nil},
		{"text in the root alone", "<W>x</W>", []string{"W[W=x]"}},
		{"text beside elements", "<W>x<A>1</A>y</W>", []string{"W[A=1 W=xy]"}},
		{"attributes", `<W a="1"><T><A b="2" c=" ">x</A></T></W>`, []string{"T[A@b=2 A=x]", "W[W@a=1]"}},
		{"an attribute of an empty element", `<W><T><A b="2"/></T></W>`, []string{"T[A@b=2 A=]"}},
		{"name spaces", `<W xmlns="u" xmlns:x="v"><x:A x:b="1">2</x:A></W>`, []string{"W[A@b=1 A=2]"}},
		{"comments", "<!--o--><W><!-- --><T><!--i--><A>1</A></T></W>", []string{"[#comment=o]", "T[#comment=i A=1]"}},
		{"a comment in a value", "<T><A>H<!--x-->IV</A></T>", []string{"T[#comment=x A=HIV]"}},
		{"an instruction", "<?xml version='1.0'?><T><?p q?><A>1</A></T>", []string{"T[#instruction=q A=1]"}},
		{"a directive", "<!DOCTYPE x><T><A>1</A></T>", []string{"[#directive=DOCTYPE x]", "T[A=1]"}},
		{"CDATA", "<T><A><![CDATA[a & <b>]]></A></T>", []string{"T[A=a & <b>]"}},
		{"entities", "<T><A>&lt;&amp;&#x1EC5;</A></T>", []string{"T[A=<&ễ]"}},
		{"line ends", "<T><A>a\r\nb</A></T>", []string{"T[A=a\nb]"}},
		{"byte order marks in names", "\ufeff<T><\ufeffA>1</\ufeffA></T>", []string{"T[A=1]"}},
		{"control characters", "<T><A>\x001\x0b</A></T>", []string{"T[A= 1 ]"}},
		{"UTF-16 declared", `<?xml version="1.0" encoding="utf-16"?><T><A>ễ</A></T>`, []string{"T[A=ễ]"}},
		{"an unknown encoding declared", `<?xml version="1.0" encoding="tcvn3"?><T><A>ễ</A></T>`, []string{"T[A=ễ]"}},
		{"indented", "<W>\r\n  <T>\r\n    <A>1</A>\r\n    <B>2</B>\r\n  </T>\r\n</W>\r\n", []string{"T[A=1 B=2]"}},
		{"a record within a record", "<W><T><A>1</A><U><B>2</B></U></T></W>", []string{"U[B=2]", "T[A=1]"}},
		{"the same element twice", "<T><A>1</A><A>2</A></T>", []string{"T[A=1 A=2]"}},
		{"as deep as may be", strings.Repeat("<a>", 64) + "x" + strings.Repeat("</a>", 64), []string{"a[a=x]"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := wire.ParseTable("XML9", []byte(tt.doc))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, flat(&got)); diff != "" {
				t.Error(diff)
			}
			if got.Name != "XML9" {
				t.Errorf("Name = %q", got.Name)
			}
		})
	}
}

func TestParseTableReadsUTF16(t *testing.T) {
	got, err := wire.ParseTable("X", utf16Bytes("\ufeff<T><A>ễ</A></T>", binary.LittleEndian))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"T[A=ễ]"}, flat(&got)); diff != "" {
		t.Error(diff)
	}
}

func TestParseTableRefuses(t *testing.T) {
	tests := []struct {
		name, doc, code string
		line            int
	}{
		{"nothing", "", wire.SyntaxTruncated, 1},
		{"white space", " \n ", wire.SyntaxTruncated, 2},
		{"a comment alone", "<!--x-->", wire.SyntaxTruncated, 1},
		{"an element left open", "<T>\n<A>1</A>", wire.SyntaxTruncated, 2},
		{"an end in a tag", "<T><A", wire.SyntaxTruncated, 1},
		{"an end in a comment", "<T><!-- ", wire.SyntaxTruncated, 1},
		{"an end in CDATA", "<T><![CDATA[x", wire.SyntaxTruncated, 1},
		{"two roots", "<T/>\n<T/>", wire.SyntaxNesting, 2},
		{"tags that cross", "<T><A></T></A>", wire.SyntaxNesting, 1},
		{"prefixes that differ", "<x:T></y:T>", wire.SyntaxNesting, 1},
		{"an end without a beginning", "</T>", wire.SyntaxNesting, 1},
		{"text before the root", "x<T/>", wire.SyntaxMalformed, 1},
		{"text behind the root", "<T/>\n\nx", wire.SyntaxMalformed, 3},
		{"a bare ampersand", "<T>\n<A>Thử & Mẫu</A></T>", wire.SyntaxEntity, 2},
		{"an unknown entity", "<T><A>&nbsp;</A></T>", wire.SyntaxEntity, 1},
		{"a bare less-than", "<T><A>1 < 2</A></T>", wire.SyntaxMalformed, 1},
		{"an attribute without quotes", "<T a=1/>", wire.SyntaxMalformed, 1},
		{"another version, in words", `<?xml version="Nguyễn"?><T/>`, wire.SyntaxMalformed, 1},
		{"bytes that are no UTF-8", "<T>\n<A>Nguy\xe1n</A></T>", wire.SyntaxUTF8, 2},
		{"too deep", strings.Repeat("<a>", 65) + strings.Repeat("</a>", 65), wire.SyntaxLimit, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := wire.ParseTable("XML9", []byte(tt.doc))
			var se *wire.SyntaxError
			if !errors.As(err, &se) || len(got.Rows) > 0 {
				t.Fatalf("ParseTable = %v, %v; want a SyntaxError", flat(&got), err)
			}
			if se.Code != tt.code || se.Line != tt.line || se.Offset > int64(len(tt.doc)) {
				t.Errorf("fault = %v of %d bytes, want %s in line %d", se, len(tt.doc), tt.code, tt.line)
			}
			if strings.Contains(err.Error(), "Nguy") || strings.Contains(err.Error(), "Thử") {
				t.Errorf("the error quotes the document: %v", err)
			}
		})
	}
}

func TestParseTableStopsAtTooManyElements(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds with the race detector")
	}
	_, err := wire.ParseTable("XML9", []byte("<T>"+strings.Repeat("<a/>", 2_000_000)+"</T>"))
	var se *wire.SyntaxError
	if !errors.As(err, &se) || se.Code != wire.SyntaxLimit {
		t.Errorf("error = %v", err)
	}
}

func TestOffsetsAreThoseOfTheElements(t *testing.T) {
	doc := "\ufeff<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n<W>\r\n <T>\r\n  <A x='1'>Nguyễn &amp;</A><B/>\x00" +
		"<C><![CDATA[<]]></C>\r\n </T><T><A>2</A>t</T>\r\n</W>"
	table, err := wire.ParseTable("XML9", []byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	text := string(wire.CleanXML([]byte(doc)))
	var got []string
	for _, r := range table.Rows {
		got = append(got, text[r.Start:r.Start+3]+"…"+text[r.End-4:r.End])
		for _, f := range r.Fields {
			got = append(got, text[f.Start:f.End])
		}
	}
	want := []string{
		"<T>…</T>", "", "<A x='1'>Nguyễn &amp;</A>", "<B/>", "<C><![CDATA[<]]></C>",
		"<T>…</T>", "<A>2</A>", "<T><A>2</A>t</T>",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRecordsAreTheRecordElements(t *testing.T) {
	tests := []struct {
		name, table, doc string
		want             []string
	}{
		{"the record element's rows", "XML1", "<W a='1'><TONG_HOP><A>1</A></TONG_HOP></W>", []string{"TONG_HOP"}},
		{"all rows where none has the name", "XML1", "<W><X><A>1</A></X><Y><A>1</A></Y></W>", []string{"X", "Y"}},
		{"all rows of an unknown table", "XML99", "<W a='1'><X><A>1</A></X></W>", []string{"X", "W"}},
		{"none of an empty wrapper", "XML6", "<W><DS/></W>", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table, err := wire.ParseTable(tt.table, []byte(tt.doc))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range table.Records() {
				got = append(got, r.Element)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRowsByName(t *testing.T) {
	table, err := wire.ParseTable("X", []byte(`<T><A x="0">1</A><A>2</A><B/><A>3</A><!--c--></T>`))
	if err != nil {
		t.Fatal(err)
	}
	row := &table.Rows[0]
	if row.Value("A") != "1" || row.Value("A@x") != "0" || row.Value("Z") != "" {
		t.Errorf("Value = %q, %q, %q", row.Value("A"), row.Value("A@x"), row.Value("Z"))
	}
}

func TestTablesOfAVisitNameTheOneThatCannotBeRead(t *testing.T) {
	d := visitData()
	tables, err := d.Tables()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i := range tables {
		names = append(names, tables[i].Name)
	}
	if !slices.Equal(names, []string{"XML1", "XML2", "XML2"}) {
		t.Errorf("tables = %v", names)
	}
	d.Documents[1] = wire.NewDocument("XML2", []byte("<A>Nguyễn"), nil)
	_, err = d.Tables()
	var se *wire.SyntaxError
	if !errors.As(err, &se) || err.Error() != "document 2 (XML2): "+se.Error() {
		t.Errorf("error = %v", err)
	}
}

func TestParseTable_a_plain_text_of_an_unknown_kind_is_one_field(t *testing.T) {
	got, err := wire.ParseTable("XML99", []byte("\ufeffGiấy hẹn < 3 ngày"))
	if err != nil {
		t.Fatal(err)
	}
	want := []wire.TableRow{{Element: "#text", Fields: []wire.Field{{Name: "#text", Value: "Giấy hẹn < 3 ngày"}}}}
	if diff := cmp.Diff(want, got.Rows); diff != "" {
		t.Error(diff)
	}
	if _, err := wire.ParseTable("XML99", []byte("%PDF-1.7 \xe2\xe3")); err == nil {
		t.Error("bytes that are no text can't be screened, but were read")
	}
	if _, err := wire.ParseTable("XML2", []byte("Giấy hẹn")); err == nil {
		t.Error("a known table that is no XML was read")
	}
}
