// Package anatomy breaks down the lock errors of a benchmark by kind (result code, phase of the
// attempt, share of the timeout waited) and gives the cause and the remedy of each kind. It says
// who held the write lock meanwhile, and also during long waits that ended with the lock.
package anatomy

import (
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"slices"

	"busybench/bench/blame"
	"busybench/bench/metrics"
	"busybench/bench/outcome"
	"busybench/bench/scenario"
	"busybench/bench/workload"
)

// Anatomy collects the lock errors of one scenario. Make one with [New].
type Anatomy struct {
	scenario scenario.Scenario
	file     *workload.Workload // nil unless transactions are those of an SQL file
	roles    map[outcome.Role]*section

	// Some acknowledged attempts say when they held the write lock, or do not.
	hasInstants, lacksInstants bool
}

// section is what participants of one role met.
type section struct {
	attempts int
	kinds    map[Kind]*blamed
	long     blamed // those without an error that waited long
}

// New returns an empty anatomy.
func New(s scenario.Scenario) *Anatomy {
	return &Anatomy{scenario: s, roles: map[outcome.Role]*section{}}
}

// NewFor is [New] for the transactions of an SQL file, unless it is nil.
func NewFor(file *workload.Workload, s scenario.Scenario) *Anatomy {
	a := New(s)
	a.file = file
	return a
}

// section returns what is known of a role.
func (a *Anatomy) section(role outcome.Role) *section {
	if a.roles[role] == nil {
		a.roles[role] = &section{kinds: map[Kind]*blamed{}}
	}
	return a.roles[role]
}

// Add adds the outcomes of one round.
func (a *Anatomy) Add(r outcome.Round) {
	var waits []blame.Wait
	var outcomes []outcome.Outcome // by wait
	for by, series := range r.All() {
		counted := r.CountedOf(by.Role, series)
		a.section(by.Role).attempts += len(counted)
		for _, o := range counted {
			if wait, ok := blame.NewWait(by, o); ok {
				waits, outcomes = append(waits, wait), append(outcomes, o)
			}
		}
	}
	a.noteInstants(r)
	if len(waits) == 0 {
		return
	}
	for i, b := range blame.NewHistory(r).Blame(waits) {
		a.add(waits[i].By.Role, outcomes[i], a.newBlame(waits[i], b))
	}
}

// noteInstants notes whether writers that were acknowledged say when they held the write lock.
func (a *Anatomy) noteInstants(r outcome.Round) {
	for _, series := range r.Writers {
		for _, o := range series.Outcomes {
			a.hasInstants = a.hasInstants || o.LockAcquired != 0
			a.lacksInstants = a.lacksInstants || o.Acknowledged() && o.LockAcquired == 0
		}
	}
}

// add adds an attempt that ended in a lock error or waited long.
func (a *Anatomy) add(role outcome.Role, o outcome.Outcome, b Blame) {
	if o.LockError() {
		k := newKind(a.scenarioOf(role), newStatement(a.file, o.Line), o)
		a.section(role).kind(k).add(o.LockWait, b)
	} else if o.Acknowledged() {
		a.section(role).long.add(b.Waited, b)
	}
}

// scenarioOf returns the scenario as it is for a role.
func (a *Anatomy) scenarioOf(role outcome.Role) scenario.Scenario {
	s := a.scenario
	if role == outcome.Intruder {
		s.Busy = scenario.IntruderBusy
	}
	return s
}

// kind returns the lock errors of a kind.
func (s *section) kind(k Kind) *blamed {
	if s.kinds[k] == nil {
		s.kinds[k] = new(blamed)
	}
	return s.kinds[k]
}

// Merge adds everything that another anatomy of the same scenario has collected.
func (a *Anatomy) Merge(other *Anatomy) {
	a.hasInstants = a.hasInstants || other.hasInstants
	a.lacksInstants = a.lacksInstants || other.lacksInstants
	for role, from := range other.roles {
		to := a.section(role)
		to.attempts += from.attempts
		to.long.merge(&from.long)
		for kind, all := range from.kinds {
			to.kind(kind).merge(all)
		}
	}
}

// Report is the anatomy of the participants of one role in a benchmark, the most frequent kind
// first.
type Report struct {
	Benchmark  string       `json:"benchmark"`
	Role       outcome.Role `json:"role"`
	Attempts   int          `json:"attempts"` // of a writer; reads of a reader, and so on
	LockErrors int          `json:"lockerrs"` // sum of the counts
	Kinds      []Entry      `json:"kinds"`
	// LongWaits are those of attempts without an error.
	LongWaits LongWaits `json:"long-waits,omitzero"`

	// HoldersUnknown is true if the driver does not report who held the write lock.
	HoldersUnknown bool `json:"holders-unknown,omitempty"`
}

// Entry describes the lock errors of one kind.
type Entry struct {
	Count  int           `json:"count"`
	Code   outcome.Code  `json:"code"` // extended SQLite result code, -1 for a timeout in the queue
	Name   string        `json:"name"` // name of the code
	Phase  outcome.Phase `json:"phase"`
	Waited WaitShare     `json:"waited"`
	// Statement is that of an SQL file.
	Statement string `json:"statement,omitempty"`
	Median    int64  `json:"median-ns"` // of the times waited for the lock
	Max       int64  `json:"max-ns"`
	Advice    string `json:"advice"` // cause and remedy, as of [Advice]
	Blame     Blame  `json:"blame"`
}

// Reports returns the reports on a benchmark of this name, one for each role that took part. The
// first is on the writers.
func (a *Anatomy) Reports(benchmark string) []Report {
	a.section(outcome.Writer)
	var all []Report
	for _, role := range slices.Sorted(maps.Keys(a.roles)) {
		all = append(all, a.report(benchmark, role))
	}
	return all
}

func (a *Anatomy) report(benchmark string, role outcome.Role) Report {
	s := a.section(role)
	r := Report{
		Benchmark: benchmark, Role: role, Attempts: s.attempts, Kinds: []Entry{},
		LongWaits: s.long.longWaits(), HoldersUnknown: a.lacksInstants && !a.hasInstants,
	}
	for kind, all := range s.kinds {
		waits := all.waits
		r.LockErrors += len(waits)
		r.Kinds = append(r.Kinds, Entry{
			Count: len(waits),
			Code:  kind.Code, Name: kind.Code.String(), Phase: kind.Phase, Waited: kind.Waited,
			Statement: kind.Statement.String(),
			Median:    int64(metrics.Median(waits)), Max: metrics.Quantile(waits, 1),
			Advice: Advice(a.scenarioOf(role), kind), Blame: all.blame(),
		})
	}
	slices.SortFunc(r.Kinds, func(x, y Entry) int {
		return cmp.Or(-cmp.Compare(x.Count, y.Count), cmp.Compare(x.Code, y.Code),
			cmp.Compare(x.Phase, y.Phase), cmp.Compare(x.Waited, y.Waited),
			cmp.Compare(x.Statement, y.Statement))
	})
	return r
}

// WriteJSON writes a report as a JSON object on one line.
func (r Report) WriteJSON(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(r)
}
