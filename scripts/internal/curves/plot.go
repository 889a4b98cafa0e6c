package curves

import (
	"fmt"
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

// Job is what to draw: a snapshot, together with a baseline if that is not nil, and along an axis
// if By is not empty.
type Job struct {
	*Source
	Baseline *Source
	By       string
}

// Picture is a drawn figure of a benchmark.
type Picture struct {
	Title string
	snapshot.File
}

// Draw draws every figure of every benchmark. There are none if no row has a place on the X axis,
// or none of the figures.
func (j Job) Draw() (pictures []Picture, err error) {
	for _, name := range j.Benchmarks() {
		for _, f := range figures {
			c, err := j.curves(name, f)
			if err != nil {
				return nil, err
			}
			if len(c.Panels) == 0 {
				continue
			}
			var svg strings.Builder
			if err := c.Draw(&svg); err != nil {
				return nil, fmt.Errorf("%s: %s of %s: %w", j.Path, f.unit, name, err)
			}
			file := snapshot.File{Path: j.picturePath(name, f), Text: svg.String()}
			pictures = append(pictures, Picture{c.Title, file})
		}
	}
	return pictures, nil
}

// Missing returns the error of a job without a picture.
func (j Job) Missing() error {
	var units []string
	for _, f := range figures {
		units = append(units, f.unit)
	}
	return fmt.Errorf("%s holds %s without writers=N in the names or without any of %s; "+
		"is it a result file of make bench?",
		j.Path, strings.Join(j.Benchmarks(), ", "), strings.Join(units, ", "))
}

// Hint names the axes whose values are in panels of their own, and would be lines with BY.
func (j Job) Hint() string {
	if j.By != "" || j.Baseline != nil {
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

// rowsOf returns the rows of a benchmark.
func (s *Source) rowsOf(name string) (rows []snapshot.Row) {
	for _, row := range s.rows {
		if row.Benchmark() == name {
			rows = append(rows, row)
		}
	}
	return rows
}

// picturePath returns the path of a picture, such as results/default.burst.inserts.svg.
func (j Job) picturePath(name string, f figure) string {
	suffix := strings.ToLower(name) + "." + f.name
	if j.Baseline != nil {
		suffix = "vs-" + snapshot.Label(j.Baseline.Path) + "." + suffix
	}
	if j.By != "" {
		suffix += ".by-" + j.By
	}
	return snapshot.Sibling(j.Path, suffix+".svg")
}

// maxPanels is the max number of panels of a picture with BY.
const maxPanels = 8

// curves returns a figure of a benchmark. It has no panels if the snapshot has no samples for it.
func (j Job) curves(name string, f figure) (chart.Curves, error) {
	rows := j.rowsOf(name)
	layout := newLayout(j.By, rows)
	if j.By != "" && len(layout.values) < 2 {
		return chart.Curves{}, nil // another benchmark has more
	}
	c := chart.Curves{
		Title:    name + ": " + f.title,
		Subtitle: subtitle(layout, rows, snapshot.Label(j.Path)),
		X:        layout.xAxis(),
		Y:        f.axis,
	}
	if j.By != "" {
		c.Title += " by " + j.By
	}
	b := panelBuilder{benchmark: name, figure: f, layout: layout}
	if j.Baseline != nil {
		c.Subtitle += "; dotted, with small marks: " + snapshot.Label(j.Baseline.Path)
		for _, warning := range snapshot.Warnings(j.Baseline.Snapshot, j.Snapshot) {
			c.Notes = append(c.Notes, snapshot.Warning(warning))
		}
		b.addSource(j.Baseline)
	}
	b.addSource(j.Source)
	c.Panels = b.panels
	c.Notes = append(c.Notes, b.notes()...)
	if n := len(c.Panels); j.By != "" && n > maxPanels {
		return c, fmt.Errorf("BY=%s gives %d panels of %s, for all combinations of %s; "+
			"choose at most %d of them, such as BENCH='%s'", j.By, n, name,
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
