// Package statements says how often and how long the statements of an SQL file ran in a benchmark,
// in comments that it can read again.
package statements

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"time"

	"busybench/bench/format"
	"busybench/bench/outcome"
	"busybench/bench/workload"
)

// Summary collects the statements of rounds. Make one with [New].
type Summary struct {
	file  *workload.Workload
	times map[int]outcome.StatementTime // by line
}

// New returns an empty summary of a file. It remains empty if the file is nil.
func New(file *workload.Workload) *Summary {
	return &Summary{file: file, times: map[int]outcome.StatementTime{}}
}

// Add adds what the writers and readers of a round ran.
func (s *Summary) Add(r outcome.Round) {
	for _, all := range [][]outcome.Series{r.Writers, r.Readers} {
		for _, series := range all {
			for _, t := range series.Statements {
				s.add(t)
			}
		}
	}
}

func (s *Summary) add(t outcome.StatementTime) {
	sum := s.times[t.Line]
	sum.Add(t)
	s.times[t.Line] = sum
}

// Merge adds everything that another summary of the same file has collected.
func (s *Summary) Merge(other *Summary) {
	for _, t := range other.times {
		s.add(t)
	}
}

// Comment says how a statement ran in a benchmark.
type Comment struct {
	Benchmark  string
	Statement  workload.Place
	Runs       int
	LockErrors int
	Mean       time.Duration // of a run, without its wait
	Max        time.Duration // of a run
	Waited     time.Duration // by all runs, for a lock that was refused
}

const commentFormat = "# %s: %s: %d runs, mean %s, max %s, waited %s, %d lock errors\n"

var commentLine = regexp.MustCompile(`^# (Benchmark\S+): (\S[^:]* \(line \d+\)): (\d+) runs, ` +
	`mean (\S+), max (\S+), waited (\S+), (\d+) lock errors$`)

// WriteComments writes a line for each statement that ran in a benchmark of this name, in the order
// of the file.
func (s *Summary) WriteComments(out io.Writer, benchmark string) error {
	for _, line := range slices.Sorted(maps.Keys(s.times)) {
		t := s.times[line]
		if t.Runs == 0 {
			continue
		}
		mean := time.Duration(max(t.Duration-t.Wait, 0) / int64(t.Runs))
		_, err := fmt.Fprintf(out, commentFormat, benchmark, s.file.Place(line), t.Runs,
			format.Duration(mean), format.Duration(time.Duration(t.Max)),
			format.Duration(time.Duration(t.Wait)), t.LockErrors)
		if err != nil {
			return err
		}
	}
	return nil
}

// ParseComment reads a line of a result file, without its newline. It returns false for any other
// line.
func ParseComment(line string) (c Comment, ok bool) {
	m := commentLine.FindStringSubmatch(line)
	if m == nil {
		return c, false
	}
	return Comment{
		Benchmark: m[1], Statement: workload.ParsePlace(m[2]), Runs: number(m[3]),
		Mean: length(m[4]), Max: length(m[5]), Waited: length(m[6]), LockErrors: number(m[7]),
	}, true
}

// Combine adds up the comments on one benchmark, of several runs, in the order of the file.
func Combine(comments []Comment) (combined []Comment) {
	for _, c := range comments {
		i := slices.IndexFunc(combined, func(have Comment) bool {
			return have.Statement == c.Statement
		})
		if i < 0 {
			combined = append(combined, c)
			continue
		}
		sum := &combined[i]
		if runs := sum.Runs + c.Runs; runs > 0 {
			mean := float64(sum.Mean)*float64(sum.Runs) + float64(c.Mean)*float64(c.Runs)
			sum.Mean, sum.Runs = time.Duration(mean/float64(runs)), runs
		}
		sum.LockErrors += c.LockErrors
		sum.Max = max(sum.Max, c.Max)
		sum.Waited += c.Waited
	}
	slices.SortStableFunc(combined, func(a, b Comment) int {
		return cmp.Compare(a.Statement.Line, b.Statement.Line)
	})
	return combined
}

// number parses digits. A number that is too large for an int becomes the largest one.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// length parses a duration. It returns 0 if the text is none.
func length(text string) time.Duration {
	d, _ := time.ParseDuration(text)
	return d
}
