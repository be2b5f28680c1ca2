package export_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/export"
	"tramsync/sync/wire"
	"tramsync/testdata/zoo"
)

func papers() export.Settings {
	return export.Settings{Station: "99001", System: "HIS", Format: export.Document}
}

func TestDecode_document_keeps_the_file_as_it_is(t *testing.T) {
	for _, c := range []struct{ name, file, content, binary string }{
		{"text", "\ufeffGiấy hẹn\r\n", "\ufeffGiấy hẹn\r\n", ""},
		{"text in windows-1258", "Gi\xe2\xecy h\xean", "", "Gi\xe2\xecy h\xean"},
		{"CDA", zoo.CDA("", zoo.Section("x", "J00", "x")), zoo.CDA("", zoo.Section("x", "J00", "x")), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := mustDecode(t, c.file, papers())[0]
			v := travelled(t, r).Visit
			if d := v.Documents[0]; d.Content != c.content || string(d.Binary) != c.binary {
				t.Errorf("content %q, binary %q", d.Content, d.Binary)
			}
			want := wire.Envelope{Parts: []string{"", ""}}
			if diff := cmp.Diff(want, v.Envelope); diff != "" {
				t.Errorf("envelope (-want +got):\n%s", diff)
			}
			checkOriginal(t, c.file, papers(), travelled(t, r))
		})
	}
}

// Both ends must see the same, or the warehouse would screen something else.
func TestDecode_document_is_read_alike_at_the_warehouse(t *testing.T) {
	for _, c := range good() {
		if c.Settings.Format != export.Document && c.Settings.Format != export.HSSK831 {
			continue
		}
		for _, r := range mustDecode(t, c.File, c.Settings) {
			tables, err := travelled(t, r).Visit.Tables()
			if err != nil {
				t.Errorf("%s: %v", c.Name, err)
			}
			if diff := cmp.Diff(r.Tables[:1], tables); diff != "" {
				t.Errorf("%s: tables (-station +warehouse):\n%s", c.Name, diff)
			}
		}
	}
}

func TestDecode_document_cut_off_anywhere_is_a_fault(t *testing.T) {
	for _, file := range []string{zoo.CDA("", zoo.Section("x", "J00", "x")), zoo.Bundle("", "J00", "x", "")} {
		file = strings.TrimSpace(file)
		for n := range len(file) {
			if n < 2 { // a mere "<" or "{" is text
				continue
			}
			list, err := decode(t, file[:n], papers())
			var fe *export.FormatError
			if !errors.As(err, &fe) || len(list) > 0 {
				t.Fatalf("cut off after %d bytes: %d records, %v", n, len(list), err)
			}
		}
	}
}

func TestDecode_document_of_the_largest_size(t *testing.T) {
	file := strings.Repeat("x y ", wire.MaxRecordBytes/4+1)
	r := mustDecode(t, file[:wire.MaxRecordBytes], papers())
	if got := len(r[0].Visit.Documents[0].Content); got != wire.MaxRecordBytes {
		t.Errorf("%d bytes", got)
	}
	_, err := decode(t, file[:wire.MaxRecordBytes+1], papers())
	wantFault(t, err, export.FormatError{Code: "record-size"})
}

func TestDecode_document_versions_share_a_key(t *testing.T) {
	of := func(version, text string) *export.Record {
		return mustDecode(t, zoo.CDA(`<id root="1.2.9" extension="`+version+`"/><setId root="1.2.8" extension="S1"/>`,
			zoo.Section(text, "J00", "x")), papers())[0]
	}
	first, second := event(of("D1", "x")), event(of("D2", "y"))
	if first.Subject != second.Subject || first.ID == second.ID {
		t.Errorf("subjects %s and %s", first.Subject, second.Subject)
	}
}

func FuzzDecode_document(f *testing.F) { fuzz(f, papers()) }
