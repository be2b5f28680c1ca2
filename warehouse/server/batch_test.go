package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tramsync/sync/wire"
	"tramsync/warehouse/server"
	"tramsync/warehouse/store"
)

func TestServer_Batch_AnswersEachRecord(t *testing.T) {
	w := start(t)
	agent, _ := w.enrolled("99001")
	good := visit(t, "V1", xml1("NGUYỄN VĂN THỬ"))
	changed := visit(t, "V2", xml1("A"))
	changed.Data.Documents[0].Content = xml1("B")
	foreign := wire.NewEvent("99002", "his", "HIS", wire.KindVisit, testTime(), good.Data)
	unread, unscreened := visit(t, "V3", "<THO>"), visit(t, "V4", "UNREADABLE")
	excluded, last := visit(t, "V5", xml1(canary)), visit(t, "V6", xml1("C"))
	unstamped, err := last.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	retracted := retraction("V1")
	explained := retracted
	explained.Data.Findings = []wire.Finding{{Code: "hiv", At: "XML1"}}
	reject := func(id, code string) wire.Result { return wire.Result{ID: id, Status: wire.Rejected, Code: code} }
	tests := []struct {
		name string
		sent []byte
		want wire.Result
	}{
		{"a good one is stored", stamped(t, good, 1), wire.Result{ID: good.ID, Status: wire.Stored}},
		{"the same again is a duplicate", stamped(t, good, 2), wire.Result{ID: good.ID, Status: wire.Duplicate}},
		{"one of the wrong form is invalid", []byte(`{"id":"x","data":7}`), reject("x", wire.CodeInvalid)},
		{"one whose id isn't its content's is invalid", stamped(t, changed, 3), reject(changed.ID, wire.CodeInvalid)},
		{"one of another station is foreign", stamped(t, foreign, 4), reject(foreign.ID, wire.CodeForeign)},
		{"one without a stamp is invalid", unstamped, reject(last.ID, wire.CodeInvalid)},
		{"one with sequence 0 is invalid", stamped(t, last, 0), reject(last.ID, wire.CodeInvalid)},
		{"one with a sequence of 64 bits is invalid", stamped(t, last, 1<<63), reject(last.ID, wire.CodeInvalid)},
		{"one that is no XML is unstorable", stamped(t, unread, 5), reject(unread.ID, wire.CodeUnstorable)},
		{"one that can't be screened is too", stamped(t, unscreened, 6), reject(unscreened.ID, wire.CodeUnstorable)},
		{"one the screener finds is excluded", stamped(t, excluded, 7), reject(excluded.ID, wire.CodeExcluded)},
		{"a retraction is stored", stamped(t, retracted, 8), wire.Result{ID: retracted.ID, Status: wire.Stored}},
		{"which comes again", stamped(t, retracted, 9), wire.Result{ID: retracted.ID, Status: wire.Duplicate}},
		{"a retraction that says why is invalid", stamped(t, explained, 10), reject(explained.ID, wire.CodeInvalid)},
		{"one behind all these is stored", stamped(t, last, 11), wire.Result{ID: last.ID, Status: wire.Stored}},
	}
	var all [][]byte
	for _, tt := range tests {
		all = append(all, tt.sent)
	}
	results := w.deliver(agent, all...)
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, results[i], cmpopts.IgnoreFields(wire.Result{}, "Message")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if (results[i].Message != "") != (tt.want.Status == wire.Rejected) {
				t.Errorf("message %q", results[i].Message)
			}
			if strings.Contains(results[i].Message, canary) || strings.Contains(results[i].Message, "UNREADABLE") {
				t.Errorf("the message %q quotes the record", results[i].Message)
			}
		})
	}
	if !strings.Contains(w.log.String(), `"stored":3,"duplicate":2,"rejected":10`) {
		t.Errorf("no such counts in the log:\n%s", w.log)
	}
}

// keptBytes reads everything that is on the disk.
func (w *warehouse) keptBytes() []byte {
	w.t.Helper()
	files, err := filepath.Glob(filepath.Join(w.dir, "w.db*"))
	if err != nil || len(files) < 2 {
		w.t.Fatalf("files %v, %v: no write-ahead log among them", files, err)
	}
	var all []byte
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, content...)
	}
	return all
}

func TestServer_Batch_KeepsAndLogsNothingOfTheExcluded(t *testing.T) {
	w := start(t)
	agent, _ := w.enrolled("99001")
	hidden, clean := visit(t, "LK-"+canary, xml1(canary)), visit(t, "V1", xml1("CONTROL-11C2"))
	row := wire.NewEvent("99001", "v20", "V20", "tiem_chung", testTime(), wire.Data{Key: []string{canary},
		Row: map[string]string{"GHI_CHU": canary}})
	got := w.deliver(agent, stamped(t, hidden, 1), stamped(t, clean, 2), stamped(t, row, 3))
	if got[0].Code != wire.CodeExcluded || got[1].Status != wire.Stored || got[2].Code != wire.CodeExcluded {
		t.Fatalf("results %+v", got)
	}
	kept := w.keptBytes()
	if !bytes.Contains(kept, []byte("CONTROL-11C2")) {
		t.Fatal("the clean record isn't found either: the search proves nothing")
	}
	for _, trace := range []string{canary, hidden.ID, row.ID} {
		if bytes.Contains(kept, []byte(trace)) {
			t.Errorf("%s is in the database", trace)
		}
	}
	for _, secret := range []string{canary, "CONTROL-11C2", "V1\"", clean.ID} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("%s is in the log", secret)
		}
	}
}

func TestServer_Batch_HostileBodies(t *testing.T) {
	w := start(t)
	agent, _ := w.enrolled("99001")
	codec, err := wire.NewCodec(1 << 30)
	if err != nil {
		t.Fatal(err)
	}
	bomb := codec.Compress(make([]byte, 64<<20))
	frame := codec.Compress(make([]byte, 1<<20))
	many := func(n int) []byte { return []byte("[" + strings.Repeat("{},", n-1) + "{}]") }
	large := []byte(`["` + strings.Repeat("x", wire.MaxBatchBytes) + `"]`)
	plain, packed := batchHeader(), batchHeader()
	packed.Set("Content-Encoding", "zstd")
	gzip := batchHeader()
	gzip.Set("Content-Encoding", "gzip")
	tests := []struct {
		name   string
		header http.Header
		body   []byte
		status int
		code   string
	}{
		{"a zstd bomb", packed, bomb, 413, "too_large"},
		{"a bomb of many frames", packed, bytes.Repeat(frame, 64), 413, "too_large"},
		{"more bytes than travel", plain, make([]byte, 5<<20), 413, "too_large"},
		{"more bytes than a batch has", plain, large, 413, "too_large"},
		{"501 records", plain, many(501), 413, "too_large"},
		{"not zstd", packed, []byte("[]"), 400, "invalid"},
		{"half a frame", packed, frame[:len(frame)/2], 400, "invalid"},
		{"nothing", plain, nil, 400, "invalid"},
		{"not JSON", plain, []byte("[{"), 400, "invalid"},
		{"not an array", plain, []byte(`{"id":"x"}`), 400, "invalid"},
		{"null", plain, []byte("null"), 400, "invalid"},
		{"an event without an id", plain, []byte(`[{"id":""}]`), 400, "invalid"},
		{"an event with a huge id", plain, []byte(`[{"id":"` + strings.Repeat("x", 129) + `"}]`), 400, "invalid"},
		{"an id that is a number", plain, []byte(`[{"id":7}]`), 400, "invalid"},
		{"an event that is a number", plain, []byte(`[7]`), 400, "invalid"},
		{"deep nesting", plain, []byte(strings.Repeat("[", 1<<20)), 400, "invalid"},
		{"another content type", jsonHeader(), []byte("[]"), 415, "content_type"},
		{"no content type", http.Header{}, []byte("[]"), 415, "content_type"},
		{"another encoding", gzip, []byte("[]"), 415, "content_encoding"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, _, body := w.do(agent, http.MethodPost, wire.PathBatches, tt.header, tt.body)
			if p := decode[wire.Problem](t, body); status != tt.status || p.Code != tt.code {
				t.Errorf("answered %d %s, want %d %s", status, body, tt.status, tt.code)
			}
		})
	}
	t.Run("afterwards all is well", func(t *testing.T) {
		for i := range 8 { // more than there are codecs
			e := visit(t, fmt.Sprint(i), xml1("A"))
			if got := w.deliver(agent, stamped(t, e, 1)); got[0].Status != wire.Stored {
				t.Errorf("result %+v", got)
			}
		}
	})
}

func TestServer_Batch_Forms(t *testing.T) {
	w := start(t)
	agent, _ := w.enrolled("99001")
	codec, err := wire.NewCodec(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	send := func(t *testing.T, h http.Header, body []byte) []wire.Result {
		t.Helper()
		status, _, answer := w.do(agent, http.MethodPost, wire.PathBatches, h, body)
		if status != http.StatusOK {
			t.Fatalf("%d %s", status, answer)
		}
		return decode[wire.Answer](t, answer).Results
	}
	t.Run("zstd in any case, with a parameter to the type", func(t *testing.T) {
		h := http.Header{"Content-Type": {wire.BatchContentType + "; charset=utf-8"}, "Content-Encoding": {"ZSTD"}}
		got := send(t, h, codec.Compress(wire.JoinBatch([][]byte{stamped(t, visit(t, "V1", xml1("A")), 1)})))
		if len(got) != 1 || got[0].Status != wire.Stored {
			t.Errorf("results %+v", got)
		}
	})
	t.Run("identity", func(t *testing.T) {
		h := batchHeader()
		h.Set("Content-Encoding", "identity")
		got := send(t, h, wire.JoinBatch([][]byte{stamped(t, visit(t, "V2", xml1("A")), 2)}))
		if got[0].Status != wire.Stored {
			t.Errorf("results %+v", got)
		}
	})
	t.Run("an empty batch has no results", func(t *testing.T) {
		if got := send(t, batchHeader(), []byte("[]")); len(got) != 0 {
			t.Errorf("results %+v", got)
		}
	})
}

// brokenRecords is a store whose disk is full.
type brokenRecords struct{ err error }

func (b brokenRecords) Ingest(context.Context, store.Agent, []*wire.Event) ([]wire.Result, error) {
	return nil, b.err
}

func (b brokenRecords) NewestStamp(context.Context, store.Agent) (wire.StampAnswer, error) {
	return wire.StampAnswer{}, b.err
}

func TestServer_Batch_StoreFails(t *testing.T) {
	w := start(t, func(c *server.Config) { c.Records = brokenRecords{errors.New("disk is full")} })
	agent, _ := w.enrolled("99001")
	batch := wire.JoinBatch([][]byte{stamped(t, visit(t, "V1", xml1("A")), 1)})
	status, header, body := w.do(agent, http.MethodPost, wire.PathBatches, batchHeader(), batch)
	if status != 503 || header.Get("Retry-After") != "30" || bytes.Contains(body, []byte("disk")) {
		t.Errorf("batch: %d, after %q: %s", status, header.Get("Retry-After"), body)
	}
	if status, _, body := w.do(agent, http.MethodGet, wire.PathStamp, nil, nil); status != 503 {
		t.Errorf("stamp: %d %s", status, body)
	}
	if !strings.Contains(w.log.String(), "disk is full") {
		t.Errorf("the log doesn't say why:\n%s", w.log)
	}
}

type panickingScreener struct{}

func (panickingScreener) Excluded(e *wire.Event) (bool, error) { panic(e.Data.Documents[0].Content) }

func TestServer_Batch_PanicEndsOneRequest(t *testing.T) {
	w := start(t, func(c *server.Config) { c.Screener = panickingScreener{} })
	agent, _ := w.enrolled("99001")
	for range 8 { // more than there are codecs
		batch := wire.JoinBatch([][]byte{stamped(t, visit(t, "V1", xml1(canary)), 1)})
		status, _, body := w.do(agent, http.MethodPost, wire.PathBatches, batchHeader(), batch)
		if p := decode[wire.Problem](t, body); status != 500 || p.Code != "internal" {
			t.Errorf("%d %s", status, body)
		}
	}
	if log := w.log.String(); !strings.Contains(log, "panic of type string") || strings.Contains(log, canary) {
		t.Errorf("log:\n%s", log)
	}
}

// Members that nobody validates, screens or hashes could carry anything past the rules.
func TestServer_Batch_KeepsNoMembersItDoesNotKnow(t *testing.T) {
	w := start(t)
	agent, _ := w.enrolled("99001")
	sent := stamped(t, visit(t, "V1", xml1("A")), 1)
	extra := append([]byte(`{"note":"`+canary+`",`), sent[1:]...)
	if got := w.deliver(agent, extra); got[0].Status != wire.Stored {
		t.Fatalf("result %+v", got[0])
	}
	for r, err := range w.store.Records(t.Context(), store.Filter{All: true}) {
		if err != nil || strings.Contains(string(r.Event), canary) || !strings.Contains(string(r.Event), r.ID) {
			t.Errorf("kept %s, %v", r.Event, err)
		}
	}
}
