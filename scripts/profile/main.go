// Profile answers where the time goes: what a writer's wall time is spent on, in which functions
// all writer processes and their parent spend processor time, and what goroutines wait for.
//
// "make profile" calls it from the top of the repository. Its settings are those of
// [command.Profile], from the environment; -h prints them.
package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"busybench/scripts/internal/command"
	"busybench/scripts/internal/runner"
)

var config = runner.Config{
	Target:  command.Profile,
	Files:   []string{runner.ReportFile},
	Flags:   func(scratch string) []string { return []string{"-profile=" + scratch} },
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

func main() { runner.Main(config, report) }
