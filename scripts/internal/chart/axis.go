package chart

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

	"busybench/bench/format"
)

// Axis describes an axis.
type Axis struct {
	Title  string // with its unit
	Log    bool   // logarithmic if all values are above 0
	Time   bool   // the values are seconds
	Values bool   // the ticks are at the values themselves, rather than at round numbers
}

// newPlot returns an empty plot in this package's style.
func newPlot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.LineStyle, axis.Tick.LineStyle = line(muted, 1), line(muted, 1)
		axis.Tick.Length = 5
		label, style := &axis.Tick.Label, textStyle(small, ink)
		label.Color, label.Font, label.Handler = style.Color, style.Font, style.Handler
	}
	return p
}

// isLog reports whether the axis is logarithmic for these values.
func (a Axis) isLog(values []float64) bool { return a.Log && slices.Min(values) > 0 }

// titleFor returns the axis's title, which says so if it is logarithmic.
func (a Axis) titleFor(values []float64) string {
	if a.isLog(values) {
		return a.Title + " (log scale)"
	}
	return a.Title
}

// set sets the scale, the range and the ticks of a plot's axis.
func (a Axis) set(axis *plot.Axis, values []float64) {
	low, high := slices.Min(values), slices.Max(values)
	if a.isLog(values) {
		axis.Scale = plot.LogScale{}
		axis.Min, axis.Max = low/1.2, high*1.2
		axis.Tick.Marker = plot.ConstantTicks(a.logTicks(axis.Min, axis.Max))
	} else {
		axis.Min, axis.Max = 0, max(high*1.05, 1)
		axis.Tick.Marker = plot.TickerFunc(a.linearTicks)
	}
	if a.Values {
		axis.Tick.Marker = plot.ConstantTicks(a.ticksAt(values))
	}
}

// logTicks returns ticks at the powers of ten and their multiples. It labels the fewest that make
// an axis readable. If all together are too few, it returns the ticks of a linear axis.
func (a Axis) logTicks(low, high float64) []plot.Tick {
	const enough = 3
	for _, labelled := range [][]float64{{1}, {1, 2, 5}, {1, 2, 3, 4, 5, 6, 7, 8, 9}} {
		if ticks, labels := a.multiples(low, high, labelled); labels >= enough {
			return ticks
		}
	}
	return a.linearTicks(low, high)
}

// multiples returns ticks at the multiples of powers of ten, and how many of them have labels.
func (a Axis) multiples(low, high float64, labelled []float64) (ticks []plot.Tick, labels int) {
	for power := math.Floor(math.Log10(low)); math.Pow(10, power) <= high; power++ {
		for m := 1.0; m < 10; m++ {
			tick := plot.Tick{Value: m * math.Pow(10, power)}
			if tick.Value < low || tick.Value > high {
				continue
			}
			if slices.Contains(labelled, m) {
				tick.Label = a.format(tick.Value)
				labels++
			}
			ticks = append(ticks, tick)
		}
	}
	return ticks, labels
}

func (a Axis) linearTicks(low, high float64) (ticks []plot.Tick) {
	for _, tick := range (plot.DefaultTicks{}).Ticks(low, high) {
		if tick.Label != "" {
			tick.Label = a.format(tick.Value)
		}
		ticks = append(ticks, tick)
	}
	return ticks
}

// ticksAt returns ticks at the values. It labels them from the largest down, as space permits.
func (a Axis) ticksAt(values []float64) (ticks []plot.Tick) {
	distinct := slices.Compact(slices.Sorted(slices.Values(values)))
	slices.Reverse(distinct)
	low := math.Log(distinct[len(distinct)-1])
	labelSpacing := 0.1 * max(math.Log(distinct[0])-low, 1e-9)
	last := math.Inf(1)
	for _, v := range distinct {
		tick := plot.Tick{Value: v}
		if at := math.Log(v); last-at >= labelSpacing {
			tick.Label, last = a.format(v), at
		}
		ticks = append(ticks, tick)
	}
	return ticks
}

// format writes a value of the axis to three digits, with a unit if it is a time.
func (a Axis) format(v float64) string {
	if a.Time {
		return spaceUnit(format.Duration(time.Duration(v * 1e9)))
	}
	digits := max(0, 3-len(strconv.Itoa(int(math.Abs(v)))))
	text := fmt.Sprintf("%.*f", digits, v)
	if digits > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return thousands(text)
}

// spaceUnit puts a space between the number and the unit of a duration, such as "1.5 s". It does
// not change one of several units, such as "1m30s".
func spaceUnit(duration string) string {
	const digits = "0123456789"
	unit := strings.TrimLeft(duration, "-."+digits)
	if strings.ContainsAny(unit, digits) {
		return duration
	}
	return strings.TrimSuffix(duration, unit) + " " + unit
}

// thousands puts commas into a number above 999.
func thousands(text string) string {
	whole, fraction, dot := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		return whole + "." + fraction
	}
	return whole
}

// newGrid returns fine lines at the ticks with labels.
func newGrid() *plotter.Grid {
	g := plotter.NewGrid()
	g.Vertical, g.Horizontal = line(grid, 0.8), line(grid, 0.8)
	return g
}
