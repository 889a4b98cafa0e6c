package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"busybench/scripts/internal/chart"
	"busybench/scripts/internal/snapshot"
)

// figure is what one picture shows.
type figure struct {
	name, unit string // of the file, and of the snapshot's column
	title      string
	axis       chart.Axis
	ceilings   bool // there is a level that it cannot exceed
}

var figures = []figure{
	{"inserts", "inserts/s", "inserts per second", chart.Axis{Title: "inserts per second", Log: true}, true},
	{"lockerr", "lockerr-%", "lock errors", chart.Axis{Title: "lock errors, % of attempts"}, false},
	{"p99", "p99-ns", "99th percentile of an insert", chart.Axis{Title: "p99 of an insert", Log: true, Time: true}, false},
}

// drawAll draws every figure of every benchmark of a snapshot, and of one from before where that is not nil.
func drawAll(stdout io.Writer, before, s *source) error {
	names, drawn := s.Benchmarks(), 0
	for _, name := range names {
		for _, f := range figures {
			c := curves(name, f, before, s)
			if len(c.Panels) == 0 {
				continue
			}
			var svg strings.Builder
			if err := c.Draw(&svg); err != nil {
				return fmt.Errorf("%s: %s of %s: %w", s.Path, f.unit, name, err)
			}
			path := pathOf(name, f, before, s)
			if err := snapshot.WriteWhole(path, svg.String()); err != nil {
				return err
			}
			fmt.Fprintf(stdout, "%s is written: %s\n", path, c.Title)
			drawn++
		}
	}
	if drawn == 0 {
		return fmt.Errorf("%s holds %s without writers=N in the names or without inserts/s, lockerr-%% and p99-ns; is it a result file of make bench?", s.Path, strings.Join(names, ", "))
	}
	return nil
}

// pathOf is where a picture goes, such as results/default.burst.inserts.svg.
func pathOf(name string, f figure, before, s *source) string {
	what := strings.ToLower(name) + "." + f.name + ".svg"
	if before != nil {
		what = "vs-" + snapshot.Label(before.Path) + "." + what
	}
	return snapshot.Sibling(s.Path, what)
}

// curves is a figure of a benchmark. It has no panels where the snapshot has no samples for it.
func curves(name string, f figure, before, s *source) chart.Curves {
	c := chart.Curves{
		Title:    name + ": " + f.title,
		Subtitle: subtitle(name, s),
		X:        chart.Axis{Title: "writers at once", Log: true, Values: true},
		Y:        f.axis,
	}
	lines := builder{name: name, figure: f}
	if before != nil {
		c.Subtitle = fmt.Sprintf("%s; hollow and dotted: %s", c.Subtitle, snapshot.Label(before.Path))
		lines.addAll(before, true)
	}
	lines.addAll(s, false)
	c.Panels = lines.panels
	if lines.few {
		c.Notes = append(c.Notes, fmt.Sprintf("A median without an interval is of fewer than %d passes.", snapshot.MinSamples))
	}
	if f.ceilings && !lines.anyCeiling {
		c.Notes = append(c.Notes, "No ceiling is drawn: the snapshot has none (BenchmarkCeiling).")
	}
	return c
}

// subtitle says what the points are, and under which settings they were measured.
func subtitle(name string, s *source) string {
	results := s.rows[slices.IndexFunc(s.rows, func(row snapshot.Row) bool { return row.Benchmark() == name })].Results
	passes := len(results)
	text := fmt.Sprintf("%s: medians of %d passes", snapshot.Label(s.Path), passes)
	if passes >= snapshot.MinSamples {
		text += " with 95\u00a0% intervals"
	}
	for _, axis := range []string{"busy", "txn", "sync", "conn"} {
		if value := results[0].GetConfig(axis); value != "" {
			text += fmt.Sprintf("; %s=%s", axis, value)
		}
	}
	return text
}
