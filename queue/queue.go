package queue

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"tramsync/queue/durable"
)

const (
	schema   = 1
	fileName = "queue.db"
	keyName  = "queue.key"
)

func bucketNames() [][]byte {
	return [][]byte{bucketMeta, bucketOutbox, bucketDead, bucketFiles, bucketContents, bucketSeen, bucketDays}
}

var (
	bucketMeta     = []byte("meta")
	bucketOutbox   = []byte("outbox")
	bucketDead     = []byte("dead")
	bucketFiles    = []byte("files")
	bucketContents = []byte("contents")
	bucketSeen     = []byte("seen")
	bucketDays     = []byte("days")
)

// Names in the meta bucket.
var (
	metaSchema   = []byte("schema")
	metaCheck    = []byte("key check")
	metaEpoch    = []byte("epoch")
	metaLast     = []byte("last sequence")
	metaCount    = []byte("pending")
	metaBytes    = []byte("pending bytes")
	metaDead     = []byte("dead")
	metaGone     = []byte("settled")       // delivered or erased
	metaTop      = []byte("top")           // newest sequence that the warehouse is known to have
	metaDelivery = []byte("last delivery") // when a record was last delivered, by the PC's clock
)

// Options of a queue.
type Options struct {
	Dir      string           // its folder, made with mode 0700 when missing
	Stream   string           // the station's primary code: part of every seal
	MaxBytes int64            // of sealed records in the outbox; 0: no limit
	Now      func() time.Time // required
	// LockWait is how long to wait for another process to let go of the queue; 0: 5 s.
	LockWait time.Duration
}

// Queue is an open queue.
type Queue struct {
	db       *bbolt.DB
	seal     *sealer
	now      func() time.Time
	maxBytes int64

	codec sync.Mutex // guards enc and dec
	enc   *zstd.Encoder
	dec   *zstd.Decoder

	mu      sync.Mutex // guards the fields below
	leased  map[uint64]struct{}
	damaged map[uint64]struct{}
	changed chan struct{} // has one value when something was added or released since the last look
}

// Open opens the queue in opt.Dir and makes it, key and all, when there is none.
func Open(opt Options) (*Queue, error) {
	if err := os.MkdirAll(opt.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make queue folder: %w", err)
	}
	path := filepath.Join(opt.Dir, fileName)
	fresh := !Exists(opt.Dir)
	root, err := loadKey(filepath.Join(opt.Dir, keyName), fresh)
	if err != nil {
		return nil, err
	}
	s, err := newSealer(root, opt.Stream)
	if err != nil {
		return nil, err
	}
	if fresh {
		if err := create(path, s); err != nil {
			return nil, fmt.Errorf("make queue: %w", err)
		}
	}
	wait := opt.LockWait
	if wait == 0 {
		wait = 5 * time.Second
	}
	db, err := openBolt(path, wait)
	if err != nil {
		return nil, withHint(err, path)
	}
	q := &Queue{db: db, seal: s, now: opt.Now, maxBytes: opt.MaxBytes, leased: map[uint64]struct{}{},
		damaged: map[uint64]struct{}{}, changed: make(chan struct{}, 1)}
	if err := q.prepare(); err != nil {
		return nil, withHint(errors.Join(err, db.Close()), path)
	}
	return q, nil
}

// withHint says what a person can do about a file that is damaged.
func withHint(err error, path string) error {
	var de *DamageError
	damaged := errors.As(err, &de)
	for _, e := range []error{bolterrors.ErrInvalid, bolterrors.ErrChecksum, bolterrors.ErrVersionMismatch} {
		damaged = damaged || errors.Is(err, e)
	}
	if !damaged {
		return err
	}
	return fmt.Errorf("%w: the queue's file is damaged; nothing was changed: keep %s for support by moving it aside, "+
		"then start again: exports that still lie in their folders are read again", err, path)
}

// Exists reports whether there is a queue in dir; Open would make one.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, fileName))
	return !errors.Is(err, os.ErrNotExist)
}

// openBolt never turns a safety off: NoSync, NoGrowSync and NoFreelistSync stay false.
func openBolt(path string, wait time.Duration) (*bbolt.DB, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: wait, FreelistType: bbolt.FreelistMapType})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, ErrLocked
	}
	if err != nil {
		return nil, fmt.Errorf("open queue: %w", err)
	}
	return db, nil
}

// create makes the file under another name and gives it its own when it is complete: the first pages of a bbolt
// file can tear in a power cut. If another process makes the queue at the same time, there is one queue in the end,
// and its key.
func create(path string, s *sealer) error {
	tmp := durable.Temporary(path)
	db, err := openBolt(tmp, time.Second)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, name := range bucketNames() {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		meta := tx.Bucket(bucketMeta)
		if err := putNumber(meta, metaSchema, schema); err != nil {
			return err
		}
		return meta.Put(metaCheck, s.seal(bucketMeta, metaCheck, nil))
	})
	if err := errors.Join(err, db.Sync(), db.Close()); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	if err := durable.Place(tmp, path); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// prepare checks that schema and key are ours before anything is written.
func (q *Queue) prepare() error {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true),
		zstd.WithWindowSize(256<<10))
	if err != nil {
		return fmt.Errorf("make zstd encoder: %w", err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
	if err != nil {
		return fmt.Errorf("make zstd decoder: %w", err)
	}
	q.enc, q.dec = enc, dec
	return q.db.View(func(tx *bbolt.Tx) error {
		meta := tx.Bucket(bucketMeta)
		if meta == nil {
			return &DamageError{Bucket: string(bucketMeta)}
		}
		switch n := number(meta, metaSchema); {
		case n > schema:
			return ErrSchema
		case n < schema:
			return &DamageError{Bucket: string(bucketMeta)}
		}
		for _, name := range bucketNames() {
			if tx.Bucket(name) == nil {
				return &DamageError{Bucket: string(name)}
			}
		}
		if _, err := q.seal.open(bucketMeta, metaCheck, meta.Get(metaCheck)); err != nil {
			return ErrWrongKey
		}
		return nil
	})
}

// Close ends the use of the queue. Leases end with it.
func (q *Queue) Close() error {
	if err := q.db.Close(); err != nil {
		return fmt.Errorf("close queue: %w", err)
	}
	return nil
}

// Epoch is the queue's epoch as agreed with the warehouse; 0 before that.
func (q *Queue) Epoch() (int32, error) {
	var e uint64
	err := q.db.View(func(tx *bbolt.Tx) error {
		e = number(tx.Bucket(bucketMeta), metaEpoch)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("read epoch: %w", err)
	}
	return int32(e), nil
}

// SetEpoch keeps the epoch agreed with the warehouse.
func (q *Queue) SetEpoch(epoch int32) error {
	err := q.db.Update(func(tx *bbolt.Tx) error {
		return putNumber(tx.Bucket(bucketMeta), metaEpoch, uint64(epoch))
	})
	if err != nil {
		return fmt.Errorf("set epoch: %w", err)
	}
	return nil
}

// Remembers reports whether this queue gave out the record with sequence seq and the given id and can know that the
// warehouse has it: it was settled as delivered, or still waits for an answer. If not, the queue is younger than what
// the warehouse saw: put back from an old copy.
func (q *Queue) Remembers(seq uint64, id string) (bool, error) {
	known := false
	err := q.db.View(func(tx *bbolt.Tx) error {
		if known = seq <= number(tx.Bucket(bucketMeta), metaTop); known {
			return nil
		}
		place := seqKey(seq)
		if v := tx.Bucket(bucketOutbox).Get(place); v != nil {
			r, err := q.read(bucketOutbox, place, v)
			known = err == nil && hex.EncodeToString(r.id) == id
		}
		if v := tx.Bucket(bucketDead).Get(place); v != nil {
			l, _, err := q.exhume(place, v)
			known = err == nil && l.ID == id
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("look up record: %w", err)
	}
	return known, nil
}

// Changed has a value whenever records may have become due since it was last read.
func (q *Queue) Changed() <-chan struct{} { return q.changed }

func (q *Queue) signal() {
	select {
	case q.changed <- struct{}{}:
	default:
	}
}

func number(b *bbolt.Bucket, name []byte) uint64 {
	if v := b.Get(name); len(v) == 8 {
		return binary.BigEndian.Uint64(v)
	}
	return 0
}

func putNumber(b *bbolt.Bucket, name []byte, n uint64) error {
	return b.Put(name, binary.BigEndian.AppendUint64(nil, n))
}

// addNumber changes a counter by delta.
func addNumber(b *bbolt.Bucket, name []byte, delta int64) error {
	if delta == 0 {
		return nil
	}
	return putNumber(b, name, number(b, name)+uint64(delta))
}

func seqKey(seq uint64) []byte { return binary.BigEndian.AppendUint64(nil, seq) }
