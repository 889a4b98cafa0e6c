package host

import (
	"os/exec"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWhatHappenedBetweenTwoInstants(t *testing.T) {
	start := time.Now()
	// Two cores for 10 s: 2,000 ticks.
	before := counters{at: start, own: time.Second, throttled: 3 * time.Second,
		cpu: 5 * time.Second, io: 6 * time.Second,
		ticks: ticks{busy: 1000, kernel: 80, steal: 50, total: 9000}}
	after := counters{at: start.Add(10 * time.Second), own: 7 * time.Second,
		throttled: 4 * time.Second, cpu: 13 * time.Second, io: 6500 * time.Millisecond,
		ticks: ticks{busy: 2000, kernel: 180, steal: 150, total: 11000}}
	want := UnknownMachine()
	want.Throttled, want.Steal, want.Others = time.Second, 5, 15
	want.CPUPressure, want.IOPressure = 80, 5
	for _, c := range []struct {
		name   string
		change func(before, after *counters, want *Machine)
	}{
		{"all counters are known", func(*counters, *counters, *Machine) {}},
		{"nothing happened", func(before, after *counters, want *Machine) {
			at := after.at
			*after = *before
			after.at, after.ticks.total = at, before.ticks.total+2000
			want.Throttled, want.Steal, want.Others = 0, 0, 0
			want.CPUPressure, want.IOPressure = 0, 0
		}},
		{"more own time than the sampled ticks show", func(_, after *counters, want *Machine) {
			after.own, want.Others = time.Minute, 0
		}},
		{"threads of the kernel are not visible", func(before, after *counters, want *Machine) {
			before.ticks.kernel, after.ticks.kernel, want.Others = 0, 0, 20
		}},
		{"a thread of the kernel has ended", func(_, after *counters, want *Machine) {
			after.ticks.kernel, want.Others = 0, 20
		}},
		{"no /proc/stat", func(before, after *counters, want *Machine) {
			before.ticks, after.ticks, want.Steal, want.Others = ticks{}, ticks{}, unknown, unknown
		}},
		{"no control groups", func(before, after *counters, want *Machine) {
			before.throttled, after.throttled, want.Throttled = unknown, unknown, unknown
		}},
		{"moved to another control group", func(_, after *counters, want *Machine) {
			after.throttled, want.Throttled = 0, unknown
		}},
		{"no pressure", func(before, after *counters, want *Machine) {
			before.cpu, after.cpu, want.CPUPressure = unknown, unknown, unknown
			before.io, after.io, want.IOPressure = unknown, unknown, unknown
		}},
		{"pressure that is counted late", func(_, after *counters, want *Machine) {
			after.cpu, want.CPUPressure = before.cpu+11*time.Second, 100
		}},
		{"too short for shares", func(_, after *counters, want *Machine) {
			after.at = start.Add(minShareLength - 1)
			*want = UnknownMachine()
			want.Throttled = time.Second
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, after, want := before, after, want
			c.change(&before, &after, &want)
			if diff := cmp.Diff(want, before.until(after)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAllCountersAreUnknownWithoutTheKernelsFiles(t *testing.T) {
	c := readCounters(t.TempDir(), func(int) bool { return true })
	if c.throttled != unknown || c.cpu != unknown || c.io != unknown || c.ticks != (ticks{}) {
		t.Errorf("counters are %+v", c)
	}
}

func TestProcessorTimeOfChildrenIsTheRunsOwn(t *testing.T) {
	before := readCounters(systemRoot, allowedCores())
	cmd := exec.Command("sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	after := readCounters(systemRoot, allowedCores())
	child := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if own := after.own - before.own; child == 0 || own < child {
		t.Errorf("a child used %v, and this run %v", child, own)
	}
}

// A share of others above 100 % or a time in which this process did not run would be a defect, on
// whatever machine.
func TestWatchOfThisMachine(t *testing.T) {
	m := StartWatch().Stop()
	if m.Others > 100 || m.Steal > 100 || m.CPUPressure > 100 || m.IOPressure > 100 {
		t.Errorf("machine is %+v", m)
	}
	if m.Stopped < 0 || m.Quota == 0 {
		t.Errorf("machine is %+v", m)
	}
}
