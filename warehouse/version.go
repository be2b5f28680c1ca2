package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// version is set by the linker: -X main.version=1.2.3.
var version = "dev"

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), "tramsync-warehouse", version)
			return failed(err)
		},
	}
}
