package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tramsync/sync/wire"
	"tramsync/warehouse/store"
)

const databaseFile = "warehouse.db"

// addDataFlag gives a command the flag --data, which it must be called with.
func addDataFlag(c *cobra.Command, dir *string) {
	c.Flags().StringVar(dir, "data", "", "folder of the database and the certificate authority")
	if err := c.MarkFlagRequired("data"); err != nil {
		panic(err) // the flag was defined the line before
	}
}

// makeStore opens the database in dir and makes both when they aren't there.
func makeStore(ctx context.Context, dir string) (*store.Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Config{Path: filepath.Join(dir, databaseFile)})
}

// withStore runs use on the database that dir has; where there is none, that is an error, and none is made.
func withStore(ctx context.Context, dir string, use func(*store.Store) error) error {
	path := filepath.Join(dir, databaseFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no warehouse in %s: its server makes one when it starts", dir)
	}
	st, err := store.Open(ctx, store.Config{Path: path})
	if err != nil {
		return err
	}
	return errors.Join(use(st), st.Close())
}

// checkStation refuses what can't be a station's code.
func checkStation(code string) error {
	if _, _, err := wire.ParseSource(wire.Source(code, "x")); err != nil {
		return fmt.Errorf("--station %q: a station's code has 5 to 13 digits", code)
	}
	return nil
}
