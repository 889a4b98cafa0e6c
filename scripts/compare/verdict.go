package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/scripts/internal/snapshot"
)

// verdict says in words how each value compares with the first: a paragraph for each section.
func (c comparison) verdict(selected selection) string {
	var text strings.Builder
	for i := 1; i < len(c.values); i++ {
		title := fmt.Sprintf("%s against %s\n", c.name(i), c.name(0))
		for _, s := range c.sections {
			units, pairs := selected.decisive(selected.of(s.reports)), s.pairs(i)
			if len(units) > 0 && len(pairs) > 0 {
				text.WriteString(title + c.summary(s, pairs, units))
				title = ""
			}
		}
	}
	return text.String()
}

// summary says how the rows of a section compare.
func (c comparison) summary(s section, pairs []pair, units []string) string {
	var findings []string
	for _, unit := range units {
		if slices.Contains(s.reports, unit) {
			findings = append(findings, c.finding(pairs, unit))
		}
	}
	name := s.benchmark
	if len(pairs) > 1 {
		name += fmt.Sprintf(", %d rows", len(pairs))
	}
	return wrapUnbroken(name+": "+strings.Join(findings, "; "), "  ", "    ")
}

// pair is a row and the one that it is compared with.
type pair struct{ row, base snapshot.Row }

// pairs returns the rows of a value, each with the first of its group.
func (s section) pairs(i int) (pairs []pair) {
	for _, g := range s.groups {
		if g[i] != nil {
			pairs = append(pairs, pair{*g[i], *g[0]})
		}
	}
	return pairs
}

// finding says how rows compare in a unit.
func (c comparison) finding(pairs []pair, unit string) string {
	if unit == metrics.LockErrors {
		return lockErrors(pairs)
	}
	var clear, marked []snapshot.Ratio
	for _, p := range pairs {
		switch q, ok := c.divide(p.row, p.base, unit); {
		case !ok:
		case q.marked:
			marked = append(marked, q.Ratio)
		default:
			clear = append(clear, q.Ratio)
		}
	}
	var parts []string
	if len(clear) > 0 {
		parts = append(parts, span(clear)+among(len(clear), len(pairs)))
	}
	if len(marked) > 0 {
		parts = append(parts, snapshot.Mark(span(marked), true)+among(len(marked), len(pairs)))
	}
	if none := len(pairs) - len(clear) - len(marked); none > 0 {
		parts = append(parts, "without a ratio"+among(none, len(pairs))+
			", as a run has 0 or too few are pairs")
	}
	return heading(unit) + " " + strings.Join(parts, ", ")
}

// among says how many rows there are, if they are not all.
func among(n, all int) string {
	switch n {
	case all:
		return ""
	case 1:
		return unbroken(" in 1 row")
	}
	return unbroken(fmt.Sprintf(" in %d rows", n))
}

// lockErrors adds up the lock errors of rows and of those that they are compared with.
func lockErrors(pairs []pair) string {
	var rows, bases sum
	for _, p := range pairs {
		rows.add(p.row)
		bases.add(p.base)
	}
	if rows.errors+bases.errors == 0 {
		return fmt.Sprintf("no lock errors in %s and %s attempts",
			format.Number(rows.attempts), format.Number(bases.attempts))
	}
	return fmt.Sprintf("lock errors %v instead of %v", rows, bases)
}

// sum holds the lock errors and attempts of several rows.
type sum struct {
	errors, attempts float64
	shares           []float64 // of each row
}

func (s *sum) add(row snapshot.Row) {
	s.errors += row.Sum(metrics.LockErrors)
	s.attempts += row.Sum(metrics.Attempts)
	s.shares = append(s.shares, share(row))
}

// String returns the sums, and the range of the rows' shares.
func (s sum) String() string {
	text := unbroken(format.Number(s.errors) + " of " + format.Number(s.attempts))
	low, high := formatShare(slices.Min(s.shares)), formatShare(slices.Max(s.shares))
	switch {
	case s.errors == 0:
		return text
	case low == high:
		return text + ", " + unbroken(low)
	}
	return text + ", " + unbroken(low+" to "+high+" by row")
}

// span returns a ratio, or the range of several, each end with its interval.
func span(ratios []snapshot.Ratio) string {
	byCenter := func(a, b snapshot.Ratio) int { return cmp.Compare(a.Center, b.Center) }
	low, high := slices.MinFunc(ratios, byCenter), slices.MaxFunc(ratios, byCenter)
	if low == high {
		return withInterval(low)
	}
	return withInterval(low) + " to " + withInterval(high)
}

func withInterval(r snapshot.Ratio) string {
	return unbroken(fmt.Sprintf("%s [%s, %s]", times(r.Center), end(r.Low), end(r.High)))
}

// end formats an end of an interval. It is "1.00" only if the interval contains 1: an end near 1
// gets as many digits as it takes to tell them apart.
func end(v float64) string {
	text := format.Factor(v)
	for digits := 3; v != 1 && digits < 9; digits++ {
		if rounded, err := strconv.ParseFloat(text, 64); err != nil || rounded != 1 {
			break
		}
		text = strconv.FormatFloat(v, 'f', digits, 64)
	}
	return text
}

// times formats a ratio, such as "3.5x".
func times(v float64) string { return format.Factor(v) + "x" }

// space stands for a space within what is to stay on one line.
const space = "\x01"

func unbroken(text string) string { return strings.ReplaceAll(text, " ", space) }

// wrapUnbroken breaks a text into lines, each of which ends with a newline.
func wrapUnbroken(text, first, rest string) string {
	return strings.ReplaceAll(format.Wrap(text, format.Columns, first, rest), space, " ") + "\n"
}
