package watch_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/agent/watch"
)

func TestPatterns_Match(t *testing.T) {
	tests := []struct {
		name, goos, pattern, path string
		want                      bool
	}{
		{"** stands for no folder", "linux", "/srv/**/*.xml", "/srv/a.xml", true},
		{"** stands for many folders", "linux", "/srv/**/*.xml", "/srv/2026/11/21/a.xml", true},
		{"* stays within a name", "linux", "/srv/*.xml", "/srv/b/a.xml", false},
		{"braces", "linux", "/srv/{a,b}/*.{xml,XML}", "/srv/b/x.XML", true},
		{"Linux minds case", "linux", "/srv/*.xml", "/srv/a.XML", false},
		{"a backslash escapes on Linux", "linux", `/srv/\[a\].xml`, "/srv/[a].xml", true},
		{"a doubled slash is one", "linux", "/srv//x/*.xml", "/srv/x/a.xml", true},
		{"another folder", "linux", "/srv/his/*.xml", "/srv/his2/a.xml", false},
		{"composed and decomposed letters are one", "linux", "/srv/ti\u00eam*.csv", "/srv/tie\u0302m1.csv", true},
		{"and the other way round", "linux", "/srv/tie\u0302m*.csv", "/srv/ti\u00eam1.csv", true},
		{"a drive", "windows", `D:\V20\**\*.csv`, `D:\V20\2026\a.csv`, true},
		{"Windows ignores case", "windows", `D:\V20\TIÊM*.csv`, `d:\v20\tiêm1.CSV`, true},
		{"slashes of either kind", "windows", `D:/V20/*.csv`, `D:\V20\a.csv`, true},
		{"a backslash parts folders on Windows", "windows", `D:\V20\*.csv`, `D:\V20\x\a.csv`, false},
		{"a share", "windows", `\\srv\share\x\**\*.xml`, `\\SRV\share\x\y\a.xml`, true},
		{"a share is not a folder", "windows", `\\srv\share\*.xml`, `\srv\share\a.xml`, false},
		{"a class on Windows", "windows", `D:\x\[A-C]*.xml`, `d:\x\b1.xml`, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			feeds := []watch.Feed{{Name: "f", Patterns: []string{tt.pattern}}}
			if got := watch.FeedOn(tt.goos, feeds, tt.path) == "f"; got != tt.want {
				t.Errorf("%s on %s: got %v", tt.pattern, tt.path, got)
			}
		})
	}
}

func TestPatterns_Roots(t *testing.T) {
	tests := []struct {
		name, goos string
		feeds      []watch.Feed
		want       []watch.Root
	}{
		{"the fixed folder is walked", "linux", []watch.Feed{{Name: "a", Patterns: []string{"/srv/x/**/*.xml"}}},
			[]watch.Root{{Folder: "/srv/x", Depth: watch.Endless, Feeds: []string{"a"}}}},
		{"as deep as needed", "linux", []watch.Feed{{Name: "a", Patterns: []string{"/srv/*/y/*.xml"}}},
			[]watch.Root{{Folder: "/srv", Depth: 2, Feeds: []string{"a"}}}},
		{"a plain name is in its folder", "linux", []watch.Feed{{Name: "a", Patterns: []string{"/srv/a.xml"}}},
			[]watch.Root{{Folder: "/srv", Depth: 0, Feeds: []string{"a"}}}},
		{"escapes are resolved", "linux", []watch.Feed{{Name: "a", Patterns: []string{`/srv/\*/*.xml`}}},
			[]watch.Root{{Folder: "/srv/*", Depth: 0, Feeds: []string{"a"}}}},
		{"one folder is walked once, to the greatest depth", "linux", []watch.Feed{
			{Name: "a", Patterns: []string{"/srv/*.xml", "/srv/*/*.xml"}},
			{Name: "b", Patterns: []string{"/srv/*.csv", "/srv/**/x.csv", "/srv/*/*/*.csv"}},
		}, []watch.Root{{Folder: "/srv", Depth: watch.Endless, Feeds: []string{"a", "b"}}}},
		{"on Windows in any spelling", "windows", []watch.Feed{
			{Name: "a", Patterns: []string{`D:\V20\*.xml`, `d:/v20/*.csv`}},
			{Name: "b", Patterns: []string{`\\srv\share\x\*.xml`}},
		}, []watch.Root{
			{Folder: `D:\V20`, Depth: 0, Feeds: []string{"a"}},
			{Folder: `\\srv\share\x`, Depth: 0, Feeds: []string{"b"}},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, watch.Roots(tt.goos, tt.feeds)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPatterns_IgnoredNames(t *testing.T) {
	for name, want := range map[string]bool{
		"~$a.xlsx": true, "a.tmp": true, "A.TMP": true, "a.xml.part": true, "a.CRDOWNLOAD": true, ".a.xml": true,
		".~lock.a.csv#": true, "$Recycle.Bin": true, "System Volume Information": true,
		"a.xml": false, "a~$.xml": false, "tmp": false, "a.tmp.xml": false, "part": false, "~a.xml": false,
	} {
		if got := watch.Ignored(name); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}
