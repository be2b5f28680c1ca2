package export

import (
	"context"
	"errors"
	"fmt"

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
	Auto       = "auto"       // each file's content says which of the others
	GiamDinhHS = "giamdinhhs" // GIAMDINHHS, its bare tables, and KHAMSUCKHOE (QĐ 2062)
	HSSK831    = "hssk831"    // health records of QĐ 831/QĐ-BYT 2017
	CSV        = "csv"
	XLSX       = "xlsx" // and HTML tables that are called .xls
	JSON       = "json" // arrays, objects with a list in them, a line an object
	XML        = "xml"  // rows by the feed's mapping
	Document   = "document"
)

// Settings say how a feed's files are read.
type Settings struct {
	Station  string // the station's primary code: the facility where a file names none
	System   string // HIS or V20
	Kind     string // of the records: visit, tiem_chung …; with Auto of rows alone, and without one rows are a fault
	Format   string
	Encoding string   // csv: auto, utf-8, utf-16, windows-1258, tcvn3
	Records  string   // json: path to the rows, a.b; xml: the element that is one, NAME or /A/NAME; "" finds them
	Sheet    string   // xlsx: the sheet's name, or /regexp/; "": the first that has a header
	Header   int      // csv, xlsx: the line with the columns' names, from 1; 0 finds it
	Roots    []string // giamdinhhs: what else the root element may be called
	Facility string   // rows: the column with the facility's code
	Key      []string // rows: the columns that identify one
	Columns  []Column // rows: names and what they are called in files

	met *met // Inspect's
}

// Column maps one column of a row.
type Column struct {
	Name string
	From []string
	Type ColumnType
}

// ColumnType is what a column holds.
type ColumnType string

// The column types.
const (
	Text ColumnType = ""     // kept as it stands
	Date ColumnType = "date" // turned into yyyy-mm-dd when it is a date
	CCCD ColumnType = "cccd" // 12 digits; leading zeros that a spreadsheet took are put back, and flagged
)

// Dates are the names of the columns configured as dates.
func (s Settings) Dates() []string {
	var out []string
	for _, c := range s.Columns {
		if c.Type == Date {
			out = append(out, c.Name)
		}
	}
	return out
}

// Decode reads a whole file and calls each for every record, in the file's order. Whatever each returns ends the
// reading and is returned. A fault of the file is a *FormatError, possibly after some records were given: callers keep
// nothing then. Other errors are those of src and of ctx.
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
	src = stoppable{Source: src, ctx: ctx}
	format, err := Detect(src, s)
	if err != nil {
		return err
	}
	if s.Format == Auto && !isRows(format) {
		s.Kind = "" // it is that of the feed's rows; visits and documents have their own
	}
	s.Format = format
	switch s.Format {
	case GiamDinhHS:
		return decodeGiamDinh(src, s, given)
	case HSSK831:
		return decodeHSSK831(src, s, given)
	case Document:
		return decodeDocument(src, s, given)
	case CSV:
		return decodeCSV(src, s, given)
	case XLSX:
		return decodeXLSX(src, s, given)
	case JSON:
		return decodeJSON(src, s, given)
	case XML:
		return decodeXML(src, s, given)
	default:
		return fmt.Errorf("decode export: unknown format %q", s.Format)
	}
}

func asSyntax(err error) (*wire.SyntaxError, bool) {
	var se *wire.SyntaxError
	ok := errors.As(err, &se)
	return se, ok
}

// located turns an error of an XML text in memory into a FormatError at a place. The only other errors there are the
// XML reader's on versions of XML, which quote them.
func located(err error, at FormatError) error {
	at.Code = wire.SyntaxMalformed
	if se, ok := asSyntax(err); ok {
		at.Line, at.Offset, at.Code = se.Line, se.Offset, se.Code
	}
	return &at
}
