package wire

// Paths of the warehouse's interface, below its base address.
const (
	PathBatches = "/v1/batches"
	PathStamp   = "/v1/stamp"
	PathEnrol   = "/v1/enrol"
)

// EnrolRequest asks for a client certificate. Sent without one, over a connection whose server the token's pin has
// proved.
type EnrolRequest struct {
	Token   string `json:"token"`
	Station string `json:"station"` // the station code in the agent's configuration; must be the token's
	CSR     string `json:"csr"`     // PEM, PKCS #10
}

// EnrolAnswer is the identity of an agent. Asking again with the same token and the same key gives the same answer,
// since the first may have been lost; with another key the token is used up.
type EnrolAnswer struct {
	Agent       string `json:"agent"` // the agent's name, given by the warehouse
	Station     string `json:"station"`
	Certificate string `json:"certificate"` // PEM
	CA          string `json:"ca"`          // PEM: the only anchor from now on
}

// StampAnswer is the newest stamp the warehouse holds of the asking agent; zero when it holds none. An agent whose
// queue is new, or older than this, starts the epoch after it.
type StampAnswer struct {
	Stamp
	ID      string `json:"id,omitempty"` // of the record that came with it
	Station string `json:"station"`
}

// ProblemContentType is that of RFC 9457.
const ProblemContentType = "application/problem+json"

// Problem is the body of every answer that isn't 2xx (RFC 9457). It holds nothing of any record.
type Problem struct {
	Type   string `json:"type,omitempty"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	Code   string `json:"code,omitempty"` // stable, for programs: token_used, certificate_unknown, …
}
