package store

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite" // also registers the driver

	"tramsync/sync/wire"
)

const (
	busyTimeout = 10 * time.Second // for another process's transaction
	readers     = 4
	// sqliteBusy is SQLITE_BUSY, https://www.sqlite.org/rescode.html.
	sqliteBusy = 5
	timeForm   = "2006-01-02T15:04:05.000Z"
)

// ErrNotFound says that the store holds no such thing.
var ErrNotFound = errors.New("not found")

// SchemaError says that a file was written by a newer program.
type SchemaError struct {
	Found, Known int // schema versions
}

// Error says what to do.
func (e *SchemaError) Error() string {
	return fmt.Sprintf("the database has schema %d and this program knows up to %d: "+
		"a newer tramsync-warehouse has used it; run that version or a later one", e.Found, e.Known)
}

//go:embed migrations/1.sql
var migration1 string

//go:embed migrations/2.sql
var migration2 string

// migrations returns the schema's steps. A step that was ever released stays as it is; its number from 1 is the
// file's user_version.
func migrations() []string { return []string{migration1, migration2} }

// Config says where a store is. It is set by code.
type Config struct {
	Path string           // of the database file; its folder must exist
	Now  func() time.Time // nil: time.Now
}

// Store is an open database.
type Store struct {
	writer *sql.DB // one connection
	reader *sql.DB
	now    func() time.Time
	codec  chan *wire.Codec // holds the one codec while no Ingest writes
}

// Open opens the database, makes it when there is none, and brings it to the current schema. A database of a newer
// one gives a SchemaError and stays untouched.
func Open(ctx context.Context, c Config) (*Store, error) {
	path, err := filepath.Abs(c.Path)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := createPrivate(path); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	codec, err := wire.NewCodec(wire.MaxBatchBytes)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{now: c.Now, codec: make(chan *wire.Codec, 1)}
	s.codec <- codec
	if s.now == nil {
		s.now = time.Now
	}
	if err := s.connect(ctx, path); err != nil {
		return nil, fmt.Errorf("open store: %w", errors.Join(err, s.Close()))
	}
	return s, nil
}

// Close waits for running calls and closes the file.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.reader, s.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

func (s *Store) connect(ctx context.Context, path string) (err error) {
	if s.writer, err = sql.Open("sqlite", address(path, "_txlock=immediate")); err != nil {
		return err
	}
	s.writer.SetMaxOpenConns(1)
	if err := retryBusy(ctx, func() error { return s.writer.PingContext(ctx) }); err != nil {
		return err
	}
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if s.reader, err = sql.Open("sqlite", address(path, "_query_only=1")); err != nil {
		return err
	}
	s.reader.SetMaxOpenConns(readers)
	return nil
}

// createPrivate makes an empty database that only its owner can read; SQLite gives the files beside it the same mode.
func createPrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// address is the file's URI (https://www.sqlite.org/uri.html) with the settings every connection has.
func address(path, option string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/…
	}
	u := url.URL{Scheme: "file", Path: path}
	u.RawQuery = fmt.Sprintf("_busy_timeout=%d&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=1&%s",
		busyTimeout.Milliseconds(), option)
	return u.String()
}

// retryBusy repeats the first connection, where SQLite doesn't wait for another process that is turning the same
// new file into WAL mode.
func retryBusy(ctx context.Context, connect func() error) error {
	ctx, cancel := context.WithTimeout(ctx, busyTimeout)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := connect()
		var fault *sqlite.Error
		if !errors.As(err, &fault) || fault.Code()&0xff != sqliteBusy {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
}

func (s *Store) migrate(ctx context.Context) error {
	return s.write(ctx, func(t *tx) error {
		var version int
		if _, err := t.scan(ctx, "PRAGMA user_version", nil, &version); err != nil {
			return err
		}
		steps := migrations()
		if version > len(steps) {
			return &SchemaError{Found: version, Known: len(steps)}
		}
		for i := version; i < len(steps); i++ {
			if _, err := t.sql.ExecContext(ctx, steps[i]); err != nil {
				return fmt.Errorf("schema step %d: %w", i+1, err)
			}
		}
		if version == len(steps) {
			return nil
		}
		_, err := t.sql.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", len(steps)))
		return err
	})
}

func formTime(t time.Time) string { return t.UTC().Format(timeForm) }

func readTime(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse(timeForm, text)
}
