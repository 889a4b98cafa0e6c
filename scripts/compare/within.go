package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"busybench/bench/format"
	"busybench/bench/nearest"
	"busybench/bench/scenario"
	"busybench/scripts/internal/snapshot"
)

// compareWithin compares one snapshot along each of the axes that BY names.
func compareWithin(ctx context.Context, getenv func(string) string) (report, error) {
	path, err := snapshot.Resolve(getenv("LABEL"))
	if err != nil {
		return report{}, err
	}
	bench := getenv("BENCH")
	if bench == "" {
		bench = snapshot.Writing
	}
	s, err := load(path, bench)
	if err != nil {
		return report{}, err
	}
	columns, err := parseColumns(s, getenv("BY"))
	if err != nil {
		return report{}, err
	}
	selected, err := snapshot.ParseUnits(getenv("UNITS"), s)
	if err != nil {
		return report{}, err
	}
	r := report{
		sources: []string{source("", s)}, selected: selected,
		doubts: warnings(snapshot.Doubts(s)),
	}
	for _, col := range columns {
		c := col.compare(s)
		if c.file, err = col.store(ctx, s, getenv("BENCH")); err != nil {
			return report{}, err
		}
		r.comparisons = append(r.comparisons, c)
	}
	return r, nil
}

// store returns benchstat's tables along an axis, with the command that makes them again.
func (c column) store(
	ctx context.Context, s *snapshot.Snapshot, bench string,
) (snapshot.File, error) {
	text, err := benchstat(ctx, c.input(s), "-col", c.projection())
	if err != nil {
		return snapshot.File{}, err
	}
	title := fmt.Sprintf("# make compare LABEL=%s BY=%s",
		format.ShellWord(snapshot.Label(s.Path)), format.ShellWord(c.String()))
	if bench != "" {
		title += " BENCH=" + format.InQuotes(bench)
	}
	return snapshot.File{
		Path: snapshot.Sibling(s.Path, "by-"+c.axis+".txt"),
		Text: title + "\n" + s.RevisionLines("") + text,
	}, nil
}

// compare groups the rows that differ in nothing but the axis.
func (c column) compare(s *snapshot.Snapshot) comparison {
	all := comparison{axis: c.axis, values: c.values, paired: true, snapshot: s, base: s}
	if all.values == nil {
		all.values = s.Values(c.axis)
	}
	var order []string
	groups := map[string]group{}
	for _, row := range s.Rows() {
		value, ok := snapshot.Axis(row.Results[0], c.axis)
		i := slices.Index(all.values, value)
		if !ok || i < 0 {
			continue
		}
		key := strings.Replace(row.Name, "/"+c.axis+"="+value, "", 1) + "\n" + row.Header()
		if groups[key] == nil {
			order = append(order, key)
			groups[key] = make(group, len(all.values))
		}
		groups[key][i] = &row
	}
	for _, key := range order {
		all.add(groups[key])
	}
	return all
}

// column is an axis whose values are compared side by side, each with the first.
type column struct {
	axis   string
	values []string // in this order; nil for all, in the order of the snapshot
}

func (c column) String() string {
	if c.values == nil {
		return c.axis
	}
	return c.axis + "=" + strings.Join(c.values, ",")
}

// input returns the results that have a value of the axis. The others would make an empty column.
func (c column) input(s *snapshot.Snapshot) *input {
	in := newInput(s)
	for _, r := range s.Results {
		if value, ok := snapshot.Axis(r, c.axis); ok && value != "" {
			in.write(r)
		}
	}
	return in
}

// projection returns the column in benchstat's syntax
// (https://pkg.go.dev/golang.org/x/perf/benchproc/syntax).
func (c column) projection() string {
	key := strconv.Quote("/" + c.axis)
	if c.values == nil {
		return key
	}
	var quoted []string
	for _, value := range c.values {
		quoted = append(quoted, strconv.Quote(value))
	}
	return key + "@(" + strings.Join(quoted, " ") + ")"
}

// parseColumns reads BY: words such as "busy" or "busy=5s,queue". If it is empty, the columns are
// the axes that stand in every name and vary.
func parseColumns(s *snapshot.Snapshot, by string) (columns []column, err error) {
	if by == "" {
		for _, axis := range s.Varied(scenario.AlwaysNamed) {
			columns = append(columns, column{axis: axis})
		}
		if columns == nil {
			return nil, fmt.Errorf("%s has one value each for %s, nothing to compare along; "+
				"name another axis with BY, or a second snapshot with OLD and NEW",
				s.Path, strings.Join(scenario.AlwaysNamed, ", "))
		}
		return columns, nil
	}
	for _, word := range strings.Fields(by) {
		axis, list, hasValues := strings.Cut(word, "=")
		if hasValues {
			columns = append(columns, column{axis, strings.Split(list, ",")})
			continue
		}
		for _, axis := range strings.Split(word, ",") {
			columns = append(columns, column{axis: axis})
		}
	}
	for i, c := range columns {
		if err := c.check(s); err != nil {
			return nil, err
		}
		sameAxis := func(other column) bool { return other.axis == c.axis }
		if slices.ContainsFunc(columns[:i], sameAxis) {
			return nil, fmt.Errorf("BY: axis %s is given twice; give it once", c.axis)
		}
	}
	return columns, nil
}

// check rejects a column if the snapshot does not have at least two values for it.
func (c column) check(s *snapshot.Snapshot) error {
	has := s.Values(c.axis)
	if known := scenario.Names(); len(has) == 0 && !slices.Contains(known, c.axis) {
		return fmt.Errorf("BY=%s: no such axis%s; the axes are %s",
			c, nearest.Question(c.axis, known), strings.Join(known, ", "))
	}
	values := c.values
	if values == nil {
		values = has
	}
	for i, value := range values {
		if !slices.Contains(has, value) {
			return fmt.Errorf("BY=%s: %s has no %s=%s; it has %s",
				c, s.Path, c.axis, value, strings.Join(has, ", "))
		}
		if slices.Contains(values[:i], value) {
			return fmt.Errorf("BY=%s: value %s is given twice; give each value once", c, value)
		}
	}
	if len(values) < 2 {
		return fmt.Errorf("BY=%s: %s has %d values of that axis (%s); comparing needs two or more",
			c, s.Path, len(values), strings.Join(values, ", "))
	}
	return nil
}
