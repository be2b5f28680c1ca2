package store

import (
	"context"
	"database/sql"
	"errors"
)

// tx is a write transaction that prepares each statement once.
type tx struct {
	sql   *sql.Tx
	stmts map[string]*sql.Stmt // closed with the transaction
}

// write runs do in a transaction of the one writer and commits it. When do fails, nothing of it stays.
func (s *Store) write(ctx context.Context, do func(*tx) error) error {
	begun, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(&tx{sql: begun, stmts: make(map[string]*sql.Stmt)}); err != nil {
		if back := begun.Rollback(); back != nil && !errors.Is(back, sql.ErrTxDone) {
			return errors.Join(err, back)
		}
		return err
	}
	return begun.Commit()
}

func (t *tx) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := t.stmts[query]; ok {
		return st, nil
	}
	st, err := t.sql.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	t.stmts[query] = st
	return st, nil
}

func (t *tx) exec(ctx context.Context, query string, args ...any) error {
	st, err := t.stmt(ctx, query)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(ctx, args...)
	return err
}

// scan reads the first row of the answer; found is false when there is none.
func (t *tx) scan(ctx context.Context, query string, args []any, dest ...any) (found bool, err error) {
	st, err := t.stmt(ctx, query)
	if err != nil {
		return false, err
	}
	err = st.QueryRowContext(ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
