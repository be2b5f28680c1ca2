package config

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Fingerprint identifies how a file of this feed is read, as 64 hexadecimal digits (SHA-256). It changes with every
// field that can make a rejected file acceptable or give other records, those that the kind's preset filled in
// included. It does not change with the feed's name, paths or settle time, nor with the station.
func (f Feed) Fingerprint() string {
	h := sha256.New() // quoting keeps fields apart; the number changes when this list does
	fmt.Fprintf(h, "2 %q %q %q %q %q %q %q\n", f.System, f.Kind, f.Format, f.Encoding, f.Records, f.Facility, f.Key)
	fmt.Fprintf(h, "%q %d %q\n", f.Sheet, f.Header, f.Roots)
	for _, c := range f.Columns {
		fmt.Fprintf(h, "%q %q %q\n", c.Name, c.Type, c.From)
	}
	return hex.EncodeToString(h.Sum(nil))
}
