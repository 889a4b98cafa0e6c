package bench

import (
	"errors"
	"fmt"
	"io"
	"time"

	"busybench/bench/host"
	"busybench/bench/metrics"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// probeLength is how long the disk is probed before and after a run.
const probeLength = 500 * time.Millisecond

// maxDrift is the factor between the two probes above which a run gets a warning.
const maxDrift = 1.5

// diskProbe is what the disk did before a run.
type diskProbe struct {
	dir    string
	before float64 // syncs per second
	stalls *host.StallWatch
}

// printHeader prints where the results come from, and probes the disk. Lines of the form
// "key: value" are the same on every run on one machine. Comments begin with "# ".
func printHeader(out io.Writer, env *environment) (diskProbe, error) {
	fs, err := host.FindFilesystem(env.Dir)
	if err != nil {
		return diskProbe{}, err
	}
	for _, line := range headerLines(env, fs) {
		fmt.Fprintf(out, "%s: %s\n", line.Key, line.Value)
	}
	for _, unit := range metrics.Units {
		fmt.Fprintf(out, "Unit %s better=%s\n", unit.Name, unit.Better)
	}
	fmt.Fprintf(out, "# seed %d\n", env.Seed)
	if warning := fs.Warning(); warning != "" {
		fmt.Fprintf(out, "# warning: %s\n", warning)
	}
	before, err := host.SyncRate(env.work.Path, host.Append, probeLength)
	if err != nil {
		return diskProbe{}, err
	}
	printDisk(out, "before", before)
	p := diskProbe{env.work.Path, before, host.StartStallWatch()}
	return p, printMemory(out, "before")
}

func headerLines(env *environment, fs host.Filesystem) []host.Line {
	lines := append([]host.Line{
		{Key: "sqlite", Value: sqlitedb.Version},
		{Key: "driver", Value: sqlitedb.Driver},
	}, host.Header(fs)...)
	if goenv := host.GoEnv(); goenv != "" {
		lines = append(lines, host.Line{Key: "goenv", Value: goenv})
	}
	return append(lines, host.Line{Key: "round", Value: env.Round.String()})
}

// printAfter probes the disk again, and warns if it changed or if this process was stopped.
func (p diskProbe) printAfter(out io.Writer) error {
	var stalled time.Duration
	for _, s := range p.stalls.Stop() {
		stalled += s.Length
	}
	after, err := host.SyncRate(p.dir, host.Append, probeLength)
	if err != nil {
		return err
	}
	printDisk(out, "after", after)
	for _, warning := range warnings(p.before, after, stalled) {
		fmt.Fprintf(out, "# warning: %s\n", warning)
	}
	return printMemory(out, "after")
}

// warnings says what makes the results of a run doubtful: a disk that changed from one number of
// syncs per second to another, and time in which this process did not run.
func warnings(before, after float64, stalled time.Duration) (all []string) {
	if drift := max(after/before, before/after); drift > maxDrift {
		all = append(all, fmt.Sprintf(
			"the disk's sync rate changed by a factor of %.2f; do not compare this run",
			drift))
	}
	if stalled > 0 {
		all = append(all, fmt.Sprintf(
			"this process did not run for %v (it was stopped, the machine was suspended, "+
				"or no processor was free); do not compare this run",
			stalled.Round(100*time.Millisecond)))
	}
	return all
}

func printDisk(out io.Writer, when string, rate float64) {
	fmt.Fprintf(out, "# disk %s: %.0f appends of a frame with fsync per second\n", when, rate)
}

// printMemory prints how much memory is free, which shows whether a run gave back what it took.
func printMemory(out io.Writer, when string) error {
	memory, err := host.FreeMemory()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "# memory %s: %d MiB free\n", when, memory.Free>>20)
	return err
}

// printSettings prints the axes that are not in the benchmarks' names.
func printSettings(out io.Writer, a scenario.Axes) error {
	var errs []error
	for _, s := range a.Settings() {
		_, err := fmt.Fprintf(out, "%s: %s\n", s.Key, s.Value)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
