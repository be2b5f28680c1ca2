package uploader_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tramsync/queue"
	"tramsync/sync/client"
	"tramsync/sync/uploader"
	"tramsync/sync/wire"
)

func TestOutage_of_72_hours_then_all_arrives_in_order(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		r.w.react = always(client.Transient)
		r.start()
		var names []string
		for day := range 36 { // 20 visits every two hours
			list := many(fmt.Sprintf("d%02d-", day), 20)
			r.add(list...)
			names = append(names, list...)
			pass(2 * time.Hour)
		}
		tries := len(r.w.seen())
		if tries < 72*60/5 || tries > 72*60/2 {
			t.Errorf("%d attempts in 72 hours", tries)
		}
		if st := r.u.State(); st.Online || st.Failures != tries || st.Sent != 0 {
			t.Errorf("state %+v after %d attempts", st, tries)
		}
		if got := r.waiting(); len(got) != len(names) {
			t.Fatalf("%d of %d records wait", len(got), len(names))
		}
		r.w.change(func() { r.w.react = nil })
		pass(5*time.Minute + time.Second)
		if diff := cmp.Diff(ids(names), r.w.order); diff != "" {
			t.Error("not all was stored, or in another order")
		}
		if st := r.u.State(); !st.Online || st.Sent != len(names) || len(r.waiting()) != 0 {
			t.Errorf("state %+v, %d waiting", st, len(r.waiting()))
		}
	})
}

func TestLog_one_warning_at_once_then_one_in_five_minutes_and_one_line_at_the_end(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		r.w.react = func(post) (wire.Answer, error) {
			return wire.Answer{}, &client.Error{Kind: client.Throttled, RetryAfter: 10 * time.Second, Message: "busy"}
		}
		begin := time.Now()
		r.add("a", "b")
		r.start()
		pass(2 * time.Hour)
		r.w.change(func() { r.w.react = nil })
		pass(10 * time.Minute)
		r.add("c")
		pass(0)
		warnings := r.log.at(slog.LevelWarn)
		if n := len(warnings); n < 8 || n > 25 || !warnings[0].at.Equal(begin) {
			t.Errorf("%d warnings in two hours with %d attempts", n, len(r.w.seen()))
		}
		for i := 1; i < len(warnings); i++ {
			if gap := warnings[i].at.Sub(warnings[i-1].at); gap < 5*time.Minute {
				t.Errorf("a warning after %v", gap)
			}
		}
		if a := warnings[0].attrs; !strings.Contains(a, "kind=throttled attempt=1") || !strings.Contains(a, "busy") {
			t.Errorf("the warning says %q", a)
		}
		var news []string
		for _, e := range r.log.at(slog.LevelInfo) {
			news = append(news, e.message)
		}
		want := []string{"epoch agreed with the warehouse", "delivery to the warehouse works again"}
		if diff := cmp.Diff(want, news); diff != "" {
			t.Error(diff)
		}
		for i := range 2 { // what comes after a recovery is new trouble, also soon
			r.w.change(func() { r.w.react = r.w.failing(1, &client.Error{Kind: client.Transient}) })
			again := time.Now()
			r.add(fmt.Sprint("d", i))
			pass(5 * time.Second)
			all := r.log.at(slog.LevelWarn)
			if last := all[len(all)-1]; len(all) != len(warnings)+1+i || !last.at.Equal(again) {
				t.Errorf("the next trouble was not reported at once: %+v", last)
			}
		}
	})
}

func TestLog_holds_nothing_of_a_record(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		step := 0
		r.w.react = func(p post) (wire.Answer, error) {
			if step++; step < 4 {
				return wire.Answer{}, []error{&client.Error{Kind: client.Transient}, refused(400), &client.Error{
					Kind: client.TooLarge, Status: 413}}[step-1]
			}
			return wire.Answer{}, refused(422)
		}
		r.add("Nguyen Van An", "Tran Thi Be")
		r.start()
		pass(time.Hour)
		if len(r.dead()) != 2 {
			t.Fatalf("%d dead", len(r.dead()))
		}
		for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
			for _, e := range r.log.at(level) {
				for _, canary := range []string{"Nguyen", "Be", id("Nguyen Van An"), id("Tran Thi Be")} {
					if strings.Contains(e.message+e.attrs, canary) {
						t.Errorf("the log holds %q: %s %s", canary, e.message, e.attrs)
					}
				}
			}
		}
		if len(r.log.at(slog.LevelDebug)) == 0 || len(r.log.at(slog.LevelWarn)) < 3 {
			t.Error("the log is too short to prove anything")
		}
	})
}

func TestRun_a_queue_that_can_not_be_written_ends_it_and_loses_nothing(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		r.add("a", "b", "c")
		r.w.react = func(p post) (wire.Answer, error) { // the disk goes away between the post and its answer
			a := r.w.accept(p.events)
			return a, r.q.Close()
		}
		u, err := uploader.New(uploader.Options{Queue: r.q, Transport: r.w, Log: slog.New(r.log)})
		if err != nil {
			t.Fatal(err)
		}
		if err := u.Run(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "keep the warehouse's answer: ") {
			t.Errorf("Run ended with %v", err)
		}
		if n := len(r.w.seen()); n != 1 {
			t.Errorf("%d posts", n)
		}
		r.open()
		if diff := cmp.Diff(ids([]string{"a", "b", "c"}), r.waiting()); diff != "" {
			t.Fatalf("lost: %s", diff)
		}
		r.w.react = nil
		r.w.stamp = func() (wire.StampAnswer, error) {
			return wire.StampAnswer{Stamp: r.w.stored[id("c")], ID: id("c"), Station: "99001"}, nil
		}
		r.start()
		pass(0)
		if got := r.counts(); got[queue.CountDuplicate] != 3 || len(r.waiting()) != 0 || len(r.w.stored) != 3 {
			t.Errorf("counts %v, %d waiting, %d stored", got, len(r.waiting()), len(r.w.stored))
		}
		if p := r.w.seen(); string(p[0].body) != string(p[1].body) {
			t.Error("the second time other bytes were sent")
		}
	})
}

func TestRun_a_queue_that_can_not_be_read_ends_it(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		u, err := uploader.New(uploader.Options{Queue: r.q, Transport: r.w, Log: slog.New(r.log)})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.q.Close(); err != nil {
			t.Fatal(err)
		}
		if err := u.Run(t.Context()); err == nil {
			t.Error("no error")
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := u.Run(ctx); err != nil {
			t.Errorf("after the end was asked for: %v", err)
		}
		r.open()
	})
}
