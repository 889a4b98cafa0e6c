package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/perf/benchmath"

	"busybench/scripts/internal/snapshot"
)

// gated are the units that the gate minds.
var gated = []string{"inserts/s", "p99-ns"}

// gate is shut by a figure that is worse by more than a share and significantly so.
type gate struct {
	percent float64
}

// gateOf reads GATE; no text is no gate.
func gateOf(text string) (*gate, error) {
	if text == "" {
		return nil, nil
	}
	percent, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil || !(percent >= 0 && percent < 1e6) {
		return nil, fmt.Errorf("bad GATE %q; give a percentage such as 5", text)
	}
	return &gate{percent}, nil
}

// check compares the rows that both snapshots have. Its error names those that shut the gate.
func (g *gate) check(stdout io.Writer, old, new *snapshot.Snapshot) error {
	var worse []string
	compared := 0
	for _, row := range old.Rows() {
		other := find(new, row.Name)
		if other == nil {
			continue
		}
		for _, unit := range gated {
			before, after := row.Samples(unit), other.Samples(unit)
			if len(before) == 0 || len(after) == 0 {
				continue
			}
			compared++
			if text := g.worse(before, after, new.Units.GetBetter(unit)); text != "" {
				worse = append(worse, fmt.Sprintf("  %s %s %s", row.Name, unit, text))
			}
		}
	}
	if compared == 0 {
		return fmt.Errorf("GATE: the snapshots have neither %s in common", strings.Join(gated, " nor "))
	}
	if worse != nil {
		return fmt.Errorf("%w by more than %v %% in %d of %d figures:\n%s",
			errGate, g.percent, len(worse), compared, strings.Join(worse, "\n"))
	}
	fmt.Fprintf(stdout, "gate: none of %d figures is worse by more than %v %%\n", compared, g.percent)
	return nil
}

// worse describes a change for the worse that is too large and significant, or is empty.
func (g *gate) worse(before, after []float64, better int) string {
	a := benchmath.NewSample(before, &benchmath.DefaultThresholds)
	b := benchmath.NewSample(after, &benchmath.DefaultThresholds)
	centerA := benchmath.AssumeNothing.Summary(a, 0.95).Center
	centerB := benchmath.AssumeNothing.Summary(b, 0.95).Center
	comparison := benchmath.AssumeNothing.Compare(a, b)
	// Multiplied out, so that a figure that was 0 can be compared, too.
	tooFar := float64(-better)*(centerB-centerA) > g.percent/100*centerA
	if !tooFar || comparison.P >= comparison.Alpha {
		return ""
	}
	return fmt.Sprintf("%s (%s)", comparison.FormatDelta(centerA, centerB), comparison)
}
