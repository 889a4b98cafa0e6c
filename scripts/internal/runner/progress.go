package runner

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/perf/benchfmt"

	"busybench/bench/format"
	"busybench/bench/metrics"
	"busybench/bench/terminal"
)

// progress shows how far the steps are: a line after each benchmark, which begins with the time
// left. On a terminal the next line replaces it. Elsewhere it has at most [format.Columns].
type progress struct {
	budget    time.Duration // of all steps together, 0 if there is none
	step      Step          // the current one
	steps     int           // begun
	results   int           // of all steps
	out       io.Writer
	width     int // of the terminal, 0 if out is not one
	now       func() time.Time
	begun     time.Time                // when the first step began
	last      time.Time                // when the last benchmark ended
	durations []time.Duration          // of each benchmark in the first step
	inStep    int                      // benchmarks done in this step
	lasted    map[string]time.Duration // how long each benchmark took last, by name
}

func newProgress(budget time.Duration, out io.Writer) *progress {
	p := &progress{budget: budget, out: out, now: time.Now,
		lasted: map[string]time.Duration{}}
	if file, ok := out.(*os.File); ok {
		p.width = terminal.Width(file)
	}
	return p
}

// building shows that the benchmarks are being built, on a terminal. The next line replaces it.
func (p *progress) building() {
	if p.width > 0 {
		p.show("building the benchmarks; half a minute the first time")
	}
}

// checking shows that an SQL file is being checked, unless its path is empty.
func (p *progress) checking(sql string) {
	if p.width > 0 && sql != "" {
		p.show("checking " + sql + ", whose setup is run")
	}
}

// begin begins the next step.
func (p *progress) begin(s Step) {
	if p.steps == 0 {
		p.begun = p.now()
		p.last = p.begun
	}
	p.step = s
	p.steps++
	p.inStep = 0
}

// elapsed returns the time since the first step began.
func (p *progress) elapsed() time.Duration { return p.now().Sub(p.begun) }

// line takes a line that the benchmarks printed, and shows the progress if it is a result.
func (p *progress) line(text string) {
	if !isResult(text) {
		return
	}
	now := p.now()
	if p.steps == 1 {
		p.durations = append(p.durations, now.Sub(p.last))
	}
	p.lasted[strings.Fields(text)[0]] = now.Sub(p.last)
	p.last = now
	p.results++
	p.inStep++
	p.show(fmt.Sprintf("%-14s  %s  %s", p.left(), p.step.Name, describeResult(text)))
}

// left says how much time is left: the rest of the budget, or what the steps that follow take if
// that is more. This is estimated from the durations in the first step, and unknown in it.
func (p *progress) left() string {
	left := max(0, p.budget-p.elapsed())
	switch {
	case p.budget == 0 && p.steps == 1:
		return inSeconds(p.elapsed()) + " so far"
	case p.budget == 0 || p.steps > 1 && p.step.After > 0:
		left = max(left, p.rest())
	}
	return inSeconds(left) + " left"
}

// rest returns what this step and those that follow take.
func (p *progress) rest() (rest time.Duration) {
	var perStep time.Duration
	for i, d := range p.durations {
		perStep += d
		if i >= p.inStep {
			rest += d
		}
	}
	return rest + time.Duration(p.step.After)*perStep
}

// describeResult shortens a result line to the name of the benchmark, behind its rate if it has
// one.
func describeResult(line string) string {
	fields := strings.Fields(line)
	base, parts := benchfmt.Name(strings.TrimPrefix(fields[0], "Benchmark")).Parts()
	name := string(base)
	for _, part := range parts {
		if word, ok := strings.CutPrefix(string(part), "/"); ok { // not GOMAXPROCS
			name += " " + word
		}
	}
	for i := 3; i < len(fields); i += 2 {
		if fields[i] == metrics.InsertsPerSecond {
			return fmt.Sprintf("%7s %s  %s", fields[i-1], fields[i], name)
		}
	}
	return name
}

func (p *progress) show(line string) {
	if p.width > 0 {
		fmt.Fprint(p.out, terminal.Line(line, p.width))
		return
	}
	fmt.Fprintln(p.out, terminal.Fit(strings.TrimRight(line, " "), format.Columns))
}

// end clears the line on the terminal, for what is printed next.
func (p *progress) end() {
	if p.width > 0 {
		p.show("")
	}
}

// inSeconds formats a duration without a fraction of a second.
func inSeconds(d time.Duration) string { return format.Duration(d.Round(time.Second)) }
