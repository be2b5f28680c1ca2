// Package uploader drains the outbox to the warehouse: oldest first, in batches, for as long as it takes.
//
// It guarantees that a record is settled only on the warehouse's own word about that record, that a batch is sent again byte for byte until there is one, that one bad record
// can't hold up the others, and that no answer, however strange, makes it drop anything.
//
// What it does with each outcome:
//
//	answer names the record stored, duplicate   settled: gone from the outbox
//	answer says rejected                        dead letter with the reason; erased when the code is "excluded"
//	answer doesn't name the record              kept, sent again
//	network, 5xx, 408                           the same bytes again after a random wait up to 1 s, 2 s, 4 s … 5 min, for ever (full jitter)
//	429, 503                                    the same, but at least Retry-After, which counts up to 15 min
//	413                                         the batch is halved; a single record the warehouse itself finds too large is a dead letter
//	400 and other refusals by the warehouse     halved until the bad record is alone: dead letter
//	401, 403, a server of another CA, a proxy's page   the same bytes again after 1 to 5 min, and a loud status
//
// It keeps no state on disk: after a crash everything without an answer is due again, and the warehouse knows it by its id. One goroutine runs it (Run); State may be read from any.
package uploader
