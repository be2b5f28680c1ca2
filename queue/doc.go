// Package queue is the agent's durable memory: the outbox of records that still have to reach the warehouse, the dead
// letters it refused, and the ledger of every export file, in one bbolt file where every value is sealed.
//
// Guarantees, numbered; tests cite the numbers:
//
//	Q1  One export file enters whole or not at all: its records, its ledger entry and its counters are one
//	    transaction (Append).
//	Q2  What Append or Settle reported is on the disk: bbolt syncs before it returns, and none of its shortcuts is on.
//	Q3  A record leaves the outbox only by Settle: delivered, erased because it must not be kept, or moved to the dead
//	    letters in the same transaction.
//	Q4  Sequence numbers have no gaps when given and are never given twice. A record keeps its number for life, also
//	    when requeued.
//	Q5  Leases live in memory only: after a crash everything in the outbox is due again. Order is by sequence.
//	Q6  A value that was altered, moved to another place or sealed with another key doesn't open: it is never handed
//	    out as something else.
//	Q7  The same content of the same key isn't queued twice in a row (seen): re-exports and snapshots queue only what
//	    changed.
//	Q8  No plain text of a record, a key or a file name is in the file. What a rule withheld leaves only a count by
//	    day and rule.
//	Q9  Sweep takes long gone files off the ledger's list, but what they held stays known: no old file looks new.
//	Q10 A retraction is queued once, and only for a key that was queued before, in this queue's life. It takes the key
//	    out of seen in the same transaction, and goes after whatever of the key still waits.
//
// It doesn't send, retry or decode, and doesn't know what a record is. One process opens a queue (a second gets
// ErrLocked); within it all methods are safe for concurrent use. Writers wait for each other.
//
//	         Append                    Lease               Settle
//	file ───────────▶ outbox (pending) ─────▶ (leased) ─────────────▶ delivered, gone
//	        │            ▲                        │  Release │  dead
//	        ▼            │                        ▼          ▼
//	     ledger,         └──────── Requeue ──────────── dead letters
//	     seen, counters
//
//	bucket    key                          value
//	meta      name                         plain numbers; key check
//	outbox    sequence, 8 bytes BE         sealed: id, time, payload
//	dead      sequence, 8 bytes BE         sealed: reason, and the record as it was
//	files     keyed hash of the path       state, tag of size and time, sealed entry
//	contents  keyed hash of feed and file  newest modification time it was read with
//	seen      keyed hash of the key        keyed hash of its content; not of what was retracted
//	days      day|counter                  number
package queue
