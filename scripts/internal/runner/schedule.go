package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Step is one execution of the test binary, or one call of Run.
type Step struct {
	Name  string   // for the progress, such as "run 2/10"
	Args  []string // further arguments
	After int      // how many more steps of the same kind follow
	// Run, unless it is nil, is called in place of the test binary. What it writes goes into the
	// snapshot. See [Execute].
	Run func(ctx context.Context, out io.Writer) error
	// Optional is true if the snapshot is complete without the step. If it fails, the cause becomes
	// a comment in the snapshot, and the schedule goes on.
	Optional bool
}

// State is what has been done when a schedule chooses the next step.
type State struct {
	Steps   int           // done
	Elapsed time.Duration // since the first step began
	Last    time.Duration // how long the last step took
	Path    string        // the results so far
	// Lasted is how long each benchmark took last, by its name in a result line. The first one of a
	// step includes the start of the process.
	Lasted map[string]time.Duration
}

// Schedule chooses the next step, or none if the snapshot is complete. It may read the results so
// far; there are none before the first step.
type Schedule func(State) (step Step, ok bool)

// runs is the schedule of a script that runs all benchmarks the same number of times.
func runs(count int) Schedule {
	return func(s State) (Step, bool) {
		number := s.Steps + 1
		return Step{Name: fmt.Sprintf("run %d/%d", number, count), After: count - number},
			number <= count
	}
}

// errBudget ends a run when the time that the script may take is over. What was measured counts.
var errBudget = errors.New("the time is over")
