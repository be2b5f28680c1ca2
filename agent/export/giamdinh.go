package export

import (
	"slices"
	"strconv"

	"tramsync/sync/wire"
)

// decodeGiamDinh reads a file in two passes: the first proves that it is whole and finds the HOSO, the second reads
// them one by one. What stands behind the last HOSO (the signature) belongs to each of them.
func decodeGiamDinh(src Source, s Settings, each func(*Record) error) error {
	t, err := openText(src)
	if err != nil {
		return err
	}
	lay, err := scan(t)
	if err != nil {
		return err
	}
	if lay.root != rootGiamDinh {
		b := bareFile{src: src, text: t, table: tableOfRoot(lay.root), signed: lay.signed, settings: s}
		return b.decode(each)
	}
	f := visitsFile{src: src, text: t, layout: lay, settings: s}
	return f.decode(each)
}

// visitsFile is a GIAMDINHHS file whose layout is known.
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
		rec, err := f.record(hoSo{number: i + 1, start: r[0], body: body})
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
func (f *visitsFile) record(h hoSo) (*Record, error) {
	if err := h.split(); err != nil {
		return nil, err
	}
	if len(h.docs) == 0 {
		return nil, h.emptyFault()
	}
	v := &wire.Visit{Sender: f.layout.sender, Signed: f.layout.signed, Documents: h.docs}
	rec := &Record{Kind: wire.KindVisit, Visit: v, Origin: wire.Origin{HoSo: h.number},
		Findings: f.layout.countFinding()}
	for i := range h.docs {
		d := &h.docs[i]
		t, err := wire.ParseTable(d.Type, d.Bytes())
		if err != nil {
			return nil, located(err, FormatError{HoSo: h.number, Document: documentName(d.Type, i+1)})
		}
		rec.Tables = append(rec.Tables, t)
	}
	rec.identify(f.settings)
	rec.Tables = append(rec.Tables, misnamed(rec.Tables)...)
	rec.Tables = append(rec.Tables, h.around(), f.layout.around)
	several := len(f.layout.hoso) > 1
	parts := slices.Clone(h.parts)
	parts[0] = string(f.head) + parts[0]
	parts[len(parts)-1] += string(f.tail)
	v.Envelope = wire.Envelope{Encoding: f.text.encoding, Parts: parts, Extract: several}
	var err error
	if several {
		rec.original, err = f.text.encode(slices.Concat(f.head, h.body, f.tail))
	} else {
		rec.original, err = readRange(f.src, 0, f.src.Size())
	}
	return rec, err
}

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
