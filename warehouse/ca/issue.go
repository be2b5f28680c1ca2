package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base32"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	agentYears = 1
	serverLife = 90 * 24 * time.Hour
)

// NewAgentID makes an agent's name: a- and 80 random bits in 16 base32 characters.
func NewAgentID() string {
	var b [10]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the program rather
	return "a-" + strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

// ReadRequest reads a certificate request in PEM (PKCS #10) whose signature proves that the sender holds the key.
// Keys are ECDSA P-256 or Ed25519; nothing else of the request is used.
func ReadRequest(text string) (crypto.PublicKey, error) {
	block, rest := pem.Decode([]byte(text))
	one := strings.Count(text, "-----BEGIN") == 1 && strings.TrimSpace(string(rest)) == "" // Decode skips bad blocks
	if block == nil || block.Type != "CERTIFICATE REQUEST" || !one {
		return nil, errors.New("read certificate request: not one PEM block CERTIFICATE REQUEST")
	}
	csr, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return nil, errors.New("read certificate request: not PKCS #10")
	}
	switch key := csr.PublicKey.(type) {
	case ed25519.PublicKey:
	case *ecdsa.PublicKey:
		if key.Curve != elliptic.P256() {
			return nil, errors.New("read certificate request: an ECDSA key that is not P-256")
		}
	default:
		return nil, errors.New("read certificate request: the key is neither ECDSA P-256 nor Ed25519")
	}
	if err := csr.CheckSignature(); err != nil {
		return nil, errors.New("read certificate request: its signature is wrong")
	}
	return csr.PublicKey, nil
}

// IssueAgent issues an agent's certificate: its name, its station as urn:tramsync:station:CODE, for clients only,
// for one year.
func (a *Authority) IssueAgent(id, station string, key crypto.PublicKey, now time.Time) (*x509.Certificate, error) {
	cert, err := a.issue(key, &x509.Certificate{
		Subject:     pkix.Name{CommonName: id},
		URIs:        []*url.URL{{Scheme: "urn", Opaque: "tramsync:station:" + station}},
		NotBefore:   now.Add(-backdate),
		NotAfter:    now.AddDate(agentYears, 0, 0),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	if err != nil {
		return nil, fmt.Errorf("issue agent certificate: %w", err)
	}
	return cert, nil
}

func (a *Authority) issue(key crypto.PublicKey, template *x509.Certificate) (*x509.Certificate, error) {
	template.SerialNumber = newSerial()
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.BasicConstraintsValid = true
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key, a.key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// ServerCertificate is the server's own certificate, in memory only, with the authority's behind it in the chain:
// an agent that enrols finds the authority there by its token's pin.
type ServerCertificate struct {
	authority *Authority
	hosts     []string
	now       func() time.Time

	mu      sync.Mutex // guards what follows
	current *tls.Certificate
	renew   time.Time
}

// NewServerCertificate issues a certificate for hosts (names or addresses) beside localhost, 127.0.0.1 and ::1. now
// must not be nil.
func (a *Authority) NewServerCertificate(hosts []string, now func() time.Time) (*ServerCertificate, error) {
	s := &ServerCertificate{
		authority: a,
		hosts:     append([]string{"localhost", "127.0.0.1", "::1"}, hosts...),
		now:       now,
	}
	if _, err := s.Get(nil); err != nil {
		return nil, err
	}
	return s, nil
}

// Get is tls.Config.GetCertificate. After two thirds of its life the certificate is issued anew.
func (s *ServerCertificate) Get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if s.current != nil && now.Before(s.renew) {
		return s.current, nil
	}
	cert, err := s.issue(now)
	if err != nil {
		return nil, fmt.Errorf("issue server certificate: %w", err)
	}
	s.current, s.renew = cert, now.Add(serverLife*2/3)
	return cert, nil
}

func (s *ServerCertificate) issue(now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: "tramsync warehouse"},
		NotBefore:   now.Add(-backdate),
		NotAfter:    now.Add(serverLife),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, host := range s.hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	leaf, err := s.authority.issue(key.Public(), template)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{
		Certificate: [][]byte{leaf.Raw, s.authority.cert.Raw},
		PrivateKey:  key,
		Leaf:        leaf,
	}, nil
}
