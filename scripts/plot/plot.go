package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"busybench/bench/metrics"
	"busybench/bench/scenario"
	"busybench/scripts/internal/chart"
	"busybench/scripts/internal/snapshot"
)

// figure is what one picture shows.
type figure struct {
	name, unit string // in the picture's file name, and in the snapshot
	title      string
	axis       chart.Axis
	ceilings   bool // a lone writer's level is an upper limit
	misleads   bool // refused attempts make it look good
}

var figures = []figure{
	{
		name: "inserts", unit: metrics.InsertsPerSecond, title: "inserts per second",
		axis:     chart.Axis{Title: "inserts per second", Log: true},
		ceilings: true, misleads: true,
	},
	{
		name: "lockerr", unit: metrics.LockErrorPercent, title: "lock errors",
		axis: chart.Axis{Title: "lock errors, % of attempts"},
	},
	{
		name: "p99", unit: metrics.P99, title: "99th percentile of an insert",
		axis:     chart.Axis{Title: "p99 of an insert", Log: true, Time: true},
		misleads: true,
	},
}

// Notes below pictures.
var (
	hollowNote = fmt.Sprintf("Hollow: over %g\u00a0%% of the attempts ended in a lock error. "+
		"A refused attempt can be short without being fast.", 100*snapshot.MaxRefused)
	bareNote = fmt.Sprintf("A median without an interval is of fewer than %d runs.",
		snapshot.MinSamples)
	maxNote = "Some points are maxima: a run has too few attempts for a p99, which needs 100."
)

// job is what to draw: a snapshot, together with a baseline if that is not nil, and along an axis
// if by is not empty.
type job struct {
	*source
	baseline *source
	by       string
}

// drawAll draws every figure of every benchmark, then stores them all, and then prints what it
// stored.
func (j job) drawAll(ctx context.Context, stdout io.Writer) error {
	var pictures []snapshot.File
	var lines strings.Builder
	names := j.Benchmarks()
	for _, name := range names {
		for _, f := range figures {
			c, err := j.curves(name, f)
			if err != nil {
				return err
			}
			if len(c.Panels) == 0 {
				continue
			}
			var svg strings.Builder
			if err := c.Draw(&svg); err != nil {
				return fmt.Errorf("%s: %s of %s: %w", j.Path, f.unit, name, err)
			}
			path := j.picturePath(name, f)
			pictures = append(pictures, snapshot.File{Path: path, Text: svg.String()})
			fmt.Fprintf(&lines, "%s is written.\n", path)
		}
	}
	if pictures == nil {
		var units []string
		for _, f := range figures {
			units = append(units, f.unit)
		}
		return fmt.Errorf("%s holds %s without writers=N in the names or without any of %s; "+
			"is it a result file of make bench?",
			j.Path, strings.Join(names, ", "), strings.Join(units, ", "))
	}
	if err := snapshot.Store(ctx, pictures...); err != nil {
		return err
	}
	_, err := io.WriteString(stdout, j.remarks()+lines.String()+j.hint())
	return err
}

// hint names the axes whose values are in panels of their own, and would be lines with BY.
func (j job) hint() string {
	if j.by != "" || j.baseline != nil {
		return ""
	}
	var settings []string
	for _, axis := range varying(j.rows) {
		if !slices.Contains(scenario.AlwaysNamed, axis) && len(j.values(axis)) > 1 {
			settings = append(settings, "BY="+axis)
		}
	}
	if settings == nil {
		return ""
	}
	return fmt.Sprintf("Lines instead of panels: %s.\n", strings.Join(settings, " or "))
}

// remarks says at which revisions the snapshots were measured, and warns if they differ in more
// than the settings.
func (j job) remarks() string {
	if j.baseline == nil {
		return revision(j.source)
	}
	return revision(j.baseline) + revision(j.source) +
		snapshot.WarningLines(snapshot.Warnings(j.baseline.Snapshot, j.Snapshot))
}

// revision says at which revision a snapshot was measured. It is empty if that is not known.
func revision(s *source) string {
	if len(s.Revisions) == 0 {
		return ""
	}
	return fmt.Sprintf("%s was measured with revision %s of this project.\n",
		s.Path, strings.Join(s.Revisions, " and "))
}

// rowsOf returns the rows of a benchmark.
func (s *source) rowsOf(name string) (rows []snapshot.Row) {
	for _, row := range s.rows {
		if row.Benchmark() == name {
			rows = append(rows, row)
		}
	}
	return rows
}

// picturePath returns the path of a picture, such as results/default.burst.inserts.svg.
func (j job) picturePath(name string, f figure) string {
	suffix := strings.ToLower(name) + "." + f.name
	if j.baseline != nil {
		suffix = "vs-" + snapshot.Label(j.baseline.Path) + "." + suffix
	}
	if j.by != "" {
		suffix += ".by-" + j.by
	}
	return snapshot.Sibling(j.Path, suffix+".svg")
}

// maxPanels is the max number of panels of a picture with BY.
const maxPanels = 8

// curves returns a figure of a benchmark. It has no panels if the snapshot has no samples for it.
func (j job) curves(name string, f figure) (chart.Curves, error) {
	rows := j.rowsOf(name)
	layout := newLayout(j.by, rows)
	if j.by != "" && len(layout.values) < 2 {
		return chart.Curves{}, nil // another benchmark has more
	}
	c := chart.Curves{
		Title:    name + ": " + f.title,
		Subtitle: subtitle(layout, rows, snapshot.Label(j.Path)),
		X:        layout.xAxis(),
		Y:        f.axis,
	}
	if j.by != "" {
		c.Title += " by " + j.by
	}
	b := panelBuilder{benchmark: name, figure: f, layout: layout}
	if j.baseline != nil {
		c.Subtitle += "; dotted, with small marks: " + snapshot.Label(j.baseline.Path)
		for _, warning := range snapshot.Warnings(j.baseline.Snapshot, j.Snapshot) {
			c.Notes = append(c.Notes, snapshot.Warning(warning))
		}
		b.addSource(j.baseline)
	}
	b.addSource(j.source)
	c.Panels = b.panels
	c.Notes = append(c.Notes, b.notes()...)
	if n := len(c.Panels); j.by != "" && n > maxPanels {
		return c, fmt.Errorf("BY=%s gives %d panels of %s, for all combinations of %s; "+
			"choose at most %d of them, such as BENCH='%s'", j.by, n, name,
			strings.Join(layout.panelAxes, ", "), maxPanels, pattern(rows[0], layout.panelAxes[0]))
	}
	return c, nil
}

// pattern returns a pattern for BENCH that matches a row up to an axis in its name.
func pattern(row snapshot.Row, axis string) string {
	text := row.Benchmark()
	for _, word := range snapshot.NameParts(row.Results[0]) {
		text += "/" + word
		if strings.HasPrefix(word, axis+"=") {
			break
		}
	}
	return text
}

// subtitle says what the points are, and under which settings they were measured.
func subtitle(l layout, rows []snapshot.Row, label string) string {
	results := rows[0].Results
	text := label + ": one run"
	if len(results) > 1 {
		text = fmt.Sprintf("%s: medians of %d runs", label, len(results))
	}
	if len(results) >= snapshot.MinSamples {
		text += " with 95\u00a0% intervals"
	}
	if l.by != "" {
		for _, axis := range []string{"exec", "journal", "writers"} {
			isInLegend := l.byIsX && axis != "writers"
			if all := values(rows, axis); len(all) == 1 && !isInLegend {
				text += fmt.Sprintf("; %s=%s", axis, all[0])
			}
		}
	}
	for _, axis := range []string{"busy", "txn", "sync", "conn", "driver"} {
		if value := snapshot.Setting(results[0], axis); value != "" {
			text += fmt.Sprintf("; %s=%s", axis, value)
		}
	}
	return text
}
