package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/sync/wire"
	"tramsync/warehouse/store"
)

func TestStore(t *testing.T) {
	conform(t, func(t *testing.T, now func() time.Time) database { return openStore(t, newPath(t), now) })
}

// query reads one column as a person with an SQL shell would.
func query(t *testing.T, path, text string) []string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestStore_Rows(t *testing.T) {
	path := newPath(t)
	st := openStore(t, path, ticking())
	agent := enrol(t, st, "99001")
	drugs := "<DS><CHI_TIET_THUOC><TEN_THUOC>Amlodipin</TEN_THUOC></CHI_TIET_THUOC>" +
		"<CHI_TIET_THUOC><TEN_THUOC>Metformin &lt;500&gt;</TEN_THUOC></CHI_TIET_THUOC></DS>"
	send := func(seq wire.Sequence, documents ...string) {
		t.Helper()
		e := wire.NewEvent("99001", "his", "HIS", wire.KindVisit, time.Unix(0, 0),
			visitData([]string{"99001", "V1"}, documents...))
		ingest(t, st, agent, incoming(t, e, wire.Stamp{Epoch: 1, Sequence: seq}))
	}
	const all = `SELECT concat_ws('|', station, facility, type, visit, table_name, row_number, fields) FROM rows
		ORDER BY type, table_name, row_number`
	send(5, xml1("NGUYỄN VĂN THỬ"), drugs)
	ingest(t, st, agent, newRow(t, "BÉ MẪU", wire.Stamp{Epoch: 1, Sequence: 6}))

	t.Run("a visit's tables are rows, a V20 row is one", func(t *testing.T) {
		want := []string{
			`99001|99001|vn.tramsync.his.visit|V1|XML1|1|{"HO_TEN":"NGUYỄN VĂN THỬ","MA_LK":"V1"}`,
			`99001|99001|vn.tramsync.his.visit|V1|XML2|1|{"TEN_THUOC":"Amlodipin"}`,
			`99001|99001|vn.tramsync.his.visit|V1|XML2|2|{"TEN_THUOC":"Metformin <500>"}`,
			`99001|99001|vn.tramsync.v20.tiem_chung|TC1/BCG|tiem_chung|1|{"HO_TEN":"BÉ MẪU","VAC_XIN":"<BCG>"}`,
		}
		if diff := cmp.Diff(want, query(t, path, all)); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
	t.Run("fields are had by name", func(t *testing.T) {
		got := query(t, path, `SELECT (p.fields ->> 'HO_TEN') || ': ' || (d.fields ->> 'TEN_THUOC') FROM rows p
			JOIN rows d ON d.station = p.station AND d.visit = p.visit AND d.table_name = 'XML2' AND d.row_number = 1
			WHERE p.table_name = 'XML1'`)
		if diff := cmp.Diff([]string{"NGUYỄN VĂN THỬ: Amlodipin"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("a correction replaces them whole, a late record and a replay don't", func(t *testing.T) {
		send(7, xml1("NGUYỄN VĂN SỬA"))
		send(3, xml1("LATE"), drugs, drugs)
		send(5, xml1("NGUYỄN VĂN THỬ"), drugs)
		want := []string{`99001|99001|vn.tramsync.his.visit|V1|XML1|1|{"HO_TEN":"NGUYỄN VĂN SỬA","MA_LK":"V1"}`}
		if diff := cmp.Diff(want, query(t, path, all)[:1]); diff != "" || len(query(t, path, all)) != 2 {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
	t.Run("the history names each revision", func(t *testing.T) {
		got := query(t, path, `SELECT concat_ws(' ', revision, epoch || '.' || sequence, current) FROM history
			WHERE subject = '99001/V1' ORDER BY revision`)
		if diff := cmp.Diff([]string{"1 1.5 0", "2 1.7 1", "3 1.3 0"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestStore_RowsOfTwoDocumentsOfOneType(t *testing.T) {
	path := newPath(t)
	st := openStore(t, path, ticking())
	data := visitData([]string{"99001", "V1"}, xml1("A"), xml1("B"))
	data.Documents[1].Type = "XML1"
	data.MaLK = ""
	e := wire.NewEvent("99001", "his", "HIS", wire.KindVisit, time.Unix(0, 0), data)
	ingest(t, st, enrol(t, st, "99001"), incoming(t, e, wire.Stamp{Epoch: 1, Sequence: 1}))
	got := query(t, path, `SELECT concat_ws(' ', visit, row_number, fields ->> 'HO_TEN') FROM rows ORDER BY row_number`)
	if diff := cmp.Diff([]string{"99001/V1 1 A", "99001/V1 2 B"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStore_RowsOfManyFieldsOfOneName(t *testing.T) {
	path := newPath(t)
	st := openStore(t, path, ticking())
	document := "<TONG_HOP><A x='attribute'>first</A>" + strings.Repeat("<A>2</A>", 29_998) + "<A>last</A></TONG_HOP>"
	ingest(t, st, enrol(t, st, "99001"), newVisit(t, "99001/V1", document, wire.Stamp{Epoch: 1, Sequence: 1}))
	got := query(t, path, `SELECT concat_ws(' ', fields ->> 'A', fields ->> 'A#2', fields ->> 'A#30000',
		(SELECT count(*) FROM json_each(fields))) FROM rows`)
	if diff := cmp.Diff([]string{"first 2 last 30000"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStore_TwoProcesses(t *testing.T) {
	const each, batch = 20, 5
	path := newPath(t)
	stores := []*store.Store{openStore(t, path, nil), openStore(t, path, nil)}
	agent := enrol(t, stores[0], "99001")
	var wg sync.WaitGroup
	for i, st := range stores {
		events := make([][]*wire.Event, each)
		for n := range each {
			for k := range batch { // every second batch is in both
				key := fmt.Sprintf("99001/%d-%d", (n*2+i*(n%2))*batch, k)
				seq := wire.Sequence(n*batch + k + 1)
				events[n] = append(events[n], newVisit(t, key, xml1("A"), wire.Stamp{Epoch: 1, Sequence: seq}))
			}
		}
		wg.Go(func() {
			for n := range each {
				if _, err := st.Ingest(t.Context(), agent, events[n]); err != nil {
					t.Error(err)
				}
				if err := st.AddToken(t.Context(), wire.Token{Station: "99001", Secret: [16]byte{byte(i), byte(n)}},
					time.Hour); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got, want := len(strings.Fields(history(t, stores[1]))), each*batch*3/2; got != want {
		t.Errorf("%d records, want %d", got, want)
	}
	if got := query(t, path, `SELECT count(*) || ' ' || (SELECT count(*) FROM rows) FROM tokens`); got[0] != "41 150" {
		t.Errorf("tokens and rows: %s", got)
	}
}

func TestOpen_AtTheSameTime(t *testing.T) {
	path := newPath(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			st, err := store.Open(t.Context(), store.Config{Path: path})
			if err != nil {
				t.Error(err)
				return
			}
			if err := st.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestOpen(t *testing.T) {
	t.Run("what was stored is there after reopening", func(t *testing.T) {
		path := newPath(t)
		st, err := store.Open(t.Context(), store.Config{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		ingest(t, st, enrol(t, st, "99001"), visit(t, "A", wire.Stamp{Epoch: 1, Sequence: 1}))
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		if got := history(t, openStore(t, path, nil)); got != "1:A*" {
			t.Errorf("history %q", got)
		}
	})
	t.Run("a newer schema is refused and stays", func(t *testing.T) {
		path := newPath(t)
		if err := openAndClose(t, path); err != nil {
			t.Fatal(err)
		}
		query(t, path, "PRAGMA user_version = 9")
		var newer *store.SchemaError
		if err := openAndClose(t, path); !errors.As(err, &newer) || *newer != (store.SchemaError{Found: 9, Known: 2}) {
			t.Fatalf("got %v", err)
		}
		if !strings.Contains(newer.Error(), "newer tramsync-warehouse") {
			t.Errorf("no hint in %q", newer)
		}
		if got := query(t, path, "PRAGMA user_version"); got[0] != "9" {
			t.Errorf("version now %s", got)
		}
	})
	t.Run("a file that is no database is refused and stays", func(t *testing.T) {
		path, text := newPath(t), bytes.Repeat([]byte("not a database"), 99)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if openAndClose(t, path) == nil {
			t.Error("opened")
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, text) {
			t.Errorf("the file has changed, %v", err)
		}
	})
	t.Run("a path with signs that mean something in a URI works", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "dữ liệu #1 50%&x")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		openStore(t, filepath.Join(dir, "w.db"), nil)
		if _, err := os.Stat(filepath.Join(dir, "w.db-wal")); err != nil {
			t.Error(err)
		}
	})
	t.Run("a folder that isn't there is an error", func(t *testing.T) {
		if err := openAndClose(t, filepath.Join(t.TempDir(), "none", "w.db")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("got %v", err)
		}
	})
}

func TestOpen_Settings(t *testing.T) {
	path := newPath(t)
	st := openStore(t, path, nil)
	for _, tt := range []struct {
		name   string
		writes bool
		want   int
	}{
		{"synchronous", true, 2}, {"foreign_keys", true, 1}, {"busy_timeout", true, 10_000},
		{"query_only", true, 0}, {"query_only", false, 1}, {"busy_timeout", false, 10_000},
	} {
		if got, err := st.Setting(t.Context(), tt.name, tt.writes); err != nil || got != tt.want {
			t.Errorf("%s is %d, want %d, %v", tt.name, got, tt.want, err)
		}
	}
	if got := query(t, path, "PRAGMA journal_mode"); got[0] != "wal" {
		t.Errorf("journal mode %s", got)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
		t.Errorf("others can read it: %v, %v", info, err)
	}
}

func openAndClose(t *testing.T, path string) error {
	t.Helper()
	st, err := store.Open(t.Context(), store.Config{Path: path})
	if err != nil {
		return err
	}
	return st.Close()
}
