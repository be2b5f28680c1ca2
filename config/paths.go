package config

import (
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// host is what validation has to know of a PC; a value of its own so that Windows' rules are tested everywhere.
type host struct {
	goos        string // as runtime.GOOS
	programData string // %ProgramData%, Windows only
}

func thisHost() host {
	return host{goos: runtime.GOOS, programData: os.Getenv("ProgramData")}
}

func (h host) windows() bool { return h.goos == "windows" }

// dataDir is the default of data_dir.
func (h host) dataDir() string {
	if !h.windows() {
		return "/var/lib/tramsync"
	}
	parent := h.programData
	if problem, _ := h.checkFolder(parent); problem != "" {
		parent = `C:\ProgramData` // a service can be started without its environment
	}
	return strings.TrimRight(parent, `\/`) + `\tramsync`
}

// slash returns p with forward slashes; on Linux a backslash is a character like others, or an escape in a pattern.
func (h host) slash(p string) string {
	if h.windows() {
		return strings.ReplaceAll(p, `\`, `/`)
	}
	return p
}

// fold returns the form in which two spellings of one path are equal.
func (h host) fold(p string) string {
	if h.windows() {
		p = strings.ToLower(h.slash(p))
	}
	if len(p) > 1 {
		p = strings.TrimSuffix(p, "/")
	}
	return p
}

// split divides a slash pattern into its fixed folder and the rest.
func (h host) split(pattern string) (base, rest string) {
	return doublestar.SplitPattern(pattern)
}

var (
	drive = regexp.MustCompile(`^[A-Za-z]:/`)
	share = regexp.MustCompile(`^//[^/*?\[\]{}.][^/*?\[\]{}]*/[^/*?\[\]{}]+(/|$)`) // not \\?\ and \\.\ devices
)

// checkFolder says what is wrong with a path to the agent's own folder.
func (h host) checkFolder(p string) (problem, hint string) {
	if h.windows() && strings.HasPrefix(h.slash(p), "//") {
		return "must be on a disk of this PC", "a queue on a network share gets damaged"
	}
	return h.checkAbsolute(h.fold(p))
}

// checkPattern says what is wrong with a pattern for files.
func (h host) checkPattern(pattern string) (problem, hint string) {
	s := h.slash(pattern)
	base, rest := h.split(s)
	if h.windows() && strings.HasPrefix(s, "//") && !share.MatchString(base) {
		return "must spell out server and share", `like \\may-chu\xuat\*.xml`
	}
	if problem, hint = h.checkAbsolute(s); problem != "" {
		return problem, hint
	}
	switch {
	case rest == "":
		return "names a folder, not files", "add a pattern like *.xml"
	case base == "/" || h.windows() && len(base) == 2:
		return "would search a whole disk", "name the export folder before the first wildcard"
	case !doublestar.ValidatePattern(s):
		return "is not a valid pattern", "look for a bracket that is not closed"
	}
	return "", ""
}

func (h host) checkAbsolute(slashed string) (problem, hint string) {
	rest := slashed
	if h.windows() {
		if !drive.MatchString(slashed+"/") && !share.MatchString(slashed) {
			return "must be an absolute path", `like D:\V20\xuat or \\may-chu\xuat`
		}
		rest = strings.TrimPrefix(slashed, "/")
	} else if !strings.HasPrefix(slashed, "/") {
		return "must be an absolute path", "begin with /"
	}
	parts := strings.Split(strings.TrimSuffix(rest, "/"), "/")[1:]
	switch {
	case len(parts) == 0:
		return "must not be a whole disk", "name a folder"
	case slices.Contains(parts, ""):
		return "has an empty part", "write single slashes or backslashes"
	case slices.Contains(parts, "."), slices.Contains(parts, ".."):
		return "must not have . or .. in it", ""
	}
	return "", ""
}
