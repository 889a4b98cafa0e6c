// Limit answers how many writers can write at once before one of them gets "database is locked". It
// runs BenchmarkLimit, stores the results as a snapshot (see package runner), and reports one
// sentence for each combination of settings.
//
// "make limit" calls it from the top of the repository. It takes its settings from the environment:
//
//	AXES    what to run, for -axes (default "busy=5s,retry,queue": both journals,
//	        both kinds of writer)
//	MAX     the largest number of writers to try (default 1024)
//	ROUNDS  bursts for each number of writers (default 5)
//	ERRORS  the largest number of lock errors in a burst that passes (default 0)
//	P99     the longest p99 of a burst that passes, such as 1s (default: any)
//	TIME    when a run stops making searches more precise, to end within 10 minutes (default 9m)
//	BENCH   a regular expression of benchmarks (default "^BenchmarkLimit$")
//	COUNT   runs, each with a search for each combination (default 1)
//	LABEL   name of the snapshot (default "latest-limit"); beside it is LABEL.report.txt
//	DIR     directory on the disk to measure (default: the current one)
//	ROUND   length of a sustained round (default 1s); a search has none, it makes bursts
package main

import "busybench/scripts/internal/runner"

var config = runner.Config{
	Command: "make limit", Bench: "^BenchmarkLimit$", Count: 1, Label: "latest-limit",
	Axes: "busy=5s,retry,queue",
	Flags: func(string) []string {
		return []string{"-limit", "-limit.time=9m", // a later flag of an option replaces it
			"-test.benchtime=1x"} // one search each, however short
	},
	Options: []runner.Option{
		{Name: "MAX", Flag: "-limit.max"},
		{Name: "ROUNDS", Flag: "-limit.rounds"},
		{Name: "ERRORS", Flag: "-limit.errors"},
		{Name: "P99", Flag: "-limit.p99"},
		{Name: "TIME", Flag: "-limit.time"},
	},
}

func main() { runner.Main("limit", config, report) }
