package scenario

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Defaults are the values of the axes that -axes does not give. The axis conn is missing because
// each benchmark has its own default for it.
const Defaults = "exec=goroutine,process journal=delete,wal writers=1,8,64,256 busy=5s" +
	" txn=auto sync=full rows=0 batch=1 payload=0 queue=connection hold=0 think=0 rate=closed" +
	" readers=0 read=point checkpoint=auto intruder=none" +
	" file=missing order=timeout-first migrate=once cache=private driver=zombiezen"

// maxPayload keeps a row below SQLite's default limit of 1,000,000,000 bytes for a string or a row
// (https://www.sqlite.org/limits.html, SQLITE_MAX_LENGTH). The rest is left for the id.
const maxPayload = 999_999_000

// maxBatch is how many rows an application's INSERT can take with one parameter each: SQLite's
// default limit on the parameters of a statement (https://www.sqlite.org/limits.html,
// SQLITE_MAX_VARIABLE_NUMBER).
const maxBatch = 32766

// axis is a property in which scenarios differ.
type axis struct {
	name    string
	doc     string   // what it is, a phrase in lower case
	accepts string   // description of its values, for error messages
	words   []string // its values if they are words, or examples of them
	get     func(s Scenario) string
	set     func(s *Scenario, word string) bool // reports whether the word is a value of the axis
	quiet   bool                                // see the function quiet
}

// axes lists all axes in the order of a benchmark's name.
var axes = []axis{
	choice("exec", "what a writer is: a goroutine of one process, or an operating-system process",
		func(s *Scenario) *string { return &s.Exec }, Goroutine, Process),
	choice("journal", "SQLite's journal_mode: wal is a write-ahead log, off no journal, each of "+
		"the others a kind of rollback journal",
		func(s *Scenario) *string { return &s.Journal },
		Delete, Truncate, Persist, Memory, WAL, Off),
	number("writers", "number of concurrent writers",
		func(s *Scenario) *int { return &s.Writers }, 1, 1_000_000),
	{
		name: "busy", doc: busyDoc, accepts: busyValues,
		words: []string{None, Block, Retry, Queue, "poll:1ms", "lease:4ms"},
		get:   func(s Scenario) string { return s.Busy.String() }, set: setBusy,
	},
	choice("txn", "how a transaction begins: auto is one INSERT statement without BEGIN; "+
		"deferred, immediate and exclusive are SQLite's kinds of BEGIN; upgrade is BEGIN and a "+
		"SELECT, and the INSERT a millisecond later, as in programs that read before they write",
		func(s *Scenario) *string { return &s.Txn },
		Auto, Deferred, Immediate, Exclusive, Upgrade),
	choice("sync", "SQLite's synchronous: whether a commit waits for the disk",
		func(s *Scenario) *string { return &s.Sync }, Off, Normal, Full, Extra),
	{
		name: "conn", accepts: connValues, words: []string{Fresh, Held, Pool, Mutex, GroupWrite},
		doc: "when a writer connects: fresh in every attempt, held once before the round; with " +
			"pool and pool:K all writers of a process share K connections (1), in turn; mutex is " +
			"held, and only one writer of a process at a time; with writer all writers of a " +
			"process hand their rows to one connection, which commits all that wait in one " +
			"transaction (BEGIN IMMEDIATE with txn=auto); the default is held in Sustained, " +
			"Threads, Faults, PowerLoss and a search of Limit for a rate, and fresh in the " +
			"others; Open leaves it out",
		get: func(s Scenario) string { return s.Conn.String() },
		set: func(s *Scenario, word string) bool {
			return s.Conn.UnmarshalText([]byte(word)) == nil
		},
	},
	number("rows", "rows in the table before the round",
		func(s *Scenario) *int { return &s.Rows }, 0, 1_000_000_000),
	number("batch", "rows in each transaction; with txn=auto in one INSERT statement",
		func(s *Scenario) *int { return &s.Batch }, 1, maxBatch),
	number("payload", "bytes of text in each row beside its id",
		func(s *Scenario) *int { return &s.Payload }, 0, maxPayload),
	quiet(choice("queue", "where the queue of busy=queue stands: connection waits before the "+
		"writer connects; transaction connects first, waits before the transaction begins, and "+
		"closes outside the queue; with conn=held and conn=pool both are the same; needs a value "+
		"queue of busy",
		func(s *Scenario) *string { return &s.Queue }, AtConnection, AtTransaction)),
	quiet(axis{
		name: "hold", accepts: pauseValues + "; with :cpu, such as 20ms:cpu, the writer computes",
		doc: "time within a transaction between its last write and its commit, in which the " +
			"writer sleeps, or computes with :cpu; needs a txn other than auto",
		get: func(s Scenario) string { return s.Hold.String() },
		set: func(s *Scenario, word string) bool {
			return s.Hold.UnmarshalText([]byte(word)) == nil
		},
	}),
	quiet(axis{
		name: "think", accepts: pauseValues,
		doc: "time that a sustained writer sleeps between two attempts, and a reader between " +
			"two reads; benchmarks other than Sustained, Faults and PowerLoss leave it out",
		get: func(s Scenario) string { return s.Think.String() },
		set: func(s *Scenario, word string) bool {
			return s.Think.UnmarshalText([]byte(word)) == nil && !s.Think.CPU
		},
	}),
	quiet(axis{
		name: "rate", accepts: rateValues, words: []string{Closed},
		doc: "how attempts of a sustained round come: in a closed loop each writer begins one " +
			"when its last one has ended; a number is arrivals per second to all writers " +
			"together, at random (Poisson), each of which goes to the first writer that is " +
			"free, and whose latency counts from the arrival; Limit can search for the largest " +
			"number; other benchmarks leave it out",
		get: func(s Scenario) string { return s.Rate.String() },
		set: func(s *Scenario, word string) bool {
			return s.Rate.UnmarshalText([]byte(word)) == nil
		},
	}),
	quiet(number("readers", "number of readers beside the writers, of the same exec, each with a "+
		"connection of its own, made before the round; they are released together with the "+
		"writers and read again and again until the round is over; benchmarks other than Burst, "+
		"Sustained, Limit, Faults and PowerLoss leave it out",
		func(s *Scenario) *int { return &s.Readers }, 0, 1_000_000)),
	quiet(axis{
		name: "read", accepts: readValues, words: []string{Point, Scan, "hold:2s"},
		doc: "what a reader does, again and again: point reads a random row and the largest " +
			"rowid in one statement; scan reads all rows in a transaction; hold:D keeps a " +
			"transaction open for that long after it has read; needs readers",
		get: func(s Scenario) string { return s.Read.String() },
		set: func(s *Scenario, word string) bool {
			return s.Read.UnmarshalText([]byte(word)) == nil
		},
	}),
	quiet(axis{
		name: "checkpoint", accepts: checkpointValues,
		words: []string{Auto, Off, "passive:1s", "full:1s", "restart:1s", "truncate:1s"},
		doc: "who moves the pages of the write-ahead log into the database: auto is a commit " +
			"that leaves a log of 1,000 pages or more, auto:PAGES of PAGES or more; with off " +
			"only the connection that is closed last does; with passive:D, full:D, restart:D or " +
			"truncate:D only a connection that does so at that interval; journal=wal only",
		get: func(s Scenario) string { return s.Checkpoint.String() },
		set: func(s *Scenario, word string) bool {
			return s.Checkpoint.UnmarshalText([]byte(word)) == nil
		},
	}),
	quiet(axis{
		name: "intruder", accepts: intruderValues,
		words: []string{None, Backup, Vacuum, "bulk:10000", "lock:6s", "read:6s"},
		doc: "what one more participant does once, from the middle of a sustained round on, or " +
			"from the release of a burst: backup copies the file by SQLite's backup API; vacuum " +
			"is VACUUM; bulk:ROWS inserts ROWS rows in one transaction; lock:D keeps BEGIN " +
			"EXCLUSIVE open for that long, read:D a transaction that has read; it asks for a " +
			"lock every millisecond, for up to a minute; Ceiling, Threads, Faults and PowerLoss " +
			"leave it out",
		get: func(s Scenario) string { return s.Intruder.String() },
		set: func(s *Scenario, word string) bool {
			return s.Intruder.UnmarshalText([]byte(word)) == nil
		},
	}),
	quiet(choice("file", "what the participants of Open find: no file; one with the table, in "+
		"journal mode delete or wal; one in mode delete with the hot journal of a killed writer; "+
		"or one in WAL mode whose rows a killed writer left in the log (abandoned)",
		func(s *Scenario) *string { return &s.File },
		MissingFile, DeleteFile, WALFile, HotFile, AbandonedFile)),
	quiet(choice("order", "when a participant of Open sets its busy timeout: before PRAGMA "+
		"journal_mode, or after it; needs a value of busy with which SQLite waits",
		func(s *Scenario) *string { return &s.Order }, TimeoutFirst, PragmaFirst)),
	quiet(choice("migrate", "who creates the table in Open, by CREATE TABLE IF NOT EXISTS and "+
		"PRAGMA user_version, in a transaction that begins as txn says, with auto in none: with "+
		"once those that find a user_version of 0, with each all, which writes in any case",
		func(s *Scenario) *string { return &s.Migrate }, MigrateOnce, MigrateEach)),
	quiet(choice("cache", "which page cache a connection has: one of its own, or with shared one "+
		"that all connections of a process share (SQLITE_OPEN_SHAREDCACHE, cache=shared in a "+
		"URI), and with it locks of tables, for which no busy timeout waits; a writer process "+
		"has one connection, so that shared makes no difference to it",
		func(s *Scenario) *string { return &s.Cache }, PrivateCache, SharedCache)),
	quiet(driverAxis()),
}

// quiet returns an axis that is not a setting of a run while it is at its default.
func quiet(ax axis) axis {
	ax.quiet = true
	return ax
}

// choice returns an axis whose values are these words.
func choice(name, doc string, field func(*Scenario) *string, words ...string) axis {
	return axis{
		name:    name,
		doc:     doc,
		accepts: strings.Join(words, ", "),
		words:   words,
		get:     func(s Scenario) string { return *field(&s) },
		set: func(s *Scenario, word string) bool {
			*field(s) = word
			return slices.Contains(words, word)
		},
	}
}

// number returns an axis whose values are the whole numbers from min to max.
func number(name, doc string, field func(*Scenario) *int, min, max int) axis {
	return axis{
		name:    name,
		doc:     doc,
		accepts: fmt.Sprintf("whole numbers from %d to %d", min, max),
		get:     func(s Scenario) string { return strconv.Itoa(*field(&s)) },
		set: func(s *Scenario, word string) bool {
			n, err := strconv.Atoi(word)
			*field(s) = n
			return err == nil && n >= min && n <= max
		},
	}
}

func setBusy(s *Scenario, word string) bool { return s.Busy.UnmarshalText([]byte(word)) == nil }

// Axes holds the values given for some axes, as words in the order given.
type Axes struct {
	words map[string][]string
}

// Names returns the names of all axes but those of pragmas, in the order of a benchmark's name.
func Names() (names []string) {
	for _, ax := range axes {
		names = append(names, ax.name)
	}
	return names
}

// Has reports whether a has values of an axis.
func (a Axes) Has(name string) bool { return a.words[name] != nil }

// AtDefault reports whether an axis has no values, or only the one of [Defaults].
func (a Axes) AtDefault(name string) bool {
	words := a.words[name]
	return words == nil || slices.Equal(words, Axes{}.WithDefaults(Defaults).words[name])
}

// axisNames lists the names of all axes, for error messages.
func axisNames() string { return strings.Join(Names(), ", ") + ", " + PragmaPrefix + "NAME" }

// WithDefaults returns a copy of a in which axes without values have those of defaults, which is
// text for [Parse]. It panics if defaults is malformed, because it is part of the program.
func (a Axes) WithDefaults(defaults string) Axes {
	filled, err := Parse(defaults)
	if err != nil {
		panic(err)
	}
	maps.Copy(filled.words, a.words)
	return filled
}

// Override returns a copy of a in which the axes given in text have the values given there. Like
// [Axes.WithDefaults], it panics if text is malformed.
func (a Axes) Override(text string) Axes {
	return Axes{}.WithDefaults(text).WithDefaults(a.String())
}

// Without returns a copy of a in which some axes have no values.
func (a Axes) Without(names ...string) Axes {
	rest := maps.Clone(a.words)
	for _, name := range names {
		delete(rest, name)
	}
	return Axes{rest}
}

// String returns a in the form that [Parse] parses.
func (a Axes) String() string {
	var fields []string
	for _, ax := range a.all() {
		if words := a.words[ax.name]; words != nil {
			fields = append(fields, ax.name+"="+strings.Join(words, ","))
		}
	}
	return strings.Join(fields, " ")
}
