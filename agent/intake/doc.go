// Package intake takes one settled export file in: reads it once, decodes it, leaves out what must never be taken in,
// flags what looks wrong, and queues what is new in one atomic step with the ledger's entry.
//
// It guarantees that nothing of a file is kept unless all of it could be read and screened, but for columns that nobody
// can look into, which are left out and flagged; that screening comes before anything reaches a disk; that the source
// is only read; that a file which can't be read stands in the ledger with the place of its fault until it changes; and
// that a file which takes the process down while it is read does so once: it is tried in a process of its own at the
// next start.
//
// What was sent earlier and is withheld now is taken back, by its key and without a reason: the last that a file says
// of a key counts. Nothing is taken back that another queue sent, or that lies in a file whose name or kind alone
// keeps it out.
//
// It doesn't find files (agent/watch) and doesn't send. TakeIn is for one goroutine at a time; Preview may run beside
// it.
//
//	read ──▶ SHA-256 ──▶ known content? ──▶ decode ──▶ screen ──▶ check ──▶ queue.Append
//	                          │ noted           │ fault               one transaction:
//	                          ▼                 ▼                     records, ledger, counters
//	                        ledger          ledger: rejected
package intake
