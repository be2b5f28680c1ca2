package wire_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
)

func certificate(t *testing.T, key *ecdsa.PrivateKey, serial int64) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestThePinIsThatOfTheKey(t *testing.T) {
	key := newKey(t)
	ca := certificate(t, key, 1)
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	token := wire.NewToken("99001", ca)
	if token.Pin != sha256.Sum256(spki) {
		t.Error("the pin is not SHA-256 of the public key")
	}
	if wire.PinOf(certificate(t, key, 2)) != token.Pin {
		t.Error("a renewed certificate of the same key has another pin")
	}
	if wire.PinOf(certificate(t, newKey(t), 1)) == token.Pin {
		t.Error("another key has the same pin")
	}
	again := wire.NewToken("99001", ca)
	if again.Secret == token.Secret || token.Secret == [16]byte{} {
		t.Error("the secret is not fresh")
	}
}

func testToken() wire.Token {
	token := wire.Token{Station: "99001", Secret: [16]byte{0: 1, 15: 0xff}, Pin: [32]byte{0: 2, 31: 0xfe}}
	return token
}

func TestTokensGoThereAndBack(t *testing.T) {
	const text = "tramsync1.99001.AQAAAAAAAAAAAAAAAAAA_w.AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAP4"
	if got := testToken().String(); got != text {
		t.Errorf("String = %s", got)
	}
	for name, s := range map[string]string{
		"as it is": text, "with white space around": " \t" + text + "\r\n",
		"broken by a mail program": text[:40] + "\r\n" + text[40:],
	} {
		t.Run(name, func(t *testing.T) {
			got, err := wire.ParseToken(s)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(testToken(), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseTokenRefuses(t *testing.T) {
	parts := strings.Split(testToken().String(), ".")
	secret, pin := parts[2], parts[3]
	join := func(list ...string) string { return strings.Join(list, ".") }
	tests := map[string]string{
		"nothing":                "",
		"another version":        join("tramsync2", "99001", secret, pin),
		"no station":             join("tramsync1", "", secret, pin),
		"a station of letters":   join("tramsync1", "9900A", secret, pin),
		"a station too short":    join("tramsync1", "9900", secret, pin),
		"a station too long":     join("tramsync1", strings.Repeat("9", 14), secret, pin),
		"a part too few":         join("tramsync1", "99001", secret),
		"a part too many":        join("tramsync1", "99001", secret, pin, pin),
		"a short secret":         join("tramsync1", "99001", secret[:20], pin),
		"a long secret":          join("tramsync1", "99001", secret+"AAAA", pin),
		"no secret":              join("tramsync1", "99001", "", pin),
		"a cut pin":              join("tramsync1", "99001", secret, pin[:len(pin)-1]),
		"secret and pin swapped": join("tramsync1", "99001", pin, secret),
		"other letters":          join("tramsync1", "99001", strings.Replace(secret, "_", "/", 1), pin),
		"bits that mean nothing": join("tramsync1", "99001", secret[:len(secret)-1]+"x", pin),
		"padding":                join("tramsync1", "99001", secret+"==", pin),
	}
	for name, s := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := wire.ParseToken(s)
			if err == nil || got != (wire.Token{}) {
				t.Fatalf("ParseToken = %+v, %v", got, err)
			}
			if strings.Contains(err.Error(), secret[:4]) {
				t.Errorf("the error quotes the token: %v", err)
			}
		})
	}
}
