// Limit answers how many writers can write at once before one of them gets "database is locked", or
// with OVER=rate how many arrivals per second they can take. It runs BenchmarkLimit, stores the
// results as a snapshot (see package runner), and reports one sentence for each combination of
// settings.
//
// "make limit" calls it from the top of the repository. Its settings are those of
// [command.Limit], from the environment; -h prints them.
package main

import (
	"errors"
	"os"

	"busybench/bench/limit"
	"busybench/bench/scenario"
	"busybench/scripts/internal/command"
	"busybench/scripts/internal/runner"
)

// newConfig returns what the script does with a value of OVER. The benchmarks reject a bad one.
func newConfig(over string) runner.Config {
	config := runner.Config{
		Target: command.Limit,
		Files:  []string{runner.ReportFile},
		Flags: func(string) []string {
			return []string{"-limit", "-test.benchtime=1x"} // one search each, however short
		},
		Options: []runner.Option{
			{Name: "OVER", Flag: "-limit.over"},
			{Name: "MAX", Flag: "-limit.max"},
			{Name: "ROUNDS", Flag: "-limit.rounds"},
			{Name: "ERRORS", Flag: "-limit.errors"},
			{Name: "P99", Flag: "-limit.p99"},
			{Name: "TIME", Flag: "-limit.time"},
		},
	}
	switch over {
	case "", limit.Writers.String():
		config.Prepare, config.CheckAxes = rejectRound, checkAxesOfWriters
	case limit.Rate.String():
		config.Target, config.CheckAxes = command.LimitOverRate(), checkAxesOfRate
	}
	return config
}

// rejectRound rejects the length of a round of bursts.
func rejectRound(getenv func(string) string) (flags []string, err error) {
	if getenv("ROUND") != "" {
		return nil, errors.New("ROUND has an effect with OVER=rate only; leave it out")
	}
	return nil, nil
}

func checkAxesOfWriters(axes scenario.Axes) error {
	switch {
	case axes.Has("writers"):
		return errors.New("leave out writers, which is searched for up to MAX, or give OVER=rate")
	case !axes.AtDefault("rate"):
		return errors.New("rate must be closed with OVER=writers; OVER=rate searches for a rate")
	}
	return nil
}

func checkAxesOfRate(axes scenario.Axes) error {
	switch {
	case axes.Has("rate"):
		return errors.New("leave out rate, which is searched for up to MAX")
	case !axes.AtDefault("think"):
		return errors.New("leave out think, which has no effect with a rate of arrivals")
	}
	return nil
}

func main() { runner.Main(newConfig(os.Getenv("OVER")), report) }
