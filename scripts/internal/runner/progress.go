package runner

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"busybench/bench/terminal"
)

// progress tells how far a run is: a line after each benchmark. On a terminal the next line
// takes its place.
type progress struct {
	count, pass int
	results     int
	out         io.Writer
	width       int // of the terminal, 0 where out is none
	now         func() time.Time
	begun       time.Time
	last        time.Time       // when the last benchmark ended
	durations   []time.Duration // of each benchmark of the first pass
	inPass      int             // benchmarks done in this pass
}

func newProgress(count int, out io.Writer) *progress {
	p := &progress{count: count, out: out, now: time.Now}
	if file, ok := out.(*os.File); ok {
		p.width = terminal.Width(file)
	}
	return p
}

// beginPass reports whether there is another pass to make.
func (p *progress) beginPass() bool {
	if p.pass == 0 {
		p.begun = p.now()
		p.last = p.begun
	}
	p.pass++
	p.inPass = 0
	return p.pass <= p.count
}

// line takes a line that the benchmarks printed, and tells of it where it is a result.
func (p *progress) line(text string) {
	fields := strings.Fields(text)
	if len(fields) < 3 || !strings.HasPrefix(fields[0], "Benchmark") || strings.HasPrefix(fields[1], "---") {
		return
	}
	now := p.now()
	if p.pass == 1 {
		p.durations = append(p.durations, now.Sub(p.last))
	}
	p.last = now
	p.results++
	p.inPass++
	name := strings.ReplaceAll(strings.TrimPrefix(fields[0], "Benchmark"), "/", " ")
	p.show(fmt.Sprintf("pass %d/%d  %-58s  elapsed %-7s %s", p.pass, p.count, name, round(now.Sub(p.begun)), p.left()))
}

// left estimates the time to the end from the durations in the first pass, which is known only
// after it.
func (p *progress) left() string {
	if p.pass == 1 && p.count > 1 {
		return "the first pass tells how long"
	}
	var perPass, rest time.Duration
	for i, d := range p.durations {
		perPass += d
		if i >= p.inPass {
			rest += d
		}
	}
	if p.pass == 1 {
		return ""
	}
	return fmt.Sprintf("about %s left", round(time.Duration(p.count-p.pass)*perPass+rest))
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

func round(d time.Duration) time.Duration { return d.Round(time.Second) }
