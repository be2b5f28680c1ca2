package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tramsync/sync/wire"
	"tramsync/warehouse/ca"
)

// tokenValid is how long a token can be used unless --valid says otherwise.
const tokenValid = 7 * 24 * time.Hour

func tokenCommand() *cobra.Command {
	var data, station string
	var valid time.Duration
	c := &cobra.Command{
		Use:   "token --data DIR --station CODE",
		Short: "Make a one-time enrolment token and print it",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := checkStation(station); err != nil {
				return err
			}
			if valid <= 0 {
				return errors.New("--valid must be more than 0")
			}
			return failed(makeToken(c, data, station, valid))
		},
	}
	addDataFlag(c, &data)
	c.Flags().StringVar(&station, "station", "", "code of the station to enrol")
	if err := c.MarkFlagRequired("station"); err != nil {
		panic(err) // the flag was defined the line before
	}
	c.Flags().DurationVar(&valid, "valid", tokenValid, "how long the token can be used")
	return c
}

// makeToken needs no running server: whichever command comes first makes the database and the authority.
func makeToken(c *cobra.Command, data, station string, valid time.Duration) (err error) {
	st, err := makeStore(c.Context(), data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	authority, err := ca.Open(data, time.Now())
	if err != nil {
		return err
	}
	token := wire.NewToken(station, authority.Certificate())
	if err := st.AddToken(c.Context(), token, valid); err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.OutOrStdout(), token.String())
	return err
}
