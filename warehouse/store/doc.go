// Package store keeps what stations send, in one SQLite file: every record once, every revision of it, and the
// tables of the current revisions as rows that people query with SQL.
//
// It guarantees:
//
//  1. Ingest answers after its transaction is committed and synced to the disk, or fails and leaves nothing behind.
//  2. One content is one record, however often, late, in whatever order and by however many agents it is sent.
//  3. The current revision of a key is the newest its agents sent: a replay or a late record displaces no newer one.
//  4. The table rows always holds exactly the current revisions' tables, replaced whole with the current revision.
//  5. A retraction is a revision like any other, but holds nothing: while it is the current one its key has no rows and
//     isn't among the current records. What it takes back stays in the history.
//  6. Of an enrolment token only a SHA-256 of its secret is kept.
//
// It does not screen, does not check ids or stations (its callers do) and doesn't encrypt: the folder's owner reads
// everything.
//
// A Store is safe for concurrent use, and several processes may use one file: one writes at a time, the others wait
// up to ten seconds; readers never wait.
//
// A key is (station, type, subject). For each agent the newest stamp it sent for a key is remembered (last_sent); a
// record with a newer one counts, an older or equal one is a replay or late:
//
//	                  content unknown              content known
//	stamp newer       record + revision, current   current's content: duplicate; else a revision, current
//	older or equal    record + revision            duplicate
//
//	records  A   B                  contents, one row each
//	revisions  1:A  2:B  3:A        corrected, and corrected back
//	current         ▲────┘          revision 3, content A
//	rows       A's XML1, XML2, …
package store
