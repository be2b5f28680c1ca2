package export

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"tramsync/sync/wire"
)

// Limits against hostile or broken files.
const (
	MaxFile     = 512 << 20 // bytes; a district centre's month is some hundred MB
	maxHoSo     = 16 << 20  // bytes of one HOSO; the largest seen is 1.7 MB
	maxEnvelope = 256 << 10 // bytes around the HOSO
	maxInMemory = 64 << 20  // bytes of a file that can't be streamed: UTF-16, bare tables
	maxRow      = 1 << 20   // bytes of one row
)

// Formats that a feed can have.
const (
	GiamDinhHS = "giamdinhhs"
	CSV        = "csv"
	JSON       = "json"
)

// Source is a file to read. It may be read more than once and must not change meanwhile; whoever opened it checks that.
type Source interface {
	io.ReaderAt
	Size() int64
}

// Settings say how a feed's files are read.
type Settings struct {
	Station  string // the station's primary code: the facility where a file names none
	System   string // HIS or V20
	Kind     string // of the records: visit, tiem_chung …
	Format   string
	Encoding string   // csv: auto, utf-8, utf-16, windows-1258
	Records  string   // json: path to the rows; "" finds them
	Facility string   // rows: the column with the facility's code
	Key      []string // rows: the columns that identify one
	Columns  []Column // rows: names and what they are called in files
}

// Column maps one column of a row.
type Column struct {
	Name string
	From []string
	Date bool // turned into yyyy-mm-dd when it is a date
}

// Record is one visit or row as read.
type Record struct {
	Kind     string
	Key      []string
	Facility string
	Visit    *wire.Visit       // of a HIS export, else nil
	Row      map[string]string // of another, else nil
	// Tables are a visit's documents read as rows, one for one, then what stands around them (tables HOSO and FILE): screening must see everything.
	Tables   []wire.Table
	Findings []wire.Finding
	Origin   wire.Origin // HoSo, Line or Index
	original []byte      // a visit's export as it stands
}

// Seal makes sure that the visit gives back its original byte for byte. To be called once, after everything that must not be kept has been cut out; a trimmed visit gives back
// nothing.
func (r *Record) Seal() {
	if r.Visit != nil && !r.Visit.Envelope.Trimmed {
		r.Visit.Seal(r.original)
	}
	r.original = nil
}

// Decode reads a whole file and calls each for every record, in the file's order. Whatever each returns ends the reading and is returned. A fault of the file is a
// *FormatError, possibly after some records were given: callers keep nothing then.
func Decode(ctx context.Context, src Source, s Settings, each func(*Record) error) error {
	if src.Size() > MaxFile {
		return &FormatError{Code: "too-large"}
	}
	if src.Size() == 0 {
		return &FormatError{Code: "empty"}
	}
	given := func(r *Record) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return each(r)
	}
	switch s.Format {
	case GiamDinhHS:
		return decodeGiamDinh(src, s, given)
	case CSV:
		return decodeCSV(src, s, given)
	case JSON:
		return decodeJSON(src, s, given)
	default:
		return fmt.Errorf("decode export: unknown format %q", s.Format)
	}
}

// text is a file as UTF-8 text: the file itself, or a transcoded copy in memory.
type text struct {
	io.ReaderAt
	size     int64
	encoding string // wire.UTF16LE or wire.UTF16BE when transcoded
}

// openText sniffs the encoding by the first bytes; what a file declares isn't asked.
func openText(src Source) (text, error) {
	head := make([]byte, min(4, src.Size()))
	if _, err := src.ReadAt(head, 0); err != nil && err != io.EOF {
		return text{}, fmt.Errorf("read export: %w", err)
	}
	enc := wire.SniffUTF16(head)
	if enc == "" {
		return text{ReaderAt: src, size: src.Size()}, nil
	}
	raw, err := readAll(src)
	if err != nil {
		return text{}, err
	}
	utf8, err := wire.DecodeUTF16(raw, enc)
	if err != nil {
		return text{}, &FormatError{Code: "encoding"}
	}
	return text{ReaderAt: bytes.NewReader(utf8), size: int64(len(utf8)), encoding: enc}, nil
}

func readAll(src Source) ([]byte, error) {
	if src.Size() > maxInMemory {
		return nil, &FormatError{Code: "too-large"}
	}
	return readRange(src, 0, src.Size())
}

func readRange(src io.ReaderAt, from, to int64) ([]byte, error) {
	out := make([]byte, to-from)
	if n, err := src.ReadAt(out, from); err != nil && (err != io.EOF || n < len(out)) {
		return nil, fmt.Errorf("read export: %w", err)
	}
	return out, nil
}

// Dates are the names of the columns configured as dates.
func (s Settings) Dates() []string {
	var out []string
	for _, c := range s.Columns {
		if c.Date {
			out = append(out, c.Name)
		}
	}
	return out
}
