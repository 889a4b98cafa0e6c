package bench

import (
	"io"

	"busybench/bench/outcome"
	"busybench/bench/outcomecsv"
)

// outcomesFile is the report of -outcomes: every attempt, as CSV.
type outcomesFile struct {
	*reportFile
	csv     *outcomecsv.Writer
	results map[string]int // by benchmark
}

// createOutcomesFile creates the file with its header.
func createOutcomesFile(path string) (f outcomesFile, err error) {
	if f.reportFile, err = createReportFile(path); err != nil {
		return f, err
	}
	f.results = map[string]int{}
	f.write(func(out io.Writer) (err error) {
		f.csv, err = outcomecsv.NewWriter(out)
		return err
	})
	return f, f.err
}

// newResult returns what adds the rounds of the next result of a benchmark.
func (f outcomesFile) newResult(benchmark string) (add func(outcome.Round)) {
	f.results[benchmark]++
	id := outcomecsv.Round{Benchmark: benchmark, Result: f.results[benchmark]}
	return func(r outcome.Round) {
		id.Round++
		f.write(func(io.Writer) error { return f.csv.Write(id, r) })
	}
}
