package server

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"

	"tramsync/sync/wire"
	"tramsync/warehouse/ca"
	"tramsync/warehouse/store"
)

// maxEnrolBytes bounds an enrolment request: a token, a code and a certificate request have less than 2 KiB.
const maxEnrolBytes = 16 << 10

// Fingerprint is what the allow list knows a certificate by: its SHA-256 in lower-case hex.
func Fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// enrol is POST /v1/enrol. Only what fails counts against the limiter.
func (s *Server) enrol(c *call) (any, error) {
	if wait := s.limiter.take(); wait > 0 {
		f := problem(http.StatusTooManyRequests, "too_many", "too many enrolments have failed: try again later")
		f.retry = wait
		return nil, f
	}
	agent, err := s.admit(c)
	if err != nil {
		return nil, err
	}
	s.limiter.giveBack()
	c.agent = agent
	return wire.EnrolAnswer{
		Agent:       agent.ID,
		Station:     agent.Station,
		Certificate: string(ca.EncodePEM(agent.Certificate)),
		CA:          string(s.CA.PEM()),
	}, nil
}

func (s *Server) admit(c *call) (store.Agent, error) {
	claim, key, err := readClaim(c)
	if err != nil {
		return store.Agent{}, err
	}
	agent, err := s.Agents.Enrol(c.r.Context(), claim, func() (store.Agent, error) {
		id := ca.NewAgentID()
		cert, err := s.CA.IssueAgent(id, claim.Station, key, s.Now())
		if err != nil {
			return store.Agent{}, err
		}
		return store.Agent{ID: id, Station: claim.Station, Fingerprint: Fingerprint(cert), Certificate: cert.Raw,
			NotAfter: cert.NotAfter}, nil
	})
	if err != nil {
		return store.Agent{}, refusal(err)
	}
	return agent, nil
}

func readClaim(c *call) (store.Claim, crypto.PublicKey, error) {
	if err := wantType(c.r, "application/json"); err != nil {
		return store.Claim{}, nil, err
	}
	body, err := c.read(maxEnrolBytes)
	if err != nil {
		return store.Claim{}, nil, err
	}
	invalid := func(detail string) (store.Claim, crypto.PublicKey, error) {
		return store.Claim{}, nil, problem(http.StatusBadRequest, wire.CodeInvalid, detail)
	}
	var r wire.EnrolRequest
	if err := json.Unmarshal(body, &r); err != nil {
		return invalid("the body is not the JSON of an enrolment request")
	}
	token, err := wire.ParseToken(r.Token)
	if err != nil {
		return invalid(err.Error())
	}
	key, err := ca.ReadRequest(r.CSR)
	if err != nil {
		return invalid(err.Error())
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return invalid("the certificate request's key can't be written")
	}
	return store.Claim{Token: token, Station: r.Station, Key: sha256.Sum256(der)}, key, nil
}

// refusal says in HTTP why the store refuses a claim.
func refusal(err error) error {
	switch {
	case errors.Is(err, store.ErrTokenUnknown):
		return problem(http.StatusForbidden, "token_unknown", "this warehouse has not issued the token")
	case errors.Is(err, store.ErrTokenExpired):
		return problem(http.StatusForbidden, "token_expired", "the token has expired: ask the centre for a new one")
	case errors.Is(err, store.ErrTokenUsed):
		return problem(http.StatusForbidden, "token_used", "the token has been used: ask the centre for a new one")
	case errors.Is(err, store.ErrStationMismatch):
		return problem(http.StatusConflict, "station_mismatch",
			"the token is for another station than the configuration names; it can still be used there")
	default:
		return unavailable(err)
	}
}
