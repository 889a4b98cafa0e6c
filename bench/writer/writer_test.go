package writer

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"busybench/bench/host"
	"busybench/bench/scenario"
	"busybench/bench/sqlitedb"
)

// task makes an empty database and a task on it.
func task(t *testing.T, axes string) Task {
	t.Helper()
	a, err := scenario.Parse(axes)
	if err != nil {
		t.Fatal(err)
	}
	s := a.Or("exec=goroutine journal=wal writers=1 sync=off conn=held").Or(scenario.Defaults).Cases()[0].Scenario
	path := filepath.Join(t.TempDir(), "messages.db")
	if err := sqlitedb.Create(path, s, slices.Values([]uuid.UUID(nil))); err != nil {
		t.Fatal(err)
	}
	return Task{Scenario: s, Database: path, Seed: 1}
}

func audit(t *testing.T, path string, o Outcomes) {
	t.Helper()
	ledger := sqlitedb.Ledger{}
	for i, outcome := range o.List {
		for _, id := range o.Rows(i) {
			ledger[id] = outcome.Acknowledged()
		}
	}
	f, err := sqlitedb.Audit(path, ledger)
	if err != nil || f.Err() != nil {
		t.Errorf("audit: %v, %v", err, f.Err())
	}
}

func run(t *testing.T, task Task, until int64) Outcomes {
	t.Helper()
	w, err := Prepare(task)
	if err != nil {
		t.Fatal(err)
	}
	outcomes := w.Run(until)
	if err := w.Finish(); err != nil {
		t.Fatal(err)
	}
	for i, o := range outcomes.List {
		if other := !o.Acknowledged() && !o.LockError(); other != (outcomes.Messages[i] != "") {
			t.Errorf("attempt %d ended with code %d and message %q", i, o.Code, outcomes.Messages[i])
		}
	}
	return outcomes
}

func TestBurstIsOneAttempt(t *testing.T) {
	for _, conn := range []string{"fresh", "held"} {
		task := task(t, "conn="+conn)
		before := host.Now()
		outcomes := run(t, task, 0)
		if len(outcomes.List) != 1 || !outcomes.List[0].Acknowledged() || outcomes.List[0].LockError() {
			t.Fatalf("conn=%s: outcomes are %+v", conn, outcomes)
		}
		if o := outcomes.List[0]; o.Start < before || o.End < o.Start || o.End > host.Now() {
			t.Errorf("conn=%s: the attempt ran from %d to %d, outside of %d to now", conn, o.Start, o.End, before)
		}
		audit(t, task.Database, outcomes)
	}
}

func TestSustainedBeginsNothingAfterTheDeadline(t *testing.T) {
	task := task(t, "")
	until := host.Now() + 50e6
	outcomes := run(t, task, until)
	if len(outcomes.List) == 0 {
		t.Fatal("no attempt in 50 ms")
	}
	for i, o := range outcomes.List {
		if o.Start >= until {
			t.Errorf("attempt %d began %d ns after the deadline", i, o.Start-until)
		}
		if i > 0 && o.Start < outcomes.List[i-1].End {
			t.Errorf("attempt %d began before the one before it had ended", i)
		}
	}
	if host.Now() < until {
		t.Error("stopped before the deadline")
	}
	audit(t, task.Database, outcomes)
	if n := len(run(t, task, host.Now()-1).List); n != 0 {
		t.Errorf("%d attempts after a deadline that had passed", n)
	}
}

func TestOtherErrorsAreNeitherAcknowledgedNorLockErrors(t *testing.T) {
	task := task(t, "conn=fresh")
	task.Database += ".gone"
	o := run(t, task, 0).List[0]
	if o.Acknowledged() || o.LockError() || o.Waited != 0 || o.Phase != sqlitedb.Open || o.Code.String() != "SQLITE_CANTOPEN" {
		t.Errorf("outcome on a missing file: %+v", o)
	}
}

func TestChunksKeepOrder(t *testing.T) {
	for _, n := range []int{0, 1, chunkLength - 1, chunkLength, chunkLength + 1, 3*chunkLength + 5} {
		var c chunks
		for i := range n {
			c.add(Outcome{Start: int64(i)})
		}
		all := c.joined()
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

func (p peer) hear() (a Answer) {
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
func prepared(t *testing.T, axes string) (peer, Task) {
	t.Helper()
	p, task := serve(t), task(t, axes)
	p.hear()
	p.say(Command{Op: OpPrepare, Task: &task})
	if a := p.hear(); a.Op != OpReady {
		t.Fatalf("answer to prepare is %+v", a)
	}
	return p, task
}

// hearOutcomes hears the outcomes of a round, of which there must be some, and what comes after them, which must say how many there were.
func (p peer) hearOutcomes() (outcomes Outcomes, done Answer) {
	p.t.Helper()
	for done = p.hear(); done.Op == OpOutcome; done = p.hear() {
		outcomes.List = append(outcomes.List, *done.Outcome)
		outcomes.IDs = append(outcomes.IDs, done.Rows...)
	}
	if done.Op != OpDone || done.Attempts != len(outcomes.List) || done.Attempts == 0 {
		p.t.Fatalf("after %d outcomes came %+v", len(outcomes.List), done)
	}
	return outcomes, done
}

func TestServeSpeaksTheProtocol(t *testing.T) {
	p := serve(t)
	if a := p.hear(); a.Op != OpHello || a.Protocol != ProtocolVersion || a.PID == 0 {
		t.Fatalf("greeting is %+v", a)
	}
	for range 3 { // a writer serves many rounds
		task := task(t, "")
		p.say(Command{Op: OpPrepare, Task: &task})
		if a := p.hear(); a.Op != OpReady {
			t.Fatalf("answer to prepare is %+v", a)
		}
		at := host.Now() + 5e6
		p.say(Command{Op: OpStart, At: at, Until: at + 20e6})
		outcomes, done := p.hearOutcomes()
		if done.CPU <= 0 {
			t.Fatalf("after %d outcomes came %+v", len(outcomes.List), done)
		}
		if first := outcomes.List[0].Start; first < at {
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
	before := host.Now()
	p.say(Command{Op: OpStart, At: 1})
	if a := p.hear(); a.Op != OpOutcome || a.Outcome.Start < before || !a.Outcome.Acknowledged() {
		t.Errorf("answer is %+v", a)
	}
	if a := p.hear(); a.Op != OpDone {
		t.Errorf("answer is %+v", a)
	}
	p.in.Close()
	<-p.exit
}

// A writer that streams tells of each attempt before it begins the next, and of each once.
func TestStream(t *testing.T) {
	p, task := prepared(t, "batch=3")
	p.say(Command{Op: OpStart, At: 1, Until: host.Now() + 20e6, Stream: true})
	outcomes, _ := p.hearOutcomes()
	for i := 1; i < len(outcomes.List); i++ {
		if outcomes.List[i].Start < outcomes.List[i-1].End {
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
	for _, c := range []Command{{Op: OpStart, At: 1}, {Op: OpPrepare}, {Op: "dance"}, {Op: OpPrepare, Task: &missing}} {
		p.say(c)
		if a := p.hear(); a.Op != OpError || a.Error == "" {
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
	p.say(Command{Op: OpStart, At: host.Now() + 3600e9}) // in an hour
	p.in.Close()
	if code := <-p.exit; code != 0 {
		t.Errorf("exit status is %d", code)
	}
}

// Every line from a writer that stands in the package comment is one, and so are the other forms
// that are spoken of there.
func TestProtocolIsDocumented(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{
		`{"op":"error","error":"..."}`,
		`{"op":"outcome","outcome":{"start":1,"asked":2,"end":3,"waited":1,"code":5,"phase":"insert"}}`,
		`{"op":"outcome","outcome":{"start":1,"open":1,"begin":1,"asked":2,"got":3,"in":4,"letgo":5,"end":6,"code":0,"phase":"commit"},"rows":["f81d4fae-7dec-41d0-a765-00a0c91e6bf6"]}`,
		`{"op":"outcome","outcome":{"start":1,"asked":0,"end":3,"code":14,"phase":"open"},"message":"no such file"}`,
		`{"op":"done","attempts":1,"cpu":7,"vain":[{"from":1,"to":2}]}`,
	}
	for _, line := range strings.Split(string(doc), "\n") {
		if text, ok := strings.CutPrefix(line, "//	from the writer   "); ok && !strings.Contains(text, "outcome") {
			lines = append(lines, text)
		}
	}
	if len(lines) != 5+3 {
		t.Errorf("the package comment has %d lines from the writer besides outcomes, not 3", len(lines)-5)
	}
	for _, text := range lines {
		var a Answer
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&a); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		back, _ := json.Marshal(a)
		if string(back) != text {
			t.Errorf("%s becomes %s", text, back)
		}
	}
}
