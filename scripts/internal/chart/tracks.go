package chart

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"busybench/bench/timeline"
)

// seriesStyles say how the series of tracks are drawn, by name, in the order of drawing. Those of
// one track differ in their width, too.
var seriesStyles = []struct {
	name  string
	color themeColor
	width vg.Length
}{
	{timeline.Maximum, purple, 0.9},
	{timeline.Acknowledged, green, 1.8},
	{timeline.LockError, red, 0.9},
	{timeline.Median, blue, 1.8},
}

// seriesStyle returns the style of a series.
func seriesStyle(name string) draw.LineStyle {
	for _, s := range seriesStyles {
		if s.name == name {
			return line(s.color, s.width)
		}
	}
	return line(yellow, 1.4)
}

// DrawTracks draws the figures over the time of a round as SVG, one track below the other.
func DrawTracks(out io.Writer, t timeline.Timeline) error {
	t.Tracks = withoutStatements(t.Tracks)
	if !t.HasFigures() || t.Length <= 0 {
		return fmt.Errorf("the round of %s has no figures over time; make it 10s or longer", t.Name)
	}
	var tracks []track
	for _, one := range t.Tracks {
		tracks = append(tracks, newTrack(one))
	}
	stack := trackStack{tracks: tracks, length: t.Length, timeTitle: afterRelease}
	summary := Summarize(t)
	return frame{
		title:       strings.ReplaceAll(t.Name, "/", " "),
		subtitle:    summary,
		entries:     seriesEntries(t.Tracks),
		description: summary + "\n" + DescribeTracks(t),
		height:      stack.height(),
		body: func(p *page) error {
			stack.draw(p.take(stack.height()))
			return nil
		},
	}.draw(out)
}

// DescribeTracks returns the content of a round's tracks in words, a line for each series.
func DescribeTracks(t timeline.Timeline) string {
	t.Tracks = withoutStatements(t.Tracks)
	var lines []string
	for _, one := range t.Tracks {
		axis, scale := unitAxis(one.Unit)
		format := func(v float64) string {
			if one.Unit == timeline.Bytes {
				return axis.format(v*scale) + "\u00a0MiB"
			}
			return axis.format(v * scale)
		}
		for _, s := range one.Series {
			name := capitalize(one.Name)
			if len(one.Series) > 1 {
				name += ", " + s.Name
			}
			if len(s.Samples) > 0 {
				lines = append(lines, name+": "+describeSamples(s.Samples, format)+".")
			}
		}
		for _, kind := range spanKinds(one) {
			lines = append(lines, fmt.Sprintf("%s, %s: %s.", capitalize(one.Name), kind,
				describeSpans(one.Spans, kind)))
		}
	}
	return strings.Join(lines, "\n")
}

// capitalize makes the first letter of an ASCII text a capital.
func capitalize(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// describeSamples returns the median, the minimum and the maximum of a series in words.
func describeSamples(samples []timeline.Sample, format func(float64) string) string {
	sorted := slices.Clone(samples)
	slices.SortStableFunc(sorted, func(a, b timeline.Sample) int {
		return cmp.Compare(a.Value, b.Value)
	})
	low, high := sorted[0], sorted[len(sorted)-1]
	return fmt.Sprintf("median %s, min %s at %s, max %s at %s",
		format(sorted[(len(sorted)-1)/2].Value), format(low.Value), formatDuration(low.At),
		format(high.Value), formatDuration(high.At))
}

// spanKinds returns the kinds of a track's spans, each once.
func spanKinds(t timeline.Track) (kinds []string) {
	for _, s := range t.Spans {
		if !slices.Contains(kinds, s.Kind) {
			kinds = append(kinds, s.Kind)
		}
	}
	return kinds
}

// describeSpans says how many spans of a kind there are, and which is the longest.
func describeSpans(spans []timeline.Span, kind string) string {
	n, longest := 0, timeline.Span{}
	for _, s := range spans {
		if s.Kind != kind {
			continue
		}
		if n++; s.To-s.From > longest.To-longest.From {
			longest = s
		}
	}
	return fmt.Sprintf("%d, the longest of %s from %s", n,
		formatDuration(longest.To-longest.From), formatDuration(longest.From))
}

// unitAxis returns the axis for values of a unit, and the factor by which they are shown.
func unitAxis(u timeline.Unit) (a Axis, scale float64) {
	switch u {
	case timeline.Nanoseconds:
		return Axis{Log: true, Time: true}, 1e-9
	case timeline.Bytes:
		return Axis{}, 1.0 / (1 << 20)
	}
	return Axis{}, 1
}

// seriesEntries returns the legend, without series that are alone in their track: the title of the
// track says what they are.
func seriesEntries(tracks []timeline.Track) (entries []legendEntry) {
	seen := map[string]bool{}
	add := func(name string, swatch func(draw.Canvas)) {
		if !seen[name] {
			seen[name] = true
			entries = append(entries, legendEntry{name, swatch})
		}
	}
	for _, t := range tracks {
		if len(t.Series) < 2 {
			continue
		}
		for _, s := range t.Series {
			add(s.Name, func(c draw.Canvas) {
				y := c.Center().Y
				c.StrokeLine2(seriesStyle(s.Name), c.Min.X, y, c.Max.X, y)
			})
		}
	}
	return entries
}

// track is a track with its axis.
type track struct {
	timeline.Track
	title string
	scale float64
	axis  plot.Axis // of the values
}

const (
	trackHeight = vg.Length(96) // of a track with series, without its title
	spansHeight = vg.Length(24) // of a track with spans
)

func newTrack(t timeline.Track) track {
	a, scale := unitAxis(t.Unit)
	a.Title = t.Name
	if t.Unit == timeline.Bytes {
		a.Title += " (MiB)"
	}
	var values []float64
	for _, s := range t.Series {
		for _, sample := range s.Samples {
			values = append(values, sample.Value*scale)
		}
	}
	drawn := track{Track: t, title: a.Title, scale: scale}
	drawn.axis.Scale = plot.LinearScale{}
	if len(values) > 0 {
		drawn.title = a.titleFor(values)
		a.set(&drawn.axis, values, trackHeight, heightOf)
	}
	return drawn
}

// ticks returns the ticks of a track that has values.
func (t track) ticks() []plot.Tick {
	if t.axis.Tick.Marker == nil {
		return nil
	}
	return t.axis.Tick.Marker.Ticks(t.axis.Min, t.axis.Max)
}

func (t track) height() vg.Length {
	if t.Series == nil {
		return spansHeight
	}
	return trackHeight
}

// trackStack is tracks one below the other, with a common axis of time below them.
type trackStack struct {
	tracks []track
	length int64 // of the round, in ns
	// timeTitle is the title of the axis of time.
	timeTitle string
}

func titleHeight() vg.Length { return lineHeight(textStyle(small, ink)) }

func (s trackStack) height() vg.Length {
	height := gap + axisHeight + titleHeight()
	for _, t := range s.tracks {
		height += gap + titleHeight() + gap + t.height()
	}
	return height
}

// labelWidth returns the space that the labels of the ticks take.
func (s trackStack) labelWidth() (widest vg.Length) {
	for _, t := range s.tracks {
		for _, tick := range t.ticks() {
			widest = max(widest, textStyle(small, ink).Width(tick.Label))
		}
	}
	return widest + gap
}

func (s trackStack) draw(c draw.Canvas) {
	area := c
	area.Min.X += s.labelWidth()
	area.Min.Y += axisHeight + titleHeight()
	scale := func(at int64) vg.Length { // what outlasts the round ends with it
		return area.Min.X + area.Size().X*vg.Length(float64(min(at, s.length))/float64(s.length))
	}
	top := c.Max.Y
	for _, t := range s.tracks {
		top -= gap
		c.FillText(textStyle(small, ink), vg.Point{X: c.Min.X, Y: top}, t.title)
		top -= titleHeight() + gap
		part := area
		part.Max.Y, part.Min.Y = top, top-t.height()
		top = part.Min.Y
		drawTimeGrid(part, s.length, scale)
		t.draw(part, scale)
	}
	area.Max.Y = area.Min.Y + gap
	drawAxis(c, area, s.length, s.timeTitle, scale)
}

// draw draws the values, with the labels of the ticks to the left, or the spans.
func (t track) draw(c draw.Canvas, scale func(int64) vg.Length) {
	if t.Series == nil {
		drawSpans(c, c.Rectangle, t.Spans, scale)
		return
	}
	style := textStyle(small, ink)
	style.XAlign = text.XRight
	height := func(v float64) vg.Length {
		return c.Min.Y + c.Size().Y*vg.Length(t.axis.Scale.Normalize(t.axis.Min, t.axis.Max, v))
	}
	for _, tick := range t.ticks() {
		if tick.Label == "" {
			continue
		}
		y := height(tick.Value)
		c.StrokeLine2(line(grid, 0.8), c.Min.X, y, c.Max.X, y)
		writeCentered(c, style, vg.Point{X: c.Min.X - gap/2, Y: y}, tick.Label)
	}
	for _, s := range t.inOrder() {
		for _, part := range t.unbroken(s.Samples) {
			var points []vg.Point
			for _, sample := range part {
				points = append(points, vg.Point{
					X: scale(sample.At), Y: height(sample.Value * t.scale),
				})
			}
			drawLine(c, seriesStyle(s.Name), points)
		}
	}
	c.StrokeLine2(line(muted, 1), c.Min.X, c.Min.Y, c.Max.X, c.Min.Y)
}

// drawSpans draws the spans of a track, of which waits are thin. Each is wide enough to be seen.
func drawSpans(
	c draw.Canvas, area vg.Rectangle, spans []timeline.Span, scale func(int64) vg.Length,
) {
	for _, s := range spans {
		color, height := purple, vg.Length(0.84)
		if s.Kind == timeline.Waiting {
			color, height = waiting, 0.4
		}
		from := min(scale(s.From), area.Max.X-1)
		fill(c, color, area, height, from, max(scale(s.To), from+1))
	}
}

// drawLine joins points. A single one becomes a dash.
func drawLine(c draw.Canvas, style draw.LineStyle, points []vg.Point) {
	if len(points) == 1 {
		p := points[0]
		points = []vg.Point{{X: p.X - style.Width, Y: p.Y}, {X: p.X + style.Width, Y: p.Y}}
	}
	c.StrokeLines(style, points)
}

// inOrder returns the series in the order of drawing.
func (t track) inOrder() []timeline.Series {
	order := func(s timeline.Series) int {
		for i, style := range seriesStyles {
			if style.name == s.Name {
				return i
			}
		}
		return len(seriesStyles)
	}
	sorted := slices.Clone(t.Series)
	slices.SortStableFunc(sorted, func(a, b timeline.Series) int { return order(a) - order(b) })
	return sorted
}

// unbroken splits samples if one is missing.
func (t track) unbroken(samples []timeline.Sample) (parts [][]timeline.Sample) {
	from := 0
	for i := range samples {
		end := i + 1
		if end == len(samples) || t.Every > 0 && samples[end].At-samples[i].At > t.Every*3/2 {
			parts = append(parts, samples[from:end])
			from = end
		}
	}
	return parts
}
