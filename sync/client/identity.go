package client

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"tramsync/queue/durable"
)

// ErrNotEnrolled says that there is no identity yet.
var ErrNotEnrolled = errors.New("this station is not enrolled yet: run tramsync enrol with a token from the centre")

// Identity is who an agent is: its private key, made on the PC and never sent, its certificate, and the one CA it
// trusts.
type Identity struct {
	Agent       string    `json:"agent"`
	Station     string    `json:"station"`
	Server      string    `json:"server"` // where it was enrolled
	Enrolled    time.Time `json:"enrolled"`
	Key         string    `json:"key"`         // PEM, PKCS #8
	Certificate string    `json:"certificate"` // PEM
	CA          string    `json:"ca"`          // PEM
}

const identityName = "identity.json"

// LoadIdentity reads the identity in dir; ErrNotEnrolled when there is none.
func LoadIdentity(dir string) (Identity, error) {
	raw, err := os.ReadFile(filepath.Join(dir, identityName))
	if errors.Is(err, os.ErrNotExist) {
		return Identity{}, ErrNotEnrolled
	}
	if err != nil {
		return Identity{}, fmt.Errorf("read identity: %w", err)
	}
	var id Identity
	if err := json.Unmarshal(raw, &id); err != nil {
		return Identity{}, fmt.Errorf("read identity: %s is damaged: enrol again: %w", identityName, err)
	}
	if _, err := id.tlsConfig(); err != nil {
		return Identity{}, err
	}
	return id, nil
}

// Save writes the identity into dir, readable by its owner only, whole or not at all.
func (id Identity) Save(dir string) error {
	raw, err := json.MarshalIndent(id, "", "  ")
	if err != nil {
		return fmt.Errorf("save identity: %w", err)
	}
	if err := durable.WriteFile(filepath.Join(dir, identityName), raw); err != nil {
		return fmt.Errorf("save identity: %w", err)
	}
	return nil
}

// Expires is when the certificate ends.
func (id Identity) Expires() time.Time {
	block, _ := pem.Decode([]byte(id.Certificate))
	if block == nil {
		return time.Time{}
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return time.Time{}
	}
	return c.NotAfter
}

// tlsConfig trusts the private CA alone.
func (id Identity) tlsConfig() (*tls.Config, error) {
	pair, err := tls.X509KeyPair([]byte(id.Certificate), []byte(id.Key))
	if err != nil {
		return nil, fmt.Errorf("read identity: certificate and key don't fit: enrol again: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(id.CA)) {
		return nil, fmt.Errorf("read identity: no CA certificate: enrol again")
	}
	return &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: pool, Certificates: []tls.Certificate{pair}}, nil
}
