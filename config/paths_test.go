package config_test

import (
	"strings"
	"testing"

	"tramsync/config"
)

// problem returns what is said about one value in an otherwise valid document, or "" if it is accepted.
func problem(t *testing.T, goos, field, value string) string {
	t.Helper()
	doc := short
	if goos == "windows" {
		doc = strings.Replace(doc, "/srv/his/*.xml", `'D:\HIS\*.xml'`, 1)
	}
	quoted := "'" + strings.ReplaceAll(value, "'", "''") + "'"
	if field == "data_dir" {
		doc += "data_dir: " + quoted + "\n"
	} else {
		doc = doc[:strings.Index(doc, "paths: [")] + "paths: [" + quoted + "]}]\n"
	}
	_, err := config.ParseOn(goos, `C:\ProgramData`, []byte(doc))
	if err == nil {
		return ""
	}
	_, said, _ := strings.Cut(err.Error(), field)
	said = strings.TrimPrefix(said, "[0]")
	said, _, _ = strings.Cut(strings.TrimPrefix(said, ": "), " (")
	return said
}

// What is said about patterns.
const (
	saysAbsolute = "must be an absolute path"
	saysDisk     = "would search a whole disk"
	saysPattern  = "is not a valid pattern"
	saysDots     = "must not have . or .. in it"
	saysEmpty    = "has an empty part"
	saysFolder   = "names a folder, not files"
	saysServer   = "must spell out server and share"
)

func TestParse_LinuxPaths(t *testing.T) {
	tests := []struct{ value, want string }{
		{"/srv/x/*.xml", ""},
		{"/srv/x/file.xml", ""},
		{"/srv/**", ""},
		{"/srv/Xuất HIS/{a,b}/[0-9]?.xml", ""},
		{`/srv/x/\*.xml`, ""},
		{"srv/*.xml", saysAbsolute},
		{"~/x/*.xml", saysAbsolute},
		{`D:\V20\*.csv`, saysAbsolute},
		{"/*.xml", saysDisk},
		{"/**/*.xml", saysDisk},
		{"/{srv,home}/*.xml", saysDisk},
		{"/etc*/x.xml", saysDisk},
		{"/srv/[a.xml", saysPattern},
		{"/srv/{a,b.xml", saysPattern},
		{`/srv/x\`, saysPattern},
		{"/srv/../**/*.xml", saysDots},
		{"/srv/./*.xml", saysDots},
		{"/srv//x/*.xml", saysEmpty},
		{"/srv/x/", saysFolder},
	}
	for _, tt := range tests {
		t.Run(tt.value, func(t *testing.T) {
			if got := problem(t, "linux", "paths", tt.value); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestParse_WindowsPaths(t *testing.T) {
	tests := []struct{ value, want string }{
		{`D:\V20\**\*.csv`, ""},
		{`d:/V20/*.csv`, ""},
		{`D:\V20\xuất {cũ,mới}\tiêm*.csv`, ""},
		{`\\srv\share\x\*.xml`, ""},
		{`\\srv\share\*.xml`, ""},
		{`\\srv\d$\*.xml`, ""},
		{`V20\*.csv`, saysAbsolute},
		{`\V20\*.csv`, saysAbsolute},
		{`D:V20\*.csv`, saysAbsolute},
		{`/srv/x/*.csv`, saysAbsolute},
		{`%USERPROFILE%\*.csv`, saysAbsolute},
		{`D:\*.csv`, saysDisk},
		{`D:\**\*.csv`, saysDisk},
		{`D:\V20*\x.csv`, saysDisk},
		{`\\srv\*\x.xml`, saysServer},
		{`\\srv\*.xml`, saysServer},
		{`\\*\x\a.xml`, saysServer},
		{`\\?\D:\V20\*.csv`, saysServer},
		{`\\.\pipe\*`, saysServer},
		{`D:\V20\[a.csv`, saysPattern},
		{`D:\V20\..\..\*.csv`, saysDots},
		{`D:\\V20\\*.csv`, saysEmpty},
		{`D:\V20\`, saysFolder},
	}
	for _, tt := range tests {
		t.Run(tt.value, func(t *testing.T) {
			if got := problem(t, "windows", "paths", tt.value); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestParse_DataDir(t *testing.T) {
	tests := []struct{ goos, value, want string }{
		{"linux", "/var/lib/x", ""},
		{"linux", "/var/lib/x/", ""},
		{"linux", "/", "must not be a whole disk"},
		{"linux", "//", "must not be a whole disk"},
		{"linux", "x", "must be an absolute path"},
		{"linux", "/var/../x", "must not have . or .. in it"},
		{"windows", `E:\tramsync`, ""},
		{"windows", `E:/tramsync/`, ""},
		{"windows", `E:\`, "must not be a whole disk"},
		{"windows", `E:`, "must not be a whole disk"},
		{"windows", `E:tramsync`, "must be an absolute path"},
		{"windows", `\\srv\share\tramsync`, "must be on a disk of this PC"},
		{"windows", `//srv/share/tramsync`, "must be on a disk of this PC"},
	}
	for _, tt := range tests {
		t.Run(tt.goos+" "+tt.value, func(t *testing.T) {
			if got := problem(t, tt.goos, "data_dir", tt.value); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestParse_WindowsDefaultDataDir(t *testing.T) {
	doc := []byte(strings.Replace(short, "/srv/his/*.xml", `'D:\HIS\*.xml'`, 1))
	tests := []struct{ name, programData, want string }{
		{"lies in ProgramData", `E:\Data`, `E:\Data\tramsync`},
		{"survives a service without environment", "", `C:\ProgramData\tramsync`},
		{"is never relative", `Data`, `C:\ProgramData\tramsync`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := config.ParseOn("windows", tt.programData, doc)
			if err != nil {
				t.Fatalf("parse: %v", err)
			}
			if c.DataDir != tt.want {
				t.Errorf("got %q, want %q", c.DataDir, tt.want)
			}
		})
	}
}

func TestParse_WindowsComparesPathsAsWindowsDoes(t *testing.T) {
	base := strings.Replace(short, "/srv/his/*.xml", `'D:\HIS\*.xml', PATH`, 1)
	tests := []struct{ name, path, want string }{
		{"the same pattern in other letters", `'d:/his/*.XML'`,
			"line 4: feeds[0].paths[1]: is listed before (see feeds[0].paths[0])"},
		{"the agent's own folder in other letters", `'c:\programdata\TRAMSYNC\*.xml'`,
			"line 4: feeds[0].paths[1]: reaches into the agent's own folder, data_dir " +
				"(keep exports and data_dir apart)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := strings.Replace(base, "PATH", tt.path, 1)
			_, err := config.ParseOn("windows", `C:\ProgramData`, []byte(doc))
			wantFaults(t, err, tt.want)
		})
	}
}
