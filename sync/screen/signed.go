package screen

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"aead.dev/minisign"
)

// Why a signed rule set isn't taken.
var (
	ErrPublicKey  = errors.New("the public key is not a minisign key (56 characters from RW)")
	ErrUnsigned   = errors.New("there is no signature beside the rules")
	ErrSignature  = errors.New("the signature does not fit the rules")
	ErrOtherKey   = errors.New("the rules are signed with another key")
	ErrIncomplete = errors.New("the rules leave a subject out")
)

// SignatureSuffix is what the name of a signature's file has behind that of the rules.
const SignatureSuffix = ".minisig"

// maxSignature is the size of a signature file in bytes; minisign's have some 300.
const maxSignature = 4 << 10

// Load reads a rule set that a health authority has signed, in place of the one compiled in: path, and beside it
// path.minisig, which must fit publicKey (minisign, RW…). One that is older than the rules compiled in doesn't take
// their place, but applies together with them (WithBuiltin). Beside what Parse refuses, Load refuses a set without a
// rule about each of the three subjects. Which other rules there are is the authority's to decide. The signature is
// checked first. The package's Err… variables are wrapped.
func Load(path, publicKey string) (*Rules, error) {
	doc, err := readFile(path, maxDocument)
	if err != nil {
		return nil, fmt.Errorf("load exclusion rules: %w", err)
	}
	signature, err := readFile(path+SignatureSuffix, maxSignature)
	if errors.Is(err, os.ErrNotExist) {
		err = fmt.Errorf("%w: %w", ErrUnsigned, err)
	}
	if err != nil {
		return nil, fmt.Errorf("load exclusion rules: %w", err)
	}
	r, err := ParseSigned(doc, signature, publicKey)
	if err != nil {
		return nil, fmt.Errorf("load exclusion rules: %w", err)
	}
	return r, nil
}

// ParseSigned is Load without the files.
func ParseSigned(doc, signature []byte, publicKey string) (*Rules, error) {
	comment, err := verify(doc, signature, publicKey)
	if err != nil {
		return nil, err
	}
	r, err := Parse(doc)
	if err != nil {
		return nil, err
	}
	for _, s := range subjects() {
		if !slices.ContainsFunc(r.own, func(ru rule) bool { return slices.Contains(ru.about, s) }) {
			return nil, fmt.Errorf("%w: no rule is about %s", ErrIncomplete, s)
		}
	}
	r.comment = comment
	return r.WithBuiltin()
}

// verify gives the signature's trusted comment.
func verify(doc, signature []byte, publicKey string) (comment string, err error) {
	var key minisign.PublicKey
	if err := key.UnmarshalText([]byte(strings.TrimSpace(publicKey))); err != nil {
		return "", ErrPublicKey
	}
	var s minisign.Signature
	if err := s.UnmarshalText(signature); err != nil {
		return "", fmt.Errorf("%w: it is not of minisign's form", ErrSignature)
	}
	if s.KeyID != key.ID() {
		return "", ErrOtherKey
	}
	if !minisign.Verify(key, doc, signature) {
		return "", ErrSignature
	}
	return s.TrustedComment, nil
}

// readFile reads a file of at most limit bytes.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("%s has more than %d bytes", path, limit)
	}
	return b, err
}
