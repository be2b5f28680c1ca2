package queue

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"sync"

	"golang.org/x/crypto/chacha20poly1305"
)

// KeySize is the length of a queue's key in bytes.
const KeySize = 32

const sealVersion = 1

// sealer seals values with XChaCha20-Poly1305 and hashes names, with keys derived from one root key (HKDF, RFC 5869).
// Nonces are random, 24 bytes: there is no counter that a power cut could turn back.
type sealer struct {
	aead   cipher.AEAD
	keyID  [4]byte
	macs   sync.Pool // of *mac with the names' key: setting one up costs more than a name's hash
	stream string
}

func newSealer(root []byte, stream string) (*sealer, error) {
	if len(root) != KeySize {
		return nil, fmt.Errorf("queue key has %d bytes, not %d", len(root), KeySize)
	}
	derive := func(use string) ([]byte, error) {
		return hkdf.Key(sha256.New, root, nil, "tramsync queue "+use, KeySize)
	}
	seal, err := derive("seal")
	if err != nil {
		return nil, fmt.Errorf("derive seal key: %w", err)
	}
	names, err := derive("names")
	if err != nil {
		return nil, fmt.Errorf("derive name key: %w", err)
	}
	id, err := derive("id")
	if err != nil {
		return nil, fmt.Errorf("derive key id: %w", err)
	}
	aead, err := chacha20poly1305.NewX(seal)
	if err != nil {
		return nil, fmt.Errorf("set up seal: %w", err)
	}
	s := &sealer{aead: aead, keyID: [4]byte(id[:4]), stream: stream}
	s.macs.New = func() any { return &mac{Hash: hmac.New(sha256.New, names)} }
	return s, nil
}

// seal binds a value to its place: stream, bucket, key, key id and format.
func (s *sealer) seal(bucket, key, plain []byte) []byte {
	n := s.aead.NonceSize()
	out := make([]byte, 1+4+n, 1+4+n+len(plain)+s.aead.Overhead())
	out[0] = sealVersion
	copy(out[1:], s.keyID[:])
	rand.Read(out[5 : 5+n]) // never fails: crypto/rand ends the program rather
	return s.aead.Seal(out, out[5:5+n], plain, s.place(bucket, key))
}

func (s *sealer) open(bucket, key, sealed []byte) ([]byte, error) {
	n := s.aead.NonceSize()
	if len(sealed) < 5+n+s.aead.Overhead() {
		return nil, errSeal
	}
	if sealed[0] != sealVersion || [4]byte(sealed[1:5]) != s.keyID {
		return nil, errSeal
	}
	plain, err := s.aead.Open(nil, sealed[5:5+n], sealed[5+n:], s.place(bucket, key))
	if err != nil {
		return nil, errSeal
	}
	return plain, nil
}

func (s *sealer) place(bucket, key []byte) []byte {
	out := make([]byte, 0, 64)
	for _, part := range [][]byte{[]byte(s.stream), bucket, key, s.keyID[:], {sealVersion}} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(part)))
		out = append(out, part...)
	}
	return out
}

// hash is a keyed hash of a list of strings, 16 bytes: enough to tell some millions of names apart, nothing to guess
// from without the key.
func (s *sealer) hash(parts ...string) []byte {
	m := s.macs.Get().(*mac)
	defer s.macs.Put(m)
	m.text = m.text[:0]
	for _, p := range parts {
		m.text = binary.BigEndian.AppendUint64(m.text, uint64(len(p)))
		m.text = append(m.text, p...)
	}
	m.Reset()
	m.Write(m.text)
	return m.Sum(nil)[:16:16]
}

// mac is a keyed hash with room for what goes into it.
type mac struct {
	hash.Hash
	text []byte
}

// FileID stands for a file's path wherever people outside the station may read: in logs, reports and records.
func (q *Queue) FileID(path string) string { return hex.EncodeToString(q.seal.hash("path", path)[:8]) }
