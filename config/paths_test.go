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

func TestParse_Paths(t *testing.T) {
	const (
		absolute = "must be an absolute path"
		disk     = "would search a whole disk"
		pattern  = "is not a valid pattern"
		dots     = "must not have . or .. in it"
		empty    = "has an empty part"
		folder   = "names a folder, not files"
		server   = "must spell out server and share"
	)
	tests := []struct{ goos, value, want string }{
		{"linux", "/srv/x/*.xml", ""},
		{"linux", "/srv/x/file.xml", ""},
		{"linux", "/srv/**", ""},
		{"linux", "/srv/Xuất HIS/{a,b}/[0-9]?.xml", ""},
		{"linux", `/srv/x/\*.xml`, ""},
		{"linux", "srv/*.xml", absolute},
		{"linux", "~/x/*.xml", absolute},
		{"linux", `D:\V20\*.csv`, absolute},
		{"linux", "/*.xml", disk},
		{"linux", "/**/*.xml", disk},
		{"linux", "/{srv,home}/*.xml", disk},
		{"linux", "/etc*/x.xml", disk},
		{"linux", "/srv/[a.xml", pattern},
		{"linux", "/srv/{a,b.xml", pattern},
		{"linux", `/srv/x\`, pattern},
		{"linux", "/srv/../**/*.xml", dots},
		{"linux", "/srv/./*.xml", dots},
		{"linux", "/srv//x/*.xml", empty},
		{"linux", "/srv/x/", folder},
		{"windows", `D:\V20\**\*.csv`, ""},
		{"windows", `d:/V20/*.csv`, ""},
		{"windows", `D:\V20\xuất {cũ,mới}\tiêm*.csv`, ""},
		{"windows", `\\srv\share\x\*.xml`, ""},
		{"windows", `\\srv\share\*.xml`, ""},
		{"windows", `\\srv\d$\*.xml`, ""},
		{"windows", `V20\*.csv`, absolute},
		{"windows", `\V20\*.csv`, absolute},
		{"windows", `D:V20\*.csv`, absolute},
		{"windows", `/srv/x/*.csv`, absolute},
		{"windows", `%USERPROFILE%\*.csv`, absolute},
		{"windows", `D:\*.csv`, disk},
		{"windows", `D:\**\*.csv`, disk},
		{"windows", `D:\V20*\x.csv`, disk},
		{"windows", `\\srv\*\x.xml`, server},
		{"windows", `\\srv\*.xml`, server},
		{"windows", `\\*\x\a.xml`, server},
		{"windows", `\\?\D:\V20\*.csv`, server},
		{"windows", `\\.\pipe\*`, server},
		{"windows", `D:\V20\[a.csv`, pattern},
		{"windows", `D:\V20\..\..\*.csv`, dots},
		{"windows", `D:\\V20\\*.csv`, empty},
		{"windows", `D:\V20\`, folder},
	}
	for _, tt := range tests {
		t.Run(tt.goos+" "+tt.value, func(t *testing.T) {
			if got := problem(t, tt.goos, "paths", tt.value); got != tt.want {
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
			"line 4: feeds[0].paths[1]: reaches into the agent's own folder, data_dir (keep exports and data_dir apart)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := strings.Replace(base, "PATH", tt.path, 1)
			_, err := config.ParseOn("windows", `C:\ProgramData`, []byte(doc))
			wantFaults(t, err, tt.want)
		})
	}
}
