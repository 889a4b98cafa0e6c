// Package anatomy breaks down the lock errors of a benchmark by kind (result code, phase of the
// attempt, share of the timeout waited) and gives the cause and the remedy of each kind. It says
// who held the write lock meanwhile, and also during long waits that ended with the lock.
package anatomy

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"

	"busybench/bench/blame"
	"busybench/bench/metrics"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// Anatomy collects the lock errors of one scenario. Make one with [New].
type Anatomy struct {
	scenario scenario.Scenario
	attempts int
	kinds    map[Kind]*blamed
	long     blamed // acknowledged attempts that waited long
}

// New returns an empty anatomy.
func New(s scenario.Scenario) *Anatomy {
	return &Anatomy{scenario: s, kinds: map[Kind]*blamed{}}
}

// Add adds the outcomes of one round.
func (a *Anatomy) Add(r outcome.Round) {
	var waits []blame.Wait
	var outcomes []outcome.Outcome // by wait
	for number, w := range r.Writers {
		counted := r.Counted(w)
		a.attempts += len(counted)
		by := outcome.Participant{Role: outcome.Writer, Number: number}
		for _, o := range counted {
			if wait, ok := blame.NewWait(by, o); ok {
				waits, outcomes = append(waits, wait), append(outcomes, o)
			}
		}
	}
	if len(waits) == 0 {
		return
	}
	for i, b := range blame.NewHistory(blame.Holds(r)).Blame(waits) {
		a.add(outcomes[i], newBlame(waits[i], b))
	}
}

// add adds an attempt that ended in a lock error or waited long.
func (a *Anatomy) add(o outcome.Outcome, b Blame) {
	if o.LockError() {
		a.kind(newKind(a.scenario, o)).add(o.LockWait, b)
	} else if o.Acknowledged() {
		a.long.add(b.Waited, b)
	}
}

// kind returns the lock errors of a kind.
func (a *Anatomy) kind(k Kind) *blamed {
	if a.kinds[k] == nil {
		a.kinds[k] = new(blamed)
	}
	return a.kinds[k]
}

// Merge adds everything that another anatomy of the same scenario has collected.
func (a *Anatomy) Merge(other *Anatomy) {
	a.attempts += other.attempts
	a.long.merge(&other.long)
	for kind, all := range other.kinds {
		a.kind(kind).merge(all)
	}
}

// Report is the anatomy of a benchmark, the most frequent kind first.
type Report struct {
	Benchmark  string  `json:"benchmark"`
	Attempts   int     `json:"attempts"`
	LockErrors int     `json:"lockerrs"` // sum of the counts
	Kinds      []Entry `json:"kinds"`
	// LongWaits are those of attempts that were acknowledged.
	LongWaits LongWaits `json:"long-waits,omitzero"`
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
	Blame  Blame         `json:"blame"`
}

// Report returns the report on a benchmark of this name.
func (a *Anatomy) Report(benchmark string) Report {
	r := Report{
		Benchmark: benchmark, Attempts: a.attempts, Kinds: []Entry{}, LongWaits: a.long.longWaits(),
	}
	for kind, all := range a.kinds {
		waits := all.waits
		r.LockErrors += len(waits)
		r.Kinds = append(r.Kinds, Entry{
			Count: len(waits),
			Code:  kind.Code, Name: kind.Code.String(), Phase: kind.Phase, Waited: kind.Waited,
			Median: int64(metrics.Median(waits)), Max: metrics.Quantile(waits, 1),
			Advice: Advice(a.scenario, kind), Blame: all.blame(),
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
