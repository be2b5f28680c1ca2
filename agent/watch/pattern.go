package watch

import (
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"golang.org/x/text/unicode/norm"
)

// endless is the depth of a pattern with **.
const endless = -1

// matcher finds the feed of a path.
type matcher struct {
	windows  bool
	patterns [][]string // by feed, folded
	broken   []FolderFault
}

// root is a folder to walk, for all patterns that begin with it.
type root struct {
	folder string
	depth  int      // how many levels below can hold files that match; endless: all
	feeds  []string // the feeds that want it
}

// compile prepares the feeds' patterns for a system, named as in runtime.GOOS.
func compile(goos string, feeds []Feed) (matcher, []root) {
	m := matcher{windows: goos == "windows", patterns: make([][]string, len(feeds))}
	var roots []root
	for i, f := range feeds {
		for _, p := range f.Patterns {
			clean := m.slash(p)
			if !doublestar.ValidatePattern(clean) {
				m.broken = append(m.broken, FolderFault{Feed: f.Name, Folder: p, Err: doublestar.ErrBadPattern})
				continue
			}
			m.patterns[i] = append(m.patterns[i], m.fold(clean))
			base, rest := doublestar.SplitPattern(clean)
			roots = m.merge(roots, root{folder: m.native(base), depth: depth(rest), feeds: []string{f.Name}})
		}
	}
	return m, roots
}

// merge adds a root, or widens the one that has the same folder.
func (m matcher) merge(roots []root, r root) []root {
	i := slices.IndexFunc(roots, func(o root) bool { return m.fold(m.slash(o.folder)) == m.fold(m.slash(r.folder)) })
	if i < 0 {
		return append(roots, r)
	}
	o := &roots[i]
	if o.depth != endless && (r.depth == endless || r.depth > o.depth) {
		o.depth = r.depth
	}
	if !slices.Contains(o.feeds, r.feeds[0]) {
		o.feeds = append(o.feeds, r.feeds[0])
	}
	return roots
}

// depth returns how many levels of folders a pattern's rest can reach.
func depth(rest string) int {
	if strings.Contains(rest, "**") {
		return endless
	}
	return strings.Count(rest, "/")
}

// slash returns a clean path or pattern with forward slashes.
func (m matcher) slash(p string) string {
	if !m.windows {
		return path.Clean(p)
	}
	p = strings.ReplaceAll(p, `\`, "/")
	if strings.HasPrefix(p, "//") {
		return "/" + path.Clean(p[1:]) // a share: \\server\share
	}
	return path.Clean(p)
}

func (m matcher) native(p string) string {
	if m.windows {
		return strings.ReplaceAll(p, "/", `\`)
	}
	return p
}

// fold returns what is compared: NFC, as Vietnamese names come composed and decomposed; on Windows without case.
func (m matcher) fold(p string) string {
	if m.windows {
		p = strings.ToLower(p)
	}
	return norm.NFC.String(p)
}

// feed returns the first feed with a pattern for this path, or -1.
func (m matcher) feed(p string) int {
	name := m.fold(m.slash(p))
	return slices.IndexFunc(m.patterns, func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool {
			return doublestar.MatchUnvalidated(pattern, name)
		})
	})
}

// faults returns the patterns that match nothing because they are broken.
func (m matcher) faults() []FolderFault { return slices.Clone(m.broken) }

// ignored reports names of files that are not finished or not exports, and of folders that hold discarded ones.
func ignored(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "~$") || strings.HasPrefix(name, ".") ||
		strings.HasSuffix(name, ".tmp") || strings.HasSuffix(name, ".part") || strings.HasSuffix(name, ".crdownload") ||
		name == "$recycle.bin" || name == "system volume information"
}
