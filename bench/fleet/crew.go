package fleet

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"busybench/bench/outcome"
	"busybench/bench/scenario"
)

// crew is the members of a round with their roles, the writers first.
type crew struct {
	members []Member
	roles   []outcome.Participant
}

// newCrew gives the first members the roles that a scenario has.
func newCrew(members []Member, s scenario.Scenario) crew {
	var c crew
	add := func(role outcome.Role, n int) {
		for number := range n {
			c.roles = append(c.roles, outcome.Participant{Role: role, Number: number})
		}
	}
	add(outcome.Writer, s.Writers)
	add(outcome.Reader, s.Readers)
	if s.Checkpoint.Extra() {
		add(outcome.Checkpointer, 1)
	}
	if s.Intruder != (scenario.Intruder{}) {
		add(outcome.Intruder, 1)
	}
	c.members = members[:len(c.roles)]
	return c
}

// allWriters is a crew of members that have no round yet.
func allWriters(members []Member) crew {
	return newCrew(members, scenario.Scenario{Writers: len(members)})
}

// onlyWriters returns the part of the crew that writes.
func (c crew) onlyWriters() crew {
	isOther := func(p outcome.Participant) bool { return p.Role != outcome.Writer }
	n := len(c.roles)
	if first := slices.IndexFunc(c.roles, isOther); first >= 0 {
		n = first
	}
	return crew{c.members[:n], c.roles[:n]}
}

// each calls do for every member, one by one, and summarizes the errors.
func (c crew) each(do func(int, Member) error) error {
	errs := make([]error, len(c.members))
	for i, m := range c.members {
		errs[i] = do(i, m)
	}
	return summarize(errs, c.roles)
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
	return summarize(errs, c.roles)
}

// end stops or kills all members and then waits for each. The errors are summarized.
func end(members []Member, stop func(Member)) error {
	for _, m := range members {
		stop(m)
	}
	return allWriters(members).each(func(_ int, m Member) error { return m.Wait() })
}

// summarize returns nil if no participant failed, and otherwise an error that says how many did and
// why the first few did. Each error is that of the participant at its index. What happened to a
// process of several participants is named once.
func summarize(errs []error, roles []outcome.Participant) error {
	const shown = 5
	var failed []string
	named := map[string]bool{}
	what, n := "writers", 0
	for i, err := range errs {
		if roles[i].Role != outcome.Writer {
			what = "participants"
		}
		if err == nil {
			continue
		}
		n++
		if text := err.Error(); !named[text] {
			named[text] = errors.As(err, new(processError))
			failed = append(failed, fmt.Sprintf("%v: %s", roles[i], text))
		}
	}
	if n == 0 {
		return nil
	}
	if more := len(failed) - shown; more > 0 {
		failed = append(failed[:shown], fmt.Sprintf("and %d more", more))
	}
	return fmt.Errorf("%d of %d %s failed: %s", n, len(errs), what, strings.Join(failed, "; "))
}
