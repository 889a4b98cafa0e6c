// Package bench holds the benchmarks: how many writers can write to one SQLite file at once, what
// it costs, and which settings change it.
//
//	go test -bench . -count 10 ./bench
//	go test -bench Burst ./bench -axes 'exec=process journal=delete,wal writers=64,500 busy=5s'
//
// The benchmarks are in _test.go files named after them: Burst, Sustained, Limit, Ceiling, Threads,
// Faults, PowerLoss and Harness. Their machinery is in the files without that suffix. Data flows
// one way through the packages below this one:
//
//	axes -> scenario -> fleet (starts writers, once) -> round: sqlitedb.Create -> release
//	     -> outcomes -> sqlitedb.Audit -> metrics, anatomy, timeline -> testing.B.ReportMetric
//
// It runs on Linux: writers synchronize on CLOCK_MONOTONIC, and facts about the machine and its
// memory are read from /proc.
//
// README.md in this directory is the reference. Its tables of axes, units, flags and make targets
// are generated.
package bench

//go:generate go test ../scripts/internal/docs -run TestReferenceIsCurrent -update
