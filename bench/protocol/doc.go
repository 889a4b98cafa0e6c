// Package protocol is the line protocol between the benchmark, which is the parent process, and the
// processes of participants. Any program that speaks it can be a writer: bench/drivers/python is an
// example, and make conformance tests one.
//
// A writer reads requests from standard input and writes responses to standard output. Each is a
// JSON object on a line of its own, and its "op" is its kind. The user sees the standard error of a
// writer if it exits unexpectedly.
//
//	writer: {"op":"hello","protocol":7,"pid":4711,"driver":{...}}
//	parent: {"op":"prepare","task":{"scenario":{...},"database":"/path",
//	        "role":"writer","number":0,"seed":1}}
//	writer: {"op":"ready"}
//	parent: {"op":"start","mode":"sustained","release_ns":T,"deadline_ns":T}
//	writer: {"op":"counted"}
//	parent: {"op":"finish"}
//	writer: {"op":"outcome","outcome":{...},"row_ids":["..."]}
//	        ... one line for each attempt
//	writer: {"op":"done","attempts":1,"cpu_ns":1234567,"attempts_cpu_ns":234567}
//
// # Order
//
// The writer sends hello once, with the version of the protocol, its process id and its driver.
// After that there are any number of rounds, each with a new database. A round has the requests
// prepare and start, the responses ready and counted, the request finish, and the responses outcome
// and done. The writer closes its connection before it sends done. Instead of ready or done it may
// send {"op":"error","error":"..."}, which ends the benchmark. A request that it cannot carry out
// gets that answer, too, or ends the writer with a text on its standard error and a status above 0.
//
// At the end of standard input the writer exits at once, even in the middle of a round.
//
// # Several participants in one process
//
// With exec=process each participant is a process of its own. With exec=goroutine one process of
// the program has all of them, as goroutines, threads or the like, if the program declares that.
// The environment variable BUSYBENCH_SOCKETS then is their number N, and the file descriptors from
// 4 to N+3 are sockets, one for each. A participant reads its requests from its socket and writes
// its responses to it, hello included, as it would with standard input and output, which are not
// used. All hellos have the same process id. Rounds may have fewer participants than the process:
// those without a task do nothing.
//
// At the end of a socket its participant ends. The program exits when all have ended. The parent
// ends and kills it as a whole, and starts it again if it needs more participants.
//
// "cpu_ns" and "attempts_cpu_ns" are the time of the whole process, from the release on. The parent
// takes the largest of the latter for the round.
//
// # Driver
//
// The driver of a hello says what the writer uses and what it can do:
//
//	name             of the library, such as "better-sqlite3"
//	version          of the library
//	sqlite           version of SQLite, such as "3.54.1"
//	compile_options  the rows of PRAGMA compile_options
//	sync             "fsync" or "fdatasync", if it is known which of the two SQLite calls
//	capabilities     the words that the writer takes:
//	    roles          "writer", "reader", "checkpointer" and "intruder"
//	    exec           "process" and "goroutine"; left out, it is "process" alone
//	    busy           "none", "timeout" (a duration), "poll", "block", "retry", "queue", "lease"
//	    txn            "auto", "deferred", "immediate", "exclusive" and "upgrade"
//	    conn           "fresh", "held", "pool" (also for "pool:4"), "mutex" and "writer"
//	    queue          "connection" and "transaction", if it takes busy "queue" or "lease"
//	    hold           true if it takes a hold other than "0"
//	    rate           true if it takes a rate other than "closed"
//	    pragmas        true if it takes pragmas
//	    checkpoint     true if it takes a checkpoint other than "auto"
//	    retry_range    true if it takes a range of busy "retry", such as "retry:1ms-20ms:60s"
//	    stream         true if it takes a start with "stream":true
//	    sql            true if it takes a task with "sql"
//	    cold_start     true if it takes a start in mode "cold-start"
//	    shared_cache   true if it takes a cache other than "private"
//	    lock_instants  true if it reports lock_acquired_ns, commit_start_ns and lock_released_ns
//
// The parent does not ask for anything else. A writer takes any value of the other axes.
//
// # Task
//
// The scenario of a task holds the axes by name: exec, journal, writers, busy, txn, sync, conn,
// rows, batch, payload, queue, hold, think, rate, readers, read, checkpoint, intruder, file, order,
// migrate, cache and driver. The values are those of the -axes flag, for example "none", "block",
// "5s", "retry" or "queue:60s" for busy; bench/README.md describes them. "role" is "writer",
// "reader", "checkpointer" or "intruder"; a process may get another one in the next round. "number"
// is the number among those of its role in the round, from 0. "seed" is for writers that draw the
// same ids again.
//
// The database has the table messages(ts, msg). An attempt inserts "batch" rows, with a default for
// ts. Each msg starts with the row id, a random UUID in text form, followed by "payload" more
// bytes. A writer in another language may draw ids in any way and ignore the seed.
//
// "pragmas" of the scenario is an object of names and values that each connection sets; it is left
// out if there are none. If checkpoint is not "auto", each connection sets wal_autocheckpoint: to
// the number after "auto:", and otherwise to 0.
//
// Between its last INSERT and its COMMIT a transaction waits for the time of hold: it sleeps, or
// computes if the value ends in ":cpu". In mode "sustained" the writer sleeps between two attempts
// for the time of think, or until finish. A reader does so between two reads.
//
// With conn "pool" all writers of a process take turns with as many connections as the value has,
// and with "mutex" only one at a time uses its own. The time until a writer has its turn is
// waiting, not part of the two durations of an outcome, and begins with wait_start_ns.
//
// If cache is "shared", connections are opened with SQLITE_OPEN_SHAREDCACHE, or cache=shared in the
// URI of the database. Those of one process then share a cache and lock each other's tables. The
// extended code 262 (SQLITE_LOCKED_SHAREDCACHE) of an attempt is reported as it is, unless the
// library itself waits for the other connection (sqlite3_unlock_notify).
//
// Under busy=queue an attempt holds an exclusive flock(2) on the lock file from its start to its
// end. If the value of queue is "transaction" and that of conn is "fresh", it connects first, holds
// the lock file from before the transaction begins until the transaction has ended, and closes the
// connection afterwards. The name of the lock file is the database's with "-queue" appended.
//
// Under busy=lease:D a writer that begins its next attempt at once keeps the lock file until it has
// had it for D, and gives it up before it sleeps, waits for an arrival, or sends counted in a
// burst. To wait for the lock file it needs an exclusive flock(2) on a second one, with
// "-queue-gate" appended to the database's name, and gives that one up when it has the first.
//
// # SQL files
//
// If the task has "sql", transactions are those of an SQL file (see package workload):
//
//	{"name":"FILE","connect":[STATEMENT],"write":[{"weight":1,"statements":[STATEMENT]}],
//	 "read":[STATEMENT]}
//
// A STATEMENT is {"line":12,"sql":"...","parameters":[":id"]}, with "reads_only":true if it writes
// nothing, and without "parameters" if it has none. Each new connection runs the statements of
// "connect". For each of its "batch" ids a transaction chooses one of "write" by weight, runs its
// statements in order, and inserts the id into messages. txn=auto is as txn=immediate. A reader
// runs "read", if there is one, in a transaction if it has several statements, under read=hold
// before and after the pause.
//
// The names of parameters in SQLite are such as ":random(1,100)". Package workload describes them.
// The parent has checked that there are no others. How a writer draws is its own matter. A
// parameter that has the name of a column has its value in the first row of the last statement
// before that has such a column, NULL if there was no row. So a statement is stepped to its end,
// and its columns are kept.
//
// Under busy=retry a transaction that is run again chooses the same sections and draws the same
// values. With "keep_reads":true it leaves out the statements that only read and have been run, and
// uses what they had read.
//
// The phase of a statement that fails is begin if it only reads and the transaction has not
// acquired the write lock, and insert otherwise. Its "line" is part of the outcome, and of the
// message of an error other than a lock error. An outcome may have "longest_line": the line of the
// statement that took longest while the writer held the write lock, if nothing else took longer.
// Done may have "statements", with the runs of each statement; their duration includes their waits:
//
//	[{"line":12,"runs":7,"lock_errors":1,"duration_ns":N,"wait_ns":N,"max_ns":N}]
//
// If the task has "statement_spans":true, outcome lines may have "statement_spans", with the
// statements that the attempt ran, in order, as {"line":12,"from_ns":T,"to_ns":T}.
//
// # Start
//
// All instants are nanoseconds of CLOCK_MONOTONIC, which all processes of a machine share. The
// writer sleeps until release_ns. In mode "burst" it makes one attempt. In mode "sustained" it
// begins attempts until deadline_ns and finishes the last one. Then it sends counted, and hands
// over nothing before it gets finish: the processors belong to those who still write. In mode
// "sustained" it goes on with attempts, which do not count, so that the load does not change
// meanwhile. It looks for finish between two attempts.
//
// If rate is not "closed", mode "sustained" is an open loop. File descriptor 3 then is a file of
// arrivals, each the nanoseconds since release_ns as 8 bytes, the least significant first. All
// writers share its offset. A writer that is free reads 8 bytes, which are its next arrival, waits
// for the instant unless it has passed, and makes an attempt with that instant as intended_ns. It
// sends counted when its arrival is not before deadline_ns, or when there are no more, and goes on
// with further arrivals until finish.
//
// The writer keeps all outcomes until the round is over. With "stream":true it sends each outcome
// before it begins the next attempt, so that the parent knows what was acknowledged to a writer
// that is killed. Such a round has no counted and no finish.
//
// # Cold start
//
// In mode "cold-start" each process makes one attempt, on a file that may be missing. It does not
// connect before. An attempt opens the file, or creates it; sets the busy timeout (order is
// "timeout-first"), runs PRAGMA journal_mode with the value of journal, or sets the timeout only
// then ("pragma-first"); sets synchronous and the other pragmas; and reads PRAGMA user_version. If
// that is 0, or if migrate is "each", it runs CREATE TABLE IF NOT EXISTS messages(ts DATE DEFAULT
// (datetime('now','localtime')), msg TEXT) and PRAGMA user_version=1, in a transaction that begins
// as txn says, or with "auto" without one; with "upgrade" it reads user_version within it. At last
// it reads the largest rowid.
//
// If a statement fails, it closes the connection, and otherwise it keeps it until finish. It
// reports one outcome without "row_ids" and without the fields of the write lock. The phase is
// queue, open, journal (PRAGMA journal_mode), schema (from then on) or first-read. Under busy=queue
// it holds the lock file for the whole attempt. Under busy=retry it repeats the phase that failed.
//
// # Reader
//
// A reader has one connection of its own, which it opens before it sends ready, whatever conn is,
// with one exception: if several participants are in one process and conn is "pool", readers over
// database/sql take a connection for each read from the pool of the writers, as programs do that
// have one sql.DB. The time until a reader has it is waiting.
//
// From release_ns on it makes reads, one after the other, until finish; it sends no counted, and in
// mode "burst" it has no deadline. Under busy=queue it does not wait in the queue, and its busy
// timeout is that of the queue. The value of read says what a read is:
//
//	point   the largest rowid and a random row that was seen before, in one statement
//	scan    BEGIN, all rows, the largest rowid, COMMIT
//	hold:D  BEGIN, the largest rowid, the time D or until finish, the largest rowid again, COMMIT
//
// The largest rowid is the number of rows, because rows are only added. A reader checks that it
// never becomes smaller, that it has no part of a transaction of "batch" rows, that a row is as
// long as it was written, and that one transaction sees one number. If a check fails, or a read
// fails other than by a lock error, it sends an error instead of done.
//
// It reports an outcome for each read, with the phase "read", without "row_ids" and without the
// fields of the write lock, except that "lock_acquired_ns" is when it got a read lock that was
// refused at first; in mode "sustained" only for those that began before deadline_ns. With
// "stream":true it reports none.
//
// # Checkpointer and intruder
//
// Both are as a reader, except for what they do and report. A checkpointer makes the checkpoint
// that the value of checkpoint names, for the first time one interval after release_ns, and then at
// each interval, or at once if a checkpoint took longer. It waits as busy says, and under
// busy=queue not in the queue. It reports an outcome for each, with the phase "checkpoint" and the
// code 5 (SQLITE_BUSY) if a lock kept it from being finished.
//
// An intruder does once what the value of intruder says, in the middle of a sustained round or at
// the release of a burst, and reports one outcome, or none if the round was over before:
//
//	backup   copies the database with sqlite3_backup_step, 100 pages at a time
//	vacuum   VACUUM
//	bulk:N   BEGIN IMMEDIATE, N rows, COMMIT; "row_ids" has their ids
//	lock:D   BEGIN EXCLUSIVE, the time D or until finish, COMMIT
//	read:D   BEGIN, the largest rowid, the time D or until finish, COMMIT
//
// It asks for a lock every millisecond, for up to a minute. The phase is backup, vacuum, bulk, lock
// or read. A backup ends at finish with the code 9 (SQLITE_INTERRUPT).
//
// Of a checkpoint other than passive, "lock_released_ns" is the end, and "lock_acquired_ns" is left
// out, since SQLite does not report it.
//
// # Outcome
//
// An outcome describes one attempt:
//
//	start_ns           the writer's first act in the attempt
//	open_duration_ns   how long connecting took, without waiting
//	begin_duration_ns  how long the rest took until the write lock was acquired, without waiting
//	wait_start_ns      when a lock, or a place in the queue, was first refused to the writer
//	lock_acquired_ns   when it acquired the write lock
//	commit_start_ns    when its rows were in the table and the commit began
//	lock_released_ns   when it released the write lock
//	end_ns             when the caller had its answer
//	lock_wait_ns       how long the writer waited for the lock before a lock error
//	phase              where the attempt ended: queue, open, begin, insert, commit or close
//	line               line of the SQL file at which the statement begins that failed
//	longest_line       line of the statement that took longest with the write lock held
//	code               the extended SQLite result code; 0 if the rows are acknowledged, -1 if the
//	                   queue timed out
//
// Waiting is the time in which a lock, or a place in the queue, was refused to the writer. A writer
// knows it from a busy handler of its own (sqlite3_busy_handler). One that has none leaves the two
// durations out. If its attempt ended in a lock error, it gives as wait_start_ns the instant at
// which it asked, and as lock_wait_ns the time of the call that failed: less than a millisecond is
// no wait, because SQLite sleeps for at least that long.
//
// Durations are in nanoseconds. A field whose value is 0 or unknown is left out, except start_ns,
// end_ns, phase and code. "row_ids" lists the ids of the attempt, one for each row of the batch,
// whether the attempt succeeded or not. If the code is neither 0 nor a lock error, the line has
// SQLite's message as "error_message", of at most 500 bytes.
//
// # Done
//
// "attempts" is the number of outcome lines. "cpu_ns" is the processor time that the writer used
// since start, "attempts_cpu_ns" the part of it until its last attempt had ended. "failed_holds"
// lists the times in which the writer held the write lock in a transaction that failed and was
// retried within an attempt, as {"from_ns":T,"to_ns":T}. After a start with "stream":true, these
// three are left out.
package protocol
