// Package anatomy breaks down the lock errors of a benchmark by kind (result code, phase of the
// attempt, share of the timeout waited) and gives the cause and the remedy of each kind.
package anatomy

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"

	"busybench/bench/metrics"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// Anatomy collects the lock errors of one scenario. Make one with [New].
type Anatomy struct {
	scenario scenario.Scenario
	attempts int
	waits    map[Kind][]int64 // how long the attempts waited for the lock, in ns
}

// New returns an empty anatomy.
func New(s scenario.Scenario) *Anatomy {
	return &Anatomy{scenario: s, waits: map[Kind][]int64{}}
}

// Add adds the outcomes of one round.
func (a *Anatomy) Add(r outcome.Round) {
	for _, w := range r.Writers {
		outcomes := r.Counted(w)
		a.attempts += len(outcomes)
		for _, o := range outcomes {
			if o.LockError() {
				kind := newKind(a.scenario, o)
				a.waits[kind] = append(a.waits[kind], o.LockWait)
			}
		}
	}
}

// Merge adds everything that another anatomy of the same scenario has collected.
func (a *Anatomy) Merge(other *Anatomy) {
	a.attempts += other.attempts
	for kind, waits := range other.waits {
		a.waits[kind] = append(a.waits[kind], waits...)
	}
}

// Report is the anatomy of a benchmark, the most frequent kind first.
type Report struct {
	Benchmark  string  `json:"benchmark"`
	Attempts   int     `json:"attempts"`
	LockErrors int     `json:"lockerrs"` // sum of the counts
	Kinds      []Entry `json:"kinds"`
}

// Entry describes the lock errors of one kind.
type Entry struct {
	Count  int           `json:"count"`
	Code   outcome.Code  `json:"code"` // extended SQLite result code, -1 for a timeout in the queue
	Name   string        `json:"name"` // name of the code
	Phase  outcome.Phase `json:"phase"`
	Waited WaitShare     `json:"waited"`
	Median int64         `json:"median-ns"` // of the times waited for the lock
	Max    int64         `json:"max-ns"`
	Advice string        `json:"advice"` // cause and remedy, as of [Advice]
}

// Report returns the report on a benchmark of this name.
func (a *Anatomy) Report(benchmark string) Report {
	r := Report{Benchmark: benchmark, Attempts: a.attempts, Kinds: []Entry{}}
	for kind, waits := range a.waits {
		r.LockErrors += len(waits)
		r.Kinds = append(r.Kinds, Entry{
			Count: len(waits),
			Code:  kind.Code, Name: kind.Code.String(), Phase: kind.Phase, Waited: kind.Waited,
			Median: int64(metrics.Median(waits)), Max: metrics.Quantile(waits, 1),
			Advice: Advice(a.scenario, kind),
		})
	}
	slices.SortFunc(r.Kinds, func(x, y Entry) int {
		return cmp.Or(-cmp.Compare(x.Count, y.Count), cmp.Compare(x.Code, y.Code),
			cmp.Compare(x.Phase, y.Phase), cmp.Compare(x.Waited, y.Waited))
	})
	return r
}

// WriteJSON writes a report as a JSON object on one line.
func (r Report) WriteJSON(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(r)
}
