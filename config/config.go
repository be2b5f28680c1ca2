package config

import (
	"fmt"
	"io"
	"os"
	"time"
)

// SchemaVersion is the newest version of the document's shape that this program reads.
const SchemaVersion = 1

// MaxDocument is the size of the largest document that is read, in bytes.
const MaxDocument = 256 << 10

// The formats a feed's files can have.
const (
	FormatAuto       = "auto"       // each file's content says which of the others
	FormatGiamDinhHS = "giamdinhhs" // the insurer's XML envelope and its bare tables (QĐ 4210, 130, 4750, 3176)
	FormatHSSK831    = "hssk831"    // health records of QĐ 831/QĐ-BYT 2017
	FormatCSV        = "csv"        // rows with a header
	FormatXLSX       = "xlsx"       // likewise, and HTML tables that are called .xls
	FormatJSON       = "json"       // rows as objects
	FormatXML        = "xml"        // rows as elements
	FormatDocument   = "document"   // each file a record as it is: HL7 CDA, FHIR, and anything else that is text
)

// The systems an export can come from.
const (
	SystemHIS = "HIS"
	SystemV20 = "V20"
)

// Config is a whole, valid configuration.
type Config struct {
	Schema    int     // version of the document's shape: 1
	Station   Station // whose exports these are
	DataDir   string  // the agent's own folder, absolute; default /var/lib/tramsync or %ProgramData%\tramsync
	Warehouse Warehouse
	Exclusion Exclusion
	Feeds     []Feed // 1 to 32, names unique
	Limits    Limits
}

// Station names the health station, or the several that share a PC.
type Station struct {
	Codes []string // 1 to 32: MACSKCB (5 digits) or GLN (13 digits beginning with 893); the first is the primary one
	Name  string   // for people, at most 200 characters; may be empty
}

// Warehouse says where records go.
type Warehouse struct {
	URL     string // https, with a host, without user, query and fragment; at most 2,048 characters
	Profile string // "tramsync", the only one so far
}

// Exclusion says which rules keep out what must never be taken in. Its zero value stands for those compiled in.
type Exclusion struct {
	Rules string // absolute path of a rule set; its minisign signature lies beside it (.minisig)
	Key   string // minisign public key that it must be signed with: 56 characters that begin with RW
}

// Feed describes one kind of export and the folders it is put into.
type Feed struct {
	Name     string        // 1 to 40 of a-z, 0-9 and -
	System   string        // SystemHIS or SystemV20; default HIS for giamdinhhs, V20 for hssk831 and kinds with a preset
	Kind     string        // what a row is, 1 to 40 of a-z, 0-9 and _; giamdinhhs, hssk831: "visit", "hssk_831"
	Format   string        // one of the above, default FormatAuto
	Encoding string        // "auto" (default); csv also "utf-8", "utf-16", "windows-1258", "tcvn3"
	Paths    []string      // 1 to 32 absolute patterns with * ? [] {} and **, each at most 1,024 characters
	Settle   time.Duration // how long a file must be unchanged before it is read: 100ms to 10m, default 3s

	Key      []string // columns that identify a row, at most 16; empty: the row's whole content does
	Columns  []Column // at most 200, in the document's order; empty: columns are used under their own names
	Facility string   // column that holds the facility's code; empty: the station's primary code
	Records  string   // json: path to the array of rows ("data", "result.items"); xml: element that is a row; empty: found
	Sheet    string   // xlsx: the sheet's name, or /regular expression/; empty: found
	Header   int      // csv, xlsx: the line with the columns' names, 1 to 50; 0: found
	Roots    []string // giamdinhhs: what else the root element may be called, at most 8
}

// Column maps headers, as exports write them, to one canonical column.
type Column struct {
	Name string   // canonical, 1 to 60 of A-Z, 0-9 and _
	From []string // 1 to 32 headers, each at most 200 characters; default the name itself
	Type string   // "text" (default), "date" or "cccd" (12 digits)
}

// Limits bounds what the agent takes of the PC.
type Limits struct {
	Queue int64 // bytes of records waiting for the network: 16 MiB to 64 GiB, default 1 GiB
}

// Primary returns the code of the station that records belong to when they name none.
func (c *Config) Primary() string {
	return c.Station.Codes[0]
}

// Load reads and parses the file at path. The error is [Faults] when the document is at fault, and wraps the system's
// error when the file could not be read.
func Load(path string) (*Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read config: %w", err)
	}
	defer f.Close()
	doc, err := io.ReadAll(io.LimitReader(f, MaxDocument+1)) // one more, so that Parse sees it is too long
	if err != nil {
		return nil, fmt.Errorf("read config: %w", err)
	}
	return Parse(doc)
}

// Parse decodes a document for the system the program runs on. The error is [Faults], in the order of their lines.
func Parse(doc []byte) (*Config, error) {
	return parse(doc, thisHost())
}

func parse(doc []byte, h host) (*Config, error) {
	d := &decoder{host: h}
	root, ok := d.tree(doc)
	if !ok {
		return nil, d.sorted()
	}
	c := d.config(root)
	if len(d.faults) > 0 {
		return nil, d.sorted()
	}
	return c, nil
}
