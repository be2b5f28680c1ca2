// Package server is the warehouse's HTTPS interface: it enrols agents, takes their batches in and answers record by
// record. It serves exactly what docs/openapi.yaml describes.
//
// It guarantees:
//
//  1. A record is answered as stored or duplicate only after the store has committed it.
//  2. Nothing that isn't well-formed, of the certificate's station and passed by the Screener reaches the store.
//  3. Who isn't on the allow list gets no further than a certificate check, a token check or the word "ok".
//  4. Bodies are bounded before they are read, decompressed or parsed.
//  5. Log lines and error answers hold nothing of any record, token or unknown path.
//
// It does not keep state beyond the enrolment limiter, and renews no agent certificates.
//
// A Server is safe for concurrent use. As many batches are decompressed and checked at once as there are codecs,
// one for each CPU and at least two; the others wait in line with their compressed bytes.
//
//	TLS 1.3 ─▶ route ─▶ certificate on the allow list? ─▶ handler ─▶ JSON, or a problem (RFC 9457) ─▶ one log line
//	                                                        │
//	     batch: size ─▶ zstd ─▶ split ─▶ each: decode, Validate, station, stamp, Screener ─▶ Ingest, one transaction
package server
