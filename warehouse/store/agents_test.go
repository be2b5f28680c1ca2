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

// tokenCase is one claim on a token of station 99001 that is valid for an hour.
type tokenCase struct {
	name   string
	usedBy string        // the key it was used with before; "": nobody's
	after  time.Duration // the token's making
	claim  store.Claim
	want   error
}

func conformTokens(t *testing.T, open factory) {
	token, mine := newToken("99001", 1), sha256.Sum256([]byte("mine"))
	claim := func(token wire.Token, station string) store.Claim {
		return store.Claim{Token: token, Station: station, Key: mine}
	}
	for _, tt := range []tokenCase{
		{"a new token enrols", "", time.Minute, claim(token, "99001"), nil},
		{"the same key again gets the same agent", "mine", time.Minute, claim(token, "99001"), nil},
		{"another key is refused", "another", time.Minute, claim(token, "99001"), store.ErrTokenUsed},
		{"an expired token is refused", "", time.Hour, claim(token, "99001"), store.ErrTokenExpired},
		{"an expired token is refused to its own key too", "mine", time.Hour, claim(token, "99001"),
			store.ErrTokenExpired},
		{"another station's agent is refused", "", time.Minute, claim(token, "99002"), store.ErrStationMismatch},
		{"an unknown secret is refused", "", time.Minute, claim(newToken("99001", 2), "99001"), store.ErrTokenUnknown},
		{"a secret under another station's name is refused", "", time.Minute, claim(newToken("99002", 1), "99002"),
			store.ErrTokenUnknown},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.check(t, open, token) })
	}
}

func (tt *tokenCase) check(t *testing.T, open factory, token wire.Token) {
	at := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	db := open(t, func() time.Time { return at })
	if err := db.AddToken(t.Context(), token, time.Hour); err != nil {
		t.Fatal(err)
	}
	issued := 0
	issue := func() (store.Agent, error) {
		issued++
		return newAgent("99001", 1), nil
	}
	want, enrolled := newAgent("99001", 1), at.Add(tt.after)
	if tt.usedBy != "" {
		enrolled = at
		claim := store.Claim{Token: token, Station: "99001", Key: sha256.Sum256([]byte(tt.usedBy))}
		if _, err := db.Enrol(t.Context(), claim, issue); err != nil {
			t.Fatal(err)
		}
	}
	want.Enrolled = enrolled
	at = at.Add(tt.after)
	got, err := db.Enrol(t.Context(), tt.claim, issue)
	if !errors.Is(err, tt.want) {
		t.Fatalf("got %v, want %v", err, tt.want)
	}
	if tt.want != nil {
		if used := tt.usedBy != ""; used != (issued == 1) || issued > 1 {
			t.Errorf("issued %d certificates", issued)
		}
		checkUnused(t, db, token, tt.usedBy == "" && !errors.Is(tt.want, store.ErrTokenExpired))
		return
	}
	if diff := cmp.Diff(want, got); diff != "" || issued != 1 {
		t.Errorf("%d certificates issued, agent (-want +got):\n%s", issued, diff)
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
