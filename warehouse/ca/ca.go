package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

const (
	folder   = "ca"
	certFile = "ca.crt"
	keyFile  = "ca.key"

	authorityYears = 15
	// backdate is how far before its issue a certificate begins: PC clocks are off.
	backdate = 24 * time.Hour
)

// Authority is the private CA.
type Authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// DamagedError says that the authority's files are there and can't be used.
type DamagedError struct {
	Folder string
	Err    error
}

// Error says what to do.
func (e *DamagedError) Error() string {
	return fmt.Sprintf("the certificate authority in %s can't be used: %v; put the folder back from a backup: "+
		"with a new authority every agent would have to be enrolled again", e.Folder, e.Err)
}

// Unwrap gives the cause.
func (e *DamagedError) Unwrap() error { return e.Err }

// Open reads the authority in dir, and makes it first when there is none. now is the time it is made at.
func Open(dir string, now time.Time) (*Authority, error) {
	home := filepath.Join(dir, folder)
	_, err := os.Stat(home)
	if errors.Is(err, fs.ErrNotExist) {
		err = create(dir, home, now)
	}
	if err != nil {
		return nil, fmt.Errorf("open certificate authority: %w", err)
	}
	a, err := load(home)
	if err != nil {
		return nil, fmt.Errorf("open certificate authority: %w", &DamagedError{Folder: home, Err: err})
	}
	return a, nil
}

// Certificate is the authority's own.
func (a *Authority) Certificate() *x509.Certificate { return a.cert }

// PEM is the authority's certificate in PEM.
func (a *Authority) PEM() []byte { return EncodePEM(a.cert.Raw) }

// EncodePEM writes a DER certificate as PEM.
func EncodePEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func load(home string) (*Authority, error) {
	pair, err := tls.LoadX509KeyPair(filepath.Join(home, certFile), filepath.Join(home, keyFile))
	if err != nil {
		return nil, err
	}
	key, ok := pair.PrivateKey.(crypto.Signer)
	if !ok || !pair.Leaf.IsCA {
		return nil, errors.New("the certificate is not an authority's")
	}
	return &Authority{cert: pair.Leaf, key: key}, nil
}

// create makes an authority under a name of its own and renames it to home. When another process was quicker, its
// authority stays.
func create(dir, home string, now time.Time) error {
	tmp, err := os.MkdirTemp(dir, folder+".new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp) // gone already when all went well
	if err := write(tmp, now); err != nil {
		return err
	}
	if err := syncFolder(tmp); err != nil {
		return err
	}
	if err := os.Rename(tmp, home); err != nil {
		if _, there := os.Stat(home); there == nil {
			return nil
		}
		return err
	}
	return syncFolder(dir)
}

func write(tmp string, now time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	template := &x509.Certificate{
		SerialNumber:          newSerial(),
		Subject:               pkix.Name{CommonName: "tramsync warehouse CA"},
		NotBefore:             now.Add(-backdate),
		NotAfter:              now.AddDate(authorityYears, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return err
	}
	private := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
	if err := writeSynced(filepath.Join(tmp, keyFile), private, 0o600); err != nil {
		return err
	}
	return writeSynced(filepath.Join(tmp, certFile), EncodePEM(der), 0o644)
}

func writeSynced(path string, content []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

// syncFolder makes a rename in dir durable. Windows has no such call: NTFS orders it in its journal.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// newSerial is random, positive and of at most 20 bytes (RFC 5280, 4.1.2.2).
func newSerial() *big.Int {
	var b [16]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the program rather
	b[0] &= 0x7f
	return new(big.Int).SetBytes(b[:])
}
