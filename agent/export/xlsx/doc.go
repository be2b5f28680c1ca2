// Package xlsx reads the sheets of an Office Open XML workbook (ECMA-376, transitional and strict) one row at a time:
// what the cells show as text, dates by their number formats as yyyy-mm-dd.
//
// It guarantees that memory holds the shared strings, the formats, the merged regions and one row, whatever the sheets'
// size; that a hostile archive is refused by its limits before it can fill memory or time; that numbers come out as
// they were keyed in, as far as the file still has their digits; and that no error quotes a cell. A disk's own errors
// come as they are, so that they aren't taken for faults of the file.
//
// It doesn't compute formulas (it gives what was computed last), doesn't know what rows mean, doesn't write. Older
// formats (.xls, .xlsb, .ods) and locked workbooks are told apart, not read. A Workbook belongs to one goroutine.
//
//	zip directory ─▶ workbook.xml ─▶ sheets (name, hidden, part)
//	              ─▶ styles.xml   ─▶ which formats are dates
//	              ─▶ sharedStrings.xml ── held whole, limited
//	sheetN.xml:   mergeCells stand behind the rows, hence two readings: regions, then rows
package xlsx
