package export

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strings"

	"tramsync/sync/wire"
)

// bareFile is a file that is one table without an envelope.
type bareFile struct {
	src      Source
	text     text
	table    string
	signed   bool
	settings Settings
}

// decode gives one record for each MA_LK in the file. XML1 is a visit of one table. Another table is a record of its
// own kind, or a visit's tables in several files would overwrite each other.
func (b *bareFile) decode(each func(*Record) error) error {
	content, err := readRange(b.text, 0, b.text.size)
	if err != nil {
		return err
	}
	parsed, err := wire.ParseTable(b.table, content)
	if err != nil {
		return located(err, FormatError{Document: b.table})
	}
	visits := visitsOf(&parsed)
	several := len(visits) > 1
	var frames *walker
	if several {
		frames = walk(wire.CleanXML(content), visits, b.table)
	}
	for i, rows := range visits {
		one := content
		if several {
			one = frames.extract(i, rows)
		}
		rec, err := b.record(one, several)
		if err != nil {
			return err
		}
		rec.Origin.HoSo = i + 1
		if err := each(rec); err != nil {
			return err
		}
	}
	return nil
}

func (b *bareFile) record(content []byte, several bool) (*Record, error) {
	parsed, err := wire.ParseTable(b.table, content)
	if err != nil {
		return nil, located(err, FormatError{Document: b.table})
	}
	signed := b.signed
	if several {
		lay, err := scan(text{ReaderAt: bytes.NewReader(content), size: int64(len(content))}, nil)
		if err != nil {
			return nil, err
		}
		signed = lay.signed
	}
	doc := wire.NewDocument(b.table, content, &wire.Form{Inline: true})
	rec := &Record{Kind: wire.KindTable, Tables: []wire.Table{parsed}}
	rec.Visit = &wire.Visit{Signed: signed, Documents: []wire.Document{doc},
		Envelope: wire.Envelope{Encoding: b.text.encoding, Parts: []string{"", ""}, Extract: several}}
	rec.identify(b.settings)
	if b.table == "XML1" {
		rec.Kind = wire.KindVisit
	} else {
		rec.Key = append(rec.Key, b.table)
	}
	var original []byte
	if several {
		original, err = b.text.encode(content)
	} else {
		original, err = readRange(b.src, 0, b.src.Size())
	}
	rec.original = [][]byte{original}
	return rec, err
}

// visitsOf groups a table's records by MA_LK, in their order. A table without any, but with something else in it, is
// one visit; an empty wrapper is none.
func visitsOf(t *wire.Table) [][]wire.TableRow {
	var out [][]wire.TableRow
	at := map[string]int{}
	name := wire.RecordElement(t.Name)
	for i := range t.Rows {
		r := &t.Rows[i]
		if r.Element != name {
			continue
		}
		lk := strings.TrimSpace(r.Value("MA_LK"))
		k, ok := at[lk]
		if !ok {
			k = len(out)
			at[lk] = k
			out = append(out, nil)
		}
		out[k] = append(out[k], *r)
	}
	holds := func(r wire.TableRow) bool {
		return slices.ContainsFunc(r.Fields, func(f wire.Field) bool { return f.End > 0 })
	}
	if len(out) == 0 && slices.ContainsFunc(t.Rows, holds) {
		out = append(out, t.Rows)
	}
	return out
}

// frame is what is open at a place: start tags, end tags, and the root's end tag.
type frame struct{ open, closing, root []byte }

// walker finds frames and the signature in a text that is known to parse.
type walker struct {
	clean     []byte
	record    string
	offsets   []int64 // of start tags, ascending
	frames    []frame // one for each
	signature []byte
	stack     []openTag
	inRecord  int // depth, else 0
	signed    int // depth of CHUKYDONVI outside records, else 0
}

type openTag struct {
	name       xml.Name
	start, end int64
}

// walk looks for where each visit's first record stands.
func walk(clean []byte, visits [][]wire.TableRow, table string) *walker {
	w := &walker{clean: clean, record: wire.RecordElement(table)}
	for _, rows := range visits {
		w.offsets = append(w.offsets, rows[0].Start)
	}
	in := wire.ScanXML(string(clean))
	for {
		t, err := in.Next()
		if err != nil {
			return w
		}
		switch t.Kind {
		case wire.XMLStart:
			w.open(openTag{name: t.Name, start: t.Start, end: t.End})
		case wire.XMLEnd:
			w.close(t.End)
		}
	}
}

// extract is the table with one visit's records alone: what stands beside them may be about another's visit. The
// signature belongs to each of them.
func (w *walker) extract(i int, rows []wire.TableRow) []byte {
	f := w.frames[i]
	out := slices.Clone(f.open)
	for _, r := range rows {
		out = append(out, w.clean[r.Start:r.End]...)
	}
	return slices.Concat(out, f.closing, w.signature, f.root)
}

func (w *walker) open(t openTag) {
	if n := len(w.frames); n < len(w.offsets) && w.offsets[n] == t.start {
		w.frames = append(w.frames, w.frame())
	}
	w.stack = append(w.stack, t)
	switch {
	case w.inRecord > 0 || w.signed > 0:
	case t.name.Local == w.record:
		w.inRecord = len(w.stack)
	case t.name.Local == "CHUKYDONVI":
		w.signed = len(w.stack)
	}
}

func (w *walker) close(end int64) {
	n := len(w.stack)
	switch n {
	case w.inRecord:
		w.inRecord = 0
	case w.signed:
		w.signed, w.signature = 0, append(w.signature, w.clean[w.stack[n-1].start:end]...)
	}
	w.stack = w.stack[:n-1]
}

func (w *walker) frame() frame {
	var f frame
	for i, t := range w.stack {
		f.open = append(f.open, w.clean[t.start:t.end]...)
		end := "</" + t.name.Local + ">"
		if t.name.Space != "" {
			end = "</" + t.name.Space + ":" + t.name.Local + ">"
		}
		if i == 0 {
			f.root = []byte(end)
		} else {
			f.closing = append([]byte(end), f.closing...)
		}
	}
	return f
}
