package app

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"tramsync/agent/export"
	"tramsync/agent/status"
	"tramsync/queue"
	"tramsync/sync/client"
)

// maxRejected bounds the list in a snapshot; the counters tell the rest.
const maxRejected = 200

// daysShown is how many days a snapshot has counts of, today included.
const daysShown = 14

// Snapshot is the running agent's state.
func (a *App) Snapshot() (status.Snapshot, error) {
	s, err := snapshot(a.opt, a.rules.Version(), a.queue)
	if err != nil {
		return s, err
	}
	s.Program.Running, s.Program.Started = true, a.started
	p := a.watcher.Progress()
	s.Intake = status.Intake{Waiting: p.Waiting, Empty: p.Empty, Paused: p.Paused,
		Failing: p.Failing, Failure: p.Failure, LastWalk: p.LastWalk, NextWalk: p.NextWalk,
		WalkSeconds: p.WalkTime.Seconds(), Hints: status.Hints{Failures: p.HintFailures, Overflows: p.Overflows,
			Missed: p.FoundByWalkOnly, Unwatched: p.Unwatched}}
	for _, f := range p.Faults {
		s.Intake.Folders = append(s.Intake.Folders, status.Folder{
			Feed: f.Feed, Folder: f.Folder, Inside: f.Inside, Error: f.Err.Error(),
		})
	}
	if up := a.up.Load(); up != nil {
		u := up.State()
		s.Warehouse.Online, s.Warehouse.LastSuccess = u.Online, u.LastSuccess
		s.Warehouse.LastError, s.Warehouse.ErrorKind = u.LastError, u.ErrorKind
		s.Warehouse.Failures, s.Warehouse.NextTry = u.Failures, u.NextTry
	}
	return s, nil
}

// Offline is the state of an agent that doesn't run, from its queue; nil when it has none yet.
func Offline(opt Options, q *queue.Queue) (status.Snapshot, error) {
	rules, err := LoadRules(opt.Config)
	if err == nil {
		return snapshot(opt, rules.Version(), q)
	}
	s, err2 := snapshot(opt, "", q)
	s.Program.RulesFault = err.Error()
	return s, err2
}

func snapshot(opt Options, rules string, q *queue.Queue) (status.Snapshot, error) {
	conf, now := opt.Config, opt.Now()
	s := status.Snapshot{
		Time:    now,
		Station: status.Station{Code: conf.Primary(), Name: conf.Station.Name},
		Program: status.Program{Version: opt.Version, Config: opt.ConfigPath,
			Revision: revision(conf), Rules: rules},
		Warehouse: status.Warehouse{URL: conf.Warehouse.URL},
		Rejected:  []status.Rejected{},
	}
	id, err := client.LoadIdentity(IdentityDir(conf.DataDir))
	switch {
	case err == nil:
		s.Warehouse.Enrolled, s.Warehouse.Agent, s.Warehouse.Expires = true, id.Agent, id.Expires()
	case !errors.Is(err, client.ErrNotEnrolled):
		s.Warehouse.LastError = err.Error()
	}
	if q == nil {
		s.Today, s.Total, s.Days = countsOf(nil), countsOf(nil), []status.Day{}
		return s, nil
	}
	if s.Today, err = counts(q, now.Format(time.DateOnly)); err != nil {
		return s, err
	}
	if s.Total, err = counts(q, ""); err != nil {
		return s, err
	}
	// After the counters: a file that is counted is in the queue, or delivered, when that is looked at.
	stats, err := q.Stats()
	if err != nil {
		return s, err
	}
	s.Queue = status.Queue{Pending: stats.Pending, Bytes: stats.PendingBytes, Limit: conf.Limits.Queue,
		Oldest: stats.Oldest, Dead: stats.Dead, Damaged: stats.Damaged}
	s.Warehouse.LastDelivery = stats.LastDelivery
	days, err := q.Days(now.AddDate(0, 0, -daysShown+1).Format(time.DateOnly))
	s.Days = make([]status.Day, len(days))
	for i, d := range days {
		s.Days[i] = status.Day{Day: d.Day, Counts: countsOf(d.Counts)}
	}
	if err != nil {
		return s, err
	}
	s.Rejected, err = rejected(q)
	return s, err
}

func rejected(q *queue.Queue) ([]status.Rejected, error) {
	list := []status.Rejected{}
	err := q.Files(func(e queue.Entry) bool {
		fault := export.DecodeFault(e.Fault)
		list = append(list, status.Rejected{Feed: e.Feed, Path: e.Path, Time: e.Time, Code: fault.Code,
			VI: fault.Text("vi"), EN: fault.Text("en"), Gone: !e.Gone.IsZero()})
		return len(list) < maxRejected
	}, queue.Rejected)
	slices.SortFunc(list, func(a, b status.Rejected) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Path, b.Path))
	})
	return list, err
}

func counts(q *queue.Queue, since string) (status.Counts, error) {
	m, err := q.Counts(since)
	if err != nil {
		return status.Counts{}, err
	}
	return countsOf(m), nil
}

func countsOf(m map[string]int) status.Counts {
	group := func(prefix string) map[string]int {
		out := map[string]int{}
		for name, n := range m {
			if rest, ok := strings.CutPrefix(name, prefix); ok {
				out[rest] = n
			}
		}
		return out
	}
	byFeed, byCode := map[string]map[string]int{}, map[string]int{}
	for name, n := range group(queue.PrefixFinding) {
		feed, code, _ := strings.Cut(name, "/")
		if byFeed[feed] == nil {
			byFeed[feed] = map[string]int{}
		}
		byFeed[feed][code] = n
		byCode[code] += n
	}
	return status.Counts{
		Files: m[queue.CountFiles], FilesRejected: m[queue.CountRejected], FilesReplayed: m[queue.CountReplayed],
		Queued: m[queue.CountQueued], Unchanged: m[queue.CountUnchanged], Retracted: m[queue.CountRetracted],
		Stored: m[queue.CountStored], Duplicate: m[queue.CountDuplicate], Dead: m[queue.CountDead],
		Erased:   m[queue.CountErased],
		Withheld: group(queue.PrefixWithheld), Trimmed: group(queue.PrefixTrimmed),
		Findings: byCode, FindingsByFeed: byFeed,
	}
}
