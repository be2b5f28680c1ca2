// Package ca is the warehouse's private certificate authority: made at the first start, the only anchor its agents
// have, and the one that issues their certificates and the server's own.
//
// It guarantees that a folder has one authority, however many processes start at the same time on it and wherever
// they are killed: certificate and key are written into a new folder, synced, and appear under their names
// together, by one rename that fails when they are there already. An authority that can't be read is an error and
// never replaced: all agents would have to enrol again.
//
// It doesn't revoke (the store's allow list does) and doesn't seal its key: on Linux the file's mode protects it,
// on Windows the permissions of the data folder.
//
// An Authority doesn't change and is safe for concurrent use. A ServerCertificate is too; it renews itself.
//
//	DIR/ca/ca.crt   certificate, PEM, 15 years; tokens carry the SHA-256 of its key
//	DIR/ca/ca.key   its key, PEM, PKCS #8, mode 0600
package ca
