package export_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"tramsync/agent/export"
	"tramsync/testdata/zoo"
)

func FuzzDecode_giamdinhhs(f *testing.F) { fuzz(f, his()) }

func FuzzDecode_csv(f *testing.F) {
	fuzz(f, export.Settings{Station: "99001", System: "V20", Kind: "tiem_chung", Format: export.CSV,
		Key: []string{"MA", "NGAY"}, Columns: []export.Column{{Name: "MA", From: []string{"Mã đối tượng"}},
			{Name: "NGAY", From: []string{"Ngày tiêm"}, Type: export.Date}}})
}

func FuzzDecode_json(f *testing.F) {
	fuzz(f, export.Settings{Station: "99001", System: "V20", Kind: "suy_dinh_duong", Format: export.JSON,
		Key: []string{"MA", "LAN"}})
}

// fuzz wants: no panic, a FormatError or records, records that a receiver takes, and of a visit its file again.
func fuzz(f *testing.F, s export.Settings) {
	for _, c := range zoo.Cases() {
		if c.Settings.Format == s.Format && len(c.File) < 1<<14 {
			f.Add([]byte(c.File))
		}
	}
	names, err := filepath.Glob(samples + "*.*")
	if err != nil || len(names) < 10 {
		f.Fatalf("%d samples, %v", len(names), err)
	}
	for _, name := range names {
		if b, err := os.ReadFile(name); err == nil && len(b) < 1<<15 {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		var list []*export.Record
		err := export.Decode(t.Context(), bytes.NewReader(file), s, func(r *export.Record) error {
			r.Seal()
			list = append(list, r)
			return nil
		})
		var fe *export.FormatError
		if err != nil {
			if !errors.As(err, &fe) {
				t.Fatalf("Decode = %v, want a FormatError", err)
			}
			return
		}
		for _, r := range list {
			back := travelled(t, r)
			if r.Visit == nil {
				continue
			}
			if len(r.Tables) < len(r.Visit.Documents) {
				t.Errorf("%d tables of %d documents", len(r.Tables), len(r.Visit.Documents))
			}
			checkOriginal(t, string(file), s, back)
		}
	})
}
