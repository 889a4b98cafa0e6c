package writer

import (
	"bufio"
	"encoding/json"
	"io"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/uuid"

	"busybench/bench/clock"
	"busybench/bench/outcome"
	"busybench/bench/protocol"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// task makes an empty database and a task on it.
func task(t *testing.T, axes string) protocol.Task {
	t.Helper()
	a, err := scenario.Parse(axes)
	if err != nil {
		t.Fatal(err)
	}
	s := a.WithDefaults("exec=goroutine journal=wal writers=1 sync=off conn=held").WithDefaults(scenario.Defaults).Cases()[0].Scenario
	path := filepath.Join(t.TempDir(), "messages.db")
	if err := sqlitedb.Create(path, s, slices.Values([]uuid.UUID(nil))); err != nil {
		t.Fatal(err)
	}
	return protocol.Task{Scenario: s, Database: path, Seed: 1}
}

func audit(t *testing.T, path string, o outcome.Series) {
	t.Helper()
	ledger := sqlitedb.Ledger{}
	for i, outcome := range o.Outcomes {
		for _, id := range o.Rows(i) {
			ledger[id] = outcome.Acknowledged()
		}
	}
	f, err := sqlitedb.Audit(path, ledger)
	if err != nil || f.Err() != nil {
		t.Errorf("audit: %v, %v", err, f.Err())
	}
}

func run(t *testing.T, task protocol.Task, s outcome.Schedule) outcome.Series {
	t.Helper()
	w, err := New(task)
	if err != nil {
		t.Fatal(err)
	}
	outcomes := w.Run(s)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for i, o := range outcomes.Outcomes {
		if other := !o.Acknowledged() && !o.LockError(); other != (outcomes.Messages[i] != "") {
			t.Errorf("attempt %d ended with code %d and message %q", i, o.Code, outcomes.Messages[i])
		}
	}
	return outcomes
}

func TestBurstIsOneAttempt(t *testing.T) {
	for _, conn := range []string{"fresh", "held"} {
		task := task(t, "conn="+conn)
		before := clock.Now()
		outcomes := run(t, task, outcome.Schedule{})
		if len(outcomes.Outcomes) != 1 || !outcomes.Outcomes[0].Acknowledged() || outcomes.Outcomes[0].LockError() {
			t.Fatalf("conn=%s: outcomes are %+v", conn, outcomes)
		}
		if o := outcomes.Outcomes[0]; o.Start < before || o.End < o.Start || o.End > clock.Now() {
			t.Errorf("conn=%s: the attempt ran from %d to %d, outside of %d to now", conn, o.Start, o.End, before)
		}
		audit(t, task.Database, outcomes)
	}
}

func TestSustainedBeginsNothingAfterTheDeadline(t *testing.T) {
	task := task(t, "")
	deadline := clock.Now() + 50e6
	outcomes := run(t, task, until(deadline))
	if len(outcomes.Outcomes) == 0 {
		t.Fatal("no attempt in 50 ms")
	}
	for i, o := range outcomes.Outcomes {
		if o.Start >= deadline {
			t.Errorf("attempt %d began %d ns after the deadline", i, o.Start-deadline)
		}
		if i > 0 && o.Start < outcomes.Outcomes[i-1].End {
			t.Errorf("attempt %d began before the one before it had ended", i)
		}
	}
	if clock.Now() < deadline {
		t.Error("stopped before the deadline")
	}
	audit(t, task.Database, outcomes)
	if n := len(run(t, task, until(clock.Now()-1)).Outcomes); n != 0 {
		t.Errorf("%d attempts after a deadline that had passed", n)
	}
}

func TestOtherErrorsAreNeitherAcknowledgedNorLockErrors(t *testing.T) {
	task := task(t, "conn=fresh")
	task.Database += ".gone"
	o := run(t, task, outcome.Schedule{}).Outcomes[0]
	if o.Acknowledged() || o.LockError() || o.LockWait != 0 || o.Phase != outcome.Open || o.Code.String() != "SQLITE_CANTOPEN" {
		t.Errorf("outcome on a missing file: %+v", o)
	}
}

func TestChunksKeepOrder(t *testing.T) {
	for _, n := range []int{0, 1, chunkLength - 1, chunkLength, chunkLength + 1, 3*chunkLength + 5} {
		var c chunks
		for i := range n {
			c.add(outcome.Outcome{Start: int64(i)})
		}
		all := c.join()
		if len(all) != n {
			t.Errorf("%d outcomes became %d", n, len(all))
		}
		for i, o := range all {
			if o.Start != int64(i) {
				t.Fatalf("of %d outcomes, number %d stands at %d", n, o.Start, i)
			}
		}
	}
}

func TestIDsFollowSeedAndWriter(t *testing.T) {
	draw := func(seed uint64, writer int) (ids []uuid.UUID) {
		stream := NewIDs(seed, writer)
		for range 100 {
			ids = append(ids, stream.Next())
		}
		return ids
	}
	if !slices.Equal(draw(1, 2), draw(1, 2)) {
		t.Error("the same seed and writer draw different ids")
	}
	seen := map[uuid.UUID]bool{}
	for _, ids := range [][]uuid.UUID{draw(1, -1), draw(1, 0), draw(1, 1), draw(2, 0), draw(2, 1)} {
		for _, id := range ids {
			if seen[id] || id.Version() != 4 || id.Variant() != uuid.RFC4122 {
				t.Fatalf("id %v is drawn twice or is not of version 4 and its variant", id)
			}
			seen[id] = true
		}
	}
}

// peer is the other end of a writer's pipes.
type peer struct {
	t     *testing.T
	in    *io.PipeWriter
	lines *bufio.Scanner
	exit  chan int
}

func serve(t *testing.T) peer {
	commands, in := io.Pipe()
	out, answers := io.Pipe()
	exit := make(chan int, 2)
	go Serve(commands, answers, func(code int) { exit <- code })
	return peer{t, in, bufio.NewScanner(out), exit}
}

func (p peer) say(command any) {
	p.t.Helper()
	text, err := json.Marshal(command)
	if err != nil {
		p.t.Fatal(err)
	}
	p.sayText(string(text) + "\n")
}

func (p peer) sayText(text string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, text); err != nil {
		p.t.Fatal(err)
	}
}

func (p peer) hear() (a protocol.Response) {
	p.t.Helper()
	if !p.lines.Scan() {
		p.t.Fatalf("no answer: %v", p.lines.Err())
	}
	if err := json.Unmarshal(p.lines.Bytes(), &a); err != nil {
		p.t.Fatalf("answer %q: %v", p.lines.Text(), err)
	}
	return a
}

// prepared is a writer that is ready for a round.
func prepared(t *testing.T, axes string) (peer, protocol.Task) {
	t.Helper()
	p, task := serve(t), task(t, axes)
	p.hear()
	p.say(protocol.Request{Op: protocol.OpPrepare, Task: &task})
	if a := p.hear(); a.Op != protocol.OpReady {
		t.Fatalf("answer to prepare is %+v", a)
	}
	return p, task
}

// hearOutcomes hears the outcomes of a round, of which there must be some, and what comes after them, which must say how many there were.
func (p peer) hearOutcomes() (outcomes outcome.Series, done protocol.Response) {
	p.t.Helper()
	for done = p.hear(); done.Op == protocol.OpOutcome; done = p.hear() {
		outcomes.Outcomes = append(outcomes.Outcomes, *done.Outcome)
		outcomes.IDs = append(outcomes.IDs, done.RowIDs...)
	}
	if done.Op != protocol.OpDone || done.Attempts != len(outcomes.Outcomes) || done.Attempts == 0 {
		p.t.Fatalf("after %d outcomes came %+v", len(outcomes.Outcomes), done)
	}
	return outcomes, done
}

func TestServeSpeaksTheProtocol(t *testing.T) {
	p := serve(t)
	if a := p.hear(); a.Op != protocol.OpHello || a.Protocol != protocol.Version || a.PID == 0 {
		t.Fatalf("greeting is %+v", a)
	}
	for range 3 { // a writer serves many rounds
		task := task(t, "")
		p.say(protocol.Request{Op: protocol.OpPrepare, Task: &task})
		if a := p.hear(); a.Op != protocol.OpReady {
			t.Fatalf("answer to prepare is %+v", a)
		}
		at := clock.Now() + 5e6
		p.say(protocol.Request{Op: protocol.OpStart, Mode: sustained(), Release: at, Deadline: at + 20e6})
		outcomes, done := p.hearOutcomes()
		if done.CPU <= 0 {
			t.Fatalf("after %d outcomes came %+v", len(outcomes.Outcomes), done)
		}
		if first := outcomes.Outcomes[0].Start; first < at {
			t.Errorf("began %d ns before the release", at-first)
		}
		audit(t, task.Database, outcomes)
	}
	p.in.Close()
	if code := <-p.exit; code != 0 {
		t.Errorf("exit status at the end of input is %d", code)
	}
}

// A writer that is told too late, of an instant that has passed, begins at once.
func TestAnInstantAlreadyPast(t *testing.T) {
	p, _ := prepared(t, "")
	before := clock.Now()
	p.say(protocol.Request{Op: protocol.OpStart, Release: 1})
	if a := p.hear(); a.Op != protocol.OpOutcome || a.Outcome.Start < before || !a.Outcome.Acknowledged() {
		t.Errorf("answer is %+v", a)
	}
	if a := p.hear(); a.Op != protocol.OpDone {
		t.Errorf("answer is %+v", a)
	}
	p.in.Close()
	<-p.exit
}

// A writer that streams tells of each attempt before it begins the next, and of each once.
func TestStream(t *testing.T) {
	p, task := prepared(t, "batch=3")
	p.say(protocol.Request{Op: protocol.OpStart, Mode: sustained(), Release: 1, Deadline: clock.Now() + 20e6, Stream: true})
	outcomes, _ := p.hearOutcomes()
	for i := 1; i < len(outcomes.Outcomes); i++ {
		if outcomes.Outcomes[i].Start < outcomes.Outcomes[i-1].End {
			t.Errorf("attempt %d began before the one before it had ended", i)
		}
	}
	ids := NewIDs(task.Seed, task.Writer)
	for i, id := range outcomes.IDs {
		if id != ids.Next() {
			t.Fatalf("row %d is not the seed's", i)
		}
	}
	audit(t, task.Database, outcomes)
	p.in.Close()
	<-p.exit
}

func TestServeRefusesWhatItCannotDo(t *testing.T) {
	p := serve(t)
	p.hear()
	missing := task(t, "conn=held")
	missing.Database += ".gone"
	for _, c := range []protocol.Request{{Op: protocol.OpStart, Release: 1}, {Op: protocol.OpPrepare}, {Op: "dance"}, {Op: protocol.OpPrepare, Task: &missing}} {
		p.say(c)
		if a := p.hear(); a.Op != protocol.OpError || a.Error == "" {
			t.Errorf("answer to %+v is %+v", c, a)
		}
	}
	p.sayText("no JSON\n")
	if code := <-p.exit; code != 1 {
		t.Errorf("exit status after garbage is %d", code)
	}
}

func TestServeEndsWithItsInputInTheMiddleOfARound(t *testing.T) {
	p, _ := prepared(t, "")
	p.say(protocol.Request{Op: protocol.OpStart, Release: clock.Now() + 3600e9}) // in an hour
	p.in.Close()
	if code := <-p.exit; code != 0 {
		t.Errorf("exit status is %d", code)
	}
}

// until is the schedule of a sustained round that ends at an instant.
func until(deadline int64) outcome.Schedule {
	return outcome.Schedule{Mode: outcome.Sustained, Deadline: deadline}
}

func sustained() *outcome.Mode {
	mode := outcome.Sustained
	return &mode
}
