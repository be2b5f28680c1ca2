// Package config reads the agent's configuration: one YAML document, decoded strictly, completed with defaults,
// validated as a whole and frozen.
//
//	bytes ──> YAML tree ──> structure ──> values and defaults ──> rules across fields ──> *Config
//	             │              │                  │                       │
//	             └──────────────┴──────── Faults: every one, with path and line ─────────> error
//
// It guarantees that a *Config it returns is complete and within the limits written beside each field, that every
// fault of a document is reported at once (a syntax error alone hides what stands behind it), and that what
// [Config.Redacted] prints is read back by [Parse] as an equal value. Whatever a document can express in two ways
// of which one is dangerous is refused: aliases, anchors and merge keys (documents that grow when read), duplicate
// keys, unquoted codes (leading zeros get lost), unknown fields (a misspelt one would be silently without effect).
//
// It does not look at the disk or the network: whether a folder exists or a warehouse answers is for others to say.
// Documents are limited to 256 KiB. A document is validated for the system the program runs on, so one with Windows
// paths is refused on Linux.
//
// Faults name fields, never values, so that they can be sent to the centre.
//
// All functions may be called concurrently. A *Config is not changed after Parse; callers share it read-only.
package config
