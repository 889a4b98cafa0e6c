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

// observation is what is known of the machine while a run is under way.
type observation struct {
	dir   string
	disk  float64 // syncs per second before the run
	watch *host.Watch
}

// printHeader prints where the results come from, probes the disk, and starts to observe the
// machine. Lines of the form "key: value" are the same on every run on one machine. Comments begin
// with "# ".
func printHeader(out io.Writer, env *environment) (observation, error) {
	fs, err := host.FindFilesystem(env.Dir)
	if err != nil {
		return observation{}, err
	}
	for _, line := range headerLines(env, fs) {
		fmt.Fprintf(out, "%s: %s\n", line.Key, line.Value)
	}
	for _, unit := range metrics.Units {
		fmt.Fprintf(out, "Unit %s better=%s\n", unit.Name, unit.Better)
	}
	fmt.Fprintf(out, "# seed %d\n", env.Seed)
	for _, warning := range []string{fs.Warning(), host.QuotaWarning()} {
		if warning != "" {
			fmt.Fprintf(out, "# warning: %s\n", warning)
		}
	}
	disk, err := host.SyncRate(env.work.Path, host.Append, probeLength)
	if err != nil {
		return observation{}, err
	}
	printDisk(out, "before", disk)
	if warning := host.SyncWarning(disk); warning != "" && fs.Warning() == "" {
		fmt.Fprintf(out, "# warning: %s\n", warning)
	}
	o := observation{env.work.Path, disk, host.StartWatch()}
	return o, printMemory(out, "before")
}

func headerLines(env *environment, fs host.Filesystem) []host.Line {
	lines := append([]host.Line{
		{Key: "sqlite", Value: sqlitedb.Version},
		{Key: "driver", Value: sqlitedb.Driver},
	}, host.Header(fs)...)
	lines = append(lines, env.programs.headerLines()...)
	lines = append(lines, env.SQL.headerLines()...)
	if goenv := host.GoEnv(); goenv != "" {
		lines = append(lines, host.Line{Key: "goenv", Value: goenv})
	}
	return append(lines, host.Line{Key: "round", Value: env.Round.String()})
}

// printAfter probes the disk again, and prints what happened to the machine during the run.
func (o observation) printAfter(out io.Writer) error {
	machine := o.watch.Stop()
	disk, err := host.SyncRate(o.dir, host.Append, probeLength)
	if err != nil {
		return err
	}
	printDisk(out, "after", disk)
	machine.DiskDrift = max(disk/o.disk, o.disk/disk)
	for _, comment := range machine.Comments() {
		fmt.Fprintln(out, comment)
	}
	return printMemory(out, "after")
}

// printDisk prints the disk's sync rate. By the one "before", readers of a result file know where a
// run begins.
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

// printSettings prints the axes that are not in the benchmarks' names, and the driver's header line
// again, because the setting of a benchmark before may have taken its place.
func printSettings(out io.Writer, env *environment, a scenario.Axes) error {
	var errs []error
	if len(env.programs) > 0 {
		_, err := fmt.Fprintf(out, "driver: %s\n", sqlitedb.Driver)
		errs = append(errs, err)
	}
	for _, s := range a.Settings() {
		_, err := fmt.Fprintf(out, "%s: %s\n", s.Key, s.Value)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
