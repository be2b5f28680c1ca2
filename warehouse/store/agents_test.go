package store_test

import (
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
	"tramsync/warehouse/store"
)

func conformTokens(t *testing.T, open factory) {
	mine, other := sha256.Sum256([]byte("my key")), sha256.Sum256([]byte("another key"))
	token := newToken("99001", 1)
	var none [sha256.Size]byte
	tests := []struct {
		name   string
		usedBy [sha256.Size]byte // before; zero: nobody
		after  time.Duration     // the token's making
		claim  store.Claim
		want   error
	}{
		{"a new token enrols", none, time.Minute, store.Claim{Token: token, Station: "99001", Key: mine}, nil},
		{"the same key again gets the same agent", mine, time.Minute,
			store.Claim{Token: token, Station: "99001", Key: mine}, nil},
		{"another key is refused", other, time.Minute, store.Claim{Token: token, Station: "99001", Key: mine},
			store.ErrTokenUsed},
		{"an expired token is refused", none, time.Hour, store.Claim{Token: token, Station: "99001", Key: mine},
			store.ErrTokenExpired},
		{"another station's agent is refused", none, time.Minute, store.Claim{Token: token, Station: "99002", Key: mine},
			store.ErrStationMismatch},
		{"an unknown secret is refused", none, time.Minute,
			store.Claim{Token: newToken("99001", 2), Station: "99001", Key: mine}, store.ErrTokenUnknown},
		{"a secret under another station's name is refused", none, time.Minute,
			store.Claim{Token: newToken("99002", 1), Station: "99002", Key: mine}, store.ErrTokenUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			at := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
			db := open(t, func() time.Time { return at })
			if err := db.AddToken(t.Context(), token, time.Hour); err != nil {
				t.Fatal(err)
			}
			want := newAgent("99001", 1)
			want.Enrolled = at
			if tt.usedBy != none {
				claim := store.Claim{Token: token, Station: "99001", Key: tt.usedBy}
				if _, err := db.Enrol(t.Context(), claim, func() (store.Agent, error) { return want, nil }); err != nil {
					t.Fatal(err)
				}
			}
			at = at.Add(tt.after)
			issued := 0
			got, err := db.Enrol(t.Context(), tt.claim, func() (store.Agent, error) {
				issued++
				return newAgent("99001", 1), nil
			})
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v, want %v", err, tt.want)
			}
			if fresh := tt.want == nil && tt.usedBy == none; fresh != (issued == 1) || issued > 1 {
				t.Errorf("issued %d certificates", issued)
			}
			if tt.want != nil {
				checkUnused(t, db, token, tt.usedBy == none && tt.want != store.ErrTokenExpired)
				return
			}
			if tt.usedBy == none {
				want.Enrolled = at
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("agent (-want +got):\n%s", diff)
			}
		})
	}
}

// checkUnused proves that a refused claim has not used the token up.
func checkUnused(t *testing.T, db database, token wire.Token, usable bool) {
	t.Helper()
	claim := store.Claim{Token: token, Station: "99001", Key: sha256.Sum256([]byte("a third key"))}
	_, err := db.Enrol(t.Context(), claim, func() (store.Agent, error) { return newAgent("99001", 3), nil })
	if (err == nil) != usable {
		t.Errorf("afterwards: %v", err)
	}
}

func conformAllowList(t *testing.T, open factory) {
	t.Run("an enrolled agent is found by its fingerprint", func(t *testing.T) {
		db := open(t, ticking())
		want := enrol(t, db, "99001")
		got, err := db.Agent(t.Context(), want.Fingerprint)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v, agent (-want +got):\n%s", err, diff)
		}
	})
	t.Run("an unknown fingerprint is not found", func(t *testing.T) {
		if _, err := open(t, ticking()).Agent(t.Context(), "f"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a failed issue leaves the token as it was", func(t *testing.T) {
		db, fault := open(t, ticking()), errors.New("no key")
		token := newToken("99001", 1)
		if err := db.AddToken(t.Context(), token, time.Hour); err != nil {
			t.Fatal(err)
		}
		_, err := db.Enrol(t.Context(), store.Claim{Token: token, Station: "99001"},
			func() (store.Agent, error) { return store.Agent{}, fault })
		if !errors.Is(err, fault) {
			t.Errorf("got %v", err)
		}
		checkUnused(t, db, token, true)
	})
	t.Run("a revoked agent stays known as revoked and can't enrol again with its token", func(t *testing.T) {
		db, token := open(t, ticking()), newToken("99001", 1)
		claim := store.Claim{Token: token, Station: "99001", Key: sha256.Sum256([]byte("key"))}
		issue := func() (store.Agent, error) { return newAgent("99001", 1), nil }
		if err := db.AddToken(t.Context(), token, time.Hour); err != nil {
			t.Fatal(err)
		}
		agent, err := db.Enrol(t.Context(), claim, issue)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(db.Revoke(t.Context(), agent.ID), db.Revoke(t.Context(), agent.ID)); err != nil {
			t.Fatal(err)
		}
		if got, err := db.Agent(t.Context(), agent.Fingerprint); err != nil || got.Revoked.IsZero() {
			t.Errorf("got %+v, %v", got, err)
		}
		if _, err := db.Enrol(t.Context(), claim, issue); !errors.Is(err, store.ErrTokenUsed) {
			t.Errorf("enrolled again: %v", err)
		}
	})
	t.Run("an unknown agent can't be revoked", func(t *testing.T) {
		if err := open(t, ticking()).Revoke(t.Context(), "a-none"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
}
