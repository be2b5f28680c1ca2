package status

import "time"

// Snapshot is the agent at one moment. Times are the PC's.
type Snapshot struct {
	Time      time.Time `json:"time"`
	Station   Station   `json:"station"`
	Program   Program   `json:"program"`
	Warehouse Warehouse `json:"warehouse"`
	Queue     Queue     `json:"queue"`
	Intake    Intake    `json:"intake"`
	Today     Counts    `json:"today"`
	Total     Counts    `json:"total"`
	// Days are the last two weeks' counts, oldest first; days without any are left out.
	Days []Day `json:"days"`
	// Rejected are the files that can't be read, until a corrected export takes their place.
	Rejected []Rejected `json:"rejected"`
}

// Station is whose agent this is.
type Station struct {
	Code string `json:"code"`
	Name string `json:"name,omitempty"`
}

// Program is what runs.
type Program struct {
	Version  string    `json:"version"`
	Running  bool      `json:"running"` // false: the snapshot was made from the queue alone
	Started  time.Time `json:"started,omitzero"`
	Config   string    `json:"config"`          // path
	Revision string    `json:"config_revision"` // SHA-256 of the effective configuration, first 12 digits
	Rules    string    `json:"rules"`           // version of the exclusion rules
	// RulesFault is why the agent can't start: the rules of its configuration can't be used.
	RulesFault string `json:"rules_fault,omitempty"`
}

// Warehouse is the way there.
type Warehouse struct {
	URL          string    `json:"url"`
	Enrolled     bool      `json:"enrolled"`
	Agent        string    `json:"agent,omitempty"`
	Expires      time.Time `json:"certificate_expires,omitzero"`
	Online       bool      `json:"online"` // the last exchange worked
	LastSuccess  time.Time `json:"last_success,omitzero"`
	LastDelivery time.Time `json:"last_delivery,omitzero"` // of a record, also before the last start
	LastError    string    `json:"last_error,omitempty"`
	ErrorKind    string    `json:"error_kind,omitempty"`
	Failures     int       `json:"failures,omitempty"` // in a row
	NextTry      time.Time `json:"next_try,omitzero"`
}

// Queue is what waits for the warehouse.
type Queue struct {
	Pending int       `json:"pending"`
	Bytes   int64     `json:"bytes"` // sealed
	Limit   int64     `json:"limit"`
	Oldest  time.Time `json:"oldest,omitzero"`
	Dead    int       `json:"dead"`
	Damaged int       `json:"damaged"`
}

// Intake is what waits in the export folders.
type Intake struct {
	Waiting int      `json:"waiting"` // files seen but not taken in yet
	Empty   int      `json:"empty"`
	Paused  bool     `json:"paused"`            // the queue is full
	Failing int      `json:"failing"`           // waiting because they can't be opened or kept
	Failure string   `json:"failure,omitempty"` // why, of one of them
	Folders []Folder `json:"folder_faults,omitempty"`

	// How files are found: by walks over the folders, sooner if the system announces them.
	LastWalk    time.Time `json:"last_walk,omitzero"`
	NextWalk    time.Time `json:"next_walk,omitzero"` // at the latest
	WalkSeconds float64   `json:"walk_seconds"`       // that the last one took
	Hints       Hints     `json:"hints"`
}

// Hints are the system's announcements of files. Without them files are found all the same, only later.
type Hints struct {
	Failures  int `json:"failures"`          // how often they broke off since the start, and were begun anew
	Overflows int `json:"overflows"`         // of them, how often because too much happened at once
	Missed    int `json:"missed"`            // files that a walk found unannounced
	Unwatched int `json:"unwatched_folders"` // folders that nothing is announced of
}

// Folder is a configured folder that can't be read.
type Folder struct {
	Feed   string `json:"feed"`
	Folder string `json:"folder"`
	Inside int    `json:"inside,omitempty"` // how many folders below it; 0: itself
	Error  string `json:"error"`
}

// Counts are sums over a day or over all time.
type Counts struct {
	Files         int            `json:"files"`
	FilesRejected int            `json:"files_rejected"`
	FilesReplayed int            `json:"files_replayed"` // copies of files taken in before
	Queued        int            `json:"queued"`         // with Retracted
	Unchanged     int            `json:"unchanged"`
	Retracted     int            `json:"retracted"` // sent earlier, now withheld
	Stored        int            `json:"stored"`
	Duplicate     int            `json:"duplicate"`
	Dead          int            `json:"dead"`
	Erased        int            `json:"erased"`
	Withheld      map[string]int `json:"withheld"` // by rule, nothing else
	Trimmed       map[string]int `json:"trimmed"`
	Findings      map[string]int `json:"findings"` // by code
	// FindingsByFeed are the same by feed, then code. Nothing that was withheld is counted by feed.
	FindingsByFeed map[string]map[string]int `json:"findings_by_feed"`
}

// Day is one day's counts.
type Day struct {
	Day string `json:"day"` // yyyy-mm-dd, by the PC's clock
	Counts
}

// Rejected is a file that can't be read.
type Rejected struct {
	Feed string    `json:"feed"`
	Path string    `json:"path"`
	Time time.Time `json:"time"`
	Code string    `json:"code"`
	VI   string    `json:"vi"` // place, reason and what to do
	EN   string    `json:"en"`
	Gone bool      `json:"gone,omitempty"` // it isn't in its folder any more
}
