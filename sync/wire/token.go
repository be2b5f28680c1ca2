package wire

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"strings"
)

const tokenPrefix = "tramsync1"

// Token is what a person carries from the centre to a station to enrol it: a one-time secret, and the pin of the
// warehouse's private CA by which the agent knows the server before it trusts anything else.
type Token struct {
	Station string
	Secret  [16]byte
	Pin     [sha256.Size]byte // SHA-256 of the CA's SubjectPublicKeyInfo
}

// NewToken makes a token with a fresh secret.
func NewToken(station string, ca *x509.Certificate) Token {
	t := Token{Station: station, Pin: PinOf(ca)}
	rand.Read(t.Secret[:]) // never fails: crypto/rand ends the program rather
	return t
}

// PinOf is the pin of a certificate's key.
func PinOf(c *x509.Certificate) [sha256.Size]byte { return sha256.Sum256(c.RawSubjectPublicKeyInfo) }

// String is the form to copy: tramsync1.STATION.SECRET.PIN. It is a secret: don't log it.
func (t Token) String() string {
	enc := base64.RawURLEncoding
	return strings.Join([]string{tokenPrefix, t.Station,
		enc.EncodeToString(t.Secret[:]), enc.EncodeToString(t.Pin[:])}, ".")
}

// ParseToken reads a token. Its error holds nothing of the text.
func ParseToken(s string) (Token, error) {
	bad := fmt.Errorf("the enrolment token is not complete: it begins with %s. and must be copied whole", tokenPrefix)
	parts := strings.Split(strings.TrimSpace(s), ".")
	if len(parts) != 4 || parts[0] != tokenPrefix || !stationForm.MatchString(parts[1]) {
		return Token{}, bad
	}
	t := Token{Station: parts[1]}
	enc := base64.RawURLEncoding.Strict()
	secret, err1 := enc.DecodeString(parts[2])
	pin, err2 := enc.DecodeString(parts[3])
	if err1 != nil || err2 != nil || len(secret) != len(t.Secret) || len(pin) != len(t.Pin) {
		return Token{}, bad
	}
	copy(t.Secret[:], secret)
	copy(t.Pin[:], pin)
	return t, nil
}
