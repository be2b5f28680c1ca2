// Package screen says which records, or parts of them, must never be taken in: those about HIV/AIDS, drug use and
// prostitution. The same rules run at both ends: at the station before anything reaches a disk, and at the warehouse
// once more, over everything that a record carries.
//
// The rules are data, not code, since a health authority decides them: a versioned document (rules.v1.yaml, compiled
// in), which only a signed one takes the place of (Load); beside a signed one that is older, both apply. The package
// guarantees that a rule set that doesn't parse, or holds what could never match, is refused as a whole, that every
// field, attribute and comment of a record is looked at, under the name of the table it belongs to whatever its
// document is called, with all that a row's value holds, and that a verdict holds a rule's id and places, never a
// value. What a row's value holds is the column's, and that of a document in it also of a table DOCUMENT. It doesn't
// notice that an older signed document was put back over a newer one.
//
// It cuts and counts nothing itself, and can't judge what it can't read: callers must treat a document that doesn't
// parse as not taken in, leave out columns that nobody can look into (Packed), and withhold whole what can't be cut as
// a verdict says. Where a rule may err it errs towards leaving out: a negative HIV test is information about HIV too.
//
//	tables, row ──▶ flatten: fields with text ──▶ which rules look at it (mask, remembered by name)
//	                                                   │ icd, text, equals, filled, table, where
//	                     ┌─────────────────────────────┴──────────────┐
//	                drop_visit                           drop_record, drop_nodes, drop_fields
//	                Verdict.Drop                         Verdict.Cut ──Ranges──▶ bytes to cut, or not ok: withhold
//
// A Rules value never changes, but for a bounded memory of field names, and is safe for concurrent use.
package screen
