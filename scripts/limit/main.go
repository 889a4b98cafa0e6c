// Limit asks how many can write at once before one of them gets "database is locked", with BenchmarkLimit,
// stores what it found as a snapshot (see package passes), and answers in one sentence for each
// combination of settings.
//
// It is what "make limit" calls, from the top of the repository, and takes its settings from the
// environment:
//
//	AXES    what to run, for -axes (default "busy=5s,retry,queue": both journals, both kinds of writer)
//	MAX     the most writers to try (default 1024)
//	ROUNDS  bursts for each number of writers (default 5)
//	ERRORS  the most lock errors in a burst that passes (default 0)
//	P99     the longest p99 of a burst that passes, such as 1s (default: any)
//	TIME    after which a pass makes no search more precise, so that it ends within 10 minutes (default 9m)
//	COUNT   passes, each a search for each combination (default 1)
//	LABEL   name of the snapshot (default "latest-limit"); the answers go beside it, as LABEL.answers.txt
//	DIR     directory on the disk to measure (default: the current one)
package main

import "busybench/scripts/internal/runner"

var script = runner.Config{
	Command: "make limit", Bench: "^BenchmarkLimit$", Axes: "busy=5s,retry,queue", Count: 1, Label: "latest-limit",
	Flags: func(string) []string {
		return []string{"-limit", "-limit.time=9m", // an option that follows replaces it
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

func main() {
	runner.Main("limit", script, answer)
}
