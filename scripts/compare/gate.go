package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"busybench/bench/metrics"
	"busybench/scripts/internal/ranktest"
	"busybench/scripts/internal/snapshot"
)

// errGate marks the one error that is a finding rather than a failure to compare.
var errGate = errors.New("worse than before")

// gatedUnits are the units that the gate judges, beside lock errors.
var gatedUnits = []string{metrics.InsertsPerSecond, metrics.P99}

// gateAlpha is the chance that the gate fails though nothing has become worse, at most.
const gateAlpha = ranktest.Alpha

// gate fails if a figure is worse by more than a percentage, beyond doubt: the confidence interval
// of the change lies beyond the percentage, at a level that is corrected for the number of figures.
// It also fails if a row is no longer there.
type gate struct {
	percent  float64
	figures  []figure
	refusing map[string]int // number of rows by unit that is not judged
	gone     []string       // names of rows, or of figures, that only the old snapshot has
	disk     disk
	warnings []string // on the two snapshots
	paired   bool
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

// compare takes the figures of all rows of the old snapshot.
func (g *gate) compare(older, newer *snapshot.Snapshot) error {
	g.paired = snapshot.Interleaved(older, newer)
	g.warnings = snapshot.Warnings(older, newer)
	g.disk = newDisk(older, newer)
	return g.judge(older, newer, older.Rows(), newer.Rows())
}

// judge takes the figures of rows of two snapshots.
func (g *gate) judge(older, newer *snapshot.Snapshot, before, after []snapshot.Row) error {
	later := map[string]snapshot.Row{}
	for _, row := range after {
		later[row.Name] = row
	}
	for _, row := range before {
		if other, ok := later[row.Name]; ok {
			g.add(change{older, newer, row, other, g.paired, len(before) * (len(gatedUnits) + 1)})
		} else {
			g.gone = append(g.gone, row.Name)
		}
	}
	if len(g.figures)+len(g.gone) == 0 {
		return fmt.Errorf("GATE: the snapshots have neither %s nor %s in common",
			strings.Join(gatedUnits, " nor "), metrics.LockErrors)
	}
	g.adjust()
	return nil
}

// add takes the figures of a row.
func (g *gate) add(c change) {
	for _, unit := range gatedUnits {
		before, after := c.before.Samples(unit), c.after.Samples(unit)
		switch {
		case len(before) == 0:
		case len(after) == 0:
			g.gone = append(g.gone, c.before.Name+" "+unit)
		case c.isBiased(unit):
			if g.refusing == nil {
				g.refusing = map[string]int{}
			}
			g.refusing[unit]++
		default:
			g.figures = append(g.figures, c.figure(unit, g.percent))
		}
	}
	switch {
	case c.before.Samples(metrics.LockErrors) == nil:
	case c.after.Samples(metrics.LockErrors) == nil:
		g.gone = append(g.gone, c.before.Name+" "+metrics.LockErrors)
	default:
		g.figures = append(g.figures, c.lockErrors(g.points()))
	}
}

// points returns by how many percentage points the share of lock errors may rise.
func (g *gate) points() float64 { return min(g.percent, 100*snapshot.MaxRefused) }

// adjust corrects the p values for the number of figures. A figure that is the same in all runs of
// both snapshots is no test.
func (g *gate) adjust() {
	var tests []*figure
	var ps []float64
	for i := range g.figures {
		if f := &g.figures[i]; !f.constant {
			tests, ps = append(tests, f), append(ps, f.p)
		}
	}
	for i, p := range ranktest.Holm(ps) {
		tests[i].adjusted = p
	}
}

// worse returns the figures that are worse beyond doubt.
func (g *gate) worse() (worse []figure) {
	for _, f := range g.figures {
		if f.adjusted <= gateAlpha {
			worse = append(worse, f)
		}
	}
	return worse
}
