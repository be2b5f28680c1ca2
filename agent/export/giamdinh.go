package export

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tramsync/sync/wire"
)

// decodeGiamDinh reads a file in two passes: the first proves that it is whole and finds the HOSO, the second reads
// them one by one. What stands behind the last HOSO (the signature) belongs to each of them.
func decodeGiamDinh(src Source, s Settings, each func(*Record) error) error {
	t, err := openText(src)
	if err != nil {
		return err
	}
	lay, err := scan(t, s.Roots)
	if err != nil {
		return err
	}
	if !lay.family.enveloped() {
		b := bareFile{src: src, text: t, table: wire.TableOf(lay.root), signed: lay.signed, settings: s}
		return b.decode(each)
	}
	if len(lay.records) == 0 {
		return lay.emptyFault()
	}
	file, err := newPlacedFile(src, t, lay.places, s)
	if err != nil {
		return err
	}
	f := visitsFile{placedFile: file, envelope: lay.envelope}
	return f.decode(f.record, each)
}

// visitsFile is a GIAMDINHHS or KHAMSUCKHOE file whose layout is known.
type visitsFile struct {
	*placedFile
	envelope
}

// record makes a record of one HOSO. One without any document gives nil: it holds nothing.
func (f *visitsFile) record(number int, body []byte) (*Record, error) {
	h := newHoSo(number, f.records[number-1][0], body)
	kind := wire.KindVisit
	if f.family == checkUp {
		kind, h.prefix = wire.KindCheckUp, wire.CheckUpPrefix
	}
	if err := h.split(); err != nil {
		return nil, err
	}
	if len(h.docs) == 0 {
		return nil, h.emptyFault()
	}
	v := &wire.Visit{Sender: f.sender, Signed: f.signed, Documents: h.docs}
	rec := &Record{Kind: kind, Visit: v, Origin: wire.Origin{HoSo: number}, Findings: f.countFinding()}
	for i := range h.docs {
		d := &h.docs[i]
		at := FormatError{HoSo: number, Document: documentName(d.Type, i+1)}
		if isOpaque(d) {
			at.Code = "unscreenable"
			return nil, &at
		}
		t, err := wire.ParseTable(d.Type, d.Bytes())
		if err != nil {
			return nil, located(err, at)
		}
		rec.Tables = append(rec.Tables, t)
	}
	rec.identify(f.settings)
	rec.Tables = append(rec.Tables, h.around(), f.around)
	parts := slices.Clone(h.parts)
	parts[0] = string(f.head) + parts[0]
	parts[len(parts)-1] += string(f.tail)
	v.Envelope = wire.Envelope{Encoding: f.text.encoding, Parts: parts, Extract: f.several()}
	var err error
	rec.original, err = f.original(body)
	return rec, err
}

// isOpaque tells a document of an unknown kind that is neither XML nor text: a PDF, a picture, base64 once more. It
// can't be screened.
func isOpaque(d *wire.Document) bool {
	if wire.RecordElement(d.Type) != "" {
		return false
	}
	text := string(bytes.TrimSpace(wire.CleanXML(d.Bytes())))
	switch {
	case strings.HasPrefix(text, "<"):
		return false
	case strings.HasPrefix(text, "%PDF-"), strings.HasPrefix(text, `{\rtf`), !utf8.ValidString(text):
		return true
	}
	_, err := base64.StdEncoding.DecodeString(text) // passes over line ends
	return err == nil && len(text) >= minPacked
}

// minPacked is how long base64 is at least that isn't taken for a word.
const minPacked = 24

// countFinding compares SOLUONGHOSO with the truth: a finding, not a failure.
func (f *visitsFile) countFinding() []wire.Finding {
	if f.count == "" {
		return nil
	}
	if n, err := strconv.Atoi(f.count); err == nil && n == len(f.records) {
		return nil
	}
	return []wire.Finding{{Code: "hoso-count", At: "SOLUONGHOSO"}}
}

// emptyFault is about a file without a HOSO: nothing to take in, unless it says that there is something.
func (l *envelope) emptyFault() error {
	if n, err := strconv.Atoi(l.count); l.count == "" || err == nil && n == 0 {
		return nil
	}
	return &FormatError{Code: "no-hoso", Field: "SOLUONGHOSO"}
}
