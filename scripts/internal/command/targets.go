// Package command declares the make targets: what each does, which settings it takes and how long
// it takes. The scripts read their defaults from here, "make help" and the scripts' -h print it,
// and a misspelt setting is found by it.
package command

import (
	"slices"

	"busybench/bench/metrics"
	"busybench/bench/scenario"
)

// Setting is a make variable that a script reads from its environment.
type Setting struct {
	Name    string // such as "COUNT"
	Default string // empty if there is none, or if Doc explains it
	Doc     string // what it is, a phrase in lower case
}

// Target is a make target and the script behind it.
type Target struct {
	Name     string // such as "bench"
	Doc      string // what it answers or does, a phrase in lower case
	Takes    string // how long with the defaults, such as "17 minutes"
	Settings []Setting
	Examples []string // whole commands
}

// Default returns the default of a setting, empty if the target has none.
func (t Target) Default(name string) string {
	for _, s := range t.Settings {
		if s.Name == name {
			return s.Default
		}
	}
	return ""
}

// Has reports whether a target has a setting.
func (t Target) Has(name string) bool {
	return slices.ContainsFunc(t.Settings, func(s Setting) bool { return s.Name == name })
}

// Settings that several targets have.
var (
	dir   = Setting{"DIR", ".", "directory on the disk to measure"}
	round = Setting{"ROUND", "1s", "length of a sustained round"}
	seed  = Setting{"SEED", "1", "seed of the first run; each further run has the next one"}
	shown = Setting{"LABEL", "", "the snapshot, by name or path (default: latest, or default if " +
		"there is no latest)"}
	older = Setting{"OLD", "", "with NEW: the earlier of two snapshots, by name or path"}
	newer = Setting{"NEW", "", "with OLD: the later of two snapshots, by name or path"}
)

func axes(value, doc string) Setting { return Setting{"AXES", value, doc} }

// pattern describes BENCH.
const pattern = "which benchmarks, a pattern as for go test -bench"

func bench(value string) Setting { return Setting{"BENCH", value, pattern} }

func count(value string) Setting { return Setting{"COUNT", value, "number of runs"} }

func label(value string) Setting {
	return Setting{"LABEL", value, "name of the snapshot, results/LABEL.txt"}
}

// driver names a program that writes.
var driver = Setting{"DRIVER", "", "program that writes for a value of the axis driver, as " +
	"NAME=COMMAND; those that make drivers builds need none"}

// sql names a file with the user's own schema and transactions.
var sql = Setting{"SQL", "", "SQL file with your own schema and transactions in place of the " +
	"built-in insert, such as bench/workload/django.sql; see bench/README.md"}

// defaults are those of some settings, by name.
type defaults map[string]string

// overRate are the defaults of make limit that differ with OVER=rate. Of two seconds the arrivals
// are numerous enough for limits that repeat to about a tenth, and each of the two searches takes
// about three minutes.
var overRate = defaults{
	"AXES": "exec=process writers=8 busy=5s", "MAX": "65536", "ROUND": "2s",
}

// describe says what the default of a setting is with OVER=rate.
func (d defaults) describe(name string) string {
	return "; with OVER=rate the default is " + d[name]
}

// LimitOverRate is make limit with OVER=rate.
func LimitOverRate() Target {
	t := Limit
	t.Settings = slices.Clone(t.Settings)
	for i, s := range t.Settings {
		if value, ok := overRate[s.Name]; ok {
			t.Settings[i].Default = value
		}
	}
	return t
}

// The targets.
var (
	Quick = Target{
		Name: "quick", Takes: "60 seconds",
		Doc: "why writes are refused here, and what to change first",
		Settings: []Setting{
			{"WRITERS", "12", "how many write at once"},
			{"EXEC", "process", "what a writer is: process or goroutine"},
			{"JOURNAL", "delete", "today's journal mode"},
			{"BUSY", "5s", "what today's writers do when the file is locked: none (fail at " +
				"once), a timeout such as 5s, block, retry or queue"},
			{"TXN", "auto", "how today's transactions begin: auto (one INSERT without BEGIN), " +
				"deferred (BEGIN), immediate, exclusive, or upgrade (BEGIN and a SELECT); with " +
				"SQL the default is deferred"},
			{"BATCH", "1", "rows in each transaction"},
			{"DRIVER", "", "the driver of your program, to look for known bugs of its SQLite: " +
				"one that make drivers builds, or NAME=COMMAND (default: python3 and sqlite3, if " +
				"installed)"},
			dir, label("latest-quick"), sql,
		},
		Examples: []string{
			"make quick WRITERS=12 TXN=upgrade DIR=/var/lib/myservice",
			"make quick EXEC=goroutine WRITERS=200 JOURNAL=wal",
			"make quick SQL=bench/workload/django.sql",
		},
	}

	Bench = Target{
		Name: "bench", Takes: "17 minutes",
		Doc: "measure a matrix of settings, all of it in each run",
		Settings: []Setting{
			bench("."),
			axes("", "what to run, see bench/README.md (default, for Burst and Sustained: "+
				scenario.Defaults+")"),
			count("10"), label("latest"), dir, round, seed, driver, sql,
			{"BUDGET", "", "time to spend instead of COUNT, such as 10m: 6 runs, then more of " +
				"the rows with the widest intervals"},
			{"AB", "", "two binaries of go test -c whose runs alternate, the older first; the " +
				"snapshots are LABEL-old and LABEL-new"},
		},
		Examples: []string{
			"make bench LABEL=mine BENCH=Sustained AXES='writers=8 busy=5s,queue'",
			"make bench LABEL=mine BENCH=Burst AXES='exec=process writers=500' COUNT=1",
			"make bench LABEL=mine SQL=mine.sql AXES='txn=deferred,immediate'",
			"make bench LABEL=mine AB='/tmp/old /tmp/new' BENCH=Burst COUNT=12",
		},
	}

	Compare = Target{
		Name: "compare", Takes: "a second",
		Doc: "compare settings within a snapshot, or two snapshots",
		Settings: []Setting{
			shown,
			{"BY", "", "axes to compare along, such as busy or busy=5s,queue (default: exec, " +
				"journal and writers, if they vary)"},
			older, newer,
			{"BENCH", "", pattern + " (default: Burst and Sustained; with OLD and NEW all)"},
			{"UNITS", "", "units or headings to print, or all (default: the five headline units)"},
			{"FORMAT", "", "md: tables for a pull request; csv: a line for each row and unit, " +
				"with all axes (default: text)"},
			{"GATE", "", "with OLD and NEW: fail if a figure is worse beyond doubt by more than " +
				"this percentage, or missing"},
		},
		Examples: []string{
			"make compare LABEL=mine BY=busy",
			"make compare OLD=before NEW=after GATE=5",
			"make compare LABEL=mine UNITS=all FORMAT=csv",
		},
	}

	Limit = Target{
		Name: "limit", Takes: "10 minutes",
		Doc: "how many writers can write at once, or which rate they can take, without a lock " +
			"error",
		Settings: []Setting{
			{"OVER", "writers", "what to search for: writers, or rate, the arrivals per second " +
				"that writers can take, with other defaults"},
			axes("busy=5s,retry,queue", "what to search, without the axis that is searched for"+
				overRate.describe("AXES")),
			{"MAX", "1024", "max number of writers, or of arrivals per second, to try" +
				overRate.describe("MAX")},
			{"ROUNDS", "5", "rounds for each number of writers or rate; those for writers are " +
				"bursts"},
			{"ROUND", "", "length of a round" + overRate.describe("ROUND")},
			{"ERRORS", "0", "max lock errors in a round that passes, or their share of the " +
				"attempts such as 1%"},
			{"P99", "", "max p99 of a round that passes, such as 250ms (default: any)"},
			{"TIME", "9m", "when a run stops refining its searches"},
			bench("^BenchmarkLimit$"), count("1"), label("latest-limit"), dir, seed, driver,
			sql,
		},
		Examples: []string{
			"make limit AXES='exec=process journal=delete,wal busy=5s' P99=250ms",
			"make limit OVER=rate AXES='exec=process writers=4,16' ERRORS=1% P99=500ms",
			"make limit SQL=bench/workload/django.sql AXES='exec=process txn=deferred'",
		},
	}

	Plot = Target{
		Name: "plot", Takes: "a second",
		Doc: "draw a snapshot's curves over the number of writers",
		Settings: []Setting{
			shown, older, newer,
			{"BENCH", "", pattern + " (default: Burst and Sustained)"},
			{"BY", "", "axis whose values are lines in one panel, such as busy"},
		},
		Examples: []string{"make plot LABEL=mine BY=busy"},
	}

	Export = Target{
		Name: "export", Takes: "a second",
		Doc: "print a snapshot's data as CSV, JSON or Markdown",
		Settings: []Setting{
			shown,
			{"FORMAT", "csv", "csv: a line for each result of each run, a column for each axis " +
				"and unit; json: the same, with the header and the medians; md: tables of the " +
				"medians with their intervals"},
			{"BENCH", "", pattern + " (default: all)"},
			{"UNITS", "", "units to print (default: all; with FORMAT=md the headline units)"},
		},
		Examples: []string{
			"make export LABEL=mine BENCH=Burst UNITS=inserts/s,p99-ns",
			"make export LABEL=mine FORMAT=json",
		},
	}

	Report = Target{
		Name: "report", Takes: "a second",
		Doc:      "write a snapshot as one HTML page, results/LABEL.html",
		Settings: []Setting{shown},
		Examples: []string{"make report LABEL=mine"},
	}

	History = Target{
		Name: "history", Takes: "a second",
		Doc: "draw a committed snapshot from revision to revision",
		Settings: []Setting{
			shown,
			{"BENCH", "", pattern + " (default: all)"},
			{"UNITS", metrics.InsertsPerSecond, "units to show"},
		},
		Examples: []string{"make history LABEL=mine BENCH=Sustained UNITS=inserts/s,p99-ns"},
	}

	Timeline = Target{
		Name: "timeline", Takes: "10 seconds",
		Doc: "draw one round, writer by writer over time",
		Settings: []Setting{
			bench("^BenchmarkBurst$"),
			axes("exec=process journal=delete writers=8 busy=5s,queue", "what to run"),
			{"ROUND", "100ms", "length of a sustained round; one of 10s or more is also drawn " +
				"as figures over time"},
			count("1"), label("latest-timeline"), dir, driver, sql,
		},
		Examples: []string{
			"make timeline AXES='exec=process writers=16 journal=wal'",
			"make timeline BENCH=Sustained ROUND=10s AXES='writers=16 journal=wal'",
		},
	}

	Profile = Target{
		Name: "profile", Takes: "30 seconds",
		Doc: "where wall time and processor time go",
		Settings: []Setting{
			bench("^BenchmarkBurst$"),
			axes("exec=process journal=delete writers=64 busy=5s,retry,queue", "what to run"),
			{"TIME", "3s", "how long or how often to run each benchmark, such as 10x"},
			count("1"), label("latest-profile"), dir, round, sql,
		},
		Examples: []string{"make profile AXES='exec=process writers=64 journal=wal'"},
	}

	Faults = Target{
		Name: "faults", Takes: "6 minutes",
		Doc: "kill writers: is an acknowledged row lost?",
		Settings: []Setting{
			axes("", "what to run (default: every journal mode, 8 processes, batch=50)"),
			{"KILLS", "100", "min number of writers to kill in each run"},
			{"ROWS", "100000", "min number of acknowledged rows in each run"},
			seed,
			bench("^BenchmarkFaults$"), count("10"), label("latest-faults"), dir, round, sql,
		},
		Examples: []string{"make faults AXES='journal=wal sync=normal' COUNT=1"},
	}

	PowerLoss = Target{
		Name: "powerloss", Takes: "20 minutes",
		Doc: "cut the power: which acknowledged rows are lost?",
		Settings: []Setting{
			axes("", "what to run (default: every journal mode with a journal on the disk, every "+
				"value of sync, 4 processes, busy=5ms batch=10 payload=800)"),
			{"CUTS", "40", "min number of cuts in each run"},
			{"ROWS", "20000", "min number of acknowledged rows in each run"},
			{"ROUND", "250ms", "longest time from the release of the writers to a cut"},
			seed, bench("^BenchmarkPowerLoss$"), count("5"), label("latest-powerloss"), dir,
			driver,
		},
		Examples: []string{
			"make powerloss AXES='journal=wal sync=normal checkpoint=auto:100' COUNT=1",
		},
	}

	Original = Target{
		Name: "original", Takes: "60 seconds",
		Doc:      "why 500 inserts at once passed in the first experiment",
		Settings: []Setting{label("latest-original"), dir},
	}

	Locks = Target{
		Name: "locks", Takes: "a second",
		Doc: "who holds the locks of your live database now",
		Settings: []Setting{
			{"DB", "", "path of the database, or several with spaces between them; they are only " +
				"read, and not through SQLite"},
			{"WATCH", "", "how long to look, such as 10s: reports how long and how often each " +
				"process held the write lock, with a picture (default: who holds it now)"},
			{"EVERY", "5ms", "time between two looks at the write lock; shorter holds may be " +
				"missed"},
			{"LABEL", "latest-locks", "name of the pictures, results/LABEL.svg"},
		},
		Examples: []string{
			"make locks DB=/srv/app.db",
			"make locks DB='/srv/app.db /srv/jobs.db' WATCH=10s",
		},
	}

	Claims = Target{
		Name: "claims", Takes: "a second",
		Doc: "published claims: confirmed or refuted here",
		Settings: []Setting{
			{"ID", "", "claims to measure first, such as C14,C15, or all for those without a " +
				"snapshot (default: none)"},
			{"COUNT", "", "number of runs (default: that of each snapshot)"},
			dir,
		},
		Examples: []string{"make claims", "make claims ID=C46 DIR=/var/lib/myservice"},
	}

	Drivers = Target{
		Name: "drivers", Takes: "3 minutes",
		Doc: "build the writers of the axis driver",
	}

	Conformance = Target{
		Name: "conformance", Takes: "a minute",
		Doc: "test whether a program is a writer for the axis driver",
		Settings: []Setting{
			{"DRIVER", "zombiezen", "a driver that make drivers builds, or a program of yours " +
				"as NAME=COMMAND"},
			{"DIR", ".", "directory for databases"},
		},
		Examples: []string{
			"make conformance DRIVER=python",
			"make conformance DRIVER='mine=python3 writer.py'",
		},
	}

	Test = Target{
		Name: "test", Takes: "3 minutes",
		Doc: "run all tests and checks",
	}

	Help = Target{
		Name: "help", Takes: "a second", Doc: "list the targets and variables",
	}
)

// Targets lists all targets, in the order of the help.
var Targets = []Target{
	Quick, Bench, Compare, Limit, Plot, Export, Report, History, Timeline, Profile, Faults,
	PowerLoss, Original, Locks, Claims, Drivers, Conformance, Test, Help,
}
