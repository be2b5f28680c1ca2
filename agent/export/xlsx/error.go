package xlsx

import "fmt"

// Codes of Errors.
const (
	NotZip   = "xlsx-zip"      // no zip archive, or a damaged one
	OldXLS   = "xls-old"       // the binary format of Excel 97 to 2003
	Password = "xlsx-password" // locked with a password
	Other    = "xlsx-other"    // an archive, but no workbook: .ods, .xlsb, .docx
	Damaged  = "xlsx-part"     // a part of the archive is missing or no XML of a workbook
	Limit    = "xlsx-limit"    // larger, or packed tighter, than any honest workbook
	RowSize  = "row-size"      // a row of more than MaxRowBytes
)

// Error says why a workbook can't be read, and where. It never quotes content.
type Error struct {
	Code  string
	Sheet int // number of the sheet, from 1
	Row   int // from 1
}

// Error names the place first.
func (e *Error) Error() string { return fmt.Sprintf("sheet %d, row %d: %s", e.Sheet, e.Row, e.Code) }

func fault(code string) error { return &Error{Code: code} }
