package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Constants of the CloudEvents 1.0 envelope that every record travels in.
const (
	SpecVersion     = "1.0"
	DataContentType = "application/json"
	typePrefix      = "vn.tramsync."
)

// Kinds of the records that say themselves what they are.
const (
	KindVisit        = "visit"         // a HIS visit's documents
	KindTable        = "table"         // a single bare table other than XML1, as some exporters write them
	KindCheckUp      = "kham_suc_khoe" // the documents of a health check-up (QĐ 2062 of the Ministry of Health, 2026)
	KindHealthRecord = "hssk_831"      // a person's health record of QĐ 831/QĐ-BYT 2017
	KindCDA          = "cda"           // an HL7 CDA document, whole
	KindFHIR         = "fhir"          // a FHIR bundle or resource, whole
	KindDocument     = "document"      // any other file, whole
)

// Types of the documents that aren't HIS tables.
const (
	DocHealthRecord = "HSSK831"  // one HOSOSUCKHOE
	DocCDA          = "CDA"      // root {urn:hl7-org:v3}ClinicalDocument
	DocFHIR         = "FHIR"     // JSON with a resourceType, or XML in {http://hl7.org/fhir}
	DocOther        = "DOCUMENT" // XML, JSON, HTML or plain text
)

// CheckUpPrefix stands before the types of a check-up's documents: their XML1 to XML12 are other tables than a visit's.
const CheckUpPrefix = "KSK_"

// Event is one record: a CloudEvents 1.0 event in JSON.
//
// Epoch and Sequence are the agent's stamp. They are zero while the record waits in the queue and are set when it
// is sent, since the epoch is agreed with the warehouse only then; the id doesn't depend on them.
type Event struct {
	Epoch           int32    `json:"epoch,omitempty"`
	Sequence        Sequence `json:"sequence,omitempty"`
	SpecVersion     string   `json:"specversion"`
	ID              string   `json:"id"`
	Source          string   `json:"source"`
	Type            string   `json:"type"`
	Subject         string   `json:"subject"`
	Time            string   `json:"time"` // RFC 3339: when the export was read, by the PC's clock, which may be wrong
	DataContentType string   `json:"datacontenttype"`
	Data            Data     `json:"data"`
}

// Stamp orders the records of one agent: by epoch, then sequence. A new epoch starts when the queue was lost or put
// back from an old copy.
type Stamp struct {
	Epoch    int32    `json:"epoch"`
	Sequence Sequence `json:"sequence"`
}

// After reports whether s is newer than o.
func (s Stamp) After(o Stamp) bool {
	if s.Epoch != o.Epoch {
		return s.Epoch > o.Epoch
	}
	return s.Sequence > o.Sequence
}

// Sequence is a record's place in its agent's stream, from 1, without gaps when appended. In JSON it is a string of
// 20 digits, since CloudEvents integers have 32 bits and its sequence extension compares strings.
type Sequence uint64

// MarshalText writes the 20 digits.
func (q Sequence) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%020d", uint64(q)), nil }

// UnmarshalText reads decimal digits.
func (q *Sequence) UnmarshalText(b []byte) error {
	n, err := strconv.ParseUint(string(b), 10, 64)
	if err != nil {
		return fmt.Errorf("read sequence: not a number of up to 20 digits")
	}
	*q = Sequence(n)
	return nil
}

// Source names the feed a record came from: /stations/99001/feeds/his.
func Source(station, feed string) string { return "/stations/" + station + "/feeds/" + feed }

var (
	sourceForm  = regexp.MustCompile(`^/stations/([0-9]{5,13})/feeds/([a-z0-9-]{1,40})$`)
	stationForm = regexp.MustCompile(`^[0-9]{5,13}$`)
)

// ParseSource takes a Source apart.
func ParseSource(source string) (station, feed string, err error) {
	m := sourceForm.FindStringSubmatch(source)
	if m == nil {
		return "", "", fmt.Errorf("source is not of the form /stations/CODE/feeds/NAME")
	}
	return m[1], m[2], nil
}

// Type names a record's kind: vn.tramsync.his.visit, vn.tramsync.v20.tiem_chung.
func Type(system, kind string) string { return typePrefix + strings.ToLower(system) + "." + kind }

var typeForm = regexp.MustCompile(`^vn\.tramsync\.(his|v20)\.([a-z0-9_]{1,40})$`)

// ParseType takes a Type apart; system comes back in upper case.
func ParseType(t string) (system, kind string, err error) {
	m := typeForm.FindStringSubmatch(t)
	if m == nil {
		return "", "", fmt.Errorf("type is not of the form vn.tramsync.SYSTEM.KIND")
	}
	return strings.ToUpper(m[1]), m[2], nil
}

// Subject joins a key's values by "/". A slash or per cent sign inside a value is escaped, so that two keys never
// share a subject.
func Subject(key []string) string {
	parts := make([]string, len(key))
	for i, v := range key {
		parts[i] = subjectEscapes.Replace(v)
	}
	return strings.Join(parts, "/")
}

var subjectEscapes = strings.NewReplacer("%", "%25", "/", "%2F")

// NewEvent fills in an event around data; station, system, kind and data.Key must be set. The id is computed here.
func NewEvent(station, feed, system, kind string, read time.Time, data Data) Event {
	e := Event{
		SpecVersion:     SpecVersion,
		Source:          Source(station, feed),
		Type:            Type(system, kind),
		Subject:         Subject(data.Key),
		Time:            read.UTC().Format(time.RFC3339),
		DataContentType: DataContentType,
		Data:            data,
	}
	e.ID = recordID(station, strings.ToUpper(system), kind, data.Key, data.ContentHash())
	return e
}

// Station is the code of the station that sent e, or "" when Source has another form.
func (e *Event) Station() string {
	station, _, err := ParseSource(e.Source)
	if err != nil {
		return ""
	}
	return station
}

// Validate checks what a receiver relies on: the envelope's fixed fields, the forms of source, type and time, a key
// that agrees with the subject, and the id, which is computed anew from the content. Its errors name fields, never
// values.
func (e *Event) Validate() error {
	if e.SpecVersion != SpecVersion || e.DataContentType != DataContentType {
		return fmt.Errorf("specversion or datacontenttype is not %s, %s", SpecVersion, DataContentType)
	}
	station, _, err := ParseSource(e.Source)
	if err != nil {
		return err
	}
	system, kind, err := ParseType(e.Type)
	if err != nil {
		return err
	}
	if _, err := time.Parse(time.RFC3339, e.Time); err != nil {
		return fmt.Errorf("time is not of the form of RFC 3339")
	}
	if len(e.Data.Key) == 0 || Subject(e.Data.Key) != e.Subject {
		return fmt.Errorf("subject does not agree with data.key")
	}
	if err := e.Data.validate(); err != nil {
		return err
	}
	if e.ID != recordID(station, system, kind, e.Data.Key, e.Data.ContentHash()) {
		return fmt.Errorf("id does not agree with the content")
	}
	return nil
}

// Marshal writes e as JSON on one line, without the escapes of < and > that would make XML a third longer.
func (e *Event) Marshal() ([]byte, error) { return marshal(e) }

// StampJSON puts the stamp into a marshalled event, without reading it through. One that has a stamp is an error.
func StampJSON(event []byte, s Stamp) ([]byte, error) {
	return AppendStamped(make([]byte, 0, len(event)+64), event, s)
}

// AppendStamped is StampJSON at the end of dst. After an error dst is as it was.
func AppendStamped(dst, event []byte, s Stamp) ([]byte, error) {
	if !bytes.HasPrefix(event, []byte(`{"`)) {
		return dst, fmt.Errorf("stamp event: not a JSON object")
	}
	if bytes.HasPrefix(event, []byte(`{"epoch"`)) || bytes.HasPrefix(event, []byte(`{"sequence"`)) {
		return dst, fmt.Errorf("stamp event: it has a stamp")
	}
	dst = fmt.Appendf(dst, `{"epoch":%d,"sequence":"%020d",`, s.Epoch, uint64(s.Sequence))
	return append(dst, event[1:]...), nil
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
