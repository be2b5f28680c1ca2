package client_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/client"
)

func TestIdentity_comes_back_as_it_was_saved(t *testing.T) {
	dir := t.TempDir()
	first, second := newAuthority(t).identity(), newAuthority(t).identity()
	for _, id := range []client.Identity{first, second} { // the second replaces the first
		if err := id.Save(dir); err != nil {
			t.Fatal(err)
		}
		got, err := client.LoadIdentity(dir)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(id, got); diff != "" {
			t.Error(diff)
		}
	}
	if got := files(t, dir); got != "identity.json" {
		t.Errorf("files %q", got)
	}
}

func TestLoadIdentity_without_one(t *testing.T) {
	for _, dir := range []string{t.TempDir(), filepath.Join(t.TempDir(), "none")} {
		if _, err := client.LoadIdentity(dir); !errors.Is(err, client.ErrNotEnrolled) {
			t.Errorf("error %v", err)
		}
	}
}

func TestLoadIdentity_damaged(t *testing.T) {
	good := newAuthority(t).identity()
	whole, err := json.Marshal(good)
	if err != nil {
		t.Fatal(err)
	}
	with := func(change func(*client.Identity)) string {
		id := good
		change(&id)
		raw, err := json.Marshal(id)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	tests := map[string]string{
		"empty": "", "cut short": string(whole[:len(whole)/2]), "another form": `{"key": 7}`, "nothing in it": "{}",
		"no key":                       with(func(id *client.Identity) { id.Key = "" }),
		"no certificate":               with(func(id *client.Identity) { id.Certificate = "" }),
		"no CA":                        with(func(id *client.Identity) { id.CA = "" }),
		"another key":                  with(func(id *client.Identity) { id.Key = newAuthority(t).identity().Key }),
		"a certificate that is no PEM": with(func(id *client.Identity) { id.Certificate = "x" }),
	}
	for name, raw := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "identity.json")
			if err := os.WriteFile(path, []byte(raw), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := client.LoadIdentity(dir)
			if err == nil || errors.Is(err, client.ErrNotEnrolled) || !strings.Contains(err.Error(), "enrol again") {
				t.Errorf("error %v", err)
			}
			if strings.Contains(err.Error(), "PRIVATE") {
				t.Errorf("the error says too much: %v", err)
			}
			if after, err := os.ReadFile(path); err != nil || string(after) != raw {
				t.Errorf("the file was changed, %v", err)
			}
		})
	}
}

func TestIdentity_Expires_of_a_damaged_one(t *testing.T) {
	for _, certificate := range []string{"", "x", encode("CERTIFICATE", []byte("x"))} {
		if got := (client.Identity{Certificate: certificate}).Expires(); !got.IsZero() {
			t.Errorf("%q expires %v", certificate, got)
		}
	}
}
