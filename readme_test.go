package tramsync_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"tramsync/config"
)

// TestReadme_is_true as far as a program can tell: its configuration is accepted and its folders are there.
func TestReadme_is_true(t *testing.T) {
	raw, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(raw)
	if n := strings.Count(readme, "\n"); n >= 250 {
		t.Errorf("%d lines, more than a person reads", n)
	}
	block := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindStringSubmatch(readme)
	if block == nil {
		t.Fatal("no configuration in it")
	}
	if _, err := config.Parse([]byte(block[1])); err != nil {
		t.Errorf("its configuration: %v", err)
	}
	folders := regexp.MustCompile("(?m)^\\| (`.*?`) \\|").FindAllStringSubmatch(readme, -1)
	seen := 0
	for _, row := range folders {
		for _, m := range regexp.MustCompile("`([a-z]+/[a-z/]*)`").FindAllStringSubmatch(row[1], -1) {
			seen++
			if info, err := os.Stat(m[1]); err != nil || !info.IsDir() {
				t.Errorf("folder %s: %v", m[1], err)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d folders found in its table", seen)
	}
}
