package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tramsync/agent/export"
	"tramsync/agent/watch"
	"tramsync/config"
)

// suggested is what is proposed for one file. It holds names of columns, never a value.
type suggested struct {
	Path string `json:"path"`
	export.Inspection
	Kind    string            `json:"kind,omitempty"` // of the preset it is most like
	Known   map[string]string `json:"known,omitempty"`
	Unknown []string          `json:"unknown,omitempty"`
	Missing []string          `json:"missing,omitempty"`
	Feed    string            `json:"feed,omitempty"` // YAML
	Fault   string            `json:"fault,omitempty"`
	Code    string            `json:"fault_code,omitempty"`

	title string
}

// suggest proposes a feed for each file, or each file in folders.
func (p *program) suggest(ctx context.Context, paths []string, asJSON bool) error {
	faults := 0
	each := func(path string) error {
		s, err := p.suggestFor(ctx, path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if s.Code != "" {
			faults++
		}
		if asJSON {
			return p.json(s)
		}
		_, err = fmt.Fprint(p.out, p.suggestion(s))
		return err
	}
	for _, path := range paths {
		abs, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		err = filepath.WalkDir(abs, func(name string, d fs.DirEntry, err error) error {
			if err = errors.Join(err, ctx.Err()); err != nil || !d.Type().IsRegular() {
				return err
			}
			return each(name)
		})
		if err != nil {
			return err
		}
	}
	if faults > 0 {
		return fmt.Errorf(p.say("%d tệp không đọc được", "%d files can't be read"), faults)
	}
	return nil
}

func (p *program) suggestFor(ctx context.Context, path string) (suggested, error) {
	out := suggested{Path: path}
	file, err := watch.Open(path)
	if err != nil {
		return out, err
	}
	defer func() { _ = file.Close() }() // only read from
	info, err := file.Stat()
	if err != nil {
		return out, err
	}
	out.Inspection, err = export.Inspect(ctx, openFile{file, info.Size()}, export.Settings{Format: export.Auto})
	if fe := (*export.FormatError)(nil); errors.As(err, &fe) {
		out.Fault, out.Code = fe.Text(p.lang), fe.Code
		return out, nil
	}
	if err != nil {
		return out, err
	}
	seen := config.Seen{Format: out.Format, Records: out.Records}
	for _, c := range out.Columns {
		seen.Columns = append(seen.Columns, config.SeenColumn{Name: c.Name, Type: columnType(c)})
	}
	s, err := config.Suggest(seen)
	if err != nil {
		return out, err
	}
	if s.Preset != nil {
		out.Kind, out.title = s.Preset.Kind, s.Preset.Title
	}
	out.Known, out.Unknown, out.Missing = s.Known, s.Unknown, s.Missing
	pattern := filepath.Join(filepath.Dir(path), "*"+strings.ToLower(filepath.Ext(path)))
	out.Feed = string(s.Feed(pattern))
	return out, nil
}

// openFile is a file as decoders read it.
type openFile struct {
	*os.File
	size int64
}

// Size of the file in bytes.
func (f openFile) Size() int64 { return f.size }

// columnType goes by what nine tenths of a column's values look like.
func columnType(c export.InspectedColumn) string {
	for shape, typ := range map[export.Shape]string{export.ShapeDate: "date", export.ShapeDigits12: "cccd"} {
		if c.Filled > 0 && c.Shapes[shape]*10 >= c.Filled*9 {
			return typ
		}
	}
	return "text"
}

// suggestion is YAML that can be pasted, with what a person should know of it as comments.
func (p *program) suggestion(s suggested) string {
	var b strings.Builder
	note := func(vi, en string, args ...any) {
		for line := range strings.Lines(fmt.Sprintf(p.say(vi, en), args...)) {
			b.WriteString("# " + strings.TrimRight(line, "\n") + "\n")
		}
	}
	note("%s", "%s", s.Path)
	if s.Fault != "" {
		note("✗ không đọc được: %s", "✗ can't be read: %s", s.Fault)
		return b.String() + "\n"
	}
	switch {
	case len(s.Columns) == 0:
		note("%s", "%s", s.Format)
	default:
		note("%s, %d dòng đã xem, %d cột", "%s, %d rows looked at, %d columns", s.Format, s.Rows, len(s.Columns))
	}
	switch {
	case s.Kind != "":
		note("giống nhất: %s (%s)", "most like: %s (%s)", s.title, s.Kind)
	case len(s.Columns) > 0:
		note("không giống loại nào đã biết: đặt name, kind và key cho đúng; không có key thì cả dòng là khóa",
			"like no kind that is known: set name, kind and key; without a key a row is known by all of its values")
	}
	for _, c := range s.Columns {
		if column := s.Known[c.Name]; column != "" {
			note("  %q → %s", "  %q → %s", c.Name, column)
		}
	}
	if len(s.Unknown) > 0 && s.Kind != "" {
		note("giữ nguyên tên: %q", "kept under their own names: %q", s.Unknown)
	}
	for _, m := range s.Missing {
		note("⚠ thiếu cột khóa %[1]s: thêm vào columns: {%[1]s: [\"tên cột trong tệp\"]} hoặc đặt lại key",
			"⚠ no column for the key's %[1]s: add columns: {%[1]s: [\"its title in the file\"]}, or set another key", m)
	}
	return b.String() + s.Feed + "\n"
}
