package uploader

import "time"

// Wait is the time until the next attempt.
func Wait(err error, n int) time.Duration { return wait(err, n) }
