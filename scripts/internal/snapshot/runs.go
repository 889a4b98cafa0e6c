package snapshot

import (
	"fmt"
	"math"
	"strings"

	"golang.org/x/perf/benchfmt"

	"busybench/bench/format"
	"busybench/bench/host"
)

// Run is one execution of the benchmarks, from its header to the comments at its end.
type Run struct {
	Number    int          // from 1, in the order of the file
	DiskRate  float64      // syncs per second of the disk before the run; 0 if unknown
	Machine   host.Machine // facts that the file does not state are unknown
	Disturbed string       // what makes its results doubtful, such as "others=34.0% stopped=10s"

	line int // at which it begins
}

// runPrefix begins the comment that the benchmarks print at the end of their header. The disk's
// sync rate follows.
const runPrefix = "# disk before: "

// addLine takes a line of a result file, and its number.
func addLine(runs []Run, number int, line string) []Run {
	if text, ok := strings.CutPrefix(line, runPrefix); ok {
		run := Run{Number: len(runs) + 1, Machine: host.UnknownMachine(), line: number}
		_, _ = fmt.Sscan(text, &run.DiskRate) // stays 0 if the line is cut
		return append(runs, run)
	}
	if len(runs) == 0 {
		return nil // not a comment on a run
	}
	last := &runs[len(runs)-1]
	if machine, ok := host.ParseMachine(line); ok {
		last.Machine = machine
	}
	if words, ok := host.ParseDisturbed(line); ok {
		last.Disturbed = words
	}
	return runs
}

// RunOf returns the run that a result of this snapshot belongs to. There is none if the result
// stands above the first run's header.
func (s *Snapshot) RunOf(r *benchfmt.Result) (run Run, ok bool) {
	_, line := r.Pos()
	for _, candidate := range s.Runs {
		if candidate.line > line {
			break
		}
		run, ok = candidate, true
	}
	return run, ok
}

// DisturbedRuns returns the runs whose results are doubtful, in the order of the file.
func (s *Snapshot) DisturbedRuns() (disturbed []Run) {
	for _, run := range s.Runs {
		if run.Disturbed != "" {
			disturbed = append(disturbed, run)
		}
	}
	return disturbed
}

// maxListed limits the disturbed runs that a warning describes.
const maxListed = 3

// DisturbedWarning returns a sentence on the disturbed runs. It is empty if there are none.
func (s *Snapshot) DisturbedWarning() string {
	disturbed := s.DisturbedRuns()
	if len(disturbed) == 0 {
		return ""
	}
	var causes []string
	for _, run := range disturbed[:min(len(disturbed), maxListed)] {
		causes = append(causes, fmt.Sprintf("run %d: %s", run.Number, run.Disturbed))
	}
	if more := len(disturbed) - len(causes); more > 0 {
		causes = append(causes, fmt.Sprintf("and %d more", more))
	}
	return fmt.Sprintf("%s has %d disturbed of %d runs (%s); do not compare them",
		s.Path, len(disturbed), len(s.Runs), strings.Join(causes, "; "))
}

// diskWarning returns a sentence if the disk was faster or slower in one of two snapshots, by its
// median rate before the runs. It is empty if one of them has fewer than [MinSamples] runs: a
// single rate is as noisy as the threshold.
func diskWarning(older, newer *Snapshot) string {
	before, after := older.diskRates(), newer.diskRates()
	if len(before) < MinSamples || len(after) < MinSamples {
		return ""
	}
	x, y := Summary(before).Center, Summary(after).Center
	if max(x/y, y/x) <= host.MaxDiskDrift {
		return ""
	}
	return fmt.Sprintf("the disk did %s syncs per second before the runs of %s, "+
		"and %s before those of %s (medians)",
		format.Number(x), older.Path, format.Number(y), newer.Path)
}

// diskRates returns the disk's sync rates before the runs, as far as they are known.
func (s *Snapshot) diskRates() (rates []float64) {
	for _, run := range s.Runs {
		if run.DiskRate > 0 && !math.IsInf(run.DiskRate, 0) {
			rates = append(rates, run.DiskRate)
		}
	}
	return rates
}
