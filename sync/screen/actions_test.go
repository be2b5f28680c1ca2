package screen_test

import (
	"fmt"
	"testing"

	"tramsync/sync/screen"
	"tramsync/sync/wire"
)

// left is what remains of a document of a visit when it is cut as the rules say: "" when the whole is withheld.
func left(t testing.TB, rules *screen.Rules, kind, typ, doc string) string {
	t.Helper()
	v := &wire.Visit{Documents: []wire.Document{wire.NewDocument(typ, []byte(doc), nil)}}
	tables, err := v.Tables()
	if err != nil {
		t.Fatal(err)
	}
	judged := rules.Record(kind, tables)
	if judged.Drop != "" {
		return ""
	}
	ranges, ok := judged.Ranges(v, tables)
	if !ok {
		return ""
	}
	v.CutOut(0, ranges[0])
	if len(judged.Cut) > 0 {
		if tables, err = v.Tables(); err != nil {
			return ""
		}
		if again := rules.Record(kind, tables); again.Drop != "" || len(again.Cut) > 0 {
			t.Errorf("judged again: %+v", again)
		}
	}
	return v.Documents[0].Content
}

func TestActionsCutWhatTheySay(t *testing.T) {
	const row1, row2 = "<CHI_TIET_CLS><A>1</A><B>y</B></CHI_TIET_CLS>", "<CHI_TIET_CLS><A>2</A></CHI_TIET_CLS>"
	const deep = "<CHI_TIET_CLS><A>1</A><N><P>y</P><Q>3</Q></N></CHI_TIET_CLS>"
	const mark = `<CHI_TIET_CLS><A n="y">1</A></CHI_TIET_CLS>`
	const visit, record, fields, nodes = "drop_visit", "drop_record", "drop_fields", "drop_nodes"
	tests := []struct{ name, action, rows, want string }{
		{"the whole", visit, row1 + row2, ""},
		{"nothing", visit, row2, row2},
		{"a record", record, row1 + row2, row2},
		{"a record of several", record, row2 + row1 + row2 + row1, row2 + row2},
		{"the record around a deeper element", record, deep + row2, row2},
		{"a record by an attribute", record, mark + row2, row2},
		{"a record by its comment", record, "<CHI_TIET_CLS><A>1</A><!-- y --></CHI_TIET_CLS>" + row2, row2},
		{"a comment beside the records", record, row2 + "<!-- y -->", ""},
		{"a field", fields, row1 + row2, "<CHI_TIET_CLS><A>1</A></CHI_TIET_CLS>" + row2},
		{"a field of a deeper element", fields, deep, "<CHI_TIET_CLS><A>1</A><N><Q>3</Q></N></CHI_TIET_CLS>"},
		{"an attribute", fields, mark, ""},
		{"an element of its own", nodes, deep + row2, "<CHI_TIET_CLS><A>1</A></CHI_TIET_CLS>" + row2},
		{"the element is the record", nodes, row1 + row2, row2},
		{"an element by an attribute", nodes, mark + row2, row2},
		{"a named element", "drop_nodes, node: [N]", deep + row2, "<CHI_TIET_CLS><A>1</A></CHI_TIET_CLS>" + row2},
		{"the nearest of two", "drop_nodes, node: [CHI_TIET_CLS, N]", deep, "<CHI_TIET_CLS><A>1</A></CHI_TIET_CLS>"},
		{"the field is the element", "drop_nodes, node: [B]", row1, "<CHI_TIET_CLS><A>1</A></CHI_TIET_CLS>"},
		{"a wrapper that is no row", "drop_nodes, node: [DS]", "<DS>" + row1 + "</DS>" + row2, row2},
		{"no such element around", "drop_nodes, node: [N]", row1 + row2, ""},
		{"the root", "drop_nodes, node: [W]", row1 + row2, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rules := parse(t, "{id: A, text: [y], action: "+tt.action+"}")
			want := "<W>" + tt.want + "</W>"
			if tt.want == "" {
				want = ""
			}
			for _, typ := range []string{"XML4", "XML12"} { // misnamed: what counts is the element
				if got := left(t, rules, "visit", typ, "<W>"+tt.rows+"</W>"); got != want {
					t.Errorf("%s: left %s, want %s", typ, got, want)
				}
			}
		})
	}
}

func TestWhatStandsAroundDocumentsIsNotCut(t *testing.T) {
	v := &wire.Visit{Documents: []wire.Document{wire.NewDocument("XML4", []byte("<W><A>1</A></W>"), nil)}}
	tables, err := v.Tables()
	if err != nil {
		t.Fatal(err)
	}
	row := wire.TableRow{Element: "HOSO", End: 9, Fields: []wire.Field{{Name: "X", Value: "y", Start: 1, End: 4}}}
	tables = append(tables, wire.Table{Name: "HOSO", Rows: []wire.TableRow{row}})
	for _, action := range []string{"drop_record", "drop_fields", "drop_nodes", "drop_nodes, node: [A]"} {
		judged := parse(t, "{id: A, text: [y], action: "+action+"}").Record("visit", tables)
		if ranges, ok := judged.Ranges(v, tables); ok || len(judged.Cut) != 1 {
			t.Errorf("%s: %v", action, ranges)
		}
	}
}

func TestARecordByItsTable(t *testing.T) {
	rules := parse(t, "{id: A, table: XML4, action: drop_record}")
	const cls = "<CHI_TIET_CLS><A>1</A><B>2</B></CHI_TIET_CLS>"
	const other = "<CHI_TIET_THUOC><A>1</A></CHI_TIET_THUOC>"
	if got := left(t, rules, "visit", "XML2", "<W>"+cls+other+cls+"</W>"); got != "<W>"+other+"</W>" {
		t.Errorf("left %s", got)
	}
}

// A record element that no table is known for: each element with fields is a record.
func TestRecordsOfUnknownTables(t *testing.T) {
	rules := parse(t, "{id: A, text: [y], action: drop_record}")
	doc := "<KSK><DS><CT><A>y</A></CT><CT><A>z</A></CT></DS></KSK>"
	want := "<KSK><DS><CT><A>z</A></CT></DS></KSK>"
	if got := left(t, rules, "kham_suc_khoe", "KSK_XML11", doc); got != want {
		t.Errorf("left %s, want %s", got, want)
	}
	if got := left(t, rules, "document", "DOCUMENT", "plain y text"); got != "" {
		t.Errorf("left %s", got)
	}
}

// Drivers are tested for heroin as a matter of course: their check-ups lose the test, nothing else.
func TestCheckUpsLoseTheirDrugTests(t *testing.T) {
	test := func(name string) string {
		return "<CT><TEN_CHI_SO>" + name + "</TEN_CHI_SO><GIA_TRI>(-)</GIA_TRI></CT>"
	}
	for name, kept := range map[string]bool{"Test Morphin/Heroin": false, "Ma túy tổng hợp": false, "THC": false,
		"Glucose": true} {
		want := "<DS>" + test("Ure") + "</DS>"
		if kept {
			want = "<DS>" + test("Ure") + test(name) + "</DS>"
		}
		got := left(t, builtin(t), "kham_suc_khoe", "KSK_XML11", "<DS>"+test("Ure")+test(name)+"</DS>")
		if got != want {
			t.Errorf("%s: left %s", name, got)
		}
	}
	if got := left(t, builtin(t), "kham_suc_khoe", "KSK_XML11", "<DS>"+test("bệnh nhân nghiện chích")+"</DS>"); got != "" {
		t.Errorf("left %s", got)
	}
}

func TestRowsAreCutByTheActions(t *testing.T) {
	tests := []struct{ name, action, cell, want string }{
		{"the row by default", "drop_visit", "C=y", "drop A"},
		{"the record is the row", "drop_record", "C=y", "drop A"},
		{"a member's record is the row", "drop_record", `C={"m":"y"}`, "drop A"},
		{"a field is the column", "drop_fields", "C=y", "cut A: C"},
		{"a member is cut with its column", "drop_fields", `C={"m":"y"}`, "cut A: C"},
		{"the element is the row", "drop_nodes", "C=y", "drop A"},
		{"an object is cut with its column", "drop_nodes", `C=[{"m":"y"},{"m":"z"}]`, "cut A: C"},
		{"a list of values is the row's own", "drop_nodes", `C=["y"]`, "drop A"},
		{"nothing", "drop_record", "C=z", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rules := parse(t, "{id: A, text: [y], action: "+tt.action+"}")
			if got := verdict(t, rules, "k", tt.cell, "D=1"); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestWhatStandsAroundARowWithholdsIt(t *testing.T) {
	title := []wire.Field{{Name: "#text", Value: "Danh sách bệnh nhân HIV (B20)"}}
	for _, action := range []string{"drop_visit", "drop_record", "drop_fields", "drop_nodes"} {
		rules := parse(t, "{id: A, text: [hiv], action: "+action+"}")
		if drop, cut, by := rules.Row("k", map[string]string{"A": "1"}, title); line(drop, cut, by) != "drop A" {
			t.Errorf("%s: %q, %q, %q", action, drop, cut, by)
		}
	}
	title[0].Value = "Danh sách B24"
	if drop, _, _ := builtin(t).Row("tiem_chung", map[string]string{"A": "1"}, title); drop != "HIV-ICD" {
		t.Errorf("a title with a code: %q", drop)
	}
}

func TestWhereWantsValuesOfTheSameRecord(t *testing.T) {
	rules := parse(t, `{id: A, where: {"*.R.LOAI": "3", "*.R.TT": "1"}, action: drop_nodes}`,
		`{id: B, text: [x], where: {"*.Q": "1"}, fields: ["*.P"], action: drop_fields}`)
	r := func(fields string) string { return "<R>" + fields + "</R>" }
	tests := []struct{ name, rows, want string }{
		{"both", r("<LOAI>3</LOAI><TT>1</TT><X>9</X>") + r("<X>8</X>"), r("<X>8</X>")},
		{"with white space around", r("<LOAI> 3\n</LOAI><TT>1</TT>") + r("<X>8</X>"), r("<X>8</X>")},
		{"in two records", r("<LOAI>3</LOAI>") + r("<TT>1</TT>"), r("<LOAI>3</LOAI>") + r("<TT>1</TT>")},
		{"another value", r("<LOAI>3</LOAI><TT>2</TT>"), r("<LOAI>3</LOAI><TT>2</TT>")},
		{"a longer value", r("<LOAI>33</LOAI><TT>1</TT>"), r("<LOAI>33</LOAI><TT>1</TT>")},
		{"another element", "<S><LOAI>3</LOAI><TT>1</TT></S>", "<S><LOAI>3</LOAI><TT>1</TT></S>"},
		{"beside words", r("<P>x</P><Q>1</Q>"), r("<Q>1</Q>")},
		{"beside words, another value", r("<P>x</P><Q>2</Q>"), r("<P>x</P><Q>2</Q>")},
		{"beside words, another record", r("<P>x</P>") + r("<Q>1</Q>"), r("<P>x</P>") + r("<Q>1</Q>")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := left(t, rules, "k", "T", "<W>"+tt.rows+"</W>"); got != "<W>"+tt.want+"</W>" {
				t.Errorf("left %s", got)
			}
		})
	}
	for cell, want := range map[string]string{
		`R=[{"LOAI":3,"TT":1}]`: "cut A: R", `R=[{"LOAI":3},{"TT":1}]`: "", `R={"LOAI":3,"TT":{"TT":1}}`: "",
	} {
		if got := verdict(t, rules, "k", cell, "Z=1"); got != want {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
	}
	if got := verdict(t, rules, "k", "P=x", "Q=1"); got != "cut B: P" {
		t.Errorf("two columns: %q", got)
	}
}

const yeuTo = "<DSYEUTO><LOAI>%d</LOAI><TENLOAI>%s</TENLOAI><TRANGTHAI>0</TRANGTHAI></DSYEUTO>"

// A health record of QĐ 831/QĐ-BYT loses what is excluded and stays.
func TestTreesLoseElements(t *testing.T) {
	rules := builtin(t)
	tobacco, drugs := fmt.Sprintf(yeuTo, 1, "Thuốc lá"), fmt.Sprintf(yeuTo, 3, "Khác")
	named := fmt.Sprintf(yeuTo, 9, "Ma túy")
	exam := func(inside string) string {
		return "<HOSOKHAMCHUABENH><MA_LK>L</MA_LK>" + inside + "</HOSOKHAMCHUABENH>"
	}
	code := func(c string) string {
		return "<CHANDOANKETLUAN><CHANDOANBENH><MABENH>" + c + "</MABENH></CHANDOANBENH></CHANDOANKETLUAN>"
	}
	illness := func(name string) string {
		return "<DSBENH><LOAIBENH>1</LOAIBENH><TENBENH>" + name + "</TENBENH></DSBENH>"
	}
	allergy := "<DSDIUNG><LOAI>3</LOAI><MOTA>Tôm</MOTA></DSDIUNG>"
	tests := []struct{ name, in, want string }{
		{"drugs as a risk", tobacco + drugs, tobacco},
		{"drugs by name", named + tobacco, tobacco},
		{"another LOAI 3", allergy + tobacco, allergy + tobacco},
		{"an exam with a code", exam(code("B20")) + exam(code("J00")), exam(code("J00"))},
		{"an exam with a code of drugs", exam(code("F11.2")) + exam(code("F10.2")), exam(code("F10.2"))},
		{"an exam with words", exam("<BENHSU>test HIV âm tính</BENHSU>") + tobacco, tobacco},
		{"an exam with a code in words", exam("<KETLUAN>theo dõi B24</KETLUAN>") + tobacco, tobacco},
		{"an exam with a test", exam("<CANLAMSANG><DICHVU><TENDICHVU>Test Morphin</TENDICHVU></DICHVU></CANLAMSANG>"),
			""},
		{"an illness in the history", illness("AIDS") + illness("Hen"), illness("Hen")},
		{"words outside of all these", tobacco + "<VANDEKHAC>bán dâm</VANDEKHAC>", ""},
		{"a clean one", tobacco + exam(code("J00")) + illness("Hen"), tobacco + exam(code("J00")) + illness("Hen")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			around := func(s string) string {
				return "<HOSOSUCKHOE><MADINHDANH>1</MADINHDANH><TIENSU>" + s + "</TIENSU></HOSOSUCKHOE>"
			}
			got, want := left(t, rules, "hssk_831", "HSSK831", around(tt.in)), around(tt.want)
			if tt.name == "words outside of all these" {
				want = ""
			}
			if got != want {
				t.Errorf("left %s, want %s", got, want)
			}
		})
	}
}
