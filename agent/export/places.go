package export

import (
	"slices"

	"tramsync/sync/wire"
)

// places are where the records of an XML file stand, side by side in one element, as a first pass finds them.
type places struct {
	records [][2]int64
	head    int64 // a record keeps the text before head and from tail on. With several records that leaves out
	tail    int64 // what stands beside them: it may be another's
	signed  bool  // the signature holds something
}

// placesWalk finds them. It is embedded in what knows which elements are records.
type placesWalk struct {
	*xmlWalk
	places
	parent    int   // depth of the element that the records stand in
	depth     int   // of the current record, else 0
	start     int64 // of it
	signature int   // depth of the signature while inside, else 0
}

func newPlacesWalk(t text) placesWalk {
	return placesWalk{xmlWalk: newXMLWalk(t, maxHoSo, "too-large", "too-large")}
}

// begin makes the element that opens, or what began at an offset before it, a record.
func (w *placesWalk) begin(at int64) {
	if len(w.records) == 0 {
		if w.parent = len(w.stack); w.parent > 0 {
			w.head = w.stack[w.parent-1].after
		}
	}
	w.start, w.depth, w.hoSo = at, len(w.stack)+1, len(w.records)+1
}

func (w *placesWalk) close(t *wire.XMLToken) error {
	switch len(w.stack) {
	case w.depth:
		if t.End-w.start > maxHoSo {
			return w.fault("too-large")
		}
		w.records = append(w.records, [2]int64{w.start, t.End})
		w.depth, w.hoSo, w.tail = 0, 0, 0
	case w.signature:
		w.signature = 0
	case w.parent:
		if len(w.records) > 0 && w.tail == 0 {
			w.tail = t.Start
		}
	}
	return nil
}

// found are the places at the end. One record keeps everything around it.
func (w *placesWalk) found() places {
	if len(w.records) == 1 {
		w.head, w.tail = w.records[0][0], w.records[0][1]
	}
	return w.places
}

// placedFile is a file whose records' places are known.
type placedFile struct {
	places
	src        Source
	text       text
	settings   Settings
	head, tail []byte // what each record keeps of the file around it
}

func newPlacedFile(src Source, t text, p places, s Settings) (*placedFile, error) {
	if p.head+t.size-p.tail > maxEnvelope {
		return nil, &FormatError{Code: "envelope"}
	}
	f := &placedFile{places: p, src: src, text: t, settings: s}
	var err error
	if f.head, err = readRange(t, 0, p.head); err != nil {
		return nil, err
	}
	f.tail, err = readRange(t, p.tail, t.size)
	return f, err
}

// decode reads one record after the other. One that holds nothing is nil.
func (f *placedFile) decode(read func(number int, body []byte) (*Record, error), each func(*Record) error) error {
	for i, r := range f.records {
		body, err := readRange(f.text, r[0], r[1])
		if err != nil {
			return err
		}
		rec, err := read(i+1, body)
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

// several: each record is kept with an extract of the file, which leaves the others out.
func (f *placedFile) several() bool { return len(f.records) > 1 }

// original is a record's file, in pieces: the file itself, or the extract.
func (f *placedFile) original(body []byte) ([][]byte, error) {
	switch {
	case f.several() && f.text.encoding == "":
		return [][]byte{f.head, body, f.tail}, nil
	case f.several():
		part, err := f.text.encode(slices.Concat(f.head, body, f.tail))
		return [][]byte{part}, err
	}
	whole, err := readRange(f.src, 0, f.src.Size())
	return [][]byte{whole}, err
}
