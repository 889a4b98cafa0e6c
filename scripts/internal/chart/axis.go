package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"busybench/bench/format"
)

// Axis describes an axis.
type Axis struct {
	Title  string // with its unit
	Log    bool   // logarithmic if all values are above 0
	Time   bool   // the values are seconds
	Values bool   // the ticks are at the values themselves, rather than at round numbers

	// Categories are the names of the values 0, 1 and so on, which are no numbers then.
	Categories []string
	// Ordered is true if the categories have an order, so that lines join their points.
	Ordered bool
}

// joins reports whether lines over the axis join their points.
func (a Axis) joins() bool { return a.Categories == nil || a.Ordered }

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
	p.Y.Tick.Label.XAlign, p.Y.Tick.Label.YAlign = text.XRight, text.YCenter
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

// set sets the scale, the range and the ticks of a plot's axis, which has the given length.
func (a Axis) set(axis *plot.Axis, values []float64, length vg.Length, extent extent) {
	if a.Categories != nil {
		axis.Min, axis.Max = -0.5, float64(len(a.Categories))-0.5
		axis.Tick.Marker = plot.ConstantTicks(a.categoryTicks(length))
		return
	}
	low, high := slices.Min(values), slices.Max(values)
	var ticks []plot.Tick
	if a.isLog(values) {
		axis.Scale = plot.LogScale{}
		margin := 1.2
		if a.Values {
			margin = max(margin, math.Pow(high/low, 0.06)) // for marks that are moved sideways
		}
		axis.Min = max(low/margin, math.SmallestNonzeroFloat64)
		axis.Max = min(high*margin, math.MaxFloat64)
		ticks = a.logTicks(axis.Min, axis.Max)
	} else {
		axis.Min, axis.Max = 0, max(high*1.05, 1)
		ticks = a.linearTicks(axis.Min, axis.Max)
	}
	if a.Values {
		ticks = a.ticksAt(values)
	}
	at := func(v float64) vg.Length {
		return length * vg.Length(axis.Scale.Normalize(axis.Min, axis.Max, v))
	}
	axis.Tick.Marker = plot.ConstantTicks(thin(ticks, at, extent))
}

// extent returns the space that a label takes along its axis.
type extent func(label string) vg.Length

func widthOf(label string) vg.Length { return textStyle(small, ink).Width(label) + gap }

func heightOf(string) vg.Length { return small * 1.1 }

// thin removes labels that overlap others. It keeps those of the largest values.
func thin(ticks []plot.Tick, at func(float64) vg.Length, extent extent) []plot.Tick {
	slices.SortFunc(ticks, func(s, t plot.Tick) int { return cmp.Compare(s.Value, t.Value) })
	free := vg.Length(math.Inf(1))
	for i, tick := range slices.Backward(ticks) {
		if tick.Label == "" {
			continue
		}
		half := extent(tick.Label) / 2
		if at(tick.Value)+half > free {
			ticks[i].Label = ""
			continue
		}
		free = at(tick.Value) - half
	}
	return ticks
}

// categoryTicks returns a tick for each category. If the names do not fit side by side, they are in
// several rows in turn.
func (a Axis) categoryTicks(length vg.Length) (ticks []plot.Tick) {
	rows := a.categoryRows(length)
	style := textStyle(small, ink)
	space := min(length*maxShare, length*vg.Length(rows)/vg.Length(len(a.Categories))) - gap
	for i, name := range a.Categories {
		ticks = append(ticks, plot.Tick{
			Value: float64(i),
			Label: strings.Repeat("\n", i%rows) + shorten(style, space, name),
		})
	}
	return ticks
}

const (
	maxShare    = 0.4 // of an axis that the name of a category takes
	maxNameRows = 4
)

// categoryRows returns the number of rows that the names of the categories need.
func (a Axis) categoryRows(length vg.Length) int {
	widest := vg.Length(0)
	for _, name := range a.Categories {
		widest = max(widest, min(widthOf(name), length*maxShare))
	}
	rows := math.Ceil(float64(widest * vg.Length(len(a.Categories)) / length))
	return int(min(max(rows, 1), maxNameRows))
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

// ticksAt returns a tick at each of the values.
func (a Axis) ticksAt(values []float64) (ticks []plot.Tick) {
	for _, v := range slices.Compact(slices.Sorted(slices.Values(values))) {
		ticks = append(ticks, plot.Tick{Value: v, Label: a.format(v)})
	}
	return ticks
}

// format writes a value of the axis to three digits, with a unit if it is a time.
func (a Axis) format(v float64) string {
	if a.Categories != nil {
		return a.Categories[int(v)]
	}
	if math.Abs(v) >= 1e12 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
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
