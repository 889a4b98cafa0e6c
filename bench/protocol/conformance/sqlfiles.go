package conformance

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
	"busybench/bench/workload"
)

// sqlFile uses every kind of parameter. Its checks hold if each has a value as it should.
const sqlFile = `-- connect
CREATE TEMP TABLE mine(runs); -- each connection has its own
INSERT INTO mine VALUES (0);

-- setup
CREATE TABLE counter(n INTEGER NOT NULL);
INSERT INTO counter VALUES (0);
CREATE TABLE runs(
	id TEXT PRIMARY KEY, number INTEGER, section INTEGER, a INTEGER, b INTEGER, c TEXT,
	same INTEGER, after INTEGER, missing INTEGER, real REAL, bytes BLOB
);

-- write weight=3
SELECT :random(-5,5) AS a, :zipf(1,10) AS b, 0.5 AS real, x'00ff' AS bytes;
SELECT n AS before FROM counter;
UPDATE mine SET runs = runs + 1;
UPDATE counter SET n = :before + 1 RETURNING n AS after;
SELECT n AS missing FROM counter WHERE n < 0;
INSERT INTO runs VALUES (:id, :n, 1, :a, :b, :text(20), :random(1,1000000) = :random(1,1000000),
	:after, :missing, :real, :bytes);

-- write
UPDATE counter SET n = n + 1;
INSERT INTO runs(id, number, section) VALUES (:id, :n, 2);

-- read
SELECT max(number) AS number FROM runs;
SELECT count(*) AS rows FROM runs WHERE number <= :number OR :random(1,2) > 2 OR :n < 0;

-- check
SELECT n, :acknowledged FROM counter;
SELECT count(*) AS rows_with_the_ids_of_the_ledger, :acknowledged
	FROM runs JOIN messages ON substr(msg, 1, 36) = id;
SELECT count(*) AS draws_out_of_bounds, 0 FROM runs
	WHERE section = 1 AND (a NOT BETWEEN -5 AND 5 OR b NOT BETWEEN 1 AND 10);
SELECT count(*) AS wrong_texts, 0 FROM runs WHERE section = 1 AND length(c) <> 20;
SELECT count(*) AS two_draws_of_one_parameter, 0 FROM runs WHERE section = 1 AND NOT same;
SELECT count(*) AS wrong_columns, 0 FROM runs WHERE section = 1
	AND (missing IS NOT NULL OR after IS NULL OR real <> 0.5 OR bytes <> x'00ff');
`

// numberChecks hold if one writer runs the file.
const numberChecks = `
SELECT count(DISTINCT number) AS numbers, :acknowledged FROM runs;
SELECT coalesce(min(number), 0) AS first_number, 0 FROM runs;
`

// spreadChecks hold for a hundred runs.
const spreadChecks = `
SELECT count(*) BETWEEN 40 AND 99 AS sections_by_weight, 1 FROM runs WHERE section = 1;
SELECT count(DISTINCT a) > 5 AND count(DISTINCT b) > 2 AND count(DISTINCT c) > 39 AS draws_differ, 1
	FROM runs;
SELECT sum(b = 1) > sum(b = 10) AS zipf_prefers_the_first, 1 FROM runs;
`

// counterFile increments a counter that it has read.
const counterFile = `-- setup
CREATE TABLE counter(n INTEGER NOT NULL UNIQUE);
INSERT INTO counter VALUES (0);
-- write%s
SELECT n AS before FROM counter;
UPDATE counter SET n = :before + 1;
`

// trapFile has a -- read section that fails if there is a row in a table.
const trapFile = `-- setup
CREATE TABLE trap(body TEXT);
-- write
SELECT 1;
-- read
SELECT 1;
SELECT json(body) FROM trap;
`

// sqlCases are rounds of SQL files.
func (k *Kit) sqlCases() (cases []testCase) {
	can := k.Driver.Capabilities
	add := func(name string, declared bool, what string, run func(*trial) error) {
		undone := undeclared(can.SQL, "sql")
		if undone == "" {
			undone = undeclared(declared, what)
		}
		cases = append(cases, testCase{name, undone, run})
	}
	for _, journal := range journals {
		for _, txn := range []string{scenario.Auto, scenario.Deferred, scenario.Exclusive} {
			axes := fmt.Sprintf("journal=%s txn=%s", journal, txn)
			add("runs an SQL file with "+axes, slices.Contains(can.Txn, txn), "txn "+txn,
				func(t *trial) error { return t.runsFile(axes) })
		}
	}
	add("runs an SQL file with conn=fresh", slices.Contains(can.Conn, scenario.Fresh), "conn fresh",
		func(t *trial) error { return t.runsFile("journal=wal conn=fresh payload=3") })
	reads := can.Has(outcome.Reader)
	for _, read := range []string{"point", "hold:10ms"} {
		add("reads an SQL file with read="+read, reads, "role reader",
			func(t *trial) error { return t.readsFile(read) })
	}
	add("reports a statement of a reader that fails", reads, "role reader", (*trial).readsTrap)
	retries := slices.Contains(can.Busy, scenario.Retry) &&
		slices.Contains(can.Txn, scenario.Deferred)
	const what = "busy retry with txn deferred"
	add("reads again when it retries", retries, what, (*trial).readsAgain)
	add("keeps what it read with retry=writes", retries, what, (*trial).keepsReads)
	add("names the statement that fails", true, "", (*trial).namesTheStatement)
	return cases
}

// newFileTask creates a database of an SQL file and returns a task on it.
func (t *trial) newFileTask(text, axes string) (task protocol.Task, err error) {
	file, err := workload.Parse("a.sql", text, sqlitedb.Complete)
	if err == nil {
		err = sqlitedb.CheckFile(file)
	}
	if err != nil {
		return task, err
	}
	s, err := t.scenario(axes)
	if err != nil {
		return task, err
	}
	t.files++
	path := t.lastDatabase()
	err = sqlitedb.CreateFor(file, path, s, noRows)
	return protocol.Task{Scenario: s, Database: path, Seed: 1, SQL: file}, err
}

// readyFile starts a writer and makes it ready for a task of an SQL file.
func (t *trial) readyFile(text, axes string) (*peer, error) {
	task, err := t.newFileTask(text, axes)
	if err != nil {
		return nil, err
	}
	p, err := t.startPeer()
	if err != nil {
		return nil, err
	}
	return p, p.prepare(task)
}

// runsFile makes a burst of a hundred runs and a sustained round.
func (t *trial) runsFile(axes string) error {
	for _, c := range []struct {
		axes, checks string
		length       time.Duration
	}{
		{" batch=100", numberChecks + spreadChecks, 0}, {" think=2ms", numberChecks, roundLength},
	} {
		p, err := t.readyFile(sqlFile, axes+c.axes)
		if err != nil {
			return err
		}
		all, err := t.roundOf([]*peer{p}, c.length)
		if err != nil {
			return err
		}
		runs := 0
		for i, o := range all[0].Outcomes {
			if o.Acknowledged() {
				runs += len(all[0].Rows(i))
			}
			if err := t.checkLockInstants(o); err != nil {
				return err
			}
		}
		if runs == 0 {
			return errors.New("no run was acknowledged")
		}
		file, err := workload.Parse("a.sql", sqlFile+c.checks, sqlitedb.Complete)
		if err != nil {
			return err
		}
		if err := sqlitedb.RunChecks(p.task.Database, p.task.Scenario, file, runs); err != nil {
			return fmt.Errorf("wrong run: %w", err)
		}
		if err := checkStatements(p.task.SQL, all[0]); err != nil {
			return err
		}
	}
	return nil
}

// checkStatements checks the times that a writer reports of statements, if it does.
func checkStatements(file *workload.Workload, s outcome.Series) error {
	for _, statement := range s.Statements {
		if file.Statement(statement.Line) == nil {
			return fmt.Errorf("wrong statement: line %d is none", statement.Line)
		}
		if statement.Max > statement.Duration || statement.Runs > 0 && statement.Max <= 0 {
			return fmt.Errorf("wrong statement: line %d took %d ns in all, at most %d ns",
				statement.Line, statement.Duration, statement.Max)
		}
	}
	return nil
}

// readsFile makes a sustained round of a writer and a reader.
func (t *trial) readsFile(read string) error {
	axes := "journal=wal readers=1 think=2ms read=" + read
	writer, err := t.readyFile(sqlFile, axes)
	if err != nil {
		return err
	}
	reader, err := t.readyReader(writer.task)
	if err != nil {
		return err
	}
	return t.readsBeside(writer, reader)
}

// readsTrap makes a reader fail. It must report an error with the line in place of done.
func (t *trial) readsTrap() error {
	task, err := t.newFileTask(trapFile, "journal=wal readers=1")
	if err != nil {
		return err
	}
	other, err := sqlitedb.Connect(task.Database, task.Scenario)
	if err != nil {
		return err
	}
	defer other.Close()
	if err := other.Execute("INSERT INTO trap VALUES ('{')"); err != nil {
		return err
	}
	p, err := t.readyReader(task)
	if err != nil {
		return err
	}
	if err := p.start(newSchedule(0)); err != nil {
		return err
	}
	if err := p.send(protocol.Request{Op: protocol.OpFinish}); err != nil {
		return err
	}
	_, err = p.collect()
	switch {
	case err == nil:
		return errors.New("wrong read: a statement that fails is not reported")
	case !strings.HasPrefix(err.Error(), "error in place of done"):
		return err
	case !strings.Contains(err.Error(), "a.sql:7: "):
		return fmt.Errorf("wrong line: not a.sql:7 in %w", err)
	}
	return nil
}

// readsAgain lets a writer retry, and requires that it increments what another has written
// meanwhile.
func (t *trial) readsAgain() error {
	n, err := t.retries("", shortWait)
	if err == nil && n != otherCount+1 {
		err = fmt.Errorf("lost update: the counter is %d after %d and an increment", n, otherCount)
	}
	return err
}

// keepsReads requires that a writer increments what it had read before. It may have read too late
// on a busy machine.
func (t *trial) keepsReads() error {
	for wait := shortWait; ; wait *= 4 {
		n, err := t.retries(" retry=writes", wait)
		switch {
		case err != nil:
			return err
		case n == 1:
			return nil
		case n != otherCount+1 || wait > 16*shortWait:
			return fmt.Errorf("wrong retry: the counter is %d, not 1: what had been read first is "+
				"not used", n)
		}
	}
}

// otherCount is what another connection sets the counter to.
const otherCount = 100

// retries makes a burst while another connection sets the counter, and commits after a wait. It
// returns the counter in the end.
func (t *trial) retries(options string, wait time.Duration) (n int64, err error) {
	p, err := t.readyFile(fmt.Sprintf(counterFile, options),
		"journal=wal txn=deferred busy=retry:30s")
	if err != nil {
		return 0, err
	}
	other, err := sqlitedb.Connect(p.task.Database, p.task.Scenario)
	if err != nil {
		return 0, err
	}
	defer other.Close()
	set := fmt.Sprintf("UPDATE counter SET n = %d", otherCount)
	for _, query := range []string{"BEGIN IMMEDIATE", set} {
		if err := other.Execute(query); err != nil {
			return 0, err
		}
	}
	schedule := newSchedule(0)
	if err := p.start(schedule); err != nil {
		return 0, err
	}
	clock.SleepUntil(schedule.Release + int64(wait))
	if err := other.Execute("COMMIT"); err != nil {
		return 0, err
	}
	if err := p.counted(); err != nil {
		return 0, err
	}
	s, err := p.finish()
	if err == nil {
		err = errors.Join(checkSeries(schedule, s), checkNoOtherErrors([]outcome.Series{s}),
			t.audit(p.task, []outcome.Series{s}))
	}
	if err != nil {
		return 0, err
	}
	return other.Int("SELECT n FROM counter")
}

// namesTheStatement makes a writer violate a constraint.
func (t *trial) namesTheStatement() error {
	p, err := t.readyFile(fmt.Sprintf(counterFile, ""), "journal=wal")
	if err != nil {
		return err
	}
	other, err := sqlitedb.Connect(p.task.Database, p.task.Scenario)
	if err != nil {
		return err
	}
	defer other.Close()
	// The UPDATE makes both rows alike.
	if err := other.Execute("INSERT INTO counter VALUES (7)"); err != nil {
		return err
	}
	schedule, s, err := p.burst()
	if err == nil {
		err = checkSeries(schedule, s)
	}
	if err != nil {
		return err
	}
	const line = 6
	o := s.Outcomes[0]
	switch {
	case o.Acknowledged() || o.LockError():
		return fmt.Errorf("wrong outcome: %s of an UPDATE that violates a constraint", o.Code)
	case o.Line != line:
		return fmt.Errorf("wrong line: %d of the statement in line %d", o.Line, line)
	}
	return t.audit(p.task, []outcome.Series{s})
}
