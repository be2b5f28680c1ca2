package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tramsync/sync/wire"
	"tramsync/warehouse/store"
)

func originalCommand() *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "original --data DIR ID",
		Short: "Write a document's export as it stood, byte for byte; of a row, where it was read from",
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
	raw, received, err := st.Event(ctx, id)
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
	switch {
	case e.Data.Retracted:
		return nil, errors.New("the record is a retraction, which holds nothing; records --all lists what it takes back")
	case e.Data.Visit == nil:
		return placeOf(&e, received)
	default:
		return e.Data.Original()
	}
}

// placeOf says as JSON where a row was read from: its file stays at the station, and holds others' rows too.
func placeOf(e *wire.Event, received time.Time) ([]byte, error) {
	station, feed, err := wire.ParseSource(e.Source)
	if err != nil {
		return nil, fmt.Errorf("read record: %w", err)
	}
	text, err := json.Marshal(struct {
		wire.Origin
		Station  string    `json:"station"`
		Feed     string    `json:"feed"`
		Received time.Time `json:"received"` // when the row first came with this content
	}{e.Data.Origin, station, feed, received})
	if err != nil {
		return nil, fmt.Errorf("write place: %w", err)
	}
	return append(text, '\n'), nil
}
