package runner

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"busybench/scripts/internal/snapshot"
)

// refining is the schedule of BUDGET. After [snapshot.MinSamples] runs of all rows, however long
// they take, each further run has a quarter of the rows, at least one: those whose precision
// ([snapshot.Row.Precision]) is the worst. The schedule ends when the worst row alone would exceed
// the budget.
//
// A row gets more runs because its interval is wide, and none once it is narrow. So an interval
// that is narrow by chance, around a wrong place, stays. Intervals contain the median less often
// than without such a rule: in the simulations of TestCoverageUnderBudget 93 to 97 % of them do,
// averaged over the rows, and down to 92 % in a single row. With the same number of runs for each
// row it is 96 to 98 %, more than the nominal 95 %, since there are few samples.
func refining(budget time.Duration) Schedule {
	full := runs(snapshot.MinSamples)
	return func(s State) (Step, bool) {
		if s.Steps < snapshot.MinSamples {
			return full(s)
		}
		snap, err := snapshot.Read(s.Path)
		if err != nil {
			return Step{}, false // the runs measured nothing, which is an error elsewhere
		}
		rows := within(worstRows(snap.Rows()), budget-s.Elapsed, s.Lasted)
		return Step{
			Name: fmt.Sprintf("run %d", s.Steps+1),
			Args: []string{"-test.bench", rowPattern(rows)},
		}, len(rows) > 0
	}
}

// worstRows returns the rows for the next run, the worst one first.
func worstRows(rows []snapshot.Row) (worst []snapshot.Row) {
	precisions := make([]float64, len(rows))
	for i, row := range rows {
		precisions[i], _ = row.Precision()
	}
	for _, i := range worstOf(precisions) {
		if _, ok := rows[i].Precision(); ok {
			worst = append(worst, rows[i])
		}
	}
	return worst
}

// worstOf returns the places of the worst quarter of precisions, at least one, the worst first.
func worstOf(precisions []float64) []int {
	order := make([]int, len(precisions))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Compare(precisions[j], precisions[i])
	})
	return order[:min(len(order), max(1, len(order)/4))]
}

// within returns the first rows that fit into a time, by how long each took last, with a tenth to
// spare.
func within(
	rows []snapshot.Row, left time.Duration, lasted map[string]time.Duration,
) []snapshot.Row {
	for i, row := range rows {
		if left -= lasted["Benchmark"+row.Name] * 11 / 10; left < 0 {
			return rows[:i]
		}
	}
	return rows
}

// rowPattern returns a pattern for -test.bench that matches the rows and no others: alternatives
// with an expression for each part of a name.
func rowPattern(rows []snapshot.Row) string {
	var patterns []string
	for _, row := range rows {
		parts := []string{"^Benchmark" + regexp.QuoteMeta(row.Benchmark()) + "$"}
		for _, part := range snapshot.NameParts(row.Results[0]) {
			parts = append(parts, "^"+regexp.QuoteMeta(part)+"$")
		}
		patterns = append(patterns, strings.Join(parts, "/"))
	}
	return strings.Join(patterns, "|")
}
