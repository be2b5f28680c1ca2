package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"tramsync/warehouse/store"
)

func revokeCommand() *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "revoke --data DIR AGENT",
		Short: "Take an agent off the list of those that may send, for ever",
		Long: "Take an agent off the list of those that may send, for ever: its PC was stolen, or replaced.\n" +
			"Works at once, also while the server runs. Agents' names are in the server's log and in the table agents.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return failed(withStore(c.Context(), data, func(st *store.Store) error {
				err := st.Revoke(c.Context(), args[0])
				if errors.Is(err, store.ErrNotFound) {
					return fmt.Errorf("there is no agent %q", args[0])
				}
				return err
			}))
		},
	}
	addDataFlag(c, &data)
	return c
}
