package export_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/export"
	"tramsync/testdata/gen"
	"tramsync/testdata/zoo"
)

// places are where a text can hide in a file of one visit; %s is the text.
func places() map[string]string {
	head, tail := "<GIAMDINHHS><MACSKCB>99001</MACSKCB><DS>", "</DS></GIAMDINHHS>"
	doc := zoo.Doc("XML1", zoo.Summary("L1"))
	in := func(inner string) string { return head + "<HOSO>" + inner + "</HOSO>" + tail }
	content := func(s string) string {
		return in("<FILEHOSO><LOAIHOSO>XML1</LOAIHOSO><NOIDUNGFILE>" + s + "</NOIDUNGFILE></FILEHOSO>")
	}
	return map[string]string{
		"a comment before the root":      "<!-- %s -->" + head + zoo.HoSo(doc) + tail,
		"a comment behind the root":      head + zoo.HoSo(doc) + tail + "<!-- %s -->",
		"an instruction before the root": "<?a %s?>" + head + zoo.HoSo(doc) + tail,
		"an instruction's name":          "<?%s b?>" + head + zoo.HoSo(doc) + tail,
		"the document type":              `<!DOCTYPE x "%s">` + head + zoo.HoSo(doc) + tail,
		"an attribute of the root":       strings.Replace(head, "HHS>", `HHS n="%s">`, 1) + zoo.HoSo(doc) + tail,
		"an element in the head":         head + "<X>%s</X>" + zoo.HoSo(doc) + tail,
		"text before an element":         head + "%s<X/>" + zoo.HoSo(doc) + tail,
		"text before the HOSO":           head + "%s" + zoo.HoSo(doc) + tail,
		"text behind the HOSO":           head + zoo.HoSo(doc) + "%s" + tail,
		"a comment beside the HOSO":      head + zoo.HoSo(doc) + "<!-- %s -->" + tail,
		"text of the signature": head + zoo.HoSo(doc) +
			"</DS><CHUKYDONVI><X>%s</X></CHUKYDONVI></GIAMDINHHS>",
		"a comment in the signature": head + zoo.HoSo(doc) +
			"</DS><CHUKYDONVI><!-- %s --></CHUKYDONVI></GIAMDINHHS>",
		"an attribute in the signature": head + zoo.HoSo(doc) +
			`</DS><CHUKYDONVI><X n="%s"/></CHUKYDONVI></GIAMDINHHS>`,
		"an attribute of the HOSO":    head + `<HOSO n="%s">` + doc + "</HOSO>" + tail,
		"an attribute of NOIDUNGFILE": strings.Replace(in(doc), "<NOIDUNGFILE>", `<NOIDUNGFILE n="%s">`, 1),
		"a comment in the HOSO":       in("<!-- %s -->" + doc),
		"an instruction in the HOSO":  in("<?a %s?>" + doc),
		"an element in the HOSO":      in("<X>%s</X>" + doc),
		"text in the HOSO":            in(doc + "%s"),
		"LOAIHOSO": in(doc +
			"<FILEHOSO><LOAIHOSO>%s</LOAIHOSO><NOIDUNGFILE>PEEvPg==</NOIDUNGFILE></FILEHOSO>"),
		"LOAIHOSO of an empty table": in(doc + "<FILEHOSO><LOAIHOSO>%s</LOAIHOSO></FILEHOSO>"),
		"a comment in base64": strings.Replace(in(doc), "<NOIDUNGFILE>PFR", "<NOIDUNGFILE>P<!-- %s -->FR",
			1),
		"a comment in an empty NOIDUNGFILE": in(doc + "<FILEHOSO><NOIDUNGFILE><!-- %s --></NOIDUNGFILE></FILEHOSO>"),
		"an instruction beside XML inline":  content("<?a %s?>" + zoo.Summary("L1")),
		"a comment beside XML inline":       content(zoo.Summary("L1") + "<!-- %s -->"),
		"a value inline":                    content(strings.Replace(zoo.Summary("L1"), "J00", "%s", 1)),
		"text between FILEHOSO":             "<KHAMSUCKHOE>" + doc + "%s" + doc + "</KHAMSUCKHOE>",
		"a comment between FILEHOSO":        "<KHAMSUCKHOE>" + doc + "<!-- %s -->" + doc + "</KHAMSUCKHOE>",
		"an element between FILEHOSO":       "<KHAMSUCKHOE>" + doc + "<X>%s</X>" + doc + "</KHAMSUCKHOE>",
		"an attribute of a FILEHOSO": "<KHAMSUCKHOE>" +
			strings.Replace(doc, "<FILEHOSO", `<FILEHOSO n="%s"`, 1) + "</KHAMSUCKHOE>",
		"text before FILEHOSO": "<KHAMSUCKHOE>%s" + doc + "</KHAMSUCKHOE>",
		"text behind FILEHOSO": "<KHAMSUCKHOE>" + doc + "%s</KHAMSUCKHOE>",
		"a value in a document's CDATA": content("<![CDATA[" + strings.Replace(zoo.Summary("L1"), "J00", "%s", 1) +
			"]]>"),
	}
}

func TestDecode_shows_screening_every_place(t *testing.T) {
	const marker = "nghiện nặng MARKER"
	for name, file := range places() {
		t.Run(name, func(t *testing.T) {
			text := marker
			if name == "an instruction's name" {
				text = "MARKER"
			}
			if !strings.Contains(file, "%s") {
				t.Fatal("the marker has no place")
			}
			r := visit(t, strings.Replace(file, "%s", text, 1))
			found := false
			for _, table := range r.Tables {
				for _, row := range table.Rows {
					for _, f := range row.Fields {
						found = found || strings.Contains(f.Value, text)
					}
				}
			}
			if !found {
				t.Error("no table shows it")
			}
		})
	}
}

// Three visits, each with its own name wherever one can stand: none may take another's along.
func TestDecode_gives_no_visit_what_is_anothers(t *testing.T) {
	beside := func(n int) string {
		return fmt.Sprintf("<!-- PERSON%d --><?a PERSON%d?><TEN>PERSON%d</TEN>PERSON%d", n, n, n, n)
	}
	one := func(n int) string {
		return beside(n) + fmt.Sprintf(`<HOSO n="PERSON%d">`, n) +
			zoo.Doc("XML1", zoo.Summary(fmt.Sprintf("PERSON%d", n))) +
			beside(n) + "</HOSO>" + beside(n)
	}
	bare := func(n int) string { return beside(n) + strings.Repeat(row(n), n) + beside(n) }
	for name, file := range map[string]string{
		"HOSO": "<GIAMDINHHS><THONGTINHOSO><DANHSACHHOSO>" + one(1) + one(2) + one(3) +
			"</DANHSACHHOSO></THONGTINHOSO></GIAMDINHHS>",
		"bare records": "<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC>" + bare(1) + bare(2) + bare(3) + row(1) +
			"</DSACH_CHI_TIET_THUOC></CHITIEU_CHITIET_THUOC>",
	} {
		t.Run(name, func(t *testing.T) {
			list := mustDecode(t, file, his())
			if len(list) != 3 {
				t.Fatalf("%d records", len(list))
			}
			for i, r := range list {
				e := event(r)
				body, err := e.Marshal()
				if err != nil {
					t.Fatal(err)
				}
				text := string(body) + fmt.Sprint(r.Tables)
				for n := 1; n <= 3; n++ {
					if has := strings.Contains(text, fmt.Sprintf("PERSON%d", n)); has != (n == i+1) {
						t.Errorf("record %d holds PERSON%d: %v", i+1, n, has)
					}
				}
				if r.Origin.HoSo != i+1 {
					t.Errorf("record %d says it is number %d", i+1, r.Origin.HoSo)
				}
			}
		})
	}
}

func row(n int) string {
	return fmt.Sprintf("<CHI_TIET_THUOC><MA_LK>PERSON%d</MA_LK></CHI_TIET_THUOC>", n)
}

func TestDecode_never_takes_a_check_ups_tables_for_a_visits(t *testing.T) {
	results := "<KHAM_CAN_LAM_SANG><CHI_TIET_CLS><GIA_TRI>1</GIA_TRI></CHI_TIET_CLS></KHAM_CAN_LAM_SANG>"
	file := zoo.Visits(zoo.HoSo(zoo.Doc("XML6", "<DANH_GIA_TIEM_CHUNG><A>1</A></DANH_GIA_TIEM_CHUNG>"),
		zoo.Doc("XML11", results)))
	var got []string
	for _, table := range visit(t, strings.ReplaceAll(file, "GIAMDINHHS", "KHAMSUCKHOE")).Tables {
		got = append(got, table.Name)
	}
	if diff := cmp.Diff([]string{"KSK_XML6", "KSK_XML11", "HOSO", "FILE"}, got); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
}

func TestDecode_blanks_byte_order_marks_wherever_buffers_end(t *testing.T) {
	for n := range 80 {
		file := "<!--" + strings.Repeat("x", 32<<10-80+n) + "-->" +
			strings.Replace(zoo.Visits(zoo.HoSo(zoo.Doc("XML1", zoo.Summary("L1")))), "<GIAMDINHHS>",
				"<GIAM\ufeffDINH\ufeffHS><\ufeffx/>", 1)
		r := visit(t, file)
		if got, err := r.Visit.Original(); err != nil || string(got) != file {
			t.Fatalf("with %d bytes more: the original differs (%v)", n, err)
		}
	}
}

func TestDecode_ids(t *testing.T) {
	v := gen.New(1).Visit(3)
	first := event(visit(t, string(gen.File(gen.Envelope{}, v)))).ID
	same := map[string][]byte{
		"another NGAYLAP":       gen.File(gen.Envelope{Date: "20270101"}, v),
		"wrapping":              gen.File(gen.Envelope{Wrap: 64, CRLF: true, BOM: true}, v),
		"UTF-16":                gen.File(gen.Envelope{UTF16: true}, v),
		"another order of docs": gen.File(gen.Envelope{}, reversed(v)),
	}
	for name, file := range same {
		if got := event(visit(t, string(file))).ID; got != first {
			t.Errorf("%s makes it news", name)
		}
	}
	if got := event(visit(t, string(gen.File(gen.Envelope{}, v.Changed())))).ID; got == first {
		t.Error("a correction is no news")
	}
	signed := visit(t, string(gen.File(gen.Envelope{Signed: true}, v)))
	again := visit(t, string(gen.File(gen.Envelope{Signed: true, Date: "20270101"}, v)))
	if event(signed).ID == first {
		t.Error("a signature is no news")
	}
	if event(signed).ID != event(again).ID {
		t.Error("signing again makes it news")
	}
	w := gen.New(1).Visit(4)
	ids := func(visits ...gen.Visit) map[string]bool {
		out := map[string]bool{}
		for _, r := range mustDecode(t, string(gen.File(gen.Envelope{}, visits...)), his()) {
			out[event(r).ID] = true
		}
		return out
	}
	if diff := cmp.Diff(ids(v, w), ids(w, v)); diff != "" || !ids(v, w)[first] {
		t.Errorf("another order of HOSO makes news:\n%s", diff)
	}
}

func reversed(v gen.Visit) gen.Visit {
	docs := make([]gen.Doc, 0, len(v.Docs))
	for i := range v.Docs {
		docs = append(docs, v.Docs[len(v.Docs)-1-i])
	}
	v.Docs = docs
	return v
}

func TestRecord_CutVisit(t *testing.T) {
	content := "<TONG_HOP><MA_CSKCB>99002</MA_CSKCB><A>SECRET</A><B>x</B></TONG_HOP>"
	read := func(content string) *export.Record {
		var out *export.Record
		file := zoo.Visits(zoo.HoSo(zoo.Doc("XML1", content)))
		err := export.Decode(t.Context(), strings.NewReader(file), his(),
			func(r *export.Record) error { out = r; return nil })
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	r, without := read(content), read(strings.Replace(content, "<A>SECRET</A>", "", 1))
	before := r.Key[1]
	f := r.Tables[0].Rows[0].Fields[1]
	if err := r.CutVisit(0, [][2]int64{{f.Start, f.End}}); err != nil {
		t.Fatal(err)
	}
	r.Seal()
	if diff := cmp.Diff(without.Tables[0], r.Tables[0]); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
	if r.Key[1] == before || r.Key[1] != without.Key[1] {
		t.Errorf("the key's fingerprint is %s, not %s", r.Key[1], without.Key[1])
	}
	e := event(r)
	body, err := e.Marshal()
	if err != nil || strings.Contains(string(body), "SECRET") ||
		strings.Contains(string(body), base64.StdEncoding.EncodeToString([]byte("SECRET"))) {
		t.Errorf("the record still holds it (%v): %s", err, body)
	}
	if _, err := r.Visit.Original(); err == nil {
		t.Error("it gives an original")
	}
}
