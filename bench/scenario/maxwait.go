package scenario

import (
	"fmt"
	"time"

	"busybench/bench/format"
)

// MaxWait says how long an attempt may wait for locks before it ends in a lock error, such as
// "10s: 5s each for connecting and the INSERT". The policies have no common deadline:
//
//   - SQLite's busy timeout is for each statement, because sqlite3VdbeExec and
//     sqlite3LockAndPrepare reset its count (vdbe.c, prepare.c). It counts nominal sleeps rather
//     than time, so the attempt may take longer.
//   - retry has one deadline for connecting and the transaction. A last try may end after it.
//   - queue waits in line for up to its timeout, and then SQLite for each statement, which happens
//     only if a connection outside the queue holds a lock.
//
// An attempt that shares a connection or a mutex with others (conn=pool, mutex and writer) waits
// for it in addition, without bound.
func (s Scenario) MaxWait() string {
	statements := s.waitingStatements()
	each := fmt.Sprintf("%v for %s", s.Busy.Timeout, statements[0])
	if len(statements) > 1 {
		each = fmt.Sprintf("%v each for %s", s.Busy.Timeout, format.List(statements))
	}
	return s.describeMaxWait(s.maxWait().String(), each)
}

// MaxWaits says the same of several scenarios with one busy policy, such as "5s to 15s: 5s for each
// statement that may wait".
func MaxWaits(scenarios []Scenario) string {
	first := scenarios[0]
	least, most, same := first.maxWait(), first.maxWait(), true
	for _, s := range scenarios {
		least, most = min(least, s.maxWait()), max(most, s.maxWait())
		same = same && s.MaxWait() == first.MaxWait()
	}
	if same {
		return first.MaxWait()
	}
	total := most.String()
	if least < most {
		total = fmt.Sprintf("%v to %v", least, most)
	}
	return first.describeMaxWait(total,
		fmt.Sprintf("%v for each statement that may wait", first.Busy.Timeout))
}

// maxWait returns how long an attempt may wait for locks under a policy with a timeout.
func (s Scenario) maxWait() time.Duration {
	total := time.Duration(len(s.waitingStatements())) * s.Busy.Timeout
	if s.Busy.Policy == Queue || s.Busy.Policy == Lease {
		total += s.Busy.Timeout
	}
	return total
}

// describeMaxWait says how long an attempt may wait in total, and in SQLite for each statement.
func (s Scenario) describeMaxWait(total, each string) string {
	switch s.Busy.Policy {
	case None:
		return "no wait"
	case Block:
		return "no bound"
	case Retry:
		return fmt.Sprintf("%v for everything together", s.Busy.Timeout)
	case Queue, Lease:
		return fmt.Sprintf("%s: %v in the queue, then %s", total, s.Busy.Timeout, each)
	}
	return total + ": " + each
}

// waitingStatements returns the parts of an attempt for each of which SQLite may wait out its busy
// timeout. COMMIT waits only for readers, which a rollback journal excludes and WAL does not. The
// INSERT of an upgrade never waits.
func (s Scenario) waitingStatements() (all []string) {
	if s.Conn.Kind == Fresh {
		all = append(all, "connecting")
	}
	all = append(all, map[string]string{
		Auto: "the INSERT", Deferred: "the INSERT", Upgrade: "the SELECT",
		Immediate: "BEGIN", Exclusive: "BEGIN",
	}[s.Txn])
	if s.Journal != WAL && s.Txn != Auto && s.Txn != Exclusive {
		all = append(all, "COMMIT")
	}
	return all
}
