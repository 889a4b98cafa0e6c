package outcome

// StatementTime says how often and how long a participant ran a statement of an SQL file, in ns.
type StatementTime struct {
	Line       int   `json:"line"` // of the file, at which the statement begins
	Runs       int   `json:"runs"`
	LockErrors int   `json:"lock_errors,omitempty"`
	Duration   int64 `json:"duration_ns"`       // of all runs, with their waits
	Wait       int64 `json:"wait_ns,omitempty"` // the part of it in which a lock was refused
	Max        int64 `json:"max_ns"`            // of a run
}

// StatementSpan is when a participant ran a statement of an SQL file.
type StatementSpan struct {
	Line int `json:"line"` // of the file, at which the statement begins
	Span
}

// AddRun adds a run.
func (t *StatementTime) AddRun(took, waited int64, lockError bool) {
	run := StatementTime{Line: t.Line, Runs: 1, Duration: took, Wait: waited, Max: took}
	if lockError {
		run.LockErrors = 1
	}
	t.Add(run)
}

// Add adds the runs of the same statement elsewhere.
func (t *StatementTime) Add(other StatementTime) {
	t.Line = other.Line
	t.Runs += other.Runs
	t.LockErrors += other.LockErrors
	t.Duration += other.Duration
	t.Wait += other.Wait
	t.Max = max(t.Max, other.Max)
}
