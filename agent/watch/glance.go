package watch

import (
	"context"
	"os"
	"time"
)

// glance asks the folders of the last walk for nothing but their modification times, between walks that are rare
// because they take long. A folder's time moves when an entry comes, goes or is renamed, on ext4 and NTFS; it does not
// when a file is written to, and on FAT not at all. So a glance can only bring the next walk forward.
func (w *Watcher) glance(ctx context.Context) {
	start := time.Now()
	for folder, before := range w.folders {
		if ctx.Err() != nil {
			return
		}
		if !modTime(folder).Equal(before) {
			w.walkSoon()
			break
		}
	}
	end := time.Now()
	w.nextGlance = end.Add(w.rest(end.Sub(start)))
}

// rest is how long to rest after something that took so long and was for nothing.
func (w *Watcher) rest(took time.Duration) time.Duration { return max(w.interval, (idleShare-1)*took) }

// modTime is a folder's modification time; zero for one that isn't there.
func modTime(folder string) time.Time {
	info, err := os.Stat(folder)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}

// dates are what glances compare with.
func (s *scan) dates() map[string]time.Time {
	dates := make(map[string]time.Time, len(s.read))
	for folder, v := range s.read {
		dates[folder] = v.modTime
	}
	return dates
}
