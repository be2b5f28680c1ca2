package store_test

import (
	"bytes"
	"database/sql"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
)

func TestStore_RetractionsLeaveNoRowsAndTheHistory(t *testing.T) {
	path := newPath(t)
	st := openStore(t, path, ticking())
	agent := enrol(t, st, "99001")
	sent := visit(t, "A", wire.Stamp{Epoch: 1, Sequence: 1})
	other := newVisit(t, "99001/V2", xml1("KHÁC"), wire.Stamp{Epoch: 1, Sequence: 2})
	const rows = `SELECT subject || ' ' || (fields ->> 'HO_TEN') FROM rows ORDER BY subject`
	for _, step := range []struct {
		name string
		sent []*wire.Event
		want []string
	}{
		{"as sent", []*wire.Event{sent, other}, []string{"99001/V1 A", "99001/V2 KHÁC"}},
		{"retracted", []*wire.Event{visit(t, "-", wire.Stamp{Epoch: 1, Sequence: 3})}, []string{"99001/V2 KHÁC"}},
		{"a late record", []*wire.Event{sent, visit(t, "B", wire.Stamp{Epoch: 1, Sequence: 1})}, []string{"99001/V2 KHÁC"}},
		{"allowed again", []*wire.Event{visit(t, "A", wire.Stamp{Epoch: 1, Sequence: 4})},
			[]string{"99001/V1 A", "99001/V2 KHÁC"}},
		{"retracted again", []*wire.Event{visit(t, "-", wire.Stamp{Epoch: 1, Sequence: 5})}, []string{"99001/V2 KHÁC"}},
	} {
		ingest(t, st, agent, step.sent...)
		if diff := cmp.Diff(step.want, query(t, path, rows)); diff != "" {
			t.Errorf("%s: rows (-want +got):\n%s", step.name, diff)
		}
	}
	got, _, err := st.Event(t.Context(), sent.ID)
	plain := *sent
	plain.Epoch, plain.Sequence = 0, 0
	if err != nil || !bytes.Equal(got, marshal(t, &plain)) { // G1
		t.Errorf("what was retracted is now %s, %v", got, err)
	}
	history := query(t, path, `SELECT concat_ws(' ', revision, retracted, current) FROM history
		WHERE subject = '99001/V1' ORDER BY revision`)
	if diff := cmp.Diff([]string{"1 0 0", "2 1 0", "3 0 0", "4 0 0", "5 1 1"}, history); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}

// oldDatabase is a database as the first schema's program left it, with one visit.
func oldDatabase(t *testing.T, path string) {
	t.Helper()
	schema, err := os.ReadFile("migrations/1.sql")
	if err != nil {
		t.Fatal(err)
	}
	codec, err := wire.NewCodec(wire.MaxBatchBytes)
	if err != nil {
		t.Fatal(err)
	}
	e := visit(t, "A", wire.Stamp{Epoch: 1, Sequence: 1})
	e.Epoch, e.Sequence = 0, 0
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const key = `'99001', 'vn.tramsync.his.visit', '99001/V1'`
	_, err = db.ExecContext(t.Context(), string(schema)+strings.ReplaceAll(`
		INSERT INTO stations VALUES ('99001', '');
		INSERT INTO agents (station, id, fingerprint, certificate, not_after, enrolled)
			VALUES ('99001', 'a', '', x'00', '', '');
		INSERT INTO records VALUES ('99001', ?1, 'vn.tramsync.his.visit', '99001/V1', '99001',
			'2026-01-31T08:00:00.000Z', ?2);
		INSERT INTO revisions VALUES (KEY, 1, ?1, 'a', 1, 1, '2026-01-31T08:00:00.000Z');
		INSERT INTO current VALUES (KEY, ?1, 1, 'a', 1, 1);
		INSERT INTO last_sent VALUES (KEY, 'a', 1, 1);
		PRAGMA user_version = 1`, "KEY", key), e.ID, codec.Compress(marshal(t, e)))
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpen_BringsAnOldDatabaseUpToDate(t *testing.T) {
	path := newPath(t)
	oldDatabase(t, path)
	st := openStore(t, path, ticking())
	if got := history(t, st); got != "1:A*" {
		t.Errorf("history %q", got)
	}
	ingest(t, st, enrol(t, st, "99001"), visit(t, "-", wire.Stamp{Epoch: 1, Sequence: 2}))
	if got := history(t, st); got != "1:A 2:-*" {
		t.Errorf("history after a retraction %q", got)
	}
	if got := query(t, path, "PRAGMA user_version"); got[0] != "2" {
		t.Errorf("version %s", got)
	}
}
