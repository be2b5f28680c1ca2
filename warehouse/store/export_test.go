package store

import "context"

// Setting reads a PRAGMA of the connection that writes, or of one that reads.
func (s *Store) Setting(ctx context.Context, name string, writes bool) (value int, err error) {
	db := s.reader
	if writes {
		db = s.writer
	}
	err = db.QueryRowContext(ctx, "PRAGMA "+name).Scan(&value)
	return value, err
}
