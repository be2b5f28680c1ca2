package client

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"tramsync/queue/durable"
	"tramsync/sync/wire"
)

var errPin = errors.New("none of the server's certificates has the pin in the enrolment token")

// pendingName is the key of an enrolment whose answer hasn't come yet. The token is used up with this key; with it
// the answer can be asked for again.
const pendingName = "enrolment.key"

// EnrolOptions say who enrols where.
type EnrolOptions struct {
	URL     string
	Token   wire.Token
	Station string // the configuration's primary station code
	Dir     string // where the identity is kept
	Agent   string
	Log     *slog.Logger
	Now     func() time.Time
}

// Enrol makes a key, has it certified and saves the identity. It may be repeated after any failure: the same key is
// used until an answer is on the disk. The key never leaves the PC; nothing is sent before the server has shown the
// CA that the token's pin names.
func Enrol(ctx context.Context, o EnrolOptions) (Identity, error) {
	if o.Token.Station != o.Station {
		return Identity{}, fmt.Errorf("enrol: the token is for station %s, the configuration for %s",
			o.Token.Station, o.Station)
	}
	key, err := pendingKey(o.Dir)
	if err != nil {
		return Identity{}, fmt.Errorf("enrol: %w", err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		return Identity{}, fmt.Errorf("enrol: make request: %w", err)
	}
	u, err := url.Parse(o.URL)
	if err != nil {
		return Identity{}, fmt.Errorf("enrol: the warehouse's address can't be read")
	}
	conf := &tls.Config{MinVersion: tls.VersionTLS13,
		// The usual check is replaced by a stricter one: VerifyConnection below runs on every handshake, before
		// anything is sent.
		InsecureSkipVerify: true,
		VerifyConnection: func(s tls.ConnectionState) error {
			return verifyPinned(s.PeerCertificates, o.Token.Pin, u.Hostname())
		}}
	c, err := newClient(o.URL, o.Agent, conf, o.Log)
	if err != nil {
		return Identity{}, fmt.Errorf("enrol: %w", err)
	}
	defer c.Close()
	body, err := json.Marshal(wire.EnrolRequest{Token: o.Token.String(), Station: o.Station,
		CSR: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: csr}))})
	if err != nil {
		return Identity{}, fmt.Errorf("enrol: %w", err)
	}
	var a wire.EnrolAnswer
	header := http.Header{"Content-Type": {"application/json"}}
	if err := c.call(ctx, request{http.MethodPost, wire.PathEnrol, header, body}, &a); err != nil {
		return Identity{}, fmt.Errorf("enrol: %w", err)
	}
	return o.keep(key, a)
}

// keep checks the answer and saves the identity.
func (o EnrolOptions) keep(key *ecdsa.PrivateKey, a wire.EnrolAnswer) (Identity, error) {
	block, _ := pem.Decode([]byte(a.CA))
	if block == nil {
		return Identity{}, fmt.Errorf("enrol: the answer holds no CA")
	}
	ca, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return Identity{}, fmt.Errorf("enrol: read CA: %w", err)
	}
	if wire.PinOf(ca) != o.Token.Pin || a.Station != o.Station {
		return Identity{}, fmt.Errorf("enrol: the answer is for another station or of another warehouse")
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Identity{}, fmt.Errorf("enrol: %w", err)
	}
	id := Identity{Agent: a.Agent, Station: a.Station, Server: o.URL, Enrolled: o.Now().UTC(), CA: a.CA,
		Certificate: a.Certificate, Key: string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))}
	if _, err := id.tlsConfig(); err != nil {
		return Identity{}, fmt.Errorf("enrol: %w", err)
	}
	if err := id.Save(o.Dir); err != nil {
		return Identity{}, err
	}
	if err := os.Remove(filepath.Join(o.Dir, pendingName)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return Identity{}, fmt.Errorf("enrol: %w", err)
	}
	return id, nil
}

// verifyPinned accepts a server whose chain ends in the pinned CA and whose certificate is for the name that was
// dialled.
func verifyPinned(chain []*x509.Certificate, pin [32]byte, host string) error {
	for _, c := range chain {
		got := wire.PinOf(c)
		if subtle.ConstantTimeCompare(got[:], pin[:]) != 1 || !c.IsCA {
			continue
		}
		roots := x509.NewCertPool()
		roots.AddCert(c)
		_, err := chain[0].Verify(x509.VerifyOptions{Roots: roots, DNSName: host,
			KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
		return err
	}
	return errPin
}

// pendingKey reads the key of an enrolment that was begun, or makes one.
func pendingKey(dir string) (*ecdsa.PrivateKey, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make folder for the identity: %w", err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, pendingName))
	if err == nil {
		if key, err := x509.ParseECPrivateKey(raw); err == nil {
			return key, nil
		}
	} else if !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("read key: %w", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	if raw, err = x509.MarshalECPrivateKey(key); err != nil {
		return nil, fmt.Errorf("encode key: %w", err)
	}
	if err := durable.WriteFile(filepath.Join(dir, pendingName), raw); err != nil {
		return nil, fmt.Errorf("save key: %w", err)
	}
	return key, nil
}
