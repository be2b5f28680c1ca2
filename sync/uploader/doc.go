// Package uploader drains the outbox to the warehouse: oldest first, in batches, for as long as it takes.
//
// It guarantees that a record is settled only on the warehouse's own word about that record, that a batch is sent
// again byte for byte until there is one, that one bad record can't hold up the others, and that no answer, however
// strange, makes it drop anything.
//
// What it does with each outcome:
//
//	stored, duplicate      settled: gone from the outbox
//	rejected               dead letter with the reason; erased when the code is "excluded"
//	not named, or with an  kept, sent again: at once with what else is due, or after 1 to 5 min when the answer named
//	unknown status         none of the batch
//	network, 5xx, 408      the same bytes again, for ever, after a random wait up to 1 s, 2 s, 4 s … 5 min
//	429, 503               the same, but at least Retry-After, which counts up to 15 min; the jitter comes on top
//	413                    the batch is halved; a record alone is a dead letter if the warehouse itself said so, else
//	                       it is kept and sent again after 1 to 5 min
//	400, 422 by the        halved until the bad record is alone: dead letter
//	warehouse
//	401, 403, any other    the same bytes again after 1 to 5 min, and a loud status: a person has to mend something
//	refusal, a server of
//	another CA, a page by
//	a proxy
//	none: the record can't dead letter; only a fault of the program makes such a record
//	be put into a batch
//
// It keeps no state on disk: after a crash everything without an answer is due again, and the warehouse knows it by
// its id. One goroutine runs it (Run); State may be read from any.
package uploader
