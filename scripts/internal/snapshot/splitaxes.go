package snapshot

import (
	"slices"
	"strings"

	"busybench/bench/scenario"
)

// SplitAxes returns the names of the axes that vary among rows, and the others with their values,
// such as "busy=5s". Both are in the order of a benchmark's name. An axis that only some rows have
// varies.
func SplitAxes(rows []Row) (varied, fixed []string) {
	for _, axis := range AxisNames(rows) {
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

// AxisNames returns the names of all axes that rows may have, in the order of a benchmark's name:
// those with names of their own, and then pragmas by name.
func AxisNames(rows []Row) []string {
	var pragmas []string
	add := func(name string) {
		if strings.HasPrefix(name, scenario.PragmaPrefix) && !slices.Contains(pragmas, name) {
			pragmas = append(pragmas, name)
		}
	}
	for _, row := range rows {
		for _, part := range NameParts(row.Results[0]) {
			name, _, _ := strings.Cut(part, "=")
			add(name)
		}
		for _, line := range row.Results[0].Config {
			add(line.Key)
		}
	}
	slices.Sort(pragmas)
	return append(scenario.Names(), pragmas...)
}
