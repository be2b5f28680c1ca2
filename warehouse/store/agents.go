package store

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"tramsync/sync/wire"
)

// Why Enrol refuses a token.
var (
	ErrTokenUnknown = errors.New("the enrolment token is not known here")
	ErrTokenExpired = errors.New("the enrolment token has expired")
	ErrTokenUsed    = errors.New("the enrolment token has been used")
	// ErrStationMismatch: the token is good and stays so, but for another station than the one that asks.
	ErrStationMismatch = errors.New("the enrolment token is for another station")
)

// Agent is an enrolled agent.
type Agent struct {
	ID          string
	Station     string
	Fingerprint string // SHA-256 of the certificate, in lower-case hex
	Certificate []byte // DER
	NotAfter    time.Time
	Enrolled    time.Time
	Revoked     time.Time // zero: not
}

// Claim is what somebody who wants to enrol shows.
type Claim struct {
	Token   wire.Token
	Station string            // the station it says it is at
	Key     [sha256.Size]byte // SHA-256 of its public key
}

// AddToken makes a one-time token known, and its station. Only a hash of the secret is kept.
func (s *Store) AddToken(ctx context.Context, token wire.Token, valid time.Duration) error {
	secret := sha256.Sum256(token.Secret[:])
	now := s.now()
	err := s.write(ctx, func(t *tx) error {
		if err := t.exec(ctx, `INSERT INTO stations (station, added) VALUES (?, ?) ON CONFLICT DO NOTHING`,
			token.Station, formTime(now)); err != nil {
			return err
		}
		return t.exec(ctx, `INSERT INTO tokens (station, secret, created, expires) VALUES (?, ?, ?, ?)`,
			token.Station, secret[:], formTime(now), formTime(now.Add(valid)))
	})
	if err != nil {
		return fmt.Errorf("add token: %w", err)
	}
	return nil
}

// Enrol uses a token up. issue is called once, for a token that is good; the agent it returns is entered in the
// allow list. The same token with the same key again gives the agent it gave before, since that answer may have
// been lost.
func (s *Store) Enrol(ctx context.Context, c Claim, issue func() (Agent, error)) (Agent, error) {
	var agent Agent
	err := s.write(ctx, func(t *tx) (err error) {
		agent, err = t.redeem(ctx, c, s.now(), issue)
		return err
	})
	if err != nil {
		return Agent{}, fmt.Errorf("enrol: %w", err)
	}
	return agent, nil
}

func (t *tx) redeem(ctx context.Context, c Claim, now time.Time, issue func() (Agent, error)) (Agent, error) {
	secret := sha256.Sum256(c.Token.Secret[:])
	var expires string
	var usedBy []byte
	var earlier sql.NullString
	found, err := t.scan(ctx, `SELECT expires, used_by_key, agent FROM tokens WHERE station = ? AND secret = ?`,
		[]any{c.Token.Station, secret[:]}, &expires, &usedBy, &earlier)
	if err != nil {
		return Agent{}, err
	}
	if !found {
		return Agent{}, ErrTokenUnknown
	}
	end, err := readTime(expires)
	switch {
	case err != nil:
		return Agent{}, err
	case !now.Before(end):
		return Agent{}, ErrTokenExpired
	case c.Station != c.Token.Station:
		return Agent{}, ErrStationMismatch
	case usedBy != nil:
		return t.again(ctx, c, usedBy, earlier.String)
	}
	agent, err := issue()
	if err != nil {
		return Agent{}, err
	}
	agent.Enrolled = now
	if err := t.admit(ctx, agent); err != nil {
		return Agent{}, err
	}
	return agent, t.exec(ctx, `UPDATE tokens SET used_by_key = ?, agent = ? WHERE station = ? AND secret = ?`,
		c.Key[:], agent.ID, c.Token.Station, secret[:])
}

// again gives back what a used token gave, to whoever holds the same key and hasn't been revoked since.
func (t *tx) again(ctx context.Context, c Claim, usedBy []byte, id string) (Agent, error) {
	if subtle.ConstantTimeCompare(usedBy, c.Key[:]) == 0 {
		return Agent{}, ErrTokenUsed
	}
	st, err := t.stmt(ctx, selectAgent+` WHERE station = ? AND id = ?`)
	if err != nil {
		return Agent{}, err
	}
	agent, err := scanAgent(st.QueryRowContext(ctx, c.Station, id))
	if err == nil && !agent.Revoked.IsZero() {
		err = ErrTokenUsed
	}
	return agent, err
}

func (t *tx) admit(ctx context.Context, a Agent) error {
	return t.exec(ctx, `INSERT INTO agents (station, id, fingerprint, certificate, not_after, enrolled)
		VALUES (?, ?, ?, ?, ?, ?)`,
		a.Station, a.ID, a.Fingerprint, a.Certificate, formTime(a.NotAfter), formTime(a.Enrolled))
}

// Agent finds an agent, revoked or not, by its certificate's fingerprint; ErrNotFound when there is none.
func (s *Store) Agent(ctx context.Context, fingerprint string) (Agent, error) {
	a, err := scanAgent(s.reader.QueryRowContext(ctx, selectAgent+` WHERE fingerprint = ?`, fingerprint))
	if err != nil {
		return Agent{}, fmt.Errorf("find agent: %w", err)
	}
	return a, nil
}

// Revoke takes an agent off the allow list, for ever; ErrNotFound when there is none of that name. Revoking twice
// keeps the first time.
func (s *Store) Revoke(ctx context.Context, id string) error {
	err := s.write(ctx, func(t *tx) error {
		done, err := t.sql.ExecContext(ctx, `UPDATE agents SET revoked = coalesce(revoked, ?) WHERE id = ?`,
			formTime(s.now()), id)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return ErrNotFound
	})
	if err != nil {
		return fmt.Errorf("revoke agent: %w", err)
	}
	return nil
}

// NewestStamp is the newest stamp Ingest has seen of an agent, with the id of the record that bore it; zero when it has
// sent nothing, ErrNotFound when there is no such agent.
func (s *Store) NewestStamp(ctx context.Context, a Agent) (wire.StampAnswer, error) {
	answer := wire.StampAnswer{Station: a.Station}
	err := s.reader.QueryRowContext(ctx, `SELECT epoch, sequence, newest_id FROM agents WHERE station = ? AND id = ?`,
		a.Station, a.ID).Scan(&answer.Epoch, &answer.Sequence, &answer.ID)
	if err != nil {
		return wire.StampAnswer{}, fmt.Errorf("read stamp: %w", orNotFound(err))
	}
	return answer, nil
}

const selectAgent = `
	SELECT station, id, fingerprint, certificate, not_after, enrolled, coalesce(revoked, '') FROM agents`

func scanAgent(row *sql.Row) (Agent, error) {
	var a Agent
	var notAfter, enrolled, revoked string
	err := row.Scan(&a.Station, &a.ID, &a.Fingerprint, &a.Certificate, &notAfter, &enrolled, &revoked)
	if err != nil {
		return Agent{}, orNotFound(err)
	}
	var errs [3]error
	a.NotAfter, errs[0] = readTime(notAfter)
	a.Enrolled, errs[1] = readTime(enrolled)
	a.Revoked, errs[2] = readTime(revoked)
	return a, errors.Join(errs[:]...)
}

func orNotFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}
