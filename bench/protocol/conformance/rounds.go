package conformance

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// journals are the two kinds of journals that differ in their locks.
var journals = []string{scenario.Delete, scenario.WAL}

// roundLength is that of sustained rounds.
const roundLength = 50 * time.Millisecond

// roundCases are rounds of two writers, whose file is audited.
func (k *Kit) roundCases() (cases []testCase) {
	can := k.Driver.Capabilities
	add := func(axes, undone string) {
		cases = append(cases, testCase{"writes with " + axes, undone, func(t *trial) error {
			return t.writes(axes)
		}})
	}
	for _, journal := range journals {
		for _, txn := range txnWords {
			declared := slices.Contains(can.Txn, txn)
			add(fmt.Sprintf("journal=%s txn=%s batch=3 payload=5", journal, txn),
				undeclared(declared, "txn "+txn))
		}
		for _, conn := range connWords {
			add(fmt.Sprintf("journal=%s conn=%s", journal, conn),
				undeclared(slices.Contains(can.Conn, conn), "conn "+conn))
		}
	}
	for _, journal := range []string{
		scenario.Truncate, scenario.Persist, scenario.Memory, scenario.Off,
	} {
		add("journal="+journal, "")
	}
	for _, sync := range []string{scenario.Normal, scenario.Full, scenario.Extra} {
		add("journal=wal sync="+sync, "")
	}
	add("journal=wal checkpoint=auto:2", undeclared(can.Checkpoint, "checkpoint"))
	for _, read := range []string{"point", "scan", "hold:10ms"} {
		cases = append(cases, testCase{"reads with read=" + read,
			undeclared(can.Has(outcome.Reader), "role reader"),
			func(t *trial) error { return t.reads("read=" + read) }})
	}
	return append(cases,
		testCase{"reports part of a transaction that it reads",
			undeclared(can.Has(outcome.Reader), "role reader"), (*trial).readsPart},
		testCase{"sets pragmas", undeclared(can.Pragmas, "pragmas"), (*trial).setsPragmas},
		testCase{"streams", undeclared(can.Stream, "stream"), (*trial).streams},
		testCase{"loses no row when it is killed", undeclared(can.Stream, "stream"),
			(*trial).isKilled},
	)
}

// writes makes a burst and a sustained round. The writers pause, because one that does not may keep
// the other waiting for the whole of its busy timeout.
func (t *trial) writes(axes string) error {
	for _, length := range []time.Duration{0, roundLength} {
		all, err := t.round(axes+" writers=2 think=2ms", length)
		if err != nil {
			return err
		}
		acknowledged := 0
		for _, s := range all {
			for _, o := range s.Outcomes {
				if o.Acknowledged() {
					acknowledged++
				}
				if err := t.checkLockInstants(o); err != nil {
					return err
				}
			}
		}
		if acknowledged == 0 {
			return errors.New("no row was acknowledged")
		}
	}
	return nil
}

// checkLockInstants checks that an acknowledged attempt has the instants of the lock, if the driver
// declares them.
func (t *trial) checkLockInstants(o outcome.Outcome) error {
	missing := o.LockAcquired == 0 || o.CommitStart == 0 || o.LockReleased == 0
	if t.Driver.Capabilities.LockInstants && o.Acknowledged() && missing {
		return errors.New("missing instants: the driver declares lock_instants, but an " +
			"acknowledged attempt lacks one")
	}
	return nil
}

// setsPragmas sets one that is stored in the file.
func (t *trial) setsPragmas() error {
	s, err := t.scenario("journal=wal pragma.user_version=77")
	if err != nil {
		return err
	}
	if _, err := t.round("journal=wal pragma.user_version=77", 0); err != nil {
		return err
	}
	conn, err := sqlitedb.Connect(t.lastDatabase(), withoutPragmas(s))
	if err != nil {
		return err
	}
	defer conn.Close()
	got, err := conn.Pragma("user_version")
	if err == nil && got != "77" {
		err = fmt.Errorf("pragma not set: user_version is %s, not 77", got)
	}
	return err
}

func withoutPragmas(s scenario.Scenario) scenario.Scenario {
	s.Pragmas = ""
	return s
}

// streams makes a round in which each outcome is sent before the next attempt begins.
func (t *trial) streams() error {
	p, err := t.ready("journal=wal")
	if err != nil {
		return err
	}
	schedule := newSchedule(roundLength)
	if err := p.send(protocol.NewStart(schedule, true)); err != nil {
		return err
	}
	s, err := p.collect()
	if err != nil {
		return err
	}
	if len(s.Outcomes) == 0 {
		return errors.New("no outcome")
	}
	if err := checkSeries(schedule, s); err != nil {
		return err
	}
	return t.audit(p.task, []outcome.Series{s})
}

// isKilled kills a writer after its first outcomes. It may have committed one more transaction.
func (t *trial) isKilled() error {
	for _, journal := range journals {
		p, err := t.ready("sync=full journal=" + journal)
		if err != nil {
			return err
		}
		if err := p.send(protocol.NewStart(newSchedule(time.Hour), true)); err != nil {
			return err
		}
		ledger := sqlitedb.Ledger{}
		for range 5 {
			r, err := p.next(protocol.OpOutcome)
			if err != nil {
				return err
			}
			for _, id := range r.RowIDs {
				ledger[id] = r.Outcome.Acknowledged()
			}
		}
		p.end()
		f, err := sqlitedb.Audit(p.task.Database, ledger)
		switch {
		case err != nil:
			return err
		case len(f.Lost) > 0:
			return fmt.Errorf("lost row: %d of a killed writer, the first is %s",
				len(f.Lost), f.Lost[0])
		case len(f.Integrity) > 0:
			return fmt.Errorf("damaged file: %s", f.Integrity[0])
		}
	}
	return nil
}

// timeCases are those of instants.
func (k *Kit) timeCases() []testCase {
	can := k.Driver.Capabilities
	begins := prefer(append([]string{""}, can.Txn...), scenario.Immediate, scenario.Deferred,
		scenario.Exclusive)
	return []testCase{
		{"starts at the release", "", (*trial).startsAtTheRelease},
		{"acknowledges no row before its commit", "", (*trial).acknowledgesAfterCommit},
		{"keeps up the load until finish", "", (*trial).keepsUpTheLoad},
		{"pauses for think between attempts", "", (*trial).thinks},
		{"holds a transaction open", undeclared(can.Hold && begins != "", "hold"),
			func(t *trial) error { return t.holds("txn=" + begins) }},
		{"makes an attempt for each arrival", undeclared(can.Rate, "rate"),
			func(t *trial) error { return t.takesArrivals(scenario.Process) }},
	}
}

// maxLate is how late a writer may start. A busy machine delays some starts, but not all of
// several.
const maxLate = 50 * time.Millisecond

func (t *trial) startsAtTheRelease() error {
	const rounds = 5
	var late []int64
	p, err := t.startPeer()
	if err != nil {
		return err
	}
	for range rounds {
		task, err := t.newTask("")
		if err != nil {
			return err
		}
		if err := p.prepare(task); err != nil {
			return err
		}
		schedule, s, err := p.burst()
		if err == nil {
			err = checkSeries(schedule, s)
		}
		if err != nil {
			return err
		}
		late = append(late, s.Outcomes[0].Start-schedule.Release)
	}
	if earliest := time.Duration(slices.Min(late)); earliest > maxLate {
		return fmt.Errorf("late start: at least %v after the release in each of %d rounds",
			earliest.Round(time.Millisecond), rounds)
	}
	return nil
}

// acknowledgesAfterCommit makes a round while another connection reads. With a rollback journal
// rows can be inserted then, but not committed.
func (t *trial) acknowledgesAfterCommit() error {
	can := t.Driver.Capabilities
	busy := prefer(can.Busy, scenario.Timeout, scenario.Poll, scenario.Retry, scenario.Block)
	if busy == scenario.Timeout {
		busy = "30s"
	}
	if busy == scenario.Poll || busy == scenario.Retry {
		busy = map[string]string{"poll": "poll:1ms:30s", "retry": "retry:30s"}[busy]
	}
	p, err := t.ready("journal=delete busy=" + busy)
	if err != nil {
		return err
	}
	reader, err := sqlitedb.Connect(p.task.Database, p.task.Scenario)
	if err != nil {
		return err
	}
	defer reader.Close()
	if err := reader.BeginRead(); err != nil {
		return err
	}
	schedule := newSchedule(0)
	if err := p.start(schedule); err != nil {
		return err
	}
	clock.SleepUntil(schedule.Release + int64(roundLength))
	possible := clock.Now()
	if err := reader.Close(); err != nil {
		return err
	}
	if err := p.counted(); err != nil {
		return err
	}
	s, err := p.finish()
	if err != nil {
		return err
	}
	if o := s.Outcomes[0]; o.Acknowledged() && o.End < possible {
		return fmt.Errorf("early acknowledgement: %v before a commit was possible",
			time.Duration(possible-o.End))
	}
	return t.audit(p.task, []outcome.Series{s})
}

// keepsUpTheLoad delays the request to finish.
func (t *trial) keepsUpTheLoad() error {
	p, err := t.ready("")
	if err != nil {
		return err
	}
	schedule := newSchedule(roundLength)
	if err := p.start(schedule); err != nil {
		return err
	}
	if err := p.counted(); err != nil {
		return err
	}
	if now := clock.Now(); now < schedule.Deadline {
		return fmt.Errorf("counted too early: %v before the deadline",
			time.Duration(schedule.Deadline-now))
	}
	clock.SleepUntil(clock.Now() + int64(roundLength))
	s, err := p.finish()
	if err != nil {
		return err
	}
	if n := len(s.Outcomes); n == 0 || s.Outcomes[n-1].Start < schedule.Deadline {
		return errors.New("no load: no attempt began between counted and finish")
	}
	return checkSeries(schedule, s)
}

func (t *trial) thinks() error {
	const think = 10 * time.Millisecond
	all, err := t.round("think="+think.String(), roundLength)
	if err != nil {
		return err
	}
	outcomes := all[0].Outcomes
	for i, o := range outcomes[min(1, len(outcomes)):] {
		if gap := time.Duration(o.Start - outcomes[i].End); gap < think {
			return fmt.Errorf("no pause: %v between two attempts, not %v", gap, think)
		}
	}
	return nil
}

func (t *trial) holds(txn string) error {
	const hold = 30 * time.Millisecond
	for _, end := range []string{"", ":cpu"} {
		all, err := t.round(fmt.Sprintf("%s hold=%v%s", txn, hold, end), 0)
		if err != nil {
			return err
		}
		o := all[0].Outcomes[0]
		if took := time.Duration(o.End - o.Start); o.Acknowledged() && took < hold {
			return fmt.Errorf("no hold: an attempt with hold=%v%s takes %v", hold, end, took)
		}
	}
	return nil
}
