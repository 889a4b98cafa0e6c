package main

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// BenchmarkCost measures what looking costs the database: the commits of a process in windows in
// which its database is looked at, against windows in which it is not. They alternate, and each
// pair begins with the other kind than the one before, so that both meet the same drift of the
// machine. Run it on an idle machine:
//
//	go test -run - -bench Cost -benchtime 200x ./scripts/locks
//
// slower-% is how much fewer commits there are, and slower-low-% and slower-high-% are the ends of
// its 95 % confidence interval. It is at 0 within the interval if looking costs nothing.
func BenchmarkCost(b *testing.B) {
	for _, mode := range []string{"delete", "wal"} {
		for _, every := range []time.Duration{time.Millisecond, 5 * time.Millisecond} {
			b.Run(fmt.Sprintf("journal=%s/every=%v", mode, every), func(b *testing.B) {
				compareCommits(b, mode, every)
			})
		}
	}
}

// compareCommits lets a process commit with and without looks at an interval. Without syncs it
// needs only the processor, so that a cost cannot hide in the time of the disk.
func compareCommits(b *testing.B, mode string, every time.Duration) {
	const window = 100 * time.Millisecond
	path := newDatabase(b, mode)
	s := script{Path: path, First: []string{"PRAGMA synchronous=off"}, Commits: true}
	p := start(b, s)
	without := func() float64 { return p.commits(b, window) }
	with := func() float64 {
		stop := watchUntilStopped(b, path, every)
		defer stop()
		return p.commits(b, window)
	}
	without() // creates what the first transaction creates
	var ratios []float64
	for first := true; b.Loop(); first = !first {
		var watched, alone float64
		if first {
			watched = with()
			alone = without()
		} else {
			alone = without()
			watched = with()
		}
		ratios = append(ratios, math.Log(watched/alone))
	}
	report(b, ratios)
}

// commits lets a process commit for some time, and returns how often it did.
func (c client) commits(b *testing.B, length time.Duration) float64 {
	fmt.Fprintln(c.stdin, length)
	line, err := c.stdout.ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || n == 0 {
		b.Fatalf("printed %q", line)
	}
	return float64(n)
}

// watchUntilStopped looks at a database as WATCH does.
func watchUntilStopped(b *testing.B, path string, every time.Duration) (stop func()) {
	d, err := openDatabase(path)
	if err != nil {
		b.Fatal(err)
	}
	results := []result{{db: d, naps: newNaps(state{}), commands: commands{}}}
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error)
	go func() {
		s := settings{length: time.Hour, every: every}
		done <- sampleAll(ctx, results, s)
	}()
	return func() {
		cancel()
		if err := <-done; err != nil {
			b.Error(err)
		}
		d.close()
	}
}

// report reports by how much the rate is lower with looking, from logarithms of ratios.
func report(b *testing.B, ratios []float64) {
	mean, deviation := stat.MeanStdDev(ratios, nil)
	slower := func(log float64) float64 { return 100 * (1 - math.Exp(log)) }
	b.ReportMetric(slower(mean), "slower-%")
	if n := float64(len(ratios)); n > 1 {
		t := distuv.StudentsT{Sigma: 1, Nu: n - 1}
		half := t.Quantile(0.975) * deviation / math.Sqrt(n)
		b.ReportMetric(slower(mean+half), "slower-low-%")
		b.ReportMetric(slower(mean-half), "slower-high-%")
	}
}
