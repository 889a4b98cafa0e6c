package anatomy

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"time"

	"busybench/bench/format"
	"busybench/bench/outcome"
)

// headFormat and kindFormat are the comments on a benchmark and on a kind of lock error.
const (
	headFormat = "# %s: %d of %d attempts ended in a lock error\n"
	kindFormat = "#   %d x %s in %s, waited %s (median %v, max %v): %s\n"
)

// WriteComments writes a report as lines that benchstat ignores. It writes nothing if there are no
// lock errors.
func (r Report) WriteComments(out io.Writer) error {
	if r.LockErrors == 0 {
		return nil
	}
	_, err := fmt.Fprintf(out, headFormat, r.Benchmark, r.LockErrors, r.Attempts)
	for _, e := range r.Kinds {
		if err != nil {
			break
		}
		median := format.Duration(time.Duration(e.Median))
		maximum := format.Duration(time.Duration(e.Max))
		_, err = fmt.Fprintf(out, kindFormat,
			e.Count, e.Name, e.Phase, e.Waited.describe(), median, maximum, e.Advice)
	}
	return err
}

var (
	headComment = regexp.MustCompile(
		`^# (Benchmark\S+): (\d+) of (\d+) attempts ended in a lock error$`)
	kindComment = regexp.MustCompile(
		`^#   (\d+) x (\S+) in (\S+), waited (0|partly|the whole timeout)` +
			` \(median (\S+), max (\S+)\): (.*)$`)
)

// Comments collects reports from the lines that [Report.WriteComments] wrote. Reports on the same
// benchmark, of several runs, are kept apart.
type Comments struct {
	Reports []Report
	open    bool // the last line belonged to the last report
}

// Add takes the next line of a result file, without its newline. Lines of other kinds end a report.
// The entries have no code, only its name, and times with three significant digits.
func (c *Comments) Add(line string) {
	if m := headComment.FindStringSubmatch(line); m != nil {
		c.Reports = append(c.Reports,
			Report{Benchmark: m[1], LockErrors: number(m[2]), Attempts: number(m[3])})
		c.open = true
		return
	}
	m := kindComment.FindStringSubmatch(line)
	if c.open = c.open && m != nil; !c.open {
		return
	}
	entry := Entry{Count: number(m[1]), Name: m[2], Median: length(m[5]), Max: length(m[6]),
		Advice: m[7]}
	// Both have fixed texts; an unknown one leaves the zero value.
	_ = entry.Phase.UnmarshalText([]byte(m[3]))
	for _, w := range []WaitShare{NoWait, PartialWait, FullWait} {
		if w.describe() == m[4] {
			entry.Waited = w
		}
	}
	last := &c.Reports[len(c.Reports)-1]
	last.Kinds = append(last.Kinds, entry)
}

// number parses digits. A number that is too large for an int becomes the largest one.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// length parses a duration, in ns. It returns 0 if the text is none.
func length(text string) int64 {
	d, _ := time.ParseDuration(text)
	return int64(d)
}

// Combine adds up reports on one benchmark, of several runs. The kinds are in the order of their
// counts. The times of a kind are those of the report with the most errors of that kind.
func Combine(reports []Report) (sum Report) {
	type key struct {
		name   string
		phase  outcome.Phase
		waited WaitShare
	}
	largest := map[key]Entry{}
	counts := map[key]int{}
	for _, r := range reports {
		sum.Benchmark = r.Benchmark
		sum.Attempts += r.Attempts
		sum.LockErrors += r.LockErrors
		for _, e := range r.Kinds {
			k := key{e.Name, e.Phase, e.Waited}
			counts[k] += e.Count
			if e.Count > largest[k].Count {
				largest[k] = e
			}
		}
	}
	for k, e := range largest {
		e.Count = counts[k]
		sum.Kinds = append(sum.Kinds, e)
	}
	slices.SortFunc(sum.Kinds, func(x, y Entry) int {
		return cmp.Or(-cmp.Compare(x.Count, y.Count), cmp.Compare(x.Name, y.Name),
			cmp.Compare(x.Phase, y.Phase), cmp.Compare(x.Waited, y.Waited))
	})
	return sum
}
