package zoo

import (
	"flag"
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

// Limits of a decoder on an input as small as a fuzzer makes them. They are far from what any takes, and near to what
// would hurt an old PC.
const (
	fuzzMemory = 256 << 20 // bytes of live and dead objects, with the collector held to half of that
	fuzzTime   = time.Minute
)

// Guard ends a fuzzing worker, so that its input is kept, when a decoder takes too much memory or doesn't let go of it.
// What it gives is called for each input, and what that gives when the decoder is through. Outside of a worker, in a
// plain test, it does nothing: other tests share the process and the machine.
func Guard(f *testing.F) (input func() (through func())) {
	f.Helper()
	if worker := flag.Lookup("test.fuzzworker"); worker == nil || worker.Value.String() != "true" {
		return func() func() { return func() {} }
	}
	debug.SetMemoryLimit(fuzzMemory / 2)
	go watchMemory()
	return func() func() {
		timer := time.AfterFunc(fuzzTime, func() { panic("the decoder doesn't let go of this input") })
		return func() { timer.Stop() }
	}
}

// watchMemory looks all the time; it ends with the worker.
func watchMemory() {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	for range time.Tick(5 * time.Millisecond) {
		if metrics.Read(sample); sample[0].Value.Uint64() > fuzzMemory {
			panic(fmt.Sprintf("the decoder takes %d MB for this input", sample[0].Value.Uint64()>>20))
		}
	}
}
