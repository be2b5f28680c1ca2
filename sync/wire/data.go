package wire

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"
)

// Data is what a record says. Exactly one of Visit (a HIS visit's documents), Row (a row of another export) and
// Retracted is set.
type Data struct {
	// Key is the values that identify the visit or row: facility and MA_LK, or the feed's key columns.
	Key []string `json:"key"`
	// Facility is MA_CSKCB, the place of care; the station's own code where the export names none.
	Facility string    `json:"facility"`
	Findings []Finding `json:"findings,omitempty"`
	Origin   Origin    `json:"origin"`
	*Visit
	Row map[string]string `json:"row,omitempty"`
	// Retracted takes back what was sent for the key. It says no more than that: of a reason there is no trace.
	Retracted bool `json:"retracted,omitempty"`
}

// Retraction is what takes back the records of a key. Each of one key has the same id.
func Retraction(key []string, facility string) Data {
	return Data{Key: key, Facility: facility, Retracted: true}
}

// Finding is something the agent noticed in a record. It flags and never rejects (reference: of 2,999,895 vaccine
// doses in one province 249,715 were bad and had to be kept). It holds no value of the record.
type Finding struct {
	Code string `json:"code"` // stable: cccd-format, date-invalid, …
	At   string `json:"at"`   // where: XML1[1].SO_CCCD, row.NGAY_TIEM
}

// Origin says which place of which file a record was read from. File names can hold patients' names, hence the
// keyed hash.
type Origin struct {
	File   string `json:"file,omitempty"`   // keyed hash of the path, the agent's own key: says nothing but "the same"
	SHA256 string `json:"sha256,omitempty"` // of the whole file
	HoSo   int    `json:"hoso,omitempty"`   // number of the HOSO or HOSOSUCKHOE in the file, from 1
	Sheet  string `json:"sheet,omitempty"`  // xlsx: name of the sheet
	Line   int    `json:"line,omitempty"`   // csv, xlsx, xml: line the row starts on, from 1
	Index  int    `json:"index,omitempty"`  // json, xml: number of the row, from 1
}

// Visit is one HOSO: its documents decoded, and what stood around them. A health record of QĐ 831 and a file that is
// kept whole are visits of one document.
type Visit struct {
	MaLK string `json:"ma_lk,omitempty"`
	// Standard is 4210, 130 (130 or 3176 without fields that 4750 added), 4750, ksk, 831, cda or fhir.
	Standard  string     `json:"standard,omitempty"`
	Sender    string     `json:"sender,omitempty"` // MACSKCB or SENDER_CODE of the file, not always the place of care
	Signed    bool       `json:"signed,omitempty"` // CHUKYDONVI or SIGNATURE isn't empty
	Documents []Document `json:"documents"`
	Envelope  Envelope   `json:"envelope"`
}

// Document is one FILEHOSO: the inner table as it stands, base64 undone.
type Document struct {
	// Type is LOAIHOSO in upper case without white space: XML1 … XML15, or what the file says; of a check-up with
	// CheckUpPrefix before it; of other files Doc….
	Type    string `json:"type"`
	Content string `json:"content,omitempty"`
	Binary  []byte `json:"binary,omitempty"` // instead of Content when that isn't UTF-8
	Form    *Form  `json:"form,omitempty"`   // how it stood in the file; nil: standard base64 on one line
}

// Bytes is the document as it stands.
func (d *Document) Bytes() []byte {
	if d.Binary != nil {
		return d.Binary
	}
	return []byte(d.Content)
}

// validate checks that there is exactly one content, which is all covered by the id, that a retraction says nothing
// else, and that no document takes more room when it is wrapped again than it had.
func (d *Data) validate() error {
	contents := 0
	for _, is := range []bool{d.Visit != nil, d.Row != nil, d.Retracted} {
		if is {
			contents++
		}
	}
	if contents != 1 || (d.Visit != nil && len(d.Documents) == 0) {
		return fmt.Errorf("data holds neither documents nor a row nor a retraction, or several of them")
	}
	if d.Retracted && (len(d.Findings) > 0 || d.Origin != (Origin{})) {
		return fmt.Errorf("a retraction has findings or an origin")
	}
	if d.Visit == nil {
		return nil
	}
	for i := range d.Documents {
		doc := &d.Documents[i]
		if doc.Content != "" && doc.Binary != nil {
			return fmt.Errorf("document %d has both content and binary", i+1)
		}
		if f := doc.Form; f != nil && (f.Wrap < 0 || !slices.Contains([]string{"", "\n", "\r\n"}, f.EOL)) {
			return fmt.Errorf("document %d has an impossible form", i+1)
		}
	}
	return nil
}

// ContentHash is SHA-256 over what makes the content what it is. For a visit: its documents, whatever their order,
// and whether it is signed; not the envelope, so that another NGAYLAP, order of HOSO, wrapping or re-signing makes
// nothing new. For a row: its fields. For a retraction: that it is one.
func (d *Data) ContentHash() [sha256.Size]byte {
	h := sha256.New()
	switch {
	case d.Visit != nil:
		d.hashInto(h)
	case d.Retracted:
		hashStrings(h, "retracted")
	default:
		hashStrings(h, "row")
		for _, name := range slices.Sorted(maps.Keys(d.Row)) {
			hashStrings(h, name, d.Row[name])
		}
	}
	return [sha256.Size]byte(h.Sum(nil))
}

func (v *Visit) hashInto(h hash.Hash) {
	signed := "unsigned"
	if v.Signed {
		signed = "signed"
	}
	hashStrings(h, "visit", signed)
	docs := make([]*Document, len(v.Documents))
	for i := range v.Documents {
		docs[i] = &v.Documents[i]
	}
	slices.SortStableFunc(docs, func(a, b *Document) int {
		if c := strings.Compare(a.Type, b.Type); c != 0 {
			return c
		}
		return slices.Compare(a.Bytes(), b.Bytes())
	})
	for _, d := range docs {
		hashStrings(h, d.Type)
		if d.Binary != nil {
			hashStrings(h, string(d.Binary))
		} else {
			hashStrings(h, d.Content)
		}
	}
}

// hashStrings feeds each string with its length before it, so that no two lists of strings hash alike.
func hashStrings(h hash.Hash, list ...string) {
	for _, s := range list {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(s))))
		_ = writePieces(h, s) // a hash.Hash never fails
	}
}

// recordID is the idempotency key: SHA-256 of station, system, kind, key and content, in hex. Same content, same
// id, always.
func recordID(station, system, kind string, key []string, content [sha256.Size]byte) string {
	h := sha256.New()
	hashStrings(h, "tramsync record 1", station, system, kind, Subject(key), string(content[:]))
	return hex.EncodeToString(h.Sum(nil))
}
