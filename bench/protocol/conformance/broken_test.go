package conformance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"log"
	"os"
	"strings"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"busybench/bench/clock"
	"busybench/bench/fleet"
	"busybench/bench/protocol"
	"busybench/bench/writer"
)

// This test binary is also a writer: a correct one, or with an argument one that is broken.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv(fleet.WriterVariable) == "":
		os.Exit(m.Run())
	case len(os.Args) < 2:
		protocol.Serve(writer.Serve, os.Exit)
	default:
		fault, ok := faults[os.Args[1]]
		if !ok {
			log.Fatalf("unknown fault %q", os.Args[1])
		}
		protocol.Serve(func(in io.Reader, out io.Writer, exit func(int)) {
			serveBroken(fault, in, out, exit)
		}, os.Exit)
	}
}

// message is a request or a response.
type message = map[string]any

// fault is what a broken writer does in another way than a correct one.
type fault struct {
	request  func(b *broken, m message) // changes a request before the writer gets it
	response func(b *broken, m message) // changes a response of the writer
	exit     func(code int)             // in place of os.Exit
}

// broken is a broken writer.
type broken struct {
	database string // of the task
	deadline int64  // of the round
	dropped  int    // outcomes
	db       *sqlite.Conn
}

func serveBroken(f fault, in io.Reader, out io.Writer, exit func(int)) {
	b := &broken{}
	requests, toWriter := io.Pipe()
	fromWriter, responses := io.Pipe()
	if f.exit != nil {
		exit = f.exit
	}
	go func() {
		b.pass(in, toWriter, func(m message) {
			if task := get(m, "task"); task != nil {
				b.database, _ = task["database"].(string)
			}
			if deadline, ok := m["deadline_ns"].(json.Number); ok {
				b.deadline, _ = deadline.Int64()
			}
			if f.request != nil {
				f.request(b, m)
			}
		})
		toWriter.Close()
	}()
	go b.pass(fromWriter, out, func(m message) {
		if f.response != nil {
			f.response(b, m)
		}
	})
	writer.Serve(requests, responses, exit)
}

// pass passes messages on, after a change. One without an op is left out.
func (b *broken) pass(in io.Reader, out io.Writer, change func(message)) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var m message
		decoder := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		decoder.UseNumber()
		if err := decoder.Decode(&m); err != nil {
			log.Fatal(err)
		}
		if change(m); m["op"] == nil {
			continue
		}
		line, err := json.Marshal(m)
		if err == nil {
			_, err = out.Write(append(line, '\n'))
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}

func get(m message, name string) message {
	inner, _ := m[name].(message)
	return inner
}

func number(value any) int64 {
	n, _ := value.(json.Number).Int64()
	return n
}

// execute runs a statement on the writer's database, in a connection that stays open.
func (b *broken) execute(query string, args ...any) {
	if b.db == nil {
		db, err := sqlite.OpenConn(b.database, sqlite.OpenReadWrite|sqlite.OpenCreate)
		if err != nil {
			log.Fatal(err)
		}
		b.db = db
	}
	err := sqlitex.Execute(b.db, query, &sqlitex.ExecOptions{Args: args})
	if err != nil {
		log.Fatal(err)
	}
}

// executeAndClose runs a statement on the writer's database.
func (b *broken) executeAndClose(query string, args ...any) {
	b.execute(query, args...)
	b.db.Close()
	b.db = nil
}

// setAxis returns a fault that gives an axis of each task another value.
func setAxis(name string, value any) fault {
	return fault{request: func(_ *broken, m message) {
		if s := get(get(m, "task"), "scenario"); s != nil {
			s[name] = value
		}
	}}
}

// onOutcome returns a fault that changes each outcome.
func onOutcome(change func(b *broken, m, outcome message)) fault {
	return fault{response: func(b *broken, m message) {
		if o := get(m, "outcome"); o != nil {
			change(b, m, o)
		}
	}}
}

// onHello returns a fault that changes the hello.
func onHello(change func(m message)) fault {
	return fault{response: func(_ *broken, m message) {
		if m["op"] == "hello" {
			change(m)
		}
	}}
}

// faults are the ways in which a writer can be broken.
var faults = map[string]fault{
	"loses a row": onOutcome(func(b *broken, m, o message) {
		if id := m["row_ids"].([]any)[0]; b.dropped == 0 && number(o["code"]) == 0 {
			b.dropped++
			b.executeAndClose("DELETE FROM messages WHERE msg LIKE ? || '%'", id)
		}
	}),
	"doubles a row": onOutcome(func(b *broken, m, o message) {
		if id := m["row_ids"].([]any)[0]; b.dropped == 0 && number(o["code"]) == 0 {
			b.dropped++
			b.executeAndClose("INSERT INTO messages SELECT * FROM messages "+
				"WHERE msg LIKE ? || '%'", id)
		}
	}),
	// It reports that a row is safe as soon as it is in the table.
	"acknowledges early": onOutcome(func(_ *broken, _, o message) {
		if o["commit_start_ns"] != nil {
			o["end_ns"], o["lock_released_ns"] = o["commit_start_ns"], o["commit_start_ns"]
		}
	}),
	"starts late": {request: func(_ *broken, m message) {
		if m["op"] == "start" {
			clock.SleepUntil(number(m["release_ns"]) + int64(10*maxLate))
		}
	}},
	"starts early": {request: func(_ *broken, m message) {
		if m["op"] == "start" {
			m["release_ns"] = number(m["release_ns"]) - int64(lead)/2
		}
	}},
	"reports other ids": onOutcome(func(_ *broken, m, _ message) {
		m["row_ids"] = []any{"f81d4fae-7dec-41d0-a765-00a0c91e6bf6"}
	}),
	"reports ids that are none": onOutcome(func(_ *broken, m, _ message) {
		m["row_ids"] = []any{"1"}
	}),
	"reports too few ids": onOutcome(func(_ *broken, m, _ message) { m["row_ids"] = []any{} }),
	"has instants out of order": onOutcome(func(_ *broken, _, o message) {
		o["start_ns"], o["end_ns"] = o["end_ns"], o["start_ns"]
	}),
	"leaves instants out": onOutcome(func(_ *broken, _, o message) {
		delete(o, "lock_acquired_ns")
	}),
	"has no message": onOutcome(func(_ *broken, m, _ message) { delete(m, "error_message") }),
	"counts wrong": {response: func(_ *broken, m message) {
		if m["op"] == "done" {
			m["attempts"] = 77
		}
	}},
	"does not exit":             {exit: func(int) { time.Sleep(time.Hour) }},
	"hides errors":              {response: hideErrors},
	"takes every request":       {response: turnErrors},
	"speaks another protocol":   onHello(func(m message) { m["protocol"] = 4 }),
	"has the pid of another":    onHello(func(m message) { m["pid"] = 1 }),
	"declares an unknown word":  onHello(declareWord),
	"says counted at once":      {response: countEarly},
	"makes what does not exist": {request: makeFile},
	"stops after the deadline":  {response: dropLate},
	"closes late":               {response: keepOpen},
	"does not pause":            setAxis("think", "0"),
	"does not hold":             setAxis("hold", "0"),
	"inserts other rows":        setAxis("payload", 77),
	"does not wait":             setAxis("busy", "none"),
	"waits for longer":          setAxis("busy", "1m"),
	"does not queue":            setAxis("busy", "30s"),
	"ignores pragmas":           setAxis("pragmas", message{}),
	"ignores the arrivals":      setAxis("rate", "closed"),
	"keeps the journal mode":    setAxis("journal", "delete"),
	"ignores -- connect":        onSQL(func(file message) { delete(file, "connect") }),
	"ignores weights": onSQL(func(file message) {
		file["write"] = file["write"].([]any)[:1]
	}),
	"never reads again": onSQL(func(file message) {
		file["write"].([]any)[0].(message)["keep_reads"] = true
	}),
	"always reads again": onSQL(func(file message) {
		file["write"].([]any)[0].(message)["keep_reads"] = false
	}),
	"reads other rows": onSQL(func(file message) { delete(file, "read") }),
	"names another line": onOutcome(func(_ *broken, _, o message) {
		if o["line"] != nil {
			o["line"] = 5
		}
	}),
}

// onSQL returns a fault that changes the SQL file of each task.
func onSQL(change func(file message)) fault {
	return fault{request: func(_ *broken, m message) {
		if file := get(get(m, "task"), "sql"); file != nil {
			change(file)
		}
	}}
}

// hideErrors reports the end of the round in place of an error.
func hideErrors(_ *broken, m message) {
	if m["op"] == "error" {
		delete(m, "error")
		m["op"] = "done"
	}
}

// turnErrors reports that it is ready in place of an error.
func turnErrors(_ *broken, m message) {
	if m["op"] == "error" {
		delete(m, "error")
		m["op"] = "ready"
	}
}

func declareWord(m message) {
	get(get(m, "driver"), "capabilities")["busy"] = []string{"timeout", "maybe"}
}

// countEarly sends counted with the first response of a round. The writer's own one is left out.
func countEarly(_ *broken, m message) {
	switch m["op"] {
	case "ready":
		os.Stdout.WriteString(`{"op":"ready"}` + "\n")
		m["op"] = "counted"
	case "counted":
		delete(m, "op")
	}
}

// makeFile makes the database of a task.
func makeFile(b *broken, m message) {
	if m["op"] == "prepare" {
		b.executeAndClose("CREATE TABLE IF NOT EXISTS messages(ts, msg)")
	}
}

// dropLate reports no attempt that began after the deadline.
func dropLate(b *broken, m message) {
	if o := get(m, "outcome"); o != nil && number(o["start_ns"]) >= b.deadline {
		delete(m, "op")
		b.dropped++
	}
	if m["op"] == "done" {
		m["attempts"] = number(m["attempts"]) - int64(b.dropped)
	}
}

// keepOpen has a connection that it does not close.
func keepOpen(b *broken, m message) {
	if m["op"] == "ready" {
		b.execute("SELECT count(*) FROM messages")
	}
}

// try runs one case against this test binary, as a correct writer or with a fault.
func try(t *testing.T, name string, arguments ...string) error {
	t.Helper()
	o := Options{
		Name: "mine", Command: append([]string{os.Args[0]}, arguments...), Dir: t.TempDir(),
	}
	if len(arguments) > 0 {
		o.Limit = 2 * time.Second // the broken ones that hang would take longer
	}
	k, err := New(o)
	if err != nil {
		return err
	}
	ran := false
	k.Run(func(c string) bool { return c == name }, func(r Result) {
		ran, err = true, r.Err
		if r.Undone != "" {
			t.Errorf("%s: %s", name, r.Undone)
		}
	})
	if !ran {
		t.Fatalf("there is no case %q among %q", name, k.Cases())
	}
	return err
}

// Each fault is found by the case that looks for it, and by its name. The same case passes with a
// correct writer.
func TestABrokenWriterIsCaughtByName(t *testing.T) {
	for _, c := range []struct{ fault, name, want string }{
		{"loses a row", "writes with journal=wal conn=held", "lost row: 2, "},
		{"loses a row", "writes with journal=delete conn=fresh", "lost row: 2, "},
		{"loses a row", "loses no row when it is killed", "lost row: 1 "},
		{"doubles a row", "writes with journal=wal conn=held", "doubled row: 2, "},
		{"acknowledges early", "acknowledges no row before its commit", "early acknowledgement: "},
		{"starts late", "starts at the release", "late start: at least "},
		{"starts early", "starts at the release", "early start: "},
		{"reports other ids", "writes with journal=wal conn=held", "wrong ids: "},
		{"reports ids that are none", "writes with journal=wal conn=held", "invalid UUID"},
		{"reports too few ids", "writes with journal=wal conn=held", "wrong ids: "},
		{"has instants out of order", "writes with journal=wal conn=held",
			"instants out of order: "},
		{"leaves instants out", "writes with journal=wal conn=held", "missing instants: "},
		{"has no message", "reports an error that is not a lock error", "without an error_message"},
		{"counts wrong", "writes with journal=wal conn=held", "wrong count: "},
		{"does not exit", "exits when its input ends before a round", "hangs: "},
		{"does not exit", "exits when its input ends and it waits for a lock", "hangs: "},
		{"takes every request", "refuses an unknown request", "wrong response: "},
		{"takes every request", "refuses another journal than that of the file",
			"wrong response: "},
		{"hides errors", "reports part of a transaction that it reads", "wrong read: "},
		{"has instants out of order", "reads with read=point", "instants out of order: "},
		{"has the pid of another", "says hello", "wrong hello: pid 1,"},
		{"declares an unknown word", "says hello", `declares busy "maybe"`},
		{"says counted at once", "keeps up the load until finish", "counted too early: "},
		{"makes what does not exist", "leaves a missing file missing", "makes a database"},
		{"stops after the deadline", "keeps up the load until finish", "no load: "},
		{"closes late", "closes its connection before done", "open connection: "},
		{"does not pause", "pauses for think between attempts", "no pause: "},
		{"does not hold", "holds a transaction open", "no hold: "},
		{"inserts other rows", "writes with journal=wal conn=held", "wrong rows: "},
		{"does not wait", "waits for the lock with journal=delete busy=30s", "no wait: "},
		{"does not wait", "is refused with journal=wal busy=200ms", "short wait: "},
		{"waits for longer", "is refused with journal=wal busy=none", "hangs: "},
		{"does not queue", "waits for the lock file with busy=queue:30s queue=connection",
			"early acknowledgement: "},
		{"does not queue", "times out at the lock file with busy=queue:200ms queue=connection",
			"wrong outcome: "},
		{"does not queue", "has the lock file in an attempt with busy=queue:30s queue=connection",
			"no queue: "},
		{"ignores pragmas", "sets pragmas", "pragma not set: "},
		{"ignores the arrivals", "makes an attempt for each arrival", "wrong arrival: "},
		{"ignores -- connect", "runs an SQL file with conn=fresh", "no such table: mine"},
		{"ignores weights", "runs an SQL file with journal=wal txn=auto",
			"wrong run: a.sql:44: check: sections_by_weight is 0, want 1"},
		{"never reads again", "reads again when it retries", "lost update: the counter is 1 "},
		{"always reads again", "keeps what it read with retry=writes",
			"wrong retry: the counter is 101"},
		{"reads other rows", "reports a statement of a reader that fails", "wrong read: "},
		{"names another line", "names the statement that fails", "wrong line: 5 "},
		{"keeps the journal mode", "starts cold with file=missing journal=wal",
			"wrong file: journal mode delete "},
		{"has instants out of order", "starts cold with file=wal journal=wal",
			"instants out of order: "},
		{"loses a row", "writes with exec=goroutine journal=wal conn=pool:2", "lost row: "},
		{"counts wrong", "writes with exec=goroutine journal=delete conn=fresh", "wrong count: "},
		{"ignores the arrivals", "makes an attempt for each arrival in one process",
			"wrong arrival: "},
		{"does not exit", "exits when all of its sockets have ended", "hangs: "},
		{"has the pid of another", "says hello on each socket", "socket 0: wrong hello: pid 1,"},
	} {
		t.Run(c.fault+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			err := try(t, c.name, c.fault)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %s", err, c.want)
			}
			if err := try(t, c.name); err != nil {
				t.Errorf("a correct writer: %v", err)
			}
		})
	}
}

func TestAWriterOfAnotherProtocolIsNotTested(t *testing.T) {
	_, err := New(Options{
		Name: "mine", Command: []string{os.Args[0], "speaks another protocol"}, Dir: t.TempDir(),
	})
	if err == nil || !strings.Contains(err.Error(), "speaks protocol 4, not 7") {
		t.Errorf("error is %v", err)
	}
}

func TestWhatIsNotDeclaredIsLeftOut(t *testing.T) {
	k := &Kit{}
	k.Driver.Capabilities.Busy = []string{"none"}
	k.Driver.Capabilities.Txn = []string{"auto"}
	k.Driver.Capabilities.Conn = []string{"held"}
	undone := map[string]string{}
	for _, c := range k.cases() {
		undone[c.name] = c.undone
	}
	for name, want := range map[string]string{
		"is refused with journal=wal busy=none":                 "",
		"is refused with journal=wal busy=200ms":                "busy timeout is not declared",
		"writes with journal=wal txn=auto batch=3 payload=5":    "",
		"writes with journal=wal txn=upgrade batch=3 payload=5": "txn upgrade is not declared",
		"writes with journal=wal conn=fresh":                    "conn fresh is not declared",

		"waits for the lock file with busy=queue:30s queue=connection": "busy queue is not " +
			"declared",
		"holds a transaction open":          "hold is not declared",
		"makes an attempt for each arrival": "rate is not declared",
		"sets pragmas":                      "pragmas is not declared",
		"streams":                           "stream is not declared",
		"starts at the release":             "",
	} {
		if got, ok := undone[name]; !ok || got != want {
			t.Errorf("%s: %q, %v; want %q", name, got, ok, want)
		}
	}
}
