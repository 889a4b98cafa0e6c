package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"busybench/bench/metrics"
	"busybench/scripts/internal/chart"
	"busybench/scripts/internal/snapshot"
)

// figure is what one picture shows.
type figure struct {
	name, unit string // in the picture's file name, and in the snapshot
	title      string
	axis       chart.Axis
	ceilings   bool // a lone writer's level is an upper limit
}

var figures = []figure{
	{"inserts", metrics.InsertsPerSecond, "inserts per second",
		chart.Axis{Title: "inserts per second", Log: true}, true},
	{"lockerr", metrics.LockErrorPercent, "lock errors",
		chart.Axis{Title: "lock errors, % of attempts"}, false},
	{"p99", metrics.P99, "99th percentile of an insert",
		chart.Axis{Title: "p99 of an insert", Log: true, Time: true}, false},
}

// drawAll draws every figure of every benchmark of a snapshot, together with a baseline if that is
// not nil, then stores them all, and then prints what it stored.
func drawAll(ctx context.Context, stdout io.Writer, baseline, s *source) error {
	var pictures []snapshot.File
	var lines strings.Builder
	names := s.Benchmarks()
	for _, name := range names {
		for _, f := range figures {
			c := curves(name, f, baseline, s)
			if len(c.Panels) == 0 {
				continue
			}
			var svg strings.Builder
			if err := c.Draw(&svg); err != nil {
				return fmt.Errorf("%s: %s of %s: %w", s.Path, f.unit, name, err)
			}
			path := picturePath(name, f, baseline, s)
			pictures = append(pictures, snapshot.File{Path: path, Text: svg.String()})
			fmt.Fprintf(&lines, "%s is written: %s\n", path, c.Title)
		}
	}
	if pictures == nil {
		var units []string
		for _, f := range figures {
			units = append(units, f.unit)
		}
		return fmt.Errorf("%s holds %s without writers=N in the names or without any of %s; "+
			"is it a result file of make bench?",
			s.Path, strings.Join(names, ", "), strings.Join(units, ", "))
	}
	if err := snapshot.Store(ctx, pictures...); err != nil {
		return err
	}
	_, err := io.WriteString(stdout, comments(baseline, s)+lines.String())
	return err
}

// comments returns comment lines: the revisions of the snapshots, and warnings about them.
func comments(baseline, s *source) string {
	if baseline == nil {
		return s.RevisionLines("")
	}
	lines := baseline.RevisionLines(" (old)") + s.RevisionLines(" (new)")
	for _, warning := range snapshot.Warnings(baseline.Snapshot, s.Snapshot) {
		lines += fmt.Sprintf("# warning: %s\n", warning)
	}
	return lines
}

// picturePath returns the path of a picture, such as results/default.burst.inserts.svg.
func picturePath(name string, f figure, baseline, s *source) string {
	suffix := strings.ToLower(name) + "." + f.name + ".svg"
	if baseline != nil {
		suffix = "vs-" + snapshot.Label(baseline.Path) + "." + suffix
	}
	return snapshot.Sibling(s.Path, suffix)
}

// curves returns a figure of a benchmark. It has no panels if the snapshot has no samples for it.
func curves(name string, f figure, baseline, s *source) chart.Curves {
	c := chart.Curves{
		Title:    name + ": " + f.title,
		Subtitle: subtitle(name, s),
		X:        chart.Axis{Title: "writers at once", Log: true, Values: true},
		Y:        f.axis,
	}
	b := panelBuilder{benchmark: name, figure: f}
	if baseline != nil {
		c.Subtitle += "; hollow and dotted: " + snapshot.Label(baseline.Path)
		for _, warning := range snapshot.Warnings(baseline.Snapshot, s.Snapshot) {
			c.Notes = append(c.Notes, "Warning: "+warning+".")
		}
		b.addSource(baseline)
	}
	b.addSource(s)
	c.Panels = b.panels
	if b.hasBarePoints {
		c.Notes = append(c.Notes, fmt.Sprintf(
			"A median without an interval is of fewer than %d runs.", snapshot.MinSamples))
	}
	if f.ceilings && !b.hasCeilings {
		c.Notes = append(c.Notes, "No ceiling is drawn: the snapshot has none (BenchmarkCeiling).")
	}
	return c
}

// subtitle says what the points are, and under which settings they were measured.
func subtitle(name string, s *source) string {
	first := slices.IndexFunc(s.rows, func(row snapshot.Row) bool {
		return row.Benchmark() == name
	})
	results := s.rows[first].Results
	runs := len(results)
	text := fmt.Sprintf("%s: medians of %d runs", snapshot.Label(s.Path), runs)
	if runs >= snapshot.MinSamples {
		text += " with 95\u00a0% intervals"
	}
	for _, axis := range []string{"busy", "txn", "sync", "conn"} {
		if value := results[0].GetConfig(axis); value != "" {
			text += fmt.Sprintf("; %s=%s", axis, value)
		}
	}
	return text
}
