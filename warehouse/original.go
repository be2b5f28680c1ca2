package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"tramsync/sync/wire"
	"tramsync/warehouse/store"
)

func originalCommand() *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "original --data DIR ID",
		Short: "Write a visit's export as it stood, byte for byte",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return failed(withStore(c.Context(), data, func(st *store.Store) error {
				original, err := readOriginal(c.Context(), st, args[0])
				if err != nil {
					return err
				}
				_, err = c.OutOrStdout().Write(original)
				return err
			}))
		},
	}
	addDataFlag(c, &data)
	return c
}

func readOriginal(ctx context.Context, st *store.Store, id string) ([]byte, error) {
	raw, err := st.Event(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("there is no record %q", id)
	}
	if err != nil {
		return nil, err
	}
	var e wire.Event
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, fmt.Errorf("read record: %w", err)
	}
	if e.Data.Visit == nil {
		return nil, fmt.Errorf("the record is %s; a row has no original of its own", placeOf(e.Data.Origin))
	}
	return e.Data.Original()
}

// placeOf says in words where a row was read from.
func placeOf(o wire.Origin) string {
	place := "a row of a file"
	switch {
	case o.Line > 0:
		place = fmt.Sprintf("the row that starts on line %d of a file", o.Line)
	case o.Index > 0:
		place = fmt.Sprintf("row %d of a file", o.Index)
	}
	if o.SHA256 != "" {
		place += " with SHA-256 " + o.SHA256
	}
	if o.File != "" {
		place += " (keyed hash of its path " + o.File + ")"
	}
	return place
}
