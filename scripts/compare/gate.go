package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/perf/benchmath"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/scripts/internal/snapshot"
)

// errGate marks the one error that is a finding rather than a failure to compare.
var errGate = errors.New("worse than before")

// gatedUnits are the units that the gate checks.
var gatedUnits = []string{metrics.InsertsPerSecond, metrics.P99}

// gate fails if a metric is worse by more than a percentage and the difference is significant.
type gate struct {
	percent  float64
	compared int      // metrics
	worse    []string // descriptions of those that are worse
}

// parseGate reads GATE. An empty text means no gate.
func parseGate(text string) (*gate, error) {
	if text == "" {
		return nil, nil
	}
	percent, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil || !(percent >= 0 && percent < 1e6) {
		return nil, fmt.Errorf("bad GATE %q; give a percentage such as 5", text)
	}
	return &gate{percent: percent}, nil
}

// compare compares the rows that both snapshots have.
func (g *gate) compare(old, new *snapshot.Snapshot) error {
	for _, pair := range snapshot.Common(old, new) {
		for _, unit := range gatedUnits {
			before, after := pair[0].Samples(unit), pair[1].Samples(unit)
			if len(before) == 0 || len(after) == 0 {
				continue
			}
			g.compared++
			if text := g.describeWorse(before, after, new.Units.GetBetter(unit)); text != "" {
				line := fmt.Sprintf("%s %s %s", pair[0].Name, unit, text)
				g.worse = append(g.worse, format.Wrap(line, width, "  ", "    "))
			}
		}
	}
	if g.compared == 0 {
		return fmt.Errorf("GATE: the snapshots have neither %s in common",
			strings.Join(gatedUnits, " nor "))
	}
	return nil
}

// check prints that the gate is passed, or returns an error that lists the metrics that are worse.
func (g *gate) check(stdout io.Writer) error {
	if g.worse != nil {
		return fmt.Errorf("%w by more than %v %% in %d of %d metrics:\n%s",
			errGate, g.percent, len(g.worse), g.compared, strings.Join(g.worse, "\n"))
	}
	_, err := fmt.Fprintf(stdout, "gate: none of %d metrics is worse by more than %v %%\n",
		g.compared, g.percent)
	return err
}

// describeWorse describes a change for the worse that is too large and significant. It returns an
// empty text for any other change.
func (g *gate) describeWorse(before, after []float64, better int) string {
	a := benchmath.NewSample(before, &benchmath.DefaultThresholds)
	b := benchmath.NewSample(after, &benchmath.DefaultThresholds)
	centerA, centerB := snapshot.Median(before), snapshot.Median(after)
	comparison := benchmath.AssumeNothing.Compare(a, b)
	// This is multiplied out so that a metric that was 0 can be compared, too.
	tooFar := float64(-better)*(centerB-centerA) > g.percent/100*centerA
	if !tooFar || comparison.P >= comparison.Alpha {
		return ""
	}
	return fmt.Sprintf("%s (%s)", comparison.FormatDelta(centerA, centerB), comparison)
}
