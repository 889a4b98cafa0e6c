// Profile answers where the time goes: what a writer's wall time is spent on, in which functions
// all writer processes and their parent spend processor time, and what goroutines wait for.
//
// "make profile" calls it from the top of the repository. It takes its settings from the
// environment:
//
//	BENCH  a regular expression of benchmarks (default "^BenchmarkBurst$")
//	AXES   what to run, for -axes (default: 64 processes, rollback journal, busy=5s,retry,queue)
//	TIME   how long or how often to run each benchmark, such as 10x (default 3s)
//	COUNT  runs (default 1)
//	LABEL  name of the snapshot (default "latest-profile"); the report is LABEL.report.txt beside
//	       it, with LABEL.cpu.pb.gz, LABEL.block.pb.gz and LABEL.mutex.pb.gz for go tool pprof
//	DIR    directory on the disk to measure (default: the current one)
//	ROUND  length of a sustained round (default 1s)
package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"busybench/scripts/internal/runner"
)

var config = runner.Config{
	Command: "make profile", Bench: "^BenchmarkBurst$", Count: 1, Label: "latest-profile",
	Axes: "exec=process journal=delete writers=64 busy=5s,retry,queue",
	Flags: func(scratch string) []string {
		// A later -test.benchtime, of TIME, replaces this one.
		return []string{"-profile=" + scratch, "-test.benchtime=3s"}
	},
	Options: []runner.Option{{Name: "TIME", Flag: "-test.benchtime", Check: checkTime}},
}

// checkTime rejects a bad -test.benchtime. The testing package would answer with all of its flags.
func checkTime(value string) error {
	if times, ok := strings.CutSuffix(value, "x"); ok {
		if n, err := strconv.Atoi(times); err == nil && n > 0 {
			return nil
		}
	} else if d, err := time.ParseDuration(value); err == nil && d > 0 {
		return nil
	}
	return fmt.Errorf(
		"bad time %q; give a duration, such as 3s, or a number of rounds, such as 10x", value)
}

func main() { runner.Main("profile", config, report) }
