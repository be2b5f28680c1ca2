package config_test

import (
	"regexp"
	"testing"
	"time"

	"tramsync/config"
)

func sampleFeed() config.Feed {
	return config.Feed{
		Name: "v20", System: "V20", Kind: "so_rieng", Format: "csv", Encoding: "auto",
		Paths: []string{"/srv/*.csv"}, Settle: time.Second, Key: []string{"A", "B"},
		Columns: []config.Column{{Name: "A", From: []string{"a", "á"}, Type: "text"}}, Facility: "A",
	}
}

func TestFeed_Fingerprint(t *testing.T) {
	base := sampleFeed().Fingerprint()
	if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(base) {
		t.Fatalf("not SHA-256 in hex: %q", base)
	}
	tests := []struct {
		name    string
		change  func(f *config.Feed)
		differs bool
	}{
		{"nothing", func(f *config.Feed) {}, false},
		{"the name is not read with", func(f *config.Feed) { f.Name = "x" }, false},
		{"paths are not read with", func(f *config.Feed) { f.Paths = nil }, false},
		{"settle is not read with", func(f *config.Feed) { f.Settle = 0 }, false},
		{"system", func(f *config.Feed) { f.System = "HIS" }, true},
		{"kind", func(f *config.Feed) { f.Kind = "x" }, true},
		{"format", func(f *config.Feed) { f.Format = "json" }, true},
		{"encoding", func(f *config.Feed) { f.Encoding = "utf-8" }, true},
		{"records", func(f *config.Feed) { f.Records = "data" }, true},
		{"sheet", func(f *config.Feed) { f.Sheet = "a" }, true},
		{"header", func(f *config.Feed) { f.Header = 2 }, true},
		{"roots", func(f *config.Feed) { f.Roots = []string{"BenhVien"} }, true},
		{"facility", func(f *config.Feed) { f.Facility = "" }, true},
		{"key", func(f *config.Feed) { f.Key = []string{"A"} }, true},
		{"the key's order", func(f *config.Feed) { f.Key = []string{"B", "A"} }, true},
		{"two key columns are not one with a space", func(f *config.Feed) { f.Key = []string{`A" "B`} }, true},
		{"a column's name", func(f *config.Feed) { f.Columns[0].Name = "B" }, true},
		{"a column's type", func(f *config.Feed) { f.Columns[0].Type = "date" }, true},
		{"a column's headers", func(f *config.Feed) { f.Columns[0].From = []string{"a"} }, true},
		{"no columns", func(f *config.Feed) { f.Columns = nil }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := sampleFeed()
			tt.change(&f)
			if got := f.Fingerprint() != base; got != tt.differs {
				t.Errorf("differs: %v, want %v", got, tt.differs)
			}
		})
	}
}

// The value is stored with rejected files: if it changed with a program version, all of them would be tried again.
func TestFeed_FingerprintIsStable(t *testing.T) {
	const want = "8d97d205ac64a923840b45f965bf83ec217d0411f3fc43f14b704ee45bcd35a1"
	if got := sampleFeed().Fingerprint(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
