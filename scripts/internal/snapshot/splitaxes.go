package snapshot

import (
	"slices"

	"busybench/bench/scenario"
)

// SplitAxes returns the names of the axes that vary among rows, and the others with their values,
// such as "busy=5s". Both are in the order of a benchmark's name. An axis that only some rows have
// varies.
func SplitAxes(rows []Row) (varied, fixed []string) {
	for _, axis := range scenario.Names() {
		var values []string
		for _, row := range rows {
			if value := row.Value(axis); !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
		switch {
		case len(values) > 1:
			varied = append(varied, axis)
		case len(values) == 1 && values[0] != "":
			fixed = append(fixed, axis+"="+values[0])
		}
	}
	return varied, fixed
}
