package snapshot

import (
	"strings"

	"golang.org/x/perf/benchfmt"
)

// InterleavedPrefix begins the comment in each of two snapshots whose runs were made in turns. The
// label of the other one follows. Such snapshots begin at the same time.
const InterleavedPrefix = "# interleaved with "

// BegunPrefix begins the comment that says when the runs began.
const BegunPrefix = "# begun "

// interleaving holds what tells whether two snapshots were made in turns.
type interleaving struct {
	begun string // of the first runs
	is    bool
}

// add takes a line of a result file.
func (i *interleaving) add(line string) {
	if begun, ok := strings.CutPrefix(line, BegunPrefix); ok && i.begun == "" {
		i.begun = begun
	}
	i.is = i.is || strings.HasPrefix(line, InterleavedPrefix)
}

// Interleaved reports whether the runs of two snapshots were made in turns, so that runs of the
// same number are a pair. The files may have got other names since.
func Interleaved(older, newer *Snapshot) bool {
	return older.interleaving.is && older.interleaving == newer.interleaving
}

// Pairs returns the samples of two rows in a unit, those of the same run beside each other. Each
// row is one of the snapshot before it. Runs that only one of them has are left out. If the runs
// are unknown, the rows are taken to have the same ones.
func (s *Snapshot) Pairs(row Row, other *Snapshot, base Row, unit string) (a, b []float64) {
	bases := map[int]float64{}
	for i, r := range base.Results {
		if v, ok := value(r, unit); ok {
			bases[other.runNumber(r, i)] = v
		}
	}
	for i, r := range row.Results {
		v, ok := value(r, unit)
		w, paired := bases[s.runNumber(r, i)]
		if ok && paired {
			a, b = append(a, v), append(b, w)
		}
	}
	return a, b
}

// runNumber returns the number of a result's run, below 0 for the results of a row without known
// runs, by their place in it.
func (s *Snapshot) runNumber(r *benchfmt.Result, place int) int {
	if run, ok := s.RunOf(r); ok {
		return run.Number
	}
	return -1 - place
}

// value returns the value of a result in a unit, as [Row.Samples] does.
func value(r *benchfmt.Result, unit string) (v float64, ok bool) {
	for _, v := range r.Values {
		if v.Unit == unit || v.OrigUnit == unit {
			return v.Value, true
		}
	}
	return 0, false
}
