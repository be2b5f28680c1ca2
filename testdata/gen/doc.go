// Package gen makes synthetic exports of HIS and V20 software for tests, the demo
// and benchmarks: out-patient visits as a commune health station sends them, and
// rows of V20 lists. Everybody in them is invented.
//
// It guarantees: item n under a seed is the same on every platform and with every
// Go version, whatever was made before it. Two items share neither MA_LK nor name
// nor any other of their [Visit.Identifiers]. Inner documents are well formed and
// follow the field order of their decision, and amounts add up. Nothing made by
// [Source.Visit] touches what must not be taken in (HIV/AIDS, drugs,
// prostitution); [Visit.Withheld] puts exactly one such thing in.
//
// It does not reproduce the statistics of real patients, does not make broken files
// (those lie beside it, in testdata/exports), and its V20 columns are invented, as
// no list of them is public. Keys depend on n alone: another seed gives other
// contents under the same keys.
//
// A Source and everything it returns are values that nothing changes; goroutines
// may share them.
package gen
