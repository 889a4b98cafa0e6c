package bench

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"busybench/bench/format"
	"busybench/bench/limit"
	"busybench/bench/nearest"
	"busybench/bench/pattern"
	"busybench/bench/scenario"
)

// benchmarkNames lists the benchmarks. The testing package knows them only later.
var benchmarkNames = []string{
	"Burst", "Sustained", "Ceiling", "Harness", "Threads", "Limit", "Faults", "Open",
	"PowerLoss",
}

// neededFlags are the flags without which benchmarks are skipped.
var neededFlags = map[string]string{
	"Limit": "limit", "Faults": "faults", "PowerLoss": "powerloss",
}

// takers are the benchmarks that have an axis, if not all do.
var takers = map[string][]string{
	"driver":  {"Burst", "Sustained", "Harness", "Limit", "Open", "PowerLoss"},
	"think":   {"Sustained", "Faults", "PowerLoss"},
	"rate":    {"Sustained"},
	"readers": {"Burst", "Sustained", "Limit", "Faults", "PowerLoss"},
	"read":    {"Burst", "Sustained", "Limit", "Faults", "PowerLoss"},

	"checkpoint": {"Burst", "Sustained", "Limit", "Faults", "PowerLoss"},
	"intruder":   {"Burst", "Sustained", "Limit"},

	"batch": allButOpen,
	"queue": allButOpen,
	"hold":  allButOpen,

	"file":    {"Open"},
	"order":   {"Open"},
	"migrate": {"Open"},
}

// allButOpen are the benchmarks whose participants insert rows.
var allButOpen = []string{
	"Burst", "Sustained", "Ceiling", "Harness", "Threads", "Limit", "Faults", "PowerLoss",
}

// axesOf returns the axes that were given, without those that a benchmark does not have. An SQL
// file has another default of txn.
func (o Options) axesOf(benchmark string) scenario.Axes {
	axes := o.Axes
	for axis, names := range takers {
		if !slices.Contains(names, benchmark) {
			axes = axes.Without(axis)
		}
	}
	if o.SQL.Workload != nil {
		axes = axes.WithDefaults("txn=" + scenario.Immediate)
	}
	return axes
}

// checkRate rejects rates that BenchmarkLimit cannot use, if it is selected: any in a search for a
// rate, and in one for writers all but rate=closed, unless they are those of BenchmarkSustained.
func (l LimitOptions) checkRate(bench string, axes scenario.Axes) error {
	selected, err := pattern.Parse(bench)
	if err != nil || !selected.MatchesSome("Limit") {
		return err
	}
	switch {
	case l.Over == limit.Rate && axes.Has("rate"):
		return errors.New("-axes: leave out rate, which -limit.over=rate searches for, up to " +
			"-limit.max")
	case l.Over == limit.Writers && !axes.AtDefault("rate") && !selected.MatchesSome("Sustained"):
		return errors.New("-axes: rate must be closed in a search for writers; " +
			"-limit.over=rate searches for a rate")
	}
	return nil
}

// checkTakers rejects an axis that none of the selected benchmarks has, unless it is at its
// default. The pattern of an empty name is fine.
func checkTakers(bench string, axes scenario.Axes) error {
	selected, err := pattern.Parse(bench)
	if err != nil || bench == "^$" {
		return err
	}
	for _, axis := range slices.Sorted(maps.Keys(takers)) {
		names := takers[axis]
		if !axes.AtDefault(axis) && !slices.ContainsFunc(names, selected.MatchesSome) {
			return fmt.Errorf("-axes: axis %q has an effect in %s only, which %q does not "+
				"select; select %s", axis, format.List(names), bench, names[0])
		}
	}
	return nil
}

// selects reports whether -bench selects a benchmark. A bad pattern, which is rejected elsewhere,
// selects none.
func selects(benchmark string) bool {
	selected, err := pattern.Parse(value("bench"))
	return err == nil && value("bench") != "" && selected.MatchesSome(benchmark)
}

// checkSelection rejects a value of -bench that selects no benchmark, or only such that are skipped
// because a flag is not given. The testing package would print PASS. The pattern of an empty name,
// which selects none on purpose, is fine.
func checkSelection(bench string, given map[string]bool) error {
	selected, err := pattern.Parse(bench)
	if err != nil {
		return err
	}
	if bench == "^$" {
		return nil
	}
	var missing error
	for _, name := range benchmarkNames {
		if !selected.MatchesSome(name) {
			continue
		}
		needed := neededFlags[name]
		if needed == "" || given[needed] {
			return nil
		}
		missing = fmt.Errorf("%s runs only with -%s, or by make %s", name, needed, needed)
	}
	if missing != nil {
		return missing
	}
	first, _, _ := strings.Cut(strings.Trim(bench, "^$"), "/")
	return fmt.Errorf("no benchmark matches %q%s; there are %s",
		bench, nearest.Question(strings.TrimPrefix(first, "Benchmark"), benchmarkNames),
		strings.Join(benchmarkNames, ", "))
}
