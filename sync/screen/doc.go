// Package screen says which records must never be taken in: those about HIV/AIDS, drug use and prostitution. The
// same rules run at both ends: at the station before anything reaches a disk, and at the warehouse once more.
//
// The rules are data (rules.v1.yaml, compiled in), not code, since a health authority decides them. The package
// guarantees that a rule set that doesn't parse, or holds what could never match, is refused as a whole, that every
// field, attribute and comment of a record is looked at, with the members of JSON in a row's value, and that a verdict
// holds a rule's id and places, never a value.
//
// It does not decide what to do with a verdict, does not count, and can't judge what it can't read: callers must
// treat a document that doesn't parse as not taken in. Where a rule may err it errs towards leaving out: a negative
// HIV test is information about HIV too.
//
// A Rules value never changes, but for a bounded memory of field names, and is safe for concurrent use.
package screen
