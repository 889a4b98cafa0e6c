package snapshot

import (
	"fmt"
	"math"

	"busybench/bench/format"
	"busybench/bench/metrics"
)

// Figure returns the median of a row in a unit with its 95 % confidence interval,
// if there are enough samples.
func (r Row) Figure(unit string) string {
	summary := Summary(r.Samples(unit))
	if summary.Center == 0 && (unit == metrics.AckedP50 || unit == metrics.AckedP99) {
		return "-" // none was acknowledged
	}
	text := FormatValue(unit, summary.Center)
	if r.IsMax(unit) {
		text += MaxMark
	}
	if spread, ok := Spread(summary); ok {
		text += " " + spread
	} else if !math.IsInf(summary.Lo, 0) && !math.IsInf(summary.Hi, 0) {
		text += fmt.Sprintf(" [%s, %s]",
			FormatValue(unit, summary.Lo), FormatValue(unit, summary.Hi))
	}
	if DependsOnRefusals(unit) {
		return r.Mark(text)
	}
	return text
}

// LockErrorFigure returns the lock errors of all runs and their share of the attempts, or if there
// are none, the attempts.
func (r Row) LockErrorFigure(shareWidth int) string {
	errors := format.Number(r.Sum(metrics.LockErrors))
	if r.Sum(metrics.LockErrors) == 0 {
		return errors + " of " + format.Number(r.Sum(metrics.Attempts))
	}
	return fmt.Sprintf("%s  %*s", errors, shareWidth, FormatShare(r.LockErrorShare()))
}

// LockErrorShare returns the lock errors of all runs as a percentage of the attempts.
func (r Row) LockErrorShare() float64 {
	return 100 * r.Sum(metrics.LockErrors) / max(1, r.Sum(metrics.Attempts))
}

// FormatShare formats a percentage, such as "1.5 %".
func FormatShare(percent float64) string { return format.Number(percent) + " %" }

// FormatP formats a p value, such as "p=0.002".
func FormatP(p float64) string {
	if p < 0.001 {
		return "p<0.001"
	}
	return fmt.Sprintf("p=%.3f", p)
}
