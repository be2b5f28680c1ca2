// Package status says how the agent is doing: one Snapshot, as JSON for programs and as text that a nurse
// understands, in Vietnamese and English.
//
// It also is the way to a running agent: the agent has the queue's file to itself, so that commands typed at the
// station ask it over the loopback interface. Serve listens on a port of 127.0.0.1 that the system chooses and writes
// address and a fresh secret into a file that only the agent's own account and administrators can read; Dial reads
// it.
//
// Snapshots hold no patient data but for the names of rejected files, which may hold a patient's name: they are shown
// at the station only. Everything here is safe for concurrent use.
package status
