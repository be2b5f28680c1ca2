package queue

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.etcd.io/bbolt"
)

// File is an export file as it was read.
type File struct {
	Feed    string
	Path    string
	Size    int64
	ModTime time.Time
	SHA256  [32]byte
	// Reader is a fingerprint of how it was read: feed settings, rules, program. A rejected file is read again when it
	// changes.
	Reader string
}

// Item is one record to queue.
type Item struct {
	ID      string // hex SHA-256
	Key     string // what the record is about: type and subject. Two items of one key are revisions of one thing
	Content [32]byte
	Payload []byte // opaque; not kept by Append
	// Findings are codes to count when the record is queued: what didn't change isn't counted again.
	Findings []string
}

// Receipt says what became of a file.
type Receipt struct {
	Queued    int            // new records in the outbox, retractions among them
	Unchanged int            // records whose key last had the same content: not queued again
	Retracted int            // keys that were queued before and are taken back
	Withheld  map[string]int // records that a rule withheld, by rule
	Trimmed   map[string]int // records that a rule cut fields out of, by rule
}

// Batch collects what one file gives. It belongs to Append's callback and dies with it.
type Batch struct {
	q       *Queue
	tx      *bbolt.Tx
	receipt Receipt
	first   uint64 // sequence numbers given out; 0: none yet
	last    uint64
	bytes   uint64
	read    int // records that the file held, whatever became of them
	found   map[string]int
	gone    map[string]Item // retractions by hash of the key
	err     error           // of the first Add that failed: the file can no longer be whole
}

// Append takes in one file in one transaction (Q1): fill adds its records; whatever error it returns undoes
// everything and is returned as it is. The ledger then knows the file (Known). ErrFull leaves the queue as it was.
func (q *Queue) Append(f File, fill func(*Batch) error) (Receipt, error) {
	b := &Batch{q: q, receipt: Receipt{Withheld: map[string]int{}, Trimmed: map[string]int{}}, found: map[string]int{},
		gone: map[string]Item{}}
	var fillErr error
	err := q.db.Update(func(tx *bbolt.Tx) error {
		b.tx = tx
		b.last = number(tx.Bucket(bucketMeta), metaLast)
		if fillErr = fill(b); fillErr == nil {
			fillErr = b.err
		}
		if fillErr == nil {
			fillErr = b.takeBack()
		}
		if fillErr != nil {
			return fillErr
		}
		return b.finish(f)
	})
	if fillErr != nil {
		return Receipt{}, fillErr
	}
	if err != nil {
		return Receipt{}, fmt.Errorf("append to queue: %w", err)
	}
	if b.receipt.Queued > 0 {
		q.signal()
	}
	return b.receipt, nil
}

// Add queues a record unless its key's last content was the same (Q7). After an error the whole file is lost to this
// Append, even if fill returns nil (Q1).
func (b *Batch) Add(it Item) error {
	b.read++
	if b.err == nil {
		b.err = b.add(it)
	}
	return b.err
}

func (b *Batch) add(it Item) error {
	seen := b.tx.Bucket(bucketSeen)
	key, content := b.q.seal.hash("key", it.Key), b.q.seal.hash("content", string(it.Content[:]))
	delete(b.gone, string(key))
	if string(seen.Get(key)) == string(content) {
		b.receipt.Unchanged++
		return nil
	}
	if err := seen.Put(key, content); err != nil {
		return fmt.Errorf("append record: %w", err)
	}
	if err := b.put(it); err != nil {
		return err
	}
	for _, code := range it.Findings {
		b.found[code]++
	}
	return nil
}

// Retract takes back what was queued for the item's key before, here or in an earlier file, by queueing the item; a
// record of the key that is added after it in this file stands. The key is forgotten with it: once the retraction is
// delivered, nothing here tells that anything was taken back (Q10). Of a key that wasn't queued nothing is kept.
func (b *Batch) Retract(it Item) {
	if key := b.q.seal.hash("key", it.Key); b.tx.Bucket(bucketSeen).Get(key) != nil {
		b.gone[string(key)] = it
	}
}

// takeBack queues the retractions behind everything else of the file.
func (b *Batch) takeBack() error {
	for _, key := range slices.Sorted(maps.Keys(b.gone)) {
		if err := b.tx.Bucket(bucketSeen).Delete([]byte(key)); err != nil {
			return fmt.Errorf("append retraction: %w", err)
		}
		if err := b.put(b.gone[key]); err != nil {
			return err
		}
		b.receipt.Retracted++
	}
	return nil
}

// put gives the record its place in the outbox.
func (b *Batch) put(it Item) error {
	id, err := hex.DecodeString(it.ID)
	if err != nil || len(id) != idSize {
		return fmt.Errorf("append record: id is not a SHA-256 in hex")
	}
	b.last++
	if b.first == 0 {
		b.first = b.last
	}
	place := seqKey(b.last)
	sealed := b.q.seal.seal(bucketOutbox, place, b.q.pack(record{id: id, time: b.q.now(), payload: it.Payload}))
	if err := b.room(len(sealed)); err != nil {
		return err
	}
	if err := b.tx.Bucket(bucketOutbox).Put(place, sealed); err != nil {
		return fmt.Errorf("append record: %w", err)
	}
	b.bytes += uint64(len(sealed))
	b.receipt.Queued++
	return nil
}

// room refuses what would go over the limit. A file that is larger than the whole limit is let into an empty queue,
// or it would wait for ever.
func (b *Batch) room(n int) error {
	held := number(b.tx.Bucket(bucketMeta), metaBytes)
	if b.q.maxBytes > 0 && held > 0 && held+b.bytes+uint64(n) > uint64(b.q.maxBytes) {
		return ErrFull
	}
	return nil
}

// Withhold counts a record that rule keeps out. Nothing else of it may be kept.
func (b *Batch) Withhold(rule string) {
	b.read++
	b.receipt.Withheld[rule]++
}

// Trim counts a record that rule cuts fields out of.
func (b *Batch) Trim(rule string) { b.receipt.Trimmed[rule]++ }

func (b *Batch) finish(f File) error {
	meta := b.tx.Bucket(bucketMeta)
	if err := putNumber(meta, metaLast, b.last); err != nil {
		return err
	}
	if err := addNumber(meta, metaCount, int64(b.receipt.Queued)); err != nil {
		return err
	}
	if err := addNumber(meta, metaBytes, int64(b.bytes)); err != nil {
		return err
	}
	counts := map[string]int{CountFiles: 1, CountQueued: b.receipt.Queued, CountUnchanged: b.receipt.Unchanged,
		CountRetracted: b.receipt.Retracted}
	for rule, n := range b.receipt.Withheld {
		counts[PrefixWithheld+rule] = n
	}
	for rule, n := range b.receipt.Trimmed {
		counts[PrefixTrimmed+rule] = n
	}
	e := Entry{State: Taken, Read: b.read}
	for code, n := range b.found {
		counts[findingName(f.Feed, code)] = n
		e.Findings += n
	}
	if err := b.q.count(b.tx, counts); err != nil {
		return err
	}
	if b.receipt.Queued > 0 {
		e.First, e.Last = b.first, b.last
	}
	return b.q.writeEntry(b.tx, f, e)
}

const (
	idSize     = 32
	packRaw    = 0
	packZstd   = 1
	packHeader = idSize + 8 + 1
)

// record is what one value of the outbox holds.
type record struct {
	id      []byte
	time    time.Time // when it was queued, by the PC's clock
	payload []byte
}

// pack lays a record out: id, time, form, payload, the last compressed when that pays.
func (q *Queue) pack(r record) []byte {
	out := make([]byte, 0, packHeader+len(r.payload)/3) // a visit becomes a quarter
	out = append(out, r.id...)
	out = binary.BigEndian.AppendUint64(out, uint64(r.time.Unix()))
	out = append(out, packZstd)
	q.codec.Lock()
	out = q.enc.EncodeAll(r.payload, out)
	q.codec.Unlock()
	if len(out)-packHeader >= len(r.payload) {
		out = append(out[:packHeader], r.payload...)
		out[packHeader-1] = packRaw
	}
	return out
}

func (q *Queue) unpack(plain []byte) (record, error) {
	if len(plain) < packHeader {
		return record{}, errSeal
	}
	r := record{id: plain[:idSize], time: time.Unix(int64(binary.BigEndian.Uint64(plain[idSize:])), 0)}
	body := plain[packHeader:]
	if plain[packHeader-1] == packRaw {
		r.payload = body
		return r, nil
	}
	q.codec.Lock()
	defer q.codec.Unlock()
	var err error
	if r.payload, err = q.dec.DecodeAll(body, nil); err != nil {
		return record{}, errSeal
	}
	return r, nil
}
