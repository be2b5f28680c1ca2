// Package watch says which export files have settled: those that nobody writes to any more and that can be taken in.
//
// A periodic walk over the configured folders is the truth. Notifications of the system (fsnotify) are only hints
// that make a walk come earlier, and so is a glance at the folders' modification times; all of them may be lost and
// every file is still found by the next walk.
//
//	          walk: each interval, on a hint, after a glance          at least settle later
//	folders ──────────────────────────────────> waiting: size, mtime ─────────────────────> Sink.TakeIn
//	              │ Sink.Known: dealt with           ^      │ changed, does not open           │ nil: forgotten
//	              v                                  └──────┴─────────<────────────────────────┘ error: later again
//	          forgotten
//
// It guarantees:
//
//   - A file is handed over only after two looks at least its feed's settle time apart, on the monotonic clock, found
//     the same size and modification time, the second one through a handle that was open for reading. Modification
//     times are compared with each other, never with the PC's clock.
//   - Files that are due at the same time are handed over by modification time, then path: an older export comes
//     before its correction.
//   - While nothing happens, walks take at most one part in 200 of the time, as do glances. So the next walk begins at
//     the latest: 30 s after one that took up to 150 ms (10,000 files on a PC of today), 5 min after one of 1.5 s
//     (200,000), and never later than 15 min. That is how late a file can be seen that no event announces and that was
//     written in place, or lies on FAT; a new, renamed or replaced one elsewhere is seen at the next glance, in 30 s.
//     Events are seen at once, unless they come without end: walks on hints take a tenth of the time at most.
//   - A file is offered again until the sink has taken it in or it is gone. A file that changed is a new one.
//   - Export files are only read, and on Windows opened so that their writer can still replace or delete them.
//   - Symbolic links and junctions below the configured folders are not followed; what is no regular file is ignored,
//     likewise temporary files (~$*, *.tmp, *.part, *.crdownload), names that begin with a dot, and recycle bins.
//   - No file name and no name of a folder below the configured ones appears in logs, errors and [Progress]: they
//     can hold patients' names.
//
// It does not remember what was taken in (the sink does; nothing is kept for a known file), does not read contents,
// and does not see deletions. An empty file never settles.
//
// [Watcher.Run] is one goroutine and calls the sink only from there; fsnotify's own goroutines end before it returns.
// [Watcher.Progress] may be called from any goroutine.
package watch
