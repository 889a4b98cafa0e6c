// Profile answers where the time goes: what a writer's wall time is spent on, in which functions
// the processor time of all writer processes and of their parent is spent, and what goroutines wait for.
//
// It is what "make profile" calls, from the top of the repository, and takes its settings from the
// environment:
//
//	BENCH  which benchmarks, a regular expression (default "^BenchmarkBurst$")
//	AXES   what to run, for -axes (default: 64 processes, rollback journal, busy=5s,retry,queue)
//	TIME   how long to run each benchmark, or how often, such as 10x (default 3s)
//	COUNT  passes (default 1)
//	LABEL  name of the snapshot (default "latest-profile"); beside it are written LABEL.profile.txt, which
//	       is what it prints, and LABEL.cpu.pb.gz, LABEL.block.pb.gz and LABEL.mutex.pb.gz for go tool pprof
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

var script = runner.Config{
	Command: "make profile", Bench: "^BenchmarkBurst$", Count: 1, Label: "latest-profile",
	Axes: "exec=process journal=delete writers=64 busy=5s,retry,queue",
	Flags: func(scratch string) []string {
		return []string{"-profile=" + scratch, "-test.benchtime=3s"} // an option that follows replaces it
	},
	Options: []runner.Option{{Name: "TIME", Flag: "-test.benchtime", Check: checkTime}},
}

// checkTime refuses what the testing package would answer with all of its flags.
func checkTime(value string) error {
	if times, ok := strings.CutSuffix(value, "x"); ok {
		if n, err := strconv.Atoi(times); err == nil && n > 0 {
			return nil
		}
	} else if d, err := time.ParseDuration(value); err == nil && d > 0 {
		return nil
	}
	return fmt.Errorf("bad time %q; give a duration above 0, such as 3s, or a number of rounds, such as 10x", value)
}

func main() { runner.Main("profile", script, answer) }
