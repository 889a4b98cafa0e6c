package runner

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"busybench/bench/format"
	"busybench/bench/terminal"
)

// progress shows how far the runs are: a line after each benchmark. On a terminal the next line
// replaces it.
type progress struct {
	count, run int
	results    int
	out        io.Writer
	width      int // of the terminal, 0 if out is not one
	now        func() time.Time
	begun      time.Time
	last       time.Time       // when the last benchmark ended
	durations  []time.Duration // of each benchmark in the first run
	inRun      int             // benchmarks done in this run
}

func newProgress(count int, out io.Writer) *progress {
	p := &progress{count: count, out: out, now: time.Now}
	if file, ok := out.(*os.File); ok {
		p.width = terminal.Width(file)
	}
	return p
}

// nextRun begins the next run, and reports whether there is one.
func (p *progress) nextRun() bool {
	if p.run == 0 {
		p.begun = p.now()
		p.last = p.begun
	}
	p.run++
	p.inRun = 0
	return p.run <= p.count
}

// line takes a line that the benchmarks printed, and shows the progress if it is a result.
func (p *progress) line(text string) {
	if !isResult(text) {
		return
	}
	now := p.now()
	if p.run == 1 {
		p.durations = append(p.durations, now.Sub(p.last))
	}
	p.last = now
	p.results++
	p.inRun++
	name := strings.TrimPrefix(strings.Fields(text)[0], "Benchmark")
	p.show(fmt.Sprintf("run %d/%d  %-59s  elapsed %-7s %s", p.run, p.count,
		strings.ReplaceAll(name, "/", " "), inSeconds(now.Sub(p.begun)), p.left()))
}

// left estimates the time to the end from the durations in the first run. They are known after it.
func (p *progress) left() string {
	if p.run == 1 && p.count > 1 {
		return "time left: known after the first run"
	}
	var perRun, rest time.Duration
	for i, d := range p.durations {
		perRun += d
		if i >= p.inRun {
			rest += d
		}
	}
	if p.run == 1 {
		return ""
	}
	return "time left: about " + inSeconds(time.Duration(p.count-p.run)*perRun+rest)
}

func (p *progress) show(line string) {
	if p.width > 0 {
		fmt.Fprint(p.out, terminal.Line(line, p.width))
		return
	}
	fmt.Fprintln(p.out, strings.TrimRight(line, " "))
}

func (p *progress) end() {
	if p.width > 0 && p.results > 0 {
		fmt.Fprintln(p.out)
	}
}

// inSeconds formats a duration without a fraction of a second.
func inSeconds(d time.Duration) string { return format.Duration(d.Round(time.Second)) }
