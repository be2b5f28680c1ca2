package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"tramsync/warehouse/store"
)

type recordsOptions struct {
	data   string
	asJSON bool
	filter store.Filter
}

func recordsCommand() *cobra.Command {
	var o recordsOptions
	c := &cobra.Command{
		Use:   "records --data DIR",
		Short: "List what is stored now",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if o.filter.Station != "" {
				if err := checkStation(o.filter.Station); err != nil {
					return err
				}
			}
			return failed(withStore(c.Context(), o.data, func(st *store.Store) error {
				return listRecords(c.Context(), st, o, c.OutOrStdout())
			}))
		},
	}
	addDataFlag(c, &o.data)
	c.Flags().BoolVar(&o.asJSON, "json", false, "one CloudEvent a line, with its revision and when that was received")
	c.Flags().StringVar(&o.filter.Station, "station", "", "only this station's")
	c.Flags().BoolVar(&o.filter.All, "all", false, "every revision and retraction, not only what is current")
	return c
}

func listRecords(ctx context.Context, st *store.Store, o recordsOptions, out io.Writer) error {
	w := bufio.NewWriter(out)
	line := tableLine
	if o.asJSON {
		line = jsonLine
	} else {
		fmt.Fprintf(w, tableForm, "STATION", "TYPE", "REVISION", "RECEIVED", "SUBJECT")
	}
	for r, err := range st.Records(ctx, o.filter) {
		if err == nil {
			err = line(w, r, o.filter.All)
		}
		if err != nil {
			return errors.Join(err, w.Flush())
		}
	}
	return w.Flush()
}

// tableForm has fixed columns, as records are printed while they are read; the subject, of any length, comes last.
const tableForm = "%-13s  %-32s  %-9s  %-20s  %s\n"

// tableLine marks the current one of several revisions with a star, and retractions.
func tableLine(w *bufio.Writer, r store.Record, all bool) error {
	revision := fmt.Sprint(r.Revision)
	if all && r.Current {
		revision += " *"
	}
	subject := printable(r.Subject)
	if r.Retracted {
		subject += "  (retracted)"
	}
	_, err := fmt.Fprintf(w, tableForm, r.Station, r.Type, revision, r.Received.Format(time.RFC3339), subject)
	return err
}

// printable keeps a subject on its line and from steering the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '·'
	}, s)
}

// jsonLine writes the event on one line, with our members behind its own.
func jsonLine(w *bufio.Writer, r store.Record, all bool) error {
	var b bytes.Buffer
	if err := json.Compact(&b, r.Event); err != nil {
		return fmt.Errorf("write record %s: %w", r.ID, err)
	}
	b.Truncate(b.Len() - 1) // the closing brace; an event has members
	fmt.Fprintf(&b, `,"revision":%d,"received":"%s"`, r.Revision, r.Received.Format(time.RFC3339Nano))
	if all {
		fmt.Fprintf(&b, `,"current":%t`, r.Current)
	}
	if r.Retracted {
		b.WriteString(`,"retracted":true`)
	}
	b.WriteString("}\n")
	_, err := w.Write(b.Bytes())
	return err
}
