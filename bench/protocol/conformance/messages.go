package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
)

// messageCases are those of the order of messages.
func (k *Kit) messageCases() []testCase {
	return []testCase{
		{"says hello", "", (*trial).hello},
		{"takes several rounds, each with a database of its own", "", (*trial).manyRounds},
		{"closes its connection before done", "", (*trial).closesBeforeDone},
		{"reports an error that is not a lock error", "", (*trial).otherError},
		{"leaves a missing file missing", "", (*trial).missingFile},
	}
}

func (t *trial) hello() error {
	p, err := startPeer(t.Options)
	if err != nil {
		return err
	}
	t.peers = append(t.peers, p)
	return p.hello()
}

// hello waits for the hello and checks it.
func (p *peer) hello() error {
	hello, err := p.next(protocol.OpHello)
	switch {
	case err != nil:
		return err
	case hello.Protocol != protocol.Version:
		return fmt.Errorf("wrong version: protocol %d, not %d", hello.Protocol, protocol.Version)
	case hello.PID != p.cmd.Process.Pid:
		return fmt.Errorf("wrong hello: pid %d, but the process is %d",
			hello.PID, p.cmd.Process.Pid)
	case hello.Driver == nil || hello.Driver.Name == "" || hello.Driver.SQLite == "":
		return errors.New("wrong hello: no driver, or one without name or sqlite")
	case !hello.Driver.Capabilities.Has(outcome.Writer):
		return errors.New("wrong hello: the driver does not declare the role writer")
	}
	return checkWords(hello.Driver.Capabilities)
}

// Words that a driver can declare.
var (
	busyWords = []string{
		scenario.None, scenario.Timeout, scenario.Poll, scenario.Block, scenario.Retry,
		scenario.Queue, scenario.Lease,
	}
	txnWords = []string{
		scenario.Auto, scenario.Deferred, scenario.Immediate, scenario.Exclusive, scenario.Upgrade,
	}
	connWords = []string{
		scenario.Fresh, scenario.Held, scenario.Pool, scenario.Mutex, scenario.GroupWrite,
	}
	execWords  = []string{scenario.Process, scenario.Goroutine}
	queueWords = []string{scenario.AtConnection, scenario.AtTransaction}
)

func checkWords(c protocol.Capabilities) error {
	err := errors.Join(isKnown("busy", c.Busy, busyWords), isKnown("txn", c.Txn, txnWords),
		isKnown("conn", c.Conn, connWords))
	if len(c.Exec) > 0 {
		err = errors.Join(err, isKnown("exec", c.Exec, execWords))
	}
	if len(c.Queue) > 0 {
		err = errors.Join(err, isKnown("queue", c.Queue, queueWords))
	}
	if err != nil {
		return fmt.Errorf("wrong hello: %w", err)
	}
	return nil
}

func (t *trial) manyRounds() error {
	p, err := t.startPeer()
	if err != nil {
		return err
	}
	for _, axes := range []string{
		"journal=wal", "journal=delete batch=3", "journal=wal payload=9",
	} {
		for _, length := range []time.Duration{0, 20 * time.Millisecond} {
			task, err := t.newTask(axes)
			if err == nil {
				err = p.prepare(task)
			}
			if err == nil {
				_, err = t.roundOf([]*peer{p}, length)
			}
			if err != nil {
				return fmt.Errorf("%w (round %d, %s)", err, t.files, axes)
			}
		}
	}
	return nil
}

// closesBeforeDone relies on SQLite, which removes the log with the last connection.
func (t *trial) closesBeforeDone() error {
	p, err := t.ready("journal=wal")
	if err != nil {
		return err
	}
	if _, _, err := p.burst(); err != nil {
		return err
	}
	if _, err := os.Stat(p.task.Database + "-wal"); !os.IsNotExist(err) {
		return fmt.Errorf("open connection: the write-ahead log is there after done (%v)", err)
	}
	return nil
}

// otherError makes attempts fail by a file that is not a database any more.
func (t *trial) otherError() error {
	conn := prefer(t.Driver.Capabilities.Conn, scenario.Fresh)
	p, err := t.ready("journal=delete conn=" + conn)
	if err != nil {
		return err
	}
	garbage := []byte(strings.Repeat("garbage ", 1024))
	if err := os.WriteFile(p.task.Database, garbage, 0o600); err != nil {
		return err
	}
	schedule, s, err := p.burst()
	if err != nil {
		return err
	}
	if o := s.Outcomes[0]; o.Acknowledged() || o.LockError() {
		return fmt.Errorf("wrong outcome: %s for a file that is no database", o.Code)
	}
	return checkSeries(schedule, s)
}

// missingFile lets a writer prepare or attempt without a file. With SQLite's defaults it would make
// one.
func (t *trial) missingFile() error {
	for _, conn := range t.Driver.Capabilities.Conn {
		task, err := t.newTask("journal=delete conn=" + conn)
		if err != nil {
			return err
		}
		task.Database += ".gone"
		p, err := t.startPeer()
		if err != nil {
			return err
		}
		err = t.acknowledgesNothing(p, task)
		if _, statErr := os.Stat(task.Database); !os.IsNotExist(statErr) {
			err = errors.New("makes a database that does not exist")
		}
		if err != nil {
			return fmt.Errorf("%w (conn=%s)", err, conn)
		}
	}
	return nil
}

// acknowledgesNothing requires an error when the writer prepares, or an attempt that fails.
func (t *trial) acknowledgesNothing(p *peer, task protocol.Task) error {
	if p.prepare(task) != nil {
		return nil
	}
	_, s, err := p.burst()
	if err == nil && s.Outcomes[0].Acknowledged() {
		err = errors.New("wrong outcome: a row is acknowledged without a file")
	}
	return err
}

// endCases are those of the end of the input, when the parent has exited.
func (k *Kit) endCases() []testCase {
	// far is a schedule of a round that does not begin.
	far := outcome.Schedule{Mode: outcome.Burst, Release: clock.Now() + int64(time.Hour)}
	return []testCase{
		{"exits when its input ends before a round", "", func(t *trial) error {
			p, err := t.startPeer()
			if err != nil {
				return err
			}
			return p.closeInput()
		}},
		{"exits when its input ends and it is ready", "", func(t *trial) error {
			p, err := t.ready("")
			if err != nil {
				return err
			}
			return p.closeInput()
		}},
		{"exits when its input ends before the release", "", func(t *trial) error {
			p, err := t.ready("")
			if err != nil {
				return err
			}
			if err := p.start(far); err != nil {
				return err
			}
			return p.closeInput()
		}},
		{"exits when its input ends in a sustained round", "", (*trial).endsInARound},
		{"exits when its input ends and it waits for a lock", "", (*trial).endsInAWait},
	}
}

func (t *trial) endsInARound() error {
	p, err := t.ready("")
	if err != nil {
		return err
	}
	if err := p.start(newSchedule(10 * time.Millisecond)); err != nil {
		return err
	}
	if err := p.counted(); err != nil {
		return err
	}
	return p.closeInput()
}

func (t *trial) endsInAWait() error {
	can := t.Driver.Capabilities
	if prefer(can.Busy, scenario.Timeout) != scenario.Timeout {
		return nil // it may not wait
	}
	p, err := t.ready("busy=1h")
	if err != nil {
		return err
	}
	holder, err := t.lock(p)
	if err != nil {
		return err
	}
	defer holder.Close()
	schedule := newSchedule(0)
	if err := p.start(schedule); err != nil {
		return err
	}
	clock.SleepUntil(schedule.Release + int64(lead))
	return p.closeInput()
}

// badTaskCases are requests that a writer must refuse.
func (k *Kit) badTaskCases() (cases []testCase) {
	for _, c := range []struct {
		what, field string
		value       any // of the scenario
	}{
		{"an unknown txn", "txn", "sometimes"},
		{"an unknown conn", "conn", "sometimes"},
		{"an unknown busy", "busy", "sometimes"},
		{"a busy timeout without a unit", "busy", "5"},
		{"another journal than that of the file", "journal", scenario.Delete},
		{"no rows in a transaction", "batch", 0},
		{"an unknown hold", "hold", "soon"},
		{"an unknown think", "think", "soon"},
	} {
		cases = append(cases, testCase{"refuses " + c.what, "", func(t *trial) error {
			return t.refusesTask(func(task map[string]any) {
				task["scenario"].(map[string]any)[c.field] = c.value
			})
		}})
	}
	return append(cases,
		testCase{"refuses an unknown role", "", func(t *trial) error {
			return t.refusesTask(func(task map[string]any) { task["role"] = "spectator" })
		}},
		testCase{"refuses a start before prepare", "", func(t *trial) error {
			return t.refusesRequest(protocol.NewStart(newSchedule(0), false))
		}},
		testCase{"refuses a prepare without a task", "", func(t *trial) error {
			return t.refusesRequest(protocol.Request{Op: protocol.OpPrepare})
		}},
		testCase{"refuses an unknown request", "", func(t *trial) error {
			return t.refusesRequest(protocol.Request{Op: "dance"})
		}},
		testCase{"refuses a start without a mode", "", (*trial).refusesNoMode},
	)
}

// refusesTask sends a task of a connection that is held, after a change.
func (t *trial) refusesTask(change func(task map[string]any)) error {
	task, err := t.newTask("journal=wal")
	if err != nil {
		return err
	}
	text, err := json.Marshal(task)
	if err != nil {
		return err
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		return err
	}
	change(fields)
	return t.refusesRequest(map[string]any{"op": protocol.OpPrepare, "task": fields})
}

func (t *trial) refusesRequest(request any) error {
	p, err := t.startPeer()
	if err != nil {
		return err
	}
	return p.refuses(request)
}

func (t *trial) refusesNoMode() error {
	p, err := t.ready("")
	if err != nil {
		return err
	}
	return p.refuses(protocol.Request{Op: protocol.OpStart, Release: clock.Now()})
}

// refuses requires that a request gets an error, or that the writer exits and says why.
func (p *peer) refuses(request any) error {
	if err := p.send(request); err != nil {
		return err
	}
	r, err := p.next(protocol.OpError)
	switch {
	case err == nil && r.Error == "":
		return errors.New("wrong response: an error without a text")
	case err == nil && len(r.Error) > protocol.MaxText:
		return fmt.Errorf("wrong response: an error of %d bytes", len(r.Error))
	case err == nil:
		return nil
	case !strings.HasPrefix(err.Error(), "exits"):
		return err
	}
	if err := p.closeInput(); err != nil {
		return err
	}
	if p.cmd.ProcessState.Success() || p.stderr.String() == "" {
		return errors.New("exits without an error: neither a response nor a text and a status")
	}
	return nil
}
