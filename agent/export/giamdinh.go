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
	f := visitsFile{src: src, text: t, layout: lay, settings: s}
	return f.decode(each)
}

// visitsFile is a GIAMDINHHS or KHAMSUCKHOE file whose layout is known.
type visitsFile struct {
	src        Source
	text       text
	layout     *layout
	settings   Settings
	head, tail []byte // what each visit keeps of the file around its HOSO
}

func (f *visitsFile) decode(each func(*Record) error) error {
	lay := f.layout
	if len(lay.hoso) == 0 {
		return lay.emptyFault()
	}
	if lay.head+f.text.size-lay.tail > maxEnvelope {
		return &FormatError{Code: "envelope"}
	}
	var err error
	if f.head, err = readRange(f.text, 0, lay.head); err != nil {
		return err
	}
	if f.tail, err = readRange(f.text, lay.tail, f.text.size); err != nil {
		return err
	}
	for i, r := range lay.hoso {
		body, err := readRange(f.text, r[0], r[1])
		if err != nil {
			return err
		}
		rec, err := f.record(newHoSo(i+1, r[0], body))
		if err != nil {
			return err
		}
		if rec == nil {
			continue
		}
		if err := each(rec); err != nil {
			return err
		}
	}
	return nil
}

// record makes a record of one HOSO. One without any document gives nil: it holds nothing.
func (f *visitsFile) record(h *hoSo) (*Record, error) {
	kind := wire.KindVisit
	if f.layout.family == checkUp {
		kind, h.prefix = wire.KindCheckUp, wire.CheckUpPrefix
	}
	if err := h.split(); err != nil {
		return nil, err
	}
	if len(h.docs) == 0 {
		return nil, h.emptyFault()
	}
	v := &wire.Visit{Sender: f.layout.sender, Signed: f.layout.signed, Documents: h.docs}
	rec := &Record{Kind: kind, Visit: v, Origin: wire.Origin{HoSo: h.number},
		Findings: f.layout.countFinding()}
	for i := range h.docs {
		d := &h.docs[i]
		at := FormatError{HoSo: h.number, Document: documentName(d.Type, i+1)}
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
	rec.Tables = append(rec.Tables, h.around(), f.layout.around)
	several := len(f.layout.hoso) > 1
	parts := slices.Clone(h.parts)
	parts[0] = string(f.head) + parts[0]
	parts[len(parts)-1] += string(f.tail)
	v.Envelope = wire.Envelope{Encoding: f.text.encoding, Parts: parts, Extract: several}
	var original []byte
	var err error
	switch {
	case several && f.text.encoding == "":
		rec.original = [][]byte{f.head, h.raw, f.tail}
		return rec, nil
	case several:
		original, err = f.text.encode(slices.Concat(f.head, h.raw, f.tail))
	default:
		original, err = readRange(f.src, 0, f.src.Size())
	}
	rec.original = [][]byte{original}
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
func (l *layout) countFinding() []wire.Finding {
	if l.count == "" {
		return nil
	}
	if n, err := strconv.Atoi(l.count); err == nil && n == len(l.hoso) {
		return nil
	}
	return []wire.Finding{{Code: "hoso-count", At: "SOLUONGHOSO"}}
}

// emptyFault is about a file without a HOSO: nothing to take in, unless it says that there is something.
func (l *layout) emptyFault() error {
	if n, err := strconv.Atoi(l.count); l.count == "" || err == nil && n == 0 {
		return nil
	}
	return &FormatError{Code: "no-hoso", Field: "SOLUONGHOSO"}
}
