package uploader_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/queue"
	"tramsync/sync/client"
	"tramsync/sync/wire"
)

// failing fails the first n posts with err and then accepts.
func (w *warehouse) failing(n int, err error) func(post) (wire.Answer, error) {
	return func(p post) (wire.Answer, error) {
		if n--; n >= 0 {
			return wire.Answer{}, err
		}
		return w.accept(p.events), nil
	}
}

func TestDeliver_failures_repeat_the_same_bytes_until_they_are_answered(t *testing.T) {
	kind := func(k client.Kind) *client.Error {
		return &client.Error{Kind: k, Status: 404, RetryAfter: 40 * time.Second}
	}
	const s, m = time.Second, time.Minute
	tests := []struct {
		name string
		err  *client.Error
		lo   []time.Duration // the least and
		hi   []time.Duration // the most between attempts
	}{
		{"network, 5xx, 408", kind(client.Transient), []time.Duration{0, 0, 0, 0}, []time.Duration{s, 2 * s, 4 * s, 8 * s}},
		{"429, 503", kind(client.Throttled), []time.Duration{40 * s, 40 * s}, []time.Duration{50 * s, 50 * s}},
		{"401, 403", kind(client.Unauthorized), []time.Duration{m, m}, []time.Duration{5 * m, 5 * m}},
		{"a server of another CA", kind(client.Untrusted), []time.Duration{m, m}, []time.Duration{5 * m, 5 * m}},
		{"a page by a proxy", kind(client.Foreign), []time.Duration{m, m}, []time.Duration{5 * m, 5 * m}},
		{"a refusal that is about no record", kind(client.Refused), []time.Duration{m, m}, []time.Duration{5 * m, 5 * m}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, r *rig) {
				r.w.react = r.w.failing(len(tt.lo), tt.err)
				r.add("a", "b", "c")
				r.start()
				pass(0)
				if st := r.u.State(); st.Online || st.ErrorKind != tt.err.Kind.String() || st.Failures != 1 ||
					st.LastError == "" || !st.NextTry.After(time.Now()) {
					t.Errorf("state %+v", st)
				}
				r.add("d") // must not change the batch that is under way
				pass(time.Hour)
				posts := r.w.seen()
				if len(posts) != len(tt.lo)+2 {
					t.Fatalf("%d posts", len(posts))
				}
				for i, lo := range tt.lo {
					if gap := posts[i+1].at.Sub(posts[i].at); gap < lo || gap > tt.hi[i]+10*time.Millisecond {
						t.Errorf("attempt %d came after %v", i+2, gap)
					}
					if !bytes.Equal(posts[0].body, posts[i+1].body) {
						t.Errorf("attempt %d has other bytes", i+2)
					}
				}
				if diff := cmp.Diff(ids([]string{"a", "b", "c", "d"}), r.w.order); diff != "" {
					t.Errorf("stored: %s", diff)
				}
				st := r.u.State()
				if !st.Online || st.LastError != "" || st.ErrorKind != "" || st.Failures != 0 || st.Sent != 4 ||
					!st.NextTry.IsZero() || !st.LastSuccess.Equal(posts[len(posts)-1].at) {
					t.Errorf("state %+v", st)
				}
				if len(r.waiting()) != 0 || len(r.dead()) != 0 {
					t.Errorf("%d wait, %d are dead", len(r.waiting()), len(r.dead()))
				}
			})
		})
	}
}

func TestDeliver_each_record_has_the_fate_its_answer_says(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		r.w.react = func(p post) (wire.Answer, error) {
			a := r.w.accept(p.events)
			for i := range a.Results {
				switch a.Results[i].ID {
				case id("duplicate"):
					a.Results[i].Status = wire.Duplicate
				case id("rejected"):
					a.Results[i] = wire.Result{ID: id("rejected"), Status: wire.Rejected, Code: "invalid", Message: "bad date"}
				case id("excluded"):
					a.Results[i] = wire.Result{ID: id("excluded"), Status: wire.Rejected, Code: wire.CodeExcluded}
				}
			}
			stranger := wire.Result{ID: id("stranger"), Status: wire.Stored}
			a.Results = append(append([]wire.Result{stranger}, a.Results...), a.Results...) // and each twice
			return a, nil
		}
		r.add("stored", "duplicate", "rejected", "excluded")
		r.start()
		pass(time.Hour)
		if n := len(r.w.seen()); n != 1 {
			t.Errorf("%d posts", n)
		}
		want := map[string]int{queue.CountFiles: 1, queue.CountQueued: 4, queue.CountStored: 1, queue.CountDuplicate: 1,
			queue.CountDead: 1, queue.CountErased: 1}
		if diff := cmp.Diff(want, r.counts()); diff != "" {
			t.Error(diff)
		}
		l, ok := r.dead()[id("rejected")]
		if len(r.dead()) != 1 || !ok || l.Code != "invalid" || l.Reason != "bad date" || l.Sequence != 3 {
			t.Errorf("dead letters %+v", r.dead())
		}
		if got := r.waiting(); len(got) != 0 {
			t.Errorf("still waiting: %v", got)
		}
	})
}

func TestDeliver_what_an_answer_does_not_settle_is_kept_and_sent_again(t *testing.T) {
	strange := map[string]func(wire.Result) []wire.Result{
		"not named":           func(wire.Result) []wire.Result { return nil },
		"a status unknown":    func(r wire.Result) []wire.Result { r.Status = "deferred"; return []wire.Result{r} },
		"no status":           func(r wire.Result) []wire.Result { r.Status = ""; return []wire.Result{r} },
		"an id in other case": func(r wire.Result) []wire.Result { r.ID = "X" + r.ID[1:]; return []wire.Result{r} },
	}
	for name, answer := range strange {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, r *rig) {
				understood := false
				r.w.react = func(p post) (wire.Answer, error) {
					a := r.w.accept(p.events)
					if i := slices.IndexFunc(a.Results, func(r wire.Result) bool { return r.ID == id("odd") }); i >= 0 && !understood {
						a.Results = slices.Replace(a.Results, i, i+1, answer(a.Results[i])...)
					}
					return a, nil
				}
				r.add("odd", "a", "b")
				r.start()
				pass(0)
				r.add("c") // must not wait for ever behind the odd one
				pass(6 * time.Minute)
				if diff := cmp.Diff(ids([]string{"odd"}), r.waiting()); diff != "" {
					t.Errorf("waiting: %s", diff)
				}
				if st := r.u.State(); st.ErrorKind != "foreign" || st.Online {
					t.Errorf("state %+v", st)
				}
				before := len(r.w.seen())
				pass(time.Hour)
				if n := len(r.w.seen()) - before; n < 12 || n > 60 {
					t.Errorf("%d posts in an hour", n)
				}
				r.w.change(func() { understood = true })
				pass(6 * time.Minute)
				if got := r.counts(); len(r.waiting()) != 0 || got[queue.CountDuplicate] != 1 || got[queue.CountStored] != 3 {
					t.Errorf("in the end %v, waiting %d", got, len(r.waiting()))
				}
			})
		})
	}
}

func TestDeliver_one_id_under_several_numbers(t *testing.T) {
	for _, once := range []bool{false, true} { // does an answer name an id once, or as often as it came?
		t.Run(fmt.Sprint("named once: ", once), func(t *testing.T) {
			bubble(t, func(t *testing.T, r *rig) {
				r.w.react = func(p post) (wire.Answer, error) {
					a := r.w.accept(p.events)
					if once {
						seen := map[string]bool{}
						a.Results = slices.DeleteFunc(a.Results, func(r wire.Result) bool {
							again := seen[r.ID]
							seen[r.ID] = true
							return again
						})
					}
					return a, nil
				}
				for i, content := range []string{"a", "b", "a"} { // changed and changed back: three revisions of one key
					name := fmt.Sprint(i)
					_, err := r.q.Append(queue.File{Path: name, SHA256: sum(name)}, func(b *queue.Batch) error {
						return b.Add(queue.Item{ID: id(content), Key: "visit", Content: sum(content), Payload: payload(content)})
					})
					if err != nil {
						t.Fatal(err)
					}
				}
				r.start()
				pass(time.Hour)
				if got := r.counts(); got[queue.CountStored] != 2 || got[queue.CountDuplicate] != 1 || len(r.waiting()) != 0 {
					t.Errorf("%v, waiting %d", got, len(r.waiting()))
				}
				want := 1
				if once {
					want = 2
				}
				if n := len(r.w.seen()); n != want {
					t.Errorf("%d posts", n)
				}
			})
		})
	}
}

func TestDeliver_a_record_that_is_no_JSON_object_stops_nothing(t *testing.T) {
	for _, before := range []string{"", "x"} {
		bubble(t, func(t *testing.T, r *rig) {
			if before != "" {
				r.add(before)
			}
			_, err := r.q.Append(queue.File{Path: "bad"}, func(b *queue.Batch) error {
				return b.Add(queue.Item{ID: id("bad"), Key: "bad", Payload: []byte("no JSON")})
			})
			if err != nil {
				t.Fatal(err)
			}
			r.start()
			pass(0)
			r.add("after")
			pass(0)
			if l := r.dead()[id("bad")]; len(r.dead()) != 1 || l.Code != wire.CodeInvalid || string(l.Payload) != "no JSON" {
				t.Errorf("dead letters %v", r.dead())
			}
			if len(r.waiting()) != 0 || len(r.w.stored) != 1+len(before) {
				t.Errorf("%d wait, %d stored", len(r.waiting()), len(r.w.stored))
			}
		})
	}
}

func TestDeliver_batches_keep_the_limits_and_the_order(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		names := many("n", 1200)
		r.add(names...)
		var large []string
		for i := range 9 { // each some 1 MiB that doesn't compress
			large = append(large, fmt.Sprintf("large%d", i))
		}
		for _, name := range large {
			body := append(payload(name)[:len(payload(name))-1], fmt.Appendf(nil, `,"x":%q}`, bigText(1<<20))...)
			_, err := r.q.Append(queue.File{Path: name, SHA256: sum(name)}, func(b *queue.Batch) error {
				return b.Add(queue.Item{ID: id(name), Key: name, Content: sum(name), Payload: body})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		r.start()
		pass(time.Second)
		if diff := cmp.Diff(ids(append(names, large...)), r.w.order); diff != "" {
			t.Error("not all was stored, or in another order")
		}
		var lengths []int
		for _, p := range r.w.seen() {
			lengths = append(lengths, len(p.events))
			if p.size > wire.MaxBatchBytes {
				t.Errorf("a batch of %d bytes", p.size)
			}
		}
		if diff := cmp.Diff([]int{500, 500, 203, 3, 3}, lengths); diff != "" {
			t.Errorf("records in the batches: %s", diff)
		}
		for i, name := range r.w.order {
			if want := (wire.Stamp{Epoch: 1, Sequence: wire.Sequence(i + 1)}); r.w.stored[name] != want {
				t.Errorf("record %d has the stamp %v", i+1, r.w.stored[name])
			}
		}
	})
}

func bigText(n int) string {
	out := make([]byte, 0, n)
	for i := 0; len(out) < n; i++ {
		out = append(out, id(fmt.Sprint(i))...)
	}
	return string(out[:n])
}
