package snapshot

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"

	"busybench/bench/anatomy"
	"busybench/bench/metrics"
	"busybench/bench/others"
	"busybench/bench/outcome"
	"busybench/bench/statements"
)

// Row holds the samples of one benchmark with one set of values, all under the same header lines.
type Row struct {
	Name    string // full, such as "Burst/exec=process/journal=wal/writers=8-2"
	Results []*benchfmt.Result
}

// Benchmark returns the name of the row's benchmark, such as "Burst".
func (r Row) Benchmark() string { return string(r.Results[0].Name.Base()) }

// Title returns the row's name without the value of GOMAXPROCS, such as "Burst exec=process
// journal=wal writers=8".
func (r Row) Title() string {
	return strings.Join(append([]string{r.Benchmark()}, NameParts(r.Results[0])...), " ")
}

// CommentName returns the name that comments on the row's benchmark begin with, such as
// "BenchmarkBurst/exec=process/journal=wal/writers=8".
func (r Row) CommentName() string { return commentName(r.Results[0]) }

func commentName(r *benchfmt.Result) string {
	return "Benchmark" + strings.Join(append([]string{string(r.Name.Base())}, NameParts(r)...), "/")
}

// Value returns the value that an axis has in all of the row's results: from their names, or from
// the header lines above them. It is empty if it is in neither.
func (r Row) Value(axis string) string {
	if value, ok := Axis(r.Results[0], axis); ok {
		return value
	}
	return Setting(r.Results[0], axis)
}

// Setting returns the value that an axis has in the header lines above a result, or an empty text.
// The line "driver" is a setting only if it has one word. Otherwise it has the versions of the
// driver of the program.
func Setting(r *benchfmt.Result, axis string) string {
	value := r.GetConfig(axis)
	if axis == "driver" && strings.Contains(value, " ") {
		return ""
	}
	return value
}

// Header returns the header lines that apply to all of the row's results, sorted.
func (r Row) Header() string { return header(r.Results[0]) }

// LockErrors returns the lock errors of a row's writers by kind, of all runs together. They are
// those of all rows with its name.
func (s *Snapshot) LockErrors(row Row) anatomy.Report {
	name := row.CommentName()
	var reports []anatomy.Report
	for _, r := range s.lockErrors {
		if r.Benchmark == name && r.Role == outcome.Writer {
			reports = append(reports, r)
		}
	}
	return anatomy.Combine(reports)
}

// Others returns what a row's participants other than writers did, and why the log grew: a text for
// each, of all runs together.
func (s *Snapshot) Others(row Row) []string {
	name := row.CommentName()
	var texts []string
	for _, c := range s.others {
		if c.Benchmark == name {
			texts = append(texts, c.Text)
		}
	}
	return others.Combine(texts)
}

// Statements returns how the statements of an SQL file ran in a row, in all runs together.
func (s *Snapshot) Statements(row Row) []statements.Comment {
	name := row.CommentName()
	var comments []statements.Comment
	for _, c := range s.statements {
		if c.Benchmark == name {
			comments = append(comments, c)
		}
	}
	return statements.Combine(comments)
}

// Rows groups the results by full name and header lines, in the order of the file. Results under
// different header lines are not samples of the same thing, so they are separate rows.
func (s *Snapshot) Rows() (rows []Row) {
	index := map[string]int{}
	for _, r := range s.Results {
		key := r.Name.String() + "\n" + header(r)
		i, ok := index[key]
		if !ok {
			i, index[key] = len(rows), len(rows)
			rows = append(rows, Row{Name: r.Name.String()})
		}
		rows[i].Results = append(rows[i].Results, r)
	}
	return rows
}

// HeaderKeys returns the keys of the header lines, in the order of the file.
func (s *Snapshot) HeaderKeys() (keys []string) {
	for _, r := range s.Results {
		for _, c := range r.Config {
			if c.File && !slices.Contains(keys, c.Key) {
				keys = append(keys, c.Key)
			}
		}
	}
	return keys
}

// header returns the header lines that apply to a result, sorted.
func header(r *benchfmt.Result) string {
	var lines []string
	for _, c := range r.Config {
		if c.File {
			lines = append(lines, fmt.Sprintf("%s: %s", c.Key, c.Value))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// CheckHeaders fails if the snapshot has results of the same name under different header lines,
// which one table or one curve must not mix.
func (s *Snapshot) CheckHeaders() error {
	first := map[string]Row{}
	for _, row := range s.Rows() {
		other, seen := first[row.Name]
		if !seen {
			first[row.Name] = row
			continue
		}
		return fmt.Errorf("%s has results of %s under different header lines (%s); "+
			"keep them in two snapshots and give these as OLD and NEW",
			s.Path, row.Name, difference(other.Results[0], row.Results[0])[0])
	}
	return nil
}

// Samples returns a row's values in a unit. The unit may be given as it was written ("p99-ns");
// the values are in benchfmt's base units (seconds).
func (r Row) Samples(unit string) (values []float64) {
	for _, result := range r.Results {
		for _, v := range result.Values {
			if v.Unit == unit || v.OrigUnit == unit {
				values = append(values, v.Value)
			}
		}
	}
	return values
}

// Sum returns the sum of a row's samples in a unit.
func (r Row) Sum(unit string) (total float64) {
	for _, v := range r.Samples(unit) {
		total += v
	}
	return total
}

// MaxRefused is the share of lock errors above which rates and times of a row are marked: an
// attempt that ends in one leaves the others less to wait for.
const MaxRefused = 0.01

// Refuses reports whether the share of lock errors of all runs exceeds [MaxRefused].
func (r Row) Refuses() bool {
	return r.Sum(metrics.LockErrors) > MaxRefused*r.Sum(metrics.Attempts)
}

// Median returns the median of a row's samples in a unit, or 0 if there are none. It is the center
// of [Summary]: of an even number of samples, the mean of the two in the middle.
func (r Row) Median(unit string) float64 { return Median(r.Samples(unit)) }

// Median returns the median of samples, or 0 if there are none.
func Median(samples []float64) float64 {
	if len(samples) == 0 {
		return 0
	}
	return Summary(samples).Center
}

// MinSamples is the number of samples that a 95 % confidence interval of the median needs.
const MinSamples = 6

// Summary returns the median of samples and its 95 % confidence interval, as benchstat computes
// them. The interval is infinite if there are fewer than [MinSamples].
func Summary(samples []float64) benchmath.Summary {
	sample := benchmath.NewSample(samples, &benchmath.DefaultThresholds)
	return benchmath.AssumeNothing.Summary(sample, 0.95)
}
