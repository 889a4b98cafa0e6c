// Bench makes a result snapshot (see package runner) and prints a table of it.
//
// "make bench" calls it from the top of the repository. Its settings are those of
// [command.Bench], from the environment; -h prints them.
package main

import (
	"busybench/scripts/internal/command"
	"busybench/scripts/internal/runner"
)

var config = runner.Config{Target: command.Bench}

func main() { runner.Main(config, report) }
