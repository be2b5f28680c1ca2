package export_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/export"
	"tramsync/sync/wire"
	"tramsync/testdata/zoo"
)

func health831() export.Settings {
	return export.Settings{Station: "99001", System: "V20", Kind: "cong_dan", Format: export.HSSK831}
}

const madinhdanh = "<MADINHDANH>000199000001</MADINHDANH>"

func TestDecode_hssk831_sample(t *testing.T) {
	file := sample(t, "hssk831_like.xml")
	list := mustDecode(t, file, health831())
	want := []string{"hssk_831 99001/000199000001 @99001 HSSK831 831"}
	if diff := cmp.Diff(want, lines(list)); diff != "" {
		t.Fatalf("records (-want +got):\n%s", diff)
	}
	checkOriginal(t, file, health831(), travelled(t, list[0]))
	var rows []string
	for _, table := range list[0].Tables {
		for _, r := range table.Rows {
			var fields []string
			for _, f := range r.Fields {
				fields = append(fields, f.Name)
			}
			rows = append(rows, table.Name+"."+r.Element+": "+strings.Join(fields, " "))
		}
	}
	want = []string{
		"HSSK831.THONGTINCHUNG: MADINHDANH MABHXH MAHO_GIADINH HOTEN GIOITINH NGAYSINH MATINH_THUONGTRU MAXA_THUONGTRU",
		"HSSK831.DSYEUTO: LOAI TENLOAI TRANGTHAI",
		"HSSK831.DSYEUTO: LOAI TENLOAI TRANGTHAI",
		"HSSK831.THONGTINMUITIEM: MAVACXIN TENVACXIN NGAYTIEM",
		"HSSK831.CHANDOANBENH: MABENH TENBENH",
		"HSSK831.HOSOKHAMCHUABENH: MA_LK NGAYKHAM",
		"FILE.HEADER: MESSAGE_VERSION SENDER_CODE SENDER_NAME TRANSACTION_TYPE TRANSACTION_DATE TRANSACTION_ID " +
			"REQUEST_ID ACTION_TYPE",
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// Messages are numbered and dated anew each time; that must not make a record another one.
func TestDecode_hssk831_identity(t *testing.T) {
	file := zoo.Health(zoo.Person(madinhdanh))
	id := func(file string) string { return event(mustDecode(t, file, health831())[0]).ID }
	replace := func(old, text string) string {
		if !strings.Contains(file, old) {
			t.Fatalf("no %s", old)
		}
		return strings.Replace(file, old, text, 1)
	}
	first := id(file)
	for name, again := range map[string]string{
		"another message":        replace("<REQUEST_ID>R1", "<REQUEST_ID>R2"),
		"in UTF-16":              utf16le(file),
		"with a byte order mark": "\ufeff" + file,
	} {
		if id(again) != first {
			t.Errorf("%s: another id", name)
		}
	}
	beside := mustDecode(t, zoo.Health(zoo.Person(""), zoo.Person(madinhdanh)), health831())
	if event(beside[1]).ID != first {
		t.Error("beside another record: another id")
	}
	for name, other := range map[string]string{
		"another value":  replace("<MABENH>J00", "<MABENH>J01"),
		"another person": replace("000199000001", "000199000009"),
		"another sender": replace("99002", "99003"),
		"signed":         replace("<SIGNATURE/>", "<SIGNATURE>x</SIGNATURE>"),
	} {
		if id(other) == first {
			t.Errorf("%s: the same id", name)
		}
	}
}

func TestDecode_hssk831_keeps_nothing_of_one_person_with_another(t *testing.T) {
	file := strings.Replace(zoo.Health(zoo.Person(madinhdanh), zoo.Person("<MADINHDANH>000199000002</MADINHDANH>")),
		"<!-- next -->", "<!-- 000199000002 is next -->", 1)
	list := mustDecode(t, file, health831())
	for i, other := range []string{"000199000002", "000199000001"} {
		e := event(list[i])
		body, err := e.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(body, []byte(other)) {
			t.Errorf("record %d holds the other's number", i+1)
		}
	}
}

// Any word may come up by chance in a signature's numbers.
func TestDecode_hssk831_shows_no_numbers_of_a_signature(t *testing.T) {
	const number = "AAA/AIDS/AAAAAAAAAAAAAAA"
	r := mustDecode(t, strings.Replace(zoo.Health(zoo.Person("")), "<SIGNATURE/>",
		`<SIGNATURE><Value>`+number+`</Value><Name>x</Name></SIGNATURE>`, 1), health831())[0]
	var values []string
	for _, row := range r.Tables[1].Rows {
		if row.Element == "SIGNATURE" {
			for _, f := range row.Fields {
				values = append(values, f.Value)
			}
		}
	}
	if diff := cmp.Diff([]string{"x"}, values); diff != "" || !r.Visit.Signed {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

func TestDecode_hssk831_cuts_fields_out_of_a_record(t *testing.T) {
	r := mustDecode(t, zoo.Health(zoo.Person("")), health831())[0]
	before := r.Key[1]
	for _, row := range r.Tables[0].Rows {
		if row.Element == "DSYEUTO" && row.Value("LOAI") == "2" {
			if err := r.CutVisit(0, [][2]int64{{row.Start, row.End}}); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	r.Seal()
	content := r.Visit.Documents[0].Content
	if strings.Contains(content, "<LOAI>2") || !strings.Contains(content, "<LOAI>1") || !r.Visit.Envelope.Trimmed {
		t.Errorf("document %s", content)
	}
	if r.Key[1] == before {
		t.Error("the fingerprint would tell what was cut out")
	}
	if _, err := r.Visit.Original(); err == nil {
		t.Error("it gives an original")
	}
}

func TestDecode_hssk831_cut_off_anywhere_is_a_fault(t *testing.T) {
	file := strings.TrimSpace(zoo.Health(zoo.Person(madinhdanh), zoo.Person("")))
	for n := range len(file) {
		list, err := decode(t, file[:n], health831())
		var fe *export.FormatError
		if !errors.As(err, &fe) || len(list) > 0 {
			t.Fatalf("cut off after %d bytes: %d records, %v", n, len(list), err)
		}
	}
}

func TestDecode_hssk831_holds_one_record_at_a_time(t *testing.T) {
	people := make([]string, 2000)
	for i := range people {
		people[i] = zoo.Person(fmt.Sprintf("<MADINHDANH>%012d</MADINHDANH>", i+1))
	}
	file := []byte(zoo.Health(people...))
	records, peak, base := 0, uint64(0), heap()
	src := source{ReaderAt: bytes.NewReader(file), size: int64(len(file)), seen: func(from, to int64) error {
		if records > 0 && to-from > 2000 {
			t.Errorf("after %d records it read %d bytes at once", records, to-from)
		}
		return nil
	}}
	err := export.Decode(t.Context(), src, health831(), func(r *export.Record) error {
		if r.Seal(); records%500 == 0 {
			peak = max(peak, heap())
		}
		records++
		return nil
	})
	if err != nil || records != len(people) {
		t.Fatalf("%d records, %v", records, err)
	}
	if grown := int64(peak) - int64(base); grown > int64(len(file))/4 {
		t.Errorf("of a file of %d bytes %d are in memory", len(file), grown)
	}
}

func TestDecode_hssk831_refuses_a_record_over_its_limit(t *testing.T) {
	file := zoo.Health("<HOSOSUCKHOE>" + strings.Repeat("<a>"+strings.Repeat("x", 1<<20)+"</a>", 17) + "</HOSOSUCKHOE>")
	_, err := decode(t, file, health831())
	wantFault(t, err, export.FormatError{Code: "too-large", HoSo: 1, Line: 3, Offset: 1})
	src := source{ReaderAt: endless{head: "<DATA><HEADER>", fill: strings.Repeat("x", 4096)}, size: 300 << 20,
		seen: func(int64, int64) error { return nil }}
	err = export.Decode(t.Context(), src, health831(), func(*export.Record) error { return nil })
	var fe *export.FormatError
	if !errors.As(err, &fe) || fe.Code != "too-large" {
		t.Errorf("one text without end: %v", err)
	}
}

func TestKinds_of_records_that_say_what_they_are(t *testing.T) {
	for _, kind := range []string{wire.KindHealthRecord, wire.KindCDA, wire.KindFHIR, wire.KindDocument} {
		if _, got, err := wire.ParseType(wire.Type("HIS", kind)); got != kind || err != nil {
			t.Errorf("%s: %q, %v", kind, got, err)
		}
	}
}

func FuzzDecode_hssk831(f *testing.F) { fuzz(f, health831()) }
