package fleet

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"

	"busybench/bench/outcome"
)

// crew is the members of a round: first the writers, then the readers.
type crew struct {
	members []Member
	writers int
}

// participant returns what the member at an index is.
func (c crew) participant(index int) outcome.Participant {
	if index < c.writers {
		return outcome.Participant{Role: outcome.Writer, Number: index}
	}
	return outcome.Participant{Role: outcome.Reader, Number: index - c.writers}
}

// onlyWriters returns the part of the crew that writes.
func (c crew) onlyWriters() crew { return crew{c.members[:c.writers], c.writers} }

// each calls do for every member, one by one, and summarizes the errors.
func (c crew) each(do func(int, Member) error) error {
	errs := make([]error, len(c.members))
	for i, m := range c.members {
		errs[i] = do(i, m)
	}
	return summarize(errs, c.participant)
}

// await collects from members one by one, so this process stays idle while they work; their output
// waits in the pipes. After the first timeout the remaining members are polled concurrently, and
// every member that timed out is killed. The errors are summarized.
func (c crew) await(missed string, do func(int, Member) error) error {
	errs := make([]error, len(c.members))
	late := func(i int) bool { return errors.Is(errs[i], os.ErrDeadlineExceeded) }
	var rest sync.WaitGroup
	anyLate := false
	for i, m := range c.members {
		if anyLate {
			rest.Go(func() { errs[i] = do(i, m) })
			continue
		}
		errs[i] = do(i, m)
		anyLate = late(i)
	}
	rest.Wait()
	var killed []Member
	for i, m := range c.members {
		if late(i) {
			killed = append(killed, m)
			errs[i] = errors.New(missed)
		}
	}
	_ = end(killed, Member.Kill) // a killed member always reports an error
	return summarize(errs, c.participant)
}

// end stops or kills all members and then waits for each. The errors are summarized.
func end(members []Member, stop func(Member)) error {
	for _, m := range members {
		stop(m)
	}
	all := crew{members, len(members)}
	return all.each(func(_ int, m Member) error { return m.Wait() })
}

// summarize returns nil if no participant failed, and otherwise an error that says how many did and
// why the first few did. The participant of an error is known by the index.
func summarize(errs []error, participant func(index int) outcome.Participant) error {
	const shown = 5
	var failed []string
	what := "writers"
	for i, err := range errs {
		who := participant(i)
		if who.Role == outcome.Reader {
			what = "writers and readers"
		}
		if err != nil {
			failed = append(failed, fmt.Sprintf("%v: %v", who, err))
		}
	}
	n := len(failed)
	if n == 0 {
		return nil
	}
	if n > shown {
		failed = append(failed[:shown], fmt.Sprintf("and %d more", n-shown))
	}
	return fmt.Errorf("%d of %d %s failed: %s", n, len(errs), what, strings.Join(failed, "; "))
}
