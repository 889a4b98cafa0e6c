package main

import (
	"slices"
	"strings"

	"busybench/bench/scenario"
	"busybench/scripts/internal/snapshot"
)

// series holds the points of one row on one machine under the same settings.
type series struct {
	name   string   // such as "Burst exec=process journal=wal writers=8"
	group  []string // machine and settings
	points []point
}

// point is a row of a version.
type point struct {
	version int // its number
	row     snapshot.Row
	change  change // from the point before
}

// change is how the median of a row differs from that of the version before.
type change struct {
	snapshot.Ratio
	known   bool // there is a version before, and both have enough runs
	refused bool // one of them refuses attempts: not to be compared
}

// isReal reports whether the interval excludes 1.
func (c change) isReal() bool { return c.known && !c.refused && (c.Low > 1 || c.High < 1) }

// collect returns the series of all rows that have a unit, in the order of the last version, those
// of rows that it lacks at the end.
func (h history) collect(unit string) (all []*series) {
	index := map[string]*series{}
	for number, v := range slices.Backward(h.versions) {
		for _, row := range v.Rows() {
			if len(row.Samples(unit)) == 0 {
				continue
			}
			name, group := row.Title(), describeGroup(row)
			key := name + "\n" + strings.Join(group, "\n")
			s := index[key]
			if s == nil {
				s = &series{name: name, group: group}
				index[key] = s
				all = append(all, s)
			}
			s.points = append(s.points, point{version: number, row: row})
		}
	}
	for _, s := range all {
		slices.Reverse(s.points)
		s.compare(unit)
	}
	return all
}

// describeGroup returns the machine and the settings of a row. Only rows of the same group are
// joined. A setting at its default is left out: older snapshots do not have lines for axes that are
// newer.
func describeGroup(row snapshot.Row) []string {
	lines := row.Machine()
	defaults := strings.Fields(scenario.Defaults)
	for _, axis := range snapshot.AxisNames([]snapshot.Row{row}) {
		setting := axis + "=" + row.Value(axis)
		if row.Value(axis) != "" && !slices.Contains(defaults, setting) {
			lines = append(lines, setting)
		}
	}
	return append(lines, "round: "+row.Results[0].GetConfig("round"))
}

// compare compares each point with the one before.
func (s *series) compare(unit string) {
	for i := 1; i < len(s.points); i++ {
		before, after := s.points[i-1].row, s.points[i].row
		r, ok := snapshot.UnpairedRatio(after.Samples(unit), before.Samples(unit))
		s.points[i].change = change{
			Ratio: r.Ratio, known: ok,
			refused: snapshot.DependsOnRefusals(unit) && (before.Refuses() || after.Refuses()),
		}
	}
}
