package ca_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tramsync/warehouse/ca"
)

func day() time.Time { return time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC) }

func open(t *testing.T, dir string) *ca.Authority {
	t.Helper()
	a, err := ca.Open(dir, day())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	cert := open(t, dir).Certificate()
	t.Run("it is an authority for 15 years", func(t *testing.T) {
		from, to := day().Add(-24*time.Hour), day().AddDate(15, 0, 0)
		if !cert.IsCA || !cert.NotBefore.Equal(from) || !cert.NotAfter.Equal(to) {
			t.Errorf("CA %t from %v to %v", cert.IsCA, cert.NotBefore, cert.NotAfter)
		}
	})
	t.Run("only its owner reads the key", func(t *testing.T) {
		info, err := os.Stat(filepath.Join(dir, "ca", "ca.key"))
		if err != nil || info.Mode().Perm() != 0o600 && os.PathSeparator == '/' {
			t.Errorf("%v, %v", info, err)
		}
	})
	t.Run("opened again it is the same", func(t *testing.T) {
		if !open(t, dir).Certificate().Equal(cert) {
			t.Error("another")
		}
	})
	t.Run("nothing else stays in the folder", func(t *testing.T) {
		if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
			t.Errorf("%v, %v", list, err)
		}
	})
	t.Run("a folder that isn't there is an error", func(t *testing.T) {
		if _, err := ca.Open(filepath.Join(dir, "none"), day()); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("got %v", err)
		}
	})
}

func TestOpen_AtTheSameTime(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	got := make([][]byte, 16)
	for i := range got {
		wg.Go(func() {
			a, err := ca.Open(dir, day())
			if err != nil {
				t.Error(err)
				return
			}
			got[i] = a.PEM()
		})
	}
	wg.Wait()
	for i := range got {
		if !bytes.Equal(got[i], got[0]) {
			t.Errorf("authority %d is another than the first", i)
		}
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestOpen_DamagedIsNeverReplaced(t *testing.T) {
	other := t.TempDir()
	open(t, other)
	foreign, err := os.ReadFile(filepath.Join(other, "ca", "ca.key"))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, file string
		content    []byte // nil: removed
	}{
		{"the key is missing", "ca.key", nil},
		{"the certificate is missing", "ca.crt", nil},
		{"the key is empty", "ca.key", []byte{}},
		{"the certificate is no PEM", "ca.crt", []byte("x")},
		{"the key is another's", "ca.key", foreign},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			open(t, dir)
			path := filepath.Join(dir, "ca", tt.file)
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			if tt.content != nil {
				if err := os.WriteFile(path, tt.content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := ca.Open(dir, day())
			var damaged *ca.DamagedError
			if !errors.As(err, &damaged) || damaged.Folder != filepath.Join(dir, "ca") || damaged.Unwrap() == nil {
				t.Fatalf("got %v", err)
			}
			if !strings.Contains(err.Error(), "backup") {
				t.Errorf("no hint in %q", err)
			}
			if got, _ := os.ReadFile(path); !bytes.Equal(got, tt.content) {
				t.Error("the file has changed")
			}
		})
	}
}

func TestServerCertificate(t *testing.T) {
	a, now := open(t, t.TempDir()), day()
	s, err := a.NewServerCertificate([]string{"kho.example", "192.0.2.7"}, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	anchors := x509.NewCertPool()
	anchors.AddCert(a.Certificate())
	get := func(t *testing.T) *x509.Certificate {
		t.Helper()
		cert, err := s.Get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return cert.Leaf
	}
	first := get(t)
	verify := func(host string, use x509.ExtKeyUsage) error {
		_, err := first.Verify(x509.VerifyOptions{DNSName: host, Roots: anchors, CurrentTime: now,
			KeyUsages: []x509.ExtKeyUsage{use}})
		return err
	}
	for _, host := range []string{"kho.example", "192.0.2.7", "localhost", "127.0.0.1", "::1"} {
		t.Run("it is good for "+host, func(t *testing.T) {
			if err := verify(host, x509.ExtKeyUsageServerAuth); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("it isn't for another name, nor for clients", func(t *testing.T) {
		if verify("x.example", x509.ExtKeyUsageServerAuth) == nil {
			t.Error("it is for another name")
		}
		if verify("localhost", x509.ExtKeyUsageClientAuth) == nil {
			t.Error("it is for clients")
		}
	})
	t.Run("it stays until two thirds of its life", func(t *testing.T) {
		now = day().Add(60*24*time.Hour - time.Second)
		if !get(t).Equal(first) {
			t.Error("another")
		}
	})
	t.Run("then there is another", func(t *testing.T) {
		now = day().Add(60 * 24 * time.Hour)
		if cert := get(t); cert.Equal(first) || !cert.NotAfter.Equal(now.Add(90*24*time.Hour)) {
			t.Errorf("until %v", cert.NotAfter)
		}
	})
	t.Run("a name that isn't ASCII is refused", func(t *testing.T) {
		if _, err := a.NewServerCertificate([]string{"máy-chủ"}, day); err == nil {
			t.Error("issued")
		}
	})
}

func FuzzReadRequest(f *testing.F) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		f.Fatal(err)
	}
	good := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
	if got, err := ca.ReadRequest(good); err != nil || !key.PublicKey.Equal(got) {
		f.Fatal(err)
	}
	other := strings.ReplaceAll(good, "CERTIFICATE REQUEST", "X")
	for _, seed := range []string{good, good + good, good + "x", other, ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		key, err := ca.ReadRequest(text)
		if (key == nil) != (err != nil) {
			t.Errorf("key %v, error %v", key, err)
		}
		if err == nil && strings.Count(text, "-----BEGIN") != 1 {
			t.Errorf("accepted %q", text)
		}
	})
}
