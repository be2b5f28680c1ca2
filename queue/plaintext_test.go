package queue_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf16"

	"go.etcd.io/bbolt"

	"tramsync/queue"
)

// canaries are texts that must not be on the disk, by what they stand for.
func canaries() map[string]string {
	return map[string]string{
		"payload":       "Hoàng Thị Chim Yến 079123456789",
		"key":           "99001/MALK-canary-7431",
		"path":          "/xuat/NGUYEN VAN CANARY.xml",
		"feed":          "feed-canary-55",
		"reader":        "reader-canary-66",
		"rejected path": "/xuat/TRAN THI CANARY.xml",
		"fault":         "fault-canary-77",
		"dead payload":  "Lê Văn Hoàng Yến 079987654321",
		"dead reason":   "reason-canary-88",
		"gone payload":  "Phạm Thị Sơn Ca 079555444333",
		"withheld":      "Vũ Văn Bồ Câu 079111222333",
	}
}

// disguises are the forms in which a text may stand in a file.
func disguises(text string) map[string][]byte {
	var le, be []byte
	for _, u := range utf16.Encode([]rune(text)) {
		le, be = append(le, byte(u), byte(u>>8)), append(be, byte(u>>8), byte(u))
	}
	out := map[string][]byte{"UTF-8": []byte(text), "UTF-16LE": le, "UTF-16BE": be,
		"hex": []byte(hex.EncodeToString([]byte(text)))}
	for shift := range 3 { // base64 of a longer text that holds this one at any place
		enc := base64.StdEncoding.EncodeToString(append(make([]byte, shift), text...))
		out["base64 at "+string(rune('0'+shift))] = []byte(enc[4 : len(enc)-4])
	}
	return out
}

// hunt gives the canaries that stand in some file of a folder, with how and where.
func hunt(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	for name, raw := range contents(t, dir) {
		for what, text := range canaries() {
			for how, form := range disguises(text) {
				if bytes.Contains(raw, form) {
					found = append(found, what+" in "+how+" in "+name)
				}
			}
		}
	}
	return found
}

func TestQ8_no_plain_text_on_the_disk(t *testing.T) {
	dir := t.TempDir()
	q := open(t, options(dir))
	c := canaries()
	f := queue.File{Feed: c["feed"], Path: c["path"], Reader: c["reader"], Size: 9}
	_, err := q.Append(f, func(b *queue.Batch) error {
		b.Withhold("hiv") // the record itself, c["withheld"], isn't given to the queue at all
		return add([]queue.Item{
			item(c["key"], c["payload"]), item(c["key"]+"/2", c["dead payload"]), item(c["key"]+"/3", c["gone payload"]),
			item("long", noise(9000)+c["payload"]+base64.StdEncoding.EncodeToString([]byte(" "+c["payload"]+" "))),
		})(b)
	})
	if err != nil {
		t.Fatal(err)
	}
	f.Path = c["rejected path"]
	if err := q.Reject(f, c["fault"]); err != nil {
		t.Fatal(err)
	}
	if err := q.Settle([]queue.Outcome{{Sequence: 2, Fate: queue.Dead, Code: "invalid", Reason: c["dead reason"]},
		{Sequence: 3, Fate: queue.Stored}}); err != nil {
		t.Fatal(err)
	}
	if found := hunt(t, dir); len(found) > 0 {
		t.Errorf("found %q", found)
	}
	if got := mustLease(t, q, 1, 1<<20)[0]; string(got.Payload) != c["payload"] {
		t.Errorf("payload %q", got.Payload) // so that it was there to be found
	}
}

func TestQ8_the_hunt_finds_plain_text(t *testing.T) {
	for what, text := range canaries() {
		for how, form := range disguises(text) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "queue.key"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			db, err := bbolt.Open(filepath.Join(dir, "queue.db"), 0o600, &bbolt.Options{NoSync: true})
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Update(func(tx *bbolt.Tx) error {
				b, err := tx.CreateBucket([]byte("outbox"))
				if err != nil {
					return err
				}
				return b.Put(seqKey(1), append([]byte(noise(100)), form...))
			}); err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if len(hunt(t, dir)) == 0 {
				t.Errorf("%s as %s isn't found", what, how)
			}
		}
	}
}
