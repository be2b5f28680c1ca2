// Package wire is the contract between the agent and the warehouse: what a record is, how it gets its id, how
// records travel in batches and how each of them is answered. Both programs are built from this one package;
// docs/openapi.yaml says the same for everybody else.
//
// It guarantees that the same content always gets the same id (NewEvent), at any time and on any PC, that an export
// taken apart into a visit can be put together again byte for byte (Visit.Original), or carries its bytes whole, and
// that both ends read the same in a document, whatever it is packed in (ParseTable), and in a row's values (Inner), or
// refuse it.
//
// It does not do I/O, keeps no state and knows nothing of queues, folders or databases. Everything in it is safe for
// concurrent use but for Codec and XMLScanner values, which belong to one goroutine each.
//
//	export file                               Visit
//	┌───────────────────────────────┐         ┌──────────────────────────────────────┐
//	│ <GIAMDINHHS>…<NOIDUNGFILE>    │ parts[0]│ Envelope.Parts: what is around       │
//	│   PD94bWwg… (base64)          │────────▶│ Documents[0]: decoded, how it stood  │
//	│ </NOIDUNGFILE>…<NOIDUNGFILE>  │ parts[1]│                                      │
//	│   PENISVRJ…                   │────────▶│ Documents[1]                         │
//	│ </NOIDUNGFILE>…</GIAMDINHHS>  │ parts[2]│                                      │
//	└───────────────────────────────┘         └──────────────────────────────────────┘
package wire
