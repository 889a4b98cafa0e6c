// Package bench holds the benchmarks: how many writers can write to one SQLite file at once,
// what it costs, and what moves the limit.
//
//	go test -bench . -count 10 ./bench
//	go test -bench Burst ./bench -axes 'exec=process journal=delete,wal writers=64,500 busy=5s'
//
// [BenchmarkBurst], [BenchmarkSustained], [BenchmarkLimit], [BenchmarkCeiling], [BenchmarkThreads], [BenchmarkFaults] and
// [BenchmarkHarness] are in files of their names. A round goes one way through the packages below
// this one:
//
//	axes -> scenario -> fleet (starts writers, once) -> round: sqlitedb.Create -> release
//	     -> outcomes -> sqlitedb.Audit -> tally, anatomy, timeline -> testing.B.ReportMetric
//
// What scripts draw of it is package chart's, which no benchmark imports, so that writer processes stay small.
//
// It runs on Linux: writers meet on CLOCK_MONOTONIC, and machine and memory are read from /proc.
package bench
