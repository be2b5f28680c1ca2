// Package export reads export files of HIS and V20 systems into records: giamdinhhs (QĐ 4210, 130, 4750, 3176 of the
// Ministry of Health, and health check-ups of QĐ 2062 in the same envelope), hssk831 (health records of QĐ 831), lists
// as csv, json, or xml whose elements are rows, and documents that are kept whole (HL7 CDA, FHIR and any other text).
// What a file is its content says ([Detect]); what is in one never seen before, [Inspect].
//
// It reads tolerantly, never against a schema, since real exports aren't what the decisions say. It guarantees that a
// file is read to its end before anything of it can be kept (a fault anywhere is an error of Decode), that values stay
// as they stood, that one HOSO, HOSOSUCKHOE or row is in memory at a time (a document is 4 MiB at most), that a record
// holds nothing of another one's place in the file, that whatever a record holds also stands in its Tables, or Row and
// Around, for screening (a document that nobody could look into is a fault; of rows screening tells), and that every
// error says where and never quotes content.
//
// It doesn't open files, doesn't judge what may be taken in (sync/screen) and doesn't check values (agent/check).
// Nothing here keeps state; everything is safe for concurrent use, but a Record belongs to one goroutine.
//
// A list's header is looked for, and what stands around its rows (titles, totals, signatures) makes no records: the
// list's last record says which lines were left out, and every record shows the words to screening (Around). Lists and
// json are read twice, since rows of one key and several contents are told apart wherever they stand.
//
//	<GIAMDINHHS> … <DANHSACHHOSO>  head ─┐
//	  <HOSO> … </HOSO>             body ─┼─▶ Record 1: head, its body, tail
//	  <!-- between: nobody's -->         │
//	  <HOSO> … </HOSO>             body ─┼─▶ Record 2: head, its body, tail
//	</DANHSACHHOSO> … signature    tail ─┘
package export
