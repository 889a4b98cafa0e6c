package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"busybench/scripts/internal/snapshot"
)

// compareWithin compares one snapshot along each of the axes asked for.
func compareWithin(stdout io.Writer, getenv func(string) string) error {
	path, err := snapshot.Resolve(getenv("LABEL"))
	if err != nil {
		return err
	}
	bench := getenv("BENCH")
	if bench == "" {
		bench = "^(Burst|Sustained)$"
	}
	s, err := load(path, bench)
	if err != nil {
		return err
	}
	columns, err := columnsOf(s, getenv("BY"))
	if err != nil {
		return err
	}
	for _, c := range columns {
		// The filter leaves out benchmarks without the axis, which would make an empty column.
		filter := fmt.Sprintf(".name:/%s/ /%s:/./", bench, c.axis)
		text, err := benchstat("-filter", filter, "-col", c.projection(), s.Path)
		if err != nil {
			return err
		}
		title := fmt.Sprintf("# make compare LABEL=%s BY=%s", snapshot.Label(path), c)
		if given := getenv("BENCH"); given != "" {
			title += fmt.Sprintf(" BENCH='%s'", given)
		}
		if err := store(stdout, snapshot.Sibling(path, "by-"+c.axis+".txt"), title+"\n"+text); err != nil {
			return err
		}
	}
	return nil
}

// column is an axis whose values stand side by side, each held against the first.
type column struct {
	axis   string
	values []string // in this order; nil for all, as they come
}

func (c column) String() string {
	if c.values == nil {
		return c.axis
	}
	return c.axis + "=" + strings.Join(c.values, ",")
}

// projection is the column in benchstat's syntax (https://pkg.go.dev/golang.org/x/perf/benchproc/syntax).
func (c column) projection() string {
	if c.values == nil {
		return "/" + c.axis
	}
	var quoted []string
	for _, value := range c.values {
		quoted = append(quoted, strconv.Quote(value))
	}
	return "/" + c.axis + "@(" + strings.Join(quoted, " ") + ")"
}

// columnsOf are the axes that by names, as words such as "busy" or "busy=5s,queue". Where it names
// none, they are those that always stand in a name and vary.
func columnsOf(s *snapshot.Snapshot, by string) (columns []column, err error) {
	if by == "" {
		for _, axis := range []string{"journal", "exec", "writers"} {
			if len(s.Values(axis)) > 1 {
				columns = append(columns, column{axis: axis})
			}
		}
		if columns == nil {
			return nil, fmt.Errorf("%s has one value each for journal, exec and writers, nothing to compare along; name another axis with BY, or a second snapshot with OLD and NEW", s.Path)
		}
		return columns, nil
	}
	for _, word := range strings.Fields(by) {
		axis, list, chosen := strings.Cut(word, "=")
		if chosen {
			columns = append(columns, column{axis, strings.Split(list, ",")})
			continue
		}
		for _, axis := range strings.Split(word, ",") {
			columns = append(columns, column{axis: axis})
		}
	}
	for _, c := range columns {
		if err := c.check(s); err != nil {
			return nil, err
		}
	}
	return columns, nil
}

// check refuses a column that the snapshot does not have at least two values for.
func (c column) check(s *snapshot.Snapshot) error {
	has := s.Values(c.axis)
	wanted := c.values
	if wanted == nil {
		wanted = has
	}
	for _, value := range wanted {
		if !slices.Contains(has, value) {
			return fmt.Errorf("BY=%s: %s has no %s=%s; it has %s", c, s.Path, c.axis, value, strings.Join(has, ", "))
		}
	}
	if len(wanted) < 2 {
		return fmt.Errorf("BY=%s: %s has %d values of that axis (%s); comparing wants two or more",
			c, s.Path, len(wanted), strings.Join(wanted, ", "))
	}
	return nil
}
