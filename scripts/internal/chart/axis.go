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

// Axis says what an axis shows and how.
type Axis struct {
	Title  string // with its unit
	Log    bool   // logarithmic, where all values are above 0
	Time   bool   // the values are seconds
	Values bool   // its ticks are the values themselves, rather than round numbers
}

// newPlot is a plot in this package's style.
func newPlot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.LineStyle, axis.Tick.LineStyle = line(muted, 1), line(muted, 1)
		axis.Tick.Length = 5
		tick, ours := &axis.Tick.Label, words(small, ink)
		tick.Color, tick.Font, tick.Handler = ours.Color, ours.Font, ours.Handler
	}
	return p
}

// isLog reports whether the axis can be logarithmic, and is.
func (a Axis) isLog(values []float64) bool { return a.Log && slices.Min(values) > 0 }

// titleFor is the axis's title, which says so where it is logarithmic.
func (a Axis) titleFor(values []float64) string {
	if a.isLog(values) {
		return a.Title + " (log scale)"
	}
	return a.Title
}

// set gives a plot's axis its scale, range and ticks.
func (a Axis) set(axis *plot.Axis, values []float64) {
	least, most := slices.Min(values), slices.Max(values)
	if a.isLog(values) {
		axis.Scale = plot.LogScale{}
		axis.Min, axis.Max = least/1.2, most*1.2
		axis.Tick.Marker = plot.ConstantTicks(a.logTicks(axis.Min, axis.Max))
	} else {
		axis.Min, axis.Max = 0, max(most*1.05, 1)
		axis.Tick.Marker = plot.TickerFunc(a.linearTicks)
	}
	if a.Values {
		axis.Tick.Marker = plot.ConstantTicks(a.ticksAt(values))
	}
}

// logTicks are at the powers of ten and their multiples, of which as few are labelled as make an axis readable. Where all
// together are too few, the ticks are those of a linear axis.
func (a Axis) logTicks(least, most float64) []plot.Tick {
	const enough = 3
	for _, labelled := range [][]float64{{1}, {1, 2, 5}, {1, 2, 3, 4, 5, 6, 7, 8, 9}} {
		if ticks, labels := a.multiples(least, most, labelled); labels >= enough {
			return ticks
		}
	}
	return a.linearTicks(least, most)
}

// multiples are ticks at the multiples of powers of ten, some of them labelled.
func (a Axis) multiples(least, most float64, labelled []float64) (ticks []plot.Tick, labels int) {
	for power := math.Floor(math.Log10(least)); math.Pow(10, power) <= most; power++ {
		for m := 1.0; m < 10; m++ {
			tick := plot.Tick{Value: m * math.Pow(10, power)}
			if tick.Value < least || tick.Value > most {
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

func (a Axis) linearTicks(least, most float64) (ticks []plot.Tick) {
	for _, tick := range (plot.DefaultTicks{}).Ticks(least, most) {
		if tick.Label != "" {
			tick.Label = a.format(tick.Value)
		}
		ticks = append(ticks, tick)
	}
	return ticks
}

// ticksAt are at the values, which are labelled from the largest down, where there is room.
func (a Axis) ticksAt(values []float64) (ticks []plot.Tick) {
	distinct := slices.Compact(slices.Sorted(slices.Values(values)))
	slices.Reverse(distinct)
	least := math.Log(distinct[len(distinct)-1])
	room := 0.1 * max(math.Log(distinct[0])-least, 1e-9) // for a label
	last := math.Inf(1)
	for _, v := range distinct {
		tick := plot.Tick{Value: v}
		if at := math.Log(v); last-at >= room {
			tick.Label, last = a.format(v), at
		}
		ticks = append(ticks, tick)
	}
	return ticks
}

// format writes a value of the axis, to three digits, with its unit where that is time.
func (a Axis) format(v float64) string {
	if a.Time {
		text := format.Duration(time.Duration(v * 1e9))
		return strings.NewReplacer("ms", " ms", "µs", " µs", "ns", " ns", "s", " s").Replace(text)
	}
	digits := max(0, 3-len(strconv.Itoa(int(math.Abs(v)))))
	text := fmt.Sprintf("%.*f", digits, v)
	if digits > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return thousands(text)
}

// thousands puts commas into a number above 999.
func thousands(text string) string {
	whole, fraction, dot := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		return whole + "." + fraction
	}
	return whole
}

// gridOf is fine lines at the labelled ticks.
func gridOf(p *plot.Plot) *plotter.Grid {
	g := plotter.NewGrid()
	g.Vertical, g.Horizontal = line(grid, 0.8), line(grid, 0.8)
	return g
}
